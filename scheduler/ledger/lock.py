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


@contextmanager
def sender_lock(ledger: Path) -> Iterator[bool]:
    """Yields whether this process is now the ledger's only sender."""
    name = ledger.with_name(ledger.name + ".sender")
    handle = os.open(name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(handle)


def owner() -> str:
    """Who is sending: host, boot, process; for people who read the log."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{socket.gethostname()} {boot.read_text()[:8] if boot.exists() else '-'} {os.getpid()}"
