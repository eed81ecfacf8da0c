"""The site's own days and changes lie over the shipped calendars."""

from collections.abc import Callable
from pathlib import Path

from scheduler.days.day import Day
from scheduler.files.calendars import read_calendars, read_days, read_topics
from scheduler.files.shipped import shipped
from scheduler.nouns import Tone

Change = Callable[[str, str, str], None]


def days_of(folder: Path) -> dict[str, Day]:
    days, problems = read_days(folder)
    assert problems == []
    return {day.id: day for day in days}


def test_shipped_and_own_days_are_read_together(folder: Path) -> None:
    days = days_of(folder)
    assert days["world-mental-health-day"].calendar == "who"
    assert days["open-house"].calendar == "own"
    assert days["columbine-remembrance-us-co"].regions == ("US-CO",)
    assert "health-talk-evening" not in days  # the sample site's own day is nobody else's


def test_the_sample_site_reads_its_own_calendar_once(folder: Path) -> None:
    assert "health-talk-evening" in days_of(shipped())


def test_a_change_leaves_the_rest_of_a_shipped_day_as_it_was(folder: Path, change: Change) -> None:
    before = days_of(folder)["world-mental-health-day"]
    change(
        "calendars/own.toml",
        "[[day]]",
        '[[day]]\nid = "world-mental-health-day"\nname = "Our name"\ntone = "solemn"\n[[day]]',
    )
    after = days_of(folder)["world-mental-health-day"]
    assert (after.name, after.tone) == ("Our name", Tone.SOLEMN)
    assert after.model_copy(update={"name": before.name, "tone": before.tone}) == before


def test_muted_days_are_left_out_and_still_known(folder: Path, change: Change) -> None:
    change(
        "calendars/own.toml",
        "[[day]]",
        '[[day]]\nid = "world-mental-health-day"\nmuted = true\n'
        '[[day]]\nid = "april-fools-day"\nmuted = false\n[[day]]\nfollowed = true',
    )
    calendars, _ = read_calendars(folder)
    assert "world-mental-health-day" not in {day.id for day in calendars.days}
    assert calendars.muted == {"world-mental-health-day"}
    assert calendars.followed == {"open-house"}


def test_a_site_without_own_days_has_the_shipped_ones(folder: Path) -> None:
    (folder / "calendars" / "own.toml").unlink()
    assert "world-mental-health-day" in days_of(folder)


def test_the_vocabulary_is_read_without_a_problem(folder: Path) -> None:
    topics, problems = read_topics(folder)
    assert problems == []
    assert "depression" in topics
