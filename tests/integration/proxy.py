# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy in front of an engine's socket: it records every request, and has bad days where it is told to."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import math
import re
import shutil
import socket
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import BaseServer, TCPServer, ThreadingMixIn, UnixStreamServer
from typing import TYPE_CHECKING, Any

from .rule import Rule

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from typing_extensions import Self

    from .rule import Chooser

# The client that speaks plain HTTP to Docker's TLS port gets this: https://go.dev/src/net/http/server.go
_PLAIN_HTTP = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
_TLS_HANDSHAKE = 0x16
_PIECE = 65536
_VERSION = re.compile(r"^/v[0-9.]+(?=/)")


class Proxy:
    """Listens on a Unix socket of its own, or on a port of 127.0.0.1 (0: any). To be used in a with statement.

    Requests are kept as ``METHOD path``, with when they came and from which port.
    """

    def __init__(self, url: str, *rules: Chooser, tls: ssl.SSLContext | None = None, port: int | None = None) -> None:
        """Take the engine's URL, what shall go wrong, and how to listen."""
        self.credentials: Mapping[str, str] = {"Connection": "close"}
        self.requests: list[str] = []
        self.times: list[float] = []
        self.peers: list[int] = []
        self._ends: list[float] = []
        self._own = threading.local()
        self._upstream = url.removeprefix("unix://")
        self._rules = rules
        self._lock = threading.Lock()
        self._connections: set[socket.socket] = set()
        # Short, because the path of a socket is; and open to all, because who may connect is for the socket to say.
        self._folder = Path(tempfile.mkdtemp(prefix="nkz-"))
        self._folder.chmod(0o755)
        self.socket = self._folder / "proxy.sock"
        self._server: BaseServer = _UnixServer(self) if port is None else _TcpServer(self, tls, port)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"tcp://127.0.0.1:{self.port}" if self.port else f"unix://{self.socket}"

    @property
    def port(self) -> int:
        """The port it listens on, 0 for a socket."""
        address = self._server.server_address
        return int(address[1]) if isinstance(address, tuple) else 0

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

    def most_at_once(self, pattern: str) -> int:
        """Return how many of those requests ran at the same time, at most."""
        spans = [
            (begin, end)
            for request, begin, end in zip(self.requests, self.times, self._ends, strict=True)
            if re.search(pattern, request)
        ]
        return max((sum(begin <= at < end for begin, end in spans) for at, _end in spans), default=0)

    def rewritten(self, path: str) -> str:
        """Return what to ask the engine for a path."""
        return path

    def connect(self) -> http.client.HTTPConnection:
        """Return a new connection to the engine."""
        upstream = http.client.HTTPConnection("localhost")
        upstream.sock = socket.socket(socket.AF_UNIX)
        upstream.sock.connect(self._upstream)
        return upstream

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
    def noted(self, method: str, path: str, peer: int) -> Iterator[Rule | None]:
        """Note a request, and yield the rule for it if there is one."""
        request = f"{method} {_VERSION.sub('', path)}"
        with self._lock:
            number = len(self.requests)
            self.requests.append(request)
            self.times.append(time.monotonic())
            self.peers.append(peer)
            self._ends.append(math.inf)
            rule = next(filter(None, (one.chosen(request) for one in self._rules)), None)
        self._own.number = number
        try:
            yield rule
        finally:
            self.over()

    def over(self) -> None:
        """Note that the engine is done with the request of this thread: its client may make the next at once."""
        self._ends[self._own.number] = min(self._ends[self._own.number], time.monotonic())


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
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        peer = self.client_address[1] if self.client_address else 0
        with self.server.proxy.noted(self.command, self.path, peer) as rule:
            if rule:
                time.sleep(rule.delay)
                made = rule.callback() if rule.callback else None
                if isinstance(made, bytes):
                    self._answer(200, "application/json", made)
                    return
                if rule.close:
                    self.close_connection = True
                    return
                if rule.status:
                    text = rule.message
                    answer = text if isinstance(text, bytes) else json.dumps({"message": text}).encode()
                    self._answer(rule.status, "application/json", answer, rule.headers)
                    return
            self._hand_on(body, rule or Rule(""))

    def _hand_on(self, body: bytes, rule: Rule) -> None:
        """Have the engine answer, and pass its answer on as it comes."""
        if rule.twice:
            with contextlib.closing(self.server.proxy.connect()) as before:
                self._ask(before, body).read()
        with contextlib.closing(self.server.proxy.connect()) as upstream:
            answer = self._ask(upstream, body)
            if rule.answered:
                rule.answered()
            kind = answer.headers.get("Content-Type", "")
            if answer.length is not None and rule.pieces is None:
                self._answer(answer.status, kind, answer.read())
            else:
                self._stream(answer, kind, rule)

    def _ask(self, upstream: http.client.HTTPConnection, body: bytes) -> http.client.HTTPResponse:
        passed = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
        upstream.request(
            self.command, self.server.proxy.rewritten(self.path), body, {**passed, **self.server.proxy.credentials}
        )
        return upstream.getresponse()

    def _stream(self, answer: http.client.HTTPResponse, kind: str, rule: Rule) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for number in itertools.count():
            if number == rule.pieces:
                if rule.torn:
                    piece = answer.read1(_PIECE)
                    self.wfile.write(b"%x\r\n%s" % (len(piece), piece[: len(piece) // 2]))
                self.close_connection = True
                return
            piece = answer.read1(_PIECE)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            if not piece:
                return

    do_GET = do_POST = do_DELETE = do_HEAD = do_PATCH = do_PUT = _serve  # noqa: N815 - the standard library's names

    def _answer(self, status: int, kind: str, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.server.proxy.over()
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
    allow_reuse_address = True

    def __init__(self, proxy: Proxy, tls: ssl.SSLContext | None, port: int) -> None:
        self.proxy = proxy
        self._tls = tls
        super().__init__(("127.0.0.1", port), _Connection)

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
