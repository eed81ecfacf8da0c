"""Write the generated reference pages and the JSON Schemas; `--check` only says what is old.

Each page comes from one function of PAGES; add a function there for a new page.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import reference_commands
import reference_days
from pydantic import BaseModel

from scheduler.channels import registry
from scheduler.days.day import Calendar, Day
from scheduler.files.calendars import DayChange
from scheduler.files.config import (
    Crisis,
    LedgerSettings,
    Person,
    PlanSettings,
    ReviewSettings,
    SiteSettings,
)
from scheduler.files.schema import calendar_schema, config_schema, topics_schema

ROOT = Path(__file__).resolve().parent.parent
OURS = ("file", "wordpress")
GENERATED = "<!-- Written by scripts/reference.py from the code: change it there. -->\n"

TABLES: tuple[tuple[str, type[BaseModel]], ...] = (
    ("`[site]`", SiteSettings),
    ("`[ledger]`", LedgerSettings),
    ("`[plan]`", PlanSettings),
    ("`[review]`", ReviewSettings),
    ("`[[people]]`", Person),
    ("`[[crisis]]`", Crisis),
)

# Fields whose own description would say no more than their name does.
ABOUT = {
    ("Calendar", "id"): "Always own.",
    ("Calendar", "title"): "What the calendar is called.",
    (
        "Calendar",
        "regions",
    ): 'Where its days are kept unless they say otherwise; "*" is everywhere.',
    ("Calendar", "issuer"): "Who keeps the days.",
}
CHANNEL = {
    "name": "Small letters, digits and hyphens; stands in every key, so never change it once "
    "something was sent.",
    "kind": "Which service it is; the other settings depend on it.",
}


def settings() -> str:
    """Every setting of config.toml and of calendars/own.toml."""
    parts = [
        "# Settings\n",
        GENERATED,
        "All settings of a site stand in its `config.toml`, its own days in `calendars/own.toml`. "
        "Whatever does not fit is told with its line and column, everything at once; nothing is "
        "sent then. Secrets never stand in these files: `env:NAME` names an environment variable, "
        "`file:PATH` a file that only you can read.\n",
    ]
    parts += [_section(heading, model) for heading, model in TABLES]
    for kind in OURS:
        model = registry.settings_of(kind)
        parts.append(_section(f"`[[channel]]` of the kind `{kind}`", model))
    parts += [
        _section("`[calendar]` in own.toml", Calendar),
        _section("`[[day]]` in own.toml that changes a shipped day", DayChange),
        _section("`[[day]]` in own.toml, of your own", Day, without=("calendar",)),
        "A day of your own takes `followed` and `muted` as well.\n",
    ]
    return "\n".join(parts)


def _section(heading: str, model: type[BaseModel], without: tuple[str, ...] = ()) -> str:
    schema = model.model_json_schema()
    needed = schema.get("required", [])
    rows = [
        f"| `{name}` | {_type(field, schema)} | {_default(name, field, needed)} "
        f"| {field.get('description') or _about(model, name)} |\n"
        for name, field in schema["properties"].items()
        if name not in without
    ]
    about = (model.__doc__ or "").split("\n\n")[0].strip()
    lead = f"{about}\n\n" if about and about[-1] in ".:" else ""
    head = "| Setting | What it takes | If left out | Meaning |\n|---|---|---|---|\n"
    return f"## {heading}\n\n{lead}{head}{''.join(rows)}"


def _about(model: type[BaseModel], name: str) -> str:
    return ABOUT.get((model.__name__, name)) or CHANNEL.get(name, "")


def _default(name: str, field: Mapping[str, Any], needed: list[str]) -> str:
    if name in needed:
        return "required"
    default = field.get("default")
    if default in (None, "", [], {}):
        return "—"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if field.get("format") == "time":
        default = str(default)[:5]
    if isinstance(default, list):
        return "`[" + ", ".join(f'"{one}"' for one in default) + "]`"
    return f"`{default}`" if isinstance(default, int | float) else f'`"{default}"`'


def _type(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """What a setting takes, in words."""
    if "$ref" in field:
        return _type(schema["$defs"][field["$ref"].rpartition("/")[2]], schema)
    if options := field.get("anyOf"):
        kinds = [_type(one, schema) for one in options if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    if values := field.get("enum") or [field["const"]] if "const" in field else field.get("enum"):
        return ("one of " if len(values) > 1 else "") + ", ".join(f'`"{one}"`' for one in values)
    if field.get("type") == "array":
        return f"list: {_type(field.get('items', {}), schema)}"
    if "env:" in field.get("pattern", ""):
        return "reference to a secret"
    words = _WORDS.get(field.get("format", "")) or _WORDS.get(field.get("type", ""), "text")
    return words + "".join(_bounds(field))


_WORDS = {
    "boolean": "true or false",
    "date": "date",
    "integer": "whole number",
    "number": "number",
    "object": "table",
    "time": "time of day",
}


def _bounds(field: Mapping[str, Any]) -> Iterator[str]:
    low, high = field.get("minimum"), field.get("maximum")
    if low is not None and high is not None:
        yield f", {low:,} to {high:,}"
    elif low is not None:
        yield f", {low:,} or more"


def _config_schema() -> str:
    return config_schema({kind: registry.settings_of(kind) for kind in OURS})


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/settings.md": settings,
    "docs/reference/commands.md": lambda: reference_commands.commands(GENERATED),
    "docs/reference/days.md": lambda: reference_days.days(GENERATED),
    "docs/reference/topics.md": lambda: reference_days.topics(GENERATED),
    "config.schema.json": _config_schema,
    "calendars/calendar.schema.json": calendar_schema,
    "calendars/topics.schema.json": topics_schema,
}


def stale() -> list[str]:
    """The files that differ from what the code would write now."""
    return [name for name, page in PAGES.items() if _now(ROOT / name) != page()]


def _now(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if one is old")
    check = parser.parse_args().check
    old = stale()
    for name in old:
        if check:
            print(f"{name} is old: run python scripts/reference.py", file=sys.stderr)
            continue
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote {name}")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
