"""Pauses: of one channel, or of everything; nothing that is paused is claimed (I5)."""

from datetime import datetime

from scheduler.ledger import events
from scheduler.ledger.db import atomic
from scheduler.ledger.models import Pause


def pause(site: str, channel: str, by: str, reason: str, now: datetime) -> bool:
    """Pause a channel (`""` = everything); False when it was paused already."""
    with atomic():
        _, fresh = Pause.objects.get_or_create(
            site=site, channel=channel, defaults={"by": by, "reason": reason, "since": now}
        )
        if fresh:
            events.note(site, by, "paused", channel or "everything", now, reason)
    return fresh


def resume(site: str, channel: str, by: str, now: datetime) -> bool:
    """Lift a pause; False when there was none."""
    with atomic():
        lifted, _ = Pause.objects.filter(site=site, channel=channel).delete()
        if lifted:
            events.note(site, by, "resumed", channel or "everything", now)
    return bool(lifted)


def standing(site: str) -> list[Pause]:
    return list(Pause.objects.filter(site=site).order_by("channel"))
