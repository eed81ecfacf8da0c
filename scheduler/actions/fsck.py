"""Check the ledger: the file, the event chain, the frozen posts, and what the states promise."""

from scheduler.errors import LedgerError
from scheduler.ledger import deliveries, events, rows
from scheduler.ledger.db import sound
from scheduler.ledger.models import Delivery
from scheduler.nouns import State


def fsck(site: str) -> list[str]:
    """Everything that is not as it must be, in words; empty when all is well."""
    found = sound() + list(events.broken(site))
    for delivery in rows.everything(site):
        found += [f"{delivery.marker}: {what}" for what in _wrong(delivery)]
    return found


def _wrong(delivery: Delivery) -> list[str]:
    wrong = []
    try:
        deliveries.frozen_post(delivery)
    except LedgerError:
        wrong.append("its post is not the one that was approved")
    if delivery.draft.key.marker != delivery.marker or str(delivery.draft.key) != delivery.key:
        wrong.append("its key does not belong to its draft")
    if delivery.state == State.SENT and not (delivery.url or delivery.remote_id):
        wrong.append("it is said to be sent, but there is no receipt")
    if delivery.state == State.SENT and not delivery.attempts and not delivery.note:
        wrong.append("it is said to be sent, but nobody tried to")
    if delivery.attempts > deliveries.BUDGET:
        wrong.append(f"{delivery.attempts} attempts are more than {deliveries.BUDGET}")
    if delivery.state == State.UNSURE and not delivery.look_at and not delivery.asked:
        wrong.append("it may be out, and neither a look-up nor a person is asked for")
    return wrong
