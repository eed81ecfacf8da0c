"""Which deliveries there are: reads only."""

import json
from datetime import datetime

from scheduler.ledger.models import Delivery
from scheduler.nouns import Key, Post, State


def overdue(site: str, now: datetime) -> list[Delivery]:
    rows = Delivery.objects.filter(site=site, state=State.SCHEDULED, not_after__lt=now)
    return list(rows.select_related("draft"))


def orphans(site: str) -> list[Delivery]:
    """Rows in `sending`; to the holder of the sender lock their owners are dead."""
    return list(Delivery.objects.filter(site=site, state=State.SENDING).select_related("draft"))


def owed(site: str, now: datetime) -> list[Delivery]:
    """Unsure rows whose look-up is due, longest waiting first."""
    rows = Delivery.objects.filter(site=site, state=State.UNSURE, look_at__lte=now)
    return list(rows.select_related("draft").order_by("look_at", "pk"))


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


def out_in(key: Key, year: int) -> bool:
    """Whether this day of this year is or may be out there, on whatever date it fell then."""
    return Delivery.objects.filter(
        site=key.site,
        state__in=(State.SENT, State.SENDING, State.UNSURE),
        channel=key.channel,
        draft__article=key.article,
        draft__day=key.day,
        draft__wave=key.wave,
        draft__first__year=year,
    ).exists()


def by_pk(pk: int) -> Delivery | None:
    return Delivery.objects.select_related("draft").filter(pk=pk).first()


def unasked(site: str, since: datetime) -> list[Delivery]:
    """Rows that have been unsure since then or longer, and nobody was asked (I8)."""
    rows = Delivery.objects.filter(
        site=site, state=State.UNSURE, asked=False, unsure_since__lte=since
    )
    return list(rows.select_related("draft"))


def post_of(delivery: Delivery) -> Post:
    """The post as it is stored, for showing; sending checks it first (`frozen_post`)."""
    return Post.of(json.loads(delivery.payload)["post"])
