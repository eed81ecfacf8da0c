"""Rows for the tests of the ledger, each brought to its state by the real transitions.

Everything is in one clinic, on one day; `NOW` is the moment at which its posts are due.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

from scheduler.ledger import deliveries, drafts, events, rows
from scheduler.ledger.drafts import Wording
from scheduler.ledger.models import Delivery, Draft
from scheduler.nouns import Key, Post, Receipt, State

SITE = "clinic"
NOW = datetime(2027, 10, 10, 15, tzinfo=UTC)
BEFORE = NOW - timedelta(days=30)
END = NOW + timedelta(hours=6)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
RECEIPT = Receipt(remote_id="77", url="https://clinic.example/77")
SENDER = "a host, a boot, a process"


def key(number: int = 1, channel: str = "blog", round: int = 1) -> Key:  # noqa: A002
    return Key(
        site=SITE,
        article="walking",
        day=f"walk-day-{number}",
        first=NOW.date(),
        channel=channel,
        round=round,
    )


def post(text: str = "Take a walk.", due_at: datetime = NOW) -> Post:
    return Post(
        title="A walk",
        text=text,
        html="",
        link="https://clinic.example/walking",
        tags=("walking",),
        language="en",
        day_name="Walk Day",
        first=NOW.date(),
        last=NOW.date(),
        due_at=due_at,
    )


def wording(text: str = "Take a walk.", due_at: datetime = NOW, not_after: datetime = END):
    return Wording(
        post=post(text, due_at),
        source=text,
        inputs={"parts": {"template": "1"}, "points": ["shoes"]},
        findings=[],
        not_after=not_after,
        local_time="2027-10-10T09:00",
        zone="America/Denver",
        tzdata="2026.1",
    )


def draft(number: int = 1, *, channel: str = "blog", text: str = "Take a walk.", **times) -> Draft:
    return drafts.propose(key(number, channel), wording(text, **times), "planner", BEFORE)


def scheduled(number: int = 1, **fields) -> Delivery:
    delivery = deliveries.commit(draft(number, **fields), "ben", BEFORE)
    assert delivery
    return again(delivery)


def sending(number: int = 1, *, now: datetime = NOW, **fields) -> Delivery:
    claimed = deliveries.claim(scheduled(number, **fields).pk, now, SENDER)
    assert claimed
    return claimed


def delivery_in(state: State, number: int = 1, **fields) -> Delivery:
    """A delivery that came to this state as deliveries do."""
    if state is State.SCHEDULED:
        return scheduled(number, **fields)
    if state is State.MISSED:
        row = scheduled(number, **fields)
        assert deliveries.missed(row, "too late", END + SECOND)
    elif state is State.CANCELLED:
        row = scheduled(number, **fields)
        assert deliveries.cancelled(row, "ben", "not now", BEFORE)
    else:
        row = sending(number, **fields)
        {
            State.SENDING: lambda: True,
            State.SENT: lambda: deliveries.sent(row, RECEIPT, NOW, deliveries.PUBLISHER),
            State.REFUSED: lambda: deliveries.refused(row, "no", NOW),
            State.UNSURE: lambda: deliveries.unsure(row, "no answer", NOW + MINUTE, NOW),
        }[state]()
    row = again(row)
    assert row.state == state
    return row


def again(delivery: Delivery) -> Delivery:
    """The row as it stands now."""
    found = rows.by_pk(delivery.pk)
    assert found
    return found


def columns(delivery: Delivery) -> dict[str, object]:
    """Every column as it stands now."""
    return Delivery.objects.filter(pk=delivery.pk).values().get()


def told(subject: str) -> list[tuple[str, str]]:
    """Who did what to a draft, delivery or channel, oldest first."""
    return [(event.who, event.what) for event in events.history(SITE, subject)]


def raw(ledger, statement: str, *values: object) -> list[tuple]:
    """One statement past the ORM, as somebody with the file in hand would run it."""
    with closing(sqlite3.connect(ledger)) as connection, connection:
        return connection.execute(statement, values).fetchall()
