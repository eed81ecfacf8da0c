"""review, edit, approve, reject: what people say of drafts."""

import sys
from pathlib import Path

import click

from scheduler.actions import approve as approving
from scheduler.actions import edit as editing
from scheduler.actions import reject as rejecting
from scheduler.cli.drafts import document
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
from scheduler.cli.tables import show_draft, show_drafts
from scheduler.errors import UsageError
from scheduler.ledger import drafts


@command()
@click.argument("id_", metavar="[ID]", default="")
@json_option
@click.pass_obj
def review(frame: Frame, id_: str, as_json: bool) -> None:
    """What waits for a person; with an ID, that draft whole."""
    site = frame.site()
    found = [approving.named(site, id_)] if id_ else drafts.waiting(site.id)
    if as_json:
        show_json({"drafts": [document(draft) for draft in found]})
    elif id_:
        show_draft(found[0])
    else:
        show_drafts(found)


@command()
@click.argument("id_", metavar="ID")
@click.option("--text", help="The new words.")
@click.option(
    "--file", "path", type=click.Path(path_type=Path), help="A file with them; - = stdin."
)
@by_option
@click.pass_obj
def edit(frame: Frame, id_: str, text: str | None, path: Path | None, by: str) -> None:
    """Change a draft's words: in your editor, or by --text or --file. A blog post is Markdown."""
    site = frame.site()
    draft = approving.named(site, id_)
    words = text if path is None else _read(path)
    if words is None:
        words = click.edit(draft.source, extension=".md")
    if words is None:
        complain("nothing was changed")
        return
    show_draft(editing.edit(site, id_, words, by, clock()))


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read as text: {error}") from error


@command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that nothing speaks against.")
@by_option
@click.pass_obj
def approve(frame: Frame, ids: tuple[str, ...], everything: bool, by: str) -> int:
    """Say yes to drafts: they are frozen and go out on their date."""
    if bool(ids) == everything:
        raise UsageError("name the drafts to approve, or say --all")
    site, now = frame.site(), clock()
    done = (
        approving.approve_all(site, by, now)
        if everything
        else approving.approve(site, list(ids), by, now)
    )
    for marker, why in done.refused.items():
        complain(f"{marker} is not approved: {why}")
    if sys.stdout.isatty():
        click.echo(f"approved {len(done.approved)}, not approved {len(done.refused)}")
    return 1 if done.refused and not everything else 0


@command()
@click.argument("id_", metavar="ID")
@by_option
@reason_option
@click.pass_obj
def reject(frame: Frame, id_: str, by: str, reason: str) -> None:
    """Say no to a draft; it is not proposed again."""
    rejecting.reject(frame.site(), id_, by, reason, clock())
