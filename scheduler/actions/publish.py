"""One run of the publisher: what is due is sent, then what is owed is done."""

from collections.abc import Callable
from datetime import datetime, timedelta

from scheduler.actions.deliver import deliver_due
from scheduler.actions.open_channel import opener
from scheduler.actions.reconcile import reconcile
from scheduler.actions.run import Run
from scheduler.actions.site import Site
from scheduler.actions.upkeep import keep_up
from scheduler.errors import Temporary
from scheduler.ledger import highwater
from scheduler.ledger.lock import sender_lock
from scheduler.nouns import RELEASED, Clock, stamp

SMALL_STEP = timedelta(minutes=5)
"""How far a clock may step back, as time servers do, before it is doubted."""


def publish(
    site: Site,
    clock: Clock,
    stopping: Callable[[], bool] = lambda: False,
    run: Run | None = None,
) -> Run | None:
    """Deliver, reconcile, and once a local day or after a change of content plan ahead.

    None when another sender is at work. Raises Temporary when the clock cannot be right. A caller
    who brings a `run` finds there what was done, even if an error ends the call.
    """
    with sender_lock(site.ledger) as mine:
        if not mine:
            return None
        doubt_clock(site.id, clock())
        run = run or Run()
        open_channel = opener(site, clock)
        deliver_due(site, clock, open_channel, run, stopping)
        reconcile(site, clock, open_channel, run)
        if not stopping():
            keep_up(site, clock(), run)
        highwater.raise_to(site.id, clock())
    return run


def doubt_clock(site: str, now: datetime) -> None:
    """Refuse a clock behind this release, or behind what a publisher has already seen."""
    seen = highwater.mark(site)
    if now.date() < RELEASED:
        raise Temporary(
            f"this machine's clock says {stamp(now)}, but this Redletter was made on {RELEASED}.\n"
            "    Nothing was sent. Set the clock (a time server does it), and it goes on by itself."
        )
    if seen and now < seen - SMALL_STEP:
        raise Temporary(
            f"this machine's clock says {stamp(now)}, but the last run was at {stamp(seen)}.\n"
            "    Nothing was sent. If the clock is wrong, set it. If it is right now and was wrong "
            "then: redletter fsck --confirm-clock --by NAME"
        )
