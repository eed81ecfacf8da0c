"""The dates of every shipped day, kept: a date that changes is seen and judged by a person."""

import tomllib
from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest

from scheduler.days.day import Day, Occurrence
from scheduler.days.expand import occurrences

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "days-2024-2030.txt"
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)


def shipped() -> list[Day]:
    return [
        Day.model_validate({**table, "calendar": path.stem})
        for path in sorted((ROOT / "calendars").glob("*.toml"))
        if path.name not in {"topics.toml", "own.toml"}
        for table in tomllib.loads(path.read_text(encoding="utf-8"))["day"]
    ]


def line(found: Occurrence) -> str:
    """ "2027-06-14 Mon - 2027-06-20 Sun  mens-health-week-us"; one date for a single day."""
    ends = (found.span.first, found.span.last)[: 1 if found.length == 1 else 2]
    return f"{' - '.join(f'{day:%Y-%m-%d %a}' for day in ends):<34}{found.day.id}\n"


def test_every_day_falls_where_it_fell(tmp_path: Path) -> None:
    kept = GOLDEN.read_text(encoding="utf-8").splitlines(keepends=True)
    now = [line(found) for found in occurrences(shipped(), FIRST, LAST)]

    if now != kept:
        anew = tmp_path / GOLDEN.name
        anew.write_text("".join(now), encoding="utf-8")
        changed = "".join(unified_diff(kept, now, "as kept", "as computed now", n=0))
        pytest.fail(
            f"Dates have changed:\n{changed}\nIf each new line is right by its source, "
            f"replace tests/golden/{GOLDEN.name} with {anew}.",
            pytrace=False,
        )


def test_every_day_falls_once_in_every_year() -> None:
    for day in shipped():
        for year in range(max(FIRST.year, day.since or 0), LAST.year + 1):
            assert len(list(day.spans(year))) == 1, f"{day.id} in {year}"
