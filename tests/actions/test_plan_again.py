"""Planning again: what nobody has touched follows its sources, and people's words stay."""

import pytest
from clinic import june

from scheduler.actions.cancel import cancel
from scheduler.actions.edit import edit
from scheduler.actions.reject import reject
from scheduler.ledger import drafts
from scheduler.nouns import DraftState, State

WALK = "{{ day.name }}, {{ day.date }}."


def states(clinic, day):
    return {one.state for one in clinic.drafts() if one.day == day}


def test_planning_again_without_a_change_does_nothing(planned):
    done = planned.plan()
    assert (done.proposed, done.refreshed, done.lapsed, done.sent_back) == ([], [], [], [])
    assert planned.told(planned.draft("walk-day").marker) == [("planner", "proposed")]


def test_an_untouched_draft_follows_its_template(planned):
    planned.change("posts/walking/short.j2", WALK, "Today is {{ day.name }}.")
    done = planned.plan()
    assert planned.text("walk-day").startswith("Today is Walk Day.")
    assert planned.draft("walk-day").marker in done.refreshed
    assert planned.draft("walk-day", "blog").marker not in done.refreshed


def test_an_untouched_draft_follows_its_article(planned):
    planned.change("posts/walking/article.md", "Shoes that fit", "Dry shoes")
    planned.plan()
    assert "Dry shoes make a walk easier." in planned.text("walk-day", "blog")


def test_an_untouched_draft_follows_the_hour_of_posting(planned):
    planned.change("config.toml", "[plan]", '[plan]\ntime = "10:00"')
    planned.plan()
    assert planned.draft("walk-day").local_time.endswith("10:00")


def test_an_edited_draft_is_never_overwritten_but_goes_back_to_a_person(planned):
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, "Words of my own.", "ann", planned.now)
    planned.change("posts/walking/short.j2", WALK, "Today is {{ day.name }}.")
    done = planned.plan()
    draft = planned.draft("walk-day")
    assert planned.text("walk-day") == "Words of my own."
    assert draft.state == DraftState.CHANGES_ASKED
    assert draft.note == "it was worded from something that changed since: template"
    assert marker in done.sent_back


def test_an_edited_draft_is_sent_back_once_for_one_change(planned):
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, "Words of my own.", "ann", planned.now)
    planned.change("posts/walking/short.j2", WALK, "Today is {{ day.name }}.")
    planned.plan()
    assert planned.plan().sent_back == []
    edit(planned.site, marker, "Words of my own, again.", "ann", planned.now)
    assert planned.plan().sent_back == []
    assert planned.draft("walk-day").state == DraftState.PROPOSED


def test_an_edited_draft_whose_day_is_muted_is_left_to_people(planned):
    marker = planned.draft("walk-day").marker
    edit(planned.site, marker, "Words of my own.", "ann", planned.now)
    planned.change("calendars/own.toml", 'id = "walk-day"', 'id = "walk-day"\nmuted = true')
    done = planned.plan()
    draft = planned.draft("walk-day")
    assert (draft.state, planned.text("walk-day")) == (DraftState.CHANGES_ASKED, "Words of my own.")
    assert "muted" in draft.note
    assert marker in done.sent_back
    assert planned.plan().sent_back == []


def test_what_is_approved_is_not_worded_again_but_sent_back_and_proposed_anew(planned):
    planned.approve("walk-day")
    before = planned.delivery("walk-day")
    planned.change("posts/walking/short.j2", WALK, "Today is {{ day.name }}.")
    planned.plan()
    after = planned.delivery("walk-day")
    assert (after.state, after.payload) == (State.CANCELLED, before.payload)
    old, new = drafts.rounds(planned.draft("walk-day").key)
    assert (old.state, new.state, new.round) == (DraftState.LAPSED, DraftState.PROPOSED, 2)
    assert new.note == "it was worded from something that changed since: template"
    assert planned.text("walk-day").startswith("Today is Walk Day.")


def test_a_rejected_occasion_is_not_proposed_again(planned):
    marker = planned.draft("walk-day").marker
    reject(planned.site, marker, "ben", "not this year", planned.now)
    planned.change("posts/walking/short.j2", WALK, "Today is {{ day.name }}.")
    planned.plan()
    assert [one.marker for one in drafts.rounds(planned.draft("walk-day").key)] == [marker]
    assert planned.draft("walk-day").state == DraftState.REJECTED


def test_a_cancelled_occasion_is_not_proposed_again(planned):
    planned.approve("walk-day")
    cancel(planned.site, planned.draft("walk-day").marker, "ann", "not this year", planned.now)
    planned.change("posts/walking/short.j2", WALK, "Today is {{ day.name }}.")
    planned.plan()
    assert len(drafts.rounds(planned.draft("walk-day").key)) == 1
    assert planned.delivery("walk-day").state == State.CANCELLED


def test_what_was_taken_back_or_turned_down_is_not_shown_as_coming(planned):
    planned.approve("walk-day", "salt-day")
    cancel(planned.site, planned.draft("walk-day").marker, "ann", "not this year", planned.now)
    reject(planned.site, planned.draft("pulse-week").marker, "ben", "not this year", planned.now)
    coming = drafts.coming(planned.site.id, june(1), june(30))
    lines = [(one.day, one.state) for one in coming if one.channel == "lines"]
    assert lines == [("salt-day", DraftState.APPROVED)]
    assert {one.day for one in coming if one.channel == "blog"} == {
        "walk-day",
        "salt-day",
        "pulse-week",
    }


def test_a_new_channel_gets_drafts_for_the_occasions_that_stand(planned):
    planned.approve("walk-day")
    planned.add("config.toml", NEW_CHANNEL)
    done = planned.plan()
    assert sorted(done.proposed) == sorted(
        planned.draft(day, "dates").marker for day in ("walk-day", "salt-day", "pulse-week")
    )
    assert done.refreshed == []


NEW_CHANNEL = """
[[channel]]
name = "dates"
kind = "file"
folder = "dates"
format = "ics"
"""


def test_a_channel_that_is_gone_takes_its_open_drafts_along(planned):
    planned.change("config.toml", CHANNEL_LINES, "")
    planned.plan()
    draft = planned.draft("walk-day", "lines")
    assert draft.state == DraftState.LAPSED
    assert draft.note == "config.toml no longer has the channel “lines”"
    assert planned.draft("walk-day", "blog").state == DraftState.PROPOSED


CHANNEL_LINES = """
[[channel]]
name = "lines"
kind = "file"
folder = "lines"
format = "jsonl"
"""


def test_a_muted_day_lapses_its_drafts(planned):
    planned.change("calendars/own.toml", 'id = "walk-day"', 'id = "walk-day"\nmuted = true')
    done = planned.plan()
    assert states(planned, "walk-day") == {DraftState.LAPSED}
    assert len(done.lapsed) == 3
    assert "muted" in planned.draft("walk-day").note


def test_a_day_that_is_no_longer_muted_is_proposed_anew(planned):
    planned.change("calendars/own.toml", 'id = "walk-day"', 'id = "walk-day"\nmuted = true')
    planned.plan()
    planned.change("calendars/own.toml", "muted = true\n", "")
    planned.plan()
    assert (planned.draft("walk-day").state, planned.draft("walk-day").round) == ("proposed", 2)


def test_a_draft_lapses_when_its_time_is_over(planned):
    planned.at_nine(2)
    planned.clock.go_on(hours=7)
    done = planned.plan()
    draft = planned.draft("walk-day")
    assert (draft.state, draft.note) == ("lapsed", "its time was over before anyone approved it")
    assert len(done.lapsed) == 3


def test_a_draft_of_a_week_that_has_begun_stays_open_until_its_time_is_over(planned):
    planned.at_nine(11)
    planned.plan()
    assert planned.draft("pulse-week").state == DraftState.PROPOSED
    planned.approve("pulse-week")
    planned.at_nine(13)
    planned.plan()
    assert planned.draft("pulse-week", "blog").state == DraftState.LAPSED


# --- Dates that move ----------------------------------------------------------------------------


def test_when_a_date_moves_the_approved_post_is_cancelled_and_the_new_date_proposed(planned):
    planned.approve("walk-day")
    before = planned.delivery("walk-day")
    planned.change("calendars/own.toml", '"2 June"', '"7 June"')
    planned.plan()
    after = planned.delivery("walk-day")
    assert (after.marker, after.state) == (before.marker, State.CANCELLED)
    assert after.note == f"“walk-day” no longer falls on {june(2)}"
    fresh = planned.draft("walk-day")
    assert (fresh.first, fresh.state, fresh.round) == (june(7), DraftState.PROPOSED, 1)


@pytest.mark.parametrize("state", [State.SENT, State.UNSURE, State.SENDING])
def test_a_day_that_is_or_may_be_out_this_year_is_not_proposed_for_another_date(planned, state):
    planned.approve("walk-day")
    delivery = planned.delivery("walk-day")
    delivery.state = state
    delivery.save(update_fields=["state"])
    planned.change("calendars/own.toml", '"2 June"', '"7 June"')
    planned.plan()
    assert planned.draft("walk-day", "lines").first == june(2)
    assert planned.draft("walk-day", "blog").first == june(7)


def test_a_longer_window_keeps_what_was_chosen_before(clinic):
    clinic.change("config.toml", "gap_days = 0", "gap_days = 4")
    clinic.plan(days=2)
    assert {one.day for one in clinic.drafts()} == {"walk-day"}
    clinic.add_day("better-day", "4 June")
    clinic.plan()
    open_now = {one.day for one in clinic.drafts() if one.state == DraftState.PROPOSED}
    assert open_now == {"walk-day", "pulse-week"}
