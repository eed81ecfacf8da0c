"""Sending what is due: once, in its time, and later where the service is busy."""

from datetime import timedelta

import pytest
from scripted import Scripted

from scheduler.actions.cancel import cancel
from scheduler.actions.deliver import deliver_due
from scheduler.actions.pause import pause, resume
from scheduler.actions.run import Run
from scheduler.errors import Busy
from scheduler.nouns import State


@pytest.fixture
def clinic(planned_thrice):
    """Three posts a channel are due on 2 June."""
    return planned_thrice


ALL = ("walk-day", "twin-day", "third-day")

# --- In its time --------------------------------------------------------------------------------


def test_what_is_due_is_sent_once_and_has_a_receipt(clinic):
    delivery = clinic.due("walk-day")
    wp = Scripted()
    for _ in range(3):
        clinic.deliver({"wp": wp})
        clinic.clock.go_on(minutes=1)
    assert wp.sent == [delivery.marker]
    after = clinic.delivery("walk-day", "wp")
    assert (after.state, after.attempts) == (State.SENT, 1)
    assert after.remote_id == delivery.marker
    assert after.url == f"https://out.example/{delivery.marker}"
    assert after.sent_at == delivery.due_at


def test_the_run_counts_what_it_sent_and_has_nothing_to_tell(clinic):
    clinic.due(*ALL)
    run = clinic.deliver({"wp": Scripted()})
    assert run.counts == {State.SENT: 3}
    assert run.notices == []


def test_before_its_time_nothing_is_sent(clinic):
    clinic.due("walk-day")
    clinic.clock.go_on(seconds=-1)
    wp = Scripted()
    assert clinic.deliver({"wp": wp}).counts == {}
    assert wp.sent == []


def test_what_is_late_but_not_over_is_sent(clinic):
    clinic.due("walk-day")
    clinic.clock.go_on(hours=6)
    assert clinic.deliver({"wp": Scripted()}).counts == {State.SENT: 1}


def test_what_is_overdue_is_missed_with_one_notice(clinic):
    delivery = clinic.due("walk-day")
    clinic.clock.go_on(hours=6, seconds=1)
    wp = Scripted()
    run = clinic.deliver({"wp": wp})
    assert wp.sent == []
    assert run.counts == {State.MISSED: 1}
    (notice,) = run.notices
    assert "was missed: its time was over before it could be sent" in notice
    assert f"redletter resolve {delivery.marker} --send --by NAME" in notice
    assert clinic.deliver({"wp": wp}).notices == []
    assert clinic.told(delivery.marker)[-1] == ("publisher", "missed")


def test_a_cancelled_post_is_not_sent(clinic):
    delivery = clinic.due("walk-day")
    cancel(clinic.site, delivery.marker, "ann", "a change of heart", clinic.now)
    wp = Scripted()
    clinic.deliver({"wp": wp})
    assert wp.sent == []


@pytest.mark.parametrize("channel", ["wp", ""])
def test_while_its_channel_or_everything_is_paused_nothing_is_sent(clinic, channel):
    clinic.due("walk-day")
    pause(clinic.site, channel, "dora", "a fire drill", clinic.now)
    wp = Scripted()
    clinic.deliver({"wp": wp})
    assert wp.sent == []
    resume(clinic.site, channel, "dora", clinic.now)
    clinic.deliver({"wp": wp})
    assert len(wp.sent) == 1


def test_the_intent_stands_in_the_ledger_before_the_first_byte(clinic):
    clinic.due("walk-day")
    seen = []

    class Watching(Scripted):
        def send(self, post, key, saved, save):
            delivery = clinic.delivery("walk-day", "wp")
            seen.append(
                (delivery.state, delivery.attempts, delivery.claimed_at, bool(delivery.owner))
            )
            return super().send(post, key, saved, save)

    clinic.deliver({"wp": Watching()})
    assert seen == [(State.SENDING, 1, clinic.now, True)]


def test_asked_to_stop_it_stops_between_two_posts(clinic):
    clinic.due(*ALL)
    wp, run = Scripted(), Run()
    deliver_due(clinic.site, clinic.clock, lambda _: wp, run, lambda: len(wp.sent) == 2)
    assert len(wp.sent) == 2
    assert sorted(clinic.delivery(day, "wp").state for day in ALL) == ["scheduled", "sent", "sent"]


def cancel_the_others(clinic):
    for day in ALL:
        if clinic.delivery(day, "wp").state == State.SCHEDULED:
            marker = clinic.delivery(day, "wp").marker
            cancel(clinic.site, marker, "ann", "a change of heart", clinic.now)


def pause_the_channel(clinic):
    pause(clinic.site, "wp", "ann", "a change of heart", clinic.now)


@pytest.mark.parametrize("stop", [cancel_the_others, pause_the_channel])
def test_a_persons_word_in_the_middle_of_a_run_holds_from_the_next_post_on(clinic, stop):
    clinic.due(*ALL)

    class Interrupted(Scripted):
        def send(self, post, key, saved, save):
            stop(clinic)
            return super().send(post, key, saved, save)

    wp = Interrupted()
    assert clinic.deliver({"wp": wp}).counts == {State.SENT: 1}
    assert len(wp.sent) == 1


# --- Busy ---------------------------------------------------------------------------------------


def test_a_busy_service_is_tried_again_after_a_pause_that_grows_and_wavers(clinic):
    clinic.due("walk-day")
    wp = Scripted(sends=[Busy("too many posts")] * 3)
    for pause_ in (30, 60, 120):
        clinic.deliver({"wp": wp})
        delivery = clinic.delivery("walk-day", "wp")
        assert delivery.state == State.SCHEDULED
        assert delivery.note == "too many posts"
        waits = (delivery.try_at - clinic.now).total_seconds()
        assert 0.8 * pause_ <= waits <= 1.2 * pause_
        clinic.clock.now = delivery.try_at
    assert clinic.deliver({"wp": wp}).counts == {State.SENT: 1}
    assert len(wp.sent) == 4


def test_before_its_pause_is_over_a_busy_service_is_left_alone(clinic):
    clinic.due("walk-day")
    wp = Scripted(sends=[Busy("too many posts")])
    clinic.deliver({"wp": wp})
    clinic.clock.go_on(seconds=20)
    clinic.deliver({"wp": wp})
    assert len(wp.sent) == 1


def test_the_time_that_a_service_names_is_obeyed(clinic):
    clinic.due("walk-day")
    until = clinic.now + timedelta(hours=2)
    clinic.deliver({"wp": Scripted(sends=[Busy("come back at eleven", until)])})
    assert clinic.delivery("walk-day", "wp").try_at == until


def test_a_time_named_beyond_its_own_is_not_waited_for_in_silence(clinic):
    delivery = clinic.due("walk-day")
    until = clinic.now + timedelta(days=3)
    wp = Scripted(sends=[Busy("come back on Saturday", until)])
    clinic.deliver({"wp": wp})
    assert clinic.delivery("walk-day", "wp").try_at == delivery.not_after
    clinic.clock.now = delivery.not_after + timedelta(seconds=1)
    assert clinic.deliver({"wp": wp}).counts == {State.MISSED: 1}
    assert len(wp.sent) == 1


def test_after_eight_attempts_it_gives_up_and_tells(clinic):
    clinic.due("walk-day")
    wp = Scripted(sends=[Busy("too many posts")] * 9)
    for _ in range(8):
        run = clinic.deliver({"wp": wp})
        clinic.clock.now = max(clinic.now, clinic.delivery("walk-day", "wp").try_at)
    assert run.counts == {State.REFUSED: 1}
    assert "was refused: gave up after 8 attempts: too many posts" in run.notices[0]
    assert "Nothing of it is out" in run.notices[0]
    clinic.clock.go_on(hours=1)
    clinic.deliver({"wp": wp})
    assert len(wp.sent) == 8
