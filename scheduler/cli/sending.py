"""publish, log, cancel, pause, resume, resolve: what goes out, and what a person says of it."""

import signal
import sys
from typing import Any

import click

from scheduler.actions import cancel as cancelling
from scheduler.actions import pause as pausing
from scheduler.actions import publish as publishing
from scheduler.actions import resolve as resolving
from scheduler.actions.run import Run
from scheduler.cli.frame import (
    Frame,
    by_option,
    clock,
    command,
    complain,
    json_option,
    reason_option,
    show_json,
)
from scheduler.cli.tables import show_log
from scheduler.errors import UsageError
from scheduler.ledger import rows
from scheduler.ledger.models import Delivery
from scheduler.nouns import stamp


@command()
@click.pass_obj
def publish(frame: Frame) -> int:
    """Send what is due, then do what is owed. One line of cron, every minute."""
    site = frame.site()
    asked_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: asked_to_stop.append(number))
    run = Run()
    try:
        publishing.publish(site, clock, lambda: bool(asked_to_stop), run)
    finally:  # what needs a person is told, whatever stopped the run
        for notice in run.notices:
            complain(f"redletter: {notice}")
    sent = ", ".join(f"{count} {state}" for state, count in sorted(run.counts.items()))
    if sent and sys.stdout.isatty():
        click.echo(sent)
    return 1 if run.notices else 0


@command()
@json_option
@click.pass_obj
def log(frame: Frame, as_json: bool) -> None:
    """Every approved post and what became of it."""
    site = frame.site()
    found = rows.everything(site.id)
    if as_json:
        show_json({"deliveries": [_delivery(delivery) for delivery in found]})
    else:
        show_log(found)


def _delivery(delivery: Delivery) -> dict[str, Any]:
    draft = delivery.draft
    return {
        "id": delivery.marker,
        "key": delivery.key,
        "day": draft.day,
        "first": draft.first.isoformat(),
        "channel": delivery.channel,
        "state": delivery.state,
        "due_at": stamp(delivery.due_at),
        "not_after": stamp(delivery.not_after),
        "text": rows.post_of(delivery).text,
        "remote_id": delivery.remote_id or None,
        "url": delivery.url or None,
        "attempts": delivery.attempts,
        "sent_at": stamp(delivery.sent_at) if delivery.sent_at else None,
        "asked": delivery.asked,
        "note": delivery.note,
    }


@command()
@click.argument("id_", metavar="ID")
@by_option
@reason_option
@click.pass_obj
def cancel(frame: Frame, id_: str, by: str, reason: str) -> None:
    """Take an approved post back before it goes out."""
    cancelling.cancel(frame.site(), id_, by, reason, clock())


@command()
@click.argument("channel", default="")
@by_option
@reason_option
@click.pass_obj
def pause(frame: Frame, channel: str, by: str, reason: str) -> None:
    """Stop one CHANNEL, or everything, before the next post."""
    if not pausing.pause(frame.site(), channel, by, reason, clock()):
        complain(f"{channel or 'everything'} was paused already")


@command()
@click.argument("channel", default="")
@by_option
@click.pass_obj
def resume(frame: Frame, channel: str, by: str) -> None:
    """Go on with one CHANNEL, or with everything; what came too late is not sent."""
    if not pausing.resume(frame.site(), channel, by, clock()):
        complain(f"{channel or 'everything'} was not paused")


@command()
@click.argument("id_", metavar="ID")
@click.option("--out", "url", metavar="URL", help="It is out: this is its address.")
@click.option("--send", is_flag=True, help="It is not out: send it, within six hours at least.")
@click.option("--drop", is_flag=True, help="Let it be.")
@by_option
@click.pass_obj
def resolve(frame: Frame, id_: str, url: str | None, send: bool, drop: bool, by: str) -> None:
    """Answer for a post that may be out, or send a refused or missed one anyway."""
    if (url is not None) + send + drop != 1:
        raise UsageError("say one of --out URL, --send, --drop")
    site, now = frame.site(), clock()
    if url is not None:
        resolving.is_out(site, id_, url, by, now)
    elif send:
        click.echo(f"to be sent, not after {stamp(resolving.send(site, id_, by, now))}")
    else:
        resolving.drop(site, id_, by, now)
