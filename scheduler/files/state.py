"""What the last full run leaves for the every-minute look: `.redletter/state`, plain lines.

    <format> <version of Redletter>
    <address of the ledger, file:///…>
    <site id>
    <when this was written, in epoch seconds>
    <when upkeep is owed next, in epoch seconds>
    <mtime_ns> <size> <path>        one line for each file and folder that content is read from

`cli/tick.py` reads it with the standard library alone. It is a cache: without it, or with one that
differs in anything, the full run does all there is to do and writes it anew.
"""

import os
from dataclasses import dataclass
from pathlib import Path

FORMAT = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What the last full run knew: instants in epoch seconds, content as `fingerprints`."""

    version: str
    ledger: str
    site: str
    written: int
    upkeep_at: int
    content: tuple[str, ...]


def write_state(folder: Path, state: Remembered) -> None:
    """Leave it behind, whole or not at all; a power cut may lose it and costs one full run."""
    lines = [f"{FORMAT} {state.version}", state.ledger, state.site]
    lines += [str(state.written), str(state.upkeep_at), *state.content]
    home = folder / ".redletter"
    home.mkdir(exist_ok=True)
    fresh = home / f"state.{os.getpid()}"
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(home / "state")


def read_state(folder: Path) -> Remembered | None:
    """What was left; None where there is nothing that this version can use."""
    try:
        text = (folder / ".redletter" / "state").read_text(encoding="utf-8")
        head, ledger, site, written, upkeep_at, *content = text.splitlines()
        number, _, version = head.partition(" ")
        if number != FORMAT:
            return None
        return Remembered(
            version=version,
            ledger=ledger,
            site=site,
            written=int(written),
            upkeep_at=int(upkeep_at),
            content=tuple(content),
        )
    except (OSError, ValueError):
        return None


def fingerprints(folder: Path, shipped: Path) -> tuple[str, ...]:
    """One line for every file and folder whose change may change what is published.

    A folder's own line notices a file that came or went.
    """
    roots = [folder / "calendars", folder / "posts", shipped / "calendars"]
    paths = [folder / "config.toml"]
    for root in roots:
        paths.append(root)
        paths += sorted(path for path in root.rglob("*") if not path.name.startswith("."))
    return tuple(dict.fromkeys(_fingerprint(path) for path in paths))


def _fingerprint(path: Path) -> str:
    try:
        seen = path.stat()
    except OSError:
        return f"- - {path}"
    return f"{seen.st_mtime_ns} {seen.st_size} {path}"
