"""Whether a claim that stands in a text is made there, or denied, debunked, asked or quoted.

HEALTH.md 2.2.2: "does not cure" is no claim, "isn't usually addictive" is one. All words are data
(`[scope]` in the rule files); this module only knows where to look for them.
"""

from dataclasses import dataclass

from scheduler.guard.patterns import TIMEOUT, compiled, found
from scheduler.guard.reading import Reading

_REACH = 300
"""Code points that a denial may stand before a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The patterns that decide; each is expanded and may be empty, then it never matches."""

    clause_breaks: str = ""
    negators: str = ""
    no_negators: str = ""
    carries: str = ""
    closes: str = ""
    subjects: str = ""
    nor: str = ""
    denied_after: str = ""
    opens_list: str = ""
    asked_after: str = ""
    question: str = ""
    answers_no: str = ""
    answers_yes: str = ""
    myth: str = ""
    fact: str = ""
    called_false: str = ""
    false_before: str = ""
    false_after: str = ""
    reported: str = ""
    warning: str = ""
    advertiser: str = ""
    warned_after: str = ""
    watchdog: str = ""
    others_say: str = ""
    rebuts: str = ""
    wording: str = ""
    quoted: str = ""


def asserted(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    """True where the text itself makes the claim that stands at `start` to `end`."""
    tests = (_negated, _denied_after, _asked, _myth, _debunked, _taught)
    return not any(test(reading, scope, start, end) for test in tests)


def _negated(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    """A negator in the clause before the claim whose scope reaches it."""
    low = max(reading.clause(start, end)[0], start - _REACH)
    text = reading.text
    if _reaching(scope, text, low, start):
        return True
    if found(scope.asked_after, text, low, start):
        return True
    return _list_negated(reading, scope, start, low)


def _reaching(scope: Scope, text: str, low: int, start: int) -> bool:
    for match in compiled(scope.negators).finditer(text, low, start, timeout=TIMEOUT):
        if compiled(scope.no_negators).match(text, match.start(), timeout=TIMEOUT):
            continue
        if _reaches(scope, text, match.end(), start):
            return True
    return False


def _reaches(scope: Scope, text: str, low: int, start: int) -> bool:
    carried = compiled(scope.carries).search(text, low, start, timeout=TIMEOUT)
    closed = compiled(scope.closes).search(text, low, start, timeout=TIMEOUT)
    if closed and not (carried and carried.start() <= closed.start()):
        return found(scope.nor, text, closed.end(), start)
    subject = compiled(scope.subjects).search(text, low, start, timeout=TIMEOUT)
    if subject and not (carried and carried.start() < subject.start()):
        return len(text[low : subject.start()].split()) <= 2
    return True


def _list_negated(reading: Reading, scope: Scope, start: int, low: int) -> bool:
    """ "What ketamine is not: a cure" and the same as the head of a list of bullets."""
    text = reading.text
    sentence = reading.sentences[reading.number_at(start)]
    if sentence.start < low and text[:low].rstrip().endswith(":"):
        return found(scope.opens_list, text, max(sentence.start, low - _REACH), low)
    if sentence.lead is None:
        return False
    lead = reading.sentences[sentence.lead]
    return found(scope.opens_list, text, max(lead.start, lead.end - _REACH), lead.end)


def _denied_after(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    high = min(reading.clause(start, end)[1], end + _REACH)
    return compiled(scope.denied_after).match(reading.text, end, high, timeout=TIMEOUT) is not None


def _asked(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    """A question that is answered by a negative, or a plain question that no yes answers."""
    number = reading.number_at(start)
    sentence = reading.sentences[number]
    if not sentence.question:
        return False
    answer = reading.words(number + 1)
    if compiled(scope.answers_no).match(answer, timeout=TIMEOUT):
        return True
    plain = compiled(scope.question).search(
        reading.text, sentence.start, sentence.end, timeout=TIMEOUT
    )
    return plain is not None and not compiled(scope.answers_yes).match(answer, timeout=TIMEOUT)


def _myth(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    """The sentence behind "Myth:", and a sentence that the next one calls false."""
    number = reading.number_at(start)
    sentence = reading.sentences[number]
    labels = list(
        compiled(scope.myth).finditer(reading.text, sentence.start, start, timeout=TIMEOUT)
    )
    if labels:
        return not found(scope.fact, reading.text, labels[-1].end(), start)
    before = reading.words(number - 1)
    if compiled(scope.myth).fullmatch(before.strip(), timeout=TIMEOUT):
        return True
    return (
        compiled(scope.called_false).match(reading.words(number + 1), timeout=TIMEOUT) is not None
    )


def _debunked(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    """Reported and called false, or warned of, or held against other advertisers."""
    text, number = reading.text, reading.number_at(start)
    sentence = reading.sentences[number]
    first, last = max(sentence.start, start - _REACH), min(sentence.end, end + _REACH)
    low = max(reading.clause(start, end)[0], first)
    if found(scope.false_before, text, low, start) or found(scope.watchdog, text, first, start):
        return True
    if found(scope.reported, text, first, start) and found(scope.false_after, text, end, last):
        return True
    if found(scope.warning, text, low, start) and found(scope.advertiser, text, low, start):
        return True
    if found(scope.advertiser, text, first, start) and found(scope.warned_after, text, end, last):
        return True
    others = found(scope.others_say, text, first, start)
    return others and found(scope.rebuts, reading.words(number + 1))


def _taught(reading: Reading, scope: Scope, start: int, end: int) -> bool:
    """A word that is mentioned, not used: "the word 'cure'", "words we avoid: cure"."""
    text = reading.text
    sentence = reading.sentences[reading.number_at(start)]
    first, last = max(sentence.start, start - _REACH), min(sentence.end, end + _REACH)
    if found(scope.wording, text, first, last):
        return True
    quoted = compiled(scope.quoted).search(text, max(first, start - 40), start, timeout=TIMEOUT)
    return quoted is not None and quoted.end() >= start - 2
