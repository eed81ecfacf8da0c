"""A connector that plays what a test tells it to, and remembers what it was asked."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from scheduler.channels.base import ChannelSettings, Connector
from scheduler.nouns import Clock, Counting, Form, Key, Limits, Post, Receipt, Save, Saved, Secret

Outcome = Receipt | Exception | None


class Scripted(Connector):
    """Plays `sends` one after another, then gives receipts; `finds` likewise, then None."""

    kind = "scripted"
    Settings = ChannelSettings

    def __init__(self, sends: Sequence[Outcome] = (), finds: Sequence[Outcome] = ()) -> None:
        self._sends, self._finds = list(sends), list(finds)
        self.sent: list[str] = []
        self.looked_up: list[str] = []

    @classmethod
    def open(
        cls, settings: Any, folder: Path, secret: Callable[[str], Secret], clock: Clock
    ) -> Self:
        return cls()

    @classmethod
    def limits(cls, settings: Any) -> Limits:
        return Limits(form=Form.SHORT, text=500, counting=Counting.TEXT)

    def compose(self, post: Post, key: Key) -> dict[str, Any]:
        return {"text": post.text}

    def send(self, post: Post, key: Key, saved: Saved, save: Save) -> Receipt:
        self.sent.append(key.marker)
        outcome = _played(self._sends)
        return outcome or Receipt(remote_id=key.marker, url=f"https://out.example/{key.marker}")

    def find(self, post: Post, key: Key, saved: Saved) -> Receipt | None:
        self.looked_up.append(key.marker)
        return _played(self._finds)

    def profile(self) -> str:
        return "a script"


class TwoPhase(Scripted):
    """Creates an invisible draft first, commits its id, then does what its script says."""

    created = 0

    def send(self, post: Post, key: Key, saved: Saved, save: Save) -> Receipt:
        if "draft" not in saved:
            self.created += 1
            save("draft", "17")
        return super().send(post, key, saved, save)


def _played(outcomes: list[Outcome]) -> Receipt | None:
    outcome = outcomes.pop(0) if outcomes else None
    if isinstance(outcome, Exception):
        raise outcome
    return outcome
