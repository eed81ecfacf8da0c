"""What the blog of the file channel looks like to a reader, a feed reader and a killed writer."""

import resource
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from file_channel import opened, send
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.channels import feeds, pages
from scheduler.channels.entry import Blog, Entry
from scheduler.errors import Busy, Refused, UsageError
from scheduler.nouns import Key, Post

ATOM = "{http://www.w3.org/2005/Atom}"
EVIL = "\"><script>alert(1)</script>&amp;'</title>"
KEY = Key(site="s", article="a", day="day", first=date(2027, 10, 10), channel="blog")
POST = Post(
    title="A good day",
    text="Talk to someone you trust.",
    html="<p>Talk to someone you trust.</p>",
    link="",
    tags=("health",),
    language="en",
    day_name="World Mental Health Day",
    first=date(2027, 10, 10),
    last=date(2027, 10, 10),
    due_at=datetime(2027, 10, 10, 15, tzinfo=UTC),
)


def on(day: int) -> tuple[Post, Key]:
    moment = POST.due_at + timedelta(days=day)
    return replace(POST, title=f"Post {day}", due_at=moment), replace(KEY, round=day + 1)


def links(page: str) -> list[str]:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(value or "" for name, value in attrs if name in ("href", "src"))

    Reader().feed(page)
    return found


def test_every_link_leads_to_a_file_of_the_folder(tmp_path: Path) -> None:
    receipt = send(opened(tmp_path), POST, KEY)
    assert receipt.remote_id == KEY.marker
    assert receipt.url == f"public/posts/day-{KEY.marker}.html"
    for page in (tmp_path / "public/index.html", tmp_path / receipt.url):
        for link in links(page.read_text()):
            target = page if link.startswith("#") else page.parent / link
            assert target.is_file(), f"{link} in {page}"


def test_index_and_feeds_show_the_newest_first_whatever_the_order_of_sending(
    tmp_path: Path,
) -> None:
    connector = opened(tmp_path)
    for day in (1, 2, 0):
        send(connector, *on(day))
    index = (tmp_path / "public/index.html").read_text()
    assert index.index("Post 2") < index.index("Post 1") < index.index("Post 0")
    rss = ET.parse(tmp_path / "public/rss.xml").iterfind("channel/item/title")
    assert [title.text for title in rss] == ["Post 2", "Post 1", "Post 0"]
    atom = ET.parse(tmp_path / "public/atom.xml").iterfind(f"{ATOM}entry/{ATOM}title")
    assert [title.text for title in atom] == ["Post 2", "Post 1", "Post 0"]


def test_the_same_posts_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = opened(tmp_path / "one"), opened(tmp_path / "other")
    for day in (0, 1):
        send(one, *on(day))
    for day in (1, 0, 0, 1):
        send(other, *on(day))
    files = [file for file in (tmp_path / "one").rglob("*") if file.is_file()]
    assert len(files) == 8
    for file in files:
        twin = tmp_path / "other" / file.relative_to(tmp_path / "one")
        assert file.read_bytes() == twin.read_bytes()


def test_nothing_that_people_write_becomes_markup(tmp_path: Path) -> None:
    evil = replace(
        POST,
        title=EVIL,
        day_name=EVIL,
        text=EVIL,
        html="",
        link="javascript:alert(1)",
        tags=(EVIL,),
    )
    receipt = send(opened(tmp_path, title=EVIL), evil, KEY)
    for page in (tmp_path / "public/index.html", tmp_path / receipt.url):
        text = page.read_text()
        assert "<script" not in text
        assert "javascript:" not in text
        assert text.count("<title>") == text.count("</title>") == 1
    assert ET.parse(tmp_path / "public/rss.xml").findtext("channel/item/title") == EVIL


def test_with_an_address_the_links_of_feeds_are_absolute_and_names_stay(tmp_path: Path) -> None:
    send(opened(tmp_path), POST, KEY)
    before = ET.parse(tmp_path / "public/rss.xml").findtext("channel/item/guid")
    send(opened(tmp_path, url="https://clinic.example/days/"), POST, KEY)
    rss = ET.parse(tmp_path / "public/rss.xml")
    address = f"https://clinic.example/days/posts/day-{KEY.marker}.html"
    assert rss.findtext("channel/item/link") == address
    assert rss.findtext("channel/item/guid") == before
    assert before == f"tag:s.redletter.invalid,2027-10-10:{KEY.marker}"
    page = (tmp_path / f"public/posts/day-{KEY.marker}.html").read_text()
    assert f'<link rel="canonical" href="{address}">' in page


def test_a_week_shows_both_its_dates(tmp_path: Path) -> None:
    receipt = send(opened(tmp_path), replace(POST, last=date(2027, 10, 16)), KEY)
    page = (tmp_path / receipt.url).read_text()
    assert '<time datetime="2027-10-10">10 October 2027</time>' in page
    assert '<time datetime="2027-10-16">16 October 2027</time>' in page


def test_a_style_sheet_of_the_sites_own_is_kept(tmp_path: Path) -> None:
    send(opened(tmp_path), POST, KEY)
    (tmp_path / "public/style.css").write_text("body { color: teal }")
    send(opened(tmp_path), *on(1))
    assert (tmp_path / "public/style.css").read_text() == "body { color: teal }"


def kill_before(number: int, patch: pytest.MonkeyPatch) -> None:
    """Dies just before the rename that would make the writer's n-th file visible."""
    left, rename = iter(range(number - 1)), Path.replace

    def counted(self: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return rename(self, target)

    patch.setattr(Path, "replace", counted)


@pytest.mark.parametrize("stop_at", range(1, 7))
def test_killed_between_any_two_files_the_next_post_shows_no_dead_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    connector = opened(tmp_path)
    with monkeypatch.context() as patch:
        kill_before(stop_at, patch)
        with pytest.raises(KeyboardInterrupt):
            send(connector, POST, KEY)
    assert connector.find(POST, KEY, {}) is None
    send(connector, *on(1))
    index = tmp_path / "public/index.html"
    for link in links(index.read_text()):
        assert (index.parent / link).is_file() or link.startswith("#")
    send(connector, POST, KEY)
    assert index.read_text().count(f"day-{KEY.marker}.html") == 1
    assert connector.find(POST, KEY, {})


def test_a_link_out_of_the_site_is_refused(tmp_path: Path) -> None:
    site, outside = tmp_path / "site", tmp_path / "outside"
    site.mkdir()
    outside.mkdir()
    (site / "public").symlink_to(outside)
    with pytest.raises(UsageError, match="symbolic link"):
        opened(site)


@pytest.mark.parametrize("inner", ["posts", ".posts"])
def test_a_link_out_that_appears_later_is_refused_too(tmp_path: Path, inner: str) -> None:
    site, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    connector = opened(site)
    (site / "public").mkdir(parents=True)
    (site / "public" / inner).symlink_to(outside)
    with pytest.raises(Refused, match="symbolic link"):
        send(connector, POST, KEY)
    assert list(outside.iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_replaced_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("not ours")
    (tmp_path / "site/public").mkdir(parents=True)
    (tmp_path / "site/public/index.html").symlink_to(outside)
    send(opened(tmp_path / "site"), POST, KEY)
    assert outside.read_text() == "not ours"
    assert not (tmp_path / "site/public/index.html").is_symlink()


def test_a_damaged_data_file_is_named(tmp_path: Path) -> None:
    connector = opened(tmp_path)
    send(connector, POST, KEY)
    [memory] = (tmp_path / "public/.posts").iterdir()
    memory.write_text("{")
    with pytest.raises(Refused, match=memory.name):
        send(connector, *on(1))


def test_a_disk_that_takes_no_more_is_busy_and_keeps_what_it_had(tmp_path: Path) -> None:
    connector = opened(tmp_path)
    send(connector, POST, KEY)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, limits[1]))
    try:
        with pytest.raises(Busy, match="tried again later"):
            send(connector, *on(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@settings(max_examples=50, deadline=None)
@given(title=st.text(), text=st.text())
def test_any_text_gives_feeds_that_a_parser_takes(title: str, text: str) -> None:
    entry = Entry.of(
        {
            "id": "abcdefghij", "site": "s", "channel": "c", "slug": "x", "title": title,
            "html": pages.paragraphs(text), "text": text, "link": "", "tags": [text],
            "language": "en", "day_name": title, "first": "2027-10-10", "last": "2027-10-10",
            "published": "2027-10-10T15:00:00Z",
        }
    )  # fmt: skip
    blog = Blog(title="b", language="en", url="")
    assert len(ET.fromstring(feeds.rss([entry], blog)).findall("channel/item")) == 1
    assert len(ET.fromstring(feeds.atom([entry], blog)).findall(f"{ATOM}entry")) == 1
