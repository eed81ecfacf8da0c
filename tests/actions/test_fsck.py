"""Checking the ledger: silent when it is sound, and by name whatever damage there is."""

import sqlite3
from contextlib import closing

import pytest
from scripted import Scripted

from scheduler.actions.fsck import fsck
from scheduler.actions.resolve import is_out
from scheduler.errors import Unsure
from scheduler.ledger.models import Delivery


@pytest.fixture
def clinic(planned):
    """One post is sent, one is in doubt, one is scheduled; the rest are drafts."""
    planned.due("walk-day")
    planned.deliver({"wp": Scripted()})
    planned.due("salt-day", of=5)
    planned.deliver({"wp": Scripted(sends=[Unsure("no answer")])})
    planned.approve("pulse-week", channel="wp")
    return planned


def damage(clinic, *changes):
    """Change the ledger's file behind everybody's back, past its triggers."""
    with closing(sqlite3.connect(clinic.site.ledger)) as ledger:
        triggers = ledger.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = triggers.fetchall()
        for name, _ in kept:
            ledger.execute(f"DROP TRIGGER {name}")
        for change in changes:
            ledger.execute(change)
        for _, sql in kept:
            ledger.execute(sql)
        ledger.commit()


SENT, UNSURE = "WHERE state = 'sent'", "WHERE state = 'unsure'"


def test_a_sound_ledger_is_passed_over_in_silence(clinic):
    assert {one.state for one in Delivery.objects.all()} == {"sent", "unsure", "scheduled"}
    assert fsck("clinic") == []


def test_what_a_person_said_to_be_out_is_sound(clinic):
    marker = clinic.delivery("salt-day", "wp").marker
    is_out(clinic.site, marker, "https://out.example/17", "ben", clinic.now)
    assert fsck("clinic") == []


@pytest.mark.parametrize(
    ("change", "day", "words"),
    [
        (
            f"UPDATE ledger_delivery SET payload = replace(payload, 'walk', 'run') {SENT}",
            "walk-day",
            "its post is not the one that was approved",
        ),
        (
            f"UPDATE ledger_delivery SET digest = 'other' {SENT}",
            "walk-day",
            "its post is not the one that was approved",
        ),
        (
            f"UPDATE ledger_delivery SET key = 'another/key' {SENT}",
            "walk-day",
            "its key does not belong to its draft",
        ),
        (
            f"UPDATE ledger_delivery SET url = '', remote_id = '' {SENT}",
            "walk-day",
            "it is said to be sent, but there is no receipt",
        ),
        (
            f"UPDATE ledger_delivery SET attempts = 0 {SENT}",
            "walk-day",
            "it is said to be sent, but nobody tried to",
        ),
        (
            f"UPDATE ledger_delivery SET claimed_at = datetime(due_at, '-1 second') {SENT}",
            "walk-day",
            "somebody began to send it before its time",
        ),
        (
            f"UPDATE ledger_delivery SET attempts = 9 {SENT}",
            "walk-day",
            "9 attempts are more than 8",
        ),
        (
            f"UPDATE ledger_delivery SET look_at = NULL {UNSURE}",
            "salt-day",
            "it may be out, and neither a look-up nor a person is asked for",
        ),
        (
            "DELETE FROM ledger_delivery WHERE state = 'scheduled'",
            "pulse-week",
            "it is approved, but there is no delivery of it",
        ),
    ],
)
def test_damage_to_a_delivery_is_named_with_its_id(clinic, change, day, words):
    marker = clinic.draft(day, "wp").marker
    damage(clinic, change)
    assert f"{marker}: {words}" in fsck("clinic")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_event SET who = 'ann' WHERE what = 'approved'",
        "UPDATE ledger_event SET at = datetime(at, '-1 day') WHERE what = 'sent'",
        "DELETE FROM ledger_event WHERE what = 'approved'",
    ],
)
def test_a_changed_or_missing_entry_of_the_trail_is_named(clinic, change):
    damage(clinic, change)
    (first, *_) = fsck("clinic")
    assert first.startswith("event ")
    assert first.endswith(" was changed")


def test_a_missing_trigger_is_named(clinic):
    with closing(sqlite3.connect(clinic.site.ledger)) as ledger:
        ledger.execute("DROP TRIGGER delivery_is_frozen")
    assert fsck("clinic") == ["the trigger delivery_is_frozen is missing"]


def test_every_fault_is_named_at_once(clinic):
    damage(
        clinic,
        f"UPDATE ledger_delivery SET attempts = 9, digest = 'other' {SENT}",
        f"UPDATE ledger_delivery SET look_at = NULL {UNSURE}",
    )
    assert len(fsck("clinic")) == 3
