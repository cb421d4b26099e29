# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of AWX's API as `awx import` speaks to: it keeps what it is given, and refuses other fields."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from .awx_shape import RESOURCES

if TYPE_CHECKING:
    from typing_extensions import Self

_ROOT = "/api/v2/"
# Resources that the command wants to know of, and that are always empty here.
_EMPTY = (
    *("activity_stream", "ad_hoc_commands", "applications", "credential_input_sources", "credentials", "groups"),
    *("instance_groups", "instances", "inventory_updates", "jobs", "labels", "notification_templates", "notifications"),
    *("project_updates", "roles", "schedules", "system_job_templates", "system_jobs", "teams", "tokens", "users"),
    *("unified_job_templates", "unified_jobs", "workflow_approvals", "workflow_job_nodes"),
    *("workflow_job_template_nodes", "workflow_job_templates", "workflow_jobs"),
)
# Where the API has another word than `awx import`.
_PLURAL = {"inventory": "inventories"}
_KIND_OF = {_PLURAL.get(kind, kind): kind for kind in RESOURCES}


class AwxApi:
    """An API on a port. To be entered; what it has been given is in ``kept``, by kind."""

    def __init__(self) -> None:
        """Have what every AWX comes with."""
        self.kept: dict[str, list[dict[str, Any]]] = {kind: [] for kind in RESOURCES}
        self.requests: list[str] = []
        self.create("organizations", {"name": "Default"})
        handler = type("Handler", (_Handler,), {"api": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self) -> Self:
        """Answer from now on."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def names(self, kind: str) -> list[str]:
        """Return the names of what is kept of a kind."""
        return [str(one["name"]) for one in self.kept[kind]]

    def create(self, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Keep a new object and return it."""
        made = {"id": len(self.kept[kind]) + 1, "type": RESOURCES[kind].word}
        self.kept[kind].append(made)
        return self.change(kind, made, fields)

    def change(self, kind: str, one: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        """Give an object other fields, as an API does that relates it to others."""
        one.update(fields)
        url = one["url"] = f"{_ROOT}{_PLURAL.get(kind, kind)}/{one['id']}/"
        one["status"] = "successful"
        one["related"] = {name: f"{url}{name}/" for name in RESOURCES[kind].related}
        for name, value in self.references(kind, one).items():
            one["related"][name] = value["url"]
        return one

    def references(self, kind: str, one: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return what an object refers to. The organization is that of the project or the inventory."""
        kinds = {resource.word: name for name, resource in RESOURCES.items()}
        named = {**RESOURCES[kind].references, **({"inventory": "inventory"} if kind == "hosts" else {})}
        found = {name: self.kept[kinds[of]][one[name] - 1] for name, of in named.items() if one.get(name)}
        if kind in ("job_templates", "inventory_sources"):
            owner = found["project" if kind == "job_templates" else "inventory"]
            found["organization"] = self.kept["organizations"][owner["organization"] - 1]
        return found

    def wrong(self, kind: str, fields: dict[str, Any]) -> dict[str, str]:
        """Return why AWX would refuse an object, by field."""
        resource = RESOURCES[kind]
        found = {name: "This field is required." for name in resource.required if not fields.get(name)}
        for name, expected in {**resource.required, **resource.optional}.items():
            if name in fields and not isinstance(fields[name], expected):
                found[name] = f"Not a {expected.__name__}."
        for name in resource.references:
            if name != "execution_environment" and not isinstance(fields.get(name), int):
                found[name] = "Invalid pk."
        return found


class _Handler(BaseHTTPRequestHandler):
    """One request. The path is a kind, then a number, then what is related."""

    api: AwxApi

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's signature
        """Keep quiet."""

    def do_GET(self) -> None:
        """Return the versions, the kinds, a list or an object."""
        parts, query = self._asked()
        if parts == ["api"]:
            return self._answer(200, {"current_version": _ROOT, "available_versions": {"v2": _ROOT}})
        if parts == ["api", "v2"]:
            kinds = {kind: f"{_ROOT}{_PLURAL.get(kind, kind)}/" for kind in (*RESOURCES, *_EMPTY)}
            return self._answer(200, kinds)
        if parts[2] in _EMPTY:
            return self._list([])
        kind = _KIND_OF[parts[2]]
        if len(parts) == 3:
            return self._list([one for one in self.api.kept[kind] if query.get("name", one["name"]) == one["name"]])
        one = self.api.kept[kind][int(parts[3]) - 1]
        if parts[4:] == ["hosts"]:
            return self._list([host for host in self.api.kept["hosts"] if host["inventory"] == one["id"]])
        return self._answer(200, one)

    def do_OPTIONS(self) -> None:
        """Return which fields a new object has."""
        parts, _query = self._asked()
        if parts[2] in _EMPTY:
            return self._answer(200, {"actions": {"POST": {}}, "description": ""})
        resource = RESOURCES[self._kind()]
        fields = {
            name: {"type": expected.__name__} for name, expected in {**resource.required, **resource.optional}.items()
        }
        fields.update({name: {"type": "id"} for name in resource.references})
        return self._answer(200, {"actions": {"POST": fields}, "description": ""})

    def do_POST(self) -> None:
        """Keep an object, or the survey of one."""
        parts, _query = self._asked()
        if parts[4:] == ["survey_spec"]:
            self.api.kept["job_templates"][int(parts[3]) - 1]["survey_spec"] = self._body()
            return self._answer(200, {})
        kind, fields = self._kind(), self._body()
        if parts[4:] == ["hosts"]:
            fields["inventory"] = int(parts[3])
        wrong = self.api.wrong(kind, fields)
        return self._answer(400, wrong) if wrong else self._answer(201, self.api.create(kind, fields))

    def do_PUT(self) -> None:
        """Change an object."""
        parts, _query = self._asked()
        kind, fields = _KIND_OF[parts[2]], self._body()
        wrong = self.api.wrong(kind, fields)
        one = self.api.kept[kind][int(parts[3]) - 1]
        return self._answer(400, wrong) if wrong else self._answer(200, self.api.change(kind, one, fields))

    def _kind(self) -> str:
        """Return the kind of what a request would make."""
        parts, _query = self._asked()
        return _KIND_OF[parts[-1]]

    def _asked(self) -> tuple[list[str], dict[str, str]]:
        asked = urlsplit(self.path)
        return [part for part in asked.path.split("/") if part], dict(parse_qsl(asked.query))

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.api.requests.append(f"{self.command} {self.path}")
        return body

    def _list(self, results: list[dict[str, Any]]) -> None:
        self._answer(200, {"count": len(results), "next": None, "previous": None, "results": results})

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Allow", "GET, POST, HEAD, OPTIONS")
        self.end_headers()
        self.wfile.write(body)
