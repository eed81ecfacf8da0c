"""The values that the whole of Redletter speaks in; no behaviour beyond their own form."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import StringConstraints

RELEASED = date(2026, 11, 24)
"""When this version was made; a clock that shows an earlier day is wrong."""

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""

SecretRef = Annotated[str, StringConstraints(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$")]
"""Where a secret stands, never the secret: `env:NAME` or `file:/run/secrets/x`."""


class Secret:
    """A secret in memory; shows itself only to who asks by `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__


class Tone(StrEnum):
    SOLEMN = "solemn"
    AWARENESS = "awareness"
    CELEBRATION = "celebration"
    SKIP = "skip"


class Kind(StrEnum):
    """What a point of an article says."""

    BENEFIT = "benefit"
    RISK = "risk"
    FACT = "fact"
    ACTION = "action"


class Form(StrEnum):
    """The shape of text a channel takes; the connector gives it, templates are named after it."""

    SHORT = "short"
    LONG = "long"
    BLOG = "blog"


class Counting(StrEnum):
    """How a service counts characters (`text.length`)."""

    TEXT = "text"
    X = "x"
    MASTODON = "mastodon"
    BLOG = "blog"


class Severity(StrEnum):
    WARN = "warn"
    BLOCK = "block"


class Role(StrEnum):
    AUTHOR = "author"
    APPROVER = "approver"
    ADMIN = "admin"


class DraftState(StrEnum):
    PROPOSED = "proposed"
    CHANGES_ASKED = "changes_asked"
    APPROVED = "approved"
    REJECTED = "rejected"
    LAPSED = "lapsed"


class State(StrEnum):
    """The states of a Delivery."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """Local dates, both inclusive; belongs to the year in which it begins."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a channel takes: the form of template, and a length in the service's own counting."""

    form: Form
    text: int | None
    counting: Counting


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Names one public object for ever; the ledger holds it UNIQUE and never deletes it."""

    site: str
    article: str
    day: str
    first: date
    channel: str
    wave: str = "day"
    part: int = 1
    round: int = 1

    def __str__(self) -> str:
        return (
            f"{self.site}/{self.article}/{self.day}/{self.first.isoformat()}/{self.channel}"
            f"/{self.wave}/{self.part}/{self.round}"
        )

    @property
    def marker(self) -> str:
        """The key as 10 letters and digits: slug suffix, idempotency key, feed id."""
        digest = hashlib.sha256(str(self).encode()).digest()
        return base64.b32encode(digest)[:10].decode().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Exactly what one channel would publish, and when; `html` is empty for a plain-text form.

    `first` and `last` are the occurrence's local dates, `due_at` is aware UTC.
    """

    title: str
    text: str
    html: str
    link: str
    tags: tuple[str, ...]
    language: str
    day_name: str
    first: date
    last: date
    due_at: datetime

    def frozen(self) -> str:
        """Canonical JSON: the same post gives the same bytes on every machine."""
        return canonical(asdict(self))

    @classmethod
    def thawed(cls, frozen: str) -> Self:
        return cls.of(json.loads(frozen))

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Self:
        """The post that `frozen` wrote as these JSON fields."""
        dates = {name: date.fromisoformat(fields[name]) for name in ("first", "last")}
        return cls(
            **{
                **fields,
                **dates,
                "tags": tuple(fields["tags"]),
                "due_at": instant(fields["due_at"]),
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark of the guard; `start` and `end` count code points, 0, 0 = the whole post."""

    rule: str
    severity: Severity
    start: int = 0
    end: int = 0
    why: str
    suggestion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a post is out; `url` is relative to the site for files."""

    remote_id: str
    url: str


Saved = Mapping[str, str]
"""Remote ids that an earlier attempt of the same delivery committed, by the name of the step."""

Save = Callable[[str, str], str]
"""Commits a step's remote id to the ledger and returns it."""


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces; dates in ISO form, instants in UTC with `Z`."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(moment: datetime) -> str:
    """An aware instant as the contracts write it: UTC, seconds, `Z`."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no canonical form for {type(value).__name__}")
