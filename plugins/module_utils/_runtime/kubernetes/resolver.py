# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Finding what a target names: a pod, a workload, or the workload of a pod that is gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from ..bulk import run_bulk
from ..errors import (
    AmbiguousError,
    ContainerNotFoundError,
    InvalidTargetError,
    NekzusError,
    PermissionDeniedError,
    UnsupportedError,
)
from ..memo import Memo
from ..shape import text
from ..target import nearest_names, parse_target
from ..types import Control, RuntimeType
from . import convert, owners
from .kinds import DEPLOYMENT, NAMESPACE, POD, STATEFUL_SET, WORKLOADS
from .workload import read_workload

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..target import Target
    from ..types import Container, Found
    from .kinds import Resource
    from .reader import Reader
    from .seam import KubernetesClient
    from .workload import Workload

    Place = tuple[Resource, str]

READS = 16
# So many of one kind in one namespace cost more to ask for one by one than a page of whatever there is.
MANY = 20


@dataclass(frozen=True)
class _Page:
    """Some of the containers of a kind in a namespace, by name; whether they are all is told by ``complete``."""

    found: Mapping[str, Container] = field(default_factory=dict)
    complete: bool = False


class Resolver:
    """Finds targets, in the namespaces that it may look into (none: in all)."""

    def __init__(self, client: KubernetesClient, reader: Reader, *, namespaces: Sequence[str]) -> None:
        """Take the client to ask, and what reads workloads."""
        self._client = client
        self._reader = reader
        self._namespaces = namespaces
        self._present: Memo[list[str] | None] = Memo()
        self._pages: Memo[_Page] = Memo()
        self._wanted: dict[tuple[str, str], set[str]] = {}

    def find(self, targets: Sequence[Target]) -> list[Found]:
        """Return a container, or the reason why there is none, for each target in order."""
        self._present, self._pages = Memo(), Memo()
        self._wanted = {}
        for target in targets:
            self._wanted.setdefault((target.kind, target.namespace), set()).add(target.name)
        outcomes = run_bulk(targets, self._find, max_concurrent=READS)
        return [outcome.value or outcome.error or ContainerNotFoundError("not looked for") for outcome in outcomes]

    def namespace(self, target: Target) -> str:
        """Return the namespace of a target. Raises InvalidTargetError when it has none, or may not have that one."""
        namespace = target.namespace or self._client.namespace
        if not namespace or (self._namespaces and namespace not in self._namespaces):
            raise self.not_allowed(namespace)
        return namespace

    def not_allowed(self, namespace: str) -> InvalidTargetError:
        """Return the error for a namespace that the configuration leaves out, or for none where it allows several."""
        message = f"the namespace {namespace} is not one of runtimes.kubernetes.namespaces" if namespace else ""
        hint = f"name one of {', '.join(self._namespaces)}"
        return InvalidTargetError(message or "it names no namespace", hint=hint)

    def _find(self, target: Target) -> Container:
        # What the primary runtime was to decide has not been held against the rules of Kubernetes yet.
        parse_target(target.name, runtime=RuntimeType.KUBERNETES)
        namespace = self.namespace(target)
        resource = self._reader.kinds.named(target.kind) if target.kind else POD
        try:
            return self._named(target, resource, namespace)
        except ContainerNotFoundError as error:
            otherwise = self._find_otherwise(target, namespace) if resource.plural == POD.plural else None
            if otherwise:
                return otherwise
            raise self._not_found(target, namespace) from error

    def _named(self, target: Target, resource: Resource, namespace: str) -> Container:
        """Return just what a target names. Raises ContainerNotFoundError when there is no such thing."""
        page = self._page(target, resource, namespace)
        if target.name in page.found:
            return page.found[target.name]
        if page.complete:
            raise ContainerNotFoundError(f"there is no {resource.kind} {target.name}")
        if resource.plural != POD.plural:
            return convert.workload_container(self._reader.workload(resource, namespace, target.name))
        return convert.container(self._client.get(POD, namespace, target.name))

    def _page(self, target: Target, resource: Resource, namespace: str) -> _Page:
        """Return the first page of what there is when many are wanted of it, and an empty one otherwise."""
        if len(self._wanted.get((target.kind, target.namespace), ())) < MANY or resource.custom:
            return _Page()
        return self._first_page(resource, namespace)

    def _first_page(self, resource: Resource, namespace: str) -> _Page:
        return self._pages.get((resource.rule, namespace), lambda: self._listed(resource, namespace))

    def _listed(self, resource: Resource, namespace: str) -> _Page:
        def read(served: Resource) -> _Page:
            listed = self._client.list(served, namespace, convert=partial(_container, served), one_page=True)
            return _Page({one.name: one for one in listed.items}, complete=listed.complete)

        try:
            return self._reader.served(resource, read)
        except NekzusError:  # who may not list them may look at each, and is told what is wrong there
            return _Page()

    def _find_otherwise(self, target: Target, namespace: str) -> Container | None:
        """Return the workload of that name, else the one that a pod of that name must have had."""
        name = target.name
        if not target.kind:
            same = self._same(target, namespace)
            if len(same) > 1:
                addresses = [convert.workload_container(one).address for one in same]
                listed = ", ".join(address.partition("/")[2] for address in addresses)
                raise AmbiguousError(f"several workloads are called {name}: {listed}", hint="name one with its kind")
            if same:
                return convert.workload_container(same[0])
        for candidates in (owners.derived_owners(name), self._custom_candidates(name)):
            made = [one for one in self._read(candidates, namespace) if _can_have_made(one, name)]
            if made:
                chain = self._reader.chain(made[0].controller, namespace, Memo())
                scalable = [one for one in (made[0], *chain) if one.resource.control is not Control.FOREIGN]
                return convert.workload_container(scalable[-1])
        return None

    def _same(self, target: Target, namespace: str) -> list[Workload]:
        """Return the workloads with the name of a target, of any kind."""
        name, pods = target.name, self._page(target, POD, namespace)
        if not pods.complete or len(self._wanted[target.kind, target.namespace] - set(pods.found)) < MANY:
            return self._read([(resource, name) for resource in WORKLOADS], namespace)
        pages = [(resource, self._first_page(resource, namespace)) for resource in WORKLOADS]
        found = [cast("Workload", page.found[name].handle) for _resource, page in pages if name in page.found]
        rest = [(resource, name) for resource, page in pages if not page.complete and name not in page.found]
        return found + self._read(rest, namespace)

    def _custom_candidates(self, name: str) -> Iterable[Place]:
        bases = owners.derived_bases(name)
        return [(kind, base) for kind in self._reader.kinds.custom() for base in bases] if bases else ()

    def _read(self, places: Iterable[Place], namespace: str) -> list[Workload]:
        """Return those workloads that are there. What may not be looked at raises when nothing else is."""
        reads = [partial(self._reader.workload, resource, namespace, name) for resource, name in places]
        outcomes = run_bulk(reads, lambda read: read(), max_concurrent=READS)
        found = [outcome.value for outcome in outcomes if outcome.value]
        absent = (ContainerNotFoundError, UnsupportedError)
        errors = [outcome.error for outcome in outcomes if outcome.error and not isinstance(outcome.error, absent)]
        serious = [error for error in errors if not isinstance(error, PermissionDeniedError)]
        if serious or (errors and not found):
            raise (serious or errors)[0]
        return found

    def _not_found(self, target: Target, namespace: str) -> ContainerNotFoundError:
        """Return why there is nothing: even the namespace may be missing."""
        names = self._present.get(namespace, partial(self._names_in, namespace))
        if names is None:
            return self.missing_namespace(namespace)
        told = f"there is no such pod or workload in namespace {namespace}"
        return ContainerNotFoundError(told, hint=nearest_names(target.name, names))

    def _names_in(self, namespace: str) -> list[str] | None:
        """Return the names that a namespace has, or None when it is not there."""
        if self.is_missing(namespace):
            return None
        kinds = (POD, DEPLOYMENT, STATEFUL_SET)
        outcomes = run_bulk(kinds, partial(self._names, namespace=namespace), max_concurrent=READS)
        return [name for outcome in outcomes for name in outcome.value or ()]

    def _names(self, resource: Resource, *, namespace: str) -> list[str]:
        return self._client.list(resource, namespace, convert=_name, metadata_only=True).items

    def is_missing(self, namespace: str) -> bool:
        """Tell whether a namespace is known not to be there."""
        try:
            self._client.get(NAMESPACE, "", namespace)
        except ContainerNotFoundError:
            return True
        except NekzusError:  # who may not look cannot know
            return False
        return False

    def missing_namespace(self, namespace: str) -> ContainerNotFoundError:
        """Return the error for a namespace that is not there."""
        try:
            names = self._names(NAMESPACE, namespace="")
        except NekzusError:
            names = []
        hint = nearest_names(namespace, names)
        hint = hint if hint.startswith("did") else "check the namespace, and the context"
        return ContainerNotFoundError(f"there is no namespace {namespace}", hint=hint)


def _name(document: dict[str, Any]) -> str:
    return text(document, "metadata", "name")


def _container(resource: Resource, document: dict[str, Any]) -> Container:
    """Return what an object of a list is: a pod, or a workload of a kind that tells all about itself."""
    if resource.plural == POD.plural:
        return convert.container(document)
    return convert.workload_container(read_workload(resource, document))


def _can_have_made(workload: Workload, pod: str) -> bool:
    """Tell whether a pod of that name can have been a workload's: of a StatefulSet, by its number."""
    if workload.resource.plural != STATEFUL_SET.plural:
        return True
    number = owners.ordinal(pod)
    highest = max(workload.wanted or 0, workload.remembered or 0)
    return number is not None and workload.first <= number < workload.first + highest
