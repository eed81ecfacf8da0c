from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.drafting.markup import ATTRIBUTES, TAGS, clean_html, page

ARTICLE = """\
# What *is* ketamine [therapy](https://clinic.example/k)?

Hello **world**, see [the page](https://clinic.example/x?a=1&b=2)
or <https://clinic.example/y>.

- one
- two [by phone](tel:+1988)
  - nested

3. three
4. four

> quoted

# Second

    code <b>
"""

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' jAvA\tScRiPt:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;&lt;img onerror=alert(1)&gt;'>",
    "<p style='background:url(https://evil.example)'>x</p>",
    "<form action='https://evil.example'><button>x</button></form>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/a)",
    "[x](/\\evil.example)",
    "[x](https:evil.example)",
    "[x](../admin)",
    '[x](https://clinic.example "onmouseover=alert(1)")',
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '<https://clinic.example/"onclick=alert(1)>',
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    '```x" onclick=alert(1)\ncode\n```',
]


class Seen(HTMLParser):
    """Refuses every tag, attribute and address outside the lists."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
            if name == "href":
                assert (value or "").startswith(("https://", "http://", "mailto:", "tel:"))
            if name == "rel":
                assert value == "noopener noreferrer"


def test_an_article_becomes_html() -> None:
    html = page(ARTICLE).html
    assert '<a href="https://clinic.example/x?a=1&amp;b=2" rel="noopener noreferrer">' in html
    assert "<h2>Second</h2>" in html
    assert '<ol start="3">' in html
    assert "<h1>" not in html
    Seen().feed(html)


def test_an_article_becomes_readable_text() -> None:
    said = page(ARTICLE)
    assert said.title == "What is ketamine therapy?"
    assert said.text == (
        "Hello world, see the page (https://clinic.example/x?a=1&b=2) or"
        " https://clinic.example/y.\n\n"
        "• one\n• two by phone (+1988)\n  • nested\n\n"
        "3. three\n4. four\n\n"
        "quoted\n\n"
        "Second\n\n"
        "code <b>"
    )


def test_a_text_without_a_first_heading_has_no_title() -> None:
    said = page("Words.\n\n# Later")
    assert (said.title, said.text) == ("", "Words.\n\nLater")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_and_nothing_is_loaded(attack: str) -> None:
    Seen().feed(page(f"# T\n\nBefore {attack} after\n\n{attack}\n").html)
    Seen().feed(clean_html(attack))


@given(st.text(st.sampled_from("<>/\"'=&;:()[]!`#*_\\ \nabhrefjs")))
def test_nothing_outside_the_lists_comes_out(markdown: str) -> None:
    Seen().feed(page(markdown).html)
