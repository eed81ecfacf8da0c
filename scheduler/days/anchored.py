"""The rules that start from another one: "Saturday before the fourth Thursday of November".

They take the other rule's spans of the year before and after as well, so that "Sunday nearest
1 January" is found in the year in which it really begins.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum

from scheduler.days.rules import FullWeek, Rule, Weekday, WholeMonth, days_from, one_day, week_words
from scheduler.nouns import Span

LONGEST = 183
"""No distance, and no span across a year's end, is longer than half a year, in days."""


class Relation(StrEnum):
    """How a weekday lies to the date it is counted from; only the "on or" ones may be that date."""

    ON_OR_AFTER = "on or after"
    AFTER = "after"
    ON_OR_BEFORE = "on or before"
    BEFORE = "before"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekContaining(Rule):
    """The week around a date: "week containing 10 September (Sunday to Saturday)"."""

    anchor: Rule
    begins: Weekday = Weekday.SUNDAY

    def spans(self, year: int) -> Iterator[Span]:
        return _from(
            self.anchor, year, lambda day: days_from(self.begins.on_or_before(day.first), 7)
        )

    def explain(self) -> str:
        return f"the week that contains {self.anchor.explain()}, {week_words(self.begins)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayNear(Rule):
    """A weekday counted from a date, week or month: "Friday before 20 March"."""

    weekday: Weekday
    relation: Relation
    anchor: Rule

    def spans(self, year: int) -> Iterator[Span]:
        return _from(self.anchor, year, lambda day: one_day(self._found(day)))

    def _found(self, day: Span) -> date:
        match self.relation:
            case Relation.ON_OR_AFTER:
                return self.weekday.on_or_after(day.first)
            case Relation.AFTER:
                return self.weekday.on_or_after(day.last + timedelta(1))
            case Relation.ON_OR_BEFORE:
                return self.weekday.on_or_before(day.last)
            case Relation.BEFORE:
                return self.weekday.on_or_before(day.first - timedelta(1))
            case Relation.NEAREST:
                return self.weekday.on_or_after(day.first - timedelta(3))

    def explain(self) -> str:
        which = {Relation.BEFORE: "last ", Relation.ON_OR_BEFORE: "last ", Relation.NEAREST: ""}
        order = which.get(self.relation, "first ")
        return f"the {order}{self.weekday} {self.relation} {self.anchor.explain()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekdayOf(Rule):
    """One day of a week: "Thursday of the first full week of October"."""

    weekday: Weekday
    week: FullWeek | WeekContaining

    def spans(self, year: int) -> Iterator[Span]:
        return _from(self.week, year, lambda week: one_day(self.weekday.on_or_after(week.first)))

    def explain(self) -> str:
        return f"the {self.weekday} of {self.week.explain()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shifted(Rule):
    """A number of days after a date, or before it when `days` is negative: "Easter - 47 days"."""

    anchor: Rule
    days: int

    def spans(self, year: int) -> Iterator[Span]:
        return _from(self.anchor, year, lambda day: one_day(self._found(day)))

    def _found(self, day: Span) -> date:
        return (day.last if self.days > 0 else day.first) + timedelta(self.days)

    def explain(self) -> str:
        side = "after" if self.days > 0 else "before"
        count = "the day" if abs(self.days) == 1 else f"{abs(self.days)} days"
        return f"{count} {side} {self.anchor.explain()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysFrom(Rule):
    """A number of days that begin with a date: "7 days from the second Monday of May"."""

    days: int
    anchor: Rule

    def spans(self, year: int) -> Iterator[Span]:
        return _from(self.anchor, year, lambda day: days_from(day.first, self.days))

    def explain(self) -> str:
        return f"{self.days} days that begin with {self.anchor.explain()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Rule):
    """From one date to another, both included; it may cross a year's end."""

    begin: Rule
    end: Rule

    def spans(self, year: int) -> Iterator[Span]:
        for begin in self.begin.spans(year):
            last = next((day for day in self._ends(year) if day >= begin.last), None)
            across = last is not None and last.year > year
            if last and not (across and (last - begin.first).days > LONGEST):
                yield Span(first=begin.first, last=last)

    def _ends(self, year: int) -> Iterator[date]:
        return (span.last for near in _years_near(year) for span in self.end.spans(near))

    def explain(self) -> str:
        ends = (self.begin, self.end)
        return " to ".join(
            str(end.month) if isinstance(end, WholeMonth) else end.explain() for end in ends
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Either(Rule):
    """The first of two that the year has: "29 February or 28 February"."""

    first: Rule
    otherwise: Rule

    def spans(self, year: int) -> Iterator[Span]:
        found = tuple(self.first.spans(year))
        return iter(found or tuple(self.otherwise.spans(year)))

    def explain(self) -> str:
        return f"{self.first.explain()}, in other years {self.otherwise.explain()}"


def _from(anchor: Rule, year: int, found: Callable[[Span], Span]) -> Iterator[Span]:
    """What `found` makes of each of the anchor's spans, where it begins in this year."""
    for near in _years_near(year):
        for span in anchor.spans(near):
            try:
                placed = found(span)
            except OverflowError:  # dates end with the year 9999
                continue
            if placed.first.year == year:
                yield placed


def _years_near(year: int) -> range:
    return range(max(year - 1, MINYEAR), min(year + 1, MAXYEAR) + 1)
