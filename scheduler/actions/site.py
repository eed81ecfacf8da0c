"""A site, read whole: every file checked, every problem told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scheduler.article import Article
from scheduler.channels import registry
from scheduler.channels.base import ChannelSettings
from scheduler.days.day import Day, Occurrence
from scheduler.days.expand import occurrences
from scheduler.drafting.context import NAMES, Help
from scheduler.errors import ContentError, Problem, UsageError
from scheduler.files.articles import read_articles, read_templates
from scheduler.files.calendars import read_days, read_topics
from scheduler.files.config import Config, read_config
from scheduler.files.rulebook import read_crisis_lines, read_rules
from scheduler.files.shipped import shipped
from scheduler.files.state import fingerprints
from scheduler.guard.crisis import Confirmation, CrisisLine, confirmed, lines_for
from scheduler.guard.rules import Rules
from scheduler.matching.topics import Topics
from scheduler.nouns import Role
from scheduler.sandbox import Sandbox

NO_LINE = Help(
    country="your country",
    short_country="your country",
    line="contact a local crisis line",
    emergency="your local emergency number",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What the files want: nothing of it is read again while this object lives."""

    folder: Path
    config: Config
    days: tuple[Day, ...]
    topics: Topics
    articles: tuple[Article, ...]
    templates: Mapping[str, str]
    rules: Rules
    crisis: tuple[CrisisLine, ...]
    content: tuple[str, ...]  # fingerprints of the files, taken before they were read

    @property
    def id(self) -> str:
        return self.config.site.id

    @property
    def ledger(self) -> Path:
        return self.folder / self.config.ledger.path

    @property
    def channels(self) -> tuple[ChannelSettings, ...]:
        return self.config.channels

    @property
    def lines(self) -> tuple[CrisisLine, ...]:
        """The crisis lines of the audience."""
        return lines_for(self.crisis, [self.config.site.audience])

    @property
    def help(self) -> Help:
        """What a reader in need is told; where no line is known, to look for a local one."""
        line = next(iter(self.lines), None)
        if line is None:
            return NO_LINE
        return Help(
            country=line.place,
            short_country=line.short_place,
            line=line.call,
            emergency=line.emergency,
        )

    def channel(self, name: str) -> ChannelSettings | None:
        return next((one for one in self.channels if one.name == name), None)

    def article(self, article_id: str) -> Article | None:
        return next((one for one in self.articles if one.id == article_id), None)

    def occurrence(self, day_id: str, first: date) -> Occurrence | None:
        """That day's occurrence beginning on that date; None where the calendars have none."""
        days = [day for day in self.days if day.id == day_id]
        return next(iter(occurrences(days, first, first)), None)

    def allow(self, name: str, *roles: Role) -> str:
        """The name of a person who holds one of the roles; raises UsageError otherwise."""
        people = {person.name: person for person in self.config.people}
        if name not in people:
            known = ", ".join(people) or "nobody"
            raise UsageError(
                f"config.toml names no person called “{name}” (it names {known}).\n"
                "    Add a [[people]] table with name, email and roles."
            )
        if not set(roles) & set(people[name].roles):
            raise UsageError(
                f"{name} may not do this: it needs the role {' or '.join(roles)}.\n"
                "    Roles stand under [[people]] in config.toml."
            )
        return name


def open_site(folder: Path) -> Site:
    """Read a site; raises ContentError with every problem of every file."""
    content = fingerprints(folder, shipped())
    config, problems = read_config(folder, registry.settings_of, registry.kinds())
    days, day_problems = read_days(folder)
    topics, topic_problems = read_topics(folder)
    wanted = config.plan.articles if config else None
    articles, article_problems = read_articles(folder, wanted)
    templates, template_problems = _templates(folder, [article.id for article in articles])
    problems += day_problems + topic_problems + article_problems + template_problems
    if problems or config is None:
        raise ContentError(problems)
    return Site(
        folder=folder,
        config=config,
        days=days,
        topics=topics,
        articles=articles,
        templates=templates,
        rules=read_rules(),
        crisis=confirmed(read_crisis_lines(), _confirmations(config)),
        content=content,
    )


def _templates(folder: Path, articles: list[str]) -> tuple[dict[str, str], list[Problem]]:
    """The templates, and what is wrong in them: looked at in the sandbox's child."""
    try:
        templates = read_templates(folder, articles)
    except ContentError as error:
        return {}, list(error.problems)
    with Sandbox(templates) as sandbox:
        return templates, sandbox.problems(NAMES)


def _confirmations(config: Config) -> list[Confirmation]:
    return [
        Confirmation(country=one.country, by=one.by, source=one.source, checked=one.checked)
        for one in config.crisis
    ]
