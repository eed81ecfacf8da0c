from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.drafting.timing import due, tzdata_release, zone_names, zone_rules
from scheduler.errors import UsageError
from scheduler.nouns import Span

NINE = time(9)
YEARS = (1993, 2007, 2011, 2018, 2024, 2025, 2027, 2036)


def one(day: date) -> Span:
    return Span(first=day, last=day)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("zone", "local", "utc", "shifted"),
    [
        ("America/Denver", "2027-10-10T09:00", "2027-10-10T15:00+00:00", False),
        ("America/Denver", "2027-03-14T02:30", "2027-03-14T09:30+00:00", True),  # shows 03:30
        ("America/Denver", "2027-11-07T01:30", "2027-11-07T07:30+00:00", False),  # the first one
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45+00:00", True),  # half an hour
        ("Europe/Berlin", "2028-02-29T09:00", "2028-02-29T08:00+00:00", False),
        # The whole day is skipped.
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00+00:00", True),
        ("Pacific/Kwajalein", "1993-08-21T09:00", "1993-08-21T12:00+00:00", True),
        # Midnight is skipped.
        ("America/Sao_Paulo", "2018-11-04T00:00", "2018-11-04T03:00+00:00", True),
        ("America/Sao_Paulo", "2018-11-04T00:30", "2018-11-04T03:00+00:00", True),
        ("Asia/Beirut", "2024-03-31T00:00", "2024-03-30T22:00+00:00", True),
        ("Africa/Cairo", "2024-04-26T00:00", "2024-04-25T22:00+00:00", True),
        ("America/Havana", "2024-03-10T00:00", "2024-03-10T05:00+00:00", True),
        ("America/Asuncion", "2023-10-01T00:15", "2023-10-01T04:00+00:00", True),
        # The last hour of the day is skipped: moving on would leave the day.
        ("America/Nuuk", "2024-03-30T23:30", "2024-03-31T00:59+00:00", True),
    ],
)
def test_a_local_time_is_one_instant(zone: str, local: str, utc: str, shifted: bool) -> None:
    wanted = at(local)
    found = due(one(wanted.date()), wanted.time(), zone)
    assert (found.due_at, found.shifted) == (at(utc), shifted)


@pytest.mark.parametrize(
    ("last", "hour", "not_after"),
    [
        ("2027-10-10", 9, "2027-10-10T21:00+00:00"),  # 6 h
        ("2027-10-10", 20, "2027-10-11T05:59:59+00:00"),  # the day ends at 24:00 in Denver
        ("2027-10-16", 9, "2027-10-12T15:00+00:00"),  # a week: 2 d
        ("2027-10-11", 9, "2027-10-12T05:59:59+00:00"),
        ("2027-10-23", 9, "2027-10-12T15:00+00:00"),
        ("2027-10-24", 9, "2027-10-15T15:00+00:00"),  # longer: 5 d
    ],
)
def test_late_is_not_due(last: str, hour: int, not_after: str) -> None:
    span = Span(first=date(2027, 10, 10), last=date.fromisoformat(last))
    assert due(span, time(hour), "America/Denver").not_after == at(not_after)


def test_another_day_of_the_span_may_be_asked_for() -> None:
    span = Span(first=date(2027, 10, 4), last=date(2027, 10, 10))
    found = due(span, NINE, "America/Denver", on=date(2027, 10, 10))
    assert found.due_at == at("2027-10-10T15:00+00:00")
    assert found.not_after == at("2027-10-11T05:59:59+00:00")


def test_a_skipped_day_still_leaves_time_to_send() -> None:
    found = due(one(date(2011, 12, 30)), NINE, "Pacific/Apia")
    assert found.not_after - found.due_at == timedelta(hours=6)


def test_what_was_asked_for_is_kept() -> None:
    found = due(one(date(2027, 3, 14)), time(2, 30), "America/Denver")
    assert (found.day, found.at, found.zone) == (date(2027, 3, 14), time(2, 30), "America/Denver")
    assert found.tzdata == tzdata_release()


@pytest.mark.parametrize("zone", ["America/Denvr", "", "../../etc/passwd", "Mars/Base"])
def test_an_unknown_zone_is_named(zone: str) -> None:
    with pytest.raises(UsageError, match="no time zone is called"):
        due(one(date(2027, 10, 10)), NINE, zone)


def test_a_misspelt_zone_gets_a_hint() -> None:
    with pytest.raises(UsageError, match="did you mean “America/Denver”"):
        zone_rules("America/Denvr")


def exists(day: date, zone: str) -> bool:
    """Whether the zone has that date at all (Samoa had no 30 December 2011)."""
    rules = zone_rules(zone)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return any((noon + timedelta(hours=h)).astimezone(rules).date() == day for h in range(-26, 27))


def changes(zone: str, year: int) -> list[datetime]:
    """Days of the year on whose eve, day or morrow the zone's offset changes."""
    rules = zone_rules(zone)
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(366)]
    return [
        noon
        for before, noon in pairwise(noons)
        if before.astimezone(rules).utcoffset() != noon.astimezone(rules).utcoffset()
    ]


@pytest.mark.parametrize("year", YEARS)
def test_in_every_zone_a_post_goes_out_on_its_own_date(year: int) -> None:
    times = [time(h, m) for h in (0, 1, 2, 3, 23) for m in (0, 30)] + [NINE]
    for zone in sorted(zone_names()):
        for noon in changes(zone, year):
            for offset in (-1, 0, 1):
                day = noon.date() + timedelta(days=offset)
                for wanted in times:
                    check(day, wanted, zone)


def check(day: date, wanted: time, zone: str) -> None:
    found = due(one(day), wanted, zone)
    local = found.due_at.astimezone(zone_rules(zone))
    assert found.due_at <= found.not_after, (zone, day, wanted)
    assert local.date() == day or not exists(day, zone), (zone, day, wanted)
    assert found.shifted == (local.replace(tzinfo=None, fold=0) != datetime.combine(day, wanted))
    assert found.not_after.astimezone(zone_rules(zone)).date() == local.date()


@given(
    st.dates(date(1970, 1, 2), date(2040, 12, 30)),
    st.times(),
    st.sampled_from(sorted(zone_names())),
    st.integers(0, 60),
)
def test_any_time_of_any_day_is_one_instant(day: date, wanted: time, zone: str, days: int) -> None:
    found = due(Span(first=day, last=day + timedelta(days=days)), wanted, zone)
    local = found.due_at.astimezone(zone_rules(zone))
    assert local.date() == day or not exists(day, zone)
    assert found.due_at <= found.not_after <= found.due_at + timedelta(days=5)
