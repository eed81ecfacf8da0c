"""How one attempt ended, judged by phase; a connector may only make it stricter.

before the request's first byte left (name, refused, hand-shake)     Busy
certificate expired, foreign or self-signed                          Untrusted
429; 503 (unless the service's 5xx may be out)                       Busy, until the time named
other 5xx, 408, 409; time-out, reset, cut short; 2xx not readable    Unsure
401; 403 with one of the service's account codes                     SignedOut
404                                                                  NotFound, a Refused
3xx, other 4xx                                                       Refused
"""

import json
import re
import socket
import ssl
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from http.client import responses
from typing import Any
from urllib.parse import quote, quote_plus

from scheduler.errors import Busy, DeliveryError, Refused, SignedOut, Unsure, Untrusted
from scheduler.nouns import Clock, Secret

FAR = 10**9
"""Seconds; who names a later time means "never"."""


class NotFound(Refused):
    """404; only the service's own error codes tell a missing object from a missing service."""

    def __init__(self, what: str, codes: Iterable[str] = ()) -> None:
        self.codes = frozenset(codes)
        super().__init__(what)


_NO_JSON = (ValueError, RecursionError)
"""What a text raises that is no JSON of sane depth and numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole 2xx answer of `host`; the names of `headers` are found in any case."""

    host: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The parsed body; Unsure where it is no JSON: such a success proves nothing."""
        try:
            return json.loads(self.body)
        except _NO_JSON:
            pass
        raise Unsure(f"{self.host} answered {self.status}, but not as its interface does")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What must be known of a service to judge its answers; every text it gives is masked."""

    host: str
    clock: Clock
    account_codes: frozenset[str]
    may_be_out: bool
    masks: tuple[str, ...]

    def judged(self, status: int, headers: Mapping[str, str], body: bytes) -> DeliveryError:
        """The row of the table for a status that is no success."""
        what = f"{self.host} answered {status} {responses.get(status, '')}".rstrip()
        if words := own_words(self.masked(body.decode("utf-8", "replace"))):
            what += f": {words}"
        if status == 429 or (status == 503 and not self.may_be_out):
            return Busy(what, named_time(headers.get("Retry-After", ""), self.clock()))
        if 300 <= status < 400:
            there = _tidy(self.masked(headers.get("Location", ""))) or "nowhere"
            return Refused(f"{what}. It points to {there}; redirects are never followed")
        if status == 401 or (status == 403 and _codes(body) & self.account_codes):
            return SignedOut(what)
        if status == 404:
            return NotFound(what, _codes(body))
        if 400 <= status < 500 and status not in (408, 409):
            return Refused(what)
        return Unsure(what)

    def unanswered(self, error: Exception, *, stands: bool, in_time: bool) -> DeliveryError:
        """The row for an attempt that brought no status; `stands`: the request may have left."""
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return Untrusted(
                    f"{self.host} could not prove who it is ({cause.verify_message}); nothing was "
                    "sent. Its certificate must be mended"
                )
        if stands:
            how = "the connection broke off" if in_time else "no answer came in time"
            return Unsure(f"{self.host} was reached, but {how}")
        if isinstance(error, ValueError):
            return Refused(f"{self.host} cannot be asked: {_tidy(self.masked(str(error)))}")
        return Busy(f"{self.host} {_why_unreached(causes)}; nothing was sent")

    def masked(self, text: str) -> str:
        for mask in self.masks:
            text = text.replace(mask, "***")
        return text


def masks(secrets: Sequence[Secret], user: str = "") -> tuple[str, ...]:
    """Every form in which a secret may come back in a text, the longest first."""
    forms = set()
    for secret in secrets:
        plain = secret.reveal()
        basic = b64encode(f"{user}:{plain}".encode()).decode()
        escaped = json.dumps(plain)[1:-1]
        forms |= {plain, plain.replace(" ", ""), quote(plain, safe=""), quote_plus(plain), basic}
        forms |= {escaped, plain.strip()}
    return tuple(sorted(forms - {""}, key=lambda form: (-len(form), form)))


def named_time(retry_after: str, now: datetime) -> datetime | None:
    """What a Retry-After header names, aware and in UTC; None where it says nothing of use."""
    text = retry_after.strip()
    if text.isascii() and text.isdecimal():
        seconds = min(int(text[:12]), FAR)
        return now.astimezone(UTC) + timedelta(seconds=seconds) if seconds else None
    try:
        named = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    named = named if named.tzinfo else named.replace(tzinfo=UTC)
    return named.astimezone(UTC) if named > now else None


def own_words(text: str) -> str:
    """What a service says, on one line, escaped and short; empty for a web page."""
    try:
        said = _message(json.loads(text))
    except _NO_JSON:
        said = "" if "<" in text[:200] else text
    return _tidy(unescape(re.sub(r"<[^<>]*>", "", said)))


def _message(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _message(value[0]) if value else ""
    if isinstance(value, dict):
        for name in ("message", "error_description", "detail", "error", "errors", "title", "code"):
            if value.get(name):
                return _message(value[name])
    return ""


def _codes(body: bytes) -> set[str]:
    """Every error code that an answer carries, as text."""
    try:
        value = json.loads(body)
    except _NO_JSON:
        return set()
    error = value.get("error") if isinstance(value, dict) else None
    places = [value, error] if isinstance(error, dict) else [value, {"code": error}]
    return {str(place["code"]) for place in places if isinstance(place, dict) and "code" in place}


def _tidy(text: str) -> str:
    line = " ".join(text.split())
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line[:400])
    return shown if len(shown) <= 200 else shown[:199].rstrip() + "…"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it was raised from or wraps."""
    todo, seen = [error], set[int]()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        todo += [cause for cause in inner if isinstance(cause, BaseException)]


def _why_unreached(causes: Sequence[BaseException]) -> str:
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "was not found: the name is misspelt or the network is down"
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return "refused the connection"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return "broke off the secure connection"
    if any(isinstance(cause, TimeoutError) for cause in causes):
        return "did not take the connection in time"
    return "could not be reached"
