"""REG-FDA: whose approval does a text speak of, and is it the one that exists?"""

from scheduler.guard.page import Hit, Page
from scheduler.guard.patterns import TIMEOUT, compiled, found

_NEAR = 16
_BARE = 4


def false_approvals(page: Page, signal_id: str) -> list[Hit]:
    """The places where an approval is claimed that ketamine or a clinic does not have."""
    return [hit for hit in page.hits(signal_id) if not _true(page, hit)]


def _true(page: Page, hit: Hit) -> bool:
    word = page.rules.word
    low, high = page.reading.clause(hit.start, hit.end)
    clause, sentence = page.text[low:high], page.sentence(hit)
    for_mood = _for_mood(page, hit, high)
    if _names_racemic_next(page, hit) and not found(word("esketamine"), clause):
        return found(word("anaesthetic"), sentence) and not for_mood
    if _about_esketamine(page, hit, clause):
        return not _stretched(page, hit, high, sentence)
    if found(word("racemic"), clause) or found(word("racemic"), sentence):
        return found(word("anaesthetic"), sentence) and not for_mood
    if found(word("off_subject"), clause):
        return True
    return not _about_treatment(page, hit, clause)


def _for_mood(page: Page, hit: Hit, high: int) -> bool:
    """A condition of the mind follows, with no anaesthetic and no other use in between."""
    word = page.rules.word
    condition = compiled(word("fda_condition")).search(page.text, hit.start, high, timeout=TIMEOUT)
    if condition is None:
        return False
    between = page.text[hit.start : condition.start()]
    return not any(found(word(name), between) for name in ("anaesthetic", "other_use"))


def _names_racemic_next(page: Page, hit: Hit) -> bool:
    text = page.text[hit.end : hit.end + _NEAR]
    return (
        compiled(rf"[\s:,-]*(?:{page.rules.word('racemic')})").match(text, timeout=TIMEOUT)
        is not None
    )


def _about_esketamine(page: Page, hit: Hit, clause: str) -> bool:
    esketamine = page.rules.word("esketamine")
    if found(esketamine, clause):
        return True
    racemic, sentence = page.rules.word("racemic"), page.sentence(hit)
    if found(racemic, sentence):
        return False
    before = page.reading.words(page.number(hit) - 1)
    return found(esketamine, sentence) or (found(esketamine, before) and not found(racemic, before))


def _stretched(page: Page, hit: Hit, high: int, sentence: str) -> bool:
    """Said to be for more than the adults it is approved for, or for depression without more."""
    word, end = page.rules.word, max(high, hit.end)
    further = compiled(word("stretched")).search(page.text, hit.start, end, timeout=TIMEOUT)
    if further and not found(page.rules.scope.negators, page.text, hit.start, further.start()):
        return True
    named = found(word("fda_condition"), page.text, hit.start, end)
    return named and not found(word("qualified"), sentence)


def _around(page: Page, hit: Hit) -> list[str]:
    """The sentence before, and behind a mere "FDA approved!" the next."""
    number = page.number(hit)
    around = [page.reading.words(number - 1)]
    if len(page.sentence(hit).split()) <= _BARE:
        around.append(page.reading.words(number + 1))
    return around


def _about_treatment(page: Page, hit: Hit, clause: str) -> bool:
    """A clinic or an unnamed treatment, where the text is about the drug or about mood."""
    word = page.rules.word
    if found(word("clinic_itself"), clause):
        return True
    if not found(word("approvable"), clause):
        return any(found(word("racemic"), near) for near in _around(page, hit))
    return any(found(word(name), page.text) for name in ("racemic", "infusion", "fda_condition"))
