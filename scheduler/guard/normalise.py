"""One plain form of any text, and the way back to the text as it was given.

Fancy letters, look-alike letters, invisible characters, "n0n-addictive" and hashtags in one word
read as what they mean; every position of the plain form knows the code points it came from.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import regex

from scheduler.guard.patterns import TIMEOUT

_DROPPED = frozenset("®©™℠\u034f")
_SAME = {
    **dict.fromkeys("‘’‚‛′´`ʼ＇", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‧⁃", "-"),
    **dict.fromkeys("‒–—―−", "—"),
    **{chr(0x1F150 + i): chr(0x41 + i) for i in range(26)},
    **{chr(0x1F170 + i): chr(0x41 + i) for i in range(26)},
}
# Letters of other alphabets that look like Latin ones (Unicode confusables, the common part).
_LOOKALIKE = str.maketrans(
    "аесорхуіѕјкмтвнԁԛԝАВЕКМНОРСТХІЅЈοαεικνρτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aecopxyisjkmtbhdqwABEKMHOPCTXISJoaeikvptuxABEZHIKMNOPTYX",
)
_LEET = str.maketrans("01345789@$", "oieastbgas")

_LINK = regex.compile(
    r"(?:https?://|www\.)\S+"
    r"|(?<![\w@.])(?:[\w\-]+\.)+(?:com|org|net|gov|edu|mil|int|example|health|clinic|info|io|uk|ca"
    r"|au|nz|ie|eu|us|co)(?![\w.@])(?:/\S*)?"
    r"|(?<![\w@.])(?:[\w\-]+\.)+[a-z]{2,12}/\S*",
    regex.IGNORECASE,
)
_MIXED = regex.compile(r"(?=\w*[A-Za-z])\w*[\p{Cyrillic}\p{Greek}]\w*")
_ODD = regex.compile(
    r"(?<![\w@$.])[A-Za-z]+(?:(?:[01345789@]|\$(?!\d)){1,2}[A-Za-z]+)+(?![\w@$]|\.\w)"
)
_ODD_END = regex.compile(r"(?<![\w@$.])[A-Za-z]{2,}[A-Za-z03]*[A-Za-z][03](?![\w@$]|\.\w)")
_RUN = regex.compile(r"[^\S\n]{3,}|\n{3,}")
_PERCENT = regex.compile(r"(?<=\d)\s+(?=%)")
_MARKUP = regex.compile(r"(?m)(?<=^[ \t]*)\*(?=\s)|[*`~]+|_")
_TAG = regex.compile(r"[#@][\p{L}\p{N}_]+")
_HUMP = regex.compile(
    r"(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})|(?<=\p{L})(?=\p{N})"
)

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """The plain form; `starts[i]`, `ends[i]` are the code points of `given` behind `text[i]`."""

    given: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    links: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the text as given."""
        if start >= end:
            return (0, 0)
        return min(self.starts[start:end]), max(self.ends[start:end])


def normalise(given: str, tag_words: Iterable[str] = ()) -> Plain:
    """The plain form of any text; `tag_words` split hashtags written in small letters."""
    draft = _folded(given)
    draft = _edited(draft, _lookalikes(draft.text))
    links = [match.span() for match in _LINK.finditer(draft.text, timeout=TIMEOUT)]
    words = frozenset(tag_words)
    for edits in (_odd_letters, _spacing, lambda text: _tags(text, words)):
        draft = _edited(draft, _outside(edits(draft.text), links))
        links = [match.span() for match in _LINK.finditer(draft.text, timeout=TIMEOUT)]
    return Plain(
        given=given,
        text=draft.text,
        starts=tuple(draft.starts),
        ends=tuple(draft.ends),
        links=tuple(links),
    )


@dataclass(slots=True, kw_only=True)
class _Draft:
    text: str
    starts: list[int]
    ends: list[int]


def _folded(given: str) -> _Draft:
    """NFKC and beyond: no accents, no invisible characters, one kind of quote and dash."""
    if given.isascii():
        return _Draft(
            text=given, starts=list(range(len(given))), ends=list(range(1, len(given) + 1))
        )
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(given):
        plain = _plain(character)
        if not plain and characters and unicodedata.combining(character):
            ends[-1] = position + 1  # an accent belongs to its letter
        characters.extend(plain)
        starts.extend([position] * len(plain))
        ends.extend([position + 1] * len(plain))
    return _Draft(text="".join(characters), starts=starts, ends=ends)


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if character in _DROPPED:
        return ""
    if character in _SAME:
        return _SAME[character]
    superscript = unicodedata.decomposition(character).startswith("<super>")
    if superscript and unicodedata.numeric(character, None) is not None:
        return ""  # the mark of a footnote
    folded = unicodedata.normalize("NFKD", character)
    return "".join(_SAME.get(c, c) for c in folded if unicodedata.category(c) not in {"Mn", "Cf"})


def _lookalikes(text: str) -> list[Edit]:
    if text.isascii():
        return []
    found = _MIXED.finditer(text, timeout=TIMEOUT)
    return [(m.start(), m.end(), m.group().translate(_LOOKALIKE)) for m in found]


def _odd_letters(text: str) -> list[Edit]:
    """Digits and signs used as letters; "24h", "3rd" and "B12" stay as they are."""
    found = [*_ODD.finditer(text, timeout=TIMEOUT), *_ODD_END.finditer(text, timeout=TIMEOUT)]
    edits = [(m.start(), m.end(), m.group().translate(_LEET)) for m in found]
    return _apart(edits)


def _apart(edits: list[Edit]) -> list[Edit]:
    """The edits in order of place, without those that begin inside an earlier one."""
    kept: list[Edit] = []
    for edit in sorted(edits):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    return kept


def _spacing(text: str) -> list[Edit]:
    """ "100 %" in one piece; marks of emphasis gone, a bullet made of a star kept as a bullet."""
    edits: list[Edit] = [(m.start(), m.end(), "") for m in _PERCENT.finditer(text, timeout=TIMEOUT)]
    for match in _MARKUP.finditer(text, timeout=TIMEOUT):
        sign = match.group()
        bullet = sign == "*" and text[match.end() : match.end() + 1].isspace()
        line = text.rfind("\n", 0, match.start()) + 1
        if bullet and not text[line : match.start()].strip():
            edits.append((match.start(), match.end(), "•"))
        else:
            edits.append((match.start(), match.end(), " " if sign == "_" else ""))
    for match in _RUN.finditer(text, timeout=TIMEOUT):
        edits.append((match.start(), match.end(), "\n\n" if "\n" in match.group() else " "))
    return _apart(edits)


def _tags(text: str, words: frozenset[str]) -> list[Edit]:
    edits: list[Edit] = []
    for match in _TAG.finditer(text, timeout=TIMEOUT):
        cuts = [cut.start() for cut in _HUMP.finditer(text, match.start() + 1, match.end())]
        cuts = cuts or _segments(text, match.start() + 1, match.end(), words)
        edits.extend((cut, cut, " ") for cut in cuts)
    return edits


def _segments(text: str, start: int, end: int, words: frozenset[str]) -> list[int]:
    """Where to cut "#ketaminetherapy"; the longest known word first, rests left whole."""
    name = text[start:end].lower()
    cuts: set[int] = set()
    position = 0
    longest = max(map(len, words), default=0)
    while position < len(name):
        ends = range(min(len(name), position + longest), position + 2, -1)
        found = next((stop for stop in ends if name[position:stop] in words), None)
        if found is None:
            position += 1
        else:
            cuts |= {position, found}
            position = found
    return sorted(start + cut for cut in cuts if 0 < cut < len(name))


def _outside(edits: list[Edit], links: list[tuple[int, int]]) -> list[Edit]:
    """The edits that do not touch an address."""
    starts = [start for start, _ in links]
    kept = []
    for edit in edits:
        before = bisect_right(starts, edit[0]) - 1
        if before < 0 or edit[0] >= links[before][1]:
            kept.append(edit)
    return kept


def _edited(draft: _Draft, edits: list[Edit]) -> _Draft:
    """The edits made, in order of place; same length keeps each place, else the whole is meant."""
    if not edits:
        return draft
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    edges: list[Edit] = [(0, 0, ""), *edits]
    bounds = [*pairwise(edges), (edges[-1], (len(draft.text), len(draft.text), ""))]
    for (low, high, new), (after, _, _) in bounds:
        text.append(new)
        if len(new) == high - low:
            starts += draft.starts[low:high]
            ends += draft.ends[low:high]
        else:
            place = _place(draft, low, high)
            starts += [place[0]] * len(new)
            ends += [place[1]] * len(new)
        text.append(draft.text[high:after])
        starts += draft.starts[high:after]
        ends += draft.ends[high:after]
    return _Draft(text="".join(text), starts=starts, ends=ends)


def _place(draft: _Draft, low: int, high: int) -> tuple[int, int]:
    if low == high:  # an inserted space has no width
        edge = draft.starts[low] if low < len(draft.starts) else 0
        return edge, edge
    return draft.starts[low], draft.ends[high - 1]
