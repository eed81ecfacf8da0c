"""Resolve: a person answers what no machine can know, or sends what was refused or missed."""

from datetime import datetime, timedelta

from scheduler.actions.cancel import approved
from scheduler.actions.site import Site
from scheduler.errors import UsageError
from scheduler.ledger import deliveries
from scheduler.ledger.models import Delivery
from scheduler.nouns import Receipt, Role, State, stamp

GRACE = timedelta(hours=6)
"""How long a post that a person sends anyway may still take."""


def is_out(site: Site, marker: str, url: str, by: str, now: datetime) -> None:
    """D13: it is out, at this address."""
    delivery = _asked(site, marker, by, State.UNSURE)
    if not url.strip():
        raise UsageError("say where it is: --out URL")
    receipt = Receipt(remote_id=delivery.saved.get("draft", ""), url=url.strip())
    _must(deliveries.sent(delivery, receipt, now, by, "told by a person"), marker)


def send(site: Site, marker: str, by: str, now: datetime) -> datetime:
    """D13, D14: it is not out; send it, within six hours from now or until its own end."""
    delivery = _asked(site, marker, by, State.UNSURE, State.REFUSED, State.MISSED)
    not_after = max(delivery.not_after, now + GRACE)
    _must(deliveries.sent_anyway(delivery, not_after, by, now), marker)
    return not_after


def drop(site: Site, marker: str, by: str, now: datetime) -> None:
    """D13: whatever became of it, let it be."""
    delivery = _asked(site, marker, by, State.UNSURE)
    _must(deliveries.cancelled(delivery, by, "dropped by a person", now), marker)


def _asked(site: Site, marker: str, by: str, *states: State) -> Delivery:
    site.allow(by, Role.APPROVER, Role.ADMIN)
    delivery = approved(site, marker)
    if delivery.state not in states:
        when = f" since {stamp(delivery.sent_at)}" if delivery.sent_at else ""
        raise UsageError(
            f"{marker} is {delivery.state}{when}: this answer fits only what is "
            f"{' or '.join(states)}."
        )
    return delivery


def _must(done: bool, marker: str) -> None:
    if not done:
        raise UsageError(f"{marker} changed at this moment; look at `redletter log` again.")
