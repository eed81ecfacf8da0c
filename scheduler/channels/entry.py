"""One post of a blog, and the blog's own particulars, as pages and feeds need them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Self

from scheduler.nouns import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """`url` has no slash at its end, and is empty where nobody serves the folder."""

    title: str
    language: str
    url: str

    def address(self, file: str) -> str:
        return f"{self.url}/{file}" if self.url else file


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`html` is sanitised already; everything else is plain text."""

    id: str
    site: str
    channel: str
    slug: str
    title: str
    html: str
    text: str
    link: str
    tags: tuple[str, ...]
    language: str
    day_name: str
    first: date
    last: date
    published: datetime

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what is no composed post."""
        known = {field.name: item[field.name] for field in fields(cls)}
        return cls(
            **known
            | {
                "tags": tuple(item["tags"]),
                "first": date.fromisoformat(item["first"]),
                "last": date.fromisoformat(item["last"]),
                "published": instant(item["published"]),
            }
        )

    @property
    def page(self) -> str:
        return f"posts/{self.slug}.html"

    @property
    def tag(self) -> str:
        """A name for ever (RFC 4151), whatever the address of the blog comes to be."""
        return f"tag:{self.site}.redletter.invalid,{self.first.isoformat()}:{self.id}"
