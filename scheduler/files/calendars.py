"""The shipped calendars, and the site's own days and changes laid over them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from scheduler.days.day import Calendar, Day, Regions, Slug, Text, Typed
from scheduler.errors import ContentError, Problem
from scheduler.files.read import read_text
from scheduler.files.shipped import shipped
from scheduler.matching.topics import Topics, TopicsFile
from scheduler.nouns import Tone
from scheduler.places import Places, did_you_mean, read_toml, validated

OWN = "calendars/own.toml"
TOPICS = "topics.toml"


class DayChange(Typed):
    """What `own.toml` may say about a shipped day; everything else stays as it was shipped."""

    id: Slug = Field(description="The id of the shipped day.")
    name: Text | None = Field(default=None, description="What you call the day.")
    regions: Regions | None = Field(default=None, description="Where you keep it.")
    topics: Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)] | None = Field(
        default=None, description="Ids from topics.toml; articles are matched by them."
    )
    tone: Annotated[Tone, Field(strict=False)] | None = Field(
        default=None, description="What a post on the day may be."
    )
    quiet: bool = Field(default=False, description="Hold every other post on this date.")
    followed: bool = Field(
        default=False, description="Kept in mind for you; the plan does not use it yet."
    )
    muted: bool = Field(default=False, description="Never plan anything for it.")


_CHOICES = ("followed", "muted")


class _CalendarFile(Typed):
    """A calendar file, its days not yet looked at."""

    calendar: Calendar = Calendar(id="own", title="Our own days")
    day: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendars:
    """The days of a site by id, without the muted ones; `followed` and `muted` hold ids."""

    days: tuple[Day, ...]
    followed: frozenset[str]
    muted: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """One `[[day]]` and where it stands."""

    file: str
    index: int
    places: Places
    table: Mapping[str, Any]
    calendar: Calendar

    @property
    def id(self) -> str:
        return str(self.table.get("id", ""))

    def problem(self, what: str, cure: str, *path: str | int) -> Problem:
        line, column = self.places.at("day", self.index, *path)
        return Problem(file=self.file, line=line, column=column, what=what, cure=cure)

    def read(self, table: Mapping[str, Any]) -> tuple[Day | None, list[Problem]]:
        """The day of a table that stands here, or stood here before it was changed."""
        full = {"regions": self.calendar.regions, **table, "calendar": self.calendar.id}
        return validated(Day, full, self.file, self.places, ("day", self.index))


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    tables: dict[str, _Table] = field(default_factory=dict)
    days: dict[str, Day] = field(default_factory=dict)
    followed: set[str] = field(default_factory=set)
    muted: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def ship(self, one: _Table) -> None:
        """Take a shipped day."""
        if self._is_second(one, self.tables):
            return
        self.tables[one.id] = one
        self._keep(one, *one.read(one.table))

    def own(self, tables: Sequence[_Table]) -> None:
        """Lay the site's own days and changes over the shipped ones."""
        seen: dict[str, _Table] = {}
        for one in tables:
            if self._is_second(one, seen):
                continue
            seen[one.id] = one
            if one.id in self.tables:
                self._change(one, self.tables[one.id])
            else:
                self._add(one)

    def _change(self, one: _Table, before: _Table) -> None:
        fixed = [name for name in one.table if name in _FIXED]
        for name in fixed:
            what = f"“{name}” of a shipped day cannot be changed"
            cure = f"Only these can: {', '.join(_CHANGED)}. Or give the day an id of your own."
            self.problems.append(one.problem(what, cure, name))
        rest = {name: value for name, value in one.table.items() if name not in fixed}
        change, problems = validated(DayChange, rest, one.file, one.places, ("day", one.index))
        self.problems += problems
        if change and not fixed:
            said = {name: value for name, value in rest.items() if name not in _CHOICES}
            self._keep(one, *before.read({**before.table, **said}))
            self._choose(change)

    def _add(self, one: _Table) -> None:
        known = did_you_mean(one.id, self.tables)
        if one.id and known and not {"when", "dates"} & set(one.table):
            what = f"there is no shipped day “{one.id}”"
            cure = f"{known} A day of your own needs name, when and topics."
            self.problems.append(one.problem(what, cure, "id"))
            return
        choices = {name: value for name, value in one.table.items() if name in ("id", *_CHOICES)}
        rest = {name: value for name, value in one.table.items() if name not in _CHOICES}
        day, problems = one.read(rest)
        self._keep(one, day, problems)
        if day:
            path = ("day", one.index)
            change, problems = validated(DayChange, choices, one.file, one.places, path)
            self.problems += problems
            self._choose(change)

    def _choose(self, change: DayChange | None) -> None:
        if change and change.followed:
            self.followed.add(change.id)
        if change and change.muted:
            self.muted.add(change.id)

    def _keep(self, one: _Table, day: Day | None, problems: list[Problem]) -> None:
        self.problems += problems
        if day:
            self.days[one.id] = day

    def _is_second(self, one: _Table, seen: Mapping[str, _Table]) -> bool:
        if not one.id or one.id not in seen:
            return False
        first = seen[one.id]
        line, _ = first.places.at("day", first.index, "id")
        what = f"the id “{one.id}” is that of the day in {first.file}:{line} too"
        self.problems.append(one.problem(what, "Give each day its own id.", "id"))
        return True


_CHANGED = [name for name in DayChange.model_fields if name != "id"]
_FIXED = frozenset(Day.model_fields) - frozenset(DayChange.model_fields)


def read_days(folder: Path) -> tuple[tuple[Day, ...], list[Problem]]:
    """The days that a site may post on: shipped and own, without the muted ones."""
    calendars, problems = read_calendars(folder)
    return calendars.days, problems


def read_calendars(folder: Path) -> tuple[Calendars, list[Problem]]:
    """The days of a site, what it follows and mutes, and every problem in every calendar."""
    reading = _Reading()
    home = shipped()
    tables: list[_Table] = []
    for path in sorted((home / "calendars").glob("*.toml")):
        if path.name not in (TOPICS, Path(OWN).name):
            found = _open(path, home, f"shipped calendars/{path.name}", reading.problems)
            for one in found:
                reading.ship(one)
            tables += found
    if (folder / OWN).exists():
        found = _open(folder / OWN, folder, OWN, reading.problems)
        reading.own(found)
        tables += found
    reading.problems += _strangers(folder, home)
    reading.problems += _unknown_topics(tables)
    planned = (day for name, day in sorted(reading.days.items()) if name not in reading.muted)
    calendars = Calendars(
        days=tuple(planned), followed=frozenset(reading.followed), muted=frozenset(reading.muted)
    )
    return calendars, reading.problems


def read_topics(_folder: Path) -> tuple[Topics, list[Problem]]:
    """The topic vocabulary; it is the shipped one for every site."""
    vocabulary, problems = read_vocabulary()
    return Topics(vocabulary), problems


def read_vocabulary() -> tuple[TopicsFile, list[Problem]]:
    """The topics as they are typed."""
    file = f"shipped calendars/{TOPICS}"
    home = shipped()
    try:
        table, places = read_toml(read_text(home / "calendars" / TOPICS, home, file), file)
    except ContentError as error:
        return TopicsFile(topic=()), list(error.problems)
    read, problems = validated(TopicsFile, table, file, places)
    if read:
        problems += Topics(read).problems(file, places)
    return read or TopicsFile(topic=()), problems


def _open(path: Path, root: Path, file: str, problems: list[Problem]) -> list[_Table]:
    """The days of one file as tables; what is wrong with the file is added to `problems`."""
    try:
        table, places = read_toml(read_text(path, root, file), file)
    except ContentError as error:
        problems += error.problems
        return []
    read, found = validated(_CalendarFile, table, file, places)
    problems += found
    return [
        _Table(file=file, index=index, places=places, table=one, calendar=read.calendar)
        for index, one in enumerate(table.get("day", []) if read else [])
        if read
    ]


def _strangers(folder: Path, home: Path) -> Iterator[Problem]:
    """Files that somebody may take for calendars of the site; only own.toml is read."""
    known = {path.name for path in (home / "calendars").glob("*.toml")} | {Path(OWN).name}
    for path in sorted((folder / "calendars").glob("*.toml")):
        if path.name not in known:
            file = f"calendars/{path.name}"
            yield Problem(file=file, what="this file is not read", cure=f"Move its days to {OWN}.")


def _unknown_topics(tables: Sequence[_Table]) -> Iterator[Problem]:
    """A problem for each topic of a day that the vocabulary does not know."""
    vocabulary, _ = read_vocabulary()
    known = [topic.id for topic in vocabulary.topic]
    for one in tables if known else ():
        topics = one.table.get("topics")
        for index, topic in enumerate(topics if isinstance(topics, list) else ()):
            if isinstance(topic, str) and topic not in known:
                cure = did_you_mean(topic, known) or "Take one of calendars/topics.toml."
                what = f"there is no topic “{topic}”"
                yield one.problem(what, cure, "topics", index)
