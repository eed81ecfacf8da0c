"""Days into dates."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.days.day import Day
from scheduler.days.expand import occurrences

RULES = ["10 October", "Easter", "29 December to 2 January", "Sunday nearest 1 January", "May"]
DAYS = [
    Day(id=f"day-{place}", name="A day", when=when, topics=("health",))
    for place, when in enumerate(RULES)
]
starts = st.dates(date(1900, 1, 1), date(2199, 1, 1))
lengths = st.integers(0, 800).map(timedelta)


def test_the_window_includes_both_its_ends() -> None:
    found = occurrences(DAYS, date(2026, 5, 1), date(2026, 10, 10))

    assert [(each.day.id, each.span.first) for each in found] == [
        ("day-4", date(2026, 5, 1)),
        ("day-0", date(2026, 10, 10)),
    ]


def test_what_began_before_the_window_is_not_in_it() -> None:
    assert occurrences(DAYS, date(2026, 1, 1), date(2026, 1, 2)) == []


def test_a_window_may_end_with_the_calendar() -> None:
    assert occurrences(DAYS, date(9999, 12, 1), date.max) == []


@given(starts, lengths, lengths)
def test_two_windows_hold_what_one_holds(first: date, one: timedelta, other: timedelta) -> None:
    middle = first + one
    last = middle + other + timedelta(1)

    parts = occurrences(DAYS, first, middle) + occurrences(DAYS, middle + timedelta(1), last)

    assert parts == occurrences(reversed(DAYS), first, last)
    assert all(first <= each.span.first <= last for each in parts)
