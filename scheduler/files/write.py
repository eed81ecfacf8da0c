"""Write a file of a site: whole or not at all, on the disk when it returns."""

import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from scheduler.errors import Temporary, UsageError

_A_PERSON_MUST_ACT = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR}


def write(path: Path, content: bytes, may: Callable[[], None] = lambda: None) -> None:
    """Put the content in place of the file; its folder is made, its access rights are kept.

    `may` is called last before the change and may raise to stop it. Raises Temporary or
    UsageError where the disk refuses; the file is then as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = _beside(path, content)
        try:
            may()
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync(path.parent)
    except OSError as error:
        kind = UsageError if error.errno in _A_PERSON_MUST_ACT else Temporary
        raise kind(f"{path} cannot be written: {error.strerror}. Nothing was changed.") from None


def _beside(path: Path, content: bytes) -> Path:
    """A new file with the content in the same folder, open to whom the old one was open."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        with os.fdopen(handle, "wb") as opened:
            if path.exists():
                _like(path, handle)
            opened.write(content)
            opened.flush()
            os.fsync(handle)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _like(path: Path, handle: int) -> None:
    seen = path.stat()
    if os.geteuid() == 0:
        os.fchown(handle, seen.st_uid, seen.st_gid)
    os.fchmod(handle, seen.st_mode & 0o777)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
