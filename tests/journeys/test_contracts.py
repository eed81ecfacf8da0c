"""What others build on: the commands as they are typed, their documents and exit codes."""

import fcntl
import json
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import icalendar
import pytest
from house import House, today

YEAR = timedelta(days=365)
DRAFT = {"id", "day", "first", "channel", "state", "text", "findings"}
DELIVERY = {
    *("id", "key", "day", "first", "channel", "state", "due_at", "text"),
    *("remote_id", "url", "attempts"),
}
LISTS = """
[[channel]]
name = "lines"
kind = "file"
folder = "lists"
format = "jsonl"

[[channel]]
name = "dates"
kind = "file"
folder = "lists"
format = "ics"
"""


@pytest.fixture
def house(tmp_path):
    return House(tmp_path / "clinic")


@pytest.fixture
def approved(house):
    """A planned and approved year on three channels, its first occasion and that one's due time."""
    house.add(LISTS)
    house.plan(today() + YEAR)
    house.run("approve", "--all", "--by", "approver")
    return house


def first_due(house) -> str:
    due = datetime.fromisoformat(min(delivery["due_at"] for delivery in house.log()))
    return f"{due + timedelta(minutes=1):%Y-%m-%d %H:%M}"


def test_init_makes_a_site_that_works_at_once_and_migrate_may_be_repeated(house):
    house.run("migrate")
    house.run("migrate")
    assert house.log() == []
    assert house.attempt("init", "--yes", str(house.folder)).returncode == 2
    assert (house.folder / "calendars/own.toml").exists()
    assert (house.folder / "posts/ketamine-depression/article.md").exists()


def test_plan_shows_every_draft_of_the_window_with_ids_that_approve_takes(house):
    drafts = house.plan(today() + YEAR)
    assert len(drafts) >= 10
    for draft in drafts:
        assert set(draft) >= DRAFT
        assert draft["state"] == "proposed"
        assert today() <= date.fromisoformat(draft["first"]) <= today() + YEAR
        assert all(
            set(finding) >= {"rule", "severity", "start", "end", "why", "suggestion"}
            for finding in draft["findings"]
        )
    chosen = drafts[0]["id"]
    house.run("approve", chosen, "--by", "approver")
    again = {draft["id"]: draft["state"] for draft in house.plan(today() + YEAR)}
    assert again.keys() == {draft["id"] for draft in drafts}
    assert again[chosen] == "approved"


def test_approve_all_takes_what_nothing_blocks_and_names_the_rest(house):
    drafts = house.plan(today() + YEAR)
    bad = drafts[0]["id"]
    house.run("edit", bad, "--by", "author", "--text", "# Cure\n\nKetamine cures depression.")
    done = house.attempt("approve", "--all", "--by", "approver")
    assert done.returncode == 0
    assert bad in done.stderr
    assert "CLM-CURE" in done.stderr
    assert len(house.log()) == len(drafts) - 1


@pytest.mark.parametrize("name", ["nobody", "author"])
def test_an_unknown_name_or_one_without_the_role_approves_nothing(house, name):
    house.plan(today() + YEAR)
    assert house.attempt("approve", "--all", "--by", name).returncode == 2
    assert house.log() == []


def test_the_log_has_each_approved_post_with_its_marker_and_its_time_in_utc(approved):
    for delivery in approved.log():
        assert set(delivery) >= DELIVERY
        assert delivery["state"] == "scheduled"
        assert delivery["due_at"].endswith("Z")
        assert delivery["key"].startswith("clinic/ketamine-depression/")
        assert delivery["remote_id"] is None


def test_what_is_due_is_published_once_and_the_next_run_is_silent(approved):
    due = first_due(approved)
    confirm = approved.attempt(
        *("crisis", "confirm", "US", "--by", "author", "--source", "https://988lifeline.org"),
        at=due,
    )
    assert confirm.returncode == 0, confirm.stderr
    assert approved.attempt("publish", at=due).returncode == 0
    sent = [delivery for delivery in approved.log() if delivery["state"] == "sent"]
    assert {delivery["channel"] for delivery in sent} == {"blog", "lines", "dates"}

    again = approved.attempt("publish", at=due)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")

    by_channel = {delivery["channel"]: delivery for delivery in sent}
    blog = approved.folder / by_channel["blog"]["url"]
    assert blog.is_relative_to(approved.folder / "public/posts")
    assert by_channel["blog"]["remote_id"] == by_channel["blog"]["id"]
    assert "988" in blog.read_text(encoding="utf-8")
    for feed in ("rss.xml", "atom.xml"):
        ElementTree.parse(approved.folder / "public" / feed)
    assert blog.name in (approved.folder / "public/index.html").read_text(encoding="utf-8")

    lines = (approved.folder / "lists/posts.jsonl").read_text(encoding="utf-8").splitlines()
    (line,) = map(json.loads, lines)
    assert set(line) >= {"id", "key", "day", "first", "channel", "text", "title", "url"}
    assert line["id"] == by_channel["lines"]["id"]

    calendar = icalendar.Calendar.from_ical((approved.folder / "lists/posts.ics").read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert str(event["UID"]) == f"{by_channel['dates']['id']}@clinic"
    approved.run("fsck")


def test_a_crisis_line_past_its_days_holds_its_posts_and_asks_once(approved):
    due = first_due(approved)
    held = approved.attempt("publish", at=due)
    assert held.returncode == 1
    assert "crisis confirm US" in held.stderr
    assert {delivery["state"] for delivery in approved.log()} == {"scheduled"}
    assert approved.attempt("publish", at=due).returncode == 0


def test_a_second_publisher_leaves_at_once_with_0(approved):
    with (approved.folder / "ledger.db.sender").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = approved.attempt("publish")
    assert (second.returncode, second.stdout) == (0, "")


def test_a_channel_without_its_secret_is_paused_once_and_the_others_go_on(house):
    house.due_from_midnight()
    house.days_from_today(1)
    house.add(
        '\n[[channel]]\nname = "wp"\nkind = "wordpress"\nurl = "http://127.0.0.1:9"\n'
        'user = "editor"\npassword = "env:REDLETTER_NO_SUCH_SECRET"\n'
    )
    house.plan(today())
    house.run("approve", "--all", "--by", "approver")
    first = house.attempt("publish")
    assert first.returncode == 1
    assert "REDLETTER_NO_SUCH_SECRET" in first.stderr
    assert {d["channel"]: d["state"] for d in house.log()} == {"blog": "sent", "wp": "scheduled"}
    assert house.attempt("publish").returncode == 0


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('url = "http://blog.example"\npassword = "env:X"', "https"),
        ('url = "https://blog.example"\npassword = "hunter2-in-clear"', "env:"),
    ],
)
def test_plain_http_to_the_world_and_secrets_in_clear_are_refused(house, line, word):
    house.add(f'\n[[channel]]\nname = "wp"\nkind = "wordpress"\nuser = "editor"\n{line}\n')
    refused = house.attempt("publish")
    assert refused.returncode == 2
    assert "config.toml:" in refused.stderr
    assert word in refused.stderr
    assert "hunter2" not in refused.stderr


def test_the_blog_names_the_drug_with_its_boxes_and_short_posts_do_not(approved):
    named = {"world-patient-safety-day", "world-anaesthesia-day"}
    for delivery in approved.log():
        text = delivery["text"]
        if delivery["channel"] == "blog":
            assert "off-label" in text
            assert "Risks:" in text
            assert "Not yet reviewed by a clinician." in text
        elif delivery["day"] not in named:
            assert "ketamine" not in text.lower()
        assert "988" in text
        assert "medical advice" in text


def test_the_clock_cannot_be_behind_what_was_already_seen(approved):
    assert approved.attempt("publish", at="2027-02-01 12:00").returncode == 0
    behind = approved.attempt("publish", at="2027-01-31 12:00")
    assert behind.returncode == 75
    assert "clock" in behind.stderr
    assert approved.attempt("publish", at="1970-01-02 00:00").returncode == 75
