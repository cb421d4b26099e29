# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy in front of an engine's socket: it records every request, and has bad days where it is told to."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseServer, TCPServer, ThreadingMixIn, UnixStreamServer
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self

# The client that speaks plain HTTP to Docker's TLS port gets this: https://go.dev/src/net/http/server.go
_PLAIN_HTTP = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
_TLS_HANDSHAKE = 0x16
_VERSION = re.compile(r"^/v[0-9.]+(?=/)")


@dataclass
class Rule:
    """What happens to requests whose ``METHOD path`` the pattern is found in; to the first ``times`` of them.

    In this order: the delay passes, the callback is called, and the connection is closed, or the request
    answered with the status and the message (as it is when it is bytes), or else handed on.
    """

    pattern: str
    times: int = 1_000_000
    callback: Callable[[], object] | None = None
    delay: float = 0.0
    status: int | None = None
    message: str | bytes = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    close: bool = False


class Proxy:
    """Listens on a Unix socket of its own, or with ``tls`` on a port of 127.0.0.1. To be used in a with statement."""

    def __init__(self, url: str, *rules: Rule, tls: ssl.SSLContext | None = None, port: bool = False) -> None:
        """Take the engine's URL, what shall go wrong, and how to listen."""
        self.requests: list[str] = []
        self.times: list[float] = []
        self.most_at_once: Counter[str] = Counter()
        self._upstream = url.removeprefix("unix://")
        self._rules = rules
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._connections: set[socket.socket] = set()
        # Short, because the path of a socket is; and open to all, because who may connect is for the socket to say.
        self._folder = Path(tempfile.mkdtemp(prefix="nkz-"))
        self._folder.chmod(0o755)
        self.socket = self._folder / "proxy.sock"
        self._server: BaseServer = _TcpServer(self, tls) if tls or port else _UnixServer(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        address = self._server.server_address
        return f"tcp://127.0.0.1:{address[1]}" if isinstance(address, tuple) else f"unix://{self.socket}"

    def __enter__(self) -> Self:
        """Serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self.die()
        self._thread.join()
        shutil.rmtree(self._folder)

    def die(self) -> None:
        """Go away as a daemon does that is killed: nothing listens any more, connections break."""
        threading.Thread(target=self._server.shutdown).start()
        self._server.server_close()
        self.socket.unlink(missing_ok=True)
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def count(self, pattern: str) -> int:
        """Return how many requests were made whose ``METHOD path`` the pattern is found in."""
        return sum(bool(re.search(pattern, request)) for request in self.requests)

    # What its connections tell it.

    def opened(self, connection: socket.socket) -> None:
        """Note a connection."""
        with self._lock:
            self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        with self._lock:
            self._connections.discard(connection)

    @contextlib.contextmanager
    def noted(self, method: str, path: str) -> Iterator[Rule | None]:
        """Note a request, and yield the rule for it if there is one."""
        request = f"{method} {_VERSION.sub('', path)}"
        # Requests of a kind, whichever container they are for: POST /containers/stop.
        kind = re.sub(r"/containers/[^/]+/", "/containers/", request.partition("?")[0])
        with self._lock:
            self.requests.append(request)
            self.times.append(time.monotonic())
            self._running[kind] += 1
            self.most_at_once[kind] = max(self.most_at_once[kind], self._running[kind])
            rule = next((rule for rule in self._rules if rule.times and re.search(rule.pattern, request)), None)
            if rule:
                rule.times -= 1
        try:
            yield rule
        finally:
            with self._lock:
                self._running[kind] -= 1

    def hand_on(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """Have the engine answer; returns status, content type and body."""
        upstream = http.client.HTTPConnection("localhost")
        upstream.sock = socket.socket(socket.AF_UNIX)
        try:
            upstream.sock.connect(self._upstream)
            upstream.request(method, path, body, {**headers, "Connection": "close"})
            answer = upstream.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        finally:
            upstream.close()


class _Connection(BaseHTTPRequestHandler):
    """One connection of a client: as many requests as it sends."""

    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.proxy.opened(self.connection)

    def finish(self) -> None:
        self.server.proxy.closed(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's signature
        """Print nothing."""

    def _serve(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with proxy.noted(self.command, self.path) as rule:
            if rule:
                time.sleep(rule.delay)
                if rule.callback:
                    rule.callback()
                if rule.close:
                    self.close_connection = True
                    return
                if rule.status:
                    text = rule.message
                    answer = text if isinstance(text, bytes) else json.dumps({"message": text}).encode()
                    self._answer(rule.status, "application/json", answer, rule.headers)
                    return
            self._answer(*proxy.hand_on(self.command, self.path, body, dict(self.headers)))

    do_GET = do_POST = do_DELETE = do_HEAD = _serve  # noqa: N815 - the standard library's names

    def _answer(self, status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class _Server(ThreadingMixIn, BaseServer):
    """What both kinds of listeners have in common."""

    daemon_threads = True
    request_queue_size = 64
    proxy: Proxy


class _UnixServer(_Server, UnixStreamServer):
    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(str(proxy.socket), _Connection)


class _TcpServer(_Server, TCPServer):
    def __init__(self, proxy: Proxy, tls: ssl.SSLContext | None) -> None:
        self.proxy = proxy
        self._tls = tls
        super().__init__(("127.0.0.1", 0), _Connection)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands in the connection's own thread, so that a client that does not cannot hold up the others."""
        if not self._tls:
            super().finish_request(request, client_address)
            return
        with contextlib.suppress(OSError):
            if request.recv(1, socket.MSG_PEEK) != bytes([_TLS_HANDSHAKE]):
                request.recv(65536)
                request.sendall(_PLAIN_HTTP)
                return
            with self._tls.wrap_socket(request, server_side=True) as secured:
                super().finish_request(secured, client_address)
