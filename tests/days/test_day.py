"""What a calendar may say about a day, and what it is told when it says something else."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler.days.day import Calendar, Day, Occurrence, Profile, applies
from scheduler.days.when import WhenError
from scheduler.nouns import Span, Tone


def day(**fields: Any) -> Day:
    return Day.model_validate(
        {"id": "a-day", "name": "A day", "when": "10 October", "topics": ["health"]} | fields
    )


def test_an_own_day_needs_no_more_than_id_name_when_and_topics() -> None:
    own = day()

    assert (own.tone, own.profile, own.regions, own.calendar) == ("awareness", "A2", ("*",), "own")
    assert own.explain() == "10 October"


@pytest.mark.parametrize(
    ("tone", "profile"), [("solemn", "S2"), ("awareness", "A2"), ("celebration", "C1")]
)
def test_the_profile_follows_from_the_tone_unless_it_is_named(tone: str, profile: str) -> None:
    assert day(tone=tone).profile == profile
    assert day(tone=tone, profile="A1").profile == Profile.MENTAL_HEALTH


def test_a_rule_that_is_not_understood_is_an_error_of_when() -> None:
    with pytest.raises(ValidationError) as caught:
        day(when="10 Octobr")

    [error] = caught.value.errors()
    assert error["loc"] == ("when",)
    cause = error["ctx"]["error"]
    assert isinstance(cause, WhenError)
    assert (cause.word, cause.position) == ("Octobr", 3)


@pytest.mark.parametrize(
    ("fields", "place", "said"),
    [
        ({"tone": "sad"}, ("tone",), "'solemn'"),
        ({"profile": "S9"}, ("profile",), "'S1'"),
        ({"regions": ["us"]}, ("regions", 0), 'such as "US"'),
        ({"regions": ["UK"]}, ("regions", 0), '"GB"'),
        ({"regions": []}, ("regions",), "at least one region"),
        ({"id": "Big Day"}, ("id",), "small letters"),
        ({"topics": []}, ("topics",), "at least 1"),
        ({"whn": "x"}, ("whn",), "not permitted"),
        ({"quiet": 1}, ("quiet",), "boolean"),
        ({"dates": {"2026": "2025-05-11"}}, ("dates",), "does not begin in 2026"),
        ({"dates": {"2026": "2026-02-30"}}, ("dates",), "does not exist"),
        ({"dates": {"2026": "2026-05-11 to 2026-05-01"}}, ("dates",), "ends before it begins"),
        ({"dates": {"2026": "May"}}, ("dates",), "is not a date"),
        ({"when": None}, (), "`when`"),
        (
            {"sources": [{"url": "who.int", "checked": date(2026, 1, 1)}]},
            ("sources", 0, "url"),
            "https://",
        ),
        ({"sources": [{"url": "https://who.int"}]}, ("sources", 0, "checked"), "required"),
    ],
)
def test_an_error_names_its_field(
    fields: dict[str, Any], place: tuple[str | int, ...], said: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        day(**fields)

    [error] = caught.value.errors()
    assert error["loc"] == place
    assert said in error["msg"]


def test_announced_dates_beat_the_rule_for_their_year() -> None:
    moved = day(dates={"2026": "2026-10-11 to 2026-10-12"})

    assert list(moved.spans(2025)) == [Span(first=date(2025, 10, 10), last=date(2025, 10, 10))]
    assert list(moved.spans(2026)) == [Span(first=date(2026, 10, 11), last=date(2026, 10, 12))]


def test_a_year_that_is_not_announced_is_unknown() -> None:
    announced = day(when=None, dates={"2026": "2026-05-11"})

    assert [list(announced.spans(year)) for year in (2025, 2027)] == [[], []]
    assert announced.explain() == "a date that is announced each year"


def test_a_day_is_not_kept_before_it_was_founded() -> None:
    assert [len(list(day(since=1992).spans(year))) for year in (1991, 1992)] == [0, 1]


@pytest.mark.parametrize(
    ("regions", "audience", "met"),
    [
        (["*"], "US-CO", True),
        (["US"], "US-CO", True),
        (["US-CO"], "US-CO", True),
        (["US-CA"], "US-CO", False),
        (["GB", "US"], "US", True),
        (["US-CO"], "US", False),
        (["GB"], "US", False),
    ],
)
def test_a_day_applies_to_an_audience_inside_its_regions(
    regions: list[str], audience: str, met: bool
) -> None:
    assert applies(regions, audience) is met


def test_an_occurrence_knows_its_length() -> None:
    week = Occurrence(day=day(), span=Span(first=date(2026, 12, 29), last=date(2027, 1, 2)))

    assert week.length == 5
    assert {week} == {Occurrence(day=day(), span=week.span)}


def test_a_calendar_has_a_header() -> None:
    header = Calendar.model_validate({"id": "own", "title": "Our days", "regions": ["US"]})

    assert header.regions == ("US",)
    assert day(tone="skip").tone is Tone.SKIP
