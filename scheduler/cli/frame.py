"""What every command stands on: the site it means, its ledger, the clock, and how it prints."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scheduler.actions.site import Site, open_site
from scheduler.files.config import find_site
from scheduler.ledger.db import open_ledger, readable


def clock() -> datetime:
    return datetime.now(UTC)


class Frame:
    """The site of one call; opened when a command first asks."""

    def __init__(self, folder: str | None) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        return find_site(Path(self._folder) if self._folder else Path.cwd())

    def site(self) -> Site:
        """The site with its ledger open."""
        site = open_site(self.folder)
        open_ledger(site.ledger)
        return site


class Command(click.Command):
    """A command that also takes `--site` after its own name, as cron lines are often written."""

    def __init__(self, *args: Any, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.params.append(
            click.Option(
                ["--site"],
                metavar="DIR",
                expose_value=False,
                callback=_take_site,
                help="The site's folder; else the nearest one above.",
            )
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; whatever the database says against it comes out in words."""
        with readable():
            return super().invoke(ctx)


def _take_site(ctx: click.Context, _: click.Parameter, folder: str | None) -> None:
    if folder:
        ctx.obj = Frame(folder)


def command(name: str | None = None) -> Callable[[Callable[..., Any]], Command]:
    """`click.command`, with `--site`."""
    return click.command(name, cls=Command)


def show_json(document: dict[str, Any]) -> None:
    """One document on stdout and nothing else."""
    click.echo(json.dumps({"version": 1, **document}, ensure_ascii=False, indent=2))


def complain(line: str) -> None:
    click.echo(line, err=True)


by_option = click.option("--by", required=True, metavar="NAME", help="Who does it (config.toml).")
reason_option = click.option("--reason", required=True, help="Why; it stands in the log for ever.")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
