"""Everything that can go wrong, as one tree.

RedletterError                  a sentence for staff: what is wrong, where, what to do
├── ContentError                config, calendars, articles, templates: every Problem at once
├── UsageError                  a name, id or state that does not fit what was asked
├── MissingSecret               a secret is not where its reference says; its channel waits
├── LedgerError                 the ledger is newer, older, damaged or not where it should be
├── Temporary                   try again later: a busy database, a full disk, a doubtful clock
├── RenderError                 one template failed on one post; the others go on
├── NoRoom                      a post's protected parts alone are longer than the channel allows
└── DeliveryError               how one attempt to send ended (DELIVERY.md, one table of outcomes)
    ├── Refused                 nothing is out; a person must act
    │   ├── SignedOut           the account was refused: its channel is paused
    │   └── Untrusted           the server could not prove who it is: its channel is paused
    ├── Busy                    nothing is out; try later
    └── Unsure                  may be out: never resent blindly
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


class RedletterError(Exception):
    """The root; its text is shown to staff as it is."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing to mend in a file; line and column count from 1, 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0
    what: str
    cure: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}:{self.column}" if self.column else f":{self.line}"
        return f"{place}: {self.what}" + (f"\n    {self.cure}" if self.cure else "")


class ContentError(RedletterError):
    """Files that cannot be used; carries every problem found, in the order of the files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(RedletterError):
    """What was asked for does not fit: an unknown name or id, or the wrong state."""


class MissingSecret(RedletterError):
    """A secret cannot be fetched; names the reference (`env:…`, `file:…`), never a value."""


class LedgerError(RedletterError):
    """The ledger cannot be used as it is; nothing was changed."""


class Temporary(RedletterError):
    """Nothing is wrong with the site; the same command may work later."""


class RenderError(RedletterError):
    """A template failed on the data of one post."""

    def __init__(self, what: str, template: str = "", line: int = 0) -> None:
        self.what, self.template, self.line = what, template, line
        place = f"{template}:{line}" if line else template
        super().__init__(f"{place}: {what}" if place else what)


class NoRoom(RedletterError):
    """Risk statement, crisis line and disclaimer alone are longer than the channel's limit."""


class DeliveryError(RedletterError):
    """How one attempt to send ended without a receipt."""


class Refused(DeliveryError):
    """The service said no and nothing is out; a person must act."""


class SignedOut(Refused):
    """The service no longer accepts this account."""


class Untrusted(Refused):
    """The server's certificate is expired, foreign or self-signed; nothing was sent."""


class Busy(DeliveryError):
    """Nothing is out; try again, not before `until` where the service named a time (aware UTC)."""

    def __init__(self, what: str, until: datetime | None = None) -> None:
        self.until = until
        super().__init__(what)


class Unsure(DeliveryError):
    """The post may be out; look it up, never resend blindly.

    `ask` says that a machine cannot find out (two objects carry the marker): a person must look.
    """

    def __init__(self, what: str, *, ask: bool = False) -> None:
        self.ask = ask
        super().__init__(what)
