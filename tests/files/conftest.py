"""A small site to break: written anew for each test."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field

from scheduler.channels.base import ChannelSettings
from scheduler.errors import Problem
from scheduler.files.articles import read_articles
from scheduler.files.calendars import read_days
from scheduler.files.config import Config, read_config
from scheduler.nouns import SecretRef


class FolderSettings(ChannelSettings):
    folder: str
    format: Literal["blog", "jsonl", "ics"] = "blog"


class AccountSettings(ChannelSettings):
    password: SecretRef = Field(description="Where the password stands.")


KINDS = {"file": FolderSettings, "account": AccountSettings}

CONFIG = """\
[site]
id = "ann-and-ben"
name = "Ann & Ben"
url = "https://clinic.example"
timezone = "America/Denver"
audience = "US-CO"

[plan]
articles = ["sleep"]

[[people]]
name = "ann"
email = "ann@clinic.example"
roles = ["author"]

[[people]]
name = "ben"
email = "ben@clinic.example"
roles = ["approver", "admin"]

[[channel]]
name = "blog"
kind = "file"
folder = "public"
"""

ARTICLE = """\
+++
title = "Sleep"
url = "https://clinic.example/sleep"
language = "en"
topics = ["stress"]
names_treatment = false
disclaimer = "General education only."
short_disclaimer = "Education only."

[[point]]
id = "light"
kind = "fact"
label = "Light"
sentences = ["Dim light in the evening helps some people to fall asleep."]
sources = [{ title = "A page", checked = 2026-11-24 }]
+++
# Sleep
"""

OWN = """\
[calendar]
id = "own"
title = "Our own days"

[[day]]
id = "open-house"
name = "Open house"
when = "last Saturday of April"
topics = ["stress"]
"""


Site = tuple[Config | None, list[Problem]]


@pytest.fixture
def read(folder: Path) -> Callable[[], Site]:
    """Reads all files of the site: its config, and every problem in them."""

    def read() -> Site:
        config, problems = read_config(folder, KINDS.__getitem__, list(KINDS))
        problems += read_days(folder)[1]
        problems += read_articles(folder, config.plan.articles if config else None)[1]
        return config, sorted(problems)

    return read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site without a problem."""
    files = {
        "config.toml": CONFIG,
        "calendars/own.toml": OWN,
        "posts/sleep/article.md": ARTICLE,
        "posts/sleep/short.j2": "{{ day.name }}",
        "posts/_shared/macros.j2": "",
    }
    for name, text in files.items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "site"


Change = Callable[[str, str, str], None]


@pytest.fixture
def change(folder: Path) -> Change:
    """Replaces one text by another in a file of the site; a new file for an empty text."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in before
        path.write_text(before.replace(old, new, 1) if old else new, encoding="utf-8")

    return replace
