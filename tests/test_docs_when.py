"""The tables of docs/reference/when.md say what the rules do, and every rule form stands there."""

import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from scheduler.days.anchored import LONGEST, Relation, WeekdayNear
from scheduler.days.day import Day
from scheduler.days.rules import Rule
from scheduler.days.when import DEEPEST, WhenError, parse_when
from scheduler.nouns import Span

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "when.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]
EXAMPLES = [(row[0].strip("` "), *row[1:]) for row in ROWS if len(row) == 4]
MISTAKES = [(row[0].strip("` "), row[1]) for row in ROWS if len(row) == 2]


def written(spans: Iterator[Span]) -> str:
    each = (
        f"{span.first}" if span.first == span.last else f"{span.first} to {span.last}"
        for span in spans
    )
    return ", ".join(each) or "none"


def parts(rule: Rule) -> Iterator[Rule]:
    yield rule
    for field in fields(rule):  # type: ignore[arg-type]
        value: Any = getattr(rule, field.name)
        if isinstance(value, Rule):
            yield from parts(value)


def test_the_page_has_its_tables() -> None:
    assert len(EXAMPLES) >= 35
    assert len(MISTAKES) >= 10
    assert len(EXAMPLES) + len(MISTAKES) == len(ROWS)


@pytest.mark.parametrize(("when", "meaning", "in_2026", "in_2028"), EXAMPLES)
def test_an_example_means_and_gives_what_the_page_says(
    when: str, meaning: str, in_2026: str, in_2028: str
) -> None:
    rule = parse_when(when)

    assert rule.explain() == meaning
    assert (written(rule.spans(2026)), written(rule.spans(2028))) == (in_2026, in_2028)


@pytest.mark.parametrize(("when", "answer"), MISTAKES)
def test_a_mistake_gets_the_answer_on_the_page(when: str, answer: str) -> None:
    with pytest.raises(WhenError) as caught:
        parse_when(when)

    assert str(caught.value) == answer


def test_every_rule_form_has_an_example() -> None:
    shown = [part for when, *_ in EXAMPLES for part in parts(parse_when(when))]

    # By name: a slotted dataclass leaves its first, unslotted class behind.
    assert {type(part).__name__ for part in shown} == {
        form.__name__ for form in Rule.__subclasses__()
    }
    relations = {part.relation for part in shown if isinstance(part, WeekdayNear)}
    assert relations == set(Relation)


def test_the_limits_on_the_page_are_the_real_ones() -> None:
    assert f"At most {DEEPEST + 1} dates" in PAGE
    assert f"longer than {LONGEST} days" in PAGE


def test_the_announced_day_is_a_valid_day() -> None:
    [table] = tomllib.loads(PAGE.split("```toml\n")[1].split("```")[0])["day"]

    assert written(Day.model_validate(table).spans(2027)) == "2027-05-10 to 2027-05-16"
