"""Planning: what is proposed, when and why, and what a fault in one post costs."""

import pytest
from clinic import june

from scheduler.nouns import DraftState


def test_each_fitting_day_gets_a_draft_for_each_channel(clinic):
    done = clinic.plan()
    assert sorted((one.day, one.channel) for one in clinic.drafts()) == [
        (day, channel)
        for day in ("pulse-week", "salt-day", "walk-day")
        for channel in ("blog", "lines", "wp")
    ]
    assert sorted(done.proposed) == sorted(one.marker for one in clinic.drafts())
    assert done.problems == []


def test_a_draft_is_found_by_its_keys_marker_and_written_by_the_planner(planned):
    draft = planned.draft("walk-day")
    assert draft.marker == draft.key.marker
    assert (draft.author, draft.edited, draft.state) == ("planner", False, DraftState.PROPOSED)
    assert planned.told(draft.marker) == [("planner", "proposed")]


def test_the_plan_says_why_each_day_was_chosen(clinic):
    done = clinic.plan()
    assert done.reasons["walk-day", june(2)] == "shares the topic heart-health"


def test_a_draft_says_when_it_goes_out_and_until_when_it_may(planned):
    one_day, week = planned.draft("walk-day"), planned.draft("pulse-week")
    assert one_day.due_at == planned.at_nine(2)
    assert (one_day.not_after - one_day.due_at).total_seconds() == 6 * 3600
    assert (week.not_after - week.due_at).days == 2


def test_only_the_window_is_planned(clinic):
    clinic.plan(days=4)
    assert {one.day for one in clinic.drafts()} == {"walk-day", "salt-day"}


def test_a_day_whose_time_is_over_gets_no_draft(clinic):
    clinic.at_nine(2)
    clinic.clock.go_on(hours=7)
    clinic.plan()
    assert {one.day for one in clinic.drafts()} == {"salt-day", "pulse-week"}


@pytest.mark.parametrize("tone", ["solemn", "skip"])
def test_a_solemn_day_gets_nothing_and_hushes_what_begins_on_it(clinic, tone):
    clinic.add_day("day-of-mourning", "5 June", f'tone = "{tone}"')
    clinic.plan()
    expected = {"walk-day", "pulse-week"} | ({"salt-day"} if tone == "skip" else set())
    assert {one.day for one in clinic.drafts()} == expected


def test_on_a_quiet_day_nothing_else_is_posted(clinic):
    clinic.add_day("our-quiet-day", "5 June", "quiet = true", 'tone = "skip"')
    clinic.plan()
    assert {one.day for one in clinic.drafts()} == {"walk-day", "pulse-week"}


# --- Faults of one post -------------------------------------------------------------------------

OVERRIDE = "posts/walking/days/salt-day/short.j2"


def test_a_template_fault_on_one_day_leaves_the_others_proposed(clinic):
    clinic.add(OVERRIDE, "{{ day.name }}\n{{ day.nmae }}\n")
    done = clinic.plan()
    (problem,) = done.problems
    assert problem.startswith(f"salt-day, {june(5)}, lines: {OVERRIDE}:2: ")
    assert "nmae" in problem
    assert len(clinic.drafts()) == 8


def test_a_template_that_never_ends_costs_its_own_post(clinic):
    clinic.add(OVERRIDE, ENDLESS)
    (problem,) = clinic.plan().problems
    assert problem == f"salt-day, {june(5)}, lines: {OVERRIDE}: it runs longer than 2 seconds"
    assert len(clinic.drafts()) == 8


ENDLESS = "{% for letter in 'abcdefghij' %}" * 12 + "{% endfor %}" * 12


def test_words_that_must_stay_and_do_not_fit_are_told(clinic):
    clinic.add(OVERRIDE, "{{ keep('%s') }}" % ("far too many words. " * 50))
    (problem,) = clinic.plan().problems
    assert problem.startswith(f"salt-day, {june(5)}, lines: {OVERRIDE}: what must stay is 999 long")
    assert "takes 500" in problem


def test_a_fault_leaves_the_draft_that_stood_as_it_was(planned):
    before = planned.text("salt-day")
    planned.add(OVERRIDE, "{{ day.nmae }}")
    planned.plan()
    assert planned.text("salt-day") == before
