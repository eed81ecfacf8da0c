"""posts.jsonl: one JSON object a line, each id once."""

import json
from typing import Any

from scheduler.channels.disk import Folder
from scheduler.errors import Refused
from scheduler.nouns import Key, Post

FILE = "posts.jsonl"

# Line ends to some readers, though not to JSON.
_ODD_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


class JsonlFormat:
    """The file is its own memory: a new line is added, a known one is put again in its place."""

    def compose(self, post: Post, key: Key) -> dict[str, Any]:
        return {
            "id": key.marker,
            "key": str(key),
            "day": key.day,
            "first": key.first.isoformat(),
            "channel": key.channel,
            "text": post.text,
            "title": post.title,
            "url": post.link,
        }

    def write(self, folder: Folder, item: dict[str, Any]) -> str:
        lines = _lines(folder)
        lines[item["id"]] = _line(item)
        folder.write(FILE, b"".join(line + b"\n" for line in lines.values()))
        return FILE

    def find(self, folder: Folder, item: dict[str, Any]) -> str | None:
        return FILE if _lines(folder).get(item["id"]) == _line(item) else None


def _line(item: dict[str, Any]) -> bytes:
    return json.dumps(item, ensure_ascii=False).translate(_ODD_ENDS).encode()


def _lines(folder: Folder) -> dict[str, bytes]:
    """Each line by its id, in the file's order."""
    lines = {}
    for number, line in enumerate((folder.read(FILE) or b"").split(b"\n"), 1):
        if line.strip():
            lines[_id(line, number)] = line
    return lines


def _id(line: bytes, number: int) -> str:
    try:
        return str(json.loads(line)["id"])
    except (ValueError, RecursionError, TypeError, KeyError):
        raise Refused(
            f"line {number} of {FILE} is no JSON object with an id, and nothing was written. "
            "Mend or remove that line"
        ) from None
