"""Find out what became of the sends that nobody answered for (D10–D13)."""

import logging
from datetime import datetime, timedelta

from scheduler.actions.deliver import ask_person
from scheduler.actions.run import OpenChannel, Run
from scheduler.actions.site import Site
from scheduler.errors import DeliveryError, MissingSecret, Unsure, UsageError
from scheduler.ledger import deliveries, rows
from scheduler.ledger.models import Delivery
from scheduler.nouns import Clock, Receipt, State

log = logging.getLogger("redletter")

READS = 2
"""Looks that must find nothing before a post counts as absent (D11)."""

ASK_AFTER = timedelta(minutes=30)
"""How long an unsure post may stay so before a person is asked (I8)."""

LOOK_AGAIN = timedelta(seconds=60)


def reconcile(site: Site, clock: Clock, open_channel: OpenChannel, run: Run) -> None:
    """Look up each unsure delivery whose look is due; the caller holds the sender lock."""
    for _ in range(READS):  # with no gap between the reads both are due in one run
        for delivery in rows.owed(site.id, clock()):
            _reconcile(site, delivery, clock, open_channel, run)
    for delivery in rows.unasked(site.id, clock() - ASK_AFTER):
        ask_person(delivery, delivery.note, clock(), run, delivery.look_at)


def _reconcile(
    site: Site, delivery: Delivery, clock: Clock, open_channel: OpenChannel, run: Run
) -> None:
    post = deliveries.frozen_post(delivery)
    try:
        connector = open_channel(delivery.channel)
        receipt = connector.find(post, delivery.draft.key, delivery.saved)
    except Unsure as error:
        if error.ask:
            ask_person(delivery, str(error), clock(), run)
        else:
            _look_again(delivery, str(error), clock())
    except (DeliveryError, MissingSecret, UsageError) as error:
        _look_again(delivery, str(error), clock())
    except Exception as error:
        log.exception("%s: an error in the connector's look-up", delivery.marker)
        _look_again(delivery, f"an error in Redletter itself: {error!r}", clock())
    else:
        reads = 1 if connector.local else READS
        _answered(site, delivery, receipt, reads, clock(), run)


def _answered(
    site: Site,
    delivery: Delivery,
    receipt: Receipt | None,
    reads: int,
    now: datetime,
    run: Run,
) -> None:
    if receipt:
        deliveries.sent(delivery, receipt, now, deliveries.PUBLISHER, "reconciled")
        run.counts[State.SENT] += 1
    elif delivery.absent_reads + 1 < reads:
        settings = site.channel(delivery.channel)
        gap = timedelta(seconds=settings.read_gap if settings else 30)
        deliveries.look_again(delivery, now + gap, delivery.absent_reads + 1, "not there yet")
    else:
        _absent(delivery, now, run)


def _absent(delivery: Delivery, now: datetime, run: Run) -> None:
    name = f"{delivery.marker} ({delivery.draft.day}, {delivery.channel})"
    cure = f"To send it all the same: redletter resolve {delivery.marker} --send --by NAME"
    if now > delivery.not_after:
        why = "it never went out, and its time is over"
        if deliveries.missed(delivery, why, now):
            run.counts[State.MISSED] += 1
            run.tell(f"{name} was missed: {why}. {cure}")
    elif delivery.attempts >= deliveries.BUDGET:
        why = f"gave up after {deliveries.BUDGET} attempts: {delivery.note}"
        if deliveries.refused(delivery, why, now):
            run.counts[State.REFUSED] += 1
            run.tell(f"{name} was refused: {why}. {cure}")
    else:
        deliveries.absent(delivery, "looked for and not there: to be sent again", now)
        run.counts[State.SCHEDULED] += 1


def _look_again(delivery: Delivery, why: str, now: datetime) -> None:
    """The service could not be asked."""
    deliveries.look_again(delivery, now + LOOK_AGAIN, delivery.absent_reads, why)
