"""crisis list and confirm: the numbers a reader in need is told."""

import click

from scheduler.actions import crisis as confirming
from scheduler.actions.draw import local_date
from scheduler.cli.frame import Command, Frame, by_option, clock, json_option, show_json
from scheduler.cli.tables import show_crisis


@click.group()
def crisis() -> None:
    """The crisis lines that posts carry; each must be confirmed every 90 days."""


@crisis.command(name="list", cls=Command)
@json_option
@click.pass_obj
def list_(frame: Frame, as_json: bool) -> None:
    """Which lines there are, when each was last checked, and until when that is good."""
    site = frame.site()
    if as_json:
        show_json({"crisis": [confirming.document(line) for line in site.crisis]})
    else:
        show_crisis(site.crisis, local_date(site, clock()))


@crisis.command(cls=Command)
@click.argument("country")
@by_option
@click.option("--source", required=True, metavar="URL", help="Where you looked the number up.")
@click.pass_obj
def confirm(frame: Frame, country: str, by: str, source: str) -> None:
    """Say that you looked up the line of COUNTRY (US, CA …) today and that it is right."""
    site = frame.site()
    released = confirming.confirm(site, country, by, source, clock())
    if released:
        click.echo(f"{released} waiting posts can go out now")
