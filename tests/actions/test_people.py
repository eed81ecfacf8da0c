"""What people say of drafts and posts: who may, when it fits, and that it is written down."""

import pytest
from scripted import Scripted

from scheduler.actions import resolve
from scheduler.actions.cancel import cancel
from scheduler.actions.edit import edit
from scheduler.actions.pause import pause, resume
from scheduler.actions.reject import reject
from scheduler.errors import Refused, Unsure, UsageError
from scheduler.ledger import pauses
from scheduler.nouns import DraftState, Post, State

URL = "https://out.example/17"


def marker_of(clinic):
    return clinic.draft("walk-day", "wp").marker


def ledger_of(clinic):
    """All that a refused verb must leave as it was."""
    delivery = clinic.delivery("walk-day", "wp")
    return clinic.told(""), delivery.state, delivery.note, delivery.url


@pytest.fixture
def scheduled(planned):
    planned.approve("walk-day", channel="wp")
    return planned


def after_sending(clinic, outcome):
    clinic.at_nine(2)
    clinic.deliver({"wp": Scripted(sends=[outcome])})
    return clinic


@pytest.fixture
def unsure(scheduled):
    return after_sending(scheduled, Unsure("no answer", ask=True))


@pytest.fixture
def refused(scheduled):
    return after_sending(scheduled, Refused("422: no"))


@pytest.fixture
def missed(scheduled):
    scheduled.at_nine(2)
    scheduled.clock.go_on(hours=7)
    scheduled.deliver({})
    return scheduled


@pytest.fixture
def sent(scheduled):
    return after_sending(scheduled, None)


# --- Cancel, pause, resume ----------------------------------------------------------------------


@pytest.mark.parametrize("by", ["ann", "ben", "dora"])
def test_whoever_belongs_to_the_clinic_may_cancel(scheduled, by):
    cancel(scheduled.site, marker_of(scheduled), by, "the speaker is ill", scheduled.now)
    after = scheduled.delivery("walk-day", "wp")
    assert (after.state, after.note) == (State.CANCELLED, "the speaker is ill")
    assert scheduled.told(after.marker)[-1] == (by, "cancelled")


def test_only_what_is_scheduled_can_be_cancelled(sent):
    before = ledger_of(sent)
    with pytest.raises(UsageError, match="is sent: only a scheduled post can be cancelled"):
        cancel(sent.site, marker_of(sent), "ben", "too late", sent.now)
    assert ledger_of(sent) == before


def test_a_draft_that_nobody_approved_has_nothing_to_cancel(planned):
    with pytest.raises(UsageError, match="nothing approved has the id"):
        cancel(planned.site, marker_of(planned), "ben", "no", planned.now)


def test_a_pause_stands_until_it_is_lifted_and_both_are_written_down(planned):
    assert pause(planned.site, "wp", "ann", "the site is being moved", planned.now)
    assert not pause(planned.site, "wp", "ben", "me too", planned.now)
    (standing,) = pauses.standing("clinic")
    assert (standing.by, standing.reason) == ("ann", "the site is being moved")
    assert resume(planned.site, "wp", "dora", planned.now)
    assert not resume(planned.site, "wp", "dora", planned.now)
    assert planned.told("wp") == [("ann", "paused"), ("dora", "resumed")]


def test_everything_is_paused_and_resumed_as_one(planned):
    assert pause(planned.site, "", "ann", "a bad day", planned.now)
    assert resume(planned.site, "", "ben", planned.now)
    assert planned.told("everything") == [("ann", "paused"), ("ben", "resumed")]


def test_an_author_may_stop_the_presses_but_not_start_them(planned):
    pause(planned.site, "wp", "ann", "the site is being moved", planned.now)
    with pytest.raises(UsageError, match="ann may not do this"):
        resume(planned.site, "wp", "ann", planned.now)
    assert len(pauses.standing("clinic")) == 1


def test_an_unknown_channel_is_named(planned):
    for verb in (
        lambda: pause(planned.site, "blgo", "ann", "why not", planned.now),
        lambda: resume(planned.site, "blgo", "ben", planned.now),
    ):
        with pytest.raises(UsageError, match=r"no channel “blgo”.*it has blog, lines, wp"):
            verb()


def test_a_pause_of_a_channel_that_is_gone_can_be_lifted(planned):
    pause(planned.site, "wp", "ann", "moving", planned.now)
    planned.change("config.toml", 'name = "wp"', 'name = "wp2"')
    assert resume(planned.site, "wp", "ben", planned.now)


# --- Resolve ------------------------------------------------------------------------------------


def test_a_person_knows_that_it_is_out(unsure):
    resolve.is_out(unsure.site, marker_of(unsure), f" {URL} ", "ben", unsure.now)
    after = unsure.delivery("walk-day", "wp")
    assert (after.state, after.url, after.asked) == (State.SENT, URL, False)
    assert after.note == "told by a person"
    assert unsure.told(after.marker)[-1] == ("ben", "sent")


def test_that_it_is_out_needs_an_address(unsure):
    before = ledger_of(unsure)
    with pytest.raises(UsageError, match="say where it is"):
        resolve.is_out(unsure.site, marker_of(unsure), "  ", "ben", unsure.now)
    assert ledger_of(unsure) == before


@pytest.mark.parametrize("state", ["unsure", "refused", "missed"])
def test_a_person_sends_it_anyway_within_six_hours_at_least(state, request):
    clinic = request.getfixturevalue(state)
    end = resolve.send(clinic.site, marker_of(clinic), "dora", clinic.now)
    assert (end - clinic.now).total_seconds() >= 6 * 3600
    after = clinic.delivery("walk-day", "wp")
    assert (after.state, after.attempts, after.not_after) == (State.SCHEDULED, 0, end)
    wp = Scripted()
    clinic.deliver({"wp": wp})
    assert wp.sent == [after.marker]
    assert clinic.delivery("walk-day", "wp").state == State.SENT


def test_a_person_lets_it_be(unsure):
    resolve.drop(unsure.site, marker_of(unsure), "ben", unsure.now)
    after = unsure.delivery("walk-day", "wp")
    assert (after.state, after.note) == (State.CANCELLED, "dropped by a person")
    wp = Scripted()
    unsure.deliver({"wp": wp})
    unsure.reconcile({"wp": wp})
    assert (wp.sent, wp.looked_up) == ([], [])


ANSWERS = {
    "out": lambda clinic, by: resolve.is_out(clinic.site, marker_of(clinic), URL, by, clinic.now),
    "send": lambda clinic, by: resolve.send(clinic.site, marker_of(clinic), by, clinic.now),
    "drop": lambda clinic, by: resolve.drop(clinic.site, marker_of(clinic), by, clinic.now),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("state", ["scheduled", "sent"])
def test_no_answer_fits_what_nobody_asked_about(state, answer, request):
    clinic = request.getfixturevalue(state)
    before = ledger_of(clinic)
    with pytest.raises(UsageError, match=f"is {state}.*this answer fits only"):
        ANSWERS[answer](clinic, "ben")
    assert ledger_of(clinic) == before


@pytest.mark.parametrize("answer", ["out", "drop"])
def test_what_is_refused_is_not_out_and_not_in_doubt(refused, answer):
    with pytest.raises(UsageError, match="fits only what is unsure"):
        ANSWERS[answer](refused, "ben")


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(("by", "words"), [("ann", "may not do this"), ("cleo", "no person")])
def test_an_answer_needs_a_role(unsure, answer, by, words):
    before = ledger_of(unsure)
    with pytest.raises(UsageError, match=words):
        ANSWERS[answer](unsure, by)
    assert ledger_of(unsure) == before


# --- Reject and edit ----------------------------------------------------------------------------


def test_a_rejection_keeps_its_reason_and_its_author(planned):
    reject(planned.site, marker_of(planned), "ben", "not our topic", planned.now)
    draft = planned.draft("walk-day", "wp")
    assert (draft.state, draft.note) == (DraftState.REJECTED, "not our topic")
    assert planned.told(draft.marker)[-1] == ("ben", "rejected")


@pytest.mark.parametrize("by", ["ann", "dora", "cleo"])
def test_only_an_approver_rejects(planned, by):
    with pytest.raises(UsageError):
        reject(planned.site, marker_of(planned), by, "no", planned.now)
    assert planned.draft("walk-day", "wp").state == DraftState.PROPOSED


def test_what_is_approved_is_not_rejected_but_cancelled(scheduled):
    with pytest.raises(UsageError, match="An approved one: redletter cancel"):
        reject(scheduled.site, marker_of(scheduled), "ben", "no", scheduled.now)


def test_an_edit_makes_the_editor_the_author(planned):
    marker = planned.draft("walk-day").marker
    draft = edit(planned.site, marker, "  Words of my own.\n", "ann", planned.now)
    assert (draft.author, draft.edited, draft.source) == ("ann", True, "Words of my own.")
    assert planned.text("walk-day") == "Words of my own."
    assert planned.told(marker)[-1] == ("ann", "edited")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "these words are empty"),
        (" \n ", "these words are empty"),
        ("x" * 501, "these words count 501, and lines takes 500"),
    ],
)
def test_words_that_do_not_fit_are_refused_and_the_draft_stays(planned, words, complaint):
    before = planned.draft("walk-day")
    with pytest.raises(UsageError, match=complaint):
        edit(planned.site, before.marker, words, "ann", planned.now)
    after = planned.draft("walk-day")
    assert (after.post, after.edited, after.author) == (before.post, False, "planner")
    assert planned.told(before.marker) == [("planner", "proposed")]


@pytest.mark.parametrize(("by", "words"), [("dora", "may not do this"), ("cleo", "no person")])
def test_an_edit_needs_a_role(planned, by, words):
    with pytest.raises(UsageError, match=words):
        edit(planned.site, marker_of(planned), "# Title\n\nWords.", by, planned.now)


def test_what_is_approved_is_not_edited(scheduled):
    with pytest.raises(UsageError, match="only an open draft can be edited"):
        edit(scheduled.site, marker_of(scheduled), "# Title\n\nWords.", "ann", scheduled.now)


def test_edited_markdown_of_a_blog_is_marked_up_and_made_safe(planned):
    source = "# A *new* title\n\nWalk **often**. <script>alert(1)</script> [Read](javascript:x)"
    edit(planned.site, marker_of(planned), source, "ann", planned.now)
    post = Post.thawed(planned.draft("walk-day", "wp").post)
    assert post.title == "A new title"
    assert "<strong>often</strong>" in post.html
    assert "<script" not in post.html
    assert "<a" not in post.html
    assert post.text.startswith("Walk often.")


def test_an_edited_blog_post_needs_a_title(planned):
    before = planned.draft("walk-day", "wp").post
    with pytest.raises(UsageError, match="begins with a line “# Title”"):
        edit(planned.site, marker_of(planned), "No title at all.", "ann", planned.now)
    assert planned.draft("walk-day", "wp").post == before


def test_edited_words_are_judged(planned):
    source = "# Walk Day\n\nKetamine cures depression."
    draft = edit(planned.site, marker_of(planned), source, "ann", planned.now)
    rules = {(one["rule"], one["severity"]) for one in draft.findings}
    assert ("CLM-CURE", "block") in rules
