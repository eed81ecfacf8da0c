"""The table of outcomes, row by row, against a server that really fails."""

import gzip
import socket
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from servers.faults import Behaviour, Faults, answer, drip, endless, raw, reset_after

from scheduler.errors import (
    Busy,
    DeliveryError,
    Refused,
    SignedOut,
    Unsure,
)
from scheduler.http.client import Http
from scheduler.http.outcome import NotFound, named_time, own_words
from scheduler.nouns import Secret

NOW = datetime(2027, 10, 10, 15, tzinfo=UTC)
JSON_HEAD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"


def client(url: str, **options: object) -> Http:
    options = {"deadline": 5.0, "auth": ("ann", Secret("a b"))} | options
    return Http(url, clock=lambda: NOW, **options)  # type: ignore[arg-type]


def post(behave: Behaviour, **options: object) -> object:
    with Faults(behave) as server:
        return client(server.url, **options).post_json("/posts", json={"text": "x"})


def fails(behave: Behaviour, **options: object) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        post(behave, **options)
    return caught.value


def test_a_whole_json_answer_is_success() -> None:
    assert post(answer("201 Created")) == {"id": 7}


def test_the_credential_and_the_body_arrive_as_given() -> None:
    with Faults(answer()) as server:
        client(server.url).post_json("/posts", json={"text": "ö"}, params={"a": "b c"})
    [request] = server.requests
    assert request.startswith(b"POST /posts?a=b+c HTTP/1.1\r\n")
    assert b"Authorization: Basic " in request
    assert request.endswith(b'{"text": "\\u00f6"}')


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("301 Moved Permanently", Refused),
        ("302 Found", Refused),
        ("307 Temporary Redirect", Refused),
        ("400 Bad Request", Refused),
        ("401 Unauthorized", SignedOut),
        ("402 Payment Required", Refused),
        ("403 Forbidden", Refused),
        ("404 Not Found", NotFound),
        ("408 Request Timeout", Unsure),
        ("409 Conflict", Unsure),
        ("410 Gone", Refused),
        ("413 Content Too Large", Refused),
        ("422 Unprocessable Content", Refused),
        ("429 Too Many Requests", Busy),
        ("500 Internal Server Error", Unsure),
        ("502 Bad Gateway", Unsure),
        ("503 Service Unavailable", Busy),
        ("504 Gateway Timeout", Unsure),
        ("599 Whatever", Unsure),
    ],
)
def test_a_status_has_one_outcome(status: str, outcome: type[DeliveryError]) -> None:
    assert type(fails(answer(status, b'{"message": "no"}'))) is outcome


def test_a_server_that_stores_and_then_fails_is_asked_once_and_leaves_unsure() -> None:
    with Faults(answer("500 Internal Server Error")) as server, pytest.raises(Unsure):
        client(server.url).post_json("/posts", json={})
    assert len(server.requests) == server.connections == 1


def test_a_503_of_a_service_that_may_have_published_is_unsure() -> None:
    assert isinstance(fails(answer("503 Service Unavailable"), may_be_out=True), Unsure)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b'{"code": "account_suspended"}', SignedOut),
        (b'{"error": {"code": 190}}', SignedOut),
        (b'{"error": "account_suspended"}', SignedOut),
        (b'{"code": "rest_cannot_edit"}', Refused),
        (b'{"code": {"account_suspended": 1}}', Refused),
        (b"<html>account_suspended</html>", Refused),
    ],
)
def test_a_403_signs_out_only_by_an_account_code(body: bytes, outcome: type[Refused]) -> None:
    codes = frozenset({"account_suspended", "190"})
    assert type(fails(answer("403 Forbidden", body), account_codes=codes)) is outcome


@pytest.mark.parametrize(
    "behave",
    [
        raw(),
        reset_after(b""),
        reset_after(b"HTTP/1.1 20"),
        reset_after(JSON_HEAD + b"Content-Length: 9\r\n\r\n" + b'{"id"'),
        raw(JSON_HEAD + b"Content-Length: 900\r\n\r\n" + b'{"id": 7}'),
        raw(JSON_HEAD + b"Transfer-Encoding: chunked\r\n\r\n9\r\n" + b'{"id": 7}' + b"\r\n"),
        raw(JSON_HEAD + b"Content-Length: 5\r\n\r\n" + b'{"id": 7}'),
        raw(JSON_HEAD + b"\r\n" + b'{"id": '),
        raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
        answer(body=b""),
        answer(body=b"<html><title>Sign in to the hotel's network</title></html>"),
        answer(body=b"[" * 100_000),
        answer("200 OK", b"not gzip", "Content-Encoding: gzip"),
        answer("200 OK", gzip.compress(b'{"id": 7}' * 99)[:-9], "Content-Encoding: gzip"),
    ],
)
def test_an_answer_that_cannot_be_read_leaves_unsure(behave: Behaviour) -> None:
    assert type(fails(behave)) is Unsure


def test_a_packed_answer_is_unpacked() -> None:
    assert post(answer("200 OK", gzip.compress(b"[1]"), "Content-Encoding: gzip")) == [1]
    assert post(answer("200 OK", zlib.compress(b"[1]"), "Content-Encoding: deflate")) == [1]


@pytest.mark.parametrize(
    "behave",
    [
        drip(b""),
        drip(b"HTTP/1.1 200 OK\r\nX-Drip: "),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n"),
        lambda connection, _: connection.recv(1),  # silence
    ],
)
def test_the_deadline_holds_for_the_whole_request(behave: Behaviour) -> None:
    error = fails(behave, deadline=0.4)
    assert type(error) is Unsure
    assert "in time" in str(error)


def test_a_deadline_in_the_hand_shake_leaves_busy() -> None:
    """A server that takes the connection and then never speaks TLS: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow = client(f"https://127.0.0.1:{silent.getsockname()[1]}", deadline=0.4)
        with pytest.raises(Busy, match="nothing was sent"):
            slow.post_json("/posts", json={})


@pytest.mark.parametrize(
    "behave",
    [
        endless,
        answer("200 OK", gzip.compress(b" " * 50_000_000), "Content-Encoding: gzip"),
        answer("200 OK", b" " * 1_000_001),
        raw(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 1_000_001),
    ],
)
def test_an_answer_is_read_to_one_megabyte_unpacked(behave: Behaviour) -> None:
    error = fails(behave)
    assert type(error) is Unsure
    assert "1,000,000" in str(error)


def test_the_body_of_a_redirect_is_no_way_around_the_cap() -> None:
    moved = gzip.compress(b" " * 50_000_000)
    headers = ("Content-Encoding: gzip", "Location: /elsewhere")
    assert type(fails(answer("302 Found", moved, *headers))) is Refused


def test_a_redirect_is_not_followed_and_shows_where_it_pointed() -> None:
    with Faults(answer()) as thief:
        error = fails(answer("302 Found", b"", f"Location: {thief.url}/steal"))
    assert thief.connections == 0
    assert f"{thief.url}/steal" in str(error)


@pytest.mark.parametrize(
    ("header", "until"),
    [
        ("120", NOW + timedelta(seconds=120)),
        (" 7 ", NOW + timedelta(seconds=7)),
        ("Sun, 10 Oct 2027 16:00:00 GMT", NOW + timedelta(hours=1)),
        ("Sun, 10 Oct 2027 16:00:00 -0000", NOW + timedelta(hours=1)),
        ("Sun, 10 Oct 2027 14:00:00 GMT", None),
        ("1000000000", NOW + timedelta(seconds=10**9)),
        ("9" * 400, NOW + timedelta(seconds=10**9)),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("Sun, 99 Oct 2027 16:00:00 GMT", None),
        ("", None),
        ("²", None),
    ],
)
def test_the_time_that_a_service_names(header: str, until: datetime | None) -> None:
    assert named_time(header, NOW) == until


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_busy_carries_the_time_that_the_service_named(status: str) -> None:
    error = fails(answer(status, b"<html>Briefly unavailable</html>", "Retry-After: 600"))
    assert isinstance(error, Busy)
    assert error.until == NOW + timedelta(minutes=10)


def test_who_cannot_be_reached_leaves_busy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Busy, match="refused the connection; nothing was sent"):
        client(f"http://127.0.0.1:{port}").post_json("/posts", json={})
    with pytest.raises(Busy, match="was not found"):
        client("https://no-such-host.invalid").post_json("/posts", json={})


def test_a_host_that_no_name_can_be_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be asked"):
        client(f"https://{'a' * 70}.example").post_json("/posts", json={})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"message": "<strong>No.</strong>\\n Ask &amp; wait"}', "No. Ask & wait"),
        ('{"error": {"message": "expired"}}', "expired"),
        ('{"errors": [{"detail": "too long"}]}', "too long"),
        ("<!doctype html><title>502</title>", ""),
        ("plain\x1b[31m words\u202e", "plain\\u001b[31m words\\u202e"),
        ("x" * 500, "x" * 199 + "…"),
        ("[]", ""),
        ("null", ""),
    ],
)
def test_the_words_of_a_service_are_shown_short_and_escaped(body: str, words: str) -> None:
    assert own_words(body) == words
