"""Read one text file of a site: inside its folder, of a sane size, in UTF-8."""

import os
import stat
from pathlib import Path

from scheduler.errors import ContentError, Problem

LARGEST = 1_000_000  # bytes


def read_text(path: Path, root: Path, file: str) -> str:
    """The text with plain line ends and no byte order mark; raises ContentError.

    A link may lead anywhere inside `root`, never out of it. `file` is the name shown to staff.
    """
    return plain(read_bytes(path, root, file), file)


def read_bytes(path: Path, root: Path, file: str) -> bytes:
    """The bytes of a regular file inside `root`; raises ContentError."""
    real = path.resolve()
    if not real.is_relative_to(root.resolve()):
        raise _refusal(file, "this leads out of the site's folder", "Put the file itself here.")
    try:
        # Resolved first and opened without following: a link put here meanwhile is refused.
        handle = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise _refusal(file, "the file is missing", "Add it, or take back its name.") from None
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
        raise _refusal(file, what, "See who may read it.") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _refusal(file, "this is no file", "Put a text file here.")
        with os.fdopen(handle, "rb", closefd=False) as opened:
            content = opened.read(LARGEST + 1)
    finally:
        os.close(handle)
    if len(content) > LARGEST:
        what = f"the file is larger than {LARGEST:,} bytes"
        raise _refusal(file, what, "See whether something else was saved under this name.")
    return content


def plain(content: bytes, file: str) -> str:
    """UTF-8 as text, without a byte order mark, lines ended by a line feed; raises ContentError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        raise ContentError(
            [
                Problem(
                    file=file,
                    line=before.count("\n") + 1,
                    column=len(before) - before.rfind("\n"),
                    what="this character is not UTF-8",
                    cure="Save the file as UTF-8.",
                )
            ]
        ) from None
    return text.replace("\r\n", "\n")


def _refusal(file: str, what: str, cure: str) -> ContentError:
    return ContentError([Problem(file=file, what=what, cure=cure)])
