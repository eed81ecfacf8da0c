"""Which days fit an article, why, and which of them to post on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.days.day import UNTREATED, Occurrence, applies
from scheduler.matching.topics import SAME, Topics
from scheduler.nouns import Tone

THRESHOLD = 0.5
"""A day that shares a topic, or has one a step away, reaches it; remoter ones do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A day that fits; `score` is at most 1, `reasons` are words for staff."""

    occurrence: Occurrence
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A day that is close to the article but is not proposed, and why not."""

    occurrence: Occurrence
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How many days to post on at most, by ISO week and by month.

    `gap_days` is the least distance of two posts: with 2, a Monday and the Wednesday after it.
    """

    per_week: int
    per_month: int
    gap_days: int


def matches(
    topics_of_article: Sequence[str],
    names_treatment: bool,
    occurrences: Iterable[Occurrence],
    topics: Topics,
    audience: str,
) -> tuple[list[Match], list[NearMiss]]:
    """The occurrences that fit the article, and those that nearly do, both by date and id.

    A post goes out on an occurrence's first date, and not on a solemn or quiet occurrence; so
    hand in what begins up to a month before the dates you want, for a solemn week may be running.
    """
    candidates = sorted(set(occurrences), key=_by_date)
    hushing = _hushing(candidates, audience)
    found: list[Match] = []
    missed: list[NearMiss] = []
    for occurrence in candidates:
        score, reasons = _score(topics_of_article, occurrence, topics)
        if score == 0:
            continue
        why_not = _barred(occurrence, audience, names_treatment) or _weak(score, reasons)
        why_not = why_not or _hushed(occurrence, hushing)
        if why_not:
            missed.append(NearMiss(occurrence=occurrence, why_not=why_not))
        else:
            found.append(Match(occurrence=occurrence, score=score, reasons=reasons))
    kept, outshone = _awareness_first(found)
    return kept, sorted(missed + outshone, key=lambda miss: _by_date(miss.occurrence))


def forbidden(
    occurrence: Occurrence, names_treatment: bool, others: Iterable[Occurrence], audience: str
) -> str:
    """Why no post of the article may go out on the occurrence, in words; "" if one may.

    `others` are the occurrences that may be running then, as for `matches`.
    """
    barred = _barred(occurrence, audience, names_treatment)
    return barred or _hushed(occurrence, _hushing(others, audience))


def choose(matches: Iterable[Match], caps: Caps, taken: Iterable[date]) -> list[Match]:
    """The matches to post on beside the first dates already taken, by date.

    The best come first; among equals a day before a week before a month, so that long ones do
    not crowd out days. What is taken counts against the caps and is never given up; several
    occasions share a date only where the gap is 0.
    """
    dates = list(taken)
    chosen: list[Match] = []
    for match in sorted(matches, key=_best_first):
        first = match.occurrence.span.first
        if _has_room(first, dates, caps):
            chosen.append(match)
            dates.append(first)
    return sorted(chosen, key=lambda match: _by_date(match.occurrence))


def _score(
    article: Sequence[str], occurrence: Occurrence, topics: Topics
) -> tuple[float, tuple[str, ...]]:
    """How close the day is: mostly its closest topic, a little the share of topics that are."""
    best: list[float] = []
    reasons: dict[str, float] = {}
    for topic in occurrence.day.topics:
        kinship, other = max(
            ((topics.kinship(topic, own), own) for own in article),
            key=lambda pair: pair[0],
            default=(0.0, ""),
        )
        best.append(kinship)
        if kinship == SAME:
            reasons[f"shares the topic {topics.id_of(topic)}"] = kinship
        elif kinship > 0:
            reasons[f"{topics.id_of(topic)} is close to {topics.id_of(other)}"] = kinship
    score = 0.8 * max(best) + 0.2 * sum(best) / len(best)
    return round(score, 3), tuple(sorted(reasons, key=lambda reason: -reasons[reason]))


def _barred(occurrence: Occurrence, audience: str, names_treatment: bool) -> str:
    """Why the day itself forbids a post of this article; "" if it does not."""
    day = occurrence.day
    if not applies(day.regions, audience):
        return f"it is a day of {', '.join(day.regions)}, not of the audience's {audience}"
    if day.tone == Tone.SOLEMN:
        return "it is a solemn day: nothing is promoted on it"
    if day.tone == Tone.SKIP:
        return "its tone is skip: nothing is posted on it"
    if not names_treatment:
        return ""
    if day.tone != Tone.AWARENESS:
        return f"the article names a treatment, which does not suit a day of {day.tone}"
    if day.no_treatment:
        return "the article names a treatment, and on this day none may be named"
    if day.profile in UNTREATED:
        return f"the article names a treatment, which profile {day.profile} of this day forbids"
    return ""


def _weak(score: float, reasons: tuple[str, ...]) -> str:
    return "" if score >= THRESHOLD else f"too remote: {'; '.join(reasons)}"


def _hushing(occurrences: Iterable[Occurrence], audience: str) -> list[Occurrence]:
    """The solemn and quiet occurrences of the audience's region, solemn ones first."""
    found = (
        occurrence
        for occurrence in occurrences
        if (occurrence.day.tone == Tone.SOLEMN or occurrence.day.quiet)
        and applies(occurrence.day.regions, audience)
    )
    return sorted(found, key=lambda one: (one.day.tone != Tone.SOLEMN, _by_date(one)))


def _hushed(occurrence: Occurrence, hushing: Iterable[Occurrence]) -> str:
    """Which solemn or quiet occurrence its posting date falls on; "" for none."""
    for other in hushing:
        on_it = other.span.first <= occurrence.span.first <= other.span.last
        if on_it and other.day.id != occurrence.day.id:
            kind = "solemn" if other.day.tone == Tone.SOLEMN else "to be kept quiet"
            return f"it begins on {other.day.name}, which is {kind}"
    return ""


def _awareness_first(found: Iterable[Match]) -> tuple[list[Match], list[NearMiss]]:
    """Parts off celebrations that begin on the same date as an awareness day that fits."""
    every = tuple(found)
    aware = {
        match.occurrence.span.first: match.occurrence.day.name
        for match in every
        if match.occurrence.day.tone == Tone.AWARENESS
    }
    kept: list[Match] = []
    outshone: list[NearMiss] = []
    for match in every:
        other = aware.get(match.occurrence.span.first)
        if match.occurrence.day.tone == Tone.CELEBRATION and other:
            why_not = f"it is on the same date as {other}, which comes first"
            outshone.append(NearMiss(occurrence=match.occurrence, why_not=why_not))
        else:
            kept.append(match)
    return kept, outshone


def _has_room(first: date, dates: Sequence[date], caps: Caps) -> bool:
    week = sum(_week(day) == _week(first) for day in dates)
    month = sum((day.year, day.month) == (first.year, first.month) for day in dates)
    apart = all(abs((day - first).days) >= caps.gap_days for day in dates)
    return week < caps.per_week and month < caps.per_month and apart


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


def _best_first(match: Match) -> tuple[float, int, date, str]:
    occurrence = match.occurrence
    return (-match.score, occurrence.length, occurrence.span.first, occurrence.day.id)


def _by_date(occurrence: Occurrence) -> tuple[date, str]:
    return occurrence.span.first, occurrence.day.id
