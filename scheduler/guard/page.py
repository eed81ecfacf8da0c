"""One text under the guard's eyes: which signals it gives, where."""

from dataclasses import dataclass, field

import regex

from scheduler.guard.audience import Audience, audience_of
from scheduler.guard.crisis import CrisisLine
from scheduler.guard.normalise import normalise
from scheduler.guard.patterns import TIMEOUT, compiled, found
from scheduler.guard.reading import Reading, read
from scheduler.guard.rules import Rules, Signal
from scheduler.guard.scope import asserted

_HITS = 400
_TRIES = 4000
_SHORT = 600


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Hit:
    """A place in the plain text where a signal is given."""

    start: int
    end: int


@dataclass(slots=True, kw_only=True)
class Page:
    """A read text with the rules that judge it; remembers the signals it was asked for."""

    reading: Reading
    rules: Rules
    audience: Audience
    names: tuple[str, ...] = ()
    lines: tuple[CrisisLine, ...] = ()
    lower: str = ""
    seen: dict[str, tuple[Hit, ...]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.reading.text

    def hits(self, signal_id: str) -> tuple[Hit, ...]:
        """Every place where a signal is given, in order, at most 400 of them.

        TimeoutError where too many places must be weighed: what was not weighed must not pass.
        """
        if signal_id not in self.seen:
            self.seen[signal_id] = _hits(self, self.rules.signals[signal_id])
        return self.seen[signal_id]

    def sentence(self, hit: Hit) -> str:
        return self.reading.words(self.reading.number_at(hit.start))

    def number(self, hit: Hit) -> int:
        return self.reading.number_at(hit.start)


def page_of(
    text: str,
    places: tuple[str, ...],
    rules: Rules,
    *,
    names: tuple[str, ...] = (),
    lines: tuple[CrisisLine, ...] = (),
) -> Page:
    """The page of a text; `places` is its audience, `names` and `lines` are the site's own."""
    reading = read(normalise(text, rules.tag_words), rules.scope.clause_breaks)
    return Page(
        reading=reading,
        rules=rules,
        audience=audience_of(places, rules.audiences),
        names=names,
        lines=lines,
        lower=f" {reading.text.lower()}",
    )


def _hits(page: Page, signal: Signal) -> tuple[Hit, ...]:
    names = page.names if signal.names else ()
    if not all(any(hint in page.lower for hint in hints) for hints in signal.hints):
        return _named(page, names)
    kept: list[Hit] = []
    pattern, position = compiled(signal.pattern), 0
    for _ in range(_TRIES):
        match = pattern.search(page.text, position, timeout=TIMEOUT)
        if match is None or len(kept) >= _HITS:
            return tuple(sorted({*kept, *_named(page, names)}))
        hit = Hit(start=match.start(), end=match.end())
        if hit.end > hit.start and _stands(page, signal, hit):
            kept.append(hit)
            position = hit.end
        else:
            position = hit.start + 1
    raise TimeoutError("too many places to weigh")


def _named(page: Page, names: tuple[str, ...]) -> tuple[Hit, ...]:
    """Where the site's own product names stand."""
    found_names = []
    for name in filter(None, (name.strip().lower() for name in names)):
        for match in regex.finditer(rf"(?i)(?<!\w){regex.escape(name)}(?!\w)", page.text):
            found_names.append(Hit(start=match.start(), end=match.end()))
    return tuple(sorted(found_names))


def _stands(page: Page, signal: Signal, hit: Hit) -> bool:
    """Whether a match is meant: not in an address, about the subject, not excepted, not denied."""
    if not signal.links and page.reading.in_link(hit.start, hit.end):
        return False
    sentence = page.sentence(hit)
    if signal.unless_sentence and found(signal.unless_sentence, sentence):
        return False
    if signal.unless and _excepted(page, signal.unless, hit):
        return False
    if signal.subject and not _about(page, signal.subject, hit):
        return False
    return not signal.asserted or asserted(page.reading, page.rules.scope, hit.start, hit.end)


def _excepted(page: Page, unless: str, hit: Hit) -> bool:
    sentence = page.reading.sentences[page.number(hit)]
    low, high = sentence.start, max(sentence.end, hit.end)
    for match in compiled(unless).finditer(page.text, low, high, timeout=TIMEOUT):
        if match.start() < hit.end and hit.start < match.end():
            return True
    return False


def _about(page: Page, subject: str, hit: Hit) -> bool:
    """The subject stands in the sentence or near it; in a short text, anywhere."""
    if found(subject, page.text, hit.start, hit.end) or found(subject, page.sentence(hit)):
        return True
    if len(page.text) <= _SHORT:
        return found(subject, page.text)
    number = page.number(hit)
    return any(found(subject, page.reading.words(near)) for near in (number - 1, number - 2))
