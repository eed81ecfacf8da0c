"""plan and next: what is proposed, and what is coming."""

from datetime import date, timedelta

import click

from scheduler.actions import plan as planning
from scheduler.actions.draw import local_date
from scheduler.cli.drafts import document
from scheduler.cli.frame import Frame, clock, command, complain, json_option, show_json
from scheduler.cli.tables import show_coming, show_plan
from scheduler.errors import UsageError
from scheduler.ledger import drafts

FURTHEST = timedelta(days=366 * 3)


@command()
@click.option("--until", required=True, metavar="DATE", help="The last day, like 2027-12-31.")
@json_option
@click.pass_obj
def plan(frame: Frame, until: str, as_json: bool) -> int:
    """Propose a post for each fitting day and channel from today until DATE."""
    site, now = frame.site(), clock()
    today = local_date(site, now)
    try:
        last = date.fromisoformat(until)
    except ValueError as error:
        raise UsageError(f"--until takes a date like 2027-12-31, not “{until}”") from error
    if not today <= last <= today + FURTHEST:
        raise UsageError(f"--until takes a date from today to three years ahead, not {last}")
    done = planning.plan(site, now, last)
    found = drafts.between(site.id, today, last)
    if as_json:
        reasons = done.reasons
        documents = [document(draft, reasons.get((draft.day, draft.first), "")) for draft in found]
        show_json({"drafts": documents})
    else:
        show_plan(found, done)
    for problem in done.problems:
        complain(f"redletter: no post could be worded for {problem}")
    return 1 if done.problems else 0


@command(name="next")
@click.option(
    "--days",
    default=30,
    show_default=True,
    type=click.IntRange(1, 366),
    metavar="NUMBER",
    help="How many days ahead.",
)
@json_option
@click.pass_obj
def coming(frame: Frame, days: int, as_json: bool) -> None:
    """What is coming: every draft and approved post of the next days."""
    site, now = frame.site(), clock()
    today = local_date(site, now)
    found = drafts.coming(site.id, today, today + timedelta(days=days))
    if as_json:
        show_json({"next": [document(draft) for draft in found]})
    else:
        show_coming(found)
