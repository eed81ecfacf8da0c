"""Drafts: proposed by the planner, changed by people, each change with its event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.ledger import events
from scheduler.ledger.db import atomic
from scheduler.ledger.models import Draft
from scheduler.nouns import DraftState, Key, Post, State

OPEN = (DraftState.PROPOSED, DraftState.CHANGES_ASKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the planner or an editor says of one draft: the post, its inputs, findings and times."""

    post: Post
    source: str
    inputs: dict[str, Any]
    findings: list[dict[str, Any]]
    not_after: datetime
    local_time: str
    zone: str
    tzdata: str

    def columns(self) -> dict[str, Any]:
        return {
            "post": self.post.frozen(),
            "source": self.source,
            "inputs": self.inputs,
            "findings": self.findings,
            "due_at": self.post.due_at,
            "not_after": self.not_after,
            "local_time": self.local_time,
            "zone": self.zone,
            "tzdata": self.tzdata,
        }


def propose(key: Key, wording: Wording, author: str, now: datetime, note: str = "") -> Draft:
    """A new draft; `note` says why it came back, where it did."""
    with atomic():
        draft = Draft.objects.create(
            marker=key.marker,
            round=key.round,
            **_occasion(key),
            author=author,
            note=note,
            **wording.columns(),
        )
        events.note(key.site, author, "proposed", key.marker, now, note)
    return draft


def refresh(draft: Draft, wording: Wording, now: datetime) -> bool:
    """Word an untouched draft anew; False when a person was quicker."""
    with atomic():
        done = Draft.objects.filter(
            pk=draft.pk, state=DraftState.PROPOSED, edited=False, post=draft.post
        ).update(**wording.columns())
        if done:
            events.note(draft.site, "planner", "refreshed", draft.marker, now)
    return bool(done)


def edit(draft: Draft, wording: Wording, by: str, now: datetime) -> bool:
    """A person's wording; their name is the author's from now on."""
    with atomic():
        done = Draft.objects.filter(pk=draft.pk, state__in=OPEN, post=draft.post).update(
            **wording.columns(), author=by, edited=True, state=DraftState.PROPOSED, note=""
        )
        if done:
            events.note(draft.site, by, "edited", draft.marker, now)
    return bool(done)


def ask_changes(draft: Draft, inputs: dict[str, Any], note: str, now: datetime) -> bool:
    """Send an edited draft back: something it was worded from changed; its text stays."""
    with atomic():
        done = Draft.objects.filter(pk=draft.pk, state__in=OPEN).update(
            state=DraftState.CHANGES_ASKED, inputs=inputs, note=note
        )
        if done:
            events.note(draft.site, "planner", "changes asked", draft.marker, now, note)
    return bool(done)


def settle(draft: Draft, state: DraftState, by: str, now: datetime, note: str = "") -> bool:
    """Reject or let lapse; False unless it stood open exactly as it was shown."""
    with atomic():
        done = Draft.objects.filter(pk=draft.pk, state__in=OPEN, post=draft.post).update(
            state=state, note=note
        )
        if done:
            events.note(draft.site, by, state.value, draft.marker, now, note)
    return bool(done)


def found(site: str, marker: str) -> Draft | None:
    return Draft.objects.filter(site=site, marker=marker).first()


def everything(site: str) -> list[Draft]:
    """All drafts of a site, by date, then channel and round."""
    return list(_ordered(Draft.objects.filter(site=site)))


def between(site: str, first: date, last: date) -> list[Draft]:
    """The drafts whose occasion begins in the window, both ends inclusive, in any state."""
    return list(_ordered(Draft.objects.filter(site=site, first__gte=first, first__lte=last)))


def coming(site: str, first: date, last: date) -> list[Draft]:
    """What of those may still go out, or is out: nothing that was turned down or taken back."""
    rows = Draft.objects.filter(site=site, first__gte=first, first__lte=last)
    live = rows.filter(state__in=[*OPEN, DraftState.APPROVED])
    return list(_ordered(live.exclude(delivery__state=State.CANCELLED)))


def waiting(site: str) -> list[Draft]:
    """What a person must look at, soonest first."""
    return list(_ordered(Draft.objects.filter(site=site, state__in=OPEN)))


def _ordered(drafts: Any) -> Iterable[Draft]:
    ordered: Iterable[Draft] = drafts.order_by("first", "day", "channel", "round")
    return ordered


def rounds(key: Key) -> list[Draft]:
    """Every round of one occasion on one channel, the latest last."""
    return list(Draft.objects.filter(**_occasion(key)).order_by("round"))


def _occasion(key: Key) -> dict[str, Any]:
    """The columns that every round of one occasion on one channel shares."""
    return {
        "site": key.site,
        "article": key.article,
        "day": key.day,
        "first": key.first,
        "channel": key.channel,
        "wave": key.wave,
    }


def before(key: Key) -> list[Draft]:
    """What the same article gives the same channel on earlier dates, in order of date."""
    earlier = Draft.objects.filter(
        site=key.site, article=key.article, channel=key.channel, first__lt=key.first
    ).exclude(state__in=(DraftState.LAPSED, DraftState.REJECTED))
    return list(earlier.order_by("first", "day", "round"))
