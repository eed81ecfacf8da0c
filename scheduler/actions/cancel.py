"""Cancel: an approved post is not to go out after all."""

from datetime import datetime

from scheduler.actions.site import Site
from scheduler.errors import UsageError
from scheduler.ledger import deliveries, rows
from scheduler.ledger.models import Delivery
from scheduler.nouns import Role, State


def cancel(site: Site, marker: str, by: str, reason: str, now: datetime) -> None:
    """Take a scheduled delivery back (D2); it is not proposed again."""
    site.allow(by, *Role)
    delivery = approved(site, marker)
    if delivery.state != State.SCHEDULED or not deliveries.cancelled(delivery, by, reason, now):
        raise UsageError(f"{marker} is {delivery.state}: only a scheduled post can be cancelled.")


def approved(site: Site, marker: str) -> Delivery:
    """The delivery of that id; raises UsageError where there is none."""
    delivery = rows.found(site.id, marker)
    if delivery is None:
        raise UsageError(f"nothing approved has the id “{marker}”. `redletter log` lists all.")
    return delivery
