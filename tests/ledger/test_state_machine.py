"""The real ledger and the real publisher in an unkind world: the invariants of DELIVERY.md hold.

Hypothesis chooses what people, services and fate do, in any order; after each step I1–I10 are
looked at, and at the end everything that was approved must have come to an end that somebody knows.
"""

import logging
import os
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from ledger.making import MINUTE, NOW, SITE, draft
from ledger.unkind import KINDS, MOODS, KilledError, Service

from scheduler.actions import cancel, deliver, reconcile, resolve
from scheduler.actions.run import Run
from scheduler.channels import registry
from scheduler.channels.base import ChannelSettings
from scheduler.errors import UsageError
from scheduler.ledger import deliveries, events, pauses, rows
from scheduler.ledger.db import open_ledger
from scheduler.ledger.lock import sender_lock
from scheduler.nouns import State
from scheduler.testing.faults import installed

CHANNELS = sorted(KINDS)
SOON = [timedelta(seconds=seconds) for seconds in (1, 31, 61)]
LATER = [timedelta(seconds=seconds) for seconds in (120, 600, 1_900, 1_900, 22_000)]
LASTING = [timedelta(minutes=minutes) for minutes in (2, 40, 360)]
DIES_AT = st.just(0) | st.integers(1, 40)
ACTS = (
    "cancel",
    "change the article",
    "pause everything",
    "resume",
    "answer",
    "answer, and send again",
    "the service goes",
    "the service comes back",
)
PLAN = st.tuples(
    st.sampled_from(CHANNELS),
    st.sampled_from(LASTING),
    st.sampled_from([0, 0, 0, 5]),  # minutes until it is due
    st.lists(st.sampled_from(MOODS), min_size=1, max_size=4),
    st.sampled_from(["", "", "old picture", "old picture", "paused"]),
)
AGAIN = {State.REFUSED, State.MISSED}
ENDS = {State.SENT, State.MISSED, State.REFUSED, State.CANCELLED}
HALF_AN_HOUR = timedelta(minutes=30)


class Clinic(RuleBasedStateMachine):
    """`SITE` stands in for a site: the actions want its channels and its people, no files."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.markers: list[str] = []
        self.changed: set[str] = set()
        self.folder = Path(tempfile.mkdtemp(dir=FAST))
        ledger = self.folder / "ledger.db"
        shutil.copy(TEMPLATE.name, ledger)
        open_ledger(ledger)
        self.services = {name: Service(ledger, lambda: self.now) for name in CHANNELS}
        self.site = SimpleNamespace(
            id=SITE,
            ledger=ledger,
            lines=(),
            config=SimpleNamespace(site=SimpleNamespace(timezone="UTC")),
            channel=lambda name: ChannelSettings(name=name, kind=name),
            allow=lambda name, *roles: name,
        )
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(registry, "connector", KINDS.__getitem__)
        self.patch.setattr(registry, "kinds", lambda: CHANNELS)
        self.patch.setattr(deliver, "why_changed", self.why_changed)

    def why_changed(self, site, delivery) -> str:
        return "the template changed" if delivery.marker in self.changed else ""

    # --- What people do ---

    @initialize(plans=st.lists(PLAN, min_size=1, max_size=4))
    def begin(self, plans):
        for plan in plans:
            self.approve(plan)

    @rule(plan=PLAN)
    def approve(self, plan):
        """And what its service will make of it."""
        channel, lasts, wait, moods, trouble = plan
        due = self.now + wait * MINUTE
        shown = draft(len(self.markers), channel=channel, due_at=due, not_after=due + lasts)
        self.services[channel].moods.extend(moods)
        self.services[channel].old_picture |= trouble == "old picture"
        if trouble == "paused":
            pauses.pause(SITE, channel, "ben", "wait", self.now)
        self.markers.append(deliveries.commit(shown, "ben", self.now).marker)

    @rule(act=st.sampled_from(ACTS), number=st.integers(0, 9))
    def somebody_does(self, act, number):
        marker, channel = self.markers[number % len(self.markers)], CHANNELS[number % len(CHANNELS)]
        match act:
            case "cancel":
                tried(cancel.cancel, self.site, marker, "ann", "not this year", self.now)
            case "change the article":
                self.changed.add(marker)
            case "pause everything":
                pauses.pause(SITE, "", "ben", "wait", self.now)
            case "resume":
                self.resume_all()
            case "answer" | "answer, and send again":
                self.answer_all(again=act != "answer", drop=number == 0)
            case "the service goes" | "the service comes back":
                self.services[channel].away = act == "the service goes"

    def resume_all(self):
        for pause in pauses.standing(SITE):
            pauses.resume(SITE, pause.channel, "ben", self.now)

    def answer_all(self, again, drop):
        """A person looks, once nothing can be under way any more, and says what is so."""
        for row in rows.everything(SITE):
            service = self.services[row.channel]
            out = service.copies(row.marker)
            if service.late:
                continue
            if row.asked and out:
                resolve.is_out(self.site, row.marker, "https://out.example/x", "ben", self.now)
            elif row.asked and drop:
                resolve.drop(self.site, row.marker, "ben", self.now)
            elif row.asked or (again and row.state in AGAIN and not out):
                resolve.send(self.site, row.marker, "ben", self.now)

    # --- What the publisher does, in the course of time ---

    def time_passes(self, by):
        self.now += by
        for service in self.services.values():
            service.catch_up()

    @rule(after=st.sampled_from(SOON), dies_at=DIES_AT)
    def publish_soon(self, after, dies_at):
        self.time_passes(after)
        self.publish(dies_at)

    @rule(after=st.sampled_from(LATER), dies_at=DIES_AT)
    def publish_later(self, after, dies_at):
        self.resume_all()
        self.time_passes(after)
        self.publish(dies_at)

    def publish(self, dies_at=0):
        """One run; killed, if so, at the n-th point it passes."""
        points = iter(range(1, 10_000))

        def passing(point: str) -> None:
            if next(points) == dies_at:
                raise KilledError(point)

        waiting = {row.pk: row for row in rows.scheduled(SITE) if self.may_go(row)}
        try:
            with installed(passing), sender_lock(self.site.ledger) as mine:
                assert mine
                run = Run()
                clock = lambda: self.now  # noqa: E731
                deliver.deliver_due(self.site, clock, self.open_channel, run)
                reconcile.reconcile(self.site, clock, self.open_channel, run)
        except KilledError:
            return
        self.nobody_was_held_up(waiting)
        self.nobody_waits_unasked()
        assert list(events.broken(SITE)) == [], "I9"

    def open_channel(self, name):
        return KINDS[name](self.services[name])

    def may_go(self, row) -> bool:
        paused = {pause.channel for pause in pauses.standing(SITE)}
        return row.pk in deliveries.due(SITE, self.now) and not paused & {"", row.channel}

    def nobody_was_held_up(self, waiting) -> None:
        """I10: whatever befell the others, each one that was due had its turn."""
        paused = {pause.channel for pause in pauses.standing(SITE)}
        for pk, before in waiting.items():
            row = rows.by_pk(pk)
            assert (
                row.state != before.state
                or row.attempts > before.attempts
                or (row.channel in paused)
            ), f"I10: {row.marker} had no turn"

    def nobody_waits_unasked(self) -> None:
        assert rows.unasked(SITE, self.now - HALF_AN_HOUR) == [], "I8"
        assert rows.orphans(SITE) == [], "D9"

    def unended(self) -> list[str]:
        rest = [row for row in rows.everything(SITE) if row.state not in ENDS and not row.asked]
        return [f"{row.marker} is {row.state}" for row in rest]

    # --- What must always be so ---

    @invariant()
    def the_promise_holds(self):
        assert [service.breaches for service in self.services.values() if service.breaches] == []
        told = {(event.subject, event.what) for event in events.history(SITE)}
        for row in rows.everything(SITE):
            copies = self.services[row.channel].copies(row.marker)
            assert copies <= 1, f"I1: {row.marker}"
            assert row.state != State.SENT or (copies and row.url), f"I2: {row.marker} is not out"
            if row.state in (State.SCHEDULED, State.REFUSED, State.MISSED):
                assert not copies, f"{row.marker} is {row.state}, and out"
            assert row.attempts <= deliveries.BUDGET, "I7"
            assert row.state not in ENDS or (row.marker, row.state) in told, "I6"
            assert not row.asked or (row.marker, "asked") in told, "I6"

    def teardown(self):
        """The world calms down: whatever was approved comes to an end, or before a person."""
        try:
            for service in self.services.values():
                service.moods.clear()
                service.old_picture = service.away = False
            for step in (2 * MINUTE, 2 * MINUTE, 2 * MINUTE, *[40 * MINUTE] * 14):
                self.resume_all()
                self.time_passes(step)
                self.publish()
                self.the_promise_holds()
                if not self.unended():
                    break
            assert self.unended() == [], "I6"
        finally:
            self.patch.undo()
            connection.close()
            shutil.rmtree(self.folder)


def tried(verb, *words) -> None:
    """A person may be told that it does not fit."""
    try:
        verb(*words)
    except UsageError:
        return


@pytest.fixture(scope="module", autouse=True)
def quiet():
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


FAST = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
TEMPLATE = SimpleNamespace(name="")


@pytest.fixture(scope="module", autouse=True)
def template(migrated):
    TEMPLATE.name = migrated


TestClinic = Clinic.TestCase
TestClinic.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
