"""What people read on a terminal; piped, the same tables come out plain."""

from collections.abc import Sequence
from datetime import date

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from scheduler.actions.plan import Plan
from scheduler.guard.crisis import CrisisLine
from scheduler.ledger.models import Delivery, Draft
from scheduler.nouns import Post


def show_plan(found: Sequence[Draft], done: Plan) -> None:
    """Each draft of the window with the best reason its day was chosen; `--json` has them all."""
    rows = [
        (
            draft.marker,
            draft.first.isoformat(),
            Post.thawed(draft.post).day_name,
            draft.channel,
            _state(draft),
            _rules(draft),
            done.reasons.get((draft.day, draft.first), "").partition(";")[0],
        )
        for draft in found
    ]
    _show(("id", "date", "day", "channel", "state", "findings", "why"), rows)
    _say(
        f"{len(done.proposed)} proposed, {len(done.refreshed)} refreshed, "
        f"{len(done.lapsed)} lapsed, {len(done.sent_back)} sent back"
    )


def show_drafts(found: Sequence[Draft]) -> None:
    rows = [
        (
            draft.marker,
            draft.first.isoformat(),
            Post.thawed(draft.post).day_name,
            draft.channel,
            _state(draft),
            _rules(draft),
            draft.note,
        )
        for draft in found
    ]
    _show(("id", "date", "day", "channel", "state", "findings", "note"), rows)


def show_draft(draft: Draft) -> None:
    """One draft whole, with what the guard says of it."""
    post = Post.thawed(draft.post)
    _say(f"{draft.marker}  {post.day_name}, {draft.local_time} ({draft.zone}), {draft.channel}")
    _say(f"{_state(draft)}, written by {draft.author}. {draft.note}".rstrip())
    _say("")
    _say(draft.source)
    for finding in draft.findings:
        _say("")
        _say(f"{finding['severity']}: {finding['rule']}: {finding['why']}")
        if finding["suggestion"]:
            _say(f"    {finding['suggestion']}")


def show_coming(found: Sequence[Draft]) -> None:
    rows = [
        (
            draft.local_time,
            Post.thawed(draft.post).day_name,
            draft.channel,
            _state(draft),
            draft.marker,
        )
        for draft in found
    ]
    _show(("when", "day", "channel", "state", "id"), rows)


def show_log(found: Sequence[Delivery]) -> None:
    rows = [
        (
            delivery.marker,
            delivery.draft.local_time,
            delivery.draft.day,
            delivery.channel,
            delivery.state + (" ?" if delivery.asked else ""),
            str(delivery.attempts),
            delivery.url or delivery.note,
        )
        for delivery in found
    ]
    _show(("id", "due", "day", "channel", "state", "attempts", "where or why"), rows)


def show_crisis(lines: Sequence[CrisisLine], today: date) -> None:
    rows = [
        (
            line.country,
            line.say,
            line.checked.isoformat(),
            line.good_until.isoformat() + (" (confirm again)" if line.good_until < today else ""),
            line.source,
        )
        for line in lines
    ]
    _show(("country", "line", "checked", "good until", "source"), rows)


def _state(draft: Draft) -> str:
    return draft.state.replace("_", " ")


def _rules(draft: Draft) -> str:
    return ", ".join(sorted({f"{one['rule']} ({one['severity']})" for one in draft.findings}))


def _show(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on a terminal, tab-separated lines elsewhere; data is never read as markup."""
    console = Console()
    if not console.is_terminal:
        for row in rows:
            _say("\t".join(row))
        return
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    console.print(table)


def _say(line: str) -> None:
    click.echo(line)
