"""posts.ics: one all-day event a post (RFC 5545), each UID once."""

import re
from datetime import date, timedelta
from typing import Any

from scheduler.channels.disk import Folder
from scheduler.errors import Refused
from scheduler.nouns import Key, Post, instant, stamp

FILE = "posts.ics"

_EVENT = re.compile(rb"^BEGIN:VEVENT\r?\n.*?^END:VEVENT\r?\n", re.DOTALL | re.MULTILINE)
_UID = re.compile(rb"^UID:(.*?)\r?$", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class IcsFormat:
    """The file is its own memory; events that others put in stay as they are."""

    def __init__(self, title: str) -> None:
        self._title = title

    def compose(self, post: Post, key: Key) -> dict[str, Any]:
        return {
            "uid": f"{key.marker}@{key.site}",
            "summary": post.title or post.day_name,
            "description": post.text,
            "url": post.link,
            "first": post.first.isoformat(),
            "last": post.last.isoformat(),
            "stamp": stamp(post.due_at),
        }

    def write(self, folder: Folder, item: dict[str, Any]) -> str:
        events = _events(folder) | {item["uid"].encode(): _event(item)}
        head, foot = _frame(self._title)
        folder.write(FILE, head + b"".join(events.values()) + foot)
        return FILE

    def find(self, folder: Folder, item: dict[str, Any]) -> str | None:
        return FILE if _events(folder).get(item["uid"].encode()) == _event(item) else None


def _events(folder: Folder) -> dict[bytes, bytes]:
    """Each event's own bytes by its UID, in the file's order."""
    there = folder.read(FILE) or b""
    if there.strip() and not there.lstrip(b"\xef\xbb\xbf").startswith(b"BEGIN:VCALENDAR"):
        raise Refused(f"{FILE} is no calendar, and nothing was written. Move that file away")
    events = _EVENT.findall(there)
    names = [_UID.search(event) for event in events]
    return {
        name.group(1) if name else event: event for name, event in zip(names, events, strict=True)
    }


def _event(item: dict[str, Any]) -> bytes:
    # Imported here: it costs more than all the rest of a plan that has no calendar.
    from icalendar import Event

    event = Event()
    event.add("uid", item["uid"])
    event.add("dtstamp", instant(item["stamp"]))
    event.add("dtstart", date.fromisoformat(item["first"]))
    event.add("dtend", date.fromisoformat(item["last"]) + timedelta(days=1))  # exclusive
    event.add("summary", _clean(item["summary"]).replace("\n", " "))
    event.add("description", _clean(item["description"]))
    if item["url"]:
        event.add("url", _clean(item["url"]))
    event.add("transp", "TRANSPARENT")
    written: bytes = event.to_ical()
    return written


def _frame(title: str) -> tuple[bytes, bytes]:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Redletter//redletter//EN")
    calendar.add("x-wr-calname", _clean(title))
    head, end, rest = calendar.to_ical().partition(b"END:VCALENDAR")
    return head, end + rest


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
