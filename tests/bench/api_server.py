# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An API server of as many pods as one likes, which costs next to nothing: python -m ...api_server PODS.

It is a process of its own, so that its work is in nobody's figures. It prints its port when it is ready, and ends with
what it reads from.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from .population import Item, population
from .served import KINDS, documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .served import Kind

_COLUMNS = ("Name", "Ready", "Status", "Restarts", "Age", "IP", "Node", "Nominated Node", "Readiness Gates")
_PRINTED = 5
_FIELD = re.compile(r"metadata\.name=([^,=]+)")
VERSION = "128916"


class Site:
    """What is to be had where. Objects are kept as text, of which a page is only put together."""

    def __init__(self, pods: int) -> None:
        """Make a cluster of so many pods."""
        self._documents = {path: json.dumps(document).encode() for path, document in documents().items()}
        self._objects: dict[str, tuple[Kind, Item]] = {}
        self._lists: dict[str, tuple[Kind, list[Item]]] = {kind.path(): (kind, []) for kind in KINDS}
        for kind, items in population(pods).items():
            for item in items:
                self._objects[kind.path(item.namespace, item.name)] = (kind, item)
                self._lists[kind.path()][1].append(item)
                if kind.namespaced:
                    self._lists.setdefault(kind.path(item.namespace), (kind, []))[1].append(item)

    def answer(self, path: str, query: dict[str, str], accept: str = "") -> tuple[int, bytes]:
        """Return the status and the body of the answer to a GET."""
        if path in self._documents:
            return 200, self._documents[path]
        if path in self._objects:
            kind, item = self._objects[path]
            return 200, b'{"kind":"%s","apiVersion":"%s",%s' % (*_names(kind), item.body[1:])
        if path not in self._lists:
            return 404, _status(404, "NotFound", f"there is no {path} here")
        kind, items = self._lists[path]
        field = _FIELD.fullmatch(query.get("fieldSelector", ""))
        if query.get("labelSelector") or query.get("watch") or (query.get("fieldSelector") and not field):
            return 400, _status(
                400, "BadRequest", "this server selects by metadata.name only, and has nothing to watch"
            )
        if field:
            items = [item for item in items if item.name == field[1]]
        return 200, _page(kind, items, query, accept)


def _page(kind: Kind, items: Sequence[Item], query: dict[str, str], accept: str) -> bytes:
    begin = int(query.get("continue", 0))
    end = begin + (int(query.get("limit", 0)) if kind.paged else 0)
    metadata: dict[str, Any] = {"resourceVersion": VERSION}
    if begin < end < len(items):
        metadata.update({"continue": str(end), "remainingItemCount": len(items) - end})
    chosen = items[begin:end] if end > begin else items[begin:]
    described = json.dumps(metadata).encode()
    if "as=Table" in accept and all(item.row for item in chosen) and kind.paged:
        return _table(described, chosen)
    if "as=PartialObjectMetadataList" in accept:
        whole = (
            b"PartialObjectMetadataList",
            b"meta.k8s.io/v1",
            described,
            b",".join(item.metadata for item in chosen),
        )
    else:
        name, version = _names(kind)
        whole = (name + b"List", version, described, b",".join(item.body for item in chosen))
    return b'{"kind":"%s","apiVersion":"%s","metadata":%s,"items":[%s]}' % whole


def _table(metadata: bytes, items: Sequence[Item]) -> bytes:
    columns = [
        {"name": name, "type": "string", "format": "", "description": "", "priority": int(place >= _PRINTED)}
        for place, name in enumerate(_COLUMNS)
    ]
    head = b'{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":%s,"columnDefinitions":%s,"rows":[%s]}'
    return head % (metadata, json.dumps(columns).encode(), b",".join(item.row for item in items))


def _names(kind: Kind) -> tuple[bytes, bytes]:
    return kind.name.encode(), kind.api_version.encode()


def _status(code: int, reason: str, message: str) -> bytes:
    words = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": message}
    return json.dumps({**words, "code": code}).encode()


class Server(ThreadingHTTPServer):
    """Serves a site on a port of this machine."""

    daemon_threads = True

    def __init__(self, site: Site) -> None:
        """Listen."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    # An answer goes out as head and body, of which the second would wait for the client's word about the first.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        status, body = self.server.site.answer(parts.path, dict(parse_qsl(parts.query)), self.headers.get("Accept", ""))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


def main() -> None:
    """Serve until there is nobody who would ask."""
    server = Server(Site(int(sys.argv[1])))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
