"""The JSON lines and the calendar of the file channel, and its settings."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from file_channel import opened, send
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pydantic import ValidationError

from scheduler.errors import Refused
from scheduler.nouns import Counting, Form, Key, Limits, Post

KEY = Key(site="s", article="a", day="day", first=date(2027, 10, 10), channel="list")
POST = Post(
    title="",
    text="Talk; it helps, \\ often.\nCall 988.",
    html="",
    link="https://clinic.example/?a=1",
    tags=(),
    language="en",
    day_name="World Mental Health Week",
    first=date(2027, 10, 10),
    last=date(2027, 10, 16),
    due_at=datetime(2027, 10, 10, 15, tzinfo=UTC),
)


def test_a_line_says_what_the_contract_says(tmp_path: Path) -> None:
    receipt = send(opened(tmp_path, format="jsonl"), POST, KEY)
    assert receipt.url == "public/posts.jsonl"
    [line] = (tmp_path / receipt.url).read_text().splitlines()
    assert json.loads(line) == {
        "id": KEY.marker,
        "key": str(KEY),
        "day": "day",
        "first": "2027-10-10",
        "channel": "list",
        "text": POST.text,
        "title": "",
        "url": POST.link,
    }


def test_a_line_sent_again_keeps_its_place(tmp_path: Path) -> None:
    connector = opened(tmp_path, format="jsonl")
    keys = [replace(KEY, round=number) for number in (1, 2, 3)]
    for key in [*keys, keys[0]]:
        send(connector, POST, key)
    lines = (tmp_path / "public/posts.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == [key.marker for key in keys]


@pytest.mark.parametrize("line", ["{", "[]", '"x"', '{"text": 1}', "[" * 50_000])
def test_a_line_that_is_no_post_is_named_and_kept(tmp_path: Path, line: str) -> None:
    connector, file = opened(tmp_path, format="jsonl"), tmp_path / "public/posts.jsonl"
    send(connector, POST, KEY)
    file.write_text(before := file.read_text() + line + "\n")
    with pytest.raises(Refused, match=r"line 2 of posts\.jsonl"):
        send(connector, POST, replace(KEY, round=2))
    assert file.read_text() == before


def test_an_event_lasts_from_the_first_day_to_the_last(tmp_path: Path) -> None:
    receipt = send(opened(tmp_path, format="ics", title="Our days"), POST, KEY)
    calendar = Calendar.from_ical((tmp_path / receipt.url).read_bytes())
    [event] = calendar.walk("VEVENT")
    assert str(event["UID"]) == f"{KEY.marker}@s"
    assert event.decoded("DTSTART") == date(2027, 10, 10)
    assert event.decoded("DTEND") == date(2027, 10, 17)  # exclusive
    assert event.decoded("DTSTAMP") == POST.due_at
    assert str(event["SUMMARY"]) == POST.day_name
    assert str(event["DESCRIPTION"]) == POST.text
    assert str(calendar["X-WR-CALNAME"]) == "Our days"


def test_events_of_others_stay_in_the_calendar(tmp_path: Path) -> None:
    connector, file = opened(tmp_path, format="ics"), tmp_path / "public/posts.ics"
    send(connector, POST, KEY)
    theirs = b"BEGIN:VEVENT\r\nUID:theirs\r\nDTSTAMP:20270101T000000Z\r\nEND:VEVENT\r\n"
    file.write_bytes(file.read_bytes().replace(b"END:VCALENDAR", theirs + b"END:VCALENDAR"))
    for number in (1, 2):
        send(connector, POST, replace(KEY, round=number))
    events = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert len(events) == 3
    assert theirs in file.read_bytes()


def test_a_file_that_is_no_calendar_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public/posts.ics").write_text("my notes")
    with pytest.raises(Refused, match="no calendar"):
        send(opened(tmp_path, format="ics"), POST, KEY)
    assert (tmp_path / "public/posts.ics").read_text() == "my notes"


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=80), min_size=1, max_size=3))
def test_whatever_is_said_stands_once_in_each_list(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    site = tmp_path_factory.mktemp("site")
    for made in ("jsonl", "ics"):
        connector = opened(site, format=made)
        for number, text in enumerate(texts, 1):
            post, key = replace(POST, text=text, title=text), replace(KEY, round=number)
            send(connector, post, key)
            assert connector.find(post, key, {})
    lines = (site / "public/posts.jsonl").read_text().splitlines()
    assert [json.loads(line)["text"] for line in lines] == texts
    events = Calendar.from_ical((site / "public/posts.ics").read_bytes()).walk("VEVENT")
    assert len(events) == len(texts)


def test_each_format_takes_its_form() -> None:
    short = Limits(form=Form.SHORT, text=500, counting=Counting.TEXT)
    blog = Limits(form=Form.BLOG, text=None, counting=Counting.BLOG)
    for made, limits in {"blog": blog, "jsonl": short, "ics": short}.items():
        connector = opened(Path(), format=made)
        assert connector.limits(connector.settings) == limits


@pytest.mark.parametrize(
    "folder",
    ["", ".", "..", "../x", "a/../../x", "/tmp/x", "~/x", "a\\b", "C:x", "posts", "posts/x",
     "calendars", ".git", "a/.hidden", "a\nb", "./posts"],
)  # fmt: skip
def test_a_folder_that_is_not_the_channels_own_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(ValidationError, match="folder"):
        opened(tmp_path, folder=folder)


@pytest.mark.parametrize("folder", ["public", "build/demo", "public/", "./public", "öffentlich"])
def test_a_folder_inside_the_site_is_fine(tmp_path: Path, folder: str) -> None:
    receipt = send(opened(tmp_path, folder=folder, format="jsonl"), POST, KEY)
    assert (tmp_path / receipt.url).is_file()
    assert not receipt.url.startswith(".")


@pytest.mark.parametrize(
    "table", [{"format": "html"}, {"url": "http://clinic.example"}, {"language": "english please"},
              {"title": ""}, {"colour": "red"}],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(tmp_path: Path, table: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        opened(tmp_path, **table)
