"""Drafts: what the planner may touch, what a person may, and that each change leaves its event."""

from dataclasses import replace
from datetime import timedelta

import pytest
from ledger.making import BEFORE, END, NOW, SITE, draft, key, told, wording

from scheduler.ledger import deliveries, drafts
from scheduler.ledger.models import Draft
from scheduler.nouns import DraftState, Post

pytestmark = pytest.mark.usefixtures("ledger")

OPEN = {DraftState.PROPOSED, DraftState.CHANGES_ASKED}


def again(row: Draft) -> Draft:
    return Draft.objects.get(pk=row.pk)


def draft_in(state: DraftState) -> Draft:
    row = draft()
    if state is DraftState.CHANGES_ASKED:
        assert drafts.ask_changes(row, {"parts": {}}, "the day moved", BEFORE)
    elif state is DraftState.APPROVED:
        assert deliveries.commit(row, "ben", BEFORE)
    elif state is not DraftState.PROPOSED:
        assert drafts.settle(row, state, "ben", BEFORE, "no")
    return again(row)


def test_a_proposed_draft_is_what_was_worded():
    row = again(draft(text="Walk, then rest."))
    assert Post.thawed(row.post) == wording("Walk, then rest.").post
    assert (row.marker, row.key, row.state) == (key().marker, key(), DraftState.PROPOSED)
    assert (row.due_at, row.not_after, row.author) == (NOW, END, "planner")
    assert told(row.marker) == [("planner", "proposed")]


def test_one_occasion_has_one_draft_a_channel_and_round():
    draft()
    with pytest.raises(Exception, match="UNIQUE"):
        draft()
    assert [row.round for row in drafts.rounds(key())] == [1]
    drafts.propose(key(round=2), wording(), "planner", BEFORE, "the template changed")
    draft(channel="wp")
    assert [row.round for row in drafts.rounds(key())] == [1, 2]


def test_an_untouched_draft_is_refreshed():
    row = draft()
    assert drafts.refresh(row, wording("Walk more."), BEFORE)
    assert Post.thawed(again(row).post).text == "Walk more."
    assert told(row.marker)[-1] == ("planner", "refreshed")


def test_an_edited_draft_is_never_refreshed():
    row = draft()
    assert drafts.edit(row, wording("My words."), "ann", BEFORE)
    for seen in (row, again(row)):
        assert not drafts.refresh(seen, wording("The planner's words."), BEFORE)
    after = again(row)
    assert (Post.thawed(after.post).text, after.author, after.edited) == ("My words.", "ann", True)
    assert told(row.marker) == [("planner", "proposed"), ("ann", "edited")]


@pytest.mark.parametrize("state", set(DraftState) - OPEN)
def test_a_closed_draft_is_left_alone(state):
    row = draft_in(state)
    before = Draft.objects.values().get(), told(row.marker)
    assert not drafts.refresh(row, wording("Walk more."), BEFORE)
    assert not drafts.edit(row, wording("Walk more."), "ann", BEFORE)
    assert not drafts.ask_changes(row, {}, "the day moved", BEFORE)
    assert not drafts.settle(row, DraftState.REJECTED, "ben", BEFORE)
    assert deliveries.commit(row, "ben", BEFORE) is None
    assert (Draft.objects.values().get(), told(row.marker)) == before


def test_an_edit_answers_what_was_asked():
    row = draft_in(DraftState.CHANGES_ASKED)
    assert row.note == "the day moved"
    assert drafts.edit(row, wording("Better."), "ann", BEFORE)
    after = again(row)
    assert (after.state, after.note) == (DraftState.PROPOSED, "")


def test_asking_for_changes_keeps_the_text():
    row = draft()
    assert drafts.ask_changes(row, {"parts": {"template": "2"}}, "the template changed", BEFORE)
    after = again(row)
    assert (after.post, after.source) == (row.post, row.source)
    assert after.inputs == {"parts": {"template": "2"}}
    assert told(row.marker)[-1] == ("planner", "changes asked")


@pytest.mark.parametrize("change", ["edited", "rejected"])
def test_a_draft_that_changed_since_it_was_shown_is_not_changed_again(change):
    shown = draft()
    if change == "edited":
        assert drafts.edit(shown, wording("New."), "ann", BEFORE)
    else:
        assert drafts.settle(shown, DraftState.REJECTED, "ben", BEFORE)
    before = told(shown.marker)
    assert not drafts.edit(shown, wording("Mine."), "ben", BEFORE)
    assert not drafts.settle(shown, DraftState.LAPSED, "planner", BEFORE)
    assert deliveries.commit(shown, "ben", BEFORE) is None
    assert told(shown.marker) == before


def test_lists_are_in_the_order_of_the_days():
    rows = [draft(number) for number in (3, 1, 2)]
    rows.append(draft(1, channel="another"))
    expected = [("walk-day-1", "another"), ("walk-day-1", "blog")]
    expected += [("walk-day-2", "blog"), ("walk-day-3", "blog")]
    assert [(row.day, row.channel) for row in drafts.everything(SITE)] == expected
    assert len(drafts.between(SITE, NOW.date(), NOW.date())) == 4
    assert drafts.between(SITE, NOW.date() + timedelta(days=1), END.date()) == []
    assert drafts.everything("another site") == []
    assert drafts.found(SITE, rows[0].marker) == rows[0]
    assert drafts.found("another site", rows[0].marker) is None


def test_only_open_drafts_wait():
    draft_in(DraftState.REJECTED)
    open_one = draft(2)
    assert drafts.waiting(SITE) == [open_one]


def test_rejected_and_lapsed_drafts_say_nothing_to_later_ones():
    earlier = draft(1)
    next_day = replace(key(2), first=NOW.date() + timedelta(days=1))
    assert drafts.before(next_day) == [earlier]
    assert drafts.settle(earlier, DraftState.LAPSED, "planner", BEFORE)
    assert drafts.before(next_day) == []
