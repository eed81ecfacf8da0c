"""Opening the ledger: right place, right version, durable; and what its errors mean to a person."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from scheduler.errors import LedgerError, Temporary

NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs"}
)
"""Locks and SQLite's shared memory cannot be trusted there (sqlite.org/faq.html#q5, 2026-11-24)."""

TEMPORARY = ("locked", "busy", "full", "readonly", "unable to open", "disk i/o")

TRIGGERS = frozenset(
    {
        "delivery_is_frozen",
        "delivery_is_kept",
        "delivery_is_never_replaced",
        "event_is_written_once",
        "event_is_kept",
        "event_is_never_replaced",
    }
)
"""What keeps the approved posts and the audit trail as they are (migration 0002)."""

atomic = transaction.atomic


def open_ledger(path: Path) -> None:
    """Point this process at the ledger; LedgerError unless it is there and of this version."""
    _refuse_network(path)
    if not path.exists() or not path.stat().st_size:
        raise LedgerError(
            f"{path}: there is no ledger here.\n"
            "    A new site: run `redletter migrate`. A site that has published before: put the "
            "ledger's backup back first, so that nothing is published twice."
        )
    _connect(path)
    with readable():
        behind, ahead = _version()
    if ahead:
        raise LedgerError(
            f"{path}: this ledger was written by a newer Redletter ({', '.join(ahead)}).\n"
            "    Install that version again; nothing was changed."
        )
    if behind:
        raise LedgerError(
            f"{path}: this ledger is older than this Redletter.\n"
            "    Run `redletter migrate`; it keeps a copy of the ledger beside it."
        )


def migrate(path: Path, now: datetime) -> list[str]:
    """Bring the ledger to this version, creating it where there is none; returns what was applied.

    An existing ledger is copied to `<name>.<time>.bak` first. Whatever interrupts it leaves the
    ledger as it was or as it shall be. Raises LedgerError for a newer one.
    """
    _refuse_network(path)
    existed = path.exists() and path.stat().st_size > 0
    _connect(path)
    with readable():
        behind, ahead = _version()
        if ahead:
            raise LedgerError(f"{path}: this ledger was written by a newer Redletter.")
        if existed and behind:
            _copy(path.with_name(f"{path.name}.{now:%Y%m%dT%H%M%S}.bak"))
        _bring_up()
    return behind


def sound() -> list[str]:
    """What SQLite's own check and the frozen-post triggers say of the file; empty is sound."""
    with readable(), connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check")
        found = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {row[0] for row in cursor.fetchall()}
    return found + [f"the trigger {name} is missing" for name in sorted(TRIGGERS - triggers)]


@contextmanager
def readable() -> Iterator[None]:
    """Turns database errors into words: busy, full, read-only are Temporary; damage is not."""
    try:
        yield
    except OperationalError as error:
        words = str(error).lower()
        if any(sign in words for sign in TEMPORARY):
            raise Temporary(
                f"the ledger cannot be used just now ({error}): {_path()}\n"
                "    Look for a full or read-only disk, or another program holding the file."
            ) from error
        raise LedgerError(_damaged(error)) from error
    except DatabaseError as error:
        raise LedgerError(_damaged(error)) from error


def _damaged(error: Exception) -> str:
    copies = sorted(_path().parent.glob(f"{_path().name}.*.bak"))
    cure = f"The newest copy is {copies[-1]}." if copies else "Put a backup of it back."
    return f"{_path()}: the ledger is damaged ({error}). Nothing was published.\n    {cure}"


def _path() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _connect(path: Path) -> None:
    if _path() != path:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = str(path)


def _version() -> tuple[list[str], list[str]]:
    """The migrations that the ledger lacks, and those it has that this version does not know."""
    known = {
        name
        for app, name in MigrationExecutor(connection).loader.disk_migrations
        if app == "ledger"
    }
    applied = {
        name for app, name in MigrationRecorder(connection).applied_migrations() if app == "ledger"
    }
    return sorted(known - applied), sorted(applied - known)


def _bring_up() -> None:
    """Apply what is lacking, all of it in one transaction.

    Left to itself Django records a migration after it has committed it: killed between the two, the
    ledger could neither be used nor migrated again. Foreign keys cannot be switched off inside a
    transaction, as Django's SQLite editor wants them, hence before it.
    """
    with connection.constraint_checks_disabled(), atomic():
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def _copy(target: Path) -> None:
    """A copy that is whole and on the disk, or none: VACUUM INTO alone promises neither."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(part)])
        _sync(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _refuse_network(path: Path) -> None:
    kind = _file_system(path.parent)
    if kind in NETWORK_FILE_SYSTEMS:
        raise LedgerError(
            f"{path}: this folder is on a network file system ({kind}), whose locks cannot be "
            "trusted.\n    Name a ledger on a local disk: `path` under [ledger] in config.toml."
        )


def _file_system(folder: Path) -> str:
    """The type of the mount that holds the folder (Linux; elsewhere unknown, so "")."""
    table = Path("/proc/self/mountinfo")
    if not table.exists():
        return ""
    found, kind = "", ""
    place = str(folder.resolve())
    for line in table.read_text().splitlines():
        mount, _, rest = line.partition(" - ")
        point = mount.split()[4].replace("\\040", " ")
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(found):
            found, kind = point, rest.split()[0]
    return kind
