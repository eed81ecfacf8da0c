"""When a day falls: one small type for each form of `when`, in plain date arithmetic.

Here stand the rules that need nothing but the year; those that start from another one stand in
`anchored.py`, their words in `when.py`.
"""

from abc import ABC, abstractmethod
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Literal

from dateutil.easter import EASTER_JULIAN, EASTER_WESTERN, easter

from scheduler.nouns import Span

Nth = Literal[1, 2, 3, 4, 5, -1]
"""-1 is the last one."""

_NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


class Month(IntEnum):
    JANUARY = 1
    FEBRUARY = 2
    MARCH = 3
    APRIL = 4
    MAY = 5
    JUNE = 6
    JULY = 7
    AUGUST = 8
    SEPTEMBER = 9
    OCTOBER = 10
    NOVEMBER = 11
    DECEMBER = 12

    def __str__(self) -> str:
        return self.name.capitalize()


class Weekday(IntEnum):
    """Counted as `date.weekday()` counts: Monday is 0."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    def __str__(self) -> str:
        return self.name.capitalize()

    def on_or_after(self, day: date) -> date:
        return day + timedelta((self - day.weekday()) % 7)

    def on_or_before(self, day: date) -> date:
        return day - timedelta((day.weekday() - self) % 7)


class Rule(ABC):
    """When a day falls, in every year of the Gregorian calendar from 1583 to 9999.

    Every rule is a frozen value: equal words make equal rules.
    """

    __slots__ = ()

    @abstractmethod
    def spans(self, year: int) -> Iterator[Span]:
        """The spans that begin in this year, earliest first: none, one or two."""

    @abstractmethod
    def explain(self) -> str:
        """The rule in plain words, to be read after "falls on" or "runs for"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedDay(Rule):
    """The same date each year: "10 October"; 29 February only in leap years."""

    month: Month
    day: int

    def spans(self, year: int) -> Iterator[Span]:
        if self.day <= monthrange(year, self.month)[1]:
            yield one_day(date(year, self.month, self.day))

    def explain(self) -> str:
        leap = self.month == Month.FEBRUARY and self.day == 29
        return f"{self.day} {self.month}" + (" (leap years only)" if leap else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LastDay(Rule):
    """The last day of a month, whatever its length: Rare Disease Day is "last day of February"."""

    month: Month

    def spans(self, year: int) -> Iterator[Span]:
        yield one_day(_month(year, self.month).last)

    def explain(self) -> str:
        leap = " (the 29th in leap years)" if self.month == Month.FEBRUARY else ""
        return f"the last day of {self.month}{leap}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeMonth(Rule):
    """A month from its first day to its last: "October"."""

    month: Month

    def spans(self, year: int) -> Iterator[Span]:
        yield _month(year, self.month)

    def explain(self) -> str:
        return f"the whole of {self.month}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NthWeekday(Rule):
    """The nth weekday of a month: "second Tuesday of October".

    The fifth is not always there, so with `nth = 5` some years have no such day.
    """

    month: Month
    weekday: Weekday
    nth: Nth

    def spans(self, year: int) -> Iterator[Span]:
        month = _month(year, self.month)
        if self.nth == -1:
            yield one_day(self.weekday.on_or_before(month.last))
            return
        offset = (self.weekday - month.first.weekday()) % 7 + 7 * (self.nth - 1)
        if offset < month.last.day:
            yield one_day(date(year, self.month, 1 + offset))

    def explain(self) -> str:
        rare = " (only in years that have one)" if self.nth == 5 else ""
        return f"the {_NTH[self.nth]} {self.weekday} of {self.month}{rare}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EasterSunday(Rule):
    """Easter Sunday, western or Orthodox, both as dates of the civil (Gregorian) calendar."""

    orthodox: bool = False

    def spans(self, year: int) -> Iterator[Span]:
        if not self.orthodox:
            yield one_day(easter(year, EASTER_WESTERN))
            return
        # dateutil's own conversion of the Orthodox date is only good to 4099; this one never ends.
        behind = year // 100 - year // 400 - 2
        yield one_day(easter(year, EASTER_JULIAN) + timedelta(behind))

    def explain(self) -> str:
        return "Orthodox Easter Sunday" if self.orthodox else "Easter Sunday"


@dataclass(frozen=True, slots=True, kw_only=True)
class FullWeek(Rule):
    """The nth week that lies wholly inside a month: "first full week of October"."""

    month: Month
    nth: Literal[1, 2, 3, 4, -1]
    begins: Weekday = Weekday.SUNDAY

    def spans(self, year: int) -> Iterator[Span]:
        month = _month(year, self.month)
        if self.nth == -1:
            first = self.begins.on_or_before(month.last - timedelta(6))
        else:
            first = self.begins.on_or_after(month.first) + timedelta(7 * (self.nth - 1))
        if first.day + 6 <= month.last.day:
            yield days_from(first, 7)

    def explain(self) -> str:
        rare = " (only in years that have one)" if self.nth == 4 else ""
        return f"the {_NTH[self.nth]} full week of {self.month}, {week_words(self.begins)}{rare}"


def _month(year: int, month: Month) -> Span:
    return Span(first=date(year, month, 1), last=date(year, month, monthrange(year, month)[1]))


def one_day(day: date) -> Span:
    """A span of this one day."""
    return Span(first=day, last=day)


def days_from(first: date, days: int) -> Span:
    """So many days from the first on; OverflowError past the year 9999."""
    return Span(first=first, last=first + timedelta(days - 1))


def week_words(begins: Weekday) -> str:
    """A week that begins with this weekday: "Sunday to Saturday"."""
    return f"{begins} to {Weekday((begins + 6) % 7)}"
