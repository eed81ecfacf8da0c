"""Choose the days, word a post for each channel, and lay them before people as drafts.

Planning again refreshes what nobody has touched. What a person edited, approved or rejected is
never overwritten; where something it was worded from changed, it goes back to a person (D2).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from scheduler.actions import draw
from scheduler.actions.changed import what_changed, why_changed
from scheduler.actions.choose import Occasion, occasions
from scheduler.actions.site import Site
from scheduler.channels.base import ChannelSettings
from scheduler.errors import NoRoom, RenderError
from scheduler.ledger import deliveries, drafts, rows
from scheduler.ledger.models import Draft
from scheduler.nouns import DraftState, Key
from scheduler.sandbox import Sandbox

PLANNER = "planner"


@dataclass(slots=True)
class Plan:
    """What planning did, by marker; `reasons` tells why each occasion was chosen."""

    proposed: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    lapsed: list[str] = field(default_factory=list)
    sent_back: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    reasons: dict[tuple[str, date], str] = field(default_factory=dict)


def plan(site: Site, now: datetime, until: date) -> Plan:
    """Propose a draft for each fitting occasion and channel from today to `until`, inclusive."""
    done = Plan()
    today = draw.local_date(site, now)
    _send_back(site, now, done)
    found = occasions(site, drafts.everything(site.id), today, until)
    _lapse(site, found, today, until, now, done)
    with Sandbox(site.templates) as sandbox:
        for occasion in found:
            done.reasons[occasion.occurrence.day.id, occasion.occurrence.span.first] = "; ".join(
                occasion.reasons
            )
            for channel in site.channels:
                _attempt(site, sandbox, occasion, channel, now, done)
    return done


def _attempt(
    site: Site,
    sandbox: Sandbox,
    occasion: Occasion,
    channel: ChannelSettings,
    now: datetime,
    done: Plan,
) -> None:
    """One channel's post for one occasion; its fault is reported and the others go on."""
    key = Key(
        site=site.id,
        article=occasion.article.id,
        day=occasion.occurrence.day.id,
        first=occasion.occurrence.span.first,
        channel=channel.name,
    )
    rounds = drafts.rounds(key)
    try:
        if not rounds:
            _propose(site, sandbox, key, [], now, done)
        elif rounds[-1].state == DraftState.LAPSED:
            _propose(site, sandbox, key, rounds, now, done)
        elif rounds[-1].state == DraftState.PROPOSED and not rounds[-1].edited:
            _refresh(site, sandbox, rounds[-1], now, done)
        elif rounds[-1].state in drafts.OPEN:
            _ask_changes(site, rounds[-1], now, done)
    except (RenderError, NoRoom) as error:
        done.problems.append(f"{key.day}, {key.first}, {key.channel}: {error}")


def _propose(
    site: Site, sandbox: Sandbox, key: Key, rounds: list[Draft], now: datetime, done: Plan
) -> None:
    """The first round, or the next one after a round that lapsed, with the reason for it."""
    if rows.out_in(key, key.first.year):
        return
    key = replace(key, round=len(rounds) + 1)
    inputs = rounds[-1].inputs if rounds else {}
    if not draw.usable(site, key, inputs):
        inputs = draw.inputs(site, key, [draft.inputs for draft in drafts.before(key)])
    wording = draw.worded(site, sandbox, key, inputs)
    if wording.not_after > now:
        drafts.propose(key, wording, PLANNER, now, rounds[-1].note if rounds else "")
        done.proposed.append(key.marker)


def _refresh(site: Site, sandbox: Sandbox, draft: Draft, now: datetime, done: Plan) -> None:
    """Word it again from the points it has; with points that are gone, from new ones."""
    inputs = draft.inputs
    if not draw.usable(site, draft.key, inputs):
        inputs = draw.inputs(site, draft.key, [one.inputs for one in drafts.before(draft.key)])
    elif draw.unchanged(site, draft):
        return
    wording = draw.worded(site, sandbox, draft.key, inputs)
    if _differs(draft, wording) and drafts.refresh(draft, wording, now):
        done.refreshed.append(draft.marker)


def _differs(draft: Draft, wording: drafts.Wording) -> bool:
    return any(getattr(draft, name) != value for name, value in wording.columns().items())


def _ask_changes(site: Site, draft: Draft, now: datetime, done: Plan) -> None:
    why = what_changed(site, draft)
    if why and why != draft.note:
        inputs = {**draft.inputs, "parts": draw.parts(site, draft.key, draft.inputs)}
        if drafts.ask_changes(draft, inputs, why, now):
            done.sent_back.append(draft.marker)


def _lapse(
    site: Site, found: list[Occasion], first: date, last: date, now: datetime, done: Plan
) -> None:
    """Open drafts whose time is over or whose occasion is gone; an edited one is left to people.

    `found` are the occasions that begin from `first` to `last`; a longer one may have begun before.
    """
    fitting = {(o.article.id, o.occurrence.day.id, o.occurrence.span.first) for o in found}
    for draft in drafts.waiting(site.id):
        occasion = (draft.article, draft.day, draft.first)
        if draft.not_after < now:
            why = "its time was over before anyone approved it"
        elif site.channel(draft.channel) is None or _gone(site, draft):
            why = what_changed(site, draft)
        elif first <= draft.first <= last and occasion not in fitting:
            why = "its day no longer fits the article"
        else:
            continue
        if draft.edited and draft.not_after >= now:
            if why != draft.note and drafts.ask_changes(draft, draft.inputs, why, now):
                done.sent_back.append(draft.marker)
        elif drafts.settle(draft, DraftState.LAPSED, PLANNER, now, why):
            done.lapsed.append(draft.marker)


def _gone(site: Site, draft: Draft) -> bool:
    return site.article(draft.article) is None or site.occurrence(draft.day, draft.first) is None


def _send_back(site: Site, now: datetime, done: Plan) -> None:
    """D2 for everything that is approved and waits; the next round is proposed with the rest."""
    for delivery in rows.scheduled(site.id):
        try:
            why = why_changed(site, delivery)
        except TimeoutError:
            continue  # looked at again before it is sent
        if why and deliveries.sent_back(delivery, PLANNER, why, now):
            done.sent_back.append(delivery.marker)
