"""Crisis lines: which ones to name, whether a text names one, and until when it may be trusted.

HEALTH.md 2.3: a line is good for 90 days after somebody read the page that confirms it.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scheduler.errors import ContentError, Problem
from scheduler.guard.audience import country_of
from scheduler.guard.normalise import normalise
from scheduler.guard.patterns import found
from scheduler.nouns import Finding, Severity

GOOD_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisLine:
    """The line of one country; `call` is what to do, `written` how texts mention it.

    `place` and `short_place` name the country inside a sentence: "the United States", "US".
    """

    country: str
    place: str
    short_place: str
    name: str
    call: str
    written: tuple[str, ...]
    emergency: str
    hours: str
    source: str
    checked: date
    by: str = ""

    @property
    def say(self) -> str:
        """The line in one breath."""
        return f"{self.name}: {self.call}; in an emergency, call {self.emergency}."

    @property
    def good_until(self) -> date:
        """The last day on which the line may be published without looking again."""
        return self.checked + GOOD_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Somebody of the site read a page that confirms the line of a country."""

    country: str
    by: str
    source: str
    checked: date


class _LineData(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    country: str = Field(pattern=r"^[A-Z]{2}$")
    place: str
    short_place: str
    name: str
    call: str
    written: list[str]
    emergency: str
    hours: str
    source: str
    also: list[str] = []
    checked: date


def lines_from(toml_text: str) -> tuple[CrisisLine, ...]:
    """The `[[line]]` tables of a crisis file; ContentError with every problem."""
    try:
        table: dict[str, Any] = tomllib.loads(toml_text)
        data = [_LineData.model_validate(line) for line in table.get("line", [])]
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ContentError([Problem(file="crisis lines", what=str(error))]) from error
    return tuple(
        CrisisLine(**line.model_dump(exclude={"also", "written"}), written=tuple(line.written))
        for line in data
    )


def confirmed(
    lines: Sequence[CrisisLine], confirmations: Iterable[Confirmation]
) -> tuple[CrisisLine, ...]:
    """The lines with a site's confirmations laid over: the later check wins.

    Of two on the same day the site's own wins.
    """
    latest = {line.country: line for line in lines}
    for news in confirmations:
        country = country_of(news.country)
        line = latest.get(country)
        if line and news.checked >= line.checked:
            latest[country] = replace(line, by=news.by, source=news.source, checked=news.checked)
    return tuple(latest.values())


def lines_for(lines: Sequence[CrisisLine], audience: Sequence[str]) -> tuple[CrisisLine, ...]:
    """The lines of an audience's countries, in the audience's order, each once."""
    countries = dict.fromkeys(country_of(place) for place in audience)
    return tuple(line for country in countries for line in lines if line.country == country)


def mentions(line: CrisisLine, text: str) -> bool:
    """Whether a text names the line by one of its numbers or addresses."""
    return stands_in(line, normalise(text).text)


def stands_in(line: CrisisLine, plain: str) -> bool:
    """The same for a text in its plain form."""
    return any(found(_loose(form), plain) for form in line.written)


def stale(lines: Iterable[CrisisLine], text: str, on: date) -> CrisisLine | None:
    """A line that the text names and that will be past its days on that date; None if none is."""
    old = (line for line in lines if line.good_until < on and mentions(line, text))
    return min(old, key=lambda line: line.good_until, default=None)


def confirm_again(line: CrisisLine, on: date) -> Finding:
    """What planning says of a post due on a date when its line is past its days then."""
    return Finding(
        rule="SUI-LINE",
        severity=Severity.WARN,
        why=(
            f"The crisis line for {line.country} ({line.name}) was last checked on {line.checked};"
            f" it is good until {line.good_until}, and this post is due on {on}."
        ),
        suggestion=(
            f"Look the number up and confirm it again before {on}:"
            f" redletter crisis confirm {line.country} --by NAME --source URL"
        ),
    )


def _loose(form: str) -> str:
    """A number with or without its spaces, dots and hyphens; anything else as it is written."""
    digits = "".join(character for character in form if character.isdigit())
    if digits and all(c.isdigit() or c in " .-()+" for c in form):
        return r"(?<!\d[.,\-]?)" + r"[\s.\-]?".join(digits) + r"(?![\s.\-]?\d)"
    return form.replace(".", r"\.")
