"""Nothing without its page: commands, settings, rules, kinds of channel; and no dead link."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from scheduler.channels import registry
from scheduler.cli.main import COMMANDS, cli
from scheduler.days.day import Calendar, Day
from scheduler.drafting.context import NAMES
from scheduler.files.calendars import DayChange
from scheduler.files.config import ConfigFile
from scheduler.ledger.deliveries import MOVES
from scheduler.nouns import State

ROOT = Path(__file__).parents[1]
SKIPPED = {".git", ".venv", "build", "dist", "node_modules"}
PAGES = sorted(
    path
    for path in ROOT.rglob("*.md")
    if not SKIPPED.intersection(path.relative_to(ROOT).parts)
    and not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    and "posts" not in path.relative_to(ROOT).parts
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"```.*?```", re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page(file: str) -> str:
    return (ROOT / "docs" / file).read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    return HEADING.findall(FENCED.sub("", text))


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli)
    for word in cli.list_commands(context):
        command = cli.get_command(context, word)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{word} {below}", one) for below, one in command.commands.items())
        else:
            yield word, command


def test_the_generated_pages_are_current() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "reference.py"), "--check"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("words", "command"), list(commands()), ids=lambda one: str(one))
def test_every_command_and_option_is_described(words: str, command: click.Command) -> None:
    text = page("reference/commands.md")
    assert f"`{words}`" in headings(text)
    part = text.split(f"## `{words}`\n")[1].split("\n## ")[0]
    assert "Exit codes: 0 " in part
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{words} {option.opts[0]} has no help"
            assert re.search(rf"`{option.opts[0]}[` ]", part)


def settings() -> Iterator[tuple[str, str]]:
    """Each table of a site's files with each of its fields."""
    for table, field in ConfigFile.model_fields.items():
        inner = field.annotation
        model = getattr(inner, "__args__", (inner,))[0]
        if table != "channel":
            many = table in ("people", "crisis")
            heading = f"`[[{table}]]`" if many else f"`[{table}]`"
            yield from ((heading, name) for name in model.model_fields)
    for kind in registry.kinds():
        fields = registry.settings_of(kind).model_fields
        yield from ((f"`[[channel]]` of the kind `{kind}`", name) for name in fields)
    yield from (("`[calendar]` in own.toml", name) for name in Calendar.model_fields)
    yield from (
        ("`[[day]]` in own.toml that changes a shipped day", name)
        for name in DayChange.model_fields
    )
    yield from (
        ("`[[day]]` in own.toml, of your own", name)
        for name in Day.model_fields
        if name != "calendar"
    )


@pytest.mark.parametrize(("table", "field"), list(settings()))
def test_every_setting_is_described(table: str, field: str) -> None:
    text = page("reference/settings.md")
    assert table in headings(text)
    part = text.split(f"## {table}\n")[1].split("\n## ")[0]
    [row] = [line for line in part.splitlines() if line.startswith(f"| `{field}` |")]
    *_, meaning, _ = (cell.strip() for cell in row.split(" |"))
    assert meaning not in ("", "—"), f"{table} {field} says nothing"


@pytest.mark.parametrize("kind", registry.kinds())
def test_every_kind_of_channel_has_its_page(kind: str) -> None:
    text = page(f"reference/channels/{kind}.md")
    assert headings(text)[0] == f"The {kind} channel"
    for field in registry.settings_of(kind).model_fields:
        assert f"`{field}`" in text
    assert f"| `{kind}` |" in page("reference/delivery.md")
    assert f"reference/channels/{kind}.md" in page("index.md")


def guard_rules() -> list[str]:
    found = set()
    for path in (ROOT / "scheduler" / "guard").glob("rules*.toml"):
        for rule in tomllib.loads(path.read_text(encoding="utf-8")).get("rule", []):
            found.add(rule["id"])
    return sorted(found)


def test_there_are_rules() -> None:
    assert len(guard_rules()) >= 14


@pytest.mark.parametrize("rule", guard_rules())
def test_every_rule_of_the_guard_is_described(rule: str) -> None:
    assert any(rule in heading for heading in headings(page("reference/guard.md")))


def test_every_state_is_described() -> None:
    text = page("reference/delivery.md")
    assert set(MOVES) == set(State)
    for state in State:
        assert f"| `{state.value}` |" in text


def test_every_name_that_a_template_may_use_is_described() -> None:
    rows = [line for line in page("how-to/write-a-template.md").splitlines() if line[:3] == "| `"]
    described = {word for row in rows for word in re.findall(r"`(\w+)`", row.split(" | ")[0])}
    assert described == NAMES


def test_every_noun_is_in_the_glossary() -> None:
    nouns = (
        "Day Occurrence Article Template Channel Post Finding Draft Delivery Receipt Event Measure"
    )
    assert headings(page("glossary.md"))[1:13] == nouns.split()


def test_every_page_is_reached_from_the_index() -> None:
    linked = {target.split("#")[0] for target in LINK.findall(page("index.md"))}
    pages = {
        path.relative_to(ROOT / "docs").as_posix()
        for path in PAGES
        if ROOT / "docs" in path.parents
    }
    assert pages - {"index.md"} <= linked


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in LINK.findall(FENCED.sub("", path.read_text(encoding="utf-8"))):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        found = (path.parent / file).resolve() if file else path
        assert found.exists(), f"{name(path)} links to {target}"
        if anchor:
            slugs = {slug(heading) for heading in headings(found.read_text(encoding="utf-8"))}
            assert anchor in slugs, f"{name(path)} links to {target}"


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200


COMMAND = re.compile(r"(?:^|[\s(`/])redletter ((?:--\S+ |[a-z]+ ?)[^\n`|)]*)")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_command_that_is_shown_exists(path: Path) -> None:
    """In code only: `redletter publish`, or a line of a block."""
    text = path.read_text(encoding="utf-8")
    code = [*re.findall(r"```(?:sh|cron|ini)?\n(.*?)```", text, re.DOTALL)]
    code += re.findall(r"(?<!`)`(redletter [^`\n]+)`", text)
    known = dict(commands())
    for shown in COMMAND.findall("\n".join(code)):
        words = shown.split()
        if words[0] in ("COMMAND", "--version", "--help") or words[0].startswith("--"):
            continue
        assert words[0] in COMMANDS, f"{name(path)} shows redletter {shown}"
        full = words[0] if words[0] in known else " ".join(words[:2])
        assert full in known, f"{name(path)} shows redletter {shown}"
        options = {opt for param in known[full].params for opt in param.opts} | {"--help"}
        for word in re.findall(r"(?<!\S)--[a-z-]+", shown):
            assert word in options, f"{name(path)}: {full} has no {word}"


def test_the_files_that_the_architecture_names_are_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for path in re.findall(r"`((?:scheduler|tests|docs|scripts|calendars)/[\w./*-]+)", text):
        assert list(ROOT.glob(path.rstrip("/"))), path
    for path in re.findall(r"`(actions/\w+\.py)`", text):
        assert (ROOT / "scheduler" / path).exists(), path
    deliveries = (ROOT / "scheduler/ledger/deliveries.py").read_text(encoding="utf-8")
    table = text.split("## Delivery")[1].split("\n## ")[0]
    for row in (line for line in table.splitlines() if line.startswith("| D")):
        for function in re.findall(r"`([a-z_]+)`", row.split("|")[3]):
            assert f"def {function}(" in deliveries, row
