"""What staff are told about a rule that is not understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.days.when import LONGEST_TEXT, WhenError, parse_when

MISTAKES = [
    ("10 Octobr", "Octobr", 'did you mean "October"'),
    ("second Thrusday of March", "Thrusday", 'did you mean "Thursday"'),
    ("secnd Thursday of March", "secnd", 'did you mean "second"'),
    ("2nd Thursdy of March", "Thursdy", 'did you mean "Thursday"'),
    ("second Thursday off March", "off", 'expected "of"'),
    ("Friday befor 20 March", "befor", 'did you mean "before"'),
    ("Saturday on 22 April", "22", 'expected "or"'),
    ("Orthodox Ester", "Ester", 'expected "easter"'),
    ("Easter - few days", "few", "a number of days"),
    ("Easter - 47", "", "ends too early"),
    ("Easter - 0 days", "0", "1 to 183 days"),
    ("4 October until 10 October", "until", "the end of the rule"),
    ("first week of October", "week", '"full week"'),
    ("first full week of May (Monday to Monday)", "Monday", "that is Sunday"),
    ("fifth full week of May", "fifth", "at most four full weeks"),
    ("Thursday of October", "October", "a week such as"),
    ("Sunday nearest October", "October", "a single day"),
    ("10 October 2026", "2026", "looks like a year"),
    ("October 2026", "2026", "looks like a year"),
    ("31 February", "31", "29 days at most"),
    ("February 30", "30", "29 days at most"),
    ("4 to 31 September", "31", "30 days at most"),
    ("0 October", "0", "not a day of October"),
    ("10 October to 4 October", "10 October to 4 October", "falls in no year"),
    ("1 Shawwal (Islamic)", "Shawwal", "a month"),
    ("", "", "is empty"),
    ("the", "", "is empty"),
]


@pytest.mark.parametrize(("when", "word", "said"), MISTAKES)
def test_the_error_names_the_word_and_what_is_wanted(when: str, word: str, said: str) -> None:
    with pytest.raises(WhenError) as caught:
        parse_when(when)

    error = caught.value
    assert error.word == word
    assert when[error.position :].startswith(word)
    assert said in str(error)
    assert word in str(error)


def test_the_position_of_a_rule_that_ends_too_early_is_its_end() -> None:
    with pytest.raises(WhenError) as caught:
        parse_when("10 October to")

    assert (caught.value.word, caught.value.position) == ("", 13)


def test_a_rule_without_bottom_is_refused() -> None:
    with pytest.raises(WhenError, match="too many dates"):
        parse_when("day after " * 12 + "1 May")
    with pytest.raises(WhenError, match="longer than"):
        parse_when("day after " * LONGEST_TEXT)


WORDS = (
    "10 2nd last 31 2026 full week day days of to or on before after from the - + ( ) Easter "
    "Orthodox October Feb Sunday nearest containing ٣ ¼ x"
)


def refusal(text: str) -> WhenError | None:
    try:
        parse_when(text)
    except WhenError as error:
        return error
    return None


@given(st.text(max_size=60) | st.lists(st.sampled_from(WORDS.split(" ")), max_size=9).map(" ".join))
def test_any_text_is_a_rule_or_a_when_error(text: str) -> None:
    error = refusal(text)

    if error:
        assert text[error.position :].startswith(error.word)
    else:
        assert all(span.first.year == 2026 for span in parse_when(text).spans(2026))
