"""The words that a `when` is made of, and what to say about one that is none of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from scheduler.days.rules import Month, Nth, Weekday

MONTHS = {str(month).lower(): month for month in Month}
WEEKDAYS = {str(weekday).lower(): weekday for weekday in Weekday}
NTHS: dict[str, Nth] = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "last": -1,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
}
UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
OTHER_STARTS = ("easter", "orthodox", "day", "week")

T = TypeVar("T")

_SHORT = (
    {month[:3]: month for month in MONTHS}
    | {weekday[:3]: weekday for weekday in WEEKDAYS}
    | {"sept": "september", "tues": "tuesday", "thur": "thursday", "thurs": "thursday"}
)
_SIGNS = {"–": "-", "−": "-"}
_WORD = re.compile(r"\d+(?:st|nd|rd|th)?(?![^\W_])|[^\W_]+(?:['’][^\W_]+)*\.?|\S", re.IGNORECASE)


class WhenError(ValueError):
    """A rule that is not understood; `str()` is a sentence for staff that names the word.

    `word` stands at `position` (counted from 0) in the text; it is empty where the text ends
    too early, and `position` is then the text's length.
    """

    def __init__(self, word: str, position: int, what: str) -> None:
        self.word, self.position, self.what = word, position, what
        super().__init__(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it was typed, and in the one form that the grammar knows: lower case, in full."""

    typed: str
    plain: str
    position: int


@dataclass(slots=True, kw_only=True)
class Reader:
    """The words of one rule that are still to be read, from the left."""

    text: str
    rest: list[Word]
    depth: int = 0

    def ahead(self, place: int = 0) -> str:
        return self.rest[place].plain if place < len(self.rest) else ""

    def place(self) -> Word:
        """The next word, or an empty one at the end of the text."""
        return self.rest[0] if self.rest else Word(typed="", plain="", position=len(self.text))

    def take(self, *wanted: str) -> bool:
        """Whether one of these words comes next; if so, it is passed."""
        found = self.ahead() in wanted
        if found:
            del self.rest[0]
        return found

    def need(self, *wanted: str) -> None:
        if not self.take(*wanted):
            raise self.wrong(f'"{wanted[0]}"', wanted)

    def one_of(self, vocabulary: Mapping[str, T], expected: str) -> T:
        """What the next word stands for in this vocabulary."""
        if self.ahead() not in vocabulary:
            raise self.wrong(expected, vocabulary)
        return vocabulary[self.rest.pop(0).plain]

    def wrong(self, expected: str, vocabulary: Iterable[str] = ()) -> WhenError:
        """The error for the next word, with the wanted word that it looks like."""
        word = self.place()
        if not word.typed:
            what = f"the rule ends too early: expected {expected}"
        elif (number(word.plain) or 0) >= 1000:
            what = (
                f'"{word.typed}" looks like a year, but a rule holds for every year: leave it out,'
                " or give the dates of single years in `dates`"
            )
        else:
            what = f'"{word.typed}" is not understood here: expected {expected}'
            guess = meant(word.plain, vocabulary)
            what += f'; did you mean "{guess}"?' if guess else ""
        return WhenError(word.typed, word.position, what)


def words(text: str) -> list[Word]:
    """The text's words, numbers and signs in order; "the" says nothing and is left out."""
    found = (
        Word(typed=piece.group(), plain=_plain(piece.group()), position=piece.start())
        for piece in _WORD.finditer(text)
    )
    return [word for word in found if word.plain != "the"]


def number(plain: str) -> int | None:
    """The number of "10" or "10th"; None for any other word."""
    digits = re.fullmatch(r"([0-9]{1,4})(st|nd|rd|th)?", plain)
    return int(digits.group(1)) if digits else None


def meant(plain: str, wanted: Iterable[str]) -> str:
    """The wanted word that this one looks like, as a person would write it; "" for none."""
    close = get_close_matches(plain, [word for word in wanted if len(word) > 2], n=1, cutoff=0.7)
    if not close:
        return ""
    names = (*MONTHS, *WEEKDAYS, "easter", "orthodox")
    return close[0].capitalize() if close[0] in names else close[0]


def _plain(typed: str) -> str:
    word = typed.lower()
    return _SIGNS.get(word) or _SHORT.get(word.rstrip("."), word)
