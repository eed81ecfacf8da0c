"""What staff and machines do wrong, through the installed command: it says where, and what to do.

Whatever it is, nothing is sent by that run, and what was promised stays promised.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import pytest
from house import House, missing, today

ARTICLE = "posts/ketamine-depression"
CONTENT, TEMPORARY = 2, 75


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A site with one approved post that is due since midnight."""
    house = House(tmp_path_factory.mktemp("made") / "site")
    house.due_from_midnight()
    house.replace("per_week", "months = 1\nper_week")
    house.days_from_today(1)
    house.plan(today())
    house.run("approve", "--all", "--by", "approver")
    return house.folder


@pytest.fixture
def house(made, tmp_path):
    return Copy(made, tmp_path / "site")


class Copy(House):
    """A house that stands already."""

    def __init__(self, made, folder):
        shutil.copytree(made, folder)
        self.folder = folder


def states(house):
    with closing(sqlite3.connect(house.folder / "ledger.db")) as ledger:
        return [state for (state,) in ledger.execute("SELECT state FROM ledger_delivery")]


def complaint(house, code, *words, at=""):
    """What the command says on stderr; it sent nothing, and the delivery stands as it stood."""
    done = house.attempt(*(words or ("publish",)), at=at)
    assert done.returncode == code, f"{done.returncode}\n{done.stderr}"
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert states(house) == ["scheduled"]
    assert not (house.folder / "public").exists()
    return done.stderr


def goes_on(house):
    """Once that is mended, the very next run sends what was promised."""
    house.run("publish")
    assert states(house) == ["sent"]


def line_of(house, file, words):
    """Where those words stand, as `file:line:column`."""
    for number, line in enumerate((house.folder / file).read_text("utf-8").splitlines(), 1):
        if words in line:
            return f"{file}:{number}:{line.index(words) + 1}: "
    raise AssertionError(words)


# --- Files that people type ---------------------------------------------------------------------


def test_broken_toml_is_shown_where_it_breaks(house):
    house.replace("[ledger]", "[ledger")
    said = complaint(house, CONTENT)
    line = line_of(house, "config.toml", "[ledger").split(":")[1]
    assert re.search(rf"^redletter: config\.toml:{line}:\d+: ", said)
    house.replace("[ledger", "[ledger]")
    goes_on(house)


def unknown_setting(house):
    house.replace("gap_days", "gap_dais")
    return line_of(house, "config.toml", "gap_dais"), "Did you mean “gap_days”?"


def two_days_with_one_id(house):
    house.add(
        '\n[[day]]\nid = "journey-0"\nname = "Again"\nwhen = "1 May"\ntopics = ["stress"]\n',
        "calendars/own.toml",
    )
    text = (house.folder / "calendars/own.toml").read_text("utf-8")
    line = text[: text.rindex('id = "journey-0"')].count("\n") + 1
    return f"calendars/own.toml:{line}:", "Give each day its own id."


def misspelt_variable(house):
    house.add("\n{{ artcle.title }}\n", f"{ARTICLE}/short.j2")
    text = (house.folder / f"{ARTICLE}/short.j2").read_text("utf-8")
    line = text[: text.index("artcle")].count("\n") + 1
    return f"{ARTICLE}/short.j2:{line}", "did you mean “article”?"


def misspelt_topic(house):
    house.replace('topics = ["depression"]', 'topics = ["depresion"]', "calendars/own.toml")
    return line_of(house, "calendars/own.toml", '"depresion"'), "Did you mean “depression”?"


MISTAKES = (unknown_setting, misspelt_topic, two_days_with_one_id, misspelt_variable)


def test_all_mistakes_of_all_files_are_told_at_once_each_with_its_place_and_cure(house):
    expected = [words for mistake in MISTAKES for words in mistake(house)]
    said = complaint(house, CONTENT)
    assert [words for words in expected if words not in said] == []


def test_an_article_that_is_missing_is_told_where_it_is_asked_for(house):
    house.replace('articles = ["ketamine-depression"]', 'articles = ["ketamine-depresion"]')
    said = complaint(house, CONTENT)
    assert line_of(house, "config.toml", '"ketamine-depresion"') in said
    assert "posts/ketamine-depresion/article.md is missing" in said
    assert "Did you mean “ketamine-depression”?" in said


def test_a_template_without_end_costs_its_own_post_and_is_named(house):
    own = (house.folder / "calendars/own.toml").read_text("utf-8")
    day = own[own.rindex("\n[[day]]") :]
    house.add(day.replace("journey-0", "journey-1"), "calendars/own.toml")
    endless = "{% for letter in 'abcdefghij' %}" * 12 + "{% endfor %}" * 12
    template = f"{ARTICLE}/days/journey-1/blog.j2"
    (house.folder / template).parent.mkdir(parents=True, exist_ok=True)
    (house.folder / template).write_text(endless, "utf-8")

    done = house.attempt("plan", "--until", today().isoformat())
    assert done.returncode == 1
    assert "redletter: no post could be worded for journey-1" in done.stderr
    assert f"{template}: it runs longer than 2 seconds" in done.stderr
    assert "journey-0" not in done.stderr
    assert states(house) == ["scheduled"]
    done = house.attempt("publish")
    assert done.returncode == 1
    assert f"{template}: it runs longer than 2 seconds" in done.stderr
    assert states(house) == ["sent"]


# --- The machine --------------------------------------------------------------------------------


def test_a_clock_that_lost_its_time_sends_nothing(house):
    said = complaint(house, TEMPORARY, at="1970-01-02 00:00")
    assert "this machine's clock says 1970-01-02T" in said
    assert "Set the clock" in said
    goes_on(house)


def test_a_clock_behind_the_last_run_sends_nothing_until_a_person_confirms_it(house):
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    with closing(sqlite3.connect(house.folder / "ledger.db")) as ledger:
        row = ("site", in_an_hour.strftime("%Y-%m-%d %H:%M:%S"))
        ledger.execute("INSERT INTO ledger_highwater (site, at) VALUES (?, ?)", row)
        ledger.commit()
    said = complaint(house, TEMPORARY)
    assert "but the last run was at" in said
    assert "redletter fsck --confirm-clock --by NAME" in said
    house.run("fsck", "--confirm-clock", "--by", "approver")
    goes_on(house)


@pytest.fixture
def small_disk(made, tmp_path):
    """A disk of its own for the site, of a few megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "redletter-test", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        missing("the right to mount a disk")
    try:
        yield Copy(made, place / "site")
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_on_a_full_disk_nothing_is_sent_and_nothing_lost(small_disk):
    filler = small_disk.folder.parent / "filler"
    fill(filler)
    done = small_disk.attempt("publish")
    filler.unlink()
    assert done.returncode == TEMPORARY, done.stderr
    assert "Look for a full or read-only disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert states(small_disk) == ["scheduled"]
    goes_on(small_disk)
    small_disk.run("fsck")


def fill(file):
    """Write until the disk takes no more."""
    with file.open("wb", buffering=0) as opened, suppress(OSError):
        while True:
            opened.write(b"x" * 4096)


def test_on_a_read_only_disk_nothing_is_sent_and_nothing_lost(small_disk):
    disk = str(small_disk.folder.parent)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        done = small_disk.attempt("publish")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    assert done.returncode == TEMPORARY, done.stderr
    assert "read-only disk" in done.stderr
    assert "Traceback" not in done.stderr
    assert states(small_disk) == ["scheduled"]
    goes_on(small_disk)


def test_a_ledger_of_a_newer_version_is_left_alone(house):
    with closing(sqlite3.connect(house.folder / "ledger.db")) as ledger:
        ledger.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('ledger', '0999_the_future', '2030-01-01')"
        )
        ledger.commit()
    said = complaint(house, CONTENT)
    assert "ledger.db: this ledger was written by a newer Redletter (0999_the_future)" in said
    assert "Install that version again; nothing was changed." in said
    assert "newer Redletter" in complaint(house, CONTENT, "migrate")


def test_a_ledger_that_is_gone_is_never_made_anew_in_silence(house):
    kept = (house.folder / "ledger.db").rename(house.folder / "kept.db")
    done = house.attempt("publish")
    assert done.returncode == CONTENT
    assert "there is no ledger here" in done.stderr
    assert "backup" in done.stderr
    assert not (house.folder / "ledger.db").exists()
    assert kept.exists()


def test_a_damaged_ledger_publishes_nothing_and_says_so(house):
    path = house.folder / "ledger.db"
    with path.open("r+b") as ledger:
        ledger.seek(0)
        ledger.write(b"this is no ledger".ljust(4096))
    done = house.attempt("publish")
    assert done.returncode == CONTENT
    assert "the ledger is damaged" in done.stderr
    assert "Nothing was published." in done.stderr


# --- What is typed on the command line ----------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["approve", "--all", "--by", "cleo"], "names no person called “cleo”"),
        (["approve", "--all", "--by", "author"], "it needs the role approver"),
        (["plan", "--until", "2027"], "--until takes a date like 2027-12-31, not “2027”"),
        (["plan", "--until", "1999-12-31"], "a date from today to three years ahead"),
        (["publsh"], "No such command"),
        (["--site", "/nowhere", "publish"], "There is no site at or above /nowhere"),
    ],
)
def test_words_that_do_not_fit_leave_with_2(house, words, says):
    assert says in complaint(house, CONTENT, *words)


def test_with_nothing_to_do_it_is_silent(house):
    goes_on(house)
    done = house.attempt("publish")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
