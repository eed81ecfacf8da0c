"""The guard finds nothing in any post of the sample article."""

import pytest
from sample_year import ARTICLE, Told, X, plain_text, real_year, year

from scheduler.drafting.fit import fit
from scheduler.files.rulebook import read_crisis_lines, read_rules
from scheduler.guard.check import Context, check
from scheduler.guard.crisis import lines_for
from scheduler.nouns import Form

LINES = lines_for(read_crisis_lines(), ["US-CO"])


def findings(told: Told, text: str, channel: str) -> list[tuple[str, str]]:
    day = told[0].day
    context = Context(jurisdictions=("US-CO",), day=day.id, tone=day.tone, lines=LINES)
    return [
        (one.rule, text[one.start : one.end]) for one in check(text, channel, context, read_rules())
    ]


@pytest.mark.parametrize("form", Form)
def test_no_finding_on_the_days_of_a_real_year(form: Form) -> None:
    channel = "blog" if form is Form.BLOG else "jsonl"
    posts = real_year(form)
    assert len(posts) >= 16
    for told in posts:
        assert findings(told, plain_text(form, told[2]), channel) == []


@pytest.mark.parametrize("fields", [{}, {"drug_names": True}, {"no_treatment": True}])
@pytest.mark.parametrize("form", Form)
def test_no_finding_on_days_of_every_sort(form: Form, fields: dict[str, object]) -> None:
    channel = "blog" if form is Form.BLOG else "jsonl"
    for told in year(form, **fields):
        assert findings(told, plain_text(form, told[2]), channel) == []


@pytest.mark.parametrize("drug_names", [False, True])
def test_no_finding_once_a_post_is_cut_for_x(drug_names: bool) -> None:
    for told in year(Form.SHORT, drug_names=drug_names):
        assert findings(told, fit(told[2], X), "x") == []


def test_no_finding_on_the_article_itself() -> None:
    told = year(Form.BLOG)[0]
    assert findings(told, ARTICLE.body, "blog") == []
