"""A text as the guard reads it: its plain form, in sentences and clauses."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import regex

from scheduler.guard.normalise import Plain
from scheduler.guard.patterns import TIMEOUT, compiled

_LONGEST = 600
_END = regex.compile(r"""[.!?…]+["')\]]*(?=\s|$)|\n+""")
_ABBREVIATION = regex.compile(
    r"(?:^|[\s(])(?:dr|mr|mrs|ms|prof|st|vs|e\.g|i\.e|approx|fig|al|jr|sr|[a-z]\.[a-z])\.$",
    regex.IGNORECASE,
)
_BULLET = regex.compile(r"\s*(?:[•\-–—*]|\d{1,2}[.)])\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A part of the plain text; `lead` is the number of the line "…:" that heads its list."""

    start: int
    end: int
    line: int
    question: bool
    lead: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The plain form with its sentences in order and the places where clauses break."""

    plain: Plain
    sentences: tuple[Sentence, ...]
    starts: tuple[int, ...]
    breaks: tuple[tuple[int, int], ...]

    @property
    def text(self) -> str:
        return self.plain.text

    def number_at(self, position: int) -> int:
        """The number of the sentence at a position."""
        return max(0, bisect_right(self.starts, position) - 1)

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """Where the clause around a part of one sentence begins and ends."""
        sentence = self.sentences[self.number_at(start)]
        before = bisect_right(self.breaks, (start, start)) - 1
        after = bisect_left(self.breaks, (end, end))
        low, high = sentence.start, max(sentence.end, end)
        if before >= 0 and self.breaks[before][1] <= start:
            low = max(low, self.breaks[before][1])
        if after < len(self.breaks):
            high = min(high, self.breaks[after][0])
        return low, high

    def words(self, number: int) -> str:
        """The text of one sentence; empty before the first and after the last."""
        if not 0 <= number < len(self.sentences):
            return ""
        return self.text[self.sentences[number].start : self.sentences[number].end]

    def in_link(self, start: int, end: int) -> bool:
        return any(low < end and start < high for low, high in self.plain.links)


def read(plain: Plain, clause_breaks: str) -> Reading:
    """The sentences and clauses of a plain text; `clause_breaks` is a pattern."""
    found = compiled(clause_breaks).finditer(plain.text, timeout=TIMEOUT)
    sentences = tuple(_sentences(plain.text))
    return Reading(
        plain=plain,
        sentences=sentences,
        starts=tuple(sentence.start for sentence in sentences),
        breaks=tuple((match.start(), match.end()) for match in found),
    )


def _sentences(text: str) -> list[Sentence]:
    sentences: list[Sentence] = []
    line, lead, start = 0, None, 0
    for stop, after in _cuts(text):
        bullet = _BULLET.match(text, start, stop) is not None
        if start < stop:
            heads = lead if bullet else None
            question = "?" in text[max(start, stop - 4) : stop]
            sentences.append(
                Sentence(start=start, end=stop, line=line, question=question, lead=heads)
            )
            if text[start:stop].rstrip().endswith(":"):
                lead = len(sentences) - 1
            elif not bullet:
                lead = None
        line += text.count("\n", stop, after)
        start = after
    return sentences or [Sentence(start=0, end=len(text), line=0, question=False, lead=None)]


def _cuts(text: str) -> list[tuple[int, int]]:
    """Where sentences end and the next begin; a monster is cut so that nothing grows with it."""
    cuts: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text, timeout=TIMEOUT):
        newline = match.group().startswith("\n")
        stop = match.start() if newline else match.end()
        if not newline and _goes_on(text, start, stop):
            continue
        cuts += _pieces(text, start, stop)
        cuts.append((stop, _skip(text, match.end())))
        start = cuts[-1][1]
    if start < len(text):
        cuts += [*_pieces(text, start, len(text)), (len(text), len(text))]
    return cuts


def _goes_on(text: str, start: int, stop: int) -> bool:
    """A full stop that ends no sentence: "Dr.", "e.g.", "2." at the head of a list."""
    if text[stop - 1] != ".":
        return False
    if _ABBREVIATION.search(text, max(start, stop - 12), stop):
        rest = text[stop : stop + 2].strip()
        return bool(rest)
    return text[start : stop - 1].strip().isdigit() and stop - start <= 4


def _pieces(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    cuts = []
    while stop - start > _LONGEST:
        space = text.rfind(" ", start + 1, start + _LONGEST)
        start = space if space > start else start + _LONGEST
        cuts.append((start, start))
    return cuts


def _skip(text: str, position: int) -> int:
    """Past spaces, but not past the end of the line."""
    while position < len(text) and text[position] in " \t":
        position += 1
    return position
