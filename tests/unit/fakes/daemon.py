# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real HTTP server that answers as it is told: what the SDK really raises shows against it."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from typing_extensions import Self

VERSION = {"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Version": "20.10.24"}


class Answer(NamedTuple):
    """What a request gets: JSON or bytes with a status, or the end of the connection, or nothing for a while.

    ``chunks`` are sent one by one as a stream, with a ``pause`` of so many seconds after each; one that breaks has no
    proper end.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] | None = None
    breaks: bool = False
    seconds: float = 0.0
    chunks: tuple[bytes, ...] = ()
    pause: float = 0.0


BROKEN = Answer(breaks=True)


class Request(NamedTuple):
    """What was asked, without the API version; names of headers are in lower case."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: Any


class _Scripted(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The server. ``script`` holds the answers to ``METHOD /path`` in turn; the last one stays."""

    daemon_threads = True
    url: str

    def _prepare(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self.script: dict[str, list[Answer]] = {"GET /version": [Answer(body=VERSION)]}
        self.released = threading.Event()

    def __enter__(self) -> Self:
        """Serve in the background."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop, and let go of who still waits."""
        self.released.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *_args: Any) -> None:
        """Say nothing of a client that went away."""

    def answer(self, what: str, *answers: Answer) -> None:
        """Set the answers to requests such as ``POST /containers/web/start``."""
        self.script[what] = list(answers)

    def asked(self, what: str) -> int:
        """Count the requests of a kind."""
        return sum(f"{request.method} {request.path}" == what for request in self.requests)


class Daemon(_Scripted):
    """On a unix socket."""

    address_family = socket.AF_UNIX

    def __init__(self, path: Path) -> None:
        """Listen; only the version is known."""
        super().__init__(str(path), _Handler)  # type: ignore[arg-type]  # of this family, an address is a path
        self._prepare(f"unix://{path}")


class PlainServer(_Scripted):
    """On a port of this machine."""

    def __init__(self) -> None:
        """Listen; nothing is known."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self._prepare(f"http://127.0.0.1:{self.server_address[1]}")


class TlsDaemon(_Scripted):
    """On a port of this machine, behind TLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        """Listen; only the version is known."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self._context = context
        self._prepare(f"tcp://127.0.0.1:{self.server_address[1]}")

    def get_request(self) -> tuple[socket.socket, Any]:
        """Shake hands first."""
        plain, peer = super().get_request()
        plain.settimeout(5)
        return self._context.wrap_socket(plain, server_side=True), peer


class _Handler(BaseHTTPRequestHandler):
    server: _Scripted
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/v1.41")
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_archive = self.headers.get("Content-Type") == "application/x-tar"
        body = sent if is_archive else json.loads(sent) if sent else None
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.command, path, parse_qs(parts.query), headers, body))
        answers = self.server.script.get(f"{self.command} {path}", [Answer(404, {"message": f"no {path} here"})])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.seconds:
            self.server.released.wait(answer.seconds)
        if answer.chunks:
            self._stream(answer)
            return
        if answer.breaks:
            self.close_connection = True
            return
        body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        body = b"" if answer.body is None else body
        self.send_response(answer.status)
        for name, value in {"Content-Type": "application/json", **(answer.headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in answer.chunks:
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
            self.wfile.flush()
            self.server.released.wait(answer.pause)
        self.close_connection = answer.breaks
        if not answer.breaks:
            self.wfile.write(b"0\r\n\r\n")

    do_GET = _serve  # noqa: N815 - http.server's names
    do_HEAD = _serve  # noqa: N815
    do_PUT = _serve  # noqa: N815
    do_POST = _serve  # noqa: N815
    do_PATCH = _serve  # noqa: N815
    do_DELETE = _serve  # noqa: N815

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""
