"""Send what is due: each delivery at most once a claim, each fault its own.

The order within one delivery is the law of DELIVERY.md: look again at what it was made from, open
the channel, commit the intent, send, settle. No transaction is open while bytes travel.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from scheduler.actions.changed import why_changed
from scheduler.actions.draw import local_date
from scheduler.actions.run import OpenChannel, Run
from scheduler.actions.site import Site
from scheduler.channels import registry
from scheduler.channels.base import Connector
from scheduler.errors import (
    Busy,
    MissingSecret,
    RedletterError,
    Refused,
    SignedOut,
    Unsure,
    Untrusted,
    UsageError,
)
from scheduler.guard.crisis import stale
from scheduler.ledger import deliveries, pauses, rows
from scheduler.ledger.lock import owner
from scheduler.ledger.models import Delivery
from scheduler.nouns import Clock, Post, Receipt, State

log = logging.getLogger("redletter")

HELD_FOR = timedelta(minutes=10)
FIRST_BACKOFF, LONGEST_BACKOFF = timedelta(seconds=30), timedelta(minutes=30)


def deliver_due(
    site: Site,
    clock: Clock,
    open_channel: OpenChannel,
    run: Run,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Send each due delivery at most once; one that fails never holds up the next.

    The caller holds the sender lock.
    """
    _miss_overdue(site, clock(), run)
    _doubt_orphans(site, clock(), run)
    for pk in deliveries.due(site.id, clock()):
        if stopping():
            return
        delivery = rows.by_pk(pk)
        if delivery and _may_go(site, delivery, clock(), run):
            _deliver(site, delivery, clock, open_channel, run)


def _miss_overdue(site: Site, now: datetime, run: Run) -> None:
    for delivery in rows.overdue(site.id, now):
        why = "its time was over before it could be sent"
        if deliveries.missed(delivery, why, now):
            run.counts[State.MISSED] += 1
            run.tell(
                f"{_name(delivery)} was missed: {why}. "
                f"To send it all the same: redletter resolve {delivery.marker} --send --by NAME"
            )


def _doubt_orphans(site: Site, now: datetime, run: Run) -> None:
    """The lock is ours, so whoever left a row in `sending` is dead: it may be out (D9)."""
    for delivery in rows.orphans(site.id):
        _doubt(site, delivery, "the sender died before it had an answer", now, run)


def _may_go(site: Site, delivery: Delivery, now: datetime, run: Run) -> bool:
    """Whether it may be sent; a guard that fails keeps it back (HEALTH.md 2.1), and only it."""
    try:
        return _still_wanted(site, delivery, now, run)
    except RedletterError:
        raise
    except Exception as error:
        log.exception("%s: could not be looked at again", delivery.marker)
        why = f"it could not be looked at again before sending: {error!r}"
        if deliveries.wait(delivery, why, now + HELD_FOR, now):
            run.tell(f"{_name(delivery)} waits: {why}. This is a fault of Redletter itself.")
        return False


def _still_wanted(site: Site, delivery: Delivery, now: datetime, run: Run) -> bool:
    """D2, a moment before D4: what it was made from is read again, and the guard asked again."""
    why = why_changed(site, delivery)
    if why:
        if deliveries.sent_back(delivery, deliveries.PUBLISHER, why, now):
            run.counts[State.CANCELLED] += 1
            run.sent_back = True
            run.tell(f"{_name(delivery)} was not sent: {why}. It goes back to review.")
        return False
    line = stale(site.lines, deliveries.frozen_post(delivery).text, local_date(site, now))
    if line:
        note = stale_note(line.country)
        if deliveries.wait(delivery, note, now + HELD_FOR, now):
            run.tell(
                f"{_name(delivery)} waits: {note}. Look the number up, then: redletter crisis "
                f"confirm {line.country} --by NAME --source URL"
            )
        return False
    return True


def stale_note(country: str) -> str:
    """The reason under which deliveries wait for a crisis line to be confirmed."""
    return f"the crisis line for {country} was last confirmed more than 90 days ago"


def _deliver(
    site: Site, waiting: Delivery, clock: Clock, open_channel: OpenChannel, run: Run
) -> None:
    try:
        connector = open_channel(waiting.channel)
    except (MissingSecret, UsageError) as error:
        _pause(site, waiting.channel, str(error), clock(), run)
        return
    except Exception as error:
        log.exception("the channel %s cannot be opened", waiting.channel)
        _pause(site, waiting.channel, f"it cannot be opened: {error!r}", clock(), run)
        return
    delivery = deliveries.claim(waiting.pk, clock(), owner())
    if delivery is None:
        return
    post = deliveries.frozen_post(delivery)
    try:
        receipt = _sent(connector, delivery, post, clock)
    except Unsure as error:
        _doubt(site, delivery, str(error), clock(), run, ask=error.ask)
    except Busy as error:
        _later(delivery, error, clock(), run)
    except (SignedOut, Untrusted) as error:
        deliveries.shut_out(delivery, str(error), clock())
        _pause(site, delivery.channel, str(error), clock(), run)
    except Refused as error:
        _refuse(delivery, str(error), clock(), run)
    except Exception as error:
        log.exception("%s: an error in the connector", delivery.marker)
        _doubt(site, delivery, f"an error in Redletter itself: {error!r}", clock(), run)
    else:
        deliveries.sent(delivery, receipt, clock(), deliveries.PUBLISHER)
        run.counts[State.SENT] += 1


def _sent(connector: Connector, delivery: Delivery, post: Post, clock: Clock) -> Receipt:
    def save(step: str, remote_id: str) -> str:
        deliveries.save_step(delivery, step, remote_id, clock())
        return remote_id

    return connector.send(post, delivery.draft.key, delivery.saved, save)


def _later(delivery: Delivery, error: Busy, now: datetime, run: Run) -> None:
    """D6: try again when the service says, else after a growing pause; give up after the budget."""
    if delivery.attempts >= deliveries.BUDGET:
        _refuse(delivery, f"gave up after {deliveries.BUDGET} attempts: {error}", now, run)
        return
    pause = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (delivery.attempts - 1))
    pause *= random.uniform(0.8, 1.2)  # noqa: S311 - jitter, so that clients do not march in step
    try_at = max(now + pause, error.until or now)
    deliveries.later(delivery, min(try_at, delivery.not_after), str(error), now)
    run.counts[State.SCHEDULED] += 1


def _refuse(delivery: Delivery, why: str, now: datetime, run: Run) -> None:
    if deliveries.refused(delivery, why, now):
        run.counts[State.REFUSED] += 1
        run.tell(
            f"{_name(delivery)} was refused: {why}. Nothing of it is out. Once that is mended: "
            f"redletter resolve {delivery.marker} --send --by NAME"
        )


def _doubt(
    site: Site, delivery: Delivery, why: str, now: datetime, run: Run, *, ask: bool = False
) -> None:
    settings = site.channel(delivery.channel)
    settle = timedelta(seconds=settings.settle if settings else 60)
    local = settings and registry.connector(settings.kind).local
    look_at = now if local else now + settle
    if not deliveries.unsure(delivery, why, look_at, now):
        return
    run.counts[State.UNSURE] += 1
    if ask:
        ask_person(rows.by_pk(delivery.pk), why, now, run)


def ask_person(
    delivery: Delivery | None, why: str, now: datetime, run: Run, look_at: datetime | None = None
) -> None:
    """D13: a person must say; the machine looks on at `look_at`, or never again."""
    if delivery and deliveries.ask(delivery, why, now, look_at):
        run.tell(
            f"{_name(delivery)} may be out, and Redletter cannot find out: {why}. "
            f"Look, then: redletter resolve {delivery.marker} --out URL | --send | --drop --by NAME"
        )


def _pause(site: Site, channel: str, why: str, now: datetime, run: Run) -> None:
    if pauses.pause(site.id, channel, deliveries.PUBLISHER, why, now):
        run.tell(
            f"The channel “{channel}” is paused: {why.rstrip('.')}. Its posts wait. "
            f"Once that is mended: redletter resume {channel} --by NAME"
        )


def _name(delivery: Delivery) -> str:
    draft = delivery.draft
    return f"{delivery.marker} ({draft.day}, {draft.first}, {delivery.channel})"
