"""Approve: a person with the role says yes to exactly what they saw; it is frozen from then on."""

from dataclasses import dataclass, field
from datetime import datetime

from scheduler.actions.changed import what_changed
from scheduler.actions.draw import findings_of
from scheduler.actions.site import Site
from scheduler.errors import UsageError
from scheduler.guard.check import blocking
from scheduler.ledger import deliveries, drafts
from scheduler.ledger.models import Draft
from scheduler.nouns import DraftState, Post, Role


@dataclass(slots=True)
class Approval:
    """Markers that were approved, and for each of the others why not."""

    approved: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def approve(site: Site, markers: list[str], by: str, now: datetime) -> Approval:
    """Approve the named drafts; raises UsageError for an unknown name, role or id."""
    site.allow(by, Role.APPROVER)
    return _approve(site, [named(site, marker) for marker in markers], by, now)


def approve_all(site: Site, by: str, now: datetime) -> Approval:
    """Approve every proposed draft that nothing speaks against."""
    site.allow(by, Role.APPROVER)
    return _approve(site, drafts.waiting(site.id), by, now)


def named(site: Site, marker: str) -> Draft:
    """The draft of that id; raises UsageError where there is none."""
    draft = drafts.found(site.id, marker)
    if draft is None:
        raise UsageError(f"there is no draft “{marker}”. `redletter review` lists what waits.")
    return draft


def _approve(site: Site, chosen: list[Draft], by: str, now: datetime) -> Approval:
    done = Approval()
    for draft in chosen:
        why = why_not(site, draft, by, now)
        if not why and deliveries.commit(draft, by, now) is None:
            why = "somebody changed it at this moment; look at it again"
        if why:
            done.refused[draft.marker] = why
        else:
            done.approved.append(draft.marker)
    return done


def why_not(site: Site, draft: Draft, by: str, now: datetime) -> str:
    """Why this person may not approve this draft now; "" when they may."""
    if draft.state != DraftState.PROPOSED:
        return f"it is {draft.state.replace('_', ' ')}" + (f": {draft.note}" if draft.note else "")
    if now > draft.not_after:
        return "its time is over"
    if site.config.review.four_eyes and draft.author == by:
        return f"{by} wrote it, and four eyes must see it"
    changed = what_changed(site, draft)
    if changed:
        return f"{changed}; run `redletter plan` and look at it again"
    found = findings_of(site, Post.thawed(draft.post), draft.key)
    broken = blocking(found)
    return f"the guard blocks it: {', '.join(broken)}" if broken else ""
