"""The command on a real site, killed, broken and stopped at its fault points: each post once."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from copy import copy

import pytest
from house import House, today

DAYS = 6
WHILE_SENDING = (
    "note.after",  # inside the transaction that claims
    "claim.after",
    "unsure.before",  # of the orphan that the last one left
    "unsure.after",
    "write.before",
    "write.after",  # the page stands, the feeds do not
    "send.after",
    "sent.after",
)
WHILE_LOOKING = ("find.before", "find.after", "absent.before", "absent.after")


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """A site with a blog on which six approved posts are due."""
    house = House(tmp_path_factory.mktemp("faults") / "site")
    house.due_from_midnight()
    house.replace("[plan]\n", "[plan]\nmonths = 1\n")
    house.days_from_today(DAYS)
    house.plan(today())
    house.run("approve", "--all", "--by", "approver")
    assert house.states() == {"scheduled": DAYS}
    return house


@pytest.fixture
def house(planned, tmp_path):
    mine = copy(planned)
    mine.folder = tmp_path / "site"
    shutil.copytree(planned.folder, mine.folder)
    return mine


def faulty(house: House, fault: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "scheduler.testing.faults", fault, "--", "publish"]
    return subprocess.Popen(command, cwd=house.folder, stderr=subprocess.PIPE, text=True)


def killed(house: House, point: str) -> bool:
    with faulty(house, f"{point}:kill") as process:
        process.communicate()
    return process.returncode == -signal.SIGKILL


def each_is_out_once(house: House) -> None:
    log = house.log()
    assert {delivery["state"] for delivery in log} == {"sent"}
    pages = [page.stem.rsplit("-", 1)[-1] for page in house.folder.glob("public/posts/*.html")]
    assert Counter(pages) == Counter({delivery["id"]: 1 for delivery in log})
    assert len(pages) == DAYS
    house.run("fsck")


def test_killed_at_every_point_of_a_send_and_of_a_look(house):
    for point in WHILE_SENDING:
        assert killed(house, point), point
    assert killed(house, "claim.after")
    for point in WHILE_LOOKING:
        assert killed(house, point), point
    for _ in range(3):
        house.run("publish")
    each_is_out_once(house)


def test_an_error_that_nobody_foresaw_stays_one_post_s_own(house):
    with faulty(house, "write.before:raise:5") as process:
        process.communicate()
    assert set(house.states()) <= {"sent", "unsure", "scheduled"}
    assert house.states()["sent"] >= DAYS - 1
    for _ in range(2):
        house.run("publish")
    each_is_out_once(house)


def test_a_stopped_publisher_is_not_overtaken(house):
    with faulty(house, "send.before:stall") as stopped:
        os.waitid(os.P_PID, stopped.pid, os.WSTOPPED)
        assert house.states() == {"scheduled": DAYS - 1, "sending": 1}

        house.run("publish")  # leaves at once: a sender is active

        assert house.states() == {"scheduled": DAYS - 1, "sending": 1}
        assert not list(house.folder.glob("public/posts/*.html"))
        stopped.send_signal(signal.SIGCONT)
        stopped.communicate()
        assert stopped.returncode == 0
    each_is_out_once(house)
