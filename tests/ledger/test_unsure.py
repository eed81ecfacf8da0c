"""What the transitions D10–D14 ask for and leave behind; and deliveries that are kept back."""

from datetime import timedelta

import pytest
from ledger.making import (
    BEFORE,
    END,
    MINUTE,
    NOW,
    RECEIPT,
    SECOND,
    SENDER,
    SITE,
    again,
    columns,
    delivery_in,
    scheduled,
    sending,
    told,
)  # fmt: skip

from scheduler.ledger import deliveries, rows
from scheduler.ledger.models import Delivery
from scheduler.nouns import State

pytestmark = pytest.mark.usefixtures("ledger")


def claim(row: Delivery, now=NOW) -> Delivery | None:
    return deliveries.claim(row.pk, now, SENDER)


def test_a_look_that_settles_nothing_is_counted():
    row = delivery_in(State.UNSURE)
    assert deliveries.look_again(row, NOW + 2 * MINUTE, 1, "not there yet")
    after = again(row)
    assert (after.absent_reads, after.look_at) == (1, NOW + 2 * MINUTE)
    assert (after.state, after.note) == (State.UNSURE, "not there yet")


@pytest.mark.parametrize("state", set(State) - {State.UNSURE})
def test_only_what_is_unsure_is_looked_for_and_asked_about(state):
    row = delivery_in(state)
    before = columns(row)
    assert not deliveries.look_again(row, NOW, 1, "not there yet")
    assert not deliveries.ask(row, "who knows", NOW, None)
    assert columns(row) == before


def test_what_was_found_is_sent_and_says_how():
    row = delivery_in(State.UNSURE)
    assert deliveries.sent(row, RECEIPT, NOW + MINUTE, deliveries.PUBLISHER, "reconciled")
    assert (again(row).state, again(row).note) == (State.SENT, "reconciled")


def test_what_is_absent_is_sent_again_with_the_same_key():
    row = delivery_in(State.UNSURE)
    assert deliveries.look_again(row, NOW, 1, "not there yet")
    assert deliveries.absent(row, "looked for twice", NOW)
    second = claim(row)
    assert (second.attempts, second.key, second.unsure_since) == (2, row.key, None)
    assert deliveries.unsure(second, "no answer", END, NOW + MINUTE)
    assert (again(row).absent_reads, again(row).unsure_since) == (0, NOW + MINUTE)


def test_a_person_is_asked_once():
    row = delivery_in(State.UNSURE)
    assert rows.unasked(SITE, NOW - SECOND) == []
    assert rows.unasked(SITE, NOW) == [row]
    assert deliveries.ask(row, "two posts carry the marker", NOW, None)
    assert not deliveries.ask(row, "two posts carry the marker", NOW, None)
    assert rows.unasked(SITE, NOW) == []
    assert rows.owed(SITE, END) == []
    assert told(row.marker).count((deliveries.PUBLISHER, "asked")) == 1


def test_an_answer_ends_the_question():
    row = delivery_in(State.UNSURE)
    assert deliveries.ask(row, "who knows", NOW, NOW)
    assert deliveries.sent(again(row), RECEIPT, NOW, "ben", "told by a person")
    after = again(row)
    assert (after.asked, after.look_at, after.url) == (False, None, RECEIPT.url)
    assert told(row.marker)[-1] == ("ben", "sent")


@pytest.mark.parametrize("state", [State.UNSURE, State.REFUSED, State.MISSED])
def test_what_a_person_sends_anyway_has_a_new_end_and_a_new_budget(state):
    row = delivery_in(state)
    later, end = END + MINUTE, END + timedelta(hours=6)
    assert deliveries.sent_anyway(row, end, "ben", later)
    after = again(row)
    assert (after.state, after.not_after, after.attempts) == (State.SCHEDULED, end, 0)
    assert (after.look_at, after.asked, after.unsure_since) == (None, False, None)
    assert after.due_at == NOW
    assert claim(row, later).attempts == 1


def test_what_is_sent_anyway_still_waits_for_its_time():
    row = scheduled()
    assert deliveries.missed(row, "the clock was wrong", BEFORE)
    assert deliveries.sent_anyway(again(row), END, "ben", BEFORE)
    assert claim(row, NOW - SECOND) is None
    assert claim(row, NOW)


# --- Kept back for a while -----------------------------------------------------------------------


def test_a_delivery_kept_back_says_so_once():
    row = scheduled()
    assert deliveries.wait(row, "unconfirmed line", NOW + MINUTE, NOW)
    assert not deliveries.wait(again(row), "unconfirmed line", NOW + 2 * MINUTE, NOW)
    assert told(row.marker).count((deliveries.PUBLISHER, "held back")) == 1
    assert claim(row, NOW + MINUTE) is None
    assert claim(row, NOW + 2 * MINUTE)


def test_what_was_kept_back_is_let_go_by_its_reason_alone():
    one, other = scheduled(1), scheduled(2)
    assert deliveries.wait(one, "unconfirmed line", NOW + MINUTE, NOW)
    assert deliveries.wait(other, "another reason", NOW + MINUTE, NOW)
    assert deliveries.release(SITE, "unconfirmed line") == 1
    assert deliveries.due(SITE, NOW) == [one.pk]


def test_what_is_being_sent_is_not_kept_back():
    row = sending()
    assert not deliveries.wait(row, "unconfirmed line", NOW + MINUTE, NOW)
    assert again(row).note == ""
