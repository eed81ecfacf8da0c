"""Articles: what a file may say, and every problem with its place."""

from datetime import date

import pytest

from scheduler.article import Article, parse_article
from scheduler.errors import ContentError, Problem
from scheduler.nouns import Kind

WHOLE = """\
+++
title = "Sleep and mood"
url = "https://clinic.example/sleep"
language = "en"
topics = ["sleep-health"]
names_treatment = false
disclaimer = "General education."
short_disclaimer = "Education."

[[point]]
id = "rest"
kind = "benefit"
label = "Rest"
pairs_with = "drowsy"
sentences = ["Rest may help.", "Dr. Lee says that rest may help."]
sources = [{ url = "https://example.org/rest", checked = 2026-11-24 }]

[[point]]
id = "drowsy"
kind = "risk"
label = "Drowsiness"
sentences = ["It may make you drowsy."]
sources = [{ title = "A leaflet", checked = 2026-11-23 }]
expires = 2027-06-30
+++
# Sleep

A body.
"""


def parsed(text: str = WHOLE) -> Article:
    return parse_article("sleep", text, "posts/sleep/article.md")


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        parsed(text)
    return caught.value.problems


def test_a_whole_article_is_read() -> None:
    article = parsed()
    assert (article.id, article.title, article.topics) == (
        "sleep",
        "Sleep and mood",
        ("sleep-health",),
    )
    assert [point.kind for point in article.points] == [Kind.BENEFIT, Kind.RISK]
    assert article.points[0].sources[0].checked == date(2026, 11, 24)
    assert article.body == "# Sleep\n\nA body."
    assert article.reviewer is None


def test_a_point_may_be_used_up_to_its_last_day() -> None:
    drowsy = parsed().points[1]
    assert drowsy.valid_on(date(2027, 6, 30))
    assert not drowsy.valid_on(date(2027, 7, 1))


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert parsed("\ufeff" + WHOLE.replace("\n", "\r\n")).points == parsed().points


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('id = "drowsy"', 'id = "rest"', 19, "two points have the id"),
        ('pairs_with = "drowsy"\n', "", 10, "has no risk beside it"),
        ('pairs_with = "drowsy"', 'pairs_with = "dizzy"', 14, "no risk of this article"),
        ('label = "Rest"', 'goes_with = ["nap"]\nlabel = "R"', 13, "no fact or action"),
        ('"Rest may help.", ', '"Rest may help. It may not.", ', 15, "this is 2 sentences"),
        ('"Rest may help.", ', '"Rest may help", ', 15, "does not end as a sentence"),
        ('["It may make you drowsy."]', "[]", 22, "sentences"),
        ('url = "https://example.org/rest", ', "", 16, "needs a `url` or a `title`"),
        ('language = "en"', 'langauge = "en"', 4, "langauge"),
        ("names_treatment = false", "names_treatment = true", 6, "needs [status]"),
        ("A body.", "A body\ue000.", 28, "U+E000"),
        ('"Rest may help."', '"Rest \\uE001may help."', 15, "U+E000"),
        ('title = "Sleep and mood"', "title = ", 2, ""),
        ("+++\ntitle", "title", 1, "first line"),
        ("+++\n# Sleep", "# Sleep", 28, "is missing"),
    ],
)
def test_each_problem_is_named_with_its_line(old: str, new: str, line: int, what: str) -> None:
    assert old in WHOLE
    found = problems(WHOLE.replace(old, new, 1))
    assert any(one.line == line and what in one.what for one in found), found
    assert all(one.file == "posts/sleep/article.md" and one.column for one in found)


def test_all_problems_are_told_at_once() -> None:
    text = WHOLE.replace('"Rest may help."', '"One. Two."').replace("A body.", "\ue001")
    text = text.replace('id = "drowsy"', 'id = "rest"')
    assert len(problems(text)) == 4  # two sentences, one id twice, the lost risk, the character


def test_benefits_without_any_risk_are_refused() -> None:
    found = problems(WHOLE.replace('kind = "risk"', 'kind = "fact"'))
    assert "the article has benefits and no risk" in {one.what for one in found}
