"""The full command: one lazy group, and what every error means to the shell.

Exit codes: 0 done or nothing to do, 1 a person is needed, 2 usage, config or content, 75 later.
"""

import importlib
import sys
from typing import Any

import click

from scheduler import __version__
from scheduler.cli.frame import Frame
from scheduler.errors import RedletterError, Temporary

COMMANDS = {
    "init": "scheduler.cli.site:init",
    "migrate": "scheduler.cli.site:migrate",
    "fsck": "scheduler.cli.site:fsck",
    "plan": "scheduler.cli.planning:plan",
    "next": "scheduler.cli.planning:coming",
    "review": "scheduler.cli.review:review",
    "edit": "scheduler.cli.review:edit",
    "approve": "scheduler.cli.review:approve",
    "reject": "scheduler.cli.review:reject",
    "publish": "scheduler.cli.sending:publish",
    "log": "scheduler.cli.sending:log",
    "cancel": "scheduler.cli.sending:cancel",
    "pause": "scheduler.cli.sending:pause",
    "resume": "scheduler.cli.sending:resume",
    "resolve": "scheduler.cli.sending:resolve",
    "crisis": "scheduler.cli.crisis:crisis",
}


class Lazy(click.Group):
    """Imports a command's module only when that command is called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--site", metavar="DIR", help="The site's folder; else the nearest one above.")
@click.version_option(__version__, prog_name="redletter")
@click.pass_context
def cli(ctx: click.Context, site: str | None) -> None:
    """Every awareness day that fits your article, published once, on the right date."""
    ctx.obj = Frame(site)


def run(words: list[str] | None = None) -> None:
    """Run one command and leave with its exit code; errors are words, never tracebacks."""
    sys.exit(code_of(words))


def code_of(words: list[str] | None = None) -> int:
    try:
        code: Any = cli.main(args=words, prog_name="redletter", standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.Abort:
        return 130
    except Temporary as error:
        click.echo(f"redletter: {error}", err=True)
        return 75
    except RedletterError as error:
        click.echo(f"redletter: {error}", err=True)
        return 2
    except OSError as error:
        click.echo(f"redletter: {error}. Look for a full or read-only disk.", err=True)
        return 75
    return code if isinstance(code, int) else 0
