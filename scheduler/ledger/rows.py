"""Which deliveries there are: reads only."""

from datetime import datetime

from scheduler.ledger.models import Delivery
from scheduler.nouns import State


def overdue(site: str, now: datetime) -> list[Delivery]:
    return list(Delivery.objects.filter(site=site, state=State.SCHEDULED, not_after__lt=now))


def orphans(site: str) -> list[Delivery]:
    """Rows in `sending`; to the holder of the sender lock their owners are dead."""
    return list(Delivery.objects.filter(site=site, state=State.SENDING))


def owed(site: str, now: datetime) -> list[Delivery]:
    """Unsure rows whose look-up is due, longest waiting first."""
    rows = Delivery.objects.filter(site=site, state=State.UNSURE, look_at__lte=now)
    return list(rows.order_by("look_at", "pk"))


def scheduled(site: str) -> list[Delivery]:
    rows = Delivery.objects.filter(site=site, state=State.SCHEDULED).select_related("draft")
    return list(rows.order_by("due_at", "pk"))


def found(site: str, marker: str) -> Delivery | None:
    return Delivery.objects.filter(site=site, marker=marker).select_related("draft").first()


def everything(site: str) -> list[Delivery]:
    rows = Delivery.objects.filter(site=site).select_related("draft")
    return list(rows.order_by("due_at", "pk"))


def next_due(site: str) -> datetime | None:
    rows = Delivery.objects.filter(site=site, state=State.SCHEDULED).order_by("try_at")
    return rows.values_list("try_at", flat=True).first()


def sent_in(site: str, article: str, day: str, channel: str, wave: str, year: int) -> bool:
    """Whether this day of this year is already out there, on whatever date it fell then."""
    return Delivery.objects.filter(
        site=site,
        state=State.SENT,
        channel=channel,
        draft__article=article,
        draft__day=day,
        draft__wave=wave,
        draft__first__year=year,
    ).exists()
