"""The blog's HTML: pages that open from the disk as they do from a server, without any script."""

import re
from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path
from textwrap import shorten

from scheduler.channels.entry import Blog, Entry

INDEX_FILE, STYLE_FILE = "index.html", "style.css"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def page(entry: Entry, blog: Blog) -> str:
    """The page of one post; it stands one folder below the index."""
    body = f"""\
<article>
<header>
<p class="day">{_text(entry.day_name)} <span>{_dates(entry)}</span></p>
<h1>{_text(entry.title)}</h1>
</header>
{entry.html}
{_more(entry)}{_tags(entry)}</article>"""
    return _frame(entry.title, entry.language, blog, body, entry, up="../")


def index(entries: Sequence[Entry], blog: Blog) -> str:
    """All posts, in the order given."""
    listed = "\n".join(_listed(entry) for entry in entries)
    body = f'<h1>{_text(blog.title)}</h1>\n<ul class="posts">\n{listed}\n</ul>'
    return _frame(blog.title, blog.language, blog, body, None, up="")


def style() -> bytes:
    """The style sheet that a new blog begins with."""
    return (Path(__file__).parent / "style.css").read_bytes()


def paragraphs(text: str) -> str:
    """Plain text as HTML: blank lines part paragraphs, other line ends stay."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return "\n".join("<p>" + _text(block).replace("\n", "<br>\n") + "</p>" for block in blocks)


def _frame(title: str, language: str, blog: Blog, body: str, entry: Entry | None, up: str) -> str:
    name = _text(blog.title)
    home = f'<p class="home"><a href="{up}index.html">{name}</a></p>' if entry else ""
    about = shorten(entry.text, 160, placeholder=" …") if entry else blog.title
    address = blog.address(entry.page if entry else INDEX_FILE) if blog.url else ""
    canonical = f'<link rel="canonical" href="{_text(address)}">\n' if address else ""
    shown = f"{_text(title)} · {name}" if entry else name
    return f"""\
<!doctype html>
<html lang="{_text(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{shown}</title>
<meta name="description" content="{_text(about)}">
{canonical}<link rel="stylesheet" href="{up}style.css">
<link rel="alternate" type="application/rss+xml" title="{name}" href="{up}rss.xml">
<link rel="alternate" type="application/atom+xml" title="{name}" href="{up}atom.xml">
</head>
<body>
<a class="skip" href="#main" lang="en">Skip to the content</a>
{home}
<main id="main">
{body}
</main>
<footer><p><a href="{up}rss.xml">RSS</a> <a href="{up}atom.xml">Atom</a></p></footer>
</body>
</html>
"""


def _listed(entry: Entry) -> str:
    return f"""\
<li lang="{_text(entry.language)}">
<p class="day">{_text(entry.day_name)} <span>{_dates(entry)}</span></p>
<h2><a href="{entry.page}">{_text(entry.title)}</a></h2>
<p>{_text(shorten(entry.text, 220, placeholder=" …"))}</p>
</li>"""


def _more(entry: Entry) -> str:
    if not entry.link.startswith(("https://", "http://")) or _text(entry.link) in entry.html:
        return ""
    shown = entry.link.partition("?")[0]
    return f'<p><a href="{_text(entry.link)}">{_text(shown)}</a></p>\n'


def _tags(entry: Entry) -> str:
    names = " ".join(f"<li>{_text(name)}</li>" for name in entry.tags)
    return f'<ul class="tags">{names}</ul>\n' if names else ""


def _dates(entry: Entry) -> str:
    first = _date(entry.first, entry.language)
    if entry.last == entry.first:
        return first
    return f"{first} – {_date(entry.last, entry.language)}"


def _date(day: date, language: str) -> str:
    words = day.isoformat()
    if language.split("-")[0].lower() == "en":
        words = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f'<time datetime="{day.isoformat()}">{words}</time>'


def _text(text: str) -> str:
    return escape(text, quote=True)
