"""Reject: a person says no to a draft; it is not proposed again."""

from datetime import datetime

from scheduler.actions.approve import named
from scheduler.actions.site import Site
from scheduler.errors import UsageError
from scheduler.ledger import drafts
from scheduler.nouns import DraftState, Role


def reject(site: Site, marker: str, by: str, reason: str, now: datetime) -> None:
    """Turn a draft down; raises UsageError unless it is open and the person may."""
    site.allow(by, Role.APPROVER)
    draft = named(site, marker)
    if not drafts.settle(draft, DraftState.REJECTED, by, now, reason):
        raise UsageError(
            f"{marker} is {draft.state}: only an open draft can be rejected. "
            "An approved one: redletter cancel."
        )
