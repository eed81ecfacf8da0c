"""What the WordPress connector makes of a server that fails in each phase of a send."""

import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from servers.faults import Behaviour, Faults, answer, reset_after

from scheduler.channels.wordpress import WordPress, WordPressSettings
from scheduler.errors import Busy, DeliveryError, Refused, Unsure
from scheduler.http.outcome import NotFound
from scheduler.nouns import Key, Post, Secret
from scheduler.testing.contract import Steps

MOMENT = datetime(2027, 10, 10, 15, tzinfo=UTC)
KEY = Key(site="s", article="a", day="day", first=MOMENT.date(), channel="wp")
POST = Post(
    title="T", text="x", html="<p>x</p>", link="", tags=(), language="en", day_name="Day",
    first=MOMENT.date(), last=MOMENT.date(), due_at=MOMENT,
)  # fmt: skip
SLUG = f"day-{KEY.marker}"
TABLE = {"name": "wp", "kind": "wordpress", "user": "ann", "password": "env:WP"}

PORTAL = answer("200 OK", b"<html><title>Welcome to the hotel</title></html>")
EMPTY = answer("200 OK", b"[]")
BROKEN = answer("500 Internal Server Error", b'{"code": "internal_error"}')


def standing(status: str, number: object = 7, slug: str = SLUG) -> Behaviour:
    shown = {"id": number, "slug": slug, "status": status, "link": "http://127.0.0.1/x/"}
    return answer("200 OK", json.dumps(shown).encode())


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request meets the first behaviour, and so on; a further one is a fault of ours."""
    left = list(behaviours)

    def behave(connection: socket.socket, request: bytes) -> None:
        left.pop(0)(connection, request)

    return behave


def connector(url: str) -> WordPress:
    settings = WordPressSettings.model_validate(TABLE | {"url": url})
    return WordPress.open(settings, Path(), lambda _: Secret("pass"), lambda: MOMENT)


def sent(steps: Steps, *behaviours: Behaviour) -> DeliveryError:
    with Faults(in_turn(*behaviours)) as server, pytest.raises(DeliveryError) as caught:
        connector(server.url).send(POST, KEY, steps, steps.save)
    assert len(server.requests) == len(behaviours)
    return caught.value


@pytest.mark.parametrize("fault", [BROKEN, PORTAL, reset_after(b""), standing("publish")])
def test_while_nothing_can_be_out_a_failed_look_is_busy(fault: Behaviour) -> None:
    assert type(sent(Steps(), fault)) is Busy


@pytest.mark.parametrize(
    "fault",
    [BROKEN, PORTAL, reset_after(b""), reset_after(b"HTTP/1.1 201 Created\r\n"), EMPTY,
     standing("publish"), standing("draft", "7"), standing("draft", True)],
)  # fmt: skip
def test_a_create_without_proof_is_unsure_and_looked_up_before_another(fault: Behaviour) -> None:
    steps = Steps()
    assert type(sent(steps, EMPTY, fault)) is Unsure
    assert not WordPress.repeatable(steps)


@pytest.mark.parametrize(
    "fault",
    [BROKEN, PORTAL, reset_after(b""), reset_after(b"HTTP/1.1 200 OK\r\n"), EMPTY,
     standing("draft"), standing("future"), standing("publish", 8), standing("publish", "7")],
)  # fmt: skip
def test_a_publish_without_proof_is_unsure_and_may_be_repeated(fault: Behaviour) -> None:
    steps = Steps()
    assert type(sent(steps, EMPTY, standing("draft"), fault)) is Unsure
    assert steps == {"draft": "7"}
    assert WordPress.repeatable(steps)


@pytest.mark.parametrize("fault", [BROKEN, PORTAL, reset_after(b"")])
def test_once_a_publish_may_have_left_a_failed_look_stays_unsure(fault: Behaviour) -> None:
    steps = Steps()
    steps["draft"] = "7"
    assert type(sent(steps, fault)) is Unsure


def test_a_lost_interface_is_no_proof_that_the_post_is_gone() -> None:
    lost = answer("404 Not Found", b'{"code": "rest_no_route", "message": "No route"}')
    steps = Steps()
    steps["draft"] = "7"
    assert type(sent(steps, lost)) is NotFound
    assert steps == {"draft": "7"}
    with Faults(lost) as server, pytest.raises(Refused):
        connector(server.url).find(POST, KEY, steps)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "http://blog.example", "must begin with https://"),
        ("url", "https://ann:pw@blog.example", "settings of their own"),
        ("password", "in clear", "password"),
        ("user", "a:b", "colon"),
        ("user", "", "user"),
        ("tags", ["x"], "tags"),
    ],
)
def test_settings_that_cannot_work_are_named(field: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        WordPressSettings.model_validate(TABLE | {"url": "https://blog.example"} | {field: value})
