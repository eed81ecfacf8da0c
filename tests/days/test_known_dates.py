"""Dates that anyone can look up, against the rule that gives them."""

from datetime import date

import pytest

from scheduler.days.when import parse_when

DAYS = [
    # Federal days of the United States (5 U.S.C. 6103) and its election day (2 U.S.C. 7)
    ("third Monday of January", "2024-01-15 2025-01-20 2026-01-19"),
    ("last Monday of May", "2024-05-27 2025-05-26 2026-05-25"),
    ("first Monday of September", "2024-09-02 2025-09-01 2026-09-07"),
    ("fourth Thursday of November", "2024-11-28 2025-11-27 2026-11-26"),
    ("day after the fourth Thursday of November", "2024-11-29 2025-11-28 2026-11-27"),
    ("Tuesday after the first Monday of November", "2016-11-08 2020-11-03 2024-11-05 2026-11-03"),
    ("second Sunday of May", "2024-05-12 2025-05-11 2026-05-10"),
    # Easter and what hangs on it
    ("Easter", "1818-03-22 1943-04-25 2008-03-23 2024-03-31 2025-04-20 2026-04-05 2027-03-28"),
    ("Easter", "2019-04-21 2020-04-12 2021-04-04 2022-04-17 2023-04-09 2038-04-25"),
    ("Easter - 47 days", "2024-02-13 2025-03-04 2026-02-17"),
    ("Easter - 2 days", "2024-03-29 2025-04-18 2026-04-03"),
    ("Easter + 39 days", "2024-05-09 2025-05-29 2026-05-14"),
    ("Orthodox Easter", "2021-05-02 2022-04-24 2023-04-16 2024-05-05 2025-04-20 2026-04-12"),
    ("Orthodox Easter + 49 days", "2024-06-23 2025-06-08 2026-05-31"),
    # Health days
    ("last day of February", "2023-02-28 2024-02-29 2025-02-28"),
    ("second Thursday of March", "2024-03-14 2025-03-13 2026-03-12"),
    ("Friday before 20 March", "2024-03-15 2025-03-14 2026-03-13"),
    ("second Thursday of September", "2024-09-12 2025-09-11"),
    ("Thursday of the first full week of October", "2024-10-10 2025-10-09"),
    ("Saturday before the fourth Thursday of November", "2023-11-18 2024-11-23 2025-11-22"),
]

WEEKS = [
    ("first full week of October", "2024-10-06 2024-10-12", "2025-10-05 2025-10-11"),
    ("week containing 10 September", "2024-09-08 2024-09-14", "2025-09-07 2025-09-13"),
    ("7 days from the second Monday of May", "2024-05-13 2024-05-19", "2025-05-12 2025-05-18"),
    ("29 December to 2 January", "2024-12-29 2025-01-02", "2025-12-29 2026-01-02"),
    ("October", "2024-10-01 2024-10-31", "2025-10-01 2025-10-31"),
    ("February", "2024-02-01 2024-02-29", "2025-02-01 2025-02-28"),
]


@pytest.mark.parametrize(("when", "known"), DAYS)
def test_a_day_falls_on_its_known_dates(when: str, known: str) -> None:
    rule = parse_when(when)
    for day in map(date.fromisoformat, known.split()):
        assert [(span.first, span.last) for span in rule.spans(day.year)] == [(day, day)]


@pytest.mark.parametrize(("when", "one", "other"), WEEKS)
def test_a_longer_span_has_its_known_ends(when: str, one: str, other: str) -> None:
    rule = parse_when(when)
    for text in (one, other):
        first, last = map(date.fromisoformat, text.split())
        assert [(span.first, span.last) for span in rule.spans(first.year)] == [(first, last)]


def test_a_fifth_weekday_is_missing_in_some_years() -> None:
    rule = parse_when("fifth Friday of May")

    found = {year for year in range(2020, 2030) if list(rule.spans(year))}

    assert found == {2020, 2024, 2025, 2026}  # 1 May is a Wednesday, Thursday or Friday


def test_a_span_belongs_to_the_year_in_which_it_begins() -> None:
    rule = parse_when("Sunday nearest 1 January")

    found = {year: [str(span.first) for span in rule.spans(year)] for year in (2023, 2024, 2025)}

    assert found == {2023: ["2023-01-01", "2023-12-31"], 2024: ["2024-12-29"], 2025: []}


def test_a_full_week_may_begin_on_monday() -> None:
    [span] = parse_when("first full week of June (Monday to Sunday)").spans(2025)

    assert (str(span.first), str(span.last)) == ("2025-06-02", "2025-06-08")
