"""What every shipped calendar must hold: sources, topics of the vocabulary, one name a day."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

CALENDARS = Path(__file__).resolve().parents[2] / "calendars"
LAST_READ = date(2026, 11, 24)
"""The latest day on which a source was read; raise it when one is read anew."""

FIELDS = {
    *("id", "name", "aliases", "names", "when", "since", "topics", "tone", "origin", "about"),
    *("sources", "profile", "quiet", "drug_names", "crisis_required", "no_treatment", "owner"),
    *("mark", "hashtags", "disputed"),
}
TONES = {"solemn", "awareness", "celebration", "skip"}
PROFILES = {"S1", "S2", "A1", "A2", "A3", "A4", "C1"}
ORIGINS = {
    *("law", "resolution", "agency", "society", "charity", "religious", "company", "paid"),
}
ISSUER_HOSTS = {
    # the United Nations and its offices; the campaigns that a resolution names
    *("un.org", "un.org.ua", "unmissions.org", "uhc2030.org"),
    # United States law and the papers of government
    *("congress.gov", "govinfo.gov", "api.fdsys.gov", "house.gov", "usno.navy.mil"),
    *("uscourts.gov", "archives.gov", "law.justia.com", "regulations.justia.com"),
    *("law.onecle.com", "lexbuild.dev"),
    # agencies
    *("acl.gov", "acf.hhs.gov", "cdc.gov", "alabamapublichealth.gov"),
    # the societies and charities that own a day, with their chapters
    *("afsp.org", "nami.org", "namiwilmington.org", "wmhdofficial.com", "menshealthmonth.org"),
    *("healthliteracymonth.org", "healthliteracysolutions.org", "thenationshealth.org"),
    *("coruralhealth.org", "selfcarepromise.org", "lifesavers.global", "iocdf.org"),
    *("wfsahq.org", "wfneurology.org", "postpartum.net", "nsfoundation.org"),
}

Table = dict[str, Any]


def files() -> list[Path]:
    return sorted(path for path in CALENDARS.glob("*.toml") if path.name != "topics.toml")


def tables(path: Path) -> list[Table]:
    found: list[Table] = tomllib.loads(path.read_text(encoding="utf-8"))["day"]
    return found


def every_day() -> list[Table]:
    return [day for path in files() for day in tables(path)]


def shipped() -> list[Table]:
    return [day for path in files() if path.name != "own.toml" for day in tables(path)]


def vocabulary() -> dict[str, Table]:
    text = (CALENDARS / "topics.toml").read_text(encoding="utf-8")
    return {topic["id"]: topic for topic in tomllib.loads(text)["topic"]}


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_a_calendar_says_what_it_is_and_keeps_its_days_sorted_by_id(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    header = tomllib.loads(text)["calendar"]
    ids = [day["id"] for day in tables(path)]

    assert text.startswith("#:schema calendar.schema.json\n")
    assert header.keys() == {"id", "title", "regions", "issuer"}
    assert header["id"] == path.stem
    assert ids == sorted(ids)


@pytest.mark.parametrize("day", every_day(), ids=lambda day: day["id"])
def test_a_day_uses_known_words_only(day: Table) -> None:
    assert day.keys() <= FIELDS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", day["id"])
    assert day["tone"] in TONES
    assert day["origin"] in ORIGINS
    assert day.get("profile", "A2") in PROFILES
    assert day["topics"]
    assert set(day["topics"]) <= vocabulary().keys()
    assert day["about"].endswith(".")


@pytest.mark.parametrize("day", shipped(), ids=lambda day: day["id"])
def test_a_shipped_day_has_a_source_that_was_read(day: Table) -> None:
    addresses = [source["url"] for source in day["sources"]]

    assert addresses
    assert len(set(addresses)) == len(addresses)
    for source in day["sources"]:
        assert source.keys() == {"url", "checked"}
        assert urlsplit(source["url"]).scheme in {"http", "https"}
        assert date(1990, 1, 1) < source["checked"] <= LAST_READ


def test_ids_are_used_once_over_all_calendars() -> None:
    counted = Counter(day["id"] for day in every_day())

    assert [name for name, count in counted.items() if count > 1] == []


def test_no_two_days_share_a_name() -> None:
    owner: dict[frozenset[str], str] = {}

    for day in every_day():
        for name in (day["name"], *day.get("aliases", ()), *day.get("names", {}).values()):
            known = owner.setdefault(plain(name), day["id"])
            assert known == day["id"], f"{name!r} of {day['id']} is also a name of {known}"


def test_there_are_enough_days() -> None:
    assert 40 <= len(shipped()) <= 60


def test_two_thirds_of_the_days_rest_on_their_issuer_or_the_law() -> None:
    without = [day["id"] for day in shipped() if not any(authoritative(day))]

    assert len(without) * 3 <= len(shipped()), f"no issuer's page: {without}"


def test_suicide_days_ask_for_a_crisis_line_and_sell_nothing() -> None:
    found = [day for day in shipped() if {"suicide-prevention", "suicide-loss"} & {*day["topics"]}]

    assert len(found) >= 5
    assert all(day["profile"] == "S1" and day["crisis_required"] for day in found)


def test_only_two_days_let_a_short_post_name_the_drug() -> None:
    naming = {day["id"] for day in shipped() if day.get("drug_names")}

    assert naming == {"world-patient-safety-day", "world-anaesthesia-day"}


def test_days_of_illnesses_that_rule_the_treatment_out_name_none() -> None:
    silent = {day["id"] for day in shipped() if day.get("no_treatment")}

    assert {
        "world-bipolar-day",
        "world-schizophrenia-day",
        "world-maternal-mental-health-day",
    } <= silent


def test_depression_has_occasions_over_most_of_the_year() -> None:
    wanted = {"depression", "mental-health", "patient-safety", "health-literacy"}
    found = [
        day
        for day in shipped()
        if day["tone"] == "awareness"
        and day["profile"] in {"A1", "A2"}
        and not day.get("no_treatment")
        and wanted & {*day["topics"]}
    ]
    months = {month for day in found for month in MONTH.findall(day["when"])}

    assert len(found) >= 16
    assert len(months) >= 8


MONTH = re.compile(
    "January|February|March|April|May|June|July|August|September|October|November|December"
)


def test_topics_are_sorted_and_named_once() -> None:
    topics = vocabulary()
    names = Counter(
        word.casefold()
        for topic in topics.values()
        for word in {topic["name"], *topic.get("synonyms", ())}
    )

    assert list(topics) == sorted(topics)
    assert 60 <= len(topics) <= 100
    assert [word for word, count in names.items() if count > 1] == []


def test_topics_point_at_topics_and_never_in_a_circle() -> None:
    topics = vocabulary()

    for name, topic in topics.items():
        broader, related = topic.get("broader", []), topic.get("related", [])
        assert topic.keys() <= {"id", "name", "synonyms", "broader", "related"}
        assert {*broader, *related} <= topics.keys()
        assert name not in related
        assert not {*broader} & {*related}
        assert name not in above(name, topics)


def above(name: str, topics: dict[str, Table]) -> set[str]:
    """Every topic that is broader than this one, at any distance."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for step in topics[waiting.pop()].get("broader", []):
            if step not in found:
                found.add(step)
                waiting.append(step)
    return found


def plain(name: str) -> frozenset[str]:
    """The words that tell a name apart: "National Suicide Prevention Awareness Month" is the
    same as "Suicide Prevention Month", but not as the week or the day."""
    usual = {"international", "national", "world", "global", "awareness", "the", "of", "for", "and"}
    return frozenset(re.findall(r"\w+", name.casefold().replace("'", ""))) - usual


def authoritative(day: Table) -> Iterator[bool]:
    for source in day["sources"]:
        host = urlsplit(source["url"]).hostname or ""
        yield any(host == known or host.endswith("." + known) for known in ISSUER_HOSTS)
