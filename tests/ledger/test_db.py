"""Opening and migrating the ledger: the right one, of this version, durable, or none at all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from ledger.making import BEFORE, MINUTE, NOW, SENDER, draft, raw, scheduled

from scheduler.errors import LedgerError
from scheduler.ledger import db, deliveries
from scheduler.ledger.db import migrate, open_ledger, sound
from scheduler.ledger.models import Delivery, Draft

OURS = ["0001_initial", "0002_frozen"]


@pytest.fixture
def older(tmp_path):
    """A ledger as the first version left it, with a draft in it."""
    path = tmp_path / "older.db"
    migrate(path, BEFORE)
    with connection.constraint_checks_disabled():
        MigrationExecutor(connection).migrate([("ledger", "0001_initial")])
    draft()
    yield path
    connection.close()


def copies(path):
    return sorted(path.parent.glob(f"{path.name}.*"))


# --- Opening ------------------------------------------------------------------------------------


@pytest.mark.parametrize("emptied", [False, True])
def test_a_missing_ledger_is_never_started_afresh(tmp_path, emptied):
    path = tmp_path / "ledger.db"
    if emptied:
        path.touch()
    with pytest.raises(LedgerError, match=r"redletter migrate[^$]*backup back first"):
        open_ledger(path)
    assert [file.name for file in tmp_path.iterdir()] == ["ledger.db"] * emptied


def test_every_commit_is_on_the_disk_before_it_counts(ledger):
    def pragma(name):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA {name}")
            return cursor.fetchone()[0]

    for _ in range(2):
        assert (pragma("journal_mode"), pragma("synchronous")) == ("wal", 2)
        assert pragma("foreign_keys") == 1
        connection.close()  # the next connection is set up alike
    assert sound() == []


@pytest.mark.parametrize("command", [open_ledger, lambda path: migrate(path, NOW)])
def test_a_newer_ledger_is_refused_and_left_as_it_is(ledger, command):
    scheduled()
    raw(ledger, "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, ?)",
        "ledger", "9000_from_the_future", "2029-01-01")  # fmt: skip
    connection.close()
    before = ledger.read_bytes()
    with pytest.raises(LedgerError, match="newer Redletter"):
        command(ledger)
    connection.close()
    assert ledger.read_bytes() == before
    assert copies(ledger) == []


def test_an_older_ledger_asks_to_be_migrated(older):
    connection.close()
    before = older.read_bytes()
    with pytest.raises(LedgerError, match=r"older than this[^$]*redletter migrate"):
        open_ledger(older)
    connection.close()
    assert older.read_bytes() == before


@pytest.mark.parametrize("kind", sorted(db.NETWORK_FILE_SYSTEMS))
def test_a_network_file_system_is_refused(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(db, "_file_system", lambda folder: kind)
    for command in (open_ledger, lambda path: migrate(path, NOW)):
        with pytest.raises(LedgerError, match=rf"network file system \({kind}\)"):
            command(tmp_path / "ledger.db")
    assert list(tmp_path.iterdir()) == []


# --- Migrating ----------------------------------------------------------------------------------


def test_a_new_ledger_needs_no_copy_and_may_be_migrated_again(tmp_path):
    path = tmp_path / "ledger.db"
    assert migrate(path, NOW) == OURS
    assert migrate(path, NOW + MINUTE) == []
    open_ledger(path)
    assert sound() == []
    connection.close()
    assert copies(path) == []


def test_migrating_keeps_a_copy_of_what_there_was(older):
    assert migrate(older, NOW) == OURS[1:]
    assert migrate(older, NOW + MINUTE) == []
    assert Draft.objects.count() == 1
    assert sound() == []
    connection.close()
    (copy,) = copies(older)
    assert copy.name == "older.db.20271010T150000.bak"
    with pytest.raises(LedgerError, match="older than this"):
        open_ledger(copy)
    assert Draft.objects.count() == 1
    assert migrate(copy, NOW) == OURS[1:]


def test_migrating_loses_nothing_that_is_not_yet_in_the_main_file(older):
    assert older.with_name("older.db-wal").stat().st_size > 0
    migrate(older, NOW)
    connection.close()
    open_ledger(older)
    assert Draft.objects.count() == 1


# --- Damage -------------------------------------------------------------------------------------


def damaged(ledger, page: int) -> None:
    """Overwrite one page of 4 KB."""
    connection.close()
    with ledger.open("r+b") as file:
        file.seek(page * 4096)
        file.write(b"\xa5" * 4096)


def test_damage_is_told_with_the_newest_copy_to_put_back(older):
    migrate(older, NOW)
    connection.close()
    damaged(older, 0)
    for command in (open_ledger, lambda path: migrate(path, NOW)):
        with pytest.raises(LedgerError) as caught:
            command(older)
        for words in ("is damaged", "Nothing was published", "older.db.20271010T150000.bak"):
            assert words in str(caught.value)


def test_damage_without_a_copy_asks_for_a_backup(ledger):
    damaged(ledger, 0)
    with pytest.raises(LedgerError, match="Put a backup of it back"):
        open_ledger(ledger)


def test_no_damaged_page_goes_unnoticed(ledger):
    scheduled()
    connection.close()
    whole = ledger.read_bytes()
    for page in range(len(whole) // 4096):
        ledger.write_bytes(whole)
        damaged(ledger, page)
        try:
            open_ledger(ledger)
            found = sound()
        except LedgerError as error:
            found = [str(error)]
        assert found, f"page {page}"


def test_a_ledger_that_lost_its_end_is_told(ledger):
    scheduled()
    connection.close()
    whole = ledger.read_bytes()
    ledger.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LedgerError, match="is damaged"):
        open_ledger(ledger)


def test_a_claim_in_a_damaged_ledger_sends_nothing(ledger):
    row = scheduled()
    connection.close()
    (root,) = raw(ledger, "SELECT rootpage FROM sqlite_master WHERE name = 'ledger_event'")[0]
    damaged(ledger, root - 1)
    with pytest.raises(LedgerError, match="is damaged"), db.readable():
        deliveries.claim(row.pk, NOW, SENDER)
    assert Delivery.objects.get().attempts == 0


def test_a_time_is_not_a_copy_s_only_name(older):
    """Two migrations in one second: the later copy takes the place of the earlier."""
    copy = older.with_name("older.db.20271010T150000.bak")
    copy.write_text("an earlier copy")
    assert migrate(older, NOW + timedelta(milliseconds=5)) == OURS[1:]
    assert copy.read_bytes().startswith(b"SQLite format 3")
