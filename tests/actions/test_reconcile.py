"""What became of a send that nobody answered for: looked up by machine, then asked of a person."""

from datetime import timedelta

import pytest
from scripted import Scripted

from scheduler.actions.open_channel import opener
from scheduler.errors import Busy, MissingSecret, SignedOut, Unsure
from scheduler.ledger import deliveries
from scheduler.nouns import Receipt, State

FOUND = Receipt(remote_id="17", url="https://out.example/17")


@pytest.fixture
def clinic(planned):
    """Walk Day's post had no answer; a minute later it may be looked up."""
    planned.due("walk-day")
    planned.deliver({"wp": Scripted(sends=[Unsure("no answer within 60 seconds")])})
    planned.clock.go_on(seconds=60)
    return planned


def delivery(clinic):
    return clinic.delivery("walk-day", "wp")


def test_before_the_service_has_settled_nobody_looks(clinic):
    clinic.clock.go_on(seconds=-1)
    wp = Scripted(finds=[FOUND])
    clinic.reconcile({"wp": wp})
    assert wp.looked_up == []


def test_what_is_found_is_sent_and_says_how_that_is_known(clinic):
    run = clinic.reconcile({"wp": Scripted(finds=[FOUND])})
    after = delivery(clinic)
    assert (after.state, after.remote_id, after.url) == (State.SENT, "17", "https://out.example/17")
    assert after.note == "reconciled"
    assert run.counts == {State.SENT: 1}
    assert run.notices == []


def test_one_look_that_finds_nothing_proves_nothing(clinic):
    wp = Scripted()
    clinic.reconcile({"wp": wp})
    assert (delivery(clinic).state, delivery(clinic).absent_reads) == (State.UNSURE, 1)
    clinic.clock.go_on(seconds=29)
    clinic.reconcile({"wp": wp})
    assert len(wp.looked_up) == 1


def test_absent_twice_half_a_minute_apart_it_is_sent_again(clinic):
    wp = Scripted()
    clinic.reconcile({"wp": wp})
    clinic.clock.go_on(seconds=30)
    run = clinic.reconcile({"wp": wp})
    assert delivery(clinic).state == State.SCHEDULED
    assert run.counts == {State.SCHEDULED: 1}
    clinic.deliver({"wp": wp})
    assert (delivery(clinic).state, delivery(clinic).attempts) == (State.SENT, 2)
    assert len(wp.sent) == 1


def test_found_at_the_second_look_it_is_not_sent_again(clinic):
    wp = Scripted(finds=[None, FOUND])
    clinic.reconcile({"wp": wp})
    clinic.clock.go_on(seconds=30)
    clinic.reconcile({"wp": wp})
    clinic.deliver({"wp": wp})
    assert delivery(clinic).state == State.SENT
    assert wp.sent == []


def test_the_channel_says_how_far_apart_the_looks_are(clinic):
    clinic.change("config.toml", 'user = "editor"', 'user = "editor"\nread_gap = 5')
    clinic.reconcile({"wp": Scripted()})
    assert delivery(clinic).look_at == clinic.now + timedelta(seconds=5)


def test_a_new_doubt_needs_two_new_looks(clinic):
    wp = Scripted(sends=[Unsure("no answer again")])
    for seconds in (0, 30):
        clinic.clock.go_on(seconds=seconds)
        clinic.reconcile({"wp": wp})
    clinic.deliver({"wp": wp})
    clinic.clock.go_on(seconds=60)
    clinic.reconcile({"wp": wp})
    assert (delivery(clinic).state, delivery(clinic).absent_reads) == (State.UNSURE, 1)


def test_absent_when_its_time_is_over_it_is_missed_and_told(clinic):
    clinic.reconcile({"wp": Scripted()})
    clinic.clock.go_on(hours=6)
    run = clinic.reconcile({"wp": Scripted()})
    assert delivery(clinic).state == State.MISSED
    assert run.counts == {State.MISSED: 1}
    assert "was missed: it never went out, and its time is over" in run.notices[0]
    assert f"redletter resolve {delivery(clinic).marker} --send --by NAME" in run.notices[0]


def test_found_when_its_time_is_over_it_is_sent_all_the_same(clinic):
    clinic.clock.go_on(hours=7)
    clinic.reconcile({"wp": Scripted(finds=[FOUND])})
    assert delivery(clinic).state == State.SENT


def test_absent_with_no_attempt_left_it_is_refused_and_told(clinic):
    row = delivery(clinic)
    row.attempts = deliveries.BUDGET
    row.save(update_fields=["attempts"])
    clinic.reconcile({"wp": Scripted()})
    clinic.clock.go_on(seconds=30)
    run = clinic.reconcile({"wp": Scripted()})
    assert delivery(clinic).state == State.REFUSED
    assert "gave up after 8 attempts" in run.notices[0]


@pytest.mark.parametrize(
    "fault",
    [
        Busy("503"),
        SignedOut("the password is no longer accepted"),
        Unsure("the answer cannot be read"),
        MissingSecret("The secret env:X is missing."),
        KeyError("a mistake of the connector"),
    ],
)
def test_a_service_that_cannot_be_asked_is_asked_again_a_minute_later(clinic, fault):
    wp = Scripted(finds=[fault, FOUND])
    run = clinic.reconcile({"wp": wp})
    assert run.notices == []
    assert (delivery(clinic).state, delivery(clinic).absent_reads) == (State.UNSURE, 0)
    clinic.clock.go_on(seconds=60)
    clinic.reconcile({"wp": wp})
    assert delivery(clinic).state == State.SENT


def test_after_half_an_hour_without_an_answer_a_person_is_asked_once(clinic):
    wp = Scripted(finds=[Busy("503")] * 60)
    told = []
    for minute in range(45):
        told += [(minute, notice) for notice in clinic.reconcile({"wp": wp}).notices]
        clinic.clock.go_on(seconds=60)
    ((minute, notice),) = told
    assert minute == 29  # doubted a minute before the first look
    assert "may be out, and Redletter cannot find out: 503" in notice
    assert "--out URL | --send | --drop" in notice
    assert delivery(clinic).asked


def test_the_machine_goes_on_looking_after_it_has_asked(clinic):
    wp = Scripted(finds=[*[Busy("503")] * 35, FOUND])
    for _ in range(36):
        clinic.reconcile({"wp": wp})
        clinic.clock.go_on(seconds=60)
    assert (delivery(clinic).state, delivery(clinic).asked) == (State.SENT, False)


def test_two_objects_with_one_mark_are_a_persons_question_at_once(clinic):
    wp = Scripted(finds=[Unsure("two posts carry the mark", ask=True)])
    run = clinic.reconcile({"wp": wp})
    assert "two posts carry the mark" in run.notices[0]
    clinic.clock.go_on(hours=1)
    assert clinic.reconcile({"wp": wp}).notices == []
    assert len(wp.looked_up) == 1


def test_a_fault_in_one_look_up_keeps_no_other_from_its_own(planned_thrice):
    clinic = planned_thrice
    clinic.due("walk-day", "twin-day", "third-day")
    clinic.deliver({"wp": Scripted(sends=[Unsure("no answer")] * 3)})
    clinic.clock.go_on(seconds=60)
    run = clinic.reconcile({"wp": Scripted(finds=[KeyError("id"), FOUND, FOUND])})
    assert run.counts == {State.SENT: 2}


def test_what_a_file_channel_wrote_before_it_died_is_found_not_written_twice(clinic):
    lines = opener(clinic.site, clinic.clock)("lines")
    clinic.approve("walk-day")
    claimed = deliveries.claim(clinic.delivery("walk-day").pk, clinic.now, "a sender that died")
    lines.send(deliveries.frozen_post(claimed), claimed.draft.key, {}, lambda _, id_: id_)
    clinic.deliver({"lines": lines})
    clinic.reconcile({"lines": lines})
    after = clinic.delivery("walk-day")
    assert (after.state, after.attempts, after.note) == (State.SENT, 1, "reconciled")
    assert len((clinic.folder / "lines/posts.jsonl").read_text().splitlines()) == 1
