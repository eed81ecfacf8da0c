"""Check the ledger: the file, the event chain, the frozen posts, and what the states promise."""

from scheduler.errors import LedgerError
from scheduler.ledger import deliveries, drafts, events, rows
from scheduler.ledger.db import sound
from scheduler.ledger.models import Delivery
from scheduler.nouns import DraftState, State


def fsck(site: str) -> list[str]:
    """Everything that is not as it must be, in words; empty when all is well."""
    found = sound() + list(events.broken(site))
    promised = rows.everything(site)
    for delivery in promised:
        found += [f"{delivery.marker}: {what}" for what in _wrong(delivery)]
    kept = {delivery.marker for delivery in promised}
    for draft in drafts.everything(site):
        if draft.state == DraftState.APPROVED and draft.marker not in kept:
            found.append(f"{draft.marker}: it is approved, but there is no delivery of it")
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
    if delivery.claimed_at and delivery.claimed_at < delivery.due_at:
        wrong.append("somebody began to send it before its time")
    if delivery.attempts > deliveries.BUDGET:
        wrong.append(f"{delivery.attempts} attempts are more than {deliveries.BUDGET}")
    if delivery.state == State.UNSURE and not delivery.look_at and not delivery.asked:
        wrong.append("it may be out, and neither a look-up nor a person is asked for")
    return wrong
