"""RSS 2.0 (rssboard.org/rss-specification) and Atom (RFC 4287), with every post in full."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from email.utils import format_datetime

from scheduler.channels.entry import Blog, Entry
from scheduler.nouns import stamp

RSS_FILE, ATOM_FILE = "rss.xml", "atom.xml"

# No XML 1.0 file may hold these, escaped or not (w3.org/TR/xml, production 2).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rss(entries: Sequence[Entry], blog: Blog) -> bytes:
    """`entries` come newest first, as in `atom`, and are at least one."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", blog.title)
    _add(channel, "link", blog.address("index.html"))
    _add(channel, "description", blog.title)
    _add(channel, "language", blog.language)
    for entry in entries:
        item = ET.SubElement(channel, "item")
        _add(item, "title", entry.title)
        _add(item, "link", blog.address(entry.page))
        _add(item, "guid", entry.tag, isPermaLink="false")
        _add(item, "pubDate", format_datetime(entry.published, usegmt=True))
        for name in entry.tags:
            _add(item, "category", name)
        _add(item, "description", entry.html)
    return _file(root)


def atom(entries: Sequence[Entry], blog: Blog) -> bytes:
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": blog.language})
    newest = entries[0]
    _add(root, "id", f"tag:{newest.site}.redletter.invalid,2026:{newest.channel}")
    _add(root, "title", blog.title)
    _add(root, "updated", stamp(newest.published))
    _add(ET.SubElement(root, "author"), "name", blog.title)
    _add(root, "link", rel="self", href=blog.address(ATOM_FILE))
    _add(root, "link", rel="alternate", type="text/html", href=blog.address("index.html"))
    for entry in entries:
        item = ET.SubElement(root, "entry", {"xml:lang": entry.language})
        _add(item, "id", entry.tag)
        _add(item, "title", entry.title)
        _add(item, "published", stamp(entry.published))
        _add(item, "updated", stamp(entry.published))
        _add(item, "link", rel="alternate", type="text/html", href=blog.address(entry.page))
        for name in entry.tags:
            _add(item, "category", term=name)
        _add(item, "content", entry.html, type="html")
    return _file(root)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    element = ET.SubElement(parent, name, {k: _legal(v) for k, v in attributes.items()})
    element.text = _legal(text) or None


def _legal(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _file(root: ET.Element) -> bytes:
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
