"""Makes a rendered text as short as its channel wants it, and never cuts what must stay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.drafting.marks import KEEP_CLOSE, KEEP_OPEN, without_marks
from scheduler.errors import NoRoom
from scheduler.nouns import Form, Limits
from scheduler.text import length, sentence_spans

ELLIPSIS = "…"
FEWEST_WORDS = 3
"""A sentence cut down to fewer words than this says nothing; it is dropped whole."""

_KEPT = re.compile(f"{KEEP_OPEN}([^{KEEP_OPEN}{KEEP_CLOSE}]*){KEEP_CLOSE}([.,;:!?…]*)")
_WIDE = re.compile(r"[ \t]{2,}")
_TALL = re.compile(r"\n{3,}")
_WORD = re.compile(r"\S+")
_DANGLING = " \t\n,;:–—-(\"'“‘/&"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """A kept part or one sentence, with the blank space that stands before it."""

    gap: str
    text: str
    kept: bool


def fit(rendered: str, limits: Limits) -> str:
    """The text without marks, no longer than the limit in the service's own counting.

    Parts inside `keep` marks stay in place, word for word. Too long a text loses whole sentences
    from its end; only where not one would be left, the first is cut at a word and ends in "…".
    Blank lines and spaces are tidied, except in blog posts, where Markdown needs them.
    Raises NoRoom when the kept parts alone are too long.
    """
    whole = _tidy(without_marks(rendered), limits)
    if limits.text is None or _fits(whole, limits):
        return whole
    units = _units(rendered)
    chosen = _without_last(units, length(whole, limits.counting) - limits.text, limits)
    if chosen is None:
        kept = _joined([unit for unit in units if unit.kept], units, limits)
        raise NoRoom(
            f"what must stay is {length(kept, limits.counting)} long, and the channel takes"
            f" {limits.text}: shorten the risk statement, the crisis line or the disclaimer"
            " in this template"
        )
    return chosen


def _without_last(units: Sequence[_Unit], excess: int, limits: Limits) -> str | None:
    """Drops sentences from the end until the rest fits; None when even the kept parts do not."""
    free = [place for place, unit in enumerate(units) if not unit.kept]
    dropped: set[int] = set()
    while True:
        # Lengths add up almost exactly, and never to less than what goes, so the whole is
        # measured again only when it may fit.
        while free and excess > 0:
            unit = units[free[-1]]
            excess -= length(unit.text, limits.counting) + max(1, len(unit.gap))
            dropped.add(free.pop())
        text = _joined([u for place, u in enumerate(units) if place not in dropped], units, limits)
        if _fits(text, limits):
            return text if free or not dropped else _with_first_words(units, text, limits)
        if not free:
            return None
        excess = 1


def _with_first_words(units: Sequence[_Unit], bare: str, limits: Limits) -> str:
    """The kept parts and as many words of the first sentence as there is room for, else `bare`."""
    place = next(place for place, unit in enumerate(units) if not unit.kept)
    first = units[place]
    words = list(_WORD.finditer(first.text))
    room = (limits.text or 0) - length(bare, limits.counting) - length(ELLIPSIS, limits.counting)
    count = 0
    while count < len(words) and room > 0:
        room -= length(words[count][0], limits.counting) + (count > 0)
        count += 1
    for last in range(min(count, len(words) - 1), FEWEST_WORDS - 1, -1):
        cut = first.text[: words[last - 1].end()].rstrip(_DANGLING) + ELLIPSIS
        shortened = _Unit(gap=first.gap, text=cut, kept=False)
        chosen = [
            shortened if unit is first else unit for unit in units if unit.kept or unit is first
        ]
        text = _joined(chosen, [shortened if unit is first else unit for unit in units], limits)
        if _fits(text, limits):
            return text
    return bare


def _units(rendered: str) -> list[_Unit]:
    units: list[_Unit] = []
    end, space = 0, ""
    for kept in _KEPT.finditer(rendered):
        gap = _add_sentences(units, space + without_marks(rendered[end : kept.start()]))
        body, closing = kept.groups()
        gap += body[: len(body) - len(body.lstrip())]
        space = "" if closing else body[len(body.rstrip()) :]
        units.append(_Unit(gap=gap, text=body.strip() + closing, kept=True))
        end = kept.end()
    _add_sentences(units, space + without_marks(rendered[end:]))
    return units


def _add_sentences(units: list[_Unit], text: str) -> str:
    """Appends the sentences of an unprotected stretch; returns the blank space after the last."""
    end = 0
    for start, stop in sentence_spans(text):
        units.append(_Unit(gap=text[end:start], text=text[start:stop], kept=False))
        end = stop
    return text[end:]


def _joined(chosen: Sequence[_Unit], units: Sequence[_Unit], limits: Limits) -> str:
    """The chosen units with the widest gap of what stood between each two of them."""
    wanted = {id(unit) for unit in chosen}
    parts: list[str] = []
    gap = ""
    for unit in units:
        if len(unit.gap) > len(gap) or "\n" in unit.gap:
            gap = max(gap, unit.gap, key=_width)
        if id(unit) in wanted:
            parts.append(gap + unit.text)
            gap = ""
        else:
            gap = gap or " "
    return _tidy("".join(parts), limits)


def _width(gap: str) -> tuple[int, int]:
    return gap.count("\n"), len(gap)


def _fits(text: str, limits: Limits) -> bool:
    return limits.text is None or length(text, limits.counting) <= limits.text


def _tidy(text: str, limits: Limits) -> str:
    if limits.form is Form.BLOG:
        return text.strip()
    text = "\n".join([line.strip(" \t") for line in text.split("\n")])
    return _TALL.sub("\n\n", _WIDE.sub(" ", text)).strip()
