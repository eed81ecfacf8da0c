"""What was approved never changes: the database itself refuses it, to the ORM and to anybody."""

import sqlite3

import pytest
from django.db import IntegrityError
from ledger.making import NOW, columns, raw, scheduled, told

from scheduler.ledger import events
from scheduler.ledger.db import TRIGGERS, sound
from scheduler.ledger.models import Delivery, Draft, Event
from scheduler.nouns import State

FROZEN = {
    "marker": "aaaaaaaaaa",
    "key": "clinic/other/key",
    "site": "another",
    "channel": "wp",
    "draft_id": 4711,
    "payload": "{}",
    "digest": "0" * 64,
    "due_at": "2027-10-09 15:00:00",
    "approver": "cleo",
}


@pytest.mark.parametrize("column", FROZEN)
def test_what_was_approved_cannot_be_changed_by_hand(ledger, column):
    row = scheduled()
    before = columns(row)
    with pytest.raises(sqlite3.IntegrityError, match="an approved post is frozen"):
        raw(ledger, f"UPDATE ledger_delivery SET {column} = ?", FROZEN[column])
    assert columns(row) == before


@pytest.mark.parametrize("column", FROZEN)
def test_what_was_approved_cannot_be_changed_by_our_own_code(ledger, column):
    row = scheduled()
    before = columns(row)
    value = NOW.replace(year=2028) if column == "due_at" else FROZEN[column]
    with pytest.raises(IntegrityError, match="an approved post is frozen"):
        Delivery.objects.update(**{column: value})
    assert columns(row) == before


def test_every_column_is_either_frozen_or_the_state_of_its_sending(ledger):
    every = {field.column for field in Delivery._meta.fields} - {"id"}
    assert every - set(FROZEN) == {
        "state", "not_after", "try_at", "attempts", "owner", "claimed_at", "unsure_since",
        "look_at", "absent_reads", "asked", "saved", "remote_id", "url", "sent_at", "note",
    }  # fmt: skip


def test_the_state_of_its_sending_may_change(ledger):
    row = scheduled()
    raw(ledger, "UPDATE ledger_delivery SET state = 'missed', note = 'x', key = key")
    assert columns(row)["state"] == State.MISSED


def test_a_delivery_is_never_deleted(ledger):
    row = scheduled()
    with pytest.raises(sqlite3.IntegrityError, match="a delivery is never deleted"):
        raw(ledger, "DELETE FROM ledger_delivery")
    with pytest.raises(IntegrityError, match="a delivery is never deleted"):
        row.delete()
    with pytest.raises(IntegrityError):
        Draft.objects.all().delete()
    assert Delivery.objects.count() == Draft.objects.count() == 1


def test_an_event_is_never_changed_or_deleted(ledger):
    row = scheduled()
    before = told(row.marker)
    with pytest.raises(sqlite3.IntegrityError, match="an event is never changed"):
        raw(ledger, "UPDATE ledger_event SET detail = 'x'")
    with pytest.raises(IntegrityError, match="an event is never changed"):
        Event.objects.update(who="cleo")
    with pytest.raises(sqlite3.IntegrityError, match="an event is never deleted"):
        raw(ledger, "DELETE FROM ledger_event")
    with pytest.raises(IntegrityError, match="an event is never deleted"):
        Event.objects.all().delete()
    assert told(row.marker) == before
    assert list(events.broken(row.site)) == []


@pytest.mark.parametrize("table", ["delivery", "event"])
def test_a_row_cannot_be_replaced_by_a_changed_one(ledger, table):
    scheduled()
    frozen = "payload" if table == "delivery" else "detail"
    columns_of = [row[1] for row in raw(ledger, f"PRAGMA table_info(ledger_{table})")]
    changed = ["'x'" if column == frozen else column for column in columns_of]
    copy = f"INTO ledger_{table} SELECT {', '.join(changed)} FROM ledger_{table}"
    before = raw(ledger, f"SELECT * FROM ledger_{table}")
    for verb in ("REPLACE", "INSERT OR REPLACE", "INSERT"):
        with pytest.raises(sqlite3.IntegrityError, match="never replaced"):
            raw(ledger, f"{verb} {copy}")
    assert raw(ledger, f"SELECT * FROM ledger_{table}") == before


@pytest.mark.parametrize("trigger", sorted(TRIGGERS))
def test_a_missing_trigger_is_noticed(ledger, trigger):
    assert sound() == []
    raw(ledger, f"DROP TRIGGER {trigger}")
    assert sound() == [f"the trigger {trigger} is missing"]
