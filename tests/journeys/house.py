"""A site of its own for a journey: the installed command, real files, days that begin today."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from scheduler.files.shipped import shipped

OWN = "calendars/own.toml"
REDLETTER = Path(sys.executable).with_name("redletter")


def faked(at: str) -> dict[str, str]:
    """An environment in which a process believes that it is that moment, in UTC, and goes on."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    if not found:
        missing("libfaketime")
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME": f"@{at}:00",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }


def missing(tool: str) -> NoReturn:
    """Skip by name what cannot run here; in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{tool} is missing: scripts/test-servers.sh installs it")
    pytest.skip(f"{tool} is missing: scripts/test-servers.sh installs it")


def today() -> date:
    return datetime.now(UTC).date()


class House:
    """One site, driven from outside as its users and cron drive it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run("init", "--yes", str(folder), at_home=False)

    def run(self, *words: str, at_home: bool = True, expect: int | None = 0) -> str:
        """Run the installed command; returns stdout, fails on an unexpected exit code."""
        done = self.attempt(*words, at_home=at_home)
        if expect is not None:
            assert done.returncode == expect, f"{words}: {done.returncode}\n{done.stderr}"
        return done.stdout

    def attempt(
        self, *words: str, at_home: bool = True, before: Sequence[str] = (), at: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run it: under another program, or by another clock, set like "2027-03-14 16:00"."""
        return subprocess.run(
            [*before, str(REDLETTER), *words],
            cwd=self.folder if at_home else self.folder.parent,
            env={**os.environ, **(faked(at) if at else {})},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def json(self, *words: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.run(*words, "--json"))
        assert document["version"] == 1
        return document

    def plan(self, until: date) -> list[dict[str, Any]]:
        drafts: list[dict[str, Any]] = self.json("plan", "--until", until.isoformat())["drafts"]
        return drafts

    def log(self) -> list[dict[str, Any]]:
        deliveries: list[dict[str, Any]] = self.json("log")["deliveries"]
        return deliveries

    def states(self) -> dict[str, int]:
        found = [delivery["state"] for delivery in self.log()]
        return {state: found.count(state) for state in sorted(set(found))}

    def add(self, text: str, file: str = "config.toml") -> None:
        path = self.folder / file
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def replace(self, old: str, new: str, file: str = "config.toml") -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), encoding="utf-8")

    def due_from_midnight(self) -> None:
        """Post at midnight UTC, without caps, so that what begins today is due at once."""
        self.replace('timezone = "America/Denver"', 'timezone = "UTC"')
        config = self.folder / "config.toml"
        lines = config.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(("time ", "per_", "gap_days"))]
        at = kept.index("[plan]") + 1
        kept[at:at] = ['time = "00:00"', "per_week = 50", "per_month = 200", "gap_days = 0"]
        config.write_text("\n".join(kept) + "\n", encoding="utf-8")

    def without_solemn_days(self) -> None:
        """Mute whatever hushes other posts, so that a test may run on any date."""
        for file in sorted((shipped() / "calendars").glob("*.toml")):
            for day in tomllib.loads(file.read_text(encoding="utf-8")).get("day", []):
                if file.name != "own.toml" and (day.get("tone") == "solemn" or day.get("quiet")):
                    self.add(f'\n[[day]]\nid = "{day["id"]}"\nmuted = true\n', OWN)

    def days_from_today(self, count: int) -> None:
        """Own days that begin today and last for weeks, so that posts of today are never late."""
        self.without_solemn_days()
        first, last = today(), today() + timedelta(days=25)
        for number in range(count):
            self.add(
                f'\n[[day]]\nid = "journey-{number}"\nname = "Journey Day {number}"\n'
                f'about = "A day on which the clinic speaks of topic number {number}."\n'
                f'when = "{first.day} {first:%B} to {last.day} {last:%B}"\n'
                'topics = ["depression"]\n',
                OWN,
            )
