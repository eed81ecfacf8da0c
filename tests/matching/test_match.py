"""Which days fit an article, and the words that say why or why not."""

from datetime import date
from typing import Any

import pytest

from scheduler.days.day import Day, Occurrence
from scheduler.matching.match import Match, NearMiss, matches
from scheduler.matching.topics import Topics, TopicsFile
from scheduler.nouns import Span

TOPICS = Topics(
    TopicsFile.model_validate(
        {
            "topic": [
                {"id": "health", "name": "Health"},
                {"id": "mental-health", "name": "Mental health", "broader": ["health"]},
                {"id": "depression", "name": "Depression", "broader": ["mental-health"]},
                {"id": "sport", "name": "Sport"},
            ]
        }
    )
)


def on(first: str, last: str = "", **fields: Any) -> Occurrence:
    given = {"id": "a-day", "name": "A day", "when": "1 May", "topics": ["depression"]} | fields
    span = Span(first=date.fromisoformat(first), last=date.fromisoformat(last or first))
    return Occurrence(day=Day.model_validate(given), span=span)


def met(
    *occurrences: Occurrence, names_treatment: bool = True
) -> tuple[list[Match], list[NearMiss]]:
    return matches(["depression"], names_treatment, occurrences, TOPICS, "US-CO")


def why_not(*occurrences: Occurrence, names_treatment: bool = True) -> str:
    found, [missed] = met(*occurrences, names_treatment=names_treatment)
    assert all(match.occurrence != missed.occurrence for match in found)
    return missed.why_not


def test_a_shared_topic_matches_fully_and_says_so() -> None:
    [match], missed = met(on("2026-10-10"))

    assert (match.score, match.reasons, missed) == (1.0, ("shares the topic depression",), [])


def test_a_close_topic_matches_less_and_says_so() -> None:
    [match], _ = met(on("2026-10-10", topics=["mental-health"]))

    assert 0.5 <= match.score < 1
    assert match.reasons == ("mental-health is close to depression",)


def test_the_better_reason_stands_first() -> None:
    [match], _ = met(on("2026-10-10", topics=["mental-health", "depression", "sport"]))

    assert match.reasons == ("shares the topic depression", "mental-health is close to depression")


def test_a_stranger_is_neither_match_nor_near_miss() -> None:
    assert met(on("2026-10-10", topics=["sport"])) == ([], [])


def test_a_remote_day_is_a_near_miss() -> None:
    said = why_not(on("2026-10-10", topics=["health"]))

    assert said == "too remote: health is close to depression"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tone": "solemn"}, "solemn"),
        ({"tone": "skip"}, "skip"),
        ({"regions": ["GB"]}, "a day of GB"),
        ({"regions": ["US-CA"]}, "a day of US-CA"),
    ],
)
@pytest.mark.parametrize("names_treatment", [False, True])
def test_no_article_is_posted_on_days_that_forbid_it(
    fields: dict[str, Any], said: str, names_treatment: bool
) -> None:
    assert said in why_not(on("2026-10-10", **fields), names_treatment=names_treatment)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tone": "celebration"}, "celebration"),
        ({"profile": "S1"}, "profile S1"),
        ({"profile": "S2"}, "profile S2"),
        ({"profile": "A3"}, "profile A3"),
        ({"profile": "A4"}, "profile A4"),
        ({"no_treatment": True}, "none may be named"),
    ],
)
def test_a_treatment_is_named_only_on_days_that_bear_it(fields: dict[str, Any], said: str) -> None:
    day = on("2026-10-10", **fields)

    assert said in why_not(day)
    assert len(met(day, names_treatment=False)[0]) == 1


@pytest.mark.parametrize(
    "hush",
    [
        on("2026-09-11", id="hush", name="Hush", tone="solemn", topics=["sport"]),
        on("2026-09-06", "2026-09-12", id="hush", name="Hush", tone="solemn", topics=["sport"]),
        on("2026-09-11", id="hush", name="Hush", quiet=True, topics=["sport"]),
    ],
    ids=["solemn day", "solemn week", "quiet day"],
)
def test_a_day_yields_to_a_solemn_or_quiet_one_on_its_date(hush: Occurrence) -> None:
    assert "Hush" in why_not(on("2026-09-11"), hush)


def test_a_day_yields_neither_to_itself_nor_to_another_country() -> None:
    quiet = on("2026-09-11", quiet=True)
    abroad = on("2026-09-11", id="anzac", tone="solemn", regions=["AU"], topics=["sport"])

    found, missed = met(quiet, abroad)

    assert ([match.occurrence for match in found], missed) == ([quiet], [])


def test_a_month_yields_only_if_it_begins_on_a_solemn_day() -> None:
    month = on("2026-09-01", "2026-09-30")
    inside = on("2026-09-11", id="solemn", tone="solemn", topics=["sport"])

    assert len(met(month, inside)[0]) == 1


def test_awareness_comes_before_celebration_on_one_date() -> None:
    party = on("2026-05-12", id="party", tone="celebration")
    serious = on("2026-05-12", id="serious", name="Serious day")

    found, [missed] = met(serious, party, names_treatment=False)

    assert [match.occurrence for match in found] == [serious]
    assert (missed.occurrence, "Serious day" in missed.why_not) == (party, True)


def test_the_order_of_what_comes_in_does_not_matter() -> None:
    days = [on(f"2026-05-{number:02}", id=f"day-{number}") for number in range(1, 9)]

    assert met(*days) == met(*reversed(days))
