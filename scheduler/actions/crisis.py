"""Crisis lines: which the site's audience is told, how fresh they are, and confirming one."""

from datetime import datetime

from scheduler.actions.deliver import stale_note
from scheduler.actions.draw import local_date
from scheduler.actions.site import Site
from scheduler.errors import UsageError
from scheduler.files.edit import confirm_crisis
from scheduler.guard.audience import country_of
from scheduler.guard.crisis import CrisisLine
from scheduler.ledger import deliveries, events
from scheduler.ledger.db import atomic
from scheduler.nouns import Role


def confirm(site: Site, country: str, by: str, source: str, now: datetime) -> int:
    """A person looked the line up today: good for 90 days; returns how many posts that released.

    Writes a [[crisis]] table to config.toml.
    """
    site.allow(by, *Role)
    country = country_of(country.upper())
    if all(line.country != country for line in site.crisis):
        known = ", ".join(sorted(line.country for line in site.crisis))
        raise UsageError(f"Redletter knows no crisis line for “{country}” (it knows {known}).")
    confirm_crisis(site.folder, country, by, source, local_date(site, now))
    with atomic():
        events.note(site.id, by, "crisis line confirmed", country, now, source)
    return deliveries.release(site.id, stale_note(country))


def document(line: CrisisLine) -> dict[str, str]:
    """A line as `crisis list --json` shows it."""
    return {
        "country": line.country,
        "say": line.say,
        "checked": line.checked.isoformat(),
        "good_until": line.good_until.isoformat(),
        "source": line.source,
    }
