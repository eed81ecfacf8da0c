"""Ledgers that cannot be used just now: locked, full, read-only; and migrations that are killed."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from django.db import connection
from ledger.making import BEFORE, NOW, SECOND, SENDER, SITE, again, draft, scheduled

from scheduler.errors import LedgerError, Temporary
from scheduler.ledger import deliveries, drafts, events
from scheduler.ledger.db import migrate, open_ledger, readable, sound
from scheduler.ledger.models import Draft
from scheduler.nouns import State

# --- Locked -------------------------------------------------------------------------------------


@contextmanager
def another_writer(ledger):
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_ledger_that_another_program_holds_is_temporary(impatient, ledger):
    row = scheduled()
    with another_writer(ledger):
        with pytest.raises(Temporary, match="another program holding the file"), readable():
            deliveries.claim(row.pk, NOW, SENDER)
        assert deliveries.due(SITE, NOW) == [row.pk]  # to read needs nobody's leave
    assert again(row).attempts == 0
    assert deliveries.claim(row.pk, NOW, SENDER)


def test_a_held_ledger_is_not_migrated(impatient, tmp_path):
    path = tmp_path / "ledger.db"
    with another_writer(path), pytest.raises(Temporary):
        migrate(path, NOW)
    connection.close()
    assert migrate(path, NOW)


# --- Full and read-only disks -------------------------------------------------------------------


@pytest.fixture
def on_small_disk(migrated, small_disk):
    path = small_disk / "ledger.db"
    shutil.copy(migrated, path)
    open_ledger(path)
    return path


def fill(folder):
    with (folder / "filler").open("wb", buffering=0) as filler:
        while True:
            try:
                filler.write(b"x" * 4096)
            except OSError:
                return


def propose_until_full() -> int:
    """How many drafts went in before one did not."""
    for number in range(10_000):
        try:
            with readable():
                draft(number, text="A long walk. " * 200)
        except Temporary:
            return number
    raise AssertionError("never full")


def test_on_a_full_disk_nothing_is_claimed_and_nothing_is_lost(on_small_disk):
    row = scheduled(90_000)
    fill(on_small_disk.parent)
    kept = propose_until_full()

    with pytest.raises(Temporary, match="Look for a full or read-only disk"), readable():
        deliveries.claim(row.pk, NOW, SENDER)

    assert again(row).state == State.SCHEDULED
    assert len(drafts.everything(SITE)) == kept + 1
    assert sound() == []
    (on_small_disk.parent / "filler").unlink()
    assert deliveries.claim(row.pk, NOW, SENDER)  # it goes on by itself
    assert list(events.broken(SITE)) == []


def test_on_a_full_disk_a_migration_changes_nothing(on_small_disk):
    draft()
    connection.close()
    older(on_small_disk)
    fill(on_small_disk.parent)
    with pytest.raises(Temporary, match="full"):
        migrate(on_small_disk, NOW)
    connection.close()
    (on_small_disk.parent / "filler").unlink()
    assert [file for file in on_small_disk.parent.iterdir() if ".bak" in file.name] == []
    assert migrate(on_small_disk, NOW) == ["0002_frozen"]
    assert (sound(), Draft.objects.count()) == ([], 1)


def test_a_read_only_disk_is_temporary(on_small_disk):
    row = scheduled()
    connection.close()
    disk = str(on_small_disk.parent)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        with pytest.raises(Temporary, match="read-only"):
            claimed_on(on_small_disk, row)
        connection.close()
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    assert claimed_on(on_small_disk, row)
    assert sound() == []


def claimed_on(ledger, row):
    open_ledger(ledger)
    with readable():
        return deliveries.claim(row.pk, NOW, SENDER)


# --- Killed in the middle of a migration --------------------------------------------------------

KILLED_AT_EACH_STATEMENT = f"""
import os, shutil, signal, sys
from datetime import datetime
from pathlib import Path
from scheduler.ledger.db import migrate
from django.db import connection

start, folder = Path(sys.argv[1]), Path(sys.argv[2])
now = datetime.fromisoformat({NOW.isoformat()!r})

def killing_at(number):
    left = number
    def count(execute, *statement):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement)
    return count

number = 0
while True:
    number += 1
    path = folder / f"{{number}}.db"
    if start.exists():
        shutil.copy(start, path)
    child = os.fork()
    if not child:
        with connection.execute_wrapper(killing_at(number)):
            migrate(path, now)
        os._exit(0)
    if not os.waitpid(child, 0)[1]:
        break
print(number, flush=True)
"""


def killed_at_each_statement(start, folder) -> int:
    """Migrate copies of `start`, each killed one statement later; returns how many there are."""
    folder.mkdir()
    script = [sys.executable, "-c", KILLED_AT_EACH_STATEMENT, str(start), str(folder)]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    return int(done.stdout)


def is_migrated(path) -> bool:
    try:
        open_ledger(path)
    except LedgerError as error:
        words = str(error)
    else:
        return True
    assert "redletter migrate" in words  # the old one, or still none; never a damaged one
    return False


@pytest.mark.parametrize("start", ["nothing", "older"])
def test_killed_in_the_middle_of_a_migration_it_is_the_old_ledger_or_the_new(tmp_path, start):
    first = tmp_path / "start.db"
    if start == "older":
        migrate(first, BEFORE)
        draft()
        connection.close()
        older(first)
    statements = killed_at_each_statement(first, tmp_path / "killed")
    outcomes = []
    for number in range(1, statements + 1):
        path = tmp_path / "killed" / f"{number}.db"
        outcomes.append(is_migrated(path))
        connection.close()
        migrate(path, NOW + SECOND)
        open_ledger(path)
        assert sound() == []
        assert Draft.objects.count() == (start == "older")
        connection.close()
    assert statements > 15
    assert outcomes == sorted(outcomes)  # old up to one statement, new from there on
    assert outcomes[-1]


def older(path):
    """Take the last migration back."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM django_migrations WHERE name = '0002_frozen'")
        rows = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in rows:
            raw.execute(f"DROP TRIGGER {name}")


def test_a_killed_writer_leaves_whole_transactions(ledger):
    """SIGKILL inside a transaction: the row and its event are both there, or neither."""
    row = scheduled()
    connection.close()
    script = f"""
import os, signal, sys
from datetime import datetime
from pathlib import Path
from scheduler.ledger import deliveries, events
from scheduler.ledger.db import open_ledger
open_ledger(Path(sys.argv[1]))
note = events.note
def killed(*words):
    note(*words)
    os.kill(os.getpid(), signal.SIGKILL)
events.note = killed
deliveries.claim({row.pk}, datetime.fromisoformat({NOW.isoformat()!r}), "the killed one")
"""
    done = subprocess.run([sys.executable, "-c", script, str(ledger)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (again(row).state, again(row).attempts) == (State.SCHEDULED, 0)
    assert (sound(), list(events.broken(SITE))) == ([], [])
    assert deliveries.claim(row.pk, NOW, SENDER)
