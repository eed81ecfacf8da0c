"""Sends that fail: each fault stays its own, and a person hears of it once."""

import json
from datetime import timedelta

import pytest
from scripted import Scripted, TwoPhase

from scheduler.actions.deliver import deliver_due
from scheduler.actions.open_channel import opener
from scheduler.actions.pause import resume
from scheduler.actions.run import Run
from scheduler.errors import Busy, MissingSecret, Refused, SignedOut, Unsure, Untrusted
from scheduler.ledger import deliveries
from scheduler.nouns import State


@pytest.fixture
def clinic(planned_thrice):
    """Three posts a channel are due on 2 June."""
    return planned_thrice


ALL = ("walk-day", "twin-day", "third-day")

# --- Refused, signed out, doubtful --------------------------------------------------------------


def test_a_refused_post_is_told_and_the_others_go_on(clinic):
    clinic.due(*ALL)
    wp = Scripted(sends=[Refused("422: the title is empty")])
    run = clinic.deliver({"wp": wp})
    assert run.counts == {State.REFUSED: 1, State.SENT: 2}
    (notice,) = run.notices
    assert "was refused: 422: the title is empty. Nothing of it is out." in notice
    assert clinic.deliver({"wp": wp}).notices == []
    assert len(wp.sent) == 3


@pytest.mark.parametrize(
    "fault",
    [SignedOut("the password is no longer accepted."), Untrusted("the certificate has expired.")],
)
def test_a_dead_account_pauses_its_channel_alone_with_one_notice(clinic, fault):
    clinic.due(*ALL)
    clinic.approve("walk-day", channel="lines")
    wp, lines = Scripted(sends=[fault] * 3), Scripted()
    run = clinic.deliver({"wp": wp, "lines": lines})
    assert (len(wp.sent), len(lines.sent)) == (1, 1)
    (notice,) = run.notices
    assert f"The channel “wp” is paused: {fault}" in notice
    assert "redletter resume wp --by NAME" in notice
    assert clinic.deliver({"wp": wp, "lines": lines}).notices == []


def test_a_dead_account_costs_no_attempt_and_its_posts_go_out_once_it_is_mended(clinic):
    clinic.due(*ALL)
    wp = Scripted(sends=[SignedOut("the password is no longer accepted.")])
    clinic.deliver({"wp": wp})
    assert [clinic.delivery(day, "wp").attempts for day in ALL] == [0, 0, 0]
    assert {clinic.delivery(day, "wp").state for day in ALL} == {State.SCHEDULED}
    resume(clinic.site, "wp", "ben", clinic.now)
    assert clinic.deliver({"wp": wp}).counts == {State.SENT: 3}


def test_a_missing_secret_pauses_its_channel_and_is_told_once(clinic, monkeypatch):
    monkeypatch.delenv("CLINIC_WP_PASSWORD", raising=False)
    clinic.due(*ALL)
    clinic.approve("walk-day", channel="lines")
    runs = [Run(), Run()]
    for run in runs:
        deliver_due(clinic.site, clinic.clock, opener(clinic.site, clinic.clock), run)
    assert runs[0].counts == {State.SENT: 1}
    (notice,) = runs[0].notices
    assert "The secret env:CLINIC_WP_PASSWORD is missing" in notice
    assert runs[1].notices == []
    assert {clinic.delivery(day, "wp").state for day in ALL} == {State.SCHEDULED}


def test_a_channel_that_breaks_while_it_is_opened_is_paused_and_the_others_go_on(clinic):
    clinic.due(*ALL)
    clinic.approve("walk-day", channel="lines")
    lines, run = Scripted(), Run()

    def open_channel(name):
        if name == "wp":
            raise RuntimeError("a plug-in's own mistake")
        return lines

    deliver_due(clinic.site, clinic.clock, open_channel, run)
    assert len(lines.sent) == 1
    (notice,) = run.notices
    assert "The channel “wp” is paused" in notice
    assert "a plug-in's own mistake" in notice


def test_a_secret_that_is_missing_is_not_asked_for_where_nothing_is_due(clinic):
    def open_channel(name):
        raise MissingSecret(name)

    run = Run()
    deliver_due(clinic.site, clinic.clock, open_channel, run)
    assert run.notices == []


def test_what_had_no_answer_may_be_out_and_is_looked_up_after_a_while(clinic):
    clinic.due(*ALL)
    wp = Scripted(sends=[Unsure("no answer within 60 seconds")])
    run = clinic.deliver({"wp": wp})
    assert run.counts == {State.UNSURE: 1, State.SENT: 2}
    assert run.notices == []
    (doubted,) = [one for day in ALL if (one := clinic.delivery(day, "wp")).state == State.UNSURE]
    assert doubted.look_at == clinic.now + timedelta(seconds=60)
    clinic.deliver({"wp": wp})
    assert len(wp.sent) == 3


def test_each_channel_says_how_long_to_wait_before_a_look(clinic):
    clinic.change("config.toml", 'user = "editor"', 'user = "editor"\nsettle = 5')
    clinic.due("walk-day")
    clinic.deliver({"wp": Scripted(sends=[Unsure("no answer")])})
    assert clinic.delivery("walk-day", "wp").look_at == clinic.now + timedelta(seconds=5)


def test_what_no_machine_can_find_out_is_asked_at_once(clinic):
    delivery = clinic.due("walk-day")
    run = clinic.deliver({"wp": Scripted(sends=[Unsure("two posts carry the mark", ask=True)])})
    (notice,) = run.notices
    assert "may be out, and Redletter cannot find out: two posts carry the mark" in notice
    assert f"redletter resolve {delivery.marker} --out URL | --send | --drop --by NAME" in notice
    assert clinic.delivery("walk-day", "wp").look_at is None


def test_a_mistake_in_a_connector_makes_one_post_doubtful_and_the_rest_go_on(clinic, caplog):
    clinic.due(*ALL)
    run = clinic.deliver({"wp": Scripted(sends=[KeyError("id")])})
    assert run.counts == {State.UNSURE: 1, State.SENT: 2}
    assert "an error in the connector" in caplog.text
    assert "Traceback" in caplog.text
    (doubted,) = [one for day in ALL if (one := clinic.delivery(day, "wp")).state == State.UNSURE]
    assert doubted.note == "an error in Redletter itself: KeyError('id')"


# --- Killed in the middle -----------------------------------------------------------------------


def test_an_orphan_of_a_file_channel_is_out_exactly_once_two_runs_later(clinic):
    delivery = clinic.due("walk-day", channel="lines")
    deliveries.claim(delivery.pk, clinic.now, "a sender that died")
    for _ in range(2):
        clinic.deliver({"lines": (lines := opener(clinic.site, clinic.clock)("lines"))})
        clinic.reconcile({"lines": lines})
    after = clinic.delivery("walk-day", "lines")
    assert (after.state, after.attempts) == (State.SENT, 2)
    written = (clinic.folder / "lines/posts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in written] == [delivery.marker]


def test_an_orphan_of_a_service_is_doubted_not_sent_again(clinic):
    delivery = clinic.due("walk-day")
    deliveries.claim(delivery.pk, clinic.now, "a sender that died")
    clinic.clock.go_on(minutes=1)
    wp = Scripted()
    run = clinic.deliver({"wp": wp})
    assert wp.sent == []
    assert run.counts == {State.UNSURE: 1}
    after = clinic.delivery("walk-day", "wp")
    assert after.note == "the sender died before it had an answer"
    assert after.look_at == clinic.now + timedelta(seconds=60)


def test_a_send_in_two_steps_goes_on_from_the_step_that_was_saved(clinic):
    clinic.due("walk-day")
    wp = TwoPhase(sends=[Busy("the server is full")])
    clinic.deliver({"wp": wp})
    assert clinic.delivery("walk-day", "wp").saved == {"draft": "17"}
    clinic.clock.go_on(minutes=1)
    clinic.deliver({"wp": wp})
    assert wp.created == 1
    assert clinic.delivery("walk-day", "wp").state == State.SENT
