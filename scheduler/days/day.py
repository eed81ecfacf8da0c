"""What a calendar may say about a day (CALENDARS.md), and the day in one year."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from scheduler.days.rules import Rule
from scheduler.days.when import parse_when
from scheduler.nouns import Span, Tone


class Profile(StrEnum):
    """What a post on the day may say and must not (HEALTH.md Part 3)."""

    SUICIDE = "S1"
    REMEMBRANCE = "S2"
    MENTAL_HEALTH = "A1"
    OTHER_HEALTH = "A2"
    YOUTH = "A3"
    SUBSTANCE = "A4"
    LIGHT = "C1"


PROFILES: Mapping[Tone, Profile] = {
    Tone.SOLEMN: Profile.REMEMBRANCE,
    Tone.AWARENESS: Profile.OTHER_HEALTH,
    Tone.CELEBRATION: Profile.LIGHT,
    Tone.SKIP: Profile.REMEMBRANCE,
}
"""The profile of a day that names none; nothing is posted on a day to skip."""

UNTREATED = frozenset({Profile.SUICIDE, Profile.REMEMBRANCE, Profile.YOUTH, Profile.SUBSTANCE})
"""Profiles on which no treatment may be named (HEALTH.md Part 3)."""


def _shaped(pattern: str, what: str) -> AfterValidator:
    """A check of a text's form whose error says in words what is wanted."""
    form = re.compile(pattern)

    def shaped(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError(f'"{text}" is not {what}')
        return text

    return AfterValidator(shaped)


def _some(regions: tuple[str, ...]) -> tuple[str, ...]:
    if not regions:
        raise ValueError('name at least one region, or "*" for everywhere')
    return regions


def _of_iso(region: str) -> str:
    if region.split("-")[0] == "UK":
        raise ValueError(f'the ISO code of "{region}" is "{region.replace("UK", "GB", 1)}"')
    return region


Slug = Annotated[
    str,
    StringConstraints(max_length=80),
    _shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "an id: small letters, digits and single hyphens only"),
]
"""Ids stand in the ledger's keys, so they never change."""

Region = Annotated[
    str,
    _shaped(
        r"\*|[A-Z]{2}(-[A-Z0-9]{1,3})?",
        'a region: write "*", an ISO 3166 country code such as "US", or a part such as "US-CO"',
    ),
    AfterValidator(_of_iso),
]
Regions = Annotated[tuple[Region, ...], Field(strict=False), AfterValidator(_some)]

Language = Annotated[
    str, _shaped(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", 'a language code such as "es" or "pt-BR"')
]
Hashtag = Annotated[str, _shaped(r"#\w+", 'a hashtag such as "#WorldMentalHealthDay"')]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Origin = Literal[
    "law", "resolution", "agency", "society", "charity", "religious", "company", "paid"
]

_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})(?: to (\d{4}-\d{2}-\d{2}))?")


class Typed(BaseModel):
    """A table that people type: an unknown key or a wrong type is an error."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Calendar(Typed):
    """The `[calendar]` table at the head of a file; its regions hold for days that name none."""

    id: Slug
    title: Text
    regions: Regions = ("*",)
    issuer: str = ""


class Source(Typed):
    """Where a fact stands, and the date of the copy that was read."""

    url: Annotated[str, _shaped(r"https?://[^\s/]+\S*", "a web address with https://")]
    checked: date


class Day(Typed):
    """A named day, week or month of a calendar; the descriptions are shown to staff."""

    id: Slug = Field(description="The day's name in keys, for ever: it must never change.")
    name: Text = Field(description="The name as the issuer writes it.")
    calendar: Slug = Field(default="own", description="The id of the file's [calendar].")
    when: str | None = Field(
        default=None,
        description='The rule in words, such as "10 October" (see "when" in the docs).',
    )
    dates: dict[str, str] = Field(
        default_factory=dict,
        description='Dates of single years, which beat `when`: { 2027 = "2027-05-10" }.',
    )
    topics: Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)] = Field(
        description="Ids from topics.toml; articles are matched by them."
    )
    regions: Regions = Field(default=("*",), description='["*"], or codes such as ["US-CO", "GB"].')
    aliases: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        default=(), description="Other names of the same day."
    )
    names: dict[Language, Text] = Field(
        default_factory=dict, description="The name in other languages, by language code."
    )
    since: int | None = Field(
        default=None, ge=1, le=9999, description="The first year in which the day was kept."
    )
    tone: Annotated[Tone, Field(strict=False)] = Field(
        default=Tone.AWARENESS, description="What a post on the day may be."
    )
    profile: Annotated[Profile, Field(strict=False)] = Field(
        default=cast(Profile, None),
        validate_default=True,
        description="What a post may say; without one it follows from the tone.",
    )
    origin: Origin | None = Field(default=None, description="What gives the day its authority.")
    about: str = Field(default="", description="One sentence of our own on what the day is for.")
    sources: Annotated[tuple[Source, ...], Field(strict=False)] = Field(
        default=(), description="Where the date stands, best first."
    )
    announced: str = Field(
        default="", description="Where the issuer announces the date, if no rule gives it."
    )
    disputed: str = Field(default="", description="What the sources disagree about.")
    quiet: bool = Field(default=False, description="Hold every other post on this date.")
    drug_names: bool = Field(default=False, description="Short posts may name the drug.")
    no_treatment: bool = Field(default=False, description="No post may name a treatment.")
    crisis_required: bool = Field(default=False, description="Every post needs a crisis line.")
    owner: str = Field(default="", description="Who owns the day.")
    mark: str = Field(default="", description="A protected name, and what it may not be used for.")
    hashtags: Annotated[tuple[Hashtag, ...], Field(strict=False)] = Field(
        default=(), description="Tags such as #WorldMentalHealthDay."
    )

    @field_validator("when")
    @classmethod
    def _understood(cls, when: str | None) -> str | None:
        """Refuses a rule that is not understood; the WhenError stays in the error's `ctx`."""
        if when is not None:
            parse_when(when)
        return when

    @field_validator("dates")
    @classmethod
    def _in_their_year(cls, dates: dict[str, str]) -> dict[str, str]:
        for year, text in dates.items():
            span = announced_span(text)
            if str(span.first.year) != year:
                raise ValueError(f'"{text}" does not begin in {year}, the year it is given for')
        return dates

    @field_validator("profile", mode="before")
    @classmethod
    def _by_tone(cls, profile: object, info: ValidationInfo) -> object:
        tone = info.data.get("tone", Tone.SOLEMN)
        return PROFILES[tone] if profile is None else profile

    @model_validator(mode="after")
    def _falls_sometime(self) -> "Day":
        if self.when is None and not self.dates:
            raise ValueError("a day needs `when` (its rule) or `dates` (its date in each year)")
        return self

    def __hash__(self) -> int:
        return hash(self.id)

    @cached_property
    def rule(self) -> Rule | None:
        """The rule of `when`; None for a day that is announced each year."""
        return None if self.when is None else parse_when(self.when)

    @cached_property
    def announcements(self) -> Mapping[int, Span]:
        """The spans of `dates` by year; they beat the rule."""
        return {int(year): announced_span(text) for year, text in self.dates.items()}

    def spans(self, year: int) -> Iterator[Span]:
        """The spans that begin in this year; none before `since` and none that is not known."""
        if self.since is not None and year < self.since:
            return
        if year in self.announcements:
            yield self.announcements[year]
        elif self.rule is not None:
            yield from self.rule.spans(year)

    def explain(self) -> str:
        """When the day falls, in plain words."""
        if self.rule is None:
            return "a date that is announced each year"
        return self.rule.explain()


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A day in one year."""

    day: Day
    span: Span

    @property
    def length(self) -> int:
        """In days; 1 for a single day."""
        return (self.span.last - self.span.first).days + 1


def applies(regions: Collection[str], audience: str) -> bool:
    """Whether a day of these regions is one for this audience.

    The audience "US-CO" is met by "*", "US" and "US-CO"; the audience "US" not by "US-CO".
    """
    country = audience.split("-")[0]
    return not {"*", country, audience}.isdisjoint(regions)


def announced_span(text: str) -> Span:
    """The span of "2026-05-11" or "2026-05-11 to 2026-05-17"; ValueError in words for staff."""
    found = _DATES.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'"{text}" is not a date: write "2026-05-11" or two with " to " between')
    try:
        first = date.fromisoformat(found.group(1))
        last = date.fromisoformat(found.group(2)) if found.group(2) else first
    except ValueError:
        raise ValueError(f'"{text}" names a date that does not exist') from None
    if last < first:
        raise ValueError(f'"{text}" ends before it begins')
    return Span(first=first, last=last)
