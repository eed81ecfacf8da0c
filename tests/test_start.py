"""The every-minute `publish`: quick when there is nothing to do, and never wrong about that."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from house import REDLETTER, House, missing, today

from scheduler.cli.tick import nothing_owed

TARGET = 2.2
"""Instructions of a no-op publish over those of a bare interpreter (PERFORMANCE.md)."""


INSTALLED = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
"""An installed package brings its compiled bytecode; here the first run may write it."""


@pytest.fixture
def idle(tmp_path):
    """A site whose last full run left word that all is done."""
    house = House(tmp_path / "site")
    house.replace("[plan]", "[plan]\nmonths = 1")
    house.run("publish")
    assert nothing_owed(str(house.folder))
    return house


def test_nothing_to_do_costs_little_more_than_a_bare_interpreter(idle):
    if not shutil.which("valgrind"):
        missing("valgrind")
    subprocess.run([REDLETTER, "publish"], cwd=idle.folder, env=INSTALLED, check=True)
    tick = instructions(str(REDLETTER), "publish", folder=idle.folder)
    bare = instructions(sys.executable, "-c", "pass", folder=idle.folder)
    assert tick / bare <= TARGET, f"{tick / bare:.3f} times a bare interpreter"


def instructions(*words, folder: Path) -> int:
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *words],
        cwd=folder,
        env=INSTALLED | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def test_the_quick_look_leaves_word_that_it_ran(idle):
    idle.run("publish")
    wall, since_boot, boot = (idle.folder / ".redletter/tick").read_text().split()
    assert int(wall) > 1_700_000_000
    assert int(since_boot) > 0
    assert boot


@pytest.mark.parametrize(
    "file", ["config.toml", "calendars/own.toml", "posts/ketamine-depression/article.md"]
)
def test_a_changed_file_calls_for_the_full_run(idle, file):
    idle.add("\n# looked at again\n" if file.endswith("toml") else "\n", file)
    assert not nothing_owed(str(idle.folder))


def test_a_new_template_calls_for_the_full_run(idle):
    shutil.copy(
        idle.folder / "posts/ketamine-depression/short.j2",
        idle.folder / "posts/ketamine-depression/blog2.j2",
    )
    assert not nothing_owed(str(idle.folder))


@pytest.mark.parametrize(
    ("columns", "owed"),
    [
        ("state = 'scheduled', try_at = '2020-01-01 00:00:00', not_after = '2099-01-01'", True),
        ("state = 'scheduled', try_at = '2099-01-01', not_after = '2099-01-02'", False),
        ("state = 'scheduled', try_at = '2019-01-01', not_after = '2020-01-01'", True),
        ("state = 'sending'", True),
        ("state = 'unsure', look_at = '2020-01-01'", True),
        ("state = 'unsure', look_at = '2099-01-01'", False),
        ("state = 'sent'", False),
    ],
)
def test_what_the_ledger_owes_calls_for_the_full_run(idle, columns, owed):
    approve_one(idle)
    assert nothing_owed(str(idle.folder))
    with sqlite3.connect(idle.folder / "ledger.db") as ledger:
        ledger.execute(f"UPDATE ledger_delivery SET {columns}")
    assert nothing_owed(str(idle.folder)) is not owed


def test_a_paused_channel_with_due_posts_does_not_keep_the_publisher_busy(idle):
    approve_one(idle)
    idle.run("pause", "blog", "--by", "approver", "--reason", "a quiet day")
    with sqlite3.connect(idle.folder / "ledger.db") as ledger:
        ledger.execute("UPDATE ledger_delivery SET try_at = '2020-01-01 00:00:00'")
    assert nothing_owed(str(idle.folder))


def approve_one(house):
    house.without_solemn_days()
    soon = today() + timedelta(days=10)
    house.add(
        f'\n[[day]]\nid = "soon"\nname = "Soon"\nwhen = "{soon.day} {soon:%B}"\n'
        'topics = ["depression"]\n',
        "calendars/own.toml",
    )
    house.run("publish")
    drafts = [draft for draft in house.plan(soon) if draft["day"] == "soon"]
    house.run("approve", drafts[0]["id"], "--by", "approver")


def test_a_copied_site_does_not_go_by_the_word_left_for_the_first(idle, tmp_path):
    shutil.copytree(idle.folder, tmp_path / "copy")
    assert not nothing_owed(str(tmp_path / "copy"))
    assert nothing_owed(str(idle.folder))


def test_a_new_day_calls_for_upkeep(idle):
    state = idle.folder / ".redletter/state"
    lines = state.read_text().splitlines()
    lines[4] = "1"
    state.write_text("\n".join(lines) + "\n")
    assert not nothing_owed(str(idle.folder))
    idle.run("publish")
    assert nothing_owed(str(idle.folder))


def test_a_clock_behind_the_last_run_is_left_to_the_full_run(idle):
    state = idle.folder / ".redletter/state"
    lines = state.read_text().splitlines()
    lines[3] = "9999999999"
    state.write_text("\n".join(lines) + "\n")
    assert not nothing_owed(str(idle.folder))


@pytest.mark.parametrize("left", ["", "rubbish", "1 0.0.0\n\n\n\n\n"])
def test_a_state_that_cannot_be_read_is_no_state(idle, left):
    (idle.folder / ".redletter/state").write_text(left)
    assert not nothing_owed(str(idle.folder))
    assert idle.run("publish") == ""


def test_json_commands_print_one_document_and_nothing_else(idle):
    for words in (["log"], ["next"], ["review"], ["plan", "--until", str(today())]):
        assert json.loads(idle.run(*words, "--json"))["version"] == 1
