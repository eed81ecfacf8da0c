"""Services for the state machine: one of each class, unkind in every way of DELIVERY.md.

A request is carried out, lost, carried out late (within the settle time), refused or turned away;
its sender may learn of it, not learn of it, or die. At each request the service looks what the law
promised: an intent in the committed ledger, the approved bytes, the right time, no pause.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ledger.making import raw

from scheduler.channels.base import ChannelSettings, Connector
from scheduler.errors import Busy, Refused, SignedOut, Unsure
from scheduler.nouns import Counting, Form, Key, Limits, Post, Receipt, State

LATE = timedelta(seconds=45)
"""A request is carried out no later than this; services are settled after 60 seconds."""

MOODS = (
    "carried out",
    "reply lost",
    "late",
    "lost",
    "busy",
    "refused",
    "signed out",
    "error after",
    "dies before",
    "dies after",
    "dies, late",
)


class KilledError(BaseException):
    """Stands for SIGKILL: nothing may catch it."""


@dataclass
class Service:
    """One account somewhere else; `public` and `hidden` hold (marker, text) of each object."""

    ledger: Path
    clock: Callable[[], datetime]
    moods: deque[str] = field(default_factory=deque)
    public: list[tuple[str, str]] = field(default_factory=list)
    hidden: dict[str, tuple[str, str]] = field(default_factory=dict)
    late: list[tuple[datetime, Callable[[], object]]] = field(default_factory=list)
    old_picture: bool = False  # one look will not see what is there
    misled: set[str] = field(default_factory=set)  # whose last look was such a one
    away: bool = False  # looks are not answered
    breaches: list[str] = field(default_factory=list)

    def request(self, post: Post, key: Key, effect: Callable[[], Any]) -> Any:
        """One request that would publish or prepare; judged as `http` judges it."""
        self._judge(post, key)
        mood = self.moods.popleft() if self.moods else "carried out"
        if mood in ("late", "dies, late"):
            self.late.append((self.clock() + LATE, effect))
        if mood in ("carried out", "reply lost", "error after", "dies after"):
            answer = effect()
        match mood:
            case "carried out":
                return answer
            case "busy":
                raise Busy("429")
            case "refused":
                raise Refused("422")
            case "signed out":
                raise SignedOut("401")
            case "error after":
                raise ValueError("a mistake in the connector")
            case "dies before" | "dies after" | "dies, late":
                raise KilledError
        raise Unsure("no answer")

    def look(self, key: Key) -> bool:
        """Whether a look may be believed; one at most in a row may not."""
        if self.away:
            raise Busy("the service is away")
        if self.old_picture and key.marker not in self.misled:
            self.old_picture = False
            self.misled.add(key.marker)
            return False
        self.misled.discard(key.marker)
        return True

    def catch_up(self) -> None:
        """Carry out what is late by now."""
        due = [effect for at, effect in self.late if at <= self.clock()]
        self.late = [(at, effect) for at, effect in self.late if at > self.clock()]
        for effect in due:
            effect()

    def copies(self, marker: str) -> int:
        return sum(found == marker for found, _ in self.public)

    def _judge(self, post: Post, key: Key) -> None:
        """I3, I4, I5: read past the sender's own connection, so only what is committed counts."""
        columns = "state, attempts, owner, payload, due_at, not_after, channel"
        select = f"SELECT {columns} FROM ledger_delivery WHERE marker = ?"
        ((state, attempts, owner, payload, due_at, not_after, channel),) = raw(
            self.ledger, select, key.marker
        )
        pauses = {name for (name,) in raw(self.ledger, "SELECT channel FROM ledger_pause")}
        now = self.clock().strftime("%Y-%m-%d %H:%M:%S")
        law = {
            "I3: no intent was committed": state == State.SENDING and owner and attempts,
            "I4: these are not the approved bytes": post.frozen() in payload,
            "I5: it is not its time": due_at <= now <= not_after,
            "I5: its channel is paused": not pauses & {"", channel},
        }
        self.breaches += [f"{key.marker}: {breach}" for breach, kept in law.items() if not kept]


class _Unkind(Connector):
    Settings = ChannelSettings

    def __init__(self, service: Service) -> None:
        self.service = service

    @classmethod
    def open(cls, settings, folder, secret, clock):
        raise NotImplementedError

    @classmethod
    def limits(cls, settings):
        return Limits(form=Form.SHORT, text=500, counting=Counting.TEXT)

    def compose(self, post, key):
        return {"text": post.text}

    def profile(self):
        return self.kind

    def find(self, post, key, saved):
        seen = self.service.look(key)
        return receipt(key) if seen and self.service.copies(key.marker) else None


class Put(_Unkind):
    """Class A: the same address every time."""

    kind = "put"

    @classmethod
    def repeatable(cls, saved):
        return True

    def send(self, post, key, saved, save):
        thing = (key.marker, post.text)

        def put() -> None:
            self.service.public[:] = {**dict.fromkeys(self.service.public), thing: None}

        self.service.request(post, key, put)
        return receipt(key)


class TwoPhase(_Unkind):
    """Class A′: looks before it creates; what it has created it publishes by its id."""

    kind = "two-phase"

    @classmethod
    def repeatable(cls, saved):
        return bool(saved.get("draft"))

    def send(self, post, key, saved, save):
        draft = saved.get("draft") or self._standing(key) or self._created(post, key)
        if saved.get("draft") != draft:
            save("draft", draft)

        def publish() -> None:
            thing = self.service.hidden[draft]
            if (*thing, draft) not in self._published():
                self.service.public.append(thing)
                self._published().append((*thing, draft))

        self.service.request(post, key, publish)
        return receipt(key)

    def _published(self) -> list:
        return self.service.__dict__.setdefault("published", [])

    def _standing(self, key):
        if not self.service.look(key):
            return None
        found = [name for name, (marker, _) in self.service.hidden.items() if marker == key.marker]
        if len(found) > 1:
            raise Unsure("two carry the marker", ask=True)
        return found[0] if found else None

    def _created(self, post, key):
        def create() -> str:
            name = str(len(self.service.hidden) + 1)
            self.service.hidden[name] = (key.marker, post.text)
            return name

        return self.service.request(post, key, create)


class LookUp(_Unkind):
    """Class C: a second request would be a second post, so it is looked for first."""

    kind = "look-up"

    def send(self, post, key, saved, save):
        self.service.request(post, key, lambda: self.service.public.append((key.marker, post.text)))
        return receipt(key)


class Blind(LookUp):
    """Class D: nobody but a person can look."""

    kind = "blind"

    def find(self, post, key, saved):
        raise Unsure("this service cannot be asked", ask=True)


KINDS = {one.kind: one for one in (Put, TwoPhase, LookUp, Blind)}


def receipt(key: Key) -> Receipt:
    return Receipt(remote_id=key.marker, url=f"https://out.example/{key.marker}")
