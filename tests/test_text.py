import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from scheduler.nouns import Counting
from scheduler.text import clean, graphemes, length, sentence_spans, sentences, slug

FAMILY = "👨‍👩‍👧‍👦"
ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

# Facts of github.com/twitter/twitter-text, conformance/validate.yml, version 3 (2026-11-23).
CONFORMANCE = [
    ("Hi http://test.co", 26),
    ("http://test.co", 23),
    ("test.com", 23),
    ("Test https://test.com test https://test.com test.com test", 86),
    ("https://www.twitter.com/aloha " * 10, 240),
    ("285 chars-" + "xxxxxxxxxx-" * 25, 285),
    ("故人西辞黄鹤楼，烟花三月下扬州。", 32),
    ("the故人", 7),
    ("😷" * 160, 320),
    (FAMILY * 140, 280),
    (f"H🐱☺{FAMILY}", 7),
    ("😷👾😡🔥💩", 10),
    ("🙋🏽👨‍🎤", 4),
    ("1\u20e3", 2),
    (f"Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; {ENGLAND}", 34),
    ("Unicode 9.0 emoji: 🤠; 💃; 💃🏾", 29),
    ("A\u0301B", 2),
    ("randomurl" * 7 + "s.com", 68),
    ("あいうえおかきくけこ" * 12 + " http://" + "あいうえおかきくけこ" * 5 + "あい.com", 264),
    ("あいうえおかきくけこ" * 12 + " http://" + "あいうえおかきくけこ" * 5 + "あいう.com", 358),
    ("\u2066\u202ahttp://foobar.پاکستان/\u202c\u2069", 31),
]


@pytest.mark.parametrize(("text", "weight"), CONFORMANCE)
def test_x_weighs_as_twitter_text_does(text: str, weight: int) -> None:
    assert length(text, Counting.X) == weight


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("’ “quoted” – dash", 17),  # U+2010..U+201F weigh one
        ("…", 2),
        ("•", 2),
        ("Ketamine™", 10),  # ™ is an emoji
        ("0.5 mg, e.g. 2.5 and 10.30", 26),
        ("(https://clinic.example/a_(b)).", 26),
        ("See https://clinic.example/a?x=1&y=2.", 28),
        ("https://clinic.example/aこれは", 23 + 6),
        ("name@clinic.example", 19),
        ("🇺🇸🇩🇪", 4),
        ("a" * 1_000, 1_000),
    ],
)
def test_x_weighs_ordinary_prose(text: str, weight: int) -> None:
    assert length(text, Counting.X) == weight


def test_x_counts_a_long_bare_name_as_the_dearer_of_its_own_length_and_a_link() -> None:
    assert length("a-very-long-name-of-a-clinic.example/page", Counting.X) == 41


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("plain", 5),
        ("https://clinic.example/a/very/long/path?with=query", 23),
        ("(see https://clinic.example/a).", 5 + 23 + 2),
        ("clinic.example/path", 19),
        ("@ann@social.example hello", 10),
        ("@ann hello", 10),
        ("ann@clinic.example", 18),
        (FAMILY + "e\u0301", 2),
        ("🇺🇸क्ष", 2),
        ("ftp://clinic.example", 20),
    ],
)
def test_mastodon_counts_as_its_validator_does(text: str, count: int) -> None:
    assert length(text, Counting.MASTODON) == count


@given(st.text())
def test_graphemes_are_those_of_unicode(text: str) -> None:
    assert graphemes(text) == len(regex.findall(r"\X", text))


@given(st.lists(st.sampled_from([*"aé©’—\r\n \u200d\ufe0f\u0301\u0600❤क्षก가🇺🇸", FAMILY])))
def test_graphemes_are_those_of_unicode_where_characters_join(parts: list[str]) -> None:
    text = "".join(parts)
    assert graphemes(text) == len(regex.findall(r"\X", text))


@pytest.mark.parametrize("counting", list(Counting))
@pytest.mark.parametrize(
    "text",
    ["-", "a-", "(", "a.", "@a", "https://a.b/(", "@a@", "_.", "🇺", "क्", "❤\u200d", "\u0301"],
)
def test_a_line_of_a_megabyte_is_counted(counting: Counting, text: str) -> None:
    assert length(text * (300_000 // len(text)), counting) > 0


PROSE = [
    [
        "Dr. Lee saw 0.5 mg/kg in a U.S. Food and Drug paper.",
        "It helped some.",
        "Effects vary, e.g. nausea, i.e. feeling sick.",
        "Ask first!",
    ],
    ["It is used in the U.S.", "The evidence is thin."],
    ["J. K. Rowling wrote No. 5 first.", "No.", "Not so."],
    ["He said “Stop.”", "Then he left.", "(Yes.)", "Fine?!", "Good…"],
    ["Open 9 a.m. to 5 p.m.", "Call us.", "Smith et al. found it (see Fig. 2).", "Ok"],
    ["In crisis, call or text 988.", "https://clinic.example/a.b?c=d.", "Next"],
    ["Yahoo! is a name… and goes on"],
]


@pytest.mark.parametrize("prose", PROSE)
def test_sentences_end_where_a_reader_ends_them(prose: list[str]) -> None:
    assert sentences(" ".join(prose)) == prose


def test_a_line_ends_a_sentence_too() -> None:
    text = "One line\nAnother line.\n\nA paragraph"
    assert sentences(text) == ["One line", "Another line.", "A paragraph"]


def test_sentences_of_languages_without_spaces() -> None:
    assert sentences("今日は。明日も！はい") == ["今日は。", "明日も！", "はい"]


def test_blank_text_has_no_sentences() -> None:
    assert sentences("  \n ") == []


@given(st.text())
def test_sentences_lose_only_blank_space(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(text[start:end].strip() == text[start:end] for start, end in sentence_spans(text))


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("\ufeffa\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b\x07c\x9fd\te", "abcd\te"),
        ("e\u0301", "é"),
        ("\u202eevil\u202c \u2066x\u2069\u200f", "evil x"),
        ("\ud83d\ude00 \ud83d x \ude00", "😀  x "),
        ("\ue000kept\ue001", "kept"),
        (FAMILY, FAMILY),
    ],
)
def test_clean_text_holds_nothing_that_steers(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("World Mental Health Day 2027", "world-mental-health-day-2027"),
        ("Ketamine & depression: what's known?", "ketamine-depression-whats-known"),
        ("Straße in Łódź, Ærø", "strasse-in-lodz-aero"),
        ("世界", "post"),
        ("word " * 30, "-".join(["word"] * 12)),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_slug_is_plain_ascii(text: str, expected: str) -> None:
    assert slug(text) == expected


@given(st.text())
def test_a_slug_suits_every_service(text: str) -> None:
    assert regex.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))
    assert len(slug(text)) <= 60
