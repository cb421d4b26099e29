# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading workloads, of kinds that Kubernetes brings and of custom ones, and the controllers of an object."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from ..errors import ContainerNotFoundError, PermissionDeniedError, UnsupportedError
from ..memo import Memo
from ..types import Control
from . import owners
from .kinds import NODE, Kinds
from .workload import Workload, read_workload

if TYPE_CHECKING:
    from .kinds import Resource
    from .owners import Reference
    from .seam import KubernetesClient

Value = TypeVar("Value")


class Reader:
    """Reads workloads from an API server."""

    def __init__(self, client: KubernetesClient) -> None:
        """Take the client to ask."""
        self._client = client
        documents: Memo[dict[str, Any]] = Memo()
        self.kinds = Kinds(lambda path: documents.get(path, lambda: client.discover(path)))
        self._served: dict[str, str] = {}

    def workload(self, resource: Resource, namespace: str, name: str) -> Workload:
        """Return a workload as it is now: one request, one more for the scale of a custom one."""

        def read(served: Resource) -> Workload:
            document = self._client.get(served, namespace, name)
            scale = None
            if served.custom and served.control is Control.SCALE:
                scale = self._client.get(served, namespace, name, subresource="scale")
            return read_workload(served, document, scale=scale)

        return self.served(resource, read)

    def served(self, resource: Resource, ask: Callable[[Resource], Value]) -> Value:
        """Return what asking for a resource gives, in the older version if the server does not know the newer one."""
        version = self._served.get(resource.rule)
        if version or not resource.older or resource.api_version == resource.older:
            return ask(replace(resource, api_version=version) if version else resource)
        try:
            return ask(resource)
        except UnsupportedError:
            found = ask(replace(resource, api_version=resource.older))
            self._served[resource.rule] = resource.older
            return found

    def chain(self, reference: Reference | None, namespace: str, memo: Memo[Workload | None]) -> tuple[Workload, ...]:
        """Return the controllers from a reference to the top; many may share what they learn in a memo."""

        def lookup(wanted: Reference) -> Workload | None:
            return memo.get((namespace, wanted), lambda: self._owner(wanted, namespace))

        return owners.resolve(reference, lookup)

    def _owner(self, reference: Reference, namespace: str) -> Workload | None:
        """Return what a reference names, or None when there is no such thing (any more)."""
        resource = self.kinds.owner(reference.api_version, reference.kind)
        if not resource or resource.plural == NODE.plural:
            return None
        try:
            return self.workload(resource, namespace, reference.name)
        except (ContainerNotFoundError, UnsupportedError):
            return None
        except PermissionDeniedError:
            if not resource.custom or resource.control is Control.SCALE:
                raise
            # It cannot be scaled: that it is there is all that matters of it.
            return Workload(resource, namespace, reference.name, reference.uid, "", None, {})
