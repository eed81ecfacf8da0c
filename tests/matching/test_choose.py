"""Choosing under caps: never too many, never too close, never a step back."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from scheduler.days.day import Day, Occurrence
from scheduler.matching.match import Caps, Match, choose
from scheduler.nouns import Span

START = date(2026, 12, 1)
LOOSE = Caps(per_week=7, per_month=31, gap_days=1)


def match(offset: int, score: float = 1.0, length: int = 1, name: str = "day") -> Match:
    first = START + timedelta(offset)
    day = Day(id=f"{name}-{offset}", name="A day", when="1 May", topics=("health",))
    span = Span(first=first, last=first + timedelta(length - 1))
    return Match(occurrence=Occurrence(day=day, span=span), score=score, reasons=())


def firsts(chosen: list[Match]) -> list[date]:
    return [each.occurrence.span.first for each in chosen]


scores = st.sampled_from([0.5, 0.6, 0.9, 1.0])
some = st.lists(
    st.builds(match, st.integers(0, 90), scores, st.sampled_from([1, 7, 30])), max_size=40
)


def caps_from(least_gap: int) -> st.SearchStrategy[Caps]:
    return st.builds(
        Caps,
        per_week=st.integers(0, 4),
        per_month=st.integers(0, 10),
        gap_days=st.integers(least_gap, 10),
    )


caps_of, caps_of_single_dates = caps_from(0), caps_from(1)


def assert_within(dates: list[date], caps: Caps) -> None:
    assert all(n <= caps.per_week for n in Counter(d.isocalendar()[:2] for d in dates).values())
    assert all(n <= caps.per_month for n in Counter((d.year, d.month) for d in dates).values())
    ordered = sorted(dates)
    gaps = [(after - before).days for before, after in pairwise(ordered)]
    assert all(gap >= caps.gap_days for gap in gaps)


def test_the_best_day_of_a_crowd_is_chosen() -> None:
    caps = Caps(per_week=1, per_month=9, gap_days=1)

    assert choose([match(0, 0.6), match(1, 1.0), match(2, 0.9)], caps, set()) == [match(1, 1.0)]


def test_among_equals_a_day_beats_a_week_beats_a_month() -> None:
    month, week, day = match(0, length=30), match(1, length=7), match(2)
    caps = Caps(per_week=1, per_month=9, gap_days=1)

    assert choose([month, week, day], caps, set()) == [day]
    assert choose([month, week], caps, set()) == [week]


def test_a_gap_of_two_leaves_one_day_between() -> None:
    caps = Caps(per_week=7, per_month=31, gap_days=2)

    assert firsts(choose([match(0), match(1), match(2)], caps, set())) == [
        date(2026, 12, 1),
        date(2026, 12, 3),
    ]


def test_weeks_are_iso_weeks_across_the_year() -> None:
    thursday, friday = match(30), match(31)  # 31 December and 1 January, both in week 53
    caps = Caps(per_week=1, per_month=9, gap_days=1)

    assert choose([thursday, friday], caps, set()) == [thursday]


def test_what_is_taken_counts_against_the_caps() -> None:
    caps = Caps(per_week=2, per_month=31, gap_days=1)
    taken = {START, START + timedelta(1)}  # Tuesday and Wednesday

    assert firsts(choose([match(3), match(7)], caps, taken)) == [START + timedelta(7)]


@given(some, caps_of)
def test_caps_and_gaps_are_kept_and_the_result_is_by_date(found: list[Match], caps: Caps) -> None:
    chosen = choose(found, caps, set())

    assert_within(firsts(chosen), caps)
    assert firsts(chosen) == sorted(firsts(chosen))
    assert all(each in found for each in chosen)


@given(some, caps_of, st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_does_not_matter(
    found: list[Match], caps: Caps, random: Random
) -> None:
    mixed = list(found)
    random.shuffle(mixed)

    assert choose(mixed, caps, set()) == choose(found, caps, set())


def test_without_a_gap_occasions_share_a_date_and_each_counts() -> None:
    on_one_date = [match(0, name=name) for name in ("a", "b", "c")]
    caps = Caps(per_week=2, per_month=31, gap_days=0)

    assert choose(on_one_date, caps, []) == on_one_date[:2]
    assert choose(on_one_date[2:], caps, [START]) == on_one_date[2:]
    assert choose(on_one_date[2:], caps, [START, START]) == []


@given(some, caps_of_single_dates)
def test_choosing_again_chooses_nothing_more(found: list[Match], caps: Caps) -> None:
    assert choose(found, caps, firsts(choose(found, caps, set()))) == []


@given(some, some, caps_of_single_dates)
def test_looking_further_ahead_never_takes_back_a_choice(
    found: list[Match], later: list[Match], caps: Caps
) -> None:
    taken = firsts(choose(found, caps, set()))

    new = firsts(choose([*found, *later], caps, taken))

    assert not set(new) & set(taken)
    assert_within([*taken, *new], caps)


@given(some)
def test_without_tight_caps_every_date_is_used(found: list[Match]) -> None:
    assert set(firsts(choose(found, LOOSE, set()))) == set(firsts(found))
