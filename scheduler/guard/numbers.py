"""The numbers a text tells people to call: do they help these readers, or somebody else's?"""

from dataclasses import dataclass

import regex

from scheduler.guard.audience import WORLD
from scheduler.guard.crisis import stands_in
from scheduler.guard.page import Hit, Page
from scheduler.guard.patterns import TIMEOUT, compiled, found
from scheduler.guard.rules import Number

_BEFORE = 48
_DIGITS = regex.compile(r"(?<![\d#$£€.,/:])\d[\d \t.\-()]{3,16}\d(?![\w/]|[.,]\d)")
_AMOUNT = regex.compile(r"[$#£€]\s?$|\d[.,]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A known number in a text; `labelled` says that the text names its country beside it."""

    hit: Hit
    number: Number
    labelled: bool


def mentioned(page: Page) -> list[Mention]:
    """Every known number that the text tells people to use, in order."""
    found_numbers = []
    for number in page.rules.numbers:
        for match in compiled(number.pattern).finditer(page.text, timeout=TIMEOUT):
            hit = Hit(start=match.start(), end=match.end())
            if _meant(page, number, hit):
                labelled = _labelled(page, number, hit)
                found_numbers.append(Mention(hit=hit, number=number, labelled=labelled))
    return sorted(found_numbers, key=lambda mention: mention.hit)


def covered(page: Page) -> bool:
    """Whether every country of the audience finds its crisis line in the text."""
    crisis = [m.number for m in mentioned(page) if m.number.kind == "crisis"]
    reached = {country for number in crisis for country in number.countries}
    reached |= {line.country for line in page.lines if stands_in(line, page.text)}
    if page.audience.world or not page.audience.is_set:
        own = reached & _with_members(page) if not page.audience.is_set else set()
        return WORLD in reached or bool(own)
    return all(_reached(page, country, reached) for country in page.audience.countries)


def wrong(page: Page) -> list[Hit]:
    """Numbers that do not help these readers: foreign, former, mistyped."""
    seen = mentioned(page)
    world = any(WORLD in mention.number.countries for mention in seen)
    right = {m.hit for m in seen if _helps(page, m, world)}
    bad = {m.hit for m in seen} - right
    bad = {hit for hit in bad if not any(_inside(hit, good) for good in right)}
    return sorted(bad | set(_mistyped(page, [mention.hit for mention in seen])))


def _meant(page: Page, number: Number, hit: Hit) -> bool:
    context = page.rules.number_context
    if page.reading.in_link(hit.start, hit.end) and "." not in page.text[hit.start : hit.end]:
        return False
    after = compiled(context.not_after)
    if context.not_after and after.match(page.text, hit.end, timeout=TIMEOUT):
        return False
    if _AMOUNT.search(page.text, max(0, hit.start - 3), hit.start):
        return False
    return number.bare or _called(page, hit.start)


def _called(page: Page, start: int) -> bool:
    before = page.rules.number_context.before
    return found(before, page.text, max(0, start - _BEFORE), start)


def _labelled(page: Page, number: Number, hit: Hit) -> bool:
    sentence = page.reading.sentences[page.number(hit)]
    labels = [page.rules.labels.get(country, "") for country in number.countries]
    return any(found(label, page.text, sentence.start, sentence.end) for label in labels)


def _helps(page: Page, mention: Mention, world: bool) -> bool:
    number = mention.number
    if WORLD in number.countries:
        return True
    if number.kind == "retired":
        return found(page.rules.number_context.retired_told, page.sentence(mention.hit))
    if mention.labelled:
        return True
    if page.audience.world:
        return world
    return bool(_with_members(page) & set(number.countries))


def _with_members(page: Page) -> set[str]:
    """The audience's countries; the EU brings its members, and a member brings the EU."""
    members = set(page.rules.audiences.eu)
    countries = set(page.audience.countries)
    if "EU" in countries:
        countries |= members
    return countries | {"EU"} if countries & members else countries


def _reached(page: Page, country: str, reached: set[str]) -> bool:
    if country in reached:
        return True
    known = any(country in n.countries for n in page.rules.numbers if n.kind == "crisis")
    if country == "EU":
        return bool(reached & set(page.rules.audiences.eu)) or WORLD in reached
    return not known and WORLD in reached


def _mistyped(page: Page, known: list[Hit]) -> list[Hit]:
    context = page.rules.number_context
    if not context.typed or not found(context.crisis_near, page.text):
        return []
    return [hit for hit in [*_short(page), *_long(page)] if not any(_meets(hit, k) for k in known)]


def _short(page: Page) -> list[Hit]:
    """Three digits after "call" that are nobody's line."""
    context = page.rules.number_context
    hits = []
    for match in compiled(context.typed).finditer(page.text, timeout=TIMEOUT):
        if match.group(1) not in context.harmless:
            hits.append(Hit(start=match.start(1), end=match.end(1)))
    return hits


def _long(page: Page) -> list[Hit]:
    """A number one slip away from a known one."""
    numbers = page.rules.numbers
    known = {_digits(sample) for number in numbers for sample in _samples(number)}
    hits = []
    for match in _DIGITS.finditer(page.text, timeout=TIMEOUT):
        digits = _digits(match.group())
        near = any(_one_slip(digits, other) for other in known if len(other) >= 5)
        if near and digits not in known and _called(page, match.start()):
            hits.append(Hit(start=match.start(), end=match.end()))
    return hits


def _samples(number: Number) -> list[str]:
    """The digits of a number's pattern, its separators taken out."""
    plain = number.pattern.replace(r"[\s.-]?", "").replace("(?:1", "1").replace(")?", "")
    return plain.split("|")


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _one_slip(one: str, other: str) -> bool:
    """One digit wrong, missing or too many, or two neighbours swapped."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    swapped = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def _inside(hit: Hit, other: Hit) -> bool:
    return other.start <= hit.start and hit.end <= other.end


def _meets(hit: Hit, other: Hit) -> bool:
    return hit.start < other.end and other.start < hit.end
