"""The WordPress connector on a real WordPress."""

import html
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from servers.faults import Faults, answer
from servers.wordpress import WordPress as Server
from servers.wordpress import running_wordpress

from scheduler.channels.wordpress import WordPress, WordPressSettings
from scheduler.errors import Busy, Refused, SignedOut, Unsure
from scheduler.nouns import Key, Post, Secret
from scheduler.testing.contract import ConnectorContract, Steps

NOW = datetime(2027, 1, 1, tzinfo=UTC)
POST = Post(
    title="Fish & <chips>",
    text="Talk.",
    html='<p>Talk &amp; <a href="https://clinic.example/?a=1&amp;b=2">read</a>.</p>',
    link="https://clinic.example",
    tags=(),
    language="en",
    day_name="World Mental Health Day",
    first=date(2027, 10, 10),
    last=date(2027, 10, 10),
    due_at=datetime(2027, 10, 10, 15, tzinfo=UTC),
)


def opened(url: str, user: str, password: str) -> WordPress:
    table = {"name": "wp", "kind": "wordpress", "url": url, "user": user, "password": "env:WP"}
    settings = WordPressSettings.model_validate(table)
    return WordPress.open(settings, Path(), lambda _: Secret(password), lambda: NOW)


def at(server: Server, user: str = "author") -> WordPress:
    return opened(server.url, user, server.passwords[user])


def slug_of(key: Key) -> str:
    return f"{key.day}-{key.marker}"


class TestContract(ConnectorContract):
    secrets = ("cafe babe 1234",)

    @pytest.fixture
    def connector(self, wordpress: Server) -> WordPress:
        self.server = wordpress
        return at(wordpress)

    @pytest.fixture
    def unreachable(self) -> Iterator[WordPress]:
        with Faults(answer("502 Bad Gateway", b"cafe babe 1234 cafebabe1234")) as server:
            yield opened(server.url, "author", "cafe babe 1234")

    def public(self, connector: WordPress, post: Post, key: Key) -> list[str]:
        found = [one for one in self.server.posts() if one["slug"].startswith(slug_of(key))]
        assert len(found) <= 1, "an orphan is left"
        return [str(one["id"]) for one in found if one["status"] == "publish"]


@pytest.fixture
def key(request: pytest.FixtureRequest) -> Key:
    return Key(site="s", article="a", day="day", first=POST.first, channel=request.node.name)


def drafted(server: Server, key: Key, status: str = "draft", user: str = "author") -> str:
    """What an earlier attempt left: a post under our slug."""
    made = server.ask("POST", "/wp/v2/posts", user, slug=slug_of(key), title="x", status=status)
    return str(made["id"])


def test_title_and_text_arrive_as_they_were_approved(wordpress: Server, key: Key) -> None:
    receipt = at(wordpress).send(POST, key, {}, Steps().save)
    [public] = wordpress.posts(slug_of(key))
    assert html.unescape(public["title"]["rendered"]) == POST.title
    assert public["content"]["raw"] == POST.html
    assert receipt.url == public["link"] == f"{wordpress.url}/{slug_of(key)}/"


def test_a_draft_of_an_earlier_attempt_is_published_with_the_approved_text(
    wordpress: Server, key: Key
) -> None:
    draft, steps = drafted(wordpress, key), Steps()
    receipt = at(wordpress).send(POST, key, {}, steps.save)
    assert receipt.remote_id == steps["draft"] == draft
    assert wordpress.posts(slug_of(key))[0]["content"]["raw"] == POST.html


def test_a_post_that_is_public_already_is_left_as_it_is(wordpress: Server, key: Key) -> None:
    there = drafted(wordpress, key, "publish")
    assert at(wordpress).send(POST, key, {}, Steps().save).remote_id == there
    assert wordpress.posts(slug_of(key))[0]["title"]["raw"] == "x"


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("status", ["draft", "publish"])
def test_what_a_person_put_in_the_trash_stays_there(
    wordpress: Server, key: Key, status: str, known: bool
) -> None:
    there = drafted(wordpress, key, status)
    wordpress.ask("DELETE", f"/wp/v2/posts/{there}")
    saved = {"draft": there} if known else {}
    with pytest.raises(Refused, match="trash"):
        at(wordpress).send(POST, key, saved, Steps().save)
    assert at(wordpress).find(POST, key, saved) is None
    assert [one["status"] for one in wordpress.posts(slug_of(key))] == ["trash"]


def test_a_draft_deleted_for_good_is_made_again_only_when_a_person_sends_anew(
    wordpress: Server, key: Key
) -> None:
    steps = Steps()
    steps["draft"] = drafted(wordpress, key)
    wordpress.ask("DELETE", f"/wp/v2/posts/{steps['draft']}", force="true")
    assert at(wordpress).find(POST, key, steps) is None
    with pytest.raises(Refused, match="deleted in WordPress"):
        at(wordpress).send(POST, key, steps, steps.save)
    assert not at(wordpress).repeatable(steps)
    at(wordpress).send(POST, key, steps, steps.save)
    assert [one["status"] for one in wordpress.posts(slug_of(key))] == ["publish"]


def test_a_post_made_private_by_a_person_stays_private(wordpress: Server, key: Key) -> None:
    drafted(wordpress, key, "private", user="editor")
    with pytest.raises(Refused, match="“private”"):
        at(wordpress, "editor").send(POST, key, {}, Steps().save)


def test_two_posts_under_one_slug_are_a_question_for_a_person(wordpress: Server, key: Key) -> None:
    ids = [drafted(wordpress, key, "publish") for _ in range(2)]
    with sqlite3.connect(wordpress.database) as ledger:
        ledger.execute("UPDATE wp_posts SET post_name = ? WHERE ID = ?", (slug_of(key), ids[1]))
    for call in (
        lambda: at(wordpress).send(POST, key, {}, Steps().save),
        lambda: at(wordpress).find(POST, key, {}),
    ):
        with pytest.raises(Unsure, match="2 posts") as caught:
            call()
        assert caught.value.ask


def test_a_slug_taken_by_a_draft_that_we_may_not_see_publishes_nothing(
    wordpress: Server, key: Key
) -> None:
    drafted(wordpress, key, user="editor")
    steps = Steps()
    with pytest.raises(Unsure, match="another post") as caught:
        at(wordpress).send(POST, key, {}, steps.save)
    assert caught.value.ask
    assert not steps
    there = [one["status"] for one in wordpress.posts() if one["slug"].startswith(slug_of(key))]
    assert there == ["draft", "draft"]


def test_the_profile_names_who_posts(wordpress: Server) -> None:
    assert at(wordpress).profile() == f"author on {wordpress.url}"


def test_a_wrong_password_signs_out_whatever_is_asked(wordpress: Server, key: Key) -> None:
    wrong = opened(wordpress.url, "author", "wrong pass word")
    for call in (
        wrong.profile,
        lambda: wrong.find(POST, key, {}),
        lambda: wrong.find(POST, key, {"draft": "1"}),
        lambda: wrong.send(POST, key, {}, Steps().save),
        lambda: wrong.send(POST, key, {"draft": drafted(wordpress, key)}, Steps().save),
    ):
        with pytest.raises(SignedOut, match="application password"):
            call()
    assert [one["status"] for one in wordpress.posts(slug_of(key))] == ["draft"]


def test_a_user_who_may_not_publish_signs_out(wordpress: Server, key: Key) -> None:
    for user in ("subscriber", "contributor"):
        with pytest.raises(SignedOut):
            at(wordpress, user).profile()
        with pytest.raises(SignedOut):
            at(wordpress, user).send(POST, key, {}, Steps().save)


def test_a_user_who_gets_the_right_later_publishes_the_same_draft(
    wordpress: Server, key: Key
) -> None:
    steps = Steps()
    with pytest.raises(SignedOut):
        at(wordpress, "contributor").send(POST, key, steps, steps.save)
    who = wordpress.ask("GET", "/wp/v2/users/me", "contributor", context="edit")["id"]
    wordpress.ask("POST", f"/wp/v2/users/{who}", roles="author")
    try:
        receipt = at(wordpress, "contributor").send(POST, key, steps, steps.save)
    finally:
        wordpress.ask("POST", f"/wp/v2/users/{who}", roles="contributor")
    assert receipt.remote_id == steps["draft"]
    assert len(wordpress.posts(slug_of(key))) == 1


@contextmanager
def own_server(**options: object) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="redletter-wordpress-") as scratch:
        Path(scratch).chmod(0o755)
        with running_wordpress(Path(scratch), **options) as server:
            yield server


def test_it_works_without_pretty_permalinks_and_waits_out_maintenance(
    wordpress: Server, key: Key
) -> None:
    with own_server(pretty=False) as server:
        receipt = at(server).send(POST, key, {}, Steps().save)
        assert receipt.url == f"{server.url}/?p={receipt.remote_id}"
        assert at(server).find(POST, key, {}) == receipt
        server.maintain()
        with pytest.raises(Busy) as caught:
            at(server).send(POST, replace(key, round=2), {}, Steps().save)
        assert caught.value.until == NOW + timedelta(minutes=10)


def test_a_site_that_offers_no_application_passwords_signs_out(wordpress: Server, key: Key) -> None:
    """WordPress switches them off where it is not served over https."""
    with own_server(environment="production") as server, pytest.raises(SignedOut):
        at(server).send(POST, key, {}, Steps().save)
