"""The sender lock, tried with real processes: held while its process lives, then free."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from scheduler.errors import Temporary
from scheduler.ledger.lock import owner, sender_lock

SENDER = """
import subprocess, sys
from pathlib import Path
from scheduler.ledger.lock import sender_lock

with sender_lock(Path(sys.argv[1])) as mine:
    child = subprocess.Popen(["sleep", "600"], close_fds=False) if "child" in sys.argv else None
    print(mine, child.pid if child else 0, flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_sender(ledger: Path, *words: str):
    """A process that has taken the lock, if it could; it ends when its input does."""
    with subprocess.Popen(
        [sys.executable, "-c", SENDER, str(ledger), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        mine, child = process.stdout.readline().split()
        process.mine, process.child = mine == "True", int(child)
        try:
            yield process
        finally:
            process.kill()
            if process.child:
                with suppress(ProcessLookupError):
                    os.kill(process.child, signal.SIGKILL)


def free(ledger: Path) -> bool:
    with sender_lock(ledger) as mine:
        return mine


@pytest.fixture
def place(tmp_path):
    return tmp_path / "ledger.db"


def test_there_is_one_sender(place):
    with another_sender(place) as first:
        assert first.mine
        assert not free(place)
        with another_sender(place) as second:
            assert not second.mine


def test_a_sender_that_ends_leaves_the_lock_free(place):
    with another_sender(place) as sender:
        sender.stdin.close()
        assert sender.wait() == 0
        assert free(place)
        assert free(place)


def test_who_did_not_get_the_lock_does_not_free_it(place):
    with another_sender(place):
        assert not free(place)
        assert not free(place)


def test_a_stopped_sender_still_holds_it(place):
    with another_sender(place) as sender:
        sender.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, sender.pid, os.WSTOPPED)
        assert not free(place)
        sender.send_signal(signal.SIGCONT)
        assert not free(place)


def test_a_killed_sender_frees_it(place):
    with another_sender(place) as sender:
        sender.kill()
        assert sender.wait() == -signal.SIGKILL
        assert free(place)


def test_a_child_of_a_killed_sender_does_not_hold_it(place):
    with another_sender(place, "child") as sender:
        sender.kill()
        sender.wait()
        os.kill(sender.child, 0)  # the child lives on
        assert free(place)


def test_ledgers_have_locks_of_their_own_by_whatever_name(place, tmp_path):
    place.touch()
    alias = tmp_path / "alias.db"
    alias.symlink_to(place)
    with another_sender(place):
        assert free(tmp_path / "other.db")
        assert not free(alias)


def test_a_link_in_the_place_of_the_lock_is_not_followed(place, tmp_path):
    place.with_name("ledger.db.sender").symlink_to(tmp_path / "precious")
    with pytest.raises(Temporary, match=r"ledger\.db\.sender"):
        free(place)
    assert not (tmp_path / "precious").exists()


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path):
    with pytest.raises(Temporary, match="Nothing was sent"):
        free(tmp_path / "nowhere" / "ledger.db")


def test_the_owner_names_this_process():
    assert owner().endswith(f" {os.getpid()}")
    assert len(owner()) <= 120
