"""SUI-PROMO: suicide or a crisis as the topic, and something to sell, in one post."""

from scheduler.guard.numbers import mentioned
from scheduler.guard.page import Hit, Page
from scheduler.guard.patterns import found

_SELLS = ("cta", "offer", "price")
_TOPICS = ("suicide-topic", "prevention-day")
_LEAD_LINE = 90


def exploited(page: Page, day: str, claims: list[Hit]) -> list[Hit]:
    """The places where a crisis is used to promote; `claims` are those CLM-SUICIDE refuses."""
    beside = list(page.hits("or-us"))
    selling = sorted(hit for name in _SELLS for hit in page.hits(name))
    selling += _bare_benefits(page)
    if not selling:
        return beside
    topics = [hit for name in _TOPICS for hit in page.hits(name)]
    open_topics = [hit for hit in topics if not _excused(page, hit, selling, claims)]
    if _is_topic(page, day):
        open_topics.append(selling[0])
    return sorted({*beside, *(selling[:1] if open_topics else [])})


def _bare_benefits(page: Page) -> list[Hit]:
    if page.hits("risk") or page.hits("risk-link"):
        return []
    return list(page.hits("benefit"))


def _is_topic(page: Page, day: str) -> bool:
    signals = page.rules.signals
    return any(found(signals[name].pattern, day.replace("-", " ")) for name in _TOPICS)


def _excused(page: Page, topic: Hit, selling: list[Hit], claims: list[Hit]) -> bool:
    """A crisis box is no topic, nor is a sentence about the drug that CLM-SUICIDE accepts."""
    number = page.number(topic)
    if any(page.number(hit) == number for hit in selling):
        return False
    if _in_box(page, number, selling):
        return True
    sentence = page.reading.words(number)
    about = any(found(page.rules.word(name), sentence) for name in ("treatment", "box_words"))
    limited = any(page.number(hit) == number for hit in page.hits("limits"))
    return (about or limited) and not any(page.number(hit) == number for hit in claims)


def _in_box(page: Page, number: int, selling: list[Hit]) -> bool:
    sold = {page.number(hit) for hit in selling}
    helped = {page.number(m.hit) for m in mentioned(page) if m.number.kind != "retired"}
    sentences = page.reading.sentences
    line = sentences[number].line
    lines = {line}
    if len(page.reading.words(number)) <= _LEAD_LINE:
        lines |= {s.line for s in sentences[number + 1 : number + 2]}  # a heading and its box
    box = [i for i, sentence in enumerate(sentences) if sentence.line in lines]
    if any(i in helped for i in box) and not any(i in sold for i in box):
        return True
    return _leads_to_line(page, number, sold, helped)


def _leads_to_line(page: Page, number: int, sold: set[int], helped: set[int]) -> bool:
    """ "In crisis? Call 988." as the foot of a post; as its hook, before the offer, it is none."""
    reach = next((i for i in range(number, number + 3) if i in helped), None)
    if reach is None or any(i in sold for i in range(number, reach + 1)):
        return False
    return not any(i > reach for i in sold if _same_line(page, i, number))


def _same_line(page: Page, one: int, other: int) -> bool:
    return page.reading.sentences[one].line == page.reading.sentences[other].line
