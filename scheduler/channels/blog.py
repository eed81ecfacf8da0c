"""The blog: pages, an index and two feeds, all made from one data file for each post."""

import json
from typing import Any

from scheduler.channels import feeds, pages
from scheduler.channels.base import slug
from scheduler.channels.disk import Folder
from scheduler.channels.entry import Blog, Entry
from scheduler.errors import Refused
from scheduler.nouns import Key, Post, canonical, stamp

MEMORY = ".posts"
"""Where the data files stand: what was published, from which everything can be made again."""


class BlogFormat:
    def __init__(self, title: str, language: str, url: str | None) -> None:
        self._blog = Blog(title=title, language=language, url=url or "")

    def compose(self, post: Post, key: Key) -> dict[str, Any]:
        return {
            "id": key.marker,
            "key": str(key),
            "site": key.site,
            "channel": key.channel,
            "slug": slug(key),
            "title": post.title or post.day_name,
            "html": post.html or pages.paragraphs(post.text),
            "text": post.text,
            "link": post.link,
            "tags": list(post.tags),
            "language": post.language,
            "day_name": post.day_name,
            "first": post.first.isoformat(),
            "last": post.last.isoformat(),
            "published": stamp(post.due_at),
        }

    def write(self, folder: Folder, item: dict[str, Any]) -> str:
        # The page first and the index last: killed anywhere between, the blog shows no dead link,
        # and only the index says that the post is wholly there.
        entry = Entry.of(item)
        folder.write(entry.page, pages.page(entry, self._blog).encode())
        folder.write(_memory(entry.slug), canonical(item).encode())
        if folder.read(pages.STYLE_FILE) is None:  # a site may have its own by now
            folder.write(pages.STYLE_FILE, pages.style())
        entries = _entries(folder)
        folder.write(feeds.RSS_FILE, feeds.rss(entries, self._blog))
        folder.write(feeds.ATOM_FILE, feeds.atom(entries, self._blog))
        folder.write(pages.INDEX_FILE, pages.index(entries, self._blog).encode())
        return entry.page

    def find(self, folder: Folder, item: dict[str, Any]) -> str | None:
        entry = Entry.of(item)
        index = folder.read(pages.INDEX_FILE) or b""
        listed = f'href="{entry.page}"'.encode() in index
        remembered = folder.read(_memory(entry.slug)) == canonical(item).encode()
        there = folder.read(entry.page) is not None
        return entry.page if listed and remembered and there else None


def _memory(name: str) -> str:
    return f"{MEMORY}/{name}.json"


def _entries(folder: Folder) -> list[Entry]:
    """Every post of the blog, the newest first."""
    entries = [_entry(folder, name) for name in folder.names(MEMORY, ".json")]
    return sorted(entries, key=lambda entry: (entry.published, entry.id), reverse=True)


def _entry(folder: Folder, name: str) -> Entry:
    try:
        return Entry.of(json.loads(folder.read(name) or b""))
    except (ValueError, RecursionError, TypeError, KeyError):
        raise Refused(
            f"{name} in the blog's folder is damaged, so the index was not written. "
            "Restore that file, or remove it together with its page"
        ) from None
