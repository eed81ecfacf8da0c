"""From a local date and time to the one instant at which a post is due, and its last one.

A zone's rules come from the `tzdata` package, never from the system's own tables: the same site
gives the same instants on every machine, and one `pip install` brings a changed law.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped] # it ships no types

from scheduler.errors import UsageError
from scheduler.nouns import Span

_DAY = timedelta(days=1)
_LATE = ((1, timedelta(hours=6)), (14, timedelta(days=2)))
_LATE_FOR_LONGER = timedelta(days=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When a post goes out; `due_at` and `not_after` are aware UTC, never `not_after` first.

    `day` and `at` are what was asked for in `zone`; `shifted` says that this local time does
    not exist, so that `due_at` shows another one.
    """

    due_at: datetime
    not_after: datetime
    day: date
    at: time
    zone: str
    tzdata: str
    shifted: bool


def due(span: Span, at: time, zone: str, *, on: date | None = None) -> Due:
    """The instant of local time `at` on the span's first day, or on the day `on`.

    A time that comes twice means the first. One that a clock change skips moves on by as much;
    where that would leave the day, and at a midnight that is skipped, the post stays on its day.
    A day that the zone skipped altogether gives the first instant after it.

    `not_after` is the local end of the span's last day, or earlier: 6 hours after `due_at` for
    one day, 2 days up to two weeks, 5 days for longer.
    """
    rules = zone_rules(zone)
    day = on or span.first
    due_at, shifted = _instant(day, at, rules)
    last = max(span.last, due_at.astimezone(rules).date())
    end = _instant(last + _DAY, time(), rules)[0] - timedelta(seconds=1)
    return Due(
        due_at=due_at,
        not_after=max(due_at, min(end, due_at + _patience(span))),
        day=day,
        at=at,
        zone=zone,
        tzdata=tzdata_release(),
        shifted=shifted,
    )


@lru_cache(maxsize=64)
def zone_rules(zone: str) -> ZoneInfo:
    """The zone of that name, such as "America/Denver"; UsageError where there is none."""
    if zone not in zone_names():
        near = get_close_matches(zone, zone_names(), n=1)
        cure = f"did you mean “{near[0]}”?" if near else "write “America/Denver”"
        raise UsageError(f"no time zone is called “{zone}”; {cure}")
    with files("tzdata.zoneinfo").joinpath(*zone.split("/")).open("rb") as table:
        return ZoneInfo.from_file(table, key=zone)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text("ascii").split())


def tzdata_release() -> str:
    """The release of the zone tables in use, such as "2026a"."""
    return str(tzdata.IANA_VERSION)


def _patience(span: Span) -> timedelta:
    days = (span.last - span.first).days + 1
    return next((late for longest, late in _LATE if days <= longest), _LATE_FOR_LONGER)


def _instant(day: date, at: time, rules: ZoneInfo) -> tuple[datetime, bool]:
    """The instant in UTC, and whether it had to move."""
    wanted = datetime.combine(day, at)
    first = wanted.replace(tzinfo=rules, fold=0).astimezone(UTC)
    if _local(first, rules) == wanted:
        return first, False
    # Skipped: the earlier reading uses the offset after the change, the later that before it.
    change = _change(wanted.replace(tzinfo=rules, fold=1).astimezone(UTC), first, rules)
    begins = _local(change - timedelta(microseconds=1), rules)
    if begins.date() < day:  # midnight, or the whole day, is skipped
        return change, True
    if _local(first, rules).date() > day:
        return change - timedelta(minutes=1), True
    return first, True


def _local(instant: datetime, rules: ZoneInfo) -> datetime:
    return instant.astimezone(rules).replace(tzinfo=None, fold=0)


def _change(before: datetime, after: datetime, rules: ZoneInfo) -> datetime:
    """The second at which the offset changes, found by halving."""
    old = before.astimezone(rules).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, rules).utcoffset() == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)
