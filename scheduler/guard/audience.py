"""Who reads a post: countries out of places like "US-CO", and what may be said there."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.guard.rules import Audiences, RuleData
from scheduler.nouns import Severity

WORLD = "*"
_SAME = {"UK": "GB", "EL": "GR", "USA": "US"}


def country_of(place: str) -> str:
    """The country of a place: "US-CO" is in "US", "UK" is "GB", "*" is the world."""
    country = place.strip().upper().split("-")[0]
    return _SAME.get(country, country)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The countries that read a post; not set means the strictest ones."""

    countries: frozenset[str]
    is_set: bool

    @property
    def world(self) -> bool:
        return WORLD in self.countries


def audience_of(places: Sequence[str], known: Audiences) -> Audience:
    countries = frozenset(country_of(place) for place in places if place.strip())
    return Audience(countries=countries or frozenset(known.strictest), is_set=bool(countries))


def severity_for(rule: RuleData, audience: Audience, known: Audiences) -> Severity | None:
    """How severe a rule is for an audience, the strictest country deciding; None = not at all.

    A country that nobody told us about is closed: its law may forbid what others allow.
    """
    given = {_in_country(rule, country, known) for country in audience.countries}
    if Severity.BLOCK in given:
        return Severity.BLOCK
    return Severity.WARN if Severity.WARN in given else None


def _in_country(rule: RuleData, country: str, known: Audiences) -> Severity | None:
    severity = rule.severity_in.get(country, rule.severity)
    if rule.where == "open":
        return severity if country in known.open else None
    if rule.where == "closed":
        if country in known.warned:
            return Severity.WARN
        return None if country in known.open else severity
    return severity
