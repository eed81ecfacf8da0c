"""What the transitions D1–D9 ask for and leave behind: approved, taken back, claimed, sent."""

import json
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
    delivery_in,
    draft,
    raw,
    scheduled,
    sending,
    told,
    wording,
)  # fmt: skip

from scheduler.errors import LedgerError
from scheduler.ledger import deliveries, drafts, pauses, rows
from scheduler.ledger.models import Delivery, Draft
from scheduler.nouns import DraftState, Post, State, canonical, digest

pytestmark = pytest.mark.usefixtures("ledger")


def claim(row: Delivery, now=NOW) -> Delivery | None:
    return deliveries.claim(row.pk, now, SENDER)


# --- D1: approved, and frozen -------------------------------------------------------------------


def test_an_approval_freezes_exactly_what_was_shown():
    shown = draft()
    row = deliveries.commit(shown, "ben", BEFORE)
    assert row.payload == canonical({"key": str(shown.key), "post": json.loads(shown.post)})
    assert row.digest == digest(row.payload)
    assert deliveries.frozen_post(row) == Post.thawed(shown.post)
    assert (row.state, row.marker, row.approver) == (State.SCHEDULED, shown.marker, "ben")
    assert (row.due_at, row.try_at, row.not_after) == (NOW, NOW, END)
    assert Draft.objects.get().state == DraftState.APPROVED
    assert told(row.marker) == [("planner", "proposed"), ("ben", "approved")]


def test_a_draft_is_approved_once():
    shown = draft()
    assert deliveries.commit(shown, "ben", BEFORE)
    assert deliveries.commit(shown, "ben", BEFORE) is None
    assert Delivery.objects.count() == 1


def test_a_draft_that_was_edited_meanwhile_is_not_approved():
    shown = draft()
    assert drafts.edit(shown, wording("Other words."), "ann", BEFORE)
    assert deliveries.commit(shown, "ben", BEFORE) is None
    assert not Delivery.objects.exists()


def test_a_post_that_is_not_the_approved_one_is_never_given_out(ledger):
    row = scheduled()
    raw(ledger, "DROP TRIGGER delivery_is_frozen")
    raw(ledger, "UPDATE ledger_delivery SET payload = replace(payload, 'walk', 'run')")
    with pytest.raises(LedgerError, match=rf"{row.marker}.*not the one that was approved"):
        deliveries.frozen_post(again(row))


# --- D2: taken back -----------------------------------------------------------------------------


def test_a_cancelled_delivery_is_not_claimed():
    row = scheduled()
    assert deliveries.cancelled(row, "ben", "not this year", NOW)
    assert claim(row) is None
    assert told(row.marker)[-1] == ("ben", "cancelled")


def test_a_delivery_sent_back_makes_room_for_the_next_round():
    row = scheduled()
    assert deliveries.sent_back(row, deliveries.PUBLISHER, "the template changed", NOW)
    lapsed = Draft.objects.get()
    assert (lapsed.state, lapsed.note) == (DraftState.LAPSED, "the template changed")
    assert again(row).state == State.CANCELLED


def test_what_is_being_sent_is_not_sent_back():
    row = scheduled()
    assert claim(row)
    assert not deliveries.sent_back(row, deliveries.PUBLISHER, "the template changed", NOW)
    assert Draft.objects.get().state == DraftState.APPROVED


# --- D3, D4: too late, or claimed ----------------------------------------------------------------


def test_what_is_too_late_is_overdue_and_no_longer_due():
    row = scheduled()
    assert rows.overdue(SITE, END) == []
    assert deliveries.due(SITE, END) == [row.pk]
    assert rows.overdue(SITE, END + SECOND) == [row]
    assert deliveries.due(SITE, END + SECOND) == []
    assert claim(row, END + SECOND) is None


def test_a_claim_leaves_who_when_and_how_often():
    row = claim(scheduled())
    assert (row.state, row.owner, row.claimed_at, row.attempts) == (State.SENDING, SENDER, NOW, 1)
    assert told(row.marker)[-1] == (deliveries.PUBLISHER, "sending")


def test_a_row_is_claimed_once():
    row = scheduled()
    assert claim(row)
    assert claim(row) is None
    assert again(row).attempts == 1


def test_nothing_is_claimed_before_it_is_due():
    row = scheduled()
    assert deliveries.due(SITE, NOW - SECOND) == []
    assert claim(row, NOW - SECOND) is None
    assert claim(row, NOW)


def test_nothing_is_claimed_before_it_is_to_be_tried_again():
    row = sending()
    assert deliveries.later(row, NOW + MINUTE, "busy", NOW)
    assert claim(row, NOW + MINUTE - SECOND) is None
    assert claim(row, NOW + MINUTE)


def test_a_try_at_before_the_due_time_does_not_hasten_it():
    row = scheduled()
    Delivery.objects.update(try_at=NOW - timedelta(days=1))
    assert claim(row, NOW - SECOND) is None


@pytest.mark.parametrize("paused", ["blog", ""])
def test_a_pause_holds_until_it_is_lifted(paused):
    row = scheduled()
    other = scheduled(2, channel="wp")
    assert pauses.pause(SITE, paused, "ben", "wait", BEFORE)
    assert deliveries.due(SITE, NOW) == ([other.pk] if paused else [])
    assert claim(row) is None
    assert pauses.resume(SITE, paused, "ben", NOW)
    assert claim(row)


def test_a_pause_of_another_site_holds_nothing_here():
    row = scheduled()
    assert pauses.pause("another site", "", "ben", "wait", BEFORE)
    assert claim(row)


def test_the_longest_due_comes_first_and_other_sites_do_not():
    late = scheduled(1, due_at=NOW)
    early = scheduled(2, due_at=NOW - MINUTE)
    assert deliveries.due(SITE, NOW) == [early.pk, late.pk]
    assert deliveries.due("another site", NOW) == []


def test_a_spent_budget_is_not_claimed():
    row = scheduled()
    for attempt in range(1, deliveries.BUDGET + 1):
        held = claim(row)
        assert held.attempts == attempt
        assert deliveries.later(held, NOW, "busy", NOW)
    assert claim(row) is None
    assert again(row).attempts == deliveries.BUDGET


def test_there_is_nothing_to_claim_where_there_is_no_row():
    assert deliveries.claim(4711, NOW, SENDER) is None


# --- D5–D9: how a send ends ----------------------------------------------------------------------


def test_a_receipt_is_kept():
    row = sending()
    assert deliveries.sent(row, RECEIPT, NOW, deliveries.PUBLISHER)
    after = again(row)
    assert (after.state, after.remote_id, after.url) == (State.SENT, RECEIPT.remote_id, RECEIPT.url)
    assert (after.sent_at, after.look_at, after.asked) == (NOW, None, False)


def test_a_step_of_a_send_is_kept_for_the_next_attempt():
    row = sending()
    deliveries.save_step(row, "draft", "12", NOW)
    deliveries.save_step(row, "image", "13", NOW)
    assert again(row).saved == {"draft": "12", "image": "13"}
    assert told(row.marker)[-2:] == [(deliveries.PUBLISHER, "saved")] * 2
    assert deliveries.later(again(row), NOW, "busy", NOW)
    assert claim(row).saved == {"draft": "12", "image": "13"}


@pytest.mark.parametrize("state", set(State) - {State.SENDING})
def test_a_step_is_kept_only_while_it_is_sent(state):
    row = delivery_in(state)
    with pytest.raises(Delivery.DoesNotExist):
        deliveries.save_step(row, "draft", "12", NOW)
    assert again(row).saved == {}


def test_a_busy_service_is_tried_again_when_it_says():
    row = sending()
    assert deliveries.later(row, NOW + MINUTE, "429", NOW)
    after = again(row)
    assert (after.try_at, after.due_at, after.note) == (NOW + MINUTE, NOW, "429")
    assert after.attempts == 1


def test_an_account_that_was_shut_out_has_its_budget_anew():
    row = sending()
    assert deliveries.shut_out(row, "no such user", NOW)
    after = again(row)
    assert (after.state, after.attempts, after.try_at) == (State.SCHEDULED, 0, NOW)


def test_what_may_be_out_is_owed_a_look():
    row = delivery_in(State.UNSURE)
    assert (row.look_at, row.unsure_since, row.absent_reads) == (NOW + MINUTE, NOW, 0)
    assert rows.owed(SITE, NOW + MINUTE - SECOND) == []
    assert rows.owed(SITE, NOW + MINUTE) == [row]


def test_what_a_dead_sender_left_is_found():
    row = sending()
    assert rows.orphans(SITE) == [row]
    assert deliveries.unsure(rows.orphans(SITE)[0], "the sender died", NOW, NOW)
    assert rows.orphans(SITE) == []


def test_what_may_be_out_is_never_due():
    row = delivery_in(State.UNSURE)
    assert deliveries.due(SITE, NOW + MINUTE) == []
    assert claim(row, NOW + MINUTE) is None
