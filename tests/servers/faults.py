"""A server on loopback that fails on purpose: raw sockets, so that no library mends the fault."""

import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

Behaviour = Callable[[socket.socket, bytes], None]
"""What to do with a connection once its whole request has arrived."""


class Faults:
    """Serves one behaviour on a free port and keeps every whole request it took.

    `certificate` is a PEM file with key and certificate; with it the server speaks TLS.
    `greeting` is said before anything was asked.
    """

    def __init__(
        self, behave: Behaviour, certificate: Path | None = None, greeting: bytes = b""
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._behave, self._tls, self._greeting = behave, _context(certificate), greeting
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, plain: socket.socket) -> None:
        try:
            plain.sendall(self._greeting)
            connection = self._tls.wrap_socket(plain, server_side=True) if self._tls else plain
            with connection:
                request = _whole_request(connection)
                self.requests.append(request)
                self._behave(connection, request)
        except OSError:
            plain.close()  # the client left, which is what some tests are about


def answer(
    status: str = "200 OK", body: bytes = b'{"id": 7}', *headers: str, length: int | None = None
) -> Behaviour:
    """A well-formed answer, unless `length` says something else than the body's."""
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers, "", ""]
    return lambda connection, _: connection.sendall("\r\n".join(lines).encode() + body)


def raw(*parts: bytes, pause: float = 0) -> Behaviour:
    """These bytes, with a pause after each part; then the end."""

    def behave(connection: socket.socket, _: bytes) -> None:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)

    return behave


def reset_after(sent: bytes) -> Behaviour:
    """These bytes, then a reset instead of an orderly end."""

    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(sent)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def drip(text: bytes, pause: float = 0.05) -> Behaviour:
    """One byte at a time, for ever."""

    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(text)
        while True:
            connection.sendall(b"x")
            time.sleep(pause)

    return behave


def endless(connection: socket.socket, _: bytes) -> None:
    """Announces 10 GB and sends as much as is taken."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    while True:
        connection.sendall(b"x" * 65_536)


def certificates(folder: Path) -> dict[str, Path]:
    """An authority and certificates of it, made with the openssl command: PEM files by name.

    `authority`, `good`, `expired`, `other host`; and `self-signed`, which is of nobody.
    """
    if not shutil.which("openssl"):
        raise RuntimeError("the openssl command is not installed: run scripts/test-servers.sh")
    made = {
        "authority": _self_signed(folder, "authority"),
        "self-signed": _self_signed(folder, "own"),
    }
    for name, host, days in [
        ("good", "IP:127.0.0.1", 2),
        ("expired", "IP:127.0.0.1", -1),
        ("other host", "DNS:elsewhere.example", 2),
    ]:
        made[name] = _signed(folder, made["authority"], name.replace(" ", "-"), host, days)
    return made


def _self_signed(folder: Path, name: str) -> Path:
    key, made, both = folder / f"{name}.key", folder / f"{name}.crt", folder / f"{name}.pem"
    names = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
    _openssl("req", "-x509", "-days", "2", *names, *_new_key(key), "-out", str(made))
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


def _signed(folder: Path, authority: Path, name: str, host: str, days: int) -> Path:
    key, asked, made = folder / f"{name}.key", folder / f"{name}.csr", folder / f"{name}.crt"
    extension, both = folder / f"{name}.ext", folder / f"{name}.pem"
    extension.write_text(f"subjectAltName={host}\n")
    _openssl("req", "-subj", f"/CN={name}", *_new_key(key), "-out", str(asked))
    _openssl(
        *("x509", "-req", "-in", str(asked), "-CA", str(authority), "-CAcreateserial"),
        *("-days", str(days), "-extfile", str(extension), "-out", str(made)),
    )
    both.write_bytes(key.read_bytes() + made.read_bytes())
    return both


def _new_key(file: Path) -> list[str]:
    return ["-newkey", "rsa:2048", "-nodes", "-keyout", str(file)]


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def _context(certificate: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _whole_request(connection: socket.socket) -> bytes:
    """Head and body, by the request's own Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(connection)
    head = data.partition(b"\r\n\r\n")[0]
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    whole = len(head) + 4 + (int(lengths[0].split(b":")[1]) if lengths else 0)
    while len(data) < whole:
        data += _some(connection)
    return data


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65_536)
    if not data:
        raise ConnectionError("the client left")
    return data
