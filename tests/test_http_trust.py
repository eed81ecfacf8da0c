"""Whom the client trusts, and what it never gives away."""

import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers.faults import Behaviour, Faults, answer, certificates, reset_after

from scheduler.errors import Busy, DeliveryError, Untrusted, UsageError
from scheduler.http.address import check_address
from scheduler.http.client import Http
from scheduler.nouns import Secret

NOW = datetime(2027, 10, 10, 15, tzinfo=UTC)
TOKEN = "canary-token 7f3a/é"


def client(url: str, **options: object) -> Http:
    options = {"deadline": 5.0, "auth": ("ann", Secret(TOKEN))} | options
    return Http(url, clock=lambda: NOW, **options)  # type: ignore[arg-type]


def fails(behave: Behaviour, **options: object) -> DeliveryError:
    with Faults(behave) as server, pytest.raises(DeliveryError) as caught:
        client(server.url, **options).post_json("/posts", json={"text": "x"})
    return caught.value


@pytest.fixture(scope="module")
def pems(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return certificates(tmp_path_factory.mktemp("certificates"))


def over_tls(pems: dict[str, Path], name: str, *, trusted: bool = True) -> tuple[object, Faults]:
    ca = pems["authority"] if trusted else None
    with Faults(answer(), pems[name]) as server:
        try:
            return client(server.url, ca=ca).post_json("/posts", json={}), server
        except DeliveryError as error:
            return error, server


def test_a_trusted_certificate_is_taken(pems: dict[str, Path]) -> None:
    assert over_tls(pems, "good")[0] == {"id": 7}


@pytest.mark.parametrize(
    ("name", "trusted", "words"),
    [
        ("expired", True, "expired"),
        ("other host", True, "not valid for"),
        ("self-signed", True, "self-signed"),
        ("good", False, "local issuer"),
    ],
)
def test_a_bad_certificate_is_never_bypassed(
    pems: dict[str, Path], name: str, trusted: bool, words: str
) -> None:
    error, server = over_tls(pems, name, trusted=trusted)
    assert isinstance(error, Untrusted)
    assert words in str(error)
    assert server.requests == []


def test_a_hand_shake_that_breaks_off_leaves_busy() -> None:
    with (
        Faults(answer(), greeting=b"220 not TLS at all\r\n") as plain,
        pytest.raises(Busy, match="secure connection; nothing was sent"),
    ):
        client(plain.url.replace("http:", "https:")).post_json("/posts", json={})
    assert plain.requests == []


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login thief password thief\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Faults(answer("502 Bad Gateway")) as proxy, Faults(answer()) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        client(server.url, auth=None).post_json("/posts", json={})
    assert proxy.connections == 0
    assert b"Authorization" not in server.requests[0]


def test_no_text_of_an_error_carries_a_secret() -> None:
    hook = Secret("open/sésame")
    echo = f'{{"message": "bad {TOKEN} and {hook.reveal()}"}}'.encode()
    behaviours = [
        answer("400 Bad Request", echo),
        answer("302 Found", b"", "Location: https://x.example/?t=open%2Fs%C3%A9same"),
        reset_after(b"HTTP/1.1"),
    ]
    for behave in behaviours:
        error = fails(behave, secrets=[hook])
        shown = "".join(traceback.format_exception(error)) + repr(error)
        assert "canary" not in shown
        assert "open" not in shown
        assert "same" not in shown
        assert error.__cause__ is None
        assert error.__context__ is None


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example", "https://blog.example:8443/news/", "http://127.0.0.1:8080",
        "http://localhost", "http://[::1]:80", "https://10.0.0.7",
    ],
)  # fmt: skip
def test_these_addresses_are_fine(url: str) -> None:
    assert check_address(url) == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://blog.example", "everyone on the way"),
        ("http://127.0.0.1.evil.example", "everyone on the way"),
        ("http://localhost.evil.example", "everyone on the way"),
        ("http://0x7f000001", "everyone on the way"),
        ("ftp://blog.example", "not an address"),
        ("file:///etc/passwd", "not an address"),
        ("blog.example", "not an address"),
        ("https://", "not an address"),
        ("https://a:99999", "not an address"),
        ("https://[::1", "not an address"),
        ("https://ann:secret@blog.example", "settings of their own"),
        ("https://blog.example/\n", "invisible"),
        ("https://127.0.0.1\\@blog.example", "backslash"),
        ("", "not an address"),
    ],
)
def test_these_addresses_are_not(url: str, words: str) -> None:
    assert words in check_address(url)
    with pytest.raises(UsageError):
        client(url)
