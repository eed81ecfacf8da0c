"""The reference page of the commands: their words from Click, the rest from the tables here.

A command without a line in EXITS stops the script, so that none goes without its exit codes.
"""

from collections.abc import Iterator

import click

from scheduler.cli.main import cli

Fields = dict[str, str]

SHOW, CHANGE = "0 done · 2 usage, config or content", "0 done · 2 refused, with the reason"

EXITS = {
    "init": "0 made · 2 a site stands there already, or an answer does not fit",
    "migrate": "0 done, or nothing to do · 2 the ledger is from a newer Redletter",
    "fsck": "0 sound · 1 something is wrong, each thing named · 2 usage, config",
    "plan": "0 done · 1 a post could not be worded, each named · 2 usage, config",
    "next": SHOW,
    "review": SHOW,
    "edit": "0 changed, or left as it was · 2 refused, with the reason",
    "approve": "0 done; with `--all` also when some were not approved · 1 a named draft was not "
    "approved · 2 an unknown name, role or id",
    "reject": CHANGE,
    "publish": "0 done, nothing to do, or another sender is at work · 1 a person is needed for "
    "something that this run refused, missed, asked or paused · 2 config or content; nothing was "
    "sent · 75 a full disk, a busy ledger, a doubtful clock; try later",
    "log": SHOW,
    "cancel": CHANGE,
    "pause": "0 done, or it was paused already · 2 an unknown name, role or channel",
    "resume": "0 done, or it was not paused · 2 an unknown name, role or channel",
    "resolve": CHANGE,
    "crisis list": SHOW,
    "crisis confirm": "0 done · 2 an unknown name or country · 75 config.toml is being changed",
}

WHO = {
    "fsck": "for confirming the clock, approver and admin",
    "edit": "author, approver",
    "approve": "approver; with four eyes not who wrote the draft",
    "reject": "approver",
    "cancel": "everybody whom `config.toml` names",
    "pause": "everybody whom `config.toml` names",
    "resume": "approver, admin",
    "resolve": "approver, admin",
    "crisis confirm": "everybody whom `config.toml` names",
}

MORE = {
    "publish": "Silent when all is well and nobody watches at a terminal. What needs a person goes "
    "to standard error, one notice a line. See [cron](../how-to/cron.md).",
    "plan": "May be repeated at any time: it refreshes what nobody has touched, and never "
    "overwrites what a person edited, approved or rejected.",
    "review": "Without an ID: what waits. Away from a terminal the columns are separated by tabs, "
    "the id first.",
    "edit": "The name after `--by` becomes the author, so with four eyes somebody else approves.",
    "approve": "What is blocked, changed or too late is named on standard error with its reason.",
    "resolve": "`--out` and `--drop` fit what is unsure; `--send` also what was refused or missed. "
    "See [when something fails](../how-to/when-something-fails.md).",
    "pause": "Without a CHANNEL, everything stops.",
    "fsck": "Looks at the database file, the triggers, the chain of events, and every delivery.",
    "migrate": "An existing ledger is copied to `<name>.<time>.bak` beside it first.",
    "crisis confirm": "See [crisis lines](../how-to/crisis-lines.md).",
}

DRAFT: Fields = {
    "id": "the draft's id, which commands take; after approval the delivery's too",
    "article": "the article's id",
    "day": "the day's id",
    "day_name": "the day's name",
    "first": "the occasion's first date",
    "channel": "the channel's name",
    "round": "1, or more when it came back to review",
    "state": "`proposed`, `changes_asked`, `approved`, `rejected` or `lapsed`",
    "title": "a blog post's title, else empty",
    "text": "the post as plain text",
    "findings": "what the guard says, see below",
    "points": "ids of the article's points it speaks of",
    "reason": "why the day was chosen (`plan` only)",
    "author": "who worded it: `planner`, or the person who edited it last",
    "due_at": "when it goes out, UTC",
    "not_after": "when it is too late, UTC",
    "note": "why it came back or was turned down",
}

FINDING: Fields = {
    "rule": "the rule's id, see [the guard](guard.md)",
    "severity": "`warn`, or `block`: a blocked draft cannot be approved",
    "start": "where in `text` it begins, in code points; 0 and 0 mean the whole post",
    "end": "where it ends",
    "why": "why it matters",
    "suggestion": "what to write instead",
}

DELIVERY: Fields = {
    "id": "the delivery's id: its marker",
    "key": "its name for ever, `site/article/day/first/channel/wave/part/round`",
    "day": "the day's id",
    "first": "the occasion's first date",
    "channel": "the channel's name",
    "state": "see [delivery](delivery.md)",
    "due_at": "when it goes out, UTC",
    "not_after": "when it is too late, UTC",
    "text": "the approved post as plain text",
    "remote_id": "the id that the service gave it, or null",
    "url": "where it is out, or null; for files relative to the site's folder",
    "attempts": "how often it was tried",
    "sent_at": "when it was known to be out, UTC, or null",
    "asked": "whether a person was asked what became of it",
    "note": "why it is as it is",
}

DOCUMENTS = {
    "`drafts`, of `plan` and `review`; and `next`, of `next`": DRAFT,
    "`findings` of a draft": FINDING,
    "`deliveries`, of `log`": DELIVERY,
}

HEAD = """# Commands

{generated}
`redletter COMMAND --help` says the same in the terminal. Every command finds its site as
`--site DIR`, else as the nearest folder at or above the current one with a `config.toml`. An `ID`
is the ten letters and digits that `plan`, `review` and `log` show.

## Exit codes

| Code | Meaning |
|---|---|
| 0 | Done, or nothing to do. |
| 1 | A person is needed; standard error says for what. |
| 2 | Usage, config or content; standard error says what, where, and the cure. Nothing was sent. |
| 75 | Temporary: the same command may work later. |
| 130 | Interrupted at a question (Ctrl-C). |

Any command may leave with 75; each names below what else it may say.
"""

JSON_HEAD = """## JSON documents

With `--json` a command prints one document on standard output and nothing else. `version` is 1;
fields may be added to it, none is taken away. Dates are `YYYY-MM-DD`, instants
`YYYY-MM-DDTHH:MM:SSZ`.
"""


def commands(generated: str) -> str:
    """Every command with its options and exit codes, then the JSON documents."""
    context = click.Context(cli, info_name="redletter")
    parts = [HEAD.format(generated=generated)]
    for name, command in walk(cli, context):
        parts.append(_command(name, command))
    parts.append(JSON_HEAD)
    for heading, fields in DOCUMENTS.items():
        rows = "".join(f"| `{name}` | {about} |\n" for name, about in fields.items())
        parts.append(f"### {heading}\n\n| Field | Meaning |\n|---|---|\n{rows}")
    return "\n".join(parts)


def walk(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its full name: "publish", "crisis list"."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            inner = click.Context(command, info_name=name)
            yield from ((f"{name} {below}", one) for below, one in walk(command, inner))
        else:
            yield name, command


def _command(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"redletter {name}")
    usage = " ".join([f"redletter {name}", *command.collect_usage_pieces(context)])
    rows = "".join(_option(one) for one in command.params if isinstance(one, click.Option))
    table = f"| Option | Meaning |\n|---|---|\n{rows}\n" if rows else ""
    more = f"{MORE[name]}\n\n" if name in MORE else ""
    who = f"Who may: {WHO[name]}.\n\n" if name in WHO else ""
    return (
        f"## `{name}`\n\n```\n{usage}\n```\n\n{_sentence(command.help or '')}\n\n{more}{table}"
        f"{who}Exit codes: {EXITS[name]}.\n"
    )


def _option(option: click.Option) -> str:
    takes = "" if option.is_flag else f" {option.metavar or option.type.name.upper()}"
    needed = " Required." if option.required else ""
    if option.show_default and option.default is not None:
        needed = f" Without it: {option.default}."
    names = ", ".join(f"`{one}{takes}`" for one in option.opts)
    return f"| {names} | {_sentence(option.help or '')}{needed} |\n"


def _sentence(text: str) -> str:
    return " ".join(text.split())
