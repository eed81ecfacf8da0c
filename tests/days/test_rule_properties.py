"""What holds for every rule of a kind, in every year from 1900 to 2199 and at the ends of time."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

import pytest
from dateutil.easter import EASTER_ORTHODOX, easter
from hypothesis import given
from hypothesis import strategies as st

from scheduler.days.anchored import (
    Between,
    DaysFrom,
    Either,
    Relation,
    Shifted,
    WeekContaining,
    WeekdayNear,
    WeekdayOf,
)
from scheduler.days.rules import (
    EasterSunday,
    FixedDay,
    FullWeek,
    LastDay,
    Month,
    Nth,
    NthWeekday,
    Rule,
    Weekday,
    WholeMonth,
)
from scheduler.days.when import parse_when

NTHS: dict[Nth, str] = {1: "first", 2: "2nd", 3: "third", 4: "4th", 5: "fifth", -1: "last"}
WEEK_NTHS: list[Literal[1, 2, 3, 4, -1]] = [1, 2, 3, 4, -1]
Written = tuple[str, Rule]
"""A rule as a person may type it, and what it must be read as."""

years = st.integers(1900, 2199)
months = st.sampled_from(list(Month))
weekdays = st.sampled_from(list(Weekday))


def month_word(month: Month, form: int) -> str:
    return (str(month), str(month)[:3], str(month).upper(), f"{str(month)[:3].lower()}.")[form]


forms = st.integers(0, 3)


@st.composite
def fixed(draw: st.DrawFn) -> Written:
    month = draw(months)
    day = draw(st.integers(1, monthrange(2024, month)[1]))
    word = month_word(month, draw(forms))
    text = draw(st.sampled_from([f"{day} {word}", f"{word} {day}", f"the {day}th of {word}"]))
    return text, FixedDay(month=month, day=day)


@st.composite
def nth_weekdays(draw: st.DrawFn) -> Written:
    month, weekday, nth = draw(months), draw(weekdays), draw(st.sampled_from(list(NTHS)))
    text = f"{NTHS[nth]} {str(weekday)[: draw(st.sampled_from([3, 9]))]} of {month}"
    return text, NthWeekday(month=month, weekday=weekday, nth=nth)


easters = st.sampled_from(
    [("Easter", EasterSunday()), ("orthodox easter", EasterSunday(orthodox=True))]
)
last_days = months.map(lambda month: (f"last day of {month}", LastDay(month=month)))
plain_days = fixed() | nth_weekdays() | easters | last_days


@st.composite
def weeks(draw: st.DrawFn) -> Written:
    begins = draw(weekdays)
    named = f" ({begins} to {Weekday((begins + 6) % 7)})"
    if draw(st.booleans()):
        begins, named = Weekday.SUNDAY, ""
    if draw(st.booleans()):
        text, anchor = draw(plain_days)
        return f"week containing {text}{named}", WeekContaining(anchor=anchor, begins=begins)
    month, nth = draw(months), draw(st.sampled_from(WEEK_NTHS))
    text = f"the {NTHS[nth]} full week of {month}{named}"
    return text, FullWeek(month=month, nth=nth, begins=begins)


@st.composite
def near(draw: st.DrawFn) -> Written:
    weekday, relation = draw(weekdays), draw(st.sampled_from(list(Relation)))
    text, anchor = draw(plain_days)
    rule = WeekdayNear(weekday=weekday, relation=relation, anchor=anchor)
    return f"{weekday} {relation} {text}", rule


@st.composite
def shifted(draw: st.DrawFn) -> Written:
    text, anchor = draw(plain_days | near())
    days = draw(st.integers(1, 183))
    if draw(st.booleans()):
        return f"{days} days before {text}", Shifted(anchor=anchor, days=-days)
    return f"{days} days after {text}", Shifted(anchor=anchor, days=days)


@st.composite
def week_days(draw: st.DrawFn) -> Written:
    weekday, (text, week) = draw(weekdays), draw(weeks())
    assert isinstance(week, FullWeek | WeekContaining)
    return f"{weekday} of {text}", WeekdayOf(weekday=weekday, week=week)


single_days = plain_days | near() | shifted() | week_days()


@st.composite
def counted(draw: st.DrawFn) -> Written:
    days, (text, anchor) = draw(st.integers(2, 60)), draw(single_days)
    return f"{days} days from {text}", DaysFrom(days=days, anchor=anchor)


@st.composite
def between(draw: st.DrawFn) -> Written:
    month, day, other = draw(months), draw(st.integers(1, 28)), draw(st.integers(1, 28))
    following = Month(month % 12 + 1)
    rule = Between(begin=FixedDay(month=month, day=day), end=FixedDay(month=following, day=other))
    return f"{day} {month} to {other} {following}", rule


@st.composite
def either(draw: st.DrawFn) -> Written:
    (one, first), (other, otherwise) = draw(nth_weekdays()), draw(fixed())
    return f"{one} or {other}", Either(first=first, otherwise=otherwise)


whole_months = months.map(lambda month: (str(month), WholeMonth(month=month)))
every_rule = single_days | weeks() | counted() | between() | either() | whole_months


@given(every_rule)
def test_what_is_typed_is_read_as_it_is_meant(written: Written) -> None:
    text, rule = written

    assert parse_when(text) == rule
    assert parse_when(text.upper().replace("TH OF", " OF")) == rule


@given(every_rule, years)
def test_spans_begin_in_their_year_in_order_and_are_always_the_same(
    written: Written, year: int
) -> None:
    _, rule = written
    spans = list(rule.spans(year))

    assert spans == list(rule.spans(year)) == sorted(spans)
    assert len(spans) <= 2
    assert all(span.first.year == year and span.first <= span.last for span in spans)
    assert rule.explain()


@given(every_rule, st.sampled_from([1583, 1584, 4099, 4100, 9998, 9999]))
def test_the_ends_of_the_calendar_break_no_rule(written: Written, year: int) -> None:
    _, rule = written

    assert all(span.first.year == year for span in rule.spans(year))


@given(nth_weekdays(), years)
def test_an_nth_weekday_is_the_nth_of_its_month(written: Written, year: int) -> None:
    _, rule = written
    assert isinstance(rule, NthWeekday)
    length = monthrange(year, rule.month)[1]
    same = [
        day
        for day in (date(year, rule.month, number) for number in range(1, length + 1))
        if day.weekday() == rule.weekday
    ]
    place = rule.nth if rule.nth == -1 else rule.nth - 1

    assert [span.first for span in rule.spans(year)] == same[place : place + 1 or None]


@given(near(), years)
def test_a_weekday_near_a_date_is_the_closest_on_its_side(written: Written, year: int) -> None:
    _, rule = written
    assert isinstance(rule, WeekdayNear)
    reach = {
        Relation.ON_OR_AFTER: (0, 6),
        Relation.AFTER: (1, 7),
        Relation.ON_OR_BEFORE: (-6, 0),
        Relation.BEFORE: (-7, -1),
        Relation.NEAREST: (-3, 3),
    }[rule.relation]
    anchors = [span.first for near in (-1, 0, 1) for span in rule.anchor.spans(year + near)]

    for span in rule.spans(year):
        assert span.first == span.last
        assert span.first.weekday() == rule.weekday
        assert any(reach[0] <= (span.first - anchor).days <= reach[1] for anchor in anchors)


@given(weeks(), years)
def test_a_week_has_seven_days_from_its_first_weekday(written: Written, year: int) -> None:
    _, rule = written
    assert isinstance(rule, FullWeek | WeekContaining)

    for span in rule.spans(year):
        assert (span.last - span.first).days == 6
        assert span.first.weekday() == rule.begins
        if isinstance(rule, FullWeek):
            assert span.first.month == span.last.month == rule.month
        else:
            around = [day.first for near in (0, 1) for day in rule.anchor.spans(year + near)]
            assert any(span.first <= day <= span.last for day in around)


@given(counted(), years)
def test_days_from_a_date_are_as_many_as_it_says(written: Written, year: int) -> None:
    _, rule = written
    assert isinstance(rule, DaysFrom)

    starts = [span.first for span in rule.anchor.spans(year)]
    assert [span.first for span in rule.spans(year)] == starts
    assert all((span.last - span.first).days + 1 == rule.days for span in rule.spans(year))


@given(shifted(), years)
def test_a_shift_is_undone_by_its_opposite(written: Written, year: int) -> None:
    _, rule = written
    assert isinstance(rule, Shifted)
    back = [span.first - timedelta(rule.days) for span in rule.spans(year)]
    anchors = {span.first for near in (-1, 0, 1) for span in rule.anchor.spans(year + near)}

    assert set(back) <= anchors


@given(between(), years)
def test_a_span_has_the_ends_it_names(written: Written, year: int) -> None:
    _, rule = written
    assert isinstance(rule, Between)
    assert isinstance(rule.begin, FixedDay)
    assert isinstance(rule.end, FixedDay)

    [span] = rule.spans(year)
    assert (span.first.month, span.first.day) == (rule.begin.month, rule.begin.day)
    assert (span.last.month, span.last.day) == (rule.end.month, rule.end.day)
    assert 0 < (span.last - span.first).days < 60


@pytest.mark.parametrize(("orthodox", "latest"), [(False, (4, 25)), (True, (5, 10))])
def test_easter_is_a_sunday_in_spring_in_every_year(
    orthodox: bool, latest: tuple[int, int]
) -> None:
    for year in range(1900, 2200):
        [span] = EasterSunday(orthodox=orthodox).spans(year)
        assert span.first.weekday() == Weekday.SUNDAY
        assert date(year, 3, 22) <= span.first <= date(year, *latest)


def test_orthodox_easter_agrees_with_dateutil_as_far_as_that_goes() -> None:
    for year in range(1583, 4100):
        [span] = EasterSunday(orthodox=True).spans(year)
        assert span.first == easter(year, EASTER_ORTHODOX)
