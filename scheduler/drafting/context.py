"""What a template may see, and which template a post gets."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scheduler.article import Article, Point, Source, Statement
from scheduler.days.day import UNTREATED, Day, Occurrence
from scheduler.drafting.marks import without_marks
from scheduler.drafting.picks import SENTENCES, Pick, taken, wordings
from scheduler.nouns import Form, Kind, Span, Tone

# Not strftime's names: those follow the locale of the machine.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NAMES = frozenset(
    {"form", "turn", "names_drug", "day", "article", "points", "benefits", "risks", "facts"}
    | {"actions", "checked", "status", "risk", "crisis", "brand", "reviewer", "link"}
)
"""What a template may speak of; `context` gives exactly these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Who speaks."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """The crisis line of the audience's country, as a person would say it."""

    country: str
    """The country's name inside a sentence: "the United States"."""
    short_country: str
    """The same where room is short: "US"."""
    line: str
    """What to do: "call or text 988"."""
    emergency: str
    """The emergency number: "911"."""


def may_name_drug(day: Day, form: Form) -> bool:
    """Whether a post of this form on this day may name the treatment (HEALTH.md 2.6 and Part 3).

    A blog article may, as education, unless the day's tone or profile forbids it; a social post
    only on a day that says `drug_names`.
    """
    if day.no_treatment or day.tone is Tone.SOLEMN or day.profile in UNTREATED:
        return False
    return form is Form.BLOG or day.drug_names


def context(
    article: Article,
    occurrence: Occurrence,
    pick: Pick,
    brand: Brand,
    crisis: Help,
    form: Form,
    *,
    marker: str,
) -> dict[str, Any]:
    """Everything a template may see, as plain JSON and without the marks that `keep` writes.

    The same arguments give the same context; points that the article no longer has are left out.
    """
    known = {point.id: point for point in article.points}
    chosen = [
        _point(article, known[point_id], turn, pick.names_drug, form)
        for point_id, turn in zip(pick.points, pick.turns, strict=True)
        if point_id in known
    ]
    seen = {
        "form": form.value,
        "turn": pick.turn,
        "names_drug": pick.names_drug,
        "day": _day(occurrence),
        "article": _article(article),
        "points": chosen,
        **_grouped(chosen),
        "status": _statement(article.status, pick),
        "risk": _statement(article.risks, pick),
        "crisis": asdict(crisis),
        "checked": _checked(article, pick),
        "brand": asdict(brand),
        "reviewer": _reviewer(article),
        "link": _link(article.url, marker),
    }
    return {name: _without_marks(value) for name, value in seen.items()}


def template_for(
    names: Collection[str], article: str, day: str, channel: str, kind: str, form: Form
) -> str | None:
    """The nearest of the templates `names` (relative to posts/, as are the results); else None."""
    order = (
        f"days/{day}/{channel}",
        f"days/{day}/{form.value}",
        channel,
        kind,
        form.value,
        "default",
    )
    paths = (f"{article}/{name}.j2" for name in order)
    return next((path for path in paths if path in names), None)


def _day(occurrence: Occurrence) -> dict[str, Any]:
    day, span = occurrence.day, occurrence.span
    return {
        "id": day.id,
        "name": day.name,
        "about": day.about,
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "date": _words(span),
        "is_span": span.first != span.last,
        "is_month": _is_month(span),
        "tone": day.tone.value,
        "profile": day.profile.value,
        "hashtags": list(day.hashtags),
        "drug_names": day.drug_names,
    }


def _is_month(span: Span) -> bool:
    following = span.last + timedelta(days=1)
    return span.first.day == following.day == 1 and (following - span.first).days <= 31


def _words(span: Span) -> str:
    """US style: "October 10, 2027", "October 3 to 9, 2027", "October 2027"."""
    first, last = span.first, span.last
    if first == last:
        return _date(first)
    if _is_month(span):
        return f"{_MONTHS[first.month - 1]} {first.year}"
    if first.year != last.year:
        return f"{_date(first)} to {_date(last)}"
    end = f"{last.day}, {last.year}" if first.month == last.month else _date(last)
    return f"{_MONTHS[first.month - 1]} {first.day} to {end}"


def _date(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "language": article.language,
        "disclaimer": article.disclaimer,
        "short_disclaimer": article.short_disclaimer,
    }


def _point(article: Article, point: Point, turn: int, named: bool, form: Form) -> dict[str, Any]:
    available = wordings(article, point, named)
    plain = article.names_treatment and not named
    return {
        "id": point.id,
        "kind": point.kind.value,
        "label": "" if plain else point.label,
        "sentences": taken(available, turn, SENTENCES[form]) if available else [],
        "pairs_with": point.pairs_with,
        "sources": _sources(point.sources, plain),
    }


def _grouped(points: list[dict[str, Any]]) -> dict[str, Any]:
    """The points by kind; a benefit carries its paired risk, `risks` are those left over."""
    by_kind = {kind: [p for p in points if p["kind"] == kind.value] for kind in Kind}
    risks = {risk["id"]: risk for risk in by_kind[Kind.RISK]}
    benefits = [b | {"risk": risks.get(b["pairs_with"])} for b in by_kind[Kind.BENEFIT]]
    paired = {benefit["pairs_with"] for benefit in benefits}
    return {
        "benefits": benefits,
        "risks": [risk for risk in by_kind[Kind.RISK] if risk["id"] not in paired],
        "facts": by_kind[Kind.FACT],
        "actions": by_kind[Kind.ACTION],
    }


def _sources(sources: Iterable[Source], plain: bool) -> list[dict[str, str]]:
    """A text that names no treatment shows only the sources that name none either."""
    return [
        {"title": source.title or source.url, "url": source.url, "checked": _date(source.checked)}
        for source in sources
        if source.plain or not plain
    ]


def _statement(statement: Statement | None, pick: Pick) -> dict[str, Any] | None:
    """The wording for this turn; None in a text that names no treatment."""
    if statement is None or not pick.names_drug:
        return None
    return {
        "short": statement.short,
        "full": taken(statement.full, pick.turn, 1)[0],
        "sources": _sources(statement.sources, plain=False),
    }


def _checked(article: Article, pick: Pick) -> str:
    """The dates between which the sources of the chosen points were read, in words."""
    points = [point for point in article.points if point.id in pick.points]
    dates = [source.checked for point in points for source in point.sources]
    return _words(Span(first=min(dates), last=max(dates))) if dates else ""


def _reviewer(article: Article) -> dict[str, str] | None:
    if article.reviewer is None:
        return None
    return {"name": article.reviewer.name, "date": _date(article.reviewer.date)}


def _link(url: str, marker: str) -> str:
    """The article's address with the mark by which its visits are counted."""
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(query=f"{query}utm_content=rl-{marker}"))


def _without_marks(value: Any) -> Any:
    if isinstance(value, str):
        return without_marks(value)
    if isinstance(value, dict):
        return {key: _without_marks(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_marks(inner) for inner in value]
    return value
