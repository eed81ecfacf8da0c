"""Change a site's files as a person would: comments and order stay, and nothing is lost."""

import fcntl
import hashlib
import os
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from tomlkit.items import AoT

from scheduler.errors import Temporary, UsageError
from scheduler.files.config import FILE, Crisis
from scheduler.files.read import plain, read_bytes
from scheduler.files.write import write
from scheduler.places import read_toml

_BOM = "\ufeff"


def confirm_crisis(folder: Path, country: str, by: str, source: str, checked: date) -> None:
    """Note in config.toml that a person looked a country's crisis line up.

    Replaces the country's earlier confirmation. Raises UsageError, Temporary or ContentError;
    config.toml is then as it was.
    """
    try:
        said = Crisis(country=country, by=by, source=source, checked=checked)
    except ValidationError as error:
        names = ", ".join(str(one["loc"][0]) for one in error.errors(include_input=False))
        raise UsageError(
            f"This does not fit: {names}. A confirmation names a country such as US, who looked "
            "(--by NAME), and the page (--source https://…)."
        ) from None
    fields = said.model_dump()
    edit(folder, FILE, lambda document: _lay(document, "crisis", "country", fields))


def edit(folder: Path, file: str, change: Callable[[tomlkit.TOMLDocument], None]) -> None:
    """Let `change` work on a TOML file of the site and write it back.

    Refused with Temporary where somebody else wrote the file meanwhile.
    """
    path = (folder / file).resolve()
    with _alone(folder):
        before = read_bytes(path, folder, file)
        read_toml(plain(before, file), file)
        after = _changed(before.decode(), change)

        def unchanged() -> None:
            if _digest(read_bytes(path, folder, file)) != _digest(before):
                raise Temporary(f"Somebody else is changing {file}: try again. Nothing was lost.")

        write(path, after.encode(), may=unchanged)


def _changed(text: str, change: Callable[[tomlkit.TOMLDocument], None]) -> str:
    """The text after the change, with the byte order mark and the line ends that it had."""
    bare = text.removeprefix(_BOM)
    windows = bare.count("\r\n") == bare.count("\n") > 0
    plain_ends = bare.replace("\r\n", "\n") if windows else bare
    document = tomlkit.parse(plain_ends if plain_ends.endswith("\n") else plain_ends + "\n")
    change(document)
    after = tomlkit.dumps(document)
    tomllib.loads(after)  # a text that cannot be read back is never written
    return text[: len(text) - len(bare)] + (after.replace("\n", "\r\n") if windows else after)


def _lay(document: tomlkit.TOMLDocument, array: str, key: str, fields: dict[str, Any]) -> None:
    """Lay the fields over the array's table with the same key, or add a table for them."""
    tables: Any = document.get(array)
    for table in tables or ():
        if table.get(key) == fields[key]:
            table.update(fields)
            return
    if tables is None or (isinstance(tables, AoT) and not len(tables)):
        tables = tomlkit.aot()
        document.append(array, tables)
    if not isinstance(tables, AoT):
        tables.append(fields)
        return
    fresh = tomlkit.table()
    fresh.trivia.indent = "\n"  # an empty line before its header
    fresh.update(fields)
    tables.append(fresh)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Only one process at a time edits the files of a site."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
