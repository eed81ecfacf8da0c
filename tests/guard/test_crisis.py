from datetime import date, timedelta

import pytest

from scheduler.errors import ContentError
from scheduler.files.rulebook import read_crisis_lines, read_rules
from scheduler.guard.check import Context, check
from scheduler.guard.crisis import (
    Confirmation,
    confirm_again,
    confirmed,
    lines_for,
    lines_from,
    mentions,
    stale,
)
from scheduler.nouns import Severity

LINES = read_crisis_lines()
US = next(line for line in LINES if line.country == "US")


def test_each_shipped_line_names_its_page_and_the_day_it_was_read() -> None:
    for line in LINES:
        assert line.source.startswith("http")
        assert line.good_until == line.checked + timedelta(days=90)
        assert mentions(line, line.say)


def test_what_a_shipped_line_says_passes_the_guard_for_its_own_readers() -> None:
    for line in LINES:
        text = f"It is suicide prevention week. {line.say}"
        context = Context(jurisdictions=(line.country,))
        assert check(text, "blog", context, read_rules()) == ()


def test_a_day_may_want_a_line_in_every_post() -> None:
    wanted = Context(jurisdictions=("US-CO",), crisis_required=True)
    [finding] = check("A day for careful talk.", "blog", wanted, read_rules())
    assert (finding.rule, finding.severity) == ("SUI-CRISIS", Severity.BLOCK)
    assert check(f"A day for careful talk. {US.say}", "blog", wanted, read_rules()) == ()


def test_the_lines_follow_the_audience() -> None:
    assert [line.country for line in lines_for(LINES, ("US-CO", "UK", "US"))] == ["US", "GB"]
    assert lines_for(LINES, ("FR",)) == ()


@pytest.mark.parametrize(
    "text", ["Call 988.", "call or text 9-8-8", "988lifeline.org", "Text 838255"]
)
def test_a_line_is_recognised_as_people_write_it(text: str) -> None:
    assert mentions(US, text)


@pytest.mark.parametrize("text", ["1988 was long ago", "Call 98 88", "9,988 steps", "help"])
def test_other_numbers_are_no_line(text: str) -> None:
    assert not mentions(US, text)


def test_a_line_is_good_on_its_last_day_and_not_on_the_next() -> None:
    assert stale(LINES, "Call 988.", US.good_until) is None
    old = stale(LINES, "Call 988.", US.good_until + timedelta(days=1))
    assert old is not None
    assert old.country in {"US", "CA"}
    assert stale(LINES, "No number here.", date(2099, 1, 1)) is None


def test_the_later_check_wins() -> None:
    news = Confirmation(
        country="US", by="ben", source="https://a.example", checked=date(2027, 3, 1)
    )
    older = Confirmation(
        country="US", by="ann", source="https://b.example", checked=date(2020, 1, 1)
    )
    renewed = next(line for line in confirmed(LINES, [news, older]) if line.country == "US")
    assert (renewed.by, renewed.source, renewed.checked) == (
        "ben",
        "https://a.example",
        news.checked,
    )
    assert confirmed(LINES, [older]) == LINES


def test_planning_says_until_when_the_line_is_good() -> None:
    finding = confirm_again(US, date(2027, 9, 10))
    assert (finding.rule, finding.severity) == ("SUI-LINE", Severity.WARN)
    assert "confirm it again before 2027-09-10" in finding.suggestion


def test_a_broken_file_is_a_content_error() -> None:
    with pytest.raises(ContentError):
        lines_from("[[line]]\ncountry = 1")
    with pytest.raises(ContentError):
        lines_from("[[line")
