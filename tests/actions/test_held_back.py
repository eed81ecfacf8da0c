"""A moment before sending: what an approved post was made from is looked at again (D2)."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pytest
from clinic import YEAR
from scripted import Scripted

from scheduler.actions import crisis
from scheduler.actions.approve import approve
from scheduler.actions.edit import edit
from scheduler.errors import LedgerError, UsageError
from scheduler.ledger import rows
from scheduler.nouns import DraftState, State


@pytest.fixture
def clinic(planned_thrice):
    return planned_thrice


def sent_back(clinic):
    """The reason for which the due post of Walk Day went back to review instead of out."""
    wp = Scripted()
    run = clinic.deliver({"wp": wp})
    delivery = clinic.delivery("walk-day", "wp")
    assert wp.sent == []
    assert run.counts == {State.CANCELLED: 1}
    assert run.sent_back
    assert delivery.state == State.CANCELLED
    assert delivery.draft.state == DraftState.LAPSED
    (notice,) = run.notices
    assert notice.endswith(f"was not sent: {delivery.note}. It goes back to review.")
    assert clinic.deliver({"wp": wp}).notices == []
    return delivery.note


# --- What it was made from ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "old", "new", "changed"),
    [
        ("posts/walking/article.md", "Shoes that fit", "Dry shoes", "points"),
        ("posts/walking/article.md", "general education", "education", "article"),
        ("posts/walking/blog.j2", "a walk a day", "one walk a day", "template"),
        ("calendars/own.toml", '"Walk Day"', '"Walking Day"', "day"),
        ("config.toml", 'name = "The Clinic"', 'name = "Our Clinic"', "brand"),
    ],
)
def test_a_changed_source_sends_the_post_back(clinic, file, old, new, changed):
    clinic.due("walk-day")
    clinic.change(file, old, new)
    assert sent_back(clinic) == f"it was worded from something that changed since: {changed}"


def test_a_date_that_moved_sends_the_post_back(clinic):
    clinic.due("walk-day")
    clinic.change("calendars/own.toml", '"2 June"', '"7 June"')
    assert "no longer falls on" in sent_back(clinic)


def test_a_muted_day_sends_the_post_back(clinic):
    clinic.due("walk-day")
    clinic.change("calendars/own.toml", 'id = "walk-day"', 'id = "walk-day"\nmuted = true')
    assert "is muted" in sent_back(clinic)


def test_a_channel_that_is_gone_sends_the_post_back(clinic):
    clinic.due("walk-day")
    clinic.change("config.toml", 'name = "wp"', 'name = "wp2"')
    assert sent_back(clinic) == "config.toml no longer has the channel “wp”"


def test_a_template_that_is_gone_sends_the_post_back(clinic):
    clinic.due("walk-day")
    (clinic.folder / "posts/walking/blog.j2").unlink()
    clinic.read_again()
    assert "has no template blog.j2" in sent_back(clinic)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('tone = "solemn"', "it is a solemn day"),
        ('regions = ["GB"]', "not of the audience's US-CO"),
    ],
)
def test_a_day_that_may_not_be_posted_on_any_more_sends_the_post_back(clinic, line, why):
    clinic.due("walk-day")
    clinic.change("calendars/own.toml", 'id = "walk-day"', f'id = "walk-day"\n{line}')
    assert why in sent_back(clinic)


def test_a_day_that_has_become_quiet_sends_the_posts_of_its_date_back(clinic):
    clinic.due("walk-day")
    clinic.add_day("hush-day", "30 May to 2 June", "quiet = true")
    assert "it begins on Hush-Day, which is to be kept quiet" in sent_back(clinic)


def test_a_point_that_is_past_its_time_sends_the_post_back(clinic):
    clinic.due("walk-day")
    clinic.change(
        "posts/walking/article.md", 'id = "shoes"', f'id = "shoes"\nexpires = {YEAR}-01-01'
    )
    assert sent_back(clinic) == "it was worded from something that changed since: points"


def test_a_change_elsewhere_holds_nothing_back(clinic):
    clinic.due("walk-day")
    clinic.change("posts/walking/short.j2", "{{ day.date }}", "on {{ day.date }}")
    clinic.change("calendars/own.toml", '"Salt Day"', '"Less Salt Day"')
    clinic.change("config.toml", "gap_days = 0", "gap_days = 1")
    assert clinic.deliver({"wp": Scripted()}).counts == {State.SENT: 1}


def test_the_others_go_out_beside_one_that_is_sent_back(clinic):
    clinic.due("walk-day", "twin-day", "third-day")
    clinic.change("calendars/own.toml", '"Walk Day"', '"Walking Day"')
    run = clinic.deliver({"wp": Scripted()})
    assert run.counts == {State.CANCELLED: 1, State.SENT: 2}


# --- The guard's word of today ------------------------------------------------------------------


def test_a_rule_that_blocks_it_now_sends_the_post_back(clinic):
    today = clinic.site
    lenient = replace(clinic.site, rules=replace(clinic.site.rules, rules=()))
    marker = clinic.draft("walk-day", "wp").marker
    edit(lenient, marker, "# Walk Day\n\nKetamine cures depression.", "ann", clinic.now)
    assert approve(lenient, [marker], "ben", clinic.now).approved == [marker]
    clinic.at_nine(2)
    clinic.site = today
    why = sent_back(clinic)
    assert why.startswith("the guard now blocks it (")
    assert "CLM-CURE" in why


def test_a_new_version_of_the_rules_alone_holds_nothing_back(clinic):
    clinic.due("walk-day")
    clinic.site = replace(clinic.site, rules=replace(clinic.site.rules, version="another"))
    assert clinic.deliver({"wp": Scripted()}).counts == {State.SENT: 1}


@pytest.fixture
def guard_is_ill(clinic, monkeypatch):
    """For Walk Day's post the guard has no answer."""

    def findings(site, post, key):
        if key.day == "walk-day":
            raise TimeoutError("the guard ran past its time")
        return ()

    monkeypatch.setattr("scheduler.actions.changed.findings_of", findings)


@pytest.mark.usefixtures("guard_is_ill")
def test_a_guard_that_has_no_answer_keeps_its_post_back_and_no_other(clinic):
    clinic.approve("twin-day", channel="wp")
    clinic.due("walk-day")
    wp = Scripted()
    run = clinic.deliver({"wp": wp})
    assert wp.sent == [clinic.delivery("twin-day", "wp").marker]
    (notice,) = run.notices
    assert "(walk-day, " in notice
    assert "waits: it could not be looked at again before sending" in notice
    clinic.clock.go_on(minutes=30)
    assert clinic.deliver({"wp": wp}).notices == []
    assert clinic.delivery("walk-day", "wp").state == State.SCHEDULED


@pytest.mark.usefixtures("guard_is_ill")
def test_a_guard_that_has_no_answer_keeps_nobody_from_planning(clinic):
    clinic.approve("walk-day", channel="wp")
    assert clinic.plan().sent_back == []
    assert clinic.delivery("walk-day", "wp").state == State.SCHEDULED


# --- A crisis line that nobody has looked up for 90 days ----------------------------------------


@pytest.fixture
def stale(clinic):
    """The line in the approved posts was good until the day before they are due."""
    checked = clinic.now.date() - timedelta(days=90)
    fresh = clinic.now.date() - timedelta(days=12)
    clinic.change("config.toml", f"checked = {fresh}", f"checked = {checked}")
    clinic.due("walk-day", "twin-day")
    return clinic


def test_a_stale_crisis_line_makes_its_posts_wait_and_is_told_once_for_each(stale):
    wp = Scripted()
    run = stale.deliver({"wp": wp})
    assert wp.sent == []
    assert len(run.notices) == 2
    assert "the crisis line for US was last confirmed more than 90 days ago" in run.notices[0]
    assert "redletter crisis confirm US --by NAME --source URL" in run.notices[0]
    stale.clock.go_on(minutes=30)
    assert stale.deliver({"wp": wp}).notices == []
    assert stale.delivery("walk-day", "wp").state == State.SCHEDULED


def test_confirming_the_line_releases_them_at_once(stale):
    wp = Scripted()
    stale.deliver({"wp": wp})
    source = "https://988lifeline.org"
    assert crisis.confirm(stale.site, "US", "ann", source, stale.now) == 2
    stale.read_again()
    assert stale.deliver({"wp": wp}).counts == {State.SENT: 2}
    assert stale.told("US") == [("ann", "crisis line confirmed")]


def test_a_line_that_nobody_confirms_in_time_makes_them_missed(stale):
    stale.deliver({"wp": Scripted()})
    stale.clock.go_on(hours=6, minutes=1)
    run = stale.deliver({"wp": Scripted()})
    assert run.counts == {State.MISSED: 2}
    assert len(run.notices) == 2


def test_the_ninety_days_of_a_line_end_with_the_brands_own_day(clinic):
    fresh = clinic.now.date() - timedelta(days=12)
    last_good = date(YEAR, 6, 10)
    clinic.change(
        "config.toml", f"checked = {fresh}", f"checked = {last_good - timedelta(days=90)}"
    )
    clinic.due("pulse-week", of=10)
    clinic.clock.go_on(hours=11)
    assert clinic.now.date() > last_good
    assert clinic.deliver({"wp": Scripted()}).counts == {State.SENT: 1}


def test_only_people_of_the_site_confirm_and_only_lines_that_are_known(stale):
    for country, by, words in [
        ("US", "cleo", "no person called “cleo”"),
        ("XX", "ann", "knows no crisis line for “XX”"),
    ]:
        with pytest.raises(UsageError, match=words):
            crisis.confirm(stale.site, country, by, "https://988lifeline.org", stale.now)


# --- A ledger that somebody changed -------------------------------------------------------------


def test_a_payload_that_is_not_the_approved_one_is_never_sent(clinic):
    delivery = clinic.due("walk-day")
    with sqlite3.connect(clinic.site.ledger) as ledger:
        ledger.execute("DROP TRIGGER delivery_is_frozen")
        ledger.execute("UPDATE ledger_delivery SET payload = replace(payload, 'walk', 'run')")
    wp = Scripted()
    with pytest.raises(LedgerError, match=f"{delivery.marker}: the stored post is not the one"):
        clinic.deliver({"wp": wp})
    assert wp.sent == []
    assert rows.found("clinic", delivery.marker).state == State.SCHEDULED
