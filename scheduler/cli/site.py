"""init, migrate, fsck: the site's folder and its ledger."""

import sys
from pathlib import Path

import click

from scheduler.actions import fsck as checking
from scheduler.actions.new_site import new_site
from scheduler.actions.site import open_site
from scheduler.cli.frame import Frame, clock, command, complain
from scheduler.errors import UsageError
from scheduler.ledger import highwater
from scheduler.ledger.db import migrate as bring_up
from scheduler.nouns import Role


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Ask nothing; take the sample's answers.")
@click.option("--name", help="The brand's name.")
@click.option("--timezone", help="Where the brand lives, like America/Denver.")
@click.option("--audience", help="Who reads the posts, like US-CO.")
@click.option("--url", help="The brand's own address.")
def init(folder: Path, yes: bool, **answers: str | None) -> None:
    """Make a site in DIR that works at once: config, calendar, the sample article, a ledger."""
    given = {name: value for name, value in answers.items() if value}
    if not yes:
        for name, question in QUESTIONS.items():
            given.setdefault(name, click.prompt(*question))
    new_site(folder, given, clock())
    if sys.stdout.isatty():
        click.echo(f"{folder} is ready. Next:\n  cd {folder}\n  redletter plan --until DATE")


QUESTIONS = {
    "name": ("The brand's name", "Redletter Sample Clinic"),
    "timezone": ("Its time zone", "America/Denver"),
    "audience": ("Who reads the posts: a country, or country and state", "US-CO"),
    "url": ("Its own address", "https://clinic.example"),
}


@command()
@click.pass_obj
def migrate(frame: Frame) -> None:
    """Bring the ledger to this version, or make a new one; may be repeated."""
    applied = bring_up(open_site(frame.folder).ledger, clock())
    if applied and sys.stdout.isatty():
        click.echo("applied " + ", ".join(applied))


@command()
@click.option("--confirm-clock", is_flag=True, help="The clock is right now and was wrong before.")
@click.option("--by", metavar="NAME", help="Who confirms it.")
@click.pass_obj
def fsck(frame: Frame, confirm_clock: bool, by: str | None) -> int:
    """Check the ledger from end to end; exit 1 names what is wrong."""
    site = frame.site()
    found = checking.fsck(site.id)
    for line in found:
        complain(f"redletter: {line}")
    if found:
        return 1
    if confirm_clock:
        if not by:
            raise UsageError("--confirm-clock needs --by NAME")
        highwater.confirm(site.id, clock(), site.allow(by, Role.APPROVER, Role.ADMIN))
    if sys.stdout.isatty():
        click.echo("the ledger is sound")
    return 0
