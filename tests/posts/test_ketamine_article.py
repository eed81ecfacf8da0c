"""The shipped article and its templates, over a year of posts as they would go out."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import combinations

import pytest
from sample_year import (
    ARTICLE,
    FIT,
    TEMPLATES,
    X,
    occurrence,
    real_year,
    rendered,
    texts,
    year,
)

from scheduler.article import Point
from scheduler.drafting.context import NAMES, template_for
from scheduler.drafting.fit import fit
from scheduler.drafting.picks import pick
from scheduler.nouns import Form, Kind, Limits
from scheduler.sandbox import Sandbox
from scheduler.text import sentences

DRUG = re.compile(
    r"ketamin|spravato|ketalar|ketalin|\binfus|\bdrip\b|nasal|special k\b|k-hole|\biv\b|troche"
    r"|lozenge|\bK\b",
    re.IGNORECASE,
)
UNSAID = re.compile(
    r"\b(happy|cure[sd]?|miracle|guarante\w+|promis\w+|breakthrough|revolution\w*|game-changer"
    r"|best|leading|top|safe|harmless|book|visit|sign up|claim|slots?|offer\w*|hurry|hope\w*"
    r"|suffer\w*|addict\w*|victim|trip|trippy|magic|high|commit\w*|rewire|permanent\w*)\b",
    re.IGNORECASE,
)
CORE = {
    "fast-relief", "hard-to-treat", "suicidal-thoughts", "brain-connections", "lasting-results",
    "dissociation", "nausea", "blood-pressure", "dependence", "not-for-everyone",
}  # fmt: skip


def all_sentences() -> Iterator[tuple[str, str]]:
    for point in ARTICLE.points:
        yield from ((point.id, text) for text in point.sentences + point.plain)


def test_the_ten_points_are_there_with_facts_and_actions_beside_them() -> None:
    kinds = [point.kind for point in ARTICLE.points]
    assert {p.id for p in ARTICLE.points if p.kind in (Kind.BENEFIT, Kind.RISK)} == CORE
    assert kinds.count(Kind.BENEFIT) == kinds.count(Kind.RISK) == 5
    assert kinds.count(Kind.FACT) >= 4
    assert kinds.count(Kind.ACTION) >= 4


def test_each_benefit_has_a_risk_of_its_own() -> None:
    pairs = [point.pairs_with for point in ARTICLE.points if point.kind is Kind.BENEFIT]
    assert len(set(pairs)) == 5


@pytest.mark.parametrize("point", ARTICLE.points, ids=lambda point: point.id)
def test_each_point_has_wordings_enough_and_dated_sources(point: Point) -> None:
    assert 3 <= len(point.sentences) <= 5
    assert 2 <= len(point.plain) <= 4
    assert all(
        date(2026, 11, 1) <= source.checked <= date(2026, 11, 24) for source in point.sources
    )


def test_no_sentence_stands_twice_in_one_set() -> None:
    for field in ("sentences", "plain"):
        said = [text for point in ARTICLE.points for text in getattr(point, field)]
        assert len(said) == len(set(said))


def test_no_sentence_is_longer_than_thirty_words() -> None:
    statements = [text for one in (ARTICLE.status, ARTICLE.risks) if one for text in one.full]
    said = [text for _, text in all_sentences()] + [
        s for text in statements for s in sentences(text)
    ]
    assert [text for text in said if len(text.split()) > 30] == []


def test_plain_sentences_name_no_drug() -> None:
    plain = [text for point in ARTICLE.points for text in point.plain]
    assert [text for text in plain if DRUG.search(text)] == []


def test_no_sentence_sells_or_belittles() -> None:
    assert [(where, text) for where, text in all_sentences() if UNSAID.search(text)] == []


def test_every_drug_naming_sentence_on_suicide_states_its_limit() -> None:
    point = next(one for one in ARTICLE.points if one.id == "suicidal-thoughts")
    limits = re.compile(r"up to a week|not been shown to prevent|not an emergency service")
    assert all(limits.search(text) for text in point.sentences)


def test_the_templates_have_no_problem_that_can_be_seen_without_data() -> None:
    with Sandbox(TEMPLATES) as sandbox:
        assert sandbox.problems(NAMES) == []


@pytest.mark.parametrize("form", Form)
def test_a_year_of_posts_brings_each_of_the_ten_points(form: Form) -> None:
    said = {point.id: point.sentences + point.plain for point in ARTICLE.points}
    everything = "\n".join(texts(form))
    assert [point for point in CORE if not any(text in everything for text in said[point])] == []


@pytest.mark.parametrize(
    ("form", "fields"), [(form, {}) for form in Form] + [(Form.BLOG, {"no_treatment": True})]
)
def test_no_two_posts_of_a_channel_share_more_than_sixty_percent(
    form: Form, fields: dict[str, object]
) -> None:
    counted = [spoken(text) for text in texts(form, **fields)]
    assert max(map(shared, combinations(counted, 2))) <= 0.6


@pytest.mark.parametrize("form", Form)
def test_the_real_year_has_days_enough_and_brings_each_point(form: Form) -> None:
    posts = real_year(form)
    assert len(posts) >= 16
    assert {point for _, chosen, _ in posts for point in chosen.points} >= CORE


def spoken(text: str) -> frozenset[str]:
    """The sentences of a post without those of its disclaimer."""
    aside = {*sentences(ARTICLE.disclaimer), ARTICLE.short_disclaimer}
    return frozenset(one for one in sentences(text) if one not in aside)


def shared(pair: tuple[frozenset[str], frozenset[str]]) -> float:
    return len(pair[0] & pair[1]) / min(map(len, pair))


@pytest.mark.parametrize("limits", [FIT[Form.SHORT], X], ids=["500", "x"])
@pytest.mark.parametrize("drug_names", [False, True])
def test_short_posts_keep_what_must_stay(limits: Limits, drug_names: bool) -> None:
    for one, chosen, text in year(Form.SHORT, drug_names=drug_names):
        post = fit(text, limits)
        kept = [
            ARTICLE.short_disclaimer,
            "call or text 988",
            "911",
            f"rl-aaaaaaa{one.span.first:%j}",
        ]
        if drug_names and ARTICLE.status and ARTICLE.risks:
            kept += [ARTICLE.status.short, ARTICLE.risks.short]
        assert [part for part in kept if part not in post] == []
        assert chosen.names_drug is drug_names


def test_short_posts_name_the_day_and_say_something() -> None:
    said = {text for point in ARTICLE.points for text in point.plain}
    for one, _, text in year(Form.SHORT):
        assert one.day.name in fit(text, X)
        assert any(sentence in fit(text, X) for sentence in said)


@pytest.mark.parametrize("form", [Form.SHORT, Form.LONG])
def test_social_posts_name_no_drug_on_ordinary_days(form: Form) -> None:
    assert [text for text in texts(form) if DRUG.search(text)] == []


def test_a_blog_article_carries_its_boxes_sources_and_reviewer() -> None:
    for one, _, text in year(Form.BLOG):
        whole = fit(text, FIT[Form.BLOG])
        assert whole.startswith("# ")
        assert one.day.name in whole.splitlines()[0]
        for box in ("> **Status:** ", "> **Risks:** ", "> **In crisis:** "):
            assert whole.count(box) == 1
        for part in ("off-label", "call or text 988", "## Sources, read ", "clinician"):
            assert part in whole
        assert "Not yet reviewed by a clinician." in whole
        assert ARTICLE.disclaimer in whole


def test_a_blog_article_on_a_day_that_forbids_it_names_no_drug() -> None:
    for text in texts(Form.BLOG, no_treatment=True):
        assert not DRUG.search(text)
        assert "call or text 988" in text
        assert ARTICLE.disclaimer in text


def test_the_days_own_template_is_used() -> None:
    name = template_for(
        TEMPLATES, ARTICLE.id, "world-mental-health-day", "jsonl", "file", Form.SHORT
    )
    assert name == "ketamine-depression/days/world-mental-health-day/short.j2"
    one = occurrence(1, id="world-mental-health-day", name="World Mental Health Day")
    text = fit(rendered(one, Form.SHORT, pick(ARTICLE, Form.SHORT, False, [], one.span.first)), X)
    assert text.startswith("World Mental Health Day")
