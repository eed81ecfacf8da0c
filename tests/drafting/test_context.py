"""Picks and contexts: balanced, varied, reproducible, and safe to hand to a template."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.article import Article, parse_article
from scheduler.days.day import Day, Occurrence
from scheduler.drafting.context import (
    NAMES,
    Brand,
    Help,
    context,
    may_name_drug,
    template_for,
)
from scheduler.drafting.picks import Pick, pick
from scheduler.nouns import Form, Kind, Span

FILE = Path(__file__).parents[2] / "posts/ketamine-depression/article.md"
ARTICLE = parse_article("ketamine-depression", FILE.read_text(), FILE.name)
POINTS = {point.id: point for point in ARTICLE.points}
CORE = {point.id for point in ARTICLE.points if point.kind in (Kind.BENEFIT, Kind.RISK)}
ON = date(2027, 1, 1)
US = Help(country="the United States", short_country="US", line="call or text 988", emergency="911")
BRAND = Brand(name="Redletter Sample Clinic", url="https://clinic.example")


def year(form: Form, drug_names: bool, posts: int, article: Article = ARTICLE) -> list[Pick]:
    earlier: list[Pick] = []
    for _ in range(posts):
        earlier.append(pick(article, form, drug_names, earlier, ON))
    return earlier


def day(**fields: Any) -> Day:
    known = {
        "id": "some-day",
        "name": "Some Day",
        "calendar": "test",
        "when": "10 October",
        "topics": ("depression",),
    }
    return Day.model_validate(known | fields)


def seen(
    first: date = date(2027, 10, 10), last: date | None = None, **fields: Any
) -> dict[str, Any]:
    occurrence = Occurrence(day=day(**fields), span=Span(first=first, last=last or first))
    chosen = pick(ARTICLE, Form.BLOG, True, [], first)
    return context(ARTICLE, occurrence, chosen, BRAND, US, Form.BLOG, marker="abcdefghij")


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("drug_names", [False, True])
def test_ten_posts_bring_each_benefit_and_risk_at_least_once(form: Form, drug_names: bool) -> None:
    used = {point for one in year(form, drug_names, 10) for point in one.points}
    assert used >= CORE


@pytest.mark.parametrize("form", Form)
def test_a_benefit_that_names_the_treatment_never_comes_without_its_risk(form: Form) -> None:
    for one in year(form, True, 40):
        assert {POINTS[p].pairs_with for p in one.points} - {None} <= set(one.points)


@settings(max_examples=25, deadline=None)
@given(
    forms=st.sampled_from(Form),
    named=st.lists(st.booleans(), min_size=1, max_size=30),
)
def test_the_same_past_gives_the_same_pick(forms: Form, named: Sequence[bool]) -> None:
    earlier: list[Pick] = []
    for one in named:
        chosen = pick(ARTICLE, forms, one, earlier, ON)
        stored = [Pick.from_json(json.loads(json.dumps(asdict(past)))) for past in earlier]
        assert pick(ARTICLE, forms, one, stored, ON) == chosen
        assert len(set(chosen.points)) == len(chosen.points) > 0
        earlier.append(chosen)


@pytest.mark.parametrize("form", [Form.SHORT, Form.LONG])
def test_a_point_keeps_the_company_it_asks_for(form: Form) -> None:
    for one in year(form, False, 40):
        kinds = {point: POINTS[point].kind for point in one.points}
        wanted = {other for point in one.points for other in POINTS[point].goes_with}
        beside = {point for point, kind in kinds.items() if kind in (Kind.FACT, Kind.ACTION)}
        assert not wanted or beside <= wanted


def test_expired_points_are_never_picked() -> None:
    soon = {"expires": ON - timedelta(days=1)}
    points = tuple(p.model_copy(update=soon) if p.id == "nausea" else p for p in ARTICLE.points)
    article = replace(ARTICLE, points=points)
    used = {point for one in year(Form.BLOG, True, 20, article) for point in one.points}
    assert used >= CORE - {"nausea", "brain-connections"}
    assert not used & {"nausea", "brain-connections"}, "a benefit leaves with its only risk"


def test_nothing_names_the_treatment_once_its_status_is_out_of_date() -> None:
    assert ARTICLE.status
    last = ARTICLE.status.expires
    assert last
    assert pick(ARTICLE, Form.BLOG, True, [], last).names_drug
    assert not pick(ARTICLE, Form.BLOG, True, [], last + timedelta(days=1)).names_drug


def test_points_that_left_the_article_are_forgotten() -> None:
    gone = Pick(points=("gone", "nausea"), turns=(0, 0), turn=0, names_drug=True)
    assert pick(ARTICLE, Form.BLOG, True, [gone], ON).points
    occurrence = Occurrence(day=day(), span=Span(first=ON, last=ON))
    shown = context(ARTICLE, occurrence, gone, BRAND, US, Form.BLOG, marker="abcdefghij")
    assert [point["id"] for point in shown["points"]] == ["nausea"]


@pytest.mark.parametrize(
    ("fields", "form", "named"),
    [
        ({}, Form.BLOG, True),
        ({}, Form.SHORT, False),
        ({"drug_names": True}, Form.SHORT, True),
        ({"drug_names": True, "no_treatment": True}, Form.SHORT, False),
        ({"no_treatment": True}, Form.BLOG, False),
        ({"tone": "solemn"}, Form.BLOG, False),
        ({"profile": "S1"}, Form.BLOG, False),
        ({"profile": "A3"}, Form.BLOG, False),
        ({"profile": "A1"}, Form.BLOG, True),
    ],
)
def test_only_fitting_days_and_forms_name_the_treatment(
    fields: dict[str, Any], form: Form, named: bool
) -> None:
    assert may_name_drug(day(**fields), form) is named


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2027, 10, 10), date(2027, 10, 10), "October 10, 2027"),
        (date(2027, 10, 3), date(2027, 10, 9), "October 3 to 9, 2027"),
        (date(2027, 9, 30), date(2027, 10, 6), "September 30 to October 6, 2027"),
        (date(2027, 12, 29), date(2028, 1, 2), "December 29, 2027 to January 2, 2028"),
        (date(2028, 2, 1), date(2028, 2, 29), "February 2028"),
        (date(2027, 9, 15), date(2027, 10, 15), "September 15 to October 15, 2027"),
    ],
)
def test_dates_are_said_as_people_say_them(first: date, last: date, words: str) -> None:
    shown = seen(first, last)["day"]
    assert shown["date"] == words
    assert shown["is_span"] is (first != last)


def test_a_context_is_plain_json_and_holds_the_promised_names() -> None:
    shown = seen(about="A day.", hashtags=("#SomeDay",))
    assert json.loads(json.dumps(shown)) == shown
    assert set(shown) == NAMES
    assert shown["link"] == f"{ARTICLE.url}?utm_content=rl-abcdefghij"
    assert all(benefit["risk"]["id"] == benefit["pairs_with"] for benefit in shown["benefits"])


def test_the_marks_of_keep_are_taken_out_of_all_data() -> None:
    assert seen(name="So\ue000me Day", about="\ue001A day.")["day"]["name"] == "Some Day"
    assert not {"\ue000", "\ue001"} & set(json.dumps(seen(about="\ue000"), ensure_ascii=False))


def test_a_plain_context_shows_no_label_or_source_that_names_the_treatment() -> None:
    for one in year(Form.BLOG, False, 20):
        occurrence = Occurrence(day=day(), span=Span(first=ON, last=ON))
        shown = context(ARTICLE, occurrence, one, BRAND, US, Form.BLOG, marker="abcdefghij")
        assert shown["status"] is shown["risk"] is None
        assert "ketamine" not in json.dumps([shown["points"], shown["link"]]).lower()
        assert any(point["sources"] for point in shown["points"])


def test_the_nearest_template_wins() -> None:
    order = [
        "sleep/days/world-sleep-day/toots.j2",
        "sleep/days/world-sleep-day/short.j2",
        "sleep/toots.j2",
        "sleep/mastodon.j2",
        "sleep/short.j2",
        "sleep/default.j2",
    ]
    for place, name in enumerate(order):
        left = {*order[place:], "_shared/macros.j2", "other/short.j2"}
        assert (
            template_for(left, "sleep", "world-sleep-day", "toots", "mastodon", Form.SHORT) == name
        )
    assert template_for({"x/short.j2"}, "sleep", "d", "toots", "mastodon", Form.SHORT) is None
