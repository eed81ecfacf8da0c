"""One whole run of the publisher: one sender, a clock to be trusted, and what is owed each day."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest
from clinic import MORNING

from scheduler.actions.plan import plan
from scheduler.actions.publish import publish
from scheduler.actions.run import Run
from scheduler.errors import Temporary
from scheduler.files.state import read_state
from scheduler.ledger import drafts, highwater
from scheduler.ledger.lock import sender_lock
from scheduler.ledger.models import Draft
from scheduler.nouns import RELEASED, DraftState, State


def run_of(clinic):
    """One run of cron's line: the site is read again, then published."""
    clinic.read_again()
    return publish(clinic.site, clinic.clock)


def published(clinic):
    """The ids in the channel `lines`."""
    file = clinic.folder / "lines/posts.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line)["id"] for line in lines]


# --- Sending ------------------------------------------------------------------------------------


def test_a_run_sends_what_is_due_for_real_and_the_next_one_nothing(planned):
    delivery = planned.due("walk-day", channel="lines")
    assert run_of(planned).counts == {State.SENT: 1}
    assert run_of(planned).counts == {}
    assert published(planned) == [delivery.marker]
    after = planned.delivery("walk-day")
    assert (after.state, after.remote_id) == (State.SENT, delivery.marker)
    assert after.url == "lines/posts.jsonl"


def test_what_changed_since_it_was_approved_is_proposed_anew_by_the_same_run(planned):
    planned.due("walk-day", channel="lines")
    planned.change("posts/walking/short.j2", "{{ day.date }}", "on {{ day.date }}")
    run = publish(planned.site, planned.clock)
    assert run.counts == {State.CANCELLED: 1}
    old, new = drafts.rounds(planned.draft("walk-day").key)
    assert (old.state, new.state) == (DraftState.LAPSED, DraftState.PROPOSED)
    assert new.note == "it was worded from something that changed since: template"
    planned.approve("walk-day")
    run_of(planned)
    assert published(planned) == [new.marker]


def test_a_second_sender_at_the_same_time_leaves_without_a_word(planned):
    planned.due("walk-day", channel="lines")
    with sender_lock(planned.site.ledger) as mine:
        assert mine
        assert publish(planned.site, planned.clock) is None
    assert published(planned) == []
    assert run_of(planned).counts == {State.SENT: 1}


def test_what_needs_a_person_is_known_even_if_the_run_breaks_off(planned):
    planned.due("walk-day", channel="lines")
    planned.clock.go_on(hours=7)
    run = Run()

    def breaking_off():
        if run.notices:
            raise Temporary("the disk is full")
        return planned.now

    with pytest.raises(Temporary):
        publish(planned.site, breaking_off, run=run)
    assert "was missed" in run.notices[0]


# --- The clock ----------------------------------------------------------------------------------


def test_a_clock_from_before_this_release_is_doubted_and_nothing_is_sent(planned):
    planned.due("walk-day", channel="lines")
    planned.clock.now = datetime.combine(RELEASED, time(), UTC) - timedelta(seconds=1)
    with pytest.raises(Temporary, match=f"this Redletter was made on {RELEASED}"):
        run_of(planned)
    assert planned.delivery("walk-day").state == State.SCHEDULED
    assert highwater.mark("clinic") is None


def test_a_clock_far_behind_the_last_run_is_doubted_and_nothing_is_sent(planned):
    planned.due("walk-day", channel="lines")
    highwater.raise_to("clinic", planned.now + timedelta(minutes=5, seconds=1))
    with pytest.raises(Temporary, match="fsck --confirm-clock"):
        run_of(planned)
    assert published(planned) == []


def test_a_small_step_back_as_time_servers_make_it_is_no_matter(planned):
    planned.due("walk-day", channel="lines")
    highwater.raise_to("clinic", planned.now + timedelta(minutes=5))
    assert run_of(planned).counts == {State.SENT: 1}


def test_a_step_back_never_lowers_what_was_seen(planned):
    seen = planned.now + timedelta(minutes=4)
    highwater.raise_to("clinic", seen)
    run_of(planned)
    assert highwater.mark("clinic") == seen


def test_a_person_may_confirm_that_the_clock_is_right_now(planned):
    highwater.raise_to("clinic", planned.now + timedelta(days=300))
    highwater.confirm("clinic", planned.now, "ben")
    assert run_of(planned) is not None
    assert ("ben", "clock confirmed") in planned.told("clinic")


def test_each_run_remembers_the_moment(planned):
    run_of(planned)
    assert highwater.mark("clinic") == MORNING


# --- What is owed -------------------------------------------------------------------------------


def test_the_first_run_plans_ahead(clinic):
    run_of(clinic)
    assert {one.day for one in clinic.drafts()} == {"walk-day", "salt-day", "pulse-week"}


def forget_the_plan():
    Draft.objects.all().delete()


def test_the_plan_is_extended_once_a_local_day(clinic):
    run_of(clinic)
    forget_the_plan()
    clinic.clock.go_on(hours=17)  # 23:00 at the clinic
    run_of(clinic)
    assert clinic.drafts() == []
    clinic.clock.go_on(hours=1, minutes=5)
    run_of(clinic)
    assert clinic.drafts() != []
    forget_the_plan()
    clinic.clock.go_on(minutes=1)
    run_of(clinic)
    assert clinic.drafts() == []


def test_the_plan_follows_a_change_of_the_files_at_once(clinic):
    run_of(clinic)
    clinic.add_day("new-day", "20 June")
    clinic.clock.go_on(minutes=1)
    run_of(clinic)
    assert clinic.draft("new-day").state == DraftState.PROPOSED


def test_a_lost_note_of_the_last_run_costs_one_plan_and_nothing_else(clinic):
    run_of(clinic)
    forget_the_plan()
    (clinic.folder / ".redletter/state").unlink()
    run_of(clinic)
    assert len(clinic.drafts()) == 9


def test_a_run_leaves_word_for_the_look_of_the_next_minute(clinic):
    run_of(clinic)
    state = read_state(clinic.folder)
    assert state.site == "clinic"
    assert state.ledger == clinic.site.ledger.as_uri()
    assert state.written == int(MORNING.timestamp())
    assert state.content == clinic.site.content
    tomorrow = MORNING.replace(day=2, hour=6, minute=5)  # 00:05 at the clinic
    assert state.upkeep_at == int(tomorrow.timestamp())


def test_word_that_cannot_be_left_stops_nothing(planned):
    planned.due("walk-day", channel="lines")
    (planned.folder / ".redletter").write_text("somebody put a file here", encoding="utf-8")
    assert run_of(planned).counts == {State.SENT: 1}


def test_a_post_that_cannot_be_worded_is_told_when_the_plan_is_made_not_each_minute(clinic):
    clinic.add("posts/walking/days/salt-day/short.j2", "{{ day.nmae }}")
    (notice,) = run_of(clinic).notices
    assert notice.startswith("No post could be worded for salt-day")
    assert "posts/walking/days/salt-day/short.j2:1" in notice
    clinic.clock.go_on(minutes=1)
    assert run_of(clinic).notices == []


def test_the_plan_reaches_as_far_as_the_site_says(clinic):
    clinic.add_day("far-day", "20 July")
    run_of(clinic)
    assert "far-day" not in {one.day for one in clinic.drafts()}
    clinic.change("config.toml", "months = 1", "months = 2")
    run_of(clinic)
    assert clinic.draft("far-day").state == DraftState.PROPOSED


def test_a_publisher_and_a_planner_agree(clinic):
    run_of(clinic)
    again = plan(clinic.site, clinic.now, clinic.now.date() + timedelta(days=29))
    assert (again.proposed, again.refreshed, again.lapsed) == ([], [], [])


def test_a_run_that_is_asked_to_stop_leaves_planning_to_the_next_one(clinic):
    publish(clinic.site, clinic.clock, stopping=lambda: True)
    assert drafts.everything(clinic.site.id) == []
    assert read_state(clinic.folder) is None
    publish(clinic.site, clinic.clock)
    assert drafts.everything(clinic.site.id)
