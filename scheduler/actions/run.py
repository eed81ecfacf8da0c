"""What one run of the publisher did, and what a person must know of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.channels.base import Connector
from scheduler.nouns import State

OpenChannel = Callable[[str], Connector]
"""Opens a channel by name; raises MissingSecret or UsageError."""


@dataclass(slots=True)
class Run:
    """Counts by state, and one line for each thing that needs a person."""

    counts: Counter[State] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)
    sent_back: bool = False  # an approved post must be worded anew (D2)

    def tell(self, notice: str) -> None:
        self.notices.append(notice)
