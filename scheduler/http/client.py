"""The client itself: one method, and a short form of it for a POST of JSON."""

import logging
import zlib
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth
from urllib3.exceptions import HTTPError

from scheduler import __version__
from scheduler.errors import DeliveryError, Unsure, UsageError
from scheduler.http.address import check_address
from scheduler.http.line import Line, OneTry
from scheduler.http.outcome import Answer, Service, masks
from scheduler.nouns import Clock, Secret

CONNECT_SECONDS = 10.0

# urllib3 writes whole addresses to the log, and an address may carry a secret.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)

_FAULTS = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)


class Http:
    """A client of one service; every request is one attempt on a connection of its own.

    `secrets` are masked in every text, the password of `auth` too. `account_codes` are error codes
    that make a 403 mean "this account", not "this post". `may_be_out`: the service's 503 may stand
    for a post that is out. `deadline` counts seconds for the whole request, `cap` bytes of the
    unpacked answer. `ca` names certificates to trust instead of the public ones.
    """

    def __init__(  # noqa: PLR0913 - what one service needs, each with a plain default
        self,
        base_url: str,
        *,
        clock: Clock,
        auth: tuple[str, Secret] | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: Sequence[Secret] = (),
        account_codes: frozenset[str] = frozenset(),
        may_be_out: bool = False,
        deadline: float = 60.0,
        cap: int = 1_000_000,
        ca: Path | None = None,
    ) -> None:
        if problem := check_address(base_url):
            raise UsageError(f"{base_url!r} {problem}")
        self._base, self._auth, self._ca = base_url.rstrip("/"), auth, ca
        self._deadline, self._cap = deadline, cap
        self._headers = {
            "User-Agent": f"Redletter/{__version__}",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        } | dict(headers or {})
        user, hidden = (auth[0], [*secrets, auth[1]]) if auth else ("", list(secrets))
        self._service = Service(
            host=urlsplit(base_url).netloc,
            clock=clock,
            account_codes=account_codes,
            may_be_out=may_be_out,
            masks=masks(hidden, user),
        )

    def __repr__(self) -> str:
        return f"Http({self._service.host})"

    def post_json(
        self,
        path: str,
        *,
        json: Any,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """The parsed answer to one POST; raises as `request` does."""
        return self.request("POST", path, params=params, json=json, headers=headers).json()

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        json: Any = None,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """A whole 2xx answer; everything else is a DeliveryError by the table in `outcome`."""
        outcome = self._attempt(
            requests.Request(
                method,
                self._base + path,
                params=params,
                json=json,
                data=data,
                headers=self._headers | dict(headers or {}),
                auth=self._basic(),
            )
        )
        if isinstance(outcome, DeliveryError):
            # Outside of any `except`: no foreign error, with an address in it, hangs on this one.
            raise outcome
        return outcome

    def _basic(self) -> HTTPBasicAuth | None:
        if not self._auth:
            return None
        user, password = self._auth
        return HTTPBasicAuth(user.encode(), password.reveal().encode())

    def _attempt(self, call: requests.Request) -> Answer | DeliveryError:
        # Not through a Session: it would take proxies, passwords and certificates from the
        # environment, and read the whole body of a redirect even when it does not follow it.
        with Line(self._deadline) as line:
            try:
                response = OneTry(line).send(
                    call.prepare(),
                    stream=True,
                    timeout=(min(CONNECT_SECONDS, self._deadline), self._deadline),
                    verify=str(self._ca) if self._ca else True,
                )
            except _FAULTS as error:
                return self._service.unanswered(error, stands=line.stands, in_time=not line.cut)
            with response:
                body, fault = self._body(response, line)
        status = response.status_code
        if not 200 <= status < 300:
            return self._service.judged(status, response.headers, body)
        if fault:
            return Unsure(f"{self._service.host} answered {status}, but {fault}")
        host = self._service.host
        return Answer(host=host, status=status, headers=response.headers, body=body)

    def _body(self, response: requests.Response, line: Line) -> tuple[bytes, str]:
        """What came of the body, and what was wrong with it."""
        packed, broken = bytearray(), False
        try:
            while len(packed) <= self._cap:
                chunk = response.raw.read(65_536, decode_content=False)
                if not chunk:
                    break
                packed += chunk
        except _FAULTS:
            broken = True
        declared = response.headers.get("Content-Length", "")
        missing = declared.isdecimal() and len(packed) < min(int(declared[:18]), self._cap)
        body, fault = self._unpacked(bytes(packed), response.headers.get("Content-Encoding", ""))
        if line.cut:
            return body, "the answer was not done in time"
        return body, "the answer was cut short" if broken or missing else fault

    def _unpacked(self, packed: bytes, encoding: str) -> tuple[bytes, str]:
        """At most `cap` bytes, however small they were packed."""
        body, fault = packed, ""
        if encoding.strip().lower() in ("gzip", "x-gzip", "deflate"):
            unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
            try:
                body = unpacker.decompress(packed, self._cap + 1)
            except zlib.error:
                return b"", "the answer could not be unpacked"
            fault = "" if unpacker.eof else "the answer was cut short"
        if len(body) > self._cap:
            return body[: self._cap], f"with more than {self._cap:,} bytes"
        return body, fault
