"""The main job on the sample site: a year planned, approved and published into one folder.

A year passes in seconds because this script hands the same actions its own clock; the product has
no option, setting or variable that moves time. It publishes for real, so it takes no channel but
files. Run again, it begins where the ledger's last run ended and finds everything sent.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from rich.console import Console
from rich.table import Table

from scheduler.actions.approve import Approval, approve_all
from scheduler.actions.crisis import confirm
from scheduler.actions.draw import local_date
from scheduler.actions.new_site import new_site
from scheduler.actions.plan import Plan, plan
from scheduler.actions.publish import publish
from scheduler.actions.site import Site, open_site
from scheduler.ledger import highwater, rows
from scheduler.ledger.db import migrate, open_ledger
from scheduler.ledger.models import Delivery
from scheduler.nouns import Kind, State

CHANNELS = """
[[channel]]
name = "lines"
kind = "file"
folder = "lines"
format = "jsonl"

[[channel]]
name = "calendar"
kind = "file"
folder = "calendar"
format = "ics"
"""

CONFIRM_EVERY = timedelta(days=80)
SOURCE = "https://988lifeline.org"


@dataclass(slots=True)
class DemoClock:
    """A clock that stands still until it is told to move on."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, moment: datetime) -> None:
        self.now = max(self.now, moment)


def main(folder: Path) -> int:
    site = open_demo(folder)
    only_files(site)
    clock = DemoClock(highwater.mark(site.id) or datetime.now(UTC))
    start = clock.now
    if rows.everything(site.id):
        return report_again(site, clock)
    until = local_date(site, start) + relativedelta(months=12)
    planned = plan(site, start, until)
    approval = approve_all(site, "approver", start)
    notices = live_through(folder, clock)
    show(site, planned, approval, notices)
    return 1 if notices or planned.problems or approval.refused else 0


def open_demo(folder: Path) -> Site:
    if not (folder / "config.toml").exists():
        site = new_site(folder, {}, datetime.now(UTC))
        config = folder / "config.toml"
        config.write_text(config.read_text(encoding="utf-8") + CHANNELS, encoding="utf-8")
    site = open_site(folder)
    migrate(site.ledger, datetime.now(UTC))
    open_ledger(site.ledger)
    return site


def only_files(site: Site) -> None:
    others = [channel.name for channel in site.channels if channel.kind != "file"]
    if others:
        sys.exit(f"The demo publishes a year at once, so it takes files only; not {others}.")


def live_through(folder: Path, clock: DemoClock) -> list[str]:
    """Publish at each due time of what is approved, confirming the crisis line as it ages."""
    notices: list[str] = []
    site = open_site(folder)
    confirmed = clock.now
    while (due := rows.next_due(site.id)) is not None:
        clock.move_to(due)
        if clock.now - confirmed > CONFIRM_EVERY:
            confirm(site, "US", "author", SOURCE, clock.now)
            confirmed = clock.now
            site = open_site(folder)
        run = publish(site, clock)
        if run is None:
            sys.exit("Another publisher is at work on the demo's ledger.")
        notices += run.notices
        clock.move_to(clock.now + timedelta(minutes=1))
    return notices


def report_again(site: Site, clock: DemoClock) -> int:
    """The second run: one more publish, and the word that nothing was left to send."""
    before = Counter(delivery.state for delivery in rows.everything(site.id))
    run = publish(site, clock)
    after = Counter(delivery.state for delivery in rows.everything(site.id))
    sent = after[State.SENT]
    print(f"The demo's clock stands at {clock.now:%Y-%m-%d %H:%M} UTC, where the last run ended.")
    if run and before == after and sent == after.total():
        print(f"Everything was sent before: {sent} posts, nothing published twice.")
        return 0
    print(f"Expected everything to be sent already, but found {dict(after)}.")
    return 1


def show(site: Site, planned: Plan, approval: Approval, notices: list[str]) -> None:
    console = Console()
    approved = rows.everything(site.id)
    sent = [delivery for delivery in approved if delivery.state == State.SENT]
    table = Table(title="A year of the sample site", show_header=False, title_justify="left")
    table.add_row("days matched", str(len(planned.reasons)))
    table.add_row("posts drafted", str(len(planned.proposed)))
    table.add_row("approved", str(len(approval.approved)))
    table.add_row("sent", str(len(sent)))
    table.add_row("findings", findings(approved))
    table.add_row("needing a person", str(len(notices) + len(approval.refused)))
    console.print(table)
    console.print(points_table(site, sent))
    for line in [*planned.problems, *approval.refused.values(), *notices]:
        print(line)
    for channel in site.channels:
        print(f"{channel.name}: {site.folder / getattr(channel, 'folder')}")  # noqa: B009 - a file channel's own


def findings(approved: list[Delivery]) -> str:
    """How often each rule of the guard remarked on something, and how gravely."""
    found = Counter(
        f"{one['rule']} ({one['severity']})" for each in approved for one in each.draft.findings
    )
    return ", ".join(f"{count} × {rule}" for rule, count in found.most_common()) or "none"


def points_table(site: Site, sent: list[Delivery]) -> Table:
    """How many posts of each channel speak of each benefit and risk."""
    names = [channel.name for channel in site.channels]
    table = Table("point", "kind", *names, title="Posts by point")
    uses = Counter(
        (point, delivery.channel) for delivery in sent for point in delivery.draft.inputs["points"]
    )
    for article in site.articles:
        for point in article.points:
            if point.kind in {Kind.BENEFIT, Kind.RISK}:
                counts = [str(uses[point.id, name]) for name in names]
                table.add_row(point.label, point.kind, *counts)
    return table


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo")))
