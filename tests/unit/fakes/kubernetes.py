# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A KubernetesClient in memory. Needs no library: whoever watches lets the time pass."""

from __future__ import annotations

import math
from contextlib import contextmanager
from copy import copy
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import call as api
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.client import PAGE
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    ACCESS_REVIEW,
    NAMESPACE,
    POD,
    POD_METRICS,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import Collection
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import text
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Control
from ansible_collections.nekzus.runtime.tests.unit.fakes import kubernetes_objects as objects
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_applied import applied, contested, managed
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_cluster import Cluster
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_logs import Pieces, cut, stamped
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_refusals import (
    BAD_REQUEST,
    CONFLICT,
    GONE,
    INVALID,
    NOT_FOUND,
    refusal,
    reviewed,
    unknown,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import (
    Document,
    copied,
    listed,
    merged,
    selected,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.traffic import Call, Traffic

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator, Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan

Item = TypeVar("Item")
# How dry runs are called here.
_TRIED = {"APPLY": "TRY", "PATCH": "TRY-PATCH", "POST": "TRY-POST", "DELETE": "TRY-DELETE"}


class FakeKubernetes(Traffic):
    """A KubernetesClient. ``cluster`` is what it speaks to; ``denied`` the rules that nobody has."""

    def __init__(self, clock: FakeClock | None = None) -> None:
        """Begin with an empty cluster."""
        super().__init__()
        self.clock = clock or FakeClock()
        self.cluster = Cluster(self.clock)
        self.namespace = "default"
        self.identity = "fake"
        self.endpoint: Document = {"server": "https://fake:6443", "certificate-authority-data": "ZmFrZQ=="}
        self.closed = False
        self.is_dry = False
        self.documents = objects.discovery()
        self.denied: set[tuple[str, str, str]] = set()
        # For each watch to come: after how many events it is cut, and with what error (None: it just ends).
        self.cuts: list[tuple[int, Exception | None]] = []

    # The seam: see KubernetesClient.

    def dry_run(self) -> FakeKubernetes:
        """Return the same server for somebody whose changes are not made."""
        dry = copy(self)
        dry.is_dry = True
        return dry

    def get(self, resource: Resource, namespace: str, name: str, *, subresource: str = "") -> Document:
        """Return one object, or its scale."""
        asked = api.Call("GET", resource, namespace, name, subresource)
        with self._answering(asked):
            found = self._found(asked)
            return copied(self._scale_of(asked, found) if subresource else found)

    def list(  # noqa: PLR0913 - see the protocol
        self,
        resource: Resource,
        namespace: str = "",
        *,
        convert: Callable[[Document], Item],
        labels: str = "",
        fields: str = "",
        metadata_only: bool = False,
        one_page: bool = False,
    ) -> Collection[Item]:
        """Return the objects that fit; every page is a request."""
        asked = api.Call("GET", resource, namespace)
        detail = {"labels": labels, "fields": fields, "metadata_only": metadata_only}
        found: list[Item] = []
        while True:
            with self._answering(asked, verb="LIST", detail=detail):
                fitting = self._fitting(resource, namespace, labels, fields)
                page = fitting[len(found) : len(found) + PAGE]
                version = str(self.cluster.store.version)
            found.extend(convert(listed(document, metadata_only=metadata_only)) for document in page)
            if one_page or len(found) >= len(fitting):
                return Collection(found, version, complete=len(found) >= len(fitting))

    def patch(
        self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], *, subresource: str = ""
    ) -> Document:
        """Merge the body into an object, if it is still the version that the body says."""
        asked = api.Call("PATCH", resource, namespace, name, subresource, body=body)
        with self._answering(asked, detail=copied(body)):
            found = self._found(asked)
            patch = {key: copied(value) for key, value in body.items() if key != "status"}
            version = patch.get("metadata", {}).pop("resourceVersion", None)
            if version not in (None, found["metadata"]["resourceVersion"]):
                raise refusal(asked, CONFLICT, "Conflict", "the object has been modified")
            if subresource:
                self._scale_of(asked, found)
                patch = {"spec": {objects.SCALED_BY.get(resource.rule, "replicas"): body["spec"]["replicas"]}}
            changed: Document = merged(copied(found), patch)
            if not self.is_dry:
                self.cluster.store.change(resource, found, patch)
                self.cluster.settle()
                changed = self._found(asked)
            return copied(self._scale_of(asked, changed) if subresource else changed)

    def apply(
        self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], *, force: bool = False
    ) -> Document:
        """Make an object, or bring the one that is there to what the body says of it."""
        asked = api.Call("PATCH", resource, namespace, name, body=body)
        with self._answering(asked, verb="APPLY", detail={"body": copied(body), "force": force}):
            store = self.cluster.store
            if resource.namespaced and not store.find(NAMESPACE, "", namespace):
                home = api.Call("GET", NAMESPACE, "", namespace)
                raise refusal(home, NOT_FOUND, "NotFound", f'namespaces "{namespace}" not found')
            there = store.find(resource, namespace, name)
            uid = text(body, "metadata", "uid")
            if uid and uid != text(there, "metadata", "uid"):
                status = (INVALID, "Invalid") if there else (CONFLICT, "Conflict")
                raise refusal(asked, *status, "uid", causes=[{"field": "metadata.uid"}])
            fields = contested(there, body)
            if fields and not force:
                raise refusal(asked, CONFLICT, "Conflict", "Apply failed", causes=managed(fields))
            patch = applied(there, body)
            if self.is_dry:
                named = {"apiVersion": resource.api_version, "kind": resource.kind}
                return {**copied(merged(there or {}, patch)), **named}
            if there:
                store.change(resource, there, patch)
            else:
                self.cluster.create(resource, patch)
            self.cluster.settle()
            return copied(self._found(asked))

    def create(
        self, resource: Resource, namespace: str, body: Mapping[str, Any], *, name: str = "", subresource: str = ""
    ) -> Document:
        """Store an object, unless there is one of its name; or issue a token."""
        asked = api.Call("POST", resource, namespace, name, subresource, body=body)
        with self._answering(asked, name=name or text(body, "metadata", "name"), detail=copied(body)):
            if resource == ACCESS_REVIEW:
                return {**body, "status": {"allowed": reviewed(body) not in self.denied}}
            if subresource:
                return self.cluster.tokens.issue(self._found(asked), body)
            document = merged(body, {"metadata": {"namespace": namespace}} if resource.namespaced else {})
            name = text(document, "metadata", "name")
            if self.cluster.store.find(resource, namespace, name):
                raise refusal(asked, CONFLICT, "AlreadyExists", f'{resource.rule} "{name}" already exists')
            if self.is_dry:
                return copied(document)
            self.cluster.create(resource, document)
            self.cluster.settle()
            return copied(self.cluster.store.find(resource, namespace, name) or document)

    def delete(self, resource: Resource, namespace: str, name: str, *, uid: str, grace: int | None = None) -> None:
        """Delete an object, if it is the one with that uid."""
        asked = api.Call("DELETE", resource, namespace, name)
        with self._answering(asked, detail=grace):
            found = self._found(asked)
            if found["metadata"]["uid"] != uid:
                raise refusal(asked, CONFLICT, "Conflict", "Precondition failed: UID in precondition differs")
            if not self.is_dry:
                self.cluster.delete(resource, found, grace)
                self.cluster.settle()

    def watch(  # noqa: PLR0913 - see the protocol
        self, resource: Resource, namespace: str, *, version: str, seconds: int, labels: str = "", fields: str = ""
    ) -> Iterator[tuple[str, Document]]:
        """Yield what happens; while nothing does, let the time pass until something will."""
        asked = api.Call("GET", resource, namespace, query={"watch": "1"})
        deadline, position = self.clock.monotonic() + seconds, int(version)
        with self._answering(asked, verb="WATCH", detail={"labels": labels, "fields": fields, "seconds": seconds}):
            if position < self.cluster.store.forgotten:
                raise refusal(asked, GONE, "Expired", "too old resource version")
            cut = self.cuts.pop(0) if self.cuts else None
            left = cut[0] if cut else math.inf
        while True:
            with self.lock:
                self.cluster.settle()
                happened = list(self.cluster.store.since(position, resource))
                position = self.cluster.store.version
            for one in happened:
                inside = namespace in ("", text(one.document, "metadata", "namespace"))
                if inside and selected(one.document, labels=labels, fields=fields):
                    yield one.word, copied(one.document)
                    left -= 1
                if left <= 0:
                    break
            if left <= 0 and cut and cut[1]:
                raise cut[1]
            now = self.clock.monotonic()
            if left <= 0 or (not happened and now >= deadline):
                return
            if not happened:
                self.clock.sleep(max(min(self.cluster.next_event, deadline) - now, 0))

    def open_logs(  # noqa: PLR0913 - see the protocol
        self,
        namespace: str,
        pod: str,
        container: str,
        *,
        span: LogSpan,
        previous: bool = False,
        follow: float | None = None,
    ) -> Pieces:
        """Return what a pod's script lets the container write; what comes later takes its time."""
        asked = api.Call("GET", POD, namespace, pod, "log")
        detail = {"container": container, "span": span, "previous": previous, "follow": follow}
        with self._answering(asked, detail=detail):
            life = self.cluster.life_of(self._found(asked))
            if life.unreadable_logs:
                message = f'container "{container}" in pod "{pod}" cannot be read'
                raise refusal(asked, BAD_REQUEST, "BadRequest", message)
            text_before = life.logs_before if previous and life.logs_before else life.logs
            written = b"" if previous and not life.logs_before else stamped(life.writes.get(container, text_before))
            return Pieces(cut(written, span), life.later if follow else (), self.clock)

    def discover(self, path: str) -> Document:
        """Return a document about the server."""
        asked = api.Call("GET", None, name=path)
        with self._answering(asked):
            if path not in self.documents:
                raise unknown(asked)
            return copied(self.documents[path])

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    # What every request goes through.

    @contextmanager
    def _answering(self, asked: api.Call, *, verb: str = "", name: str = "", detail: Any = None) -> Iterator[None]:
        kind = asked.resource.plural if asked.resource else ""
        # Its plural is that of pods.
        kind = POD_METRICS.rule if asked.resource == POD_METRICS else kind
        called = "/".join(part for part in (name or asked.name, asked.subresource) if part)
        writes = asked.method != "GET" and asked.resource != ACCESS_REVIEW and not self.is_dry
        word = verb or asked.method
        word = _TRIED.get(word, word) if self.is_dry else word
        call = Call(word, kind, called, asked.namespace, writes=writes, detail=detail)
        with self.answering(call):
            self.cluster.settle()
            if asked.resource and f"{asked.resource.api_version}/{asked.resource.plural}" not in self.cluster.served:
                raise unknown(asked)
            yield

    def _found(self, asked: api.Call) -> Document:
        assert asked.resource
        found = self.cluster.store.find(asked.resource, asked.namespace, asked.name)
        if not found:
            raise refusal(asked, NOT_FOUND, "NotFound", f'{asked.resource.rule} "{asked.name}" not found')
        return found

    def _fitting(self, resource: Resource, namespace: str, labels: str, fields: str) -> builtins.list[Document]:
        found = self.cluster.store.all(POD if resource == POD_METRICS else resource, namespace)
        if resource == POD_METRICS:
            found = self.cluster.meter.samples(found, moment=self.clock.monotonic())
        return [document for document in found if selected(document, labels=labels, fields=fields)]

    def _scale_of(self, asked: api.Call, document: Document) -> Document:
        resource = asked.resource
        if not resource or resource.control is not Control.SCALE or asked.subresource != "scale":
            raise unknown(asked)
        return objects.scale(resource, document)
