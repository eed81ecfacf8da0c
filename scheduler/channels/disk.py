"""A folder inside a site: what is written there is whole, durable, and never outside."""

import errno
import os
from pathlib import Path

from scheduler.errors import Refused


class Folder:
    """The folder `name` of the site in `site`; raises OSError for what the disk refuses.

    Every path is resolved before each use: a symbolic link that leads out of the site is Refused.
    """

    def __init__(self, site: Path, name: str) -> None:
        self._site = site.resolve()
        self._root = self._site / name

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        try:
            handle = os.open(self._inside(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise Refused(f"{self._root / name} is a symbolic link; put a file there") from None
            raise
        with os.fdopen(handle, "rb") as file:
            return file.read()

    def write(self, name: str, data: bytes) -> None:
        """Old or new, never between, and on the disk before this returns."""
        path = self._inside(name)
        self._make(path.parent)
        part = path.with_name(
            f".{path.name}.part"
        )  # one name, so that a killed writer litters once
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(part, flags, 0o644), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        _sync(path.parent)

    def names(self, under: str, ending: str) -> list[str]:
        """The files of a sub-folder that end so, sorted; none where there is no such folder."""
        folder = self._inside(f"{under}/any").parent
        if not folder.is_dir():
            return []
        return sorted(
            f"{under}/{file.name}" for file in folder.iterdir() if file.match(f"*{ending}")
        )

    def check(self) -> None:
        """Raises Refused where the folder itself leads out of the site."""
        self._inside("any")

    def _inside(self, name: str) -> Path:
        path = self._root / name
        if not path.parent.resolve().is_relative_to(self._site):
            raise Refused(
                f"{self._root} leads out of the site through a symbolic link; nothing was written. "
                "Choose a folder inside the site"
            )
        return path

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
