"""The site's `config.toml`: what it may say, and reading it with every problem at once."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from scheduler.errors import ContentError, Problem, UsageError
from scheduler.files.read import read_text
from scheduler.nouns import Role
from scheduler.places import Places, did_you_mean, read_toml, validated

FILE = "config.toml"
# These names stand in the audit trail for Redletter itself.
RESERVED = frozenset({"planner", "publisher", "redletter", "system"})

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Web = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]
PersonName = Annotated[str, StringConstraints(pattern=r"^[^\W_]([\w .'-]{0,58}[\w.])?$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class _Typed(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class SiteSettings(_Typed):
    """Who speaks, and to whom."""

    id: Id = Field(
        description="Small letters, digits and hyphens; stands in every key, so never change it "
        "once something was sent."
    )
    name: str = Field(
        min_length=1, max_length=200, description="The brand's name, as people know it."
    )
    url: Web = Field(description="Address of the website, with https:// in front.")
    timezone: str = Field(description="Name of the time zone, such as America/Denver.")
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = (
        Field(
            default="en",
            description="Code of the brand's language, such as en. Nothing follows from it yet: "
            "a post has the language of its article.",
        )
    )
    audience: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")] = Field(
        description="Country, or country and state, of those who read the posts, such as US-CO; "
        "the guard's rules, the days and the crisis line follow from it."
    )

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError):
            near = did_you_mean(name, available_timezones())
            raise ValueError(f"there is no such time zone\n{near}") from None
        return name


class LedgerSettings(_Typed):
    """Where the promises and receipts are kept."""

    path: str = Field(
        default="ledger.db",
        min_length=1,
        description="The ledger's file: inside the site's folder, or an absolute path.",
    )

    @field_validator("path")
    @classmethod
    def _stays_inside(cls, path: str) -> str:
        if ".." in PurePosixPath(path).parts or "\0" in path:
            raise ValueError(
                "this leads out of the site's folder\nName a file inside it, or an absolute path."
            )
        return path


class PlanSettings(_Typed):
    """Which articles are posted, how far ahead, and how often."""

    articles: tuple[str, ...] | None = Field(
        default=None,
        description="Ids of the articles to post about: names of folders in posts/. "
        "Left out: all of them.",
    )
    months: int = Field(
        default=13, ge=1, le=36, description="How many months ahead the plan is kept."
    )
    time: datetime.time = Field(
        default=datetime.time(9),
        description='Local time at which a post goes out, such as "09:00".',
    )
    per_week: int = Field(
        default=2, ge=1, le=50, description="Most occasions in any one week, Monday to Sunday."
    )
    per_month: int = Field(default=6, ge=1, le=200, description="Most occasions in any one month.")
    gap_days: int = Field(
        default=2, ge=0, le=60, description="Least number of days between two occasions."
    )

    @field_validator("articles")
    @classmethod
    def _once(cls, articles: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if articles and len(set(articles)) < len(articles):
            raise ValueError("one article stands here twice\nName each once.")
        return articles

    @field_validator("time")
    @classmethod
    def _local(cls, at: datetime.time) -> datetime.time:
        if at.tzinfo:
            raise ValueError("the time names a zone\nWrite it without: the site's zone is used.")
        return at


class ReviewSettings(_Typed):
    """Who may approve what."""

    four_eyes: bool = Field(default=True, description="Whether nobody may approve what they wrote.")


class Person(_Typed):
    """Somebody who may write, approve or administer."""

    name: PersonName = Field(description="The name given after --by: letters, digits, spaces.")
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")] = Field(
        description="Where notices will reach this person, such as ann@clinic.example; "
        "no mail is sent yet."
    )
    roles: tuple[Role, ...] = Field(
        min_length=1, description="What the person may do: author, approver, admin."
    )

    @field_validator("name")
    @classmethod
    def _not_ours(cls, name: str) -> str:
        if name.casefold() in RESERVED:
            raise ValueError("Redletter itself signs with this name\nChoose another one.")
        return name


class Crisis(_Typed):
    """A person's word that a country's crisis line was looked up; good for 90 days."""

    country: Country = Field(description="Code of the country whose line was looked up: US.")
    by: str = Field(min_length=1, description="Who looked it up.")
    source: Web = Field(description="The page on which the line was found.")
    checked: datetime.date = Field(
        description="The day on which it was looked up, such as 2027-10-10."
    )


class ConfigFile(_Typed):
    """Everything in `config.toml`; what a channel may say depends on its kind."""

    site: SiteSettings = Field(description="[site]: who speaks, and to whom.")
    ledger: LedgerSettings = Field(
        default_factory=LedgerSettings, description="Where promises and receipts are kept."
    )
    plan: PlanSettings = Field(
        default_factory=PlanSettings, description="What is posted, how often."
    )
    review: ReviewSettings = Field(
        default_factory=ReviewSettings, description="Who may approve what."
    )
    people: tuple[Person, ...] = Field(default=(), description="Who may write and approve.")
    channel: tuple[dict[str, Any], ...] = Field(default=(), description="Where posts go.")
    crisis: tuple[Crisis, ...] = Field(default=(), description="Crisis lines that were looked up.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A `config.toml` without a problem.

    Each of `channels` has `name` and `kind`; the rest is its kind's own, hence no closer type here.
    """

    site: SiteSettings
    ledger: LedgerSettings
    plan: PlanSettings
    review: ReviewSettings
    people: tuple[Person, ...]
    crisis: tuple[Crisis, ...]
    channels: tuple[Any, ...]


SettingsOf = Callable[[str], type[BaseModel]]


def find_site(start: Path) -> Path:
    """The nearest folder at or above `start` with a `config.toml`; raises UsageError."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    raise UsageError(
        f"There is no site at or above {start}: no folder there holds a config.toml.\n"
        "    Go to your site's folder, name it with --site DIR, or make one: redletter init DIR"
    )


def read_config(
    folder: Path, settings_of: SettingsOf, kinds: Sequence[str]
) -> tuple[Config | None, list[Problem]]:
    """The site's config, or None and all that a person must mend in it.

    `settings_of` gives the settings of one of the `kinds` of channel, or raises UsageError.
    """
    try:
        table, places = read_toml(read_text(folder / FILE, folder, FILE), FILE)
    except ContentError as error:
        return None, list(error.problems)
    typed, problems = validated(ConfigFile, table, FILE, places)
    channels: list[BaseModel] = []
    for index, one in _tables(table, "channel"):
        settings, found = _channel(one, index, places, settings_of, kinds)
        channels += [settings] if settings else []
        problems += found
    problems += _twice(table, "people", places) + _twice(table, "channel", places)
    if problems or typed is None:
        return None, problems
    fields = {name: getattr(typed, name) for name in ConfigFile.model_fields if name != "channel"}
    return Config(channels=tuple(channels), **fields), []


def _tables(table: Mapping[str, Any], array: str) -> list[tuple[int, dict[str, Any]]]:
    """The tables of an array, numbered; anything else is `validated`'s to complain about."""
    entries = table.get(array)
    entries = entries if isinstance(entries, list) else []
    return [(index, one) for index, one in enumerate(entries) if isinstance(one, dict)]


def _channel(
    table: Mapping[str, Any],
    index: int,
    places: Places,
    settings_of: SettingsOf,
    kinds: Sequence[str],
) -> tuple[BaseModel | None, list[Problem]]:
    kind = table.get("kind")
    line, column = places.at("channel", index, "kind")
    cure = did_you_mean(str(kind), kinds) or f"Known kinds: {', '.join(sorted(kinds))}."
    if not isinstance(kind, str):
        what = "“kind” is missing"
    elif kind not in kinds:
        what = f"there is no kind of channel “{kind}”"
    else:
        try:
            settings = settings_of(kind)
        except UsageError as error:  # its connector is installed and cannot be loaded
            what, cure = str(error), ""
        else:
            return validated(settings, table, FILE, places, ("channel", index))
    return None, [Problem(file=FILE, line=line, column=column, what=what, cure=cure)]


def _twice(table: Mapping[str, Any], array: str, places: Places) -> list[Problem]:
    """A problem for each table whose name an earlier one has."""
    seen: dict[str, int] = {}
    problems: list[Problem] = []
    for index, one in _tables(table, array):
        name = one.get("name")
        first = seen.setdefault(name.casefold(), index) if isinstance(name, str) else index
        if first != index:
            line, column = places.at(array, index, "name")
            what = f"the name “{name}” stands in line {places.at(array, first, 'name')[0]} too"
            cure = "Give each its own name."
            problems.append(Problem(file=FILE, line=line, column=column, what=what, cure=cure))
    return problems
