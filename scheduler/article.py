"""What an article file may say: points with their sources, statements, disclaimers, a body.

The file is TOML between two `+++` lines, then Markdown. Posts are built from the points alone,
each of which carries where it was read and when.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from scheduler.errors import ContentError, Problem
from scheduler.nouns import Kind
from scheduler.places import Places, read_toml, validated
from scheduler.text import sentences

FENCE = "+++"
# U+E000 and U+E001 are what `keep(...)` in a template writes; an author's text may not forge them.
_RESERVED = re.compile("[\ue000\ue001]|\\\\(?:u|U0000)[eE]00[01]")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"\S")]
Web = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+\S*$")]


class _Typed(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Source(_Typed):
    """Where a fact was read, and the date of the copy that was read.

    `plain` says that neither title nor address names the treatment, so that the source may be
    shown in a text that names none.
    """

    title: Line = ""
    url: Web = ""
    checked: date
    plain: bool = False

    @model_validator(mode="after")
    def _names_something(self) -> "Source":
        if not (self.title or self.url):
            raise ValueError("a source needs a `url` or a `title`")
        return self


class Point(_Typed):
    """One benefit, risk, fact or action, in several wordings that each stand alone.

    `plain` holds wordings that name no treatment, for channels and days where none is named.
    `goes_with` names the facts and actions that suit the point in a short text; none means any.
    """

    id: Id
    kind: Kind
    label: Line
    sentences: tuple[Line, ...] = Field(min_length=1)
    plain: tuple[Line, ...] = ()
    sources: tuple[Source, ...] = Field(min_length=1)
    pairs_with: Id | None = None
    goes_with: tuple[Id, ...] = ()
    expires: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the point may still be used on that day; its last day is `expires`."""
        return self.expires is None or day <= self.expires


class Statement(_Typed):
    """What every text that names the treatment has to say: its status, its risks.

    `full` holds equal wordings, one of which stands in a long text; `short` goes everywhere else.
    """

    short: Line
    full: tuple[Line, ...] = Field(min_length=1)
    sources: tuple[Source, ...] = Field(min_length=1)
    expires: date | None = None

    def valid_on(self, day: date) -> bool:
        return self.expires is None or day <= self.expires


class Reviewer(_Typed):
    """The clinician who read the article, and when."""

    name: Line
    date: date


class _Front(_Typed):
    """The TOML part of an article file."""

    title: Line
    url: Web
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    topics: tuple[Id, ...] = Field(min_length=1)
    names_treatment: bool
    disclaimer: Line
    short_disclaimer: Line
    status: Statement | None = None
    risks: Statement | None = None
    reviewer: Reviewer | None = None
    point: tuple[Point, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The source of all posts on a subject; points stand in the order of the file."""

    id: str
    title: str
    url: str
    language: str
    topics: tuple[str, ...]
    names_treatment: bool
    disclaimer: str
    short_disclaimer: str
    status: Statement | None
    risks: Statement | None
    reviewer: Reviewer | None
    points: tuple[Point, ...]
    body: str

    def may_name_treatment(self, day: date) -> bool:
        """Whether the treatment's status and risks are stated and still valid on that day."""
        statements = (self.status, self.risks)
        return self.names_treatment and all(one and one.valid_on(day) for one in statements)


def parse_article(article_id: str, text: str, file: str) -> Article:
    """The article in the text of its file; raises ContentError with every problem in it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    front_text, body = _split(text, file)
    reserved = _reserved(text, file)
    try:
        table, places = read_toml(front_text, file, first_line=2)
    except ContentError as error:
        raise ContentError([*error.problems, *reserved]) from None
    front, problems = validated(_Front, table, file, places)
    problems = [*problems, *reserved]
    if front:
        problems += _Check(front, places, file).problems()
    if problems or not front:
        raise ContentError(problems)
    fields = {name: getattr(front, name) for name in _Front.model_fields if name != "point"}
    return Article(id=article_id, points=front.point, body=body, **fields)


def _split(text: str, file: str) -> tuple[str, str]:
    """The TOML between the fences and the Markdown after them."""
    lines = text.split("\n")
    cure = f"An article starts with a line {FENCE}, then TOML, a line {FENCE}, then Markdown."
    if lines[0].rstrip() != FENCE:
        what = f"the first line is not {FENCE}"
        raise ContentError([Problem(file=file, line=1, column=1, what=what, cure=cure)])
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]).strip()
    what = f"the {FENCE} that ends the front matter is missing"
    raise ContentError([Problem(file=file, line=len(lines), column=1, what=what, cure=cure)])


def _reserved(text: str, file: str) -> list[Problem]:
    return [
        Problem(
            file=file,
            line=text.count("\n", 0, found.start()) + 1,
            column=found.start() - text.rfind("\n", 0, found.start()),
            what="U+E000 or U+E001 stands in the text",
            cure="These two characters are reserved for templates: take them out.",
        )
        for found in _RESERVED.finditer(text)
    ]


@dataclass(frozen=True, slots=True)
class _Check:
    """What the single fields cannot know: the points seen together."""

    front: _Front
    places: Places
    file: str

    def problems(self) -> list[Problem]:
        checks: list[Callable[[], Iterator[Problem]]] = [
            self._ids,
            self._pairs,
            self._company,
            self._balance,
            self._sentences,
            self._statements,
        ]
        return [problem for check in checks for problem in check()]

    def _problem(self, path: tuple[str | int, ...], what: str, cure: str) -> Problem:
        line, column = self.places.at(*path)
        return Problem(file=self.file, line=line, column=column, what=what, cure=cure)

    def _ids(self) -> Iterator[Problem]:
        seen: Counter[str] = Counter()
        for index, point in enumerate(self.front.point):
            if seen[point.id]:
                what = f"two points have the id {point.id!r}"
                yield self._problem(("point", index, "id"), what, "Give each point its own id.")
            seen[point.id] += 1

    def _pairs(self) -> Iterator[Problem]:
        risks = {point.id for point in self.front.point if point.kind is Kind.RISK}
        for index, point in enumerate(self.front.point):
            if point.kind is Kind.BENEFIT and point.pairs_with is None:
                what = f"the benefit {point.id!r} has no risk beside it"
                cure = "Add pairs_with with the id of a point of the kind risk."
                yield self._problem(("point", index), what, cure)
            elif point.pairs_with is not None and point.pairs_with not in risks:
                what = f"pairs_with names {point.pairs_with!r}, which is no risk of this article"
                cure = f"Name one of: {', '.join(sorted(risks)) or 'none is there yet'}."
                yield self._problem(("point", index, "pairs_with"), what, cure)

    def _company(self) -> Iterator[Problem]:
        known = {p.id for p in self.front.point if p.kind in (Kind.FACT, Kind.ACTION)}
        for index, point in enumerate(self.front.point):
            for number, other in enumerate(point.goes_with):
                if other not in known:
                    what = f"goes_with names {other!r}, which is no fact or action of this article"
                    cure = f"Name any of: {', '.join(sorted(known)) or 'none is there yet'}."
                    yield self._problem(("point", index, "goes_with", number), what, cure)

    def _balance(self) -> Iterator[Problem]:
        kinds = {point.kind for point in self.front.point}
        if Kind.BENEFIT in kinds and Kind.RISK not in kinds:
            what = "the article has benefits and no risk"
            yield self._problem(("point",), what, "Add at least one point of the kind risk.")

    def _sentences(self) -> Iterator[Problem]:
        for index, point in enumerate(self.front.point):
            for field in ("sentences", "plain"):
                for number, text in enumerate(getattr(point, field)):
                    if wrong := _not_one_sentence(text):
                        cure = "Write one whole sentence for each entry."
                        yield self._problem(("point", index, field, number), wrong, cure)

    def _statements(self) -> Iterator[Problem]:
        if not self.front.names_treatment:
            return
        for name in ("status", "risks"):
            if getattr(self.front, name) is None:
                what = f"an article that names a treatment needs [{name}]"
                cure = "Add the table with short, full and sources."
                yield self._problem(("names_treatment",), what, cure)


def _not_one_sentence(text: str) -> str:
    """What keeps the text from being one sentence; empty where nothing does."""
    found = sentences(text)
    if len(found) != 1:
        return f"this is {len(found)} sentences" if found else "this is empty"
    if not text.rstrip("\"”’')").endswith((".", "!", "?")):
        return "this does not end as a sentence does"
    return ""
