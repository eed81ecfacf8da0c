"""Which occasions a site speaks on: what stands already, and what fits beside it."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.actions.site import Site
from scheduler.article import Article
from scheduler.days.day import Occurrence
from scheduler.days.expand import occurrences
from scheduler.ledger.models import Draft
from scheduler.matching.match import Caps, Match, choose, forbidden, matches
from scheduler.nouns import DraftState, Tone

LONGEST_SPAN = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """An occurrence that an article was chosen for, and why."""

    article: Article
    occurrence: Occurrence
    reasons: tuple[str, ...]


def occasions(site: Site, standing: list[Draft], first: date, last: date) -> list[Occasion]:
    """The occasions from `first` to `last`, both inclusive, by date.

    An occasion that has a draft already stays chosen as long as it fits, so that planning further
    ahead, or with other caps, never takes back what people have seen.
    """
    found = occurrences(site.days, first - LONGEST_SPAN, last)
    seen = {(draft.article, draft.day, draft.first) for draft in standing}
    taken = {(draft.day, draft.first) for draft in standing if draft.state != DraftState.LAPSED}
    caps = Caps(
        per_week=site.config.plan.per_week,
        per_month=site.config.plan.per_month,
        gap_days=site.config.plan.gap_days,
    )
    picked: list[Occasion] = []
    for article in site.articles:
        fitting, _ = matches(
            article.topics,
            article.names_treatment,
            found,
            site.topics,
            site.config.site.audience,
        )
        fitting = [match for match in fitting if match.occurrence.span.first >= first]
        kept = [match for match in fitting if (article.id, *_day(match)) in seen]
        taken |= {_day(match) for match in kept}
        new = choose(
            [match for match in fitting if match not in kept], caps, [when for _, when in taken]
        )
        taken |= {_day(match) for match in new}
        picked += [
            Occasion(article=article, occurrence=match.occurrence, reasons=match.reasons)
            for match in [*kept, *new]
        ]
    return sorted(picked, key=lambda one: (one.occurrence.span.first, one.article.id))


def why_not_on(site: Site, article: Article, occurrence: Occurrence) -> str:
    """Why nothing of the article may go out on the occurrence as the calendars are now, or ""."""
    first = occurrence.span.first
    hushing = [day for day in site.days if day.quiet or day.tone is Tone.SOLEMN]
    others = occurrences(hushing, first - LONGEST_SPAN, first)
    audience = site.config.site.audience
    return forbidden(occurrence, article.names_treatment, others, audience)


def _day(match: Match) -> tuple[str, date]:
    return match.occurrence.day.id, match.occurrence.span.first
