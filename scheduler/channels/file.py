"""Posts as files in the site's own folder: a blog of HTML pages, JSON lines, or a calendar.

Class A: the same send again gives the same files. What the formats look like: blog.py with pages.py
and feeds.py, jsonl.py, ics.py.
"""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, Literal, Protocol, Self

from pydantic import Field, field_validator

from scheduler.channels.base import ChannelSettings, Connector
from scheduler.channels.blog import BlogFormat
from scheduler.channels.disk import Folder
from scheduler.channels.ics import IcsFormat
from scheduler.channels.jsonl import JsonlFormat
from scheduler.errors import Busy, Refused, UsageError
from scheduler.http.address import check_address
from scheduler.nouns import Clock, Counting, Form, Key, Limits, Post, Receipt, Save, Saved, Secret

TAKEN = frozenset({"posts", "calendars"})
"""Folders of every site that hold what people wrote."""


class FileSettings(ChannelSettings):
    kind: Literal["file"]
    folder: str = Field(description="Folder inside the site, made when it is missing.")
    format: Literal["blog", "jsonl", "ics"] = Field(
        description="A blog of HTML pages with RSS and Atom, JSON lines, or a calendar."
    )
    title: str = Field(
        default="Awareness days",
        min_length=1,
        max_length=200,
        description="Name of blog or calendar.",
    )
    url: str | None = Field(
        default=None, description="Where the folder is served; makes the links of feeds absolute."
    )
    language: str = Field(
        default="en",
        pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$",
        description="Of the index page.",
    )

    @field_validator("folder")
    @classmethod
    def _inside_the_site(cls, folder: str) -> str:
        parts = PurePosixPath(folder).parts
        odd = "\\" in folder or ":" in folder or not folder.isprintable()
        if not parts or odd or folder.startswith(("/", "~")) or ".." in parts:
            raise ValueError('must be a folder inside the site, such as "public"')
        if parts[0] in TAKEN or any(part.startswith(".") for part in parts):
            raise ValueError(
                f'must not be "{folder}": that folder is for other things; try "public"'
            )
        return "/".join(parts)

    @field_validator("url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        if url and (problem := check_address(url)):
            raise ValueError(problem)
        return url.rstrip("/") if url else None


class Format(Protocol):
    """How posts stand in a folder; `write` and `find` give the file's name within it."""

    def compose(self, post: Post, key: Key) -> dict[str, Any]: ...
    def write(self, folder: Folder, item: dict[str, Any]) -> str: ...
    def find(self, folder: Folder, item: dict[str, Any]) -> str | None: ...


class File(Connector):
    """One folder; a disk that is full, read-only or away is Busy."""

    kind = "file"
    local = True
    Settings = FileSettings

    def __init__(self, settings: FileSettings, site: Path) -> None:
        self.settings = settings
        self._folder = Folder(site, settings.folder)
        self._format = _format(settings)

    @classmethod
    def open(
        cls,
        settings: FileSettings,
        folder: Path,
        secret: Callable[[str], Secret],
        clock: Clock,
    ) -> Self:
        connector = cls(settings, folder)
        try:
            connector._folder.check()
        except (Refused, OSError) as error:
            raise UsageError(str(error)) from None
        return connector

    @classmethod
    def limits(cls, settings: FileSettings) -> Limits:
        if settings.format == "blog":
            return Limits(form=Form.BLOG, text=None, counting=Counting.BLOG)
        return Limits(form=Form.SHORT, text=500, counting=Counting.TEXT)

    def compose(self, post: Post, key: Key) -> dict[str, Any]:
        return self._format.compose(post, key)

    def send(self, post: Post, key: Key, saved: Saved, save: Save) -> Receipt:
        try:
            file = self._format.write(self._folder, self.compose(post, key))
        except OSError as error:
            raise _busy(error) from None
        return self._receipt(key, file)

    def find(self, post: Post, key: Key, saved: Saved) -> Receipt | None:
        try:
            file = self._format.find(self._folder, self.compose(post, key))
        except OSError as error:
            raise _busy(error) from None
        return self._receipt(key, file) if file else None

    def profile(self) -> str:
        return f"the folder {self.settings.folder} of this site ({self.settings.format})"

    @classmethod
    def repeatable(cls, saved: Saved) -> bool:
        return True

    def _receipt(self, key: Key, file: str) -> Receipt:
        return Receipt(remote_id=key.marker, url=f"{self.settings.folder}/{file}")


def _format(settings: FileSettings) -> Format:
    if settings.format == "blog":
        return BlogFormat(settings.title, settings.language, settings.url)
    return JsonlFormat() if settings.format == "jsonl" else IcsFormat(settings.title)


def _busy(error: OSError) -> Busy:
    return Busy(
        f"{error.filename or 'the disk'}: {error.strerror or error}; it is tried again later"
    )
