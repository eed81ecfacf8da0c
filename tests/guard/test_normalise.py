import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.guard.normalise import normalise

WORDS = ("ketamine", "therapy", "safe")
MIXED = st.text(
    st.sampled_from("aKs0e1@3 #%*_~.\n-’“”—\u200b\u0301\u00adｆ𝗯¹™çсе🕯\ufe0f9:/") | st.characters()
)


@pytest.mark.parametrize(
    ("given_text", "plain"),
    [
        ("K𝗲𝘁𝗮𝗺𝗶𝗻𝗲 cures", "Ketamine cures"),
        ("s\u200bafe", "safe"),
        ("s\u00adafe", "safe"),
        ("n0n-addictive", "non-addictive"),
        ("cur3", "cure"),
        ("s@fe pa$$ion m1racle", "safe passion miracle"),
        ("100 % safe", "100% safe"),
        ("isn’t “safe”", 'isn\'t "safe"'),
        ("non\u2011addictive", "non-addictive"),
        ("c\u0336u\u0336r\u0336e", "cure"),
        ("\u0441ure", "cure"),
        ("Spravato™ is safe¹", "Spravato is safe"),
        ("#KetamineTherapy", "#Ketamine Therapy"),
        ("#ketaminetherapy", "#ketamine therapy"),
        ("#ketamine_therapy", "#ketamine therapy"),
        ("**cure** _now_", "cure  now "),
        ("🅲🆄🆁🅴", "CURE"),
    ],
)
def test_disguises_read_as_what_they_mean(given_text: str, plain: str) -> None:
    assert normalise(given_text, WORDS).text == plain


@pytest.mark.parametrize(
    "text", ["24h", "B12", "3rd", "H1N1", "PHQ-9", "ann@clinic.example", "US$5m", "mp3", "9/11"]
)
def test_numbers_and_addresses_stay_as_they_are(text: str) -> None:
    assert normalise(text, WORDS).text == text


def test_an_address_is_found_and_left_alone() -> None:
    plain = normalise("See https://clinic.example/ket_amine-s4fe and example.org/risks.", WORDS)
    links = [plain.text[start:end] for start, end in plain.links]
    assert links == ["https://clinic.example/ket_amine-s4fe", "example.org/risks."]


def test_a_span_points_into_the_text_as_given() -> None:
    text = "Our “K𝗲𝘁𝗮\u200b𝗺𝗶𝗻𝗲” is 100 % s\u0301afe"
    plain = normalise(text, WORDS)
    at = plain.text.index("Ketamine")
    start, end = plain.span(at, at + len("Ketamine"))
    assert text[start:end] == "K𝗲𝘁𝗮\u200b𝗺𝗶𝗻𝗲"
    start, end = plain.span(plain.text.index("100"), len(plain.text))
    assert text[start:end] == "100 % s\u0301afe"


@given(MIXED)
def test_every_place_lies_in_the_text_as_given(text: str) -> None:
    plain = normalise(text, WORDS)
    assert len(plain.text) == len(plain.starts) == len(plain.ends)
    for start, end in zip(plain.starts, plain.ends, strict=True):
        assert 0 <= start <= end <= len(text)
    assert list(plain.starts) == sorted(plain.starts)


@given(st.text(st.characters(codec="ascii", categories=("L", "Zs"))))
def test_plain_letters_stay_and_keep_their_places(text: str) -> None:
    plain = normalise(text)
    assert plain.text == text
    assert all(plain.span(i, i + 1) == (i, i + 1) for i in range(len(text)))


@given(MIXED)
def test_the_plain_form_is_the_same_each_time(text: str) -> None:
    assert normalise(text, WORDS) == normalise(text, WORDS)
