"""Where a claim is made and where it is not: negation, debunking, questions, quotes."""

import pytest

from scheduler.files.rulebook import read_rules
from scheduler.guard.check import Context, check
from scheduler.guard.normalise import normalise
from scheduler.guard.reading import read

US = Context(jurisdictions=("US-CO",))


def rules_broken(text: str) -> set[str]:
    return {finding.rule for finding in check(text, "blog", US, read_rules())}


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine does not cure depression, but it is completely safe.",
        "Ketamine is not addictive, and it cures depression.",
        "It doesn't just ease depression: it cures it. Ketamine.",
        "We can't promise miracles, but ketamine cures depression.",
        "Myth: pills are the only way. Ketamine cures depression.",
        "No pills, no talk, just a miracle cure: ketamine.",
        "For people who have not responded to pills, ketamine is a cure.",
        "Is ketamine a cure? Yes.",
        "Looking for relief? Ketamine cures depression.",
        "Don't wait: ketamine cures depression.",
        "'Ketamine cured me,' says Lee.",
        "Isn't it time to end your depression for good?",
    ],
)
def test_a_claim_beside_a_denial_is_still_a_claim(text: str) -> None:
    assert rules_broken(text) & {"CLM-CURE", "CLM-SAFE"}


@pytest.mark.parametrize(
    "text",
    [
        "Nobody here will ever tell you that ketamine cures depression.",
        "What we never promise: a cure.",
        "What ketamine is not:\n- a cure\n- a miracle\n- harmless",
        "Ketamine (not a cure) needs monitoring.",
        "Could it cure depression? Sadly not.",
        "MYTH #2: Ketamine is a miracle cure.\nFACT: it is not.",
        "The claim that ketamine cures depression is false.",
        "A clinic in Maryland was fined for saying that ketamine cures depression.",
        "Steer clear of sites that sell ketamine as a cure.",
        "The word 'cure' has no place here.",
        "Researchers ask whether ketamine can cure depression.",
        "It is a myth that ketamine is harmless.",
    ],
)
def test_a_denied_claim_is_none(text: str) -> None:
    assert not rules_broken(text) & {"CLM-CURE", "CLM-SAFE"}


@pytest.mark.parametrize(
    "text",
    ["isn't usually addictive", "is hardly ever addictive", "is almost never addictive"],
)
def test_a_hedge_does_not_hide_a_claim(text: str) -> None:
    assert "CLM-ADDICT" in rules_broken(f"Ketamine {text}.")


@pytest.mark.parametrize("text", ["secure", "road trip", "commitment", "a safe place", "manicure"])
def test_a_word_inside_another_word_is_not_that_word(text: str) -> None:
    assert not rules_broken(f"Ketamine clinic news: {text}.")


def test_sentences_keep_abbreviations_numbers_and_addresses_whole() -> None:
    text = "Dr. Ray said 55.4 % responded, e.g. in trials. See a.example/x.y now! Then rest."
    reading = read(normalise(text), read_rules().scope.clause_breaks)
    assert [reading.words(i) for i in range(len(reading.sentences))] == [
        "Dr. Ray said 55.4% responded, e.g. in trials.",
        "See a.example/x.y now!",
        "Then rest.",
    ]


def test_a_clause_ends_where_the_thought_turns() -> None:
    text = "Ketamine is no cure, but it helps some."
    reading = read(normalise(text), read_rules().scope.clause_breaks)
    low, high = reading.clause(text.index("cure"), text.index("cure") + 4)
    assert text[low:high] == "Ketamine is no cure"
