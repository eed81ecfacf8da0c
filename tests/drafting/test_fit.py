import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.drafting.fit import fit
from scheduler.drafting.marks import KEEP_CLOSE, KEEP_OPEN, keep
from scheduler.errors import NoRoom
from scheduler.nouns import Counting, Form, Limits
from scheduler.text import length, sentences

RISK = "Ketamine can be misused and can lead to dependence."
LINE = "In crisis, call or text 988."


def limits(text: int | None, counting: Counting = Counting.TEXT, form: Form = Form.SHORT) -> Limits:
    return Limits(form=form, text=text, counting=counting)


def test_a_text_that_fits_loses_only_its_marks() -> None:
    assert fit(f"One. {keep(RISK)} Two.", limits(500)) == f"One. {RISK} Two."


def test_whole_sentences_go_from_the_end() -> None:
    text = f"First one here. Second one here. {keep(RISK)} Third one here.\n\n#Tag"
    assert fit(text, limits(len(f"First one here. {RISK}"))) == f"First one here. {RISK}"


def test_a_last_sentence_is_cut_at_a_word() -> None:
    text = f"Some people with severe depression feel better, for a while. {keep(RISK)}"
    assert fit(text, limits(90)) == f"Some people with severe depression… {RISK}"


def test_a_cut_sentence_of_two_words_is_dropped() -> None:
    text = f"Some people respond within a day. {keep(RISK)}"
    assert fit(text, limits(len(RISK) + 14)) == RISK


def test_no_sentence_is_cut_while_another_is_left() -> None:
    text = "Short one. This sentence is far too long to stay in what there is."
    assert fit(text, limits(40)) == "Short one."


def test_the_parts_stay_in_place_with_their_paragraphs() -> None:
    text = f"{keep('A day.')} Free one.\n\n{keep(RISK)}\n\nFree two.\n\n{keep(LINE)}"
    assert fit(text, limits(95)) == f"A day.\n\n{RISK}\n\n{LINE}"


def test_a_dot_after_a_kept_part_stays_with_it() -> None:
    text = f"Free words here. Ask: {keep('https://clinic.example/a')}. More words to lose."
    assert fit(text, limits(50)) == "Free words here. Ask: https://clinic.example/a."


def test_blank_space_of_templates_is_tidied() -> None:
    assert fit("  One.  Two.  \n\n\n\n   Three. \n", limits(500)) == "One. Two.\n\nThree."


def test_markdown_keeps_its_blank_space() -> None:
    markdown = "# Title\n\n- a\n    - b  \n\n\n\n    code"
    assert fit(markdown + keep(RISK), limits(None, Counting.BLOG, Form.BLOG)) == markdown + RISK


def test_links_count_as_the_service_counts_them() -> None:
    link = "https://clinic.example/" + "x" * 300
    assert fit(f"Read. {keep(link)}", limits(30, Counting.X)) == f"Read. {link}"


def test_no_room_says_how_much_is_missing() -> None:
    with pytest.raises(NoRoom, match="51 long, and the channel takes 50"):
        fit(f"Free. {keep(RISK)}", limits(50))


def test_a_very_long_text_is_fitted() -> None:
    text = "A sentence of six words here. " * 5_000 + keep(RISK)
    assert fit(text, limits(200)).endswith(RISK)
    assert length(fit("word " * 20_000 + keep(RISK), limits(300)), Counting.TEXT) <= 300


word = st.sampled_from(
    ["care", "Ask", "U.S.", "e.g.", "988", "día", "👩‍⚕️", "https://a.example/b", "0.5"]
)
sentence = st.builds(
    lambda words, end: " ".join(words) + end,
    st.lists(word, min_size=1, max_size=8),
    st.sampled_from([".", "!", "?", "", "…"]),
)
part = st.tuples(sentence, st.booleans())
gap = st.sampled_from([" ", "\n", "\n\n", "  "])


@st.composite
def rendered(draw: st.DrawFn) -> tuple[str, list[str], str]:
    """A template's output, its kept parts, and its text without them."""
    parts = draw(st.lists(part, max_size=8))
    text, free = "", ""
    for words, kept in parts:
        space = draw(gap)
        text += space + (keep(words) if kept else words)
        free += space + ("\n" if kept else words)
    return text, [words for words, kept in parts if kept], free


@given(rendered(), st.integers(1, 250), st.sampled_from(Counting))
def test_fitting_keeps_its_promises(
    case: tuple[str, list[str], str], room: int, counting: Counting
) -> None:
    text, kept, free = case
    try:
        fitted = fit(text, limits(room, counting))
    except NoRoom:
        assert length("\n\n".join(kept), counting) > room
        return
    assert length(fitted, counting) <= room
    assert KEEP_OPEN not in fitted
    assert KEEP_CLOSE not in fitted
    assert fit(fitted, limits(room, counting)) == fitted
    rest = fitted
    for words in kept:
        _, found, rest = rest.partition(words)
        assert found
    assert fit(text, limits(100_000, counting)) == fit(text, limits(None, counting))
    assert len(sentences(fitted)) <= len(sentences(free)) + len(sentences("\n".join(kept)))


@given(st.lists(sentence.map(lambda s: "S" + s), min_size=1), st.integers(1, 200))
def test_what_is_left_is_the_beginning(parts: list[str], room: int) -> None:
    text = "\n".join(parts)
    fitted = fit(text, limits(room))
    assert text.startswith(fitted.removesuffix("…").rstrip())


@given(st.lists(sentence.map(lambda s: "S" + s), min_size=2), st.integers(1, 200))
def test_no_more_sentences_go_than_must(parts: list[str], room: int) -> None:
    whole = sentences("\n".join(parts))
    text = "\n".join(whole)
    fitting = [n for n in range(1, len(whole) + 1) if len_of("\n".join(whole[:n])) <= room]
    if fitting:
        assert fit(text + "\n" + keep("x" * 9), limits(room + 10)).count("\n") == fitting[-1]


def len_of(text: str) -> int:
    return length(text, Counting.TEXT)
