"""Read TOML, and note where each key stands.

tomllib gives the values; the scanner reads the same text once more for the places. It relies on
tomllib having accepted the text, so it only has to find, never to judge.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from scheduler.errors import ContentError, Problem

Path = tuple[str | int, ...]

LARGEST = 1_000_000  # characters; the largest shipped calendar is far below a tenth of it
DEEPEST = 32  # levels of tables and arrays; no setting needs more than five

_BARE = r"[A-Za-z0-9_-]+"
_ON_ONE_LINE = r'"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'"
_KEY = re.compile(rf"{_BARE}|{_ON_ONE_LINE}")
_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_STRING = re.compile(
    # Up to two quotes may stand directly before the three that close.
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|' + r"'''.*?'''(?:'{0,2})|" + _ON_ONE_LINE,
    re.DOTALL,
)
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:[^\s,\]}#]*|[^\s,\]}#]+")
_ESCAPE = re.compile(r"\\(?:u.{4}|U.{8}|[ \t]*\n\s*|.)", re.DOTALL)
# tomllib needs quadratic time for a key of many parts: such a text is refused unread.
_LONG_KEY = re.compile(
    rf"(?<![\w-])(?:(?:{_BARE}|{_ON_ONE_LINE})[ \t]*\.[ \t]*){{{DEEPEST}}}(?=[\w\"'-])"
)
# int() refuses more than 4,300 digits with an error that has no place.
_LONG_NUMBER = re.compile(r"(?<![\w.\"'])[+-]?[0-9_]{1000}")
_COMPLAINT = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


class Places:
    """Line and column, both from 1, of every key of one TOML text."""

    __slots__ = ("_first_line", "_keys", "_starts", "_text", "_values")

    def __init__(self, text: str, first_line: int = 1) -> None:
        self._text = text
        self._first_line = first_line
        self._starts = [0] + [found.end() for found in re.finditer("\n", text)]
        self._keys: dict[Path, int] = {}
        self._values: dict[Path, int] = {}

    def at(self, *path: str | int) -> tuple[int, int]:
        """Where the key stands; for an absent one, its nearest parent that is there.

        A table stands at its `[header]`, an array's entry at its value.
        """
        while path and path not in self._keys:
            path = path[:-1]
        return self.place(self._keys.get(path, 0))

    def inside(self, *path: str | int, offset: int = 0) -> tuple[int, int]:
        """Where the character `offset` of a text value stands; elsewhere like `at`."""
        start = self._values.get(path)
        found = None if start is None else _STRING.match(self._text, start)
        if not found:
            return self.at(*path)
        return self.place(_character(found, offset))

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a position in the text."""
        line = bisect_right(self._starts, position)
        return line - 1 + self._first_line, position - self._starts[line - 1] + 1

    def note(self, path: Path, position: int) -> None:
        """Remember a key; a table that is named again keeps its first place."""
        self._keys.setdefault(path, position)

    def note_value(self, path: Path, position: int) -> None:
        self._values[path] = position

    def __contains__(self, path: Path) -> bool:
        return path in self._keys

    def __iter__(self) -> Iterator[Path]:
        return iter(self._keys)


def read_toml(text: str, file: str, first_line: int = 1) -> tuple[dict[str, Any], Places]:
    """The values and their places; raises ContentError, with the place, on what is no TOML.

    `first_line` is the line of `file` on which the text begins (front matter).
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    places = Places(text, first_line)
    _refuse_monsters(text, file, places)
    try:
        table = tomllib.loads(text)
        _Scanner(text, places).document()
    except RecursionError:
        raise ContentError([_too_deep(file, *places.at())]) from None
    except ValueError as error:
        raise ContentError([_complaint(str(error), text, file, places)]) from None
    return table, places


def _refuse_monsters(text: str, file: str, places: Places) -> None:
    if len(text) > LARGEST:
        raise ContentError(
            [
                Problem(
                    file=file,
                    what=f"the file is longer than {LARGEST:,} characters",
                    cure="Split it, or look whether something else was saved under this name.",
                )
            ]
        )
    if found := _LONG_KEY.search(text):
        raise ContentError([_too_deep(file, *places.place(found.start()))])
    if found := _LONG_NUMBER.search(text):
        line, column = places.place(found.start())
        what = "this number has more than a thousand digits"
        raise ContentError(
            [Problem(file=file, line=line, column=column, what=what, cure="Shorten it.")]
        )


def _too_deep(file: str, line: int, column: int) -> Problem:
    return Problem(
        file=file,
        line=line,
        column=column,
        what=f"tables or lists are nested more than {DEEPEST} deep",
        cure="No setting needs that: close the brackets that were left open.",
    )


_CURES = (
    ("Cannot overwrite", "this name was given a value before", "Keep one of the two lines."),
    ("Cannot declare", "this table stands twice", "Join the two into one table."),
    ("Cannot mutate", "this table was closed before", "Join the two into one table."),
    ("Duplicate inline table key", "this name stands twice", "Keep one of the two."),
    ("Expected '='", "an equals sign is missing", 'A setting is written name = "value".'),
    ("Unterminated string", "a text is not closed", "Add the missing quotation mark."),
    ("Illegal character '\\n'", "a text is not closed", "Add the missing quotation mark."),
    ("Unclosed array", "a list is not closed, or a comma is missing", "Add the missing ] or ,"),
    ("Unclosed inline table", "a table in braces is not closed", "Add the missing } or ,"),
    ("Expected ']", "a table's name is not closed", "A table is written [name] or [[name]]."),
    ("Invalid value", "this value cannot be read", "Texts stand in quotation marks."),
    ("Invalid initial character", "a name is missing here", 'Write name = "value".'),
    ("Invalid statement", "this line cannot be read", 'Write name = "value", or [name].'),
    ("Invalid date", "there is no such date or time", "Write a date as 2027-10-10."),
    (
        "Unescaped '\\'",
        "a backslash stands alone",
        "Write \\\\, or put the text in 'single quotes'.",
    ),
    ("Illegal character", "a character that may not stand here", "Delete it and type it anew."),
    ("Expected newline", "something follows the value", "Put it on a line of its own."),
)


def _complaint(error: str, text: str, file: str, places: Places) -> Problem:
    """What tomllib said, in words for staff."""
    found = _COMPLAINT.fullmatch(error)
    said = found[1] if found else error
    if found and found[2]:
        line, column = int(found[2]) + places.at()[0] - 1, int(found[3])
    else:
        line, column = places.place(len(text.rstrip()))
    for begin, what, cure in _CURES:
        if said.startswith(begin):
            return Problem(file=file, line=line, column=column, what=what, cure=cure)
    what = f"this is no TOML: {said[:1].lower()}{said[1:]}"
    return Problem(file=file, line=line, column=column, what=what, cure="See https://toml.io.")


def _character(string: re.Match[str], offset: int) -> int:
    """The position of a string's character; an escape counts as the one it stands for."""
    text, start, quote = string.string, string.start(), string[0][0]
    several = len(string[0]) > 5 and text.startswith(quote * 3, start)
    position = start + (3 if several else 1)
    if several and text.startswith("\n", position):
        position += 1  # a line's end right after the opening quotes is not part of the text
    while position < string.end():
        escape = _ESCAPE.match(text, position) if quote == '"' else None
        joins_lines = bool(escape) and text[position + 1] in " \t\n"
        if not joins_lines and offset <= 0:
            break
        position = escape.end() if escape else position + 1
        offset -= 0 if joins_lines else 1
    return position


class _Scanner:
    """Walks a text that tomllib accepted and notes every key's place."""

    def __init__(self, text: str, places: Places) -> None:
        self._text = text
        self._places = places
        self._at = 0
        self._lengths: dict[Path, int] = {}  # how many [[tables]] each array has so far

    def document(self) -> None:
        table: Path = ()
        self._gap()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._gap()

    def _header(self) -> Path:
        start = self._at
        array = self._text.startswith("[[", start)
        self._at += 2 if array else 1
        names = [name for name, _ in self._dotted()]
        path: Path = ()
        for name in names[:-1]:
            path = (*path, name)
            self._places.note(path, start)
            path = self._newest(path)
        path = (*path, names[-1])
        self._places.note(path, start)
        if array:
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._newest(path)
            self._places.note(path, start)
        self._gap()
        self._at += 2 if array else 1
        return path

    def _newest(self, path: Path) -> Path:
        """The table that a header's name stands for: the last one of an array of tables."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _dotted(self) -> list[tuple[str, int]]:
        """The parts of a key, each with its position."""
        parts: list[tuple[str, int]] = []
        while True:
            self._gap()
            found = _KEY.match(self._text, self._at)
            assert found, "tomllib accepted this text"
            parts.append((_plain(found[0]), self._at))
            self._at = found.end()
            self._gap()
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _pair(self, table: Path) -> None:
        path = table
        for name, position in self._dotted():
            path = (*path, name)
            self._places.note(path, position)
        self._at += 1  # the equals sign
        self._gap()
        self._value(path)

    def _value(self, path: Path) -> None:
        if len(path) > DEEPEST:
            raise RecursionError
        self._places.note_value(path, self._at)
        first = self._text[self._at]
        if first == "[":
            self._members(path, "]")
        elif first == "{":
            self._members(path, "}")
        else:
            found = (_STRING if first in "\"'" else _SCALAR).match(self._text, self._at)
            assert found, "tomllib accepted this text"
            self._at = found.end()

    def _members(self, path: Path, closing: str) -> None:
        """The entries of an array, or the pairs of a table in braces."""
        self._at += 1
        count = 0
        self._gap()
        while not self._text.startswith(closing, self._at):
            if closing == "]":
                self._places.note((*path, count), self._at)
                self._value((*path, count))
                count += 1
            else:
                self._pair(path)
            self._gap()
            if self._text.startswith(",", self._at):
                self._at += 1
                self._gap()
        self._at += 1

    def _gap(self) -> None:
        found = _GAP.match(self._text, self._at)
        self._at = found.end() if found else self._at


def _plain(key: str) -> str:
    """A key without its quotation marks."""
    return str(tomllib.loads(f"k = {key}")["k"]) if key[0] in "\"'" else key
