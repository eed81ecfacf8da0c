"""Days into the dates on which they fall."""

from collections.abc import Iterable
from datetime import date

from scheduler.days.day import Day, Occurrence


def occurrences(days: Iterable[Day], first: date, last: date) -> list[Occurrence]:
    """Every occurrence that begins in the window, both dates included, by date and day id."""
    found = (
        Occurrence(day=day, span=span)
        for day in days
        for year in range(first.year, last.year + 1)
        for span in day.spans(year)
        if first <= span.first <= last
    )
    return sorted(found, key=lambda occurrence: (occurrence.span.first, occurrence.day.id))
