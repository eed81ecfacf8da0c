"""The table of DELIVERY.md section 1: which ways there are, and that each is gone only as told."""

from collections.abc import Callable

import pytest
from ledger.making import (
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
    told,
)  # fmt: skip

from scheduler.ledger import deliveries, events
from scheduler.ledger.models import Delivery
from scheduler.nouns import State

pytestmark = pytest.mark.usefixtures("ledger")

WAYS = {
    (State.SCHEDULED, State.CANCELLED),  # D2
    (State.SCHEDULED, State.MISSED),  # D3
    (State.SCHEDULED, State.SENDING),  # D4
    (State.SENDING, State.SENT),  # D5
    (State.SENDING, State.SCHEDULED),  # D6, D8
    (State.SENDING, State.REFUSED),  # D7, and D6 with its budget spent
    (State.SENDING, State.UNSURE),  # D9
    (State.UNSURE, State.SENT),  # D10, D13
    (State.UNSURE, State.SCHEDULED),  # D11, D13
    (State.UNSURE, State.REFUSED),  # D11 with the budget of D6 spent
    (State.UNSURE, State.MISSED),  # D12
    (State.UNSURE, State.CANCELLED),  # D13
    (State.REFUSED, State.SCHEDULED),  # D14
    (State.MISSED, State.SCHEDULED),  # D14
}

Move = Callable[[Delivery], object]

MOVES: dict[str, tuple[State, Move]] = {
    "claim": (State.SENDING, lambda row: deliveries.claim(row.pk, NOW, SENDER)),
    "sent": (State.SENT, lambda row: deliveries.sent(row, RECEIPT, NOW, "ben", "told")),
    "later": (State.SCHEDULED, lambda row: deliveries.later(row, NOW + MINUTE, "busy", NOW)),
    "absent": (State.SCHEDULED, lambda row: deliveries.absent(row, "not there", NOW)),
    "shut out": (State.SCHEDULED, lambda row: deliveries.shut_out(row, "no such user", NOW)),
    "refused": (State.REFUSED, lambda row: deliveries.refused(row, "no", NOW)),
    "unsure": (State.UNSURE, lambda row: deliveries.unsure(row, "no answer", NOW + MINUTE, NOW)),
    "missed": (State.MISSED, lambda row: deliveries.missed(row, "too late", END + SECOND)),
    "cancelled": (State.CANCELLED, lambda row: deliveries.cancelled(row, "ben", "no", NOW)),
    "sent anyway": (State.SCHEDULED, lambda row: deliveries.sent_anyway(row, END, "ben", NOW)),
}


def test_the_ways_are_those_of_the_table():
    assert {(start, to) for start, ends in deliveries.MOVES.items() for to in ends} == WAYS


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("start", State)
def test_a_move_is_made_with_its_event_or_not_at_all(start, name):
    to, move = MOVES[name]
    row = delivery_in(start)
    before, entries = columns(row), told(row.marker)

    if (start, to) in WAYS:
        assert move(row)
        assert again(row).state == to
        (event,) = told(row.marker)[len(entries) :]
        assert event[1] == to
    else:
        assert not made(move, row)
        assert (columns(row), told(row.marker)) == (before, entries)
    assert list(events.broken(SITE)) == []


RACES = [
    (start, first, second)
    for start in State
    for first, (to, _) in MOVES.items()
    for second, (end, _) in MOVES.items()
    if {(start, to), (start, end)} <= WAYS
]


@pytest.mark.parametrize(("start", "first", "second"), RACES)
def test_of_two_who_saw_the_same_row_only_the_first_moves_it(start, first, second):
    seen = delivery_in(start)
    assert MOVES[first][1](again(seen))
    before, entries = columns(seen), told(seen.marker)

    assert not MOVES[second][1](seen)

    assert (columns(seen), told(seen.marker)) == (before, entries)


@pytest.mark.parametrize("state", set(State) - {State.SCHEDULED})
def test_only_what_is_scheduled_is_sent_back(state):
    row = delivery_in(state)
    before, entries = columns(row), told(row.marker)
    assert not deliveries.sent_back(row, "planner", "the template changed", NOW)
    assert (columns(row), told(row.marker)) == (before, entries)


def test_a_row_that_was_claimed_anew_is_not_settled_by_its_first_sender():
    first = delivery_in(State.SENDING)
    assert deliveries.later(again(first), NOW, "busy", NOW)
    second = deliveries.claim(first.pk, NOW, "another process")
    assert second
    for name in ("sent", "later", "shut out", "refused", "unsure"):
        assert not MOVES[name][1](first), name
    assert columns(first) == columns(second)
    assert deliveries.sent(second, RECEIPT, NOW, deliveries.PUBLISHER)


def made(move: Move, row: Delivery) -> bool:
    """A way that no state has is a mistake of the caller's, and is told as one."""
    try:
        return bool(move(row))
    except AssertionError:
        return False
