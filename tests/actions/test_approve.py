"""Approving: who may, what speaks against it, and what is frozen."""

import json

import pytest
from django.db import IntegrityError

from scheduler.actions.approve import approve, approve_all
from scheduler.actions.edit import edit
from scheduler.actions.reject import reject
from scheduler.errors import UsageError
from scheduler.ledger import deliveries, events, rows
from scheduler.ledger.models import Delivery
from scheduler.nouns import DraftState, Post, State, digest

BLOCKED = "Ketamine cures depression."


def refusal(clinic, marker):
    """Why ben may not approve it."""
    done = approve(clinic.site, [marker], "ben", clinic.now)
    assert done.approved == []
    return done.refused[marker]


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"), [("cleo", "no person called “cleo”"), ("ann", "ann may not do this")]
)
def test_nobody_unknown_and_nobody_without_the_role_may_approve(planned, name, words):
    for attempt in (
        lambda: approve(planned.site, [planned.draft("walk-day").marker], name, planned.now),
        lambda: approve_all(planned.site, name, planned.now),
    ):
        with pytest.raises(UsageError, match=words):
            attempt()
    assert rows.everything("clinic") == []


def test_an_administrator_does_not_approve(planned):
    with pytest.raises(UsageError, match="it needs the role approver"):
        approve_all(planned.site, "dora", planned.now)


def test_an_unknown_id_approves_nothing_at_all(planned):
    known = planned.draft("walk-day").marker
    with pytest.raises(UsageError, match="there is no draft “nothing000”"):
        approve(planned.site, [known, "nothing000"], "ben", planned.now)
    assert rows.everything("clinic") == []


def test_four_eyes_do_not_bar_the_approver_of_what_the_planner_wrote(planned):
    draft = planned.draft("walk-day")
    assert approve(planned.site, [draft.marker], "ben", planned.now).approved == [draft.marker]


def test_four_eyes_bar_who_edited_it(planned):
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, "Words of ben's own.", "ben", planned.now)
    assert refusal(planned, marker) == "ben wrote it, and four eyes must see it"


def test_what_another_person_edited_may_be_approved(planned):
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, "Words of ann's own.", "ann", planned.now)
    assert approve(planned.site, [marker], "ben", planned.now).approved == [marker]


def test_a_small_clinic_may_do_without_four_eyes(planned):
    planned.add("config.toml", "\n[review]\nfour_eyes = false\n")
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, "Words of ben's own.", "ben", planned.now)
    assert approve(planned.site, [marker], "ben", planned.now).approved == [marker]


# --- What speaks against it ---------------------------------------------------------------------


def test_what_the_guard_blocks_cannot_be_approved(planned):
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, BLOCKED, "ann", planned.now)
    assert "CLM-CURE" in refusal(planned, marker)
    assert planned.draft("walk-day").state == DraftState.PROPOSED


def test_approving_all_names_what_was_refused_and_approves_the_rest(planned):
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, BLOCKED, "ann", planned.now)
    done = approve_all(planned.site, "ben", planned.now)
    assert list(done.refused) == [marker]
    assert len(done.approved) == 8


def test_what_it_was_worded_from_must_still_stand(planned):
    marker = planned.draft("walk-day", "blog").marker
    planned.change("posts/walking/article.md", "Shoes that fit", "Dry shoes")
    assert refusal(planned, marker) == (
        "it was worded from something that changed since: points; "
        "run `redletter plan` and look at it again"
    )
    planned.plan()
    planned.approve("walk-day", channel="blog")


def test_a_change_that_this_post_does_not_use_speaks_against_nothing(planned):
    planned.change("posts/walking/blog.j2", "a walk a day", "one walk a day")
    planned.change("config.toml", 'name = "The Clinic"', 'name = "The Clinic"\n# a remark')
    marker = planned.draft("walk-day", "lines").marker
    assert planned.approve("walk-day", channel="lines").approved == [marker]


def test_a_day_that_wants_a_crisis_line_takes_no_post_without_one(planned):
    planned.change(
        "calendars/own.toml", 'when = "2 June"', 'when = "2 June"\ncrisis_required = true'
    )
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, "Take a friend along.", "ann", planned.now)
    assert refusal(planned, marker) == "the guard blocks it: SUI-CRISIS"


def test_a_draft_that_changed_between_look_and_yes_is_not_approved(planned):
    seen = planned.draft("walk-day")
    edit(planned.site, seen.marker, "Other words.", "ann", planned.now)
    assert deliveries.commit(seen, "ben", planned.now) is None
    assert rows.everything("clinic") == []
    assert planned.draft("walk-day").state == DraftState.PROPOSED


def test_the_same_draft_is_approved_once(planned):
    marker = planned.draft("walk-day").marker
    planned.approve("walk-day")
    assert refusal(planned, marker) == "it is approved"
    assert len(rows.everything("clinic")) == 1


def test_a_draft_whose_time_is_over_cannot_be_approved(planned):
    planned.at_nine(2)
    planned.clock.go_on(hours=6, seconds=1)
    assert refusal(planned, planned.draft("walk-day").marker) == "its time is over"


def test_a_late_draft_can_be_approved_until_its_time_is_over(planned):
    planned.at_nine(2)
    planned.clock.go_on(hours=6)
    assert planned.approve("walk-day").approved == [planned.draft("walk-day").marker]


def test_a_rejected_draft_says_so(planned):
    marker = planned.draft("walk-day").marker
    reject(planned.site, marker, "ben", "not this year", planned.now)
    assert refusal(planned, marker) == "it is rejected: not this year"


# --- What is frozen -----------------------------------------------------------------------------


def test_approval_freezes_the_post_that_was_seen(planned):
    draft = planned.draft("walk-day", "blog")
    planned.approve("walk-day", channel="blog")
    delivery = planned.delivery("walk-day", "blog")
    assert (delivery.marker, delivery.key) == (draft.marker, str(draft.key))
    assert (delivery.state, delivery.approver) == (State.SCHEDULED, "ben")
    assert (delivery.due_at, delivery.not_after) == (draft.due_at, draft.not_after)
    assert delivery.digest == digest(delivery.payload)
    assert json.loads(delivery.payload) == {"key": delivery.key, "post": json.loads(draft.post)}
    assert deliveries.frozen_post(delivery) == Post.thawed(draft.post)


@pytest.mark.parametrize("column", ["payload", "digest", "key", "marker", "due_at"])
def test_the_database_itself_refuses_to_change_what_was_approved(planned, column):
    planned.approve("walk-day")
    other = planned.now if column == "due_at" else "other"
    with pytest.raises(IntegrityError, match="an approved post is frozen"):
        Delivery.objects.update(**{column: other})


def test_the_trail_tells_who_approved_which_bytes(planned):
    planned.approve("walk-day")
    delivery = planned.delivery("walk-day")
    proposed, approved = events.history("clinic", delivery.marker)
    assert (proposed.who, proposed.what) == ("planner", "proposed")
    assert (approved.who, approved.what, approved.detail) == ("ben", "approved", delivery.digest)
