"""The audit trail: each entry carries the hash of the one before, so that a change shows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger.making import NOW, SITE, raw, scheduled, told

from scheduler.ledger import events, pauses
from scheduler.ledger.models import Event

FIELDS = {
    "site": "another",
    "at": "2027-10-10 15:00:01",
    "who": "cleo",
    "what": "rejected",
    "subject": "bbbbbbbbbb",
    "detail": "because",
    "previous": "f" * 64,
    "hash": "e" * 64,
}
UNREADABLE = {"at": ["soon", "2027-13-10 15:00:00", 7], "detail": [b"\xff"], "who": [b"ann"]}


@pytest.fixture
def chain(ledger):
    """Three entries of one site, one of another; the triggers that keep them are gone."""
    for number, site in enumerate([SITE, SITE, "elsewhere", SITE], start=1):
        events.note(site, "ann", "edited", "aaaaaaaaaa", NOW, f"number {number}")
    raw(ledger, "DROP TRIGGER event_is_written_once")
    raw(ledger, "DROP TRIGGER event_is_kept")
    assert (broken(SITE), broken("elsewhere")) == ([], [])
    return ledger


def broken(site: str) -> list[str]:
    return list(events.broken(site))


def test_an_entry_follows_the_one_before_it_on_its_site(chain):
    first, second, third = events.history(SITE)
    (other,) = events.history("elsewhere")
    assert first.previous == other.previous == events.START
    assert (second.previous, third.previous) == (first.hash, second.hash)
    assert len({first.hash, second.hash, third.hash, other.hash}) == 4


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_changed_field_is_named(chain, number, field):
    raw(chain, f"UPDATE ledger_event SET {field} = ? WHERE id = ?", FIELDS[field], number)
    found = broken(SITE) + broken("another")
    assert found
    # Moved to another site it is named there, and on its own site the one that followed it.
    assert any(f"event {number} " in line for line in found)
    assert broken("elsewhere") == []


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field in UNREADABLE for value in UNREADABLE[field]]
)
def test_what_cannot_be_read_is_named_too(chain, field, value):
    raw(chain, f"UPDATE ledger_event SET {field} = ? WHERE id = 2", value)
    (line,) = broken(SITE)
    assert line.endswith("was changed: it cannot be read")


@pytest.mark.parametrize("number", [1, 2])
def test_a_removed_entry_leaves_a_gap(chain, number):
    raw(chain, "DELETE FROM ledger_event WHERE id = ?", number)
    (line,) = broken(SITE)
    assert f"event {2 if number == 1 else 4} " in line


def test_entries_in_another_order_are_named(chain):
    raw(chain, "UPDATE ledger_event SET id = CASE id WHEN 1 THEN -1 ELSE -2 END WHERE id < 3")
    assert len(broken(SITE)) == 3


def test_a_forged_entry_in_between_is_named(chain):
    raw(
        chain,
        "INSERT INTO ledger_event (id, site, at, who, what, subject, detail, previous, hash) "
        "SELECT 3 - 10, site, at, 'cleo', what, subject, detail, previous, 'abc' "
        "FROM ledger_event WHERE id = 2",
    )
    assert len(broken(SITE)) == 2


TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(notes=st.lists(st.tuples(TEXTS, TEXTS, TEXTS, MOMENTS, TEXTS), min_size=1, max_size=6))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_texts_make_a_chain_that_verifies_and_tells_the_last_from_its_neighbour(ledger, notes):
    with transaction.atomic():
        start = Event.objects.count()
        for who, what, subject, now, detail in notes:
            events.note(SITE, who, what, subject, now, detail)
        assert broken(SITE) == []
        written = events.history(SITE)[start:]
        assert [
            (entry.who, entry.what, entry.subject, entry.at, entry.detail) for entry in written
        ] == [(*rest, now.replace(microsecond=0), detail) for *rest, now, detail in notes]
        transaction.set_rollback(True)


@given(parts=st.lists(TEXTS, min_size=4, max_size=4), cut=st.integers(0, 3))
def test_a_text_moved_to_the_next_field_is_another_entry(parts, cut):
    def entry(who, what, subject, detail):
        return Event(
            site=SITE, at=NOW, who=who, what=what, subject=subject, detail=detail, previous=""
        )

    moved = list(parts)
    moved[cut], moved[(cut + 1) % 4] = "", moved[cut] + moved[(cut + 1) % 4]
    same = moved == parts
    assert (events._hash(entry(*parts)) == events._hash(entry(*moved))) is same


@pytest.mark.usefixtures("ledger")
def test_a_change_that_is_undone_leaves_no_entry():
    row = scheduled()
    before = told(row.marker)
    with transaction.atomic():
        pauses.pause(SITE, "blog", "ben", "wait", NOW)
        transaction.set_rollback(True)
    assert (told(row.marker), told("blog"), broken(SITE)) == (before, [], [])


@pytest.mark.usefixtures("ledger")
def test_a_history_may_be_of_one_subject():
    events.note(SITE, "ann", "edited", "one", NOW)
    events.note(SITE, "ann", "edited", "other", NOW + timedelta(hours=1))
    assert [entry.subject for entry in events.history(SITE)] == ["one", "other"]
    assert told("one") == [("ann", "edited")]
