"""One connection for one request: what phase it is in, and the deadline that cuts it."""

import socket
import threading
from types import TracebackType
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry


class Line:
    """Knows whether the connection stands, and cuts it when `seconds` have passed in all.

    While `stands` is False no byte of the request can have left; from then on it may have.
    The time-outs of a socket begin anew with every byte, so a server that drips one byte a second
    would hold a sender for days; a second handle on the same connection ends that.
    """

    def __init__(self, seconds: float) -> None:
        self.stands = self.cut = False
        self._handle: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        if self._handle:
            self._handle.close()

    def hold(self, connection: socket.socket) -> None:
        self._handle = connection.dup()
        if self.cut:
            raise TimeoutError

    def _cut(self) -> None:
        self.cut = True
        if self._handle:
            try:
                self._handle.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it has ended by itself


class OneTry(HTTPAdapter):
    """Sends one request on `line`; never twice, whatever happens."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(max_retries=Retry(0, read=False))

    def get_connection_with_tls_context(self, *args: Any, **more: Any) -> Any:
        pool: Any = super().get_connection_with_tls_context(*args, **more)
        pool.ConnectionCls = _on(self._line, pool.ConnectionCls)
        return pool


def _on(line: Line, base: Any) -> Any:
    class OnLine(base):  # type: ignore[misc] # plain or TLS, as the pool has it
        def _new_conn(self) -> socket.socket:
            connection: socket.socket = super()._new_conn()
            line.hold(connection)
            return connection

        def connect(self) -> None:
            super().connect()
            line.stands = True

    return OnLine
