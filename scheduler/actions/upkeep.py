"""What is owed once a local day, and after every change of the site's files."""

from contextlib import suppress
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from scheduler import __version__
from scheduler.actions.draw import local_date
from scheduler.actions.plan import PLANNER, plan
from scheduler.actions.run import Run
from scheduler.actions.site import Site
from scheduler.drafting.timing import zone_rules
from scheduler.files.state import Remembered, read_state, write_state
from scheduler.ledger import events
from scheduler.ledger.db import atomic


def keep_up(site: Site, now: datetime, run: Run) -> None:
    """Extend the plan if that is owed, and leave word for the every-minute look."""
    before = read_state(site.folder)
    as_before = (
        before is not None
        and before.version == __version__
        and before.site == site.id
        and before.content == site.content
        and before.written <= now.timestamp() < before.upkeep_at
    )
    if not as_before or run.sent_back:
        _plan_ahead(site, now, run)
    upkeep_at = before.upkeep_at if before and as_before else _tomorrow(site, now)
    state = Remembered(
        version=__version__,
        ledger=site.ledger.resolve().as_uri(),
        site=site.id,
        written=int(now.timestamp()),
        upkeep_at=upkeep_at,
        content=site.content,
    )
    with suppress(OSError):  # without it the next run does all there is to do
        write_state(site.folder, state)


def _plan_ahead(site: Site, now: datetime, run: Run) -> None:
    until = local_date(site, now) + relativedelta(months=site.config.plan.months)
    done = plan(site, now, until)
    for marker in done.sent_back:
        run.tell(f"{marker} goes back to review: something it was made from changed.")
    for problem in done.problems:
        with atomic():
            events.note(site.id, PLANNER, "not worded", site.id, now, problem)
        run.tell(f"No post could be worded for {problem}")


def _tomorrow(site: Site, now: datetime) -> int:
    """The first minutes of the next local day, in epoch seconds."""
    zone = zone_rules(site.config.site.timezone)
    day = now.astimezone(zone).date() + timedelta(days=1)
    return int(datetime.combine(day, time(0, 5), zone).timestamp())
