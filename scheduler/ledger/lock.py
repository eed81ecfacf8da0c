"""The sender lock: held by one process from its first claim to its end, freed by the kernel.

A lock, not a lease: a stopped process still holds it, so nobody takes over a send that may yet go
out (DELIVERY.md section 1). `flock` locks the open file, so children must not inherit it.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler.errors import Temporary


@contextmanager
def sender_lock(ledger: Path) -> Iterator[bool]:
    """Yields whether this process is now the ledger's only sender.

    Raises Temporary where the lock's file cannot be opened.
    """
    handle = _opened(_beside(ledger))
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def _beside(ledger: Path) -> Path:
    real = ledger.resolve()  # one lock, by whatever links the ledger is reached
    return real.with_name(real.name + ".sender")


def _opened(name: Path) -> int:
    try:
        return os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Temporary(
            f"the sender lock cannot be opened ({error.strerror}): {name}\n"
            "    Nothing was sent. Look for a full or read-only disk, for the rights of this user, "
            "or for a link where that file should be."
        ) from error


def owner() -> str:
    """Who is sending: host, boot, process; for people who read the log."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()} {boot.read_text()[:8] if boot.exists() else '-'} {os.getpid()}"
