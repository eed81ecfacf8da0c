"""Markdown of a blog template to safe HTML and to readable plain text.

CommonMark with raw HTML switched off, then an allow-list on what comes out: two locks, so that
a fault in one opens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "hr", "li", "ol", "p", "pre", "strong", "ul"}
    | {"h2", "h3", "h4", "h5", "h6"}
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a blog template says: `html` and `text` without the title."""

    title: str
    html: str
    text: str


def page(markdown: str) -> Page:
    """The title is the first line's `# …`, "" where there is none; further ones become `##`."""
    tokens = _parser().parse(markdown)
    title = ""
    if len(tokens) > 2 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = _inline(tokens[1].children or (), addresses=False)
        tokens = tokens[3:]
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"
    rendered = _parser().renderer.render(tokens, _parser().options, {})
    return Page(title=title, html=clean_html(rendered), text=_blocks(tokens))


def clean_html(html: str) -> str:
    """Only the tags, attributes and schemes named above; links leave no trace of us."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_allowed,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    ).strip()


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """Links must be absolute: "//evil.example" and "/path" mean another page on each channel."""
    if attribute == "href" and not _absolute(value):
        return None
    return value


def _absolute(url: str) -> bool:
    scheme, colon, rest = url.partition(":")
    if scheme.lower() in {"http", "https"}:
        return bool(colon) and rest.startswith("//") and rest.strip("/") != ""
    return bool(colon) and scheme.lower() in SCHEMES


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable("image")


def _blocks(tokens: Sequence[Token]) -> str:
    """Paragraphs with a blank line between; items of a list each on a line of their own."""
    lines: list[str] = []
    lists: list[int | None] = []
    bullet = ""
    for token in tokens:
        if token.type == "ordered_list_open":
            lists.append(int(token.attrGet("start") or 1))
        elif token.type == "bullet_list_open":
            lists.append(None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            lists.pop()
            if not lists:
                lines.append("")
        elif token.type == "list_item_open":
            number = lists[-1]
            bullet = "  " * (len(lists) - 1) + ("• " if number is None else f"{number}. ")
            lists[-1] = None if number is None else number + 1
        elif token.type in {"inline", "fence", "code_block"}:
            words = _inline(token.children) if token.children else token.content.rstrip("\n")
            lines.append(bullet + words)
            bullet = ""
            if not lists:
                lines.append("")
    return "\n".join(lines).strip()


def _inline(children: Sequence[Token], *, addresses: bool = True) -> str:
    parts: list[str] = []
    links: list[tuple[int, str]] = []
    for token in children:
        if token.type == "link_open":
            links.append((len(parts), str(token.attrGet("href") or "")))
        elif token.type == "link_close":
            start, url = links.pop()
            label = "".join(parts[start:])
            parts[start:] = [label + (_address(label, url) if addresses else "")]
        elif token.type == "softbreak":
            parts.append(" ")
        elif token.type == "hardbreak":
            parts.append("\n")
        else:
            parts.append(token.content)
    return "".join(parts)


def _address(label: str, url: str) -> str:
    """What to print after a link's label: nothing where the label already says it."""
    scheme, _, rest = url.partition(":")
    bare = rest.removeprefix("//")
    if not _absolute(url) or label in {url, bare, bare.rstrip("/"), url.rstrip("/")}:
        return ""
    return f" ({url if scheme.lower() in {'http', 'https'} else bare})"
