"""A fresh ledger for each test, in a folder of its own; and disks that can be full or read-only."""

import os
import shutil
import subprocess

import pytest
from django.db import connection
from ledger.making import BEFORE

from scheduler.ledger.db import migrate, open_ledger


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A ledger of this version in which nothing stands; to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "ledger.db"
    migrate(path, BEFORE)
    connection.close()
    return path


@pytest.fixture
def ledger(migrated, tmp_path):
    path = tmp_path / "ledger.db"
    shutil.copy(migrated, path)
    open_ledger(path)
    yield path
    connection.close()


@pytest.fixture
def impatient(monkeypatch):
    """Does not wait for another program's transaction; ask for it before the ledger."""
    connection.close()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.1)
    yield
    connection.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own of half a megabyte, which only root can make."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "redletter-test", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        problem = done.stderr if done.returncode else ""
    except OSError as error:
        problem = str(error)
    if problem:
        reason = f"a full and a read-only disk need root, to mount one: {problem.strip()}"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    yield folder
    connection.close()
    # Lazily: the error of a failed connection may keep its file open for a while.
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
