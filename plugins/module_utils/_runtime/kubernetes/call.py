# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One request to an API server: what is sent, what it takes to be allowed to, and how a stream is read. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..logs.log import LogSpan
    from .kinds import Resource

# https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
_VERBS = {"POST": "create", "PATCH": "patch", "DELETE": "delete"}
# JSON is YAML: https://kubernetes.io/docs/reference/using-api/server-side-apply/#serialization
APPLY = "application/apply-patch+yaml"
# In whose name fields are set: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
FIELD_MANAGER = "nekzus"


@dataclass(frozen=True)
class Call:
    """A request. Without a ``resource``, ``name`` is a path about the server itself."""

    method: str
    resource: Resource | None
    namespace: str = ""
    name: str = ""
    subresource: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    content: str = "application/json"
    accept: str = ""

    @property
    def url(self) -> str:
        """The path and query; what is empty is not asked for."""
        path = self.resource.path(self.namespace, self.name, self.subresource) if self.resource else self.name
        query = urlencode({key: value for key, value in self.query.items() if value})
        return f"{path}?{query}" if query else path

    @property
    def headers(self) -> dict[str, str]:
        """What the request says of its body and of the answer it wants."""
        headers = {"Accept": self.accept or "application/json"}
        return headers if self.body is None else {**headers, "Content-Type": self.content}

    @property
    def verb(self) -> str:
        """What RBAC calls it."""
        if self.method != "GET":
            return _VERBS[self.method]
        return "get" if self.name else ("watch" if self.query.get("watch") else "list")

    @property
    def rule(self) -> str:
        """What has to be granted for it: ``patch on deployments.apps in namespace prod``."""
        return self.rule_for(self.verb)

    def rule_for(self, verb: str) -> str:
        """Return what has to be granted for another verb on the same thing."""
        if not self.resource:
            return f"get on {self.name}"
        plural, dot, group = self.resource.rule.partition(".")
        subresource = f"/{self.subresource}" if self.subresource else ""
        where = f"in namespace {self.namespace}" if self.namespace else "in all namespaces"
        return f"{verb} on {plural}{subresource}{dot}{group}" + (f" {where}" if self.resource.namespaced else "")

    @property
    def is_repeatable(self) -> bool:
        """Tell whether doing it twice is doing it once: all but a creation."""
        return self.method != "POST"

    @property
    def as_dry_run(self) -> Call:
        """The same change, of which the server makes all but the last step; what changes nothing is as it was.

        https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run: of a deletion that has a body, the body
        alone says it.
        """
        if self.method == "GET":
            return self
        body = {**(self.body or {}), "dryRun": ["All"]} if self.method == "DELETE" else self.body
        return replace(self, query={**self.query, "dryRun": "All"}, body=body)

    def following(self, token: str) -> Call:
        """Return the request for the next page of a list."""
        return replace(self, query={**self.query, "continue": token})


def log_query(container: str, span: LogSpan, *, previous: bool, follow: bool) -> dict[str, str]:
    """Return how a part of a log is asked for: whole seconds are all that every server understands of a moment."""
    return {
        "container": container,
        "timestamps": "true",
        "tailLines": "" if span.tail is None else str(span.tail),
        "sinceTime": f"{span.since[:19]}Z" if span.since else "",
        "previous": "true" if previous else "",
        "follow": "true" if follow else "",
    }


def read_object(body: bytes) -> dict[str, Any]:
    """Return the object that an answer is. Raises ValueError for what is none."""
    try:
        document = json.loads(body)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return as_object(document)


def as_object(document: Any) -> dict[str, Any]:
    """Return a document that is an object. Raises ValueError for another one."""
    if not isinstance(document, dict):
        raise ValueError("it is no object")  # noqa: TRY004 - what came is wrong, not what a caller did
    return document


def split_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of a stream that comes in pieces."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (line for line in lines if line)
