"""The latest moment a publisher of this site has seen: a clock behind it is doubted."""

from datetime import datetime

from scheduler.ledger import events
from scheduler.ledger.db import atomic
from scheduler.ledger.models import HighWater


def mark(site: str) -> datetime | None:
    return HighWater.objects.filter(site=site).values_list("at", flat=True).first()


def raise_to(site: str, now: datetime) -> None:
    """Remember `now`, unless a later moment is already remembered."""
    with atomic():
        before = mark(site)
        if before is None or before < now:
            HighWater.objects.update_or_create(site=site, defaults={"at": now})


def confirm(site: str, now: datetime, by: str) -> None:
    """A person says that the clock is right now, and that the remembered moment was wrong."""
    with atomic():
        HighWater.objects.update_or_create(site=site, defaults={"at": now})
        events.note(site, by, "clock confirmed", site, now)
