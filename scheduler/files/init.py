"""Write a new site: config, own calendar, the sample article with its templates, schemas."""

import re
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from pydantic import BaseModel

from scheduler.errors import ContentError, UsageError
from scheduler.files.config import FILE, ConfigFile
from scheduler.files.schema import calendar_schema, config_schema
from scheduler.files.shipped import shipped
from scheduler.files.write import write
from scheduler.places import read_toml, validated

IGNORED = ("/.redletter/", "/ledger.db*", "/public/")
_SAMPLE_URL = "https://clinic.example"


def make_site(
    folder: Path,
    kinds: Mapping[str, type[BaseModel]],
    *,
    name: str = "Redletter Sample Clinic",
    timezone: str = "America/Denver",
    audience: str = "US-CO",
    url: str = _SAMPLE_URL,
) -> None:
    """Write the files of a site that works at once; `kinds` are the settings of each channel kind.

    Files that are there stay as they are. Raises UsageError where a site stands already or an
    answer does not fit; nothing is written then. config.toml comes last, so that an interrupted
    call can be repeated.
    """
    if (folder / FILE).exists():
        raise UsageError(f"{folder} is a site already: it holds a {FILE}. Nothing was changed.")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file: name a folder.")
    answers = {"name": name, "url": url.rstrip("/"), "timezone": timezone, "audience": audience}
    config = _config({"id": _slug(folder.resolve().name), **answers})
    files = {
        "config.schema.json": config_schema(kinds),
        "calendars/calendar.schema.json": calendar_schema(),
        "calendars/own.toml": _own_calendar(),
        **_posts(url.rstrip("/")),
    }
    for file, text in files.items():
        if not (folder / file).exists():
            write(folder / file, text.encode())
    _ignore(folder / ".gitignore")
    write(folder / FILE, config.encode())


def _config(site: Mapping[str, str]) -> str:
    """The sample's config.toml, about this site; raises UsageError where an answer does not fit."""
    document = tomlkit.parse((shipped() / FILE).read_text(encoding="utf-8"))
    table = document["site"]
    assert isinstance(table, tomlkit.items.Table)
    table.update(site)
    channels = document["channel"]
    assert isinstance(channels, tomlkit.items.AoT)
    channels[0]["title"] = site["name"]
    text = tomlkit.dumps(document).replace("# The sample site. ", "# ")
    try:
        read, places = read_toml(text, FILE)
    except ContentError as error:
        raise UsageError(str(error)) from None
    _, problems = validated(ConfigFile, read, FILE, places)
    if problems:
        said = "\n".join(f"{one.what}\n    {one.cure}".rstrip() for one in problems)
        raise UsageError(f"The site was not made:\n{said}")
    return text


def _own_calendar() -> str:
    """The sample's own.toml, its days turned into examples: another site does not have them."""
    text = (shipped() / "calendars" / "own.toml").read_text(encoding="utf-8")
    head, mark, days = text.partition("[[day]]")
    lines = (mark + days).splitlines()
    examples = [line if not line or line.startswith("#") else f"# {line}" for line in lines]
    return head + "\n".join(examples) + "\n"


def _posts(url: str) -> dict[str, str]:
    """The sample article and the templates, by path; links lead to this site."""
    root = shipped()
    paths = sorted(path for path in (root / "posts").rglob("*") if path.suffix in (".md", ".j2"))
    texts = {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return {path: text.replace(_SAMPLE_URL, url) for path, text in texts.items()}


def _ignore(path: Path) -> None:
    """Keep what the machine makes out of git; lines that are there stay."""
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    missing = [line for line in IGNORED if line not in before.splitlines()]
    if missing:
        glue = "\n" if before and not before.endswith("\n") else ""
        write(path, (before + glue + "\n".join(missing) + "\n").encode())


def _slug(name: str) -> str:
    """A site's id from a folder's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-") or "site"
