"""Every format of the file channel keeps the connectors' contract."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from file_channel import opened
from icalendar import Calendar

from scheduler.channels.file import File
from scheduler.nouns import Key, Post
from scheduler.testing.contract import ConnectorContract


class FileContract(ConnectorContract):
    format: str

    @pytest.fixture
    def connector(self, tmp_path: Path) -> File:
        self.folder = tmp_path / "public"
        return opened(tmp_path, format=self.format)

    @pytest.fixture
    def unreachable(self, tmp_path: Path) -> File:
        """A file stands where the folder should be: whatever is done there is an OSError."""
        site = tmp_path / "full"
        site.mkdir()
        (site / "public").write_text("in the way")
        return opened(site, format=self.format)


class TestBlog(FileContract):
    format = "blog"

    def public(self, connector: File, post: Post, key: Key) -> list[str]:
        names = [page.name for page in (self.folder / "posts").glob(f"*-{key.marker}.html")]
        for name in names:
            assert (self.folder / "index.html").read_text().count(f'href="posts/{name}"') == 1
            rss = [link.text for link in ET.parse(self.folder / "rss.xml").iter("link")]
            assert rss.count(f"posts/{name}") == 1
            links = ET.parse(self.folder / "atom.xml").iter("{http://www.w3.org/2005/Atom}link")
            assert [link.get("href") for link in links].count(f"posts/{name}") == 1
        return [name.removesuffix(".html").rpartition("-")[2] for name in names]


class TestJsonl(FileContract):
    format = "jsonl"

    def public(self, connector: File, post: Post, key: Key) -> list[str]:
        file = self.folder / "posts.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        ids = [json.loads(line)["id"] for line in lines]
        return [one for one in ids if one == key.marker]


class TestIcs(FileContract):
    format = "ics"

    def public(self, connector: File, post: Post, key: Key) -> list[str]:
        file = self.folder / "posts.ics"
        events = Calendar.from_ical(file.read_bytes()).walk("VEVENT") if file.exists() else []
        uids = [str(event["UID"]) for event in events]
        return [uid.partition("@")[0] for uid in uids if uid == f"{key.marker}@contract"]
