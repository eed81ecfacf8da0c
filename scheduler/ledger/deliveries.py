"""Deliveries: the state machine of DELIVERY.md section 1, one function a transition.

Each is one compare-and-set UPDATE and its event in one transaction. A function that returns False
or None found the row no longer as it was told, and changed nothing.
"""

import json
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from scheduler.errors import LedgerError
from scheduler.ledger import events, rows
from scheduler.ledger.db import atomic
from scheduler.ledger.models import Delivery, Draft, Pause
from scheduler.nouns import DraftState, Post, Receipt, State, canonical, digest, stamp

BUDGET = 8
"""Attempts a delivery may make (D6)."""

PUBLISHER = "publisher"


def commit(draft: Draft, approver: str, now: datetime) -> Delivery | None:
    """D1: freeze exactly what the approver saw; None when the draft changed meanwhile."""
    payload = canonical({"key": str(draft.key), "post": json.loads(draft.post)})
    with atomic():
        approved = Draft.objects.filter(
            pk=draft.pk, state=DraftState.PROPOSED, post=draft.post
        ).update(state=DraftState.APPROVED)
        if not approved:
            return None
        delivery = Delivery.objects.create(
            marker=draft.marker,
            key=str(draft.key),
            site=draft.site,
            channel=draft.channel,
            draft=draft,
            payload=payload,
            digest=digest(payload),
            due_at=draft.due_at,
            not_after=draft.not_after,
            try_at=draft.due_at,
            approver=approver,
        )
        events.note(draft.site, approver, "approved", draft.marker, now, delivery.digest)
    return delivery


def frozen_post(delivery: Delivery) -> Post:
    """The approved post; raises LedgerError if its bytes are not the approved ones (I4)."""
    if digest(delivery.payload) != delivery.digest:
        raise LedgerError(
            f"{delivery.marker}: the stored post is not the one that was approved.\n"
            "    Nothing was sent. Run `redletter fsck` and put a backup of the ledger back."
        )
    return rows.post_of(delivery)


def due(site: str, now: datetime) -> list[int]:
    """Rows that may be claimed now, longest due first; paused channels are left out."""
    found = _claimable(Delivery.objects.filter(site=site), now)
    return list(found.order_by("due_at", "pk").values_list("pk", flat=True))


def claim(pk: int, now: datetime, owner: str) -> Delivery | None:
    """D4: the intent, committed and synced before the first byte leaves."""
    with atomic():
        standing = Delivery.objects.select_related("draft")
        delivery = standing.filter(pk=pk, state=State.SCHEDULED, attempts__lt=BUDGET).first()
        if delivery is None:
            return None
        moved = _move(
            _claimable(Delivery.objects.filter(pk=pk, attempts=delivery.attempts), now),
            delivery,
            State.SENDING,
            now,
            PUBLISHER,
            detail=f"attempt {delivery.attempts + 1} by {owner}",
            owner=owner,
            attempts=delivery.attempts + 1,
            claimed_at=now,
        )
        if not moved:
            return None
        delivery.refresh_from_db()
    return delivery


def save_step(delivery: Delivery, step: str, remote_id: str, now: datetime) -> None:
    """Commit the remote id of one step of a two-phase send, while it is being sent."""
    with atomic():
        row = Delivery.objects.get(pk=delivery.pk, state=State.SENDING)
        row.saved = {**row.saved, step: remote_id}
        row.save(update_fields=["saved"])
        events.note(row.site, PUBLISHER, "saved", row.marker, now, f"{step} {remote_id}")


def sent(delivery: Delivery, receipt: Receipt, now: datetime, by: str, how: str = "") -> bool:
    """D5; D10 and D13 when `how` says that it was found or told."""
    return _settle(
        delivery,
        State.SENT,
        now,
        by,
        detail=f"{receipt.url} {how}".strip(),
        remote_id=receipt.remote_id,
        url=receipt.url,
        sent_at=now,
        note=how,
        look_at=None,
        asked=False,
    )


def later(delivery: Delivery, try_at: datetime, note: str, now: datetime) -> bool:
    """D6: back to scheduled; nothing of this attempt is out."""
    return _again(delivery, try_at, note, now)


def absent(delivery: Delivery, note: str, now: datetime) -> bool:
    """D11: proven not to be out, to be sent again."""
    return _again(delivery, now, note, now, look_at=None, asked=False, unsure_since=None)


def shut_out(delivery: Delivery, note: str, now: datetime) -> bool:
    """D8: the account was refused; a person mends it, so the budget starts anew."""
    return _again(delivery, now, note, now, attempts=0)


def refused(delivery: Delivery, note: str, now: datetime) -> bool:
    """D7, or the budget is spent and nothing is out."""
    return _settle(
        delivery, State.REFUSED, now, PUBLISHER, detail=note, note=note, look_at=None, asked=False
    )


def unsure(delivery: Delivery, note: str, look_at: datetime, now: datetime) -> bool:
    """D9: it may be out; the first look-up is owed at `look_at`."""
    return _settle(
        delivery,
        State.UNSURE,
        now,
        PUBLISHER,
        detail=note,
        note=note,
        unsure_since=now,
        look_at=look_at,
        absent_reads=0,
    )


def missed(delivery: Delivery, note: str, now: datetime) -> bool:
    """D3, D12: its time is over and it is not out."""
    return _settle(
        delivery, State.MISSED, now, PUBLISHER, detail=note, note=note, look_at=None, asked=False
    )


def sent_back(delivery: Delivery, by: str, why: str, now: datetime) -> bool:
    """D2 by machine: not sent, and its draft lapses, so that planning proposes the next round."""
    with atomic():
        done = delivery.state == State.SCHEDULED and cancelled(delivery, by, why, now)
        if done:
            Draft.objects.filter(pk=delivery.draft_id).update(state=DraftState.LAPSED, note=why)
    return done


def cancelled(delivery: Delivery, by: str, note: str, now: datetime) -> bool:
    """D2 by a person while it is scheduled, D13 after a person was asked."""
    return _settle(
        delivery, State.CANCELLED, now, by, detail=note, note=note, look_at=None, asked=False
    )


def sent_anyway(delivery: Delivery, not_after: datetime, by: str, now: datetime) -> bool:
    """D14, and D13 "it is not out: send": a person gives it a new end and a new budget."""
    return _settle(
        delivery,
        State.SCHEDULED,
        now,
        by,
        detail=f"send anyway, not after {stamp(not_after)}",
        note="",
        try_at=max(now, delivery.due_at),
        not_after=not_after,
        attempts=0,
        unsure_since=None,
        look_at=None,
        asked=False,
    )


def wait(delivery: Delivery, note: str, try_at: datetime, now: datetime) -> bool:
    """Keep a scheduled delivery back for now; True the first time for this reason."""
    with atomic():
        fresh = delivery.note != note
        changed = Delivery.objects.filter(pk=delivery.pk, state=State.SCHEDULED).update(
            note=note, try_at=try_at
        )
        if fresh and changed:
            events.note(delivery.site, PUBLISHER, "held back", delivery.marker, now, note)
    return bool(fresh and changed)


def release(site: str, note: str) -> int:
    """Let every scheduled delivery that waits for this reason be tried at once."""
    held = Delivery.objects.filter(site=site, state=State.SCHEDULED, note=note)
    return int(held.update(try_at=F("due_at"), note=""))


def look_again(delivery: Delivery, look_at: datetime, absent_reads: int, note: str) -> bool:
    """Note the outcome of one look-up that did not settle it."""
    return bool(
        Delivery.objects.filter(pk=delivery.pk, state=State.UNSURE).update(
            look_at=look_at, absent_reads=absent_reads, note=note
        )
    )


def ask(delivery: Delivery, note: str, now: datetime, look_at: datetime | None) -> bool:
    """D13: a person must say; True the first time."""
    with atomic():
        done = Delivery.objects.filter(pk=delivery.pk, state=State.UNSURE, asked=False).update(
            asked=True, note=note, look_at=look_at
        )
        if done:
            events.note(delivery.site, PUBLISHER, "asked", delivery.marker, now, note)
    return bool(done)


def _claimable(rows: Any, now: datetime) -> Any:
    paused = Pause.objects.filter(
        Q(channel="") | Q(channel=OuterRef("channel")), site=OuterRef("site")
    )
    return rows.filter(
        ~Exists(paused),
        state=State.SCHEDULED,
        due_at__lte=now,
        try_at__lte=now,
        not_after__gte=now,
    )


def _again(delivery: Delivery, try_at: datetime, note: str, now: datetime, **columns: Any) -> bool:
    return _settle(
        delivery, State.SCHEDULED, now, PUBLISHER, detail=note, note=note, try_at=try_at, **columns
    )


def _settle(
    delivery: Delivery, to: State, now: datetime, by: str, *, detail: str, **columns: Any
) -> bool:
    as_it_was = Delivery.objects.filter(
        pk=delivery.pk, state=delivery.state, attempts=delivery.attempts
    )
    with atomic():
        return _move(as_it_was, delivery, to, now, by, detail=detail, **columns)


def _move(
    rows: Any,
    delivery: Delivery,
    to: State,
    now: datetime,
    by: str,
    *,
    detail: str,
    **columns: Any,
) -> bool:
    assert to in MOVES[State(delivery.state)], f"{delivery.state} → {to}"
    if not rows.update(state=to, **columns):
        return False
    events.note(delivery.site, by, to.value, delivery.marker, now, detail)
    return True


MOVES = {
    State.SCHEDULED: {State.SENDING, State.MISSED, State.CANCELLED},
    State.SENDING: {State.SENT, State.SCHEDULED, State.REFUSED, State.UNSURE},
    State.UNSURE: {State.SENT, State.SCHEDULED, State.REFUSED, State.MISSED, State.CANCELLED},
    State.REFUSED: {State.SCHEDULED},
    State.MISSED: {State.SCHEDULED},
    State.SENT: set(),
    State.CANCELLED: set(),
}
"""Every way a delivery may go; `unsure → refused`: proven absent, and the budget of D6 is spent."""
