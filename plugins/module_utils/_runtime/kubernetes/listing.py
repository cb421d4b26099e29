# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Listing what a selection matches: pods, and the workloads that have none, so that nothing vanishes when it stops."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any, Callable

from ..bulk import run_bulk
from ..errors import ApiError, ContainerNotFoundError, PermissionDeniedError, UnsupportedError
from ..shape import number, text
from ..types import Listing
from . import convert
from .kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    STATEFUL_SET,
)
from .owners import Reference, controller_of
from .workload import Workload, read_workload

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..labels import Requirement
    from ..selection import Selection
    from ..types import Container
    from .kinds import Resource
    from .reader import Reader
    from .resolver import Resolver
    from .seam import KubernetesClient

    Containers = list[Container]

READS = 16
# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
_LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_LABEL_KEY = re.compile(r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_LISTED = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB)
# ``kube-`` is reserved for the system (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/),
# the others are how distributions and what is installed into clusters call theirs.
_SYSTEM_PREFIXES = ("kube-", "openshift-", "gke-managed-", "calico-")
_SYSTEM_SUFFIX = "-system"
_SYSTEM_NAMES = frozenset(("openshift", "tigera-operator", "local-path-storage"))


def is_system(namespace: str) -> bool:
    """Tell whether a namespace is the cluster's own."""
    return namespace.startswith(_SYSTEM_PREFIXES) or namespace.endswith(_SYSTEM_SUFFIX) or namespace in _SYSTEM_NAMES


class Lister:
    """Lists what a selection matches, in the namespaces that it may look into (none: in all)."""

    def __init__(
        self, client: KubernetesClient, reader: Reader, resolver: Resolver, *, namespaces: Sequence[str]
    ) -> None:
        """Take the client to ask, what reads workloads, and what knows of namespaces."""
        self._client = client
        self._reader = reader
        self._resolver = resolver
        self._namespaces = namespaces

    def select(self, selection: Selection) -> Listing:
        """Return the containers that match, by namespace and name.

        One list of pods, and unless only what runs is wanted one of each kind of workload, side by side.
        """
        namespaces = self._scope(selection)
        found, warnings = self._list(namespaces, selection)
        for namespace in namespaces:
            if namespace and not any(one.namespace == namespace for one in found):
                self._check(namespace)
        matching = [one for one in found if selection.matches(one)]
        kept = [
            one for one in matching if selection.include_system or namespaces != ("",) or not is_system(one.namespace)
        ]
        if matching and not kept:
            warnings += ("what matches is in the cluster's own namespaces, which have to be named to be changed",)
        return Listing(tuple(sorted(kept, key=lambda one: (one.namespace, one.name, one.address))), warnings)

    def _scope(self, selection: Selection) -> tuple[str, ...]:
        """Return the namespaces to look into; an empty name means all."""
        for namespace in selection.namespaces:
            if self._namespaces and namespace not in self._namespaces:
                raise self._resolver.not_allowed(namespace)
        return tuple(dict.fromkeys(selection.namespaces or self._namespaces or ("",)))

    def _check(self, namespace: str) -> None:
        if self._resolver.is_missing(namespace):
            raise self._resolver.missing_namespace(namespace)

    def _list(self, namespaces: Sequence[str], selection: Selection) -> tuple[Containers, tuple[str, ...]]:
        labels = ",".join(str(requirement) for requirement in selection.labels if _is_label(requirement))
        pods: list[Callable[[], Containers]] = [partial(self._pods, namespace, labels) for namespace in namespaces]
        others: list[Callable[[], Containers]] = []
        if selection.include_stopped:
            custom = self._custom_kinds()
            owners = {(kind.group, kind.kind) for kind in (CRON_JOB, *custom)}
            kinds = (*_LISTED, *custom)
            others = [partial(self._idle, kind, namespace, owners) for kind in kinds for namespace in namespaces]
            others += [partial(self._idle_replica_sets, namespace) for namespace in namespaces]
        outcomes = run_bulk(pods + others, lambda read: read(), max_concurrent=READS)
        missed: list[str] = []
        for place, outcome in enumerate(outcomes):
            if outcome.error:
                if place < len(pods) or not isinstance(outcome.error, (PermissionDeniedError, UnsupportedError)):
                    raise outcome.error
                missed.append(outcome.error.hint or outcome.error.message)
        found = [one for outcome in outcomes for one in outcome.value or ()]
        told = f"workloads that are stopped may be missing from the list: {'; '.join(dict.fromkeys(missed))}"
        return found, (told,) if missed else ()

    def _pods(self, namespace: str, labels: str) -> Containers:
        return self._client.list(POD, namespace, convert=convert.container, labels=labels).items

    def _idle(self, kind: Resource, namespace: str, owners: Collection[tuple[str, str]]) -> Containers:
        """Return the workloads of a kind that have no pods, each as one container; not those that owners speak for."""

        def ask(served: Resource) -> list[Workload | None]:
            return self._client.list(served, namespace, convert=partial(_idle_workload, served)).items

        try:
            listed = [one for one in self._reader.served(kind, ask) if one]
        except UnsupportedError:
            return []
        except PermissionDeniedError:
            if kind.custom:  # who may not list them has not stopped one either
                return []
            raise
        except ApiError as error:
            if kind.custom:  # its own server or conversion is broken, which is not the others' fault
                raise UnsupportedError(f"{kind.rule}: {error.message}") from error
            raise
        found = [one for one in listed if not one.controller or _identity(one.controller) not in owners]
        if kind.custom:
            scaled = (self._scaled(one) for one in found)
            found = [one for one in scaled if one and _is_idle(one)]
        return [convert.workload_container(one) for one in found]

    def _idle_replica_sets(self, namespace: str) -> Containers:
        """Return the ReplicaSets without pods that nothing controls.

        Most have been left behind by rollouts of Deployments. Their metadata is enough to pass them over.
        """
        names = self._client.list(REPLICA_SET, namespace, convert=_uncontrolled, metadata_only=True).items
        places = [place for place in names if place]
        outcomes = run_bulk(places, lambda place: self._reader.workload(REPLICA_SET, *place), max_concurrent=READS)
        for outcome in outcomes:
            if outcome.error and not isinstance(outcome.error, ContainerNotFoundError):
                raise outcome.error
        found = (outcome.value for outcome in outcomes if outcome.value)
        return [convert.workload_container(one) for one in found if _is_idle(one)]

    def _scaled(self, workload: Workload) -> Workload | None:
        """Return a custom workload with what its scale says, None when it is gone."""
        try:
            return self._reader.workload(workload.resource, workload.namespace, workload.name)
        except ContainerNotFoundError:
            return None

    def _custom_kinds(self) -> tuple[Resource, ...]:
        try:
            return tuple(self._reader.kinds.custom())
        except PermissionDeniedError:
            return ()


def _idle_workload(kind: Resource, document: dict[str, Any]) -> Workload | None:
    workload = read_workload(kind, document)
    if kind.custom:
        # What a custom one wants stands in its scale, which a list does not tell: who asks for all of them asks long.
        may_be = workload.remembered is not None or number(document, "spec", "replicas") == 0
        return workload if may_be else None
    return workload if _is_idle(workload) else None


def _identity(reference: Reference) -> tuple[str, str]:
    return reference.api_version.rpartition("/")[0], reference.kind


def _is_idle(workload: Workload) -> bool:
    """Tell whether it has no pods that could stand for it."""
    if workload.wanted is None:
        return workload.suspended
    return workload.current == 0 and (workload.is_stopped or workload.wanted > 0)


def _is_label(requirement: Requirement) -> bool:
    """Tell whether the API takes a requirement: it refuses what can be no label, such as one of Docker's."""
    values = all(_LABEL_VALUE.fullmatch(value) for value in requirement.values)
    return values and _LABEL_KEY.fullmatch(requirement.key) is not None


def _uncontrolled(document: dict[str, Any]) -> tuple[str, str] | None:
    if controller_of(document):
        return None
    return text(document, "metadata", "namespace"), text(document, "metadata", "name")
