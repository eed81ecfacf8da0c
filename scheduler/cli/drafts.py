"""A draft as the `--json` documents show it."""

from typing import Any

from scheduler.ledger.models import Draft
from scheduler.nouns import Post, stamp


def document(draft: Draft, reason: str = "") -> dict[str, Any]:
    """`reason` says why the day was chosen, where that was just worked out."""
    post = Post.thawed(draft.post)
    return {
        "id": draft.marker,
        "article": draft.article,
        "day": draft.day,
        "day_name": post.day_name,
        "first": draft.first.isoformat(),
        "channel": draft.channel,
        "round": draft.round,
        "state": draft.state,
        "title": post.title,
        "text": post.text,
        "findings": draft.findings,
        "points": draft.inputs["points"],
        "author": draft.author,
        "due_at": stamp(draft.due_at),
        "not_after": stamp(draft.not_after),
        "reason": reason,
        "note": draft.note,
    }
