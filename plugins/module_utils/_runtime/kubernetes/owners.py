# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Who controls what: owner references, the way to the top, and the owners that a pod's name tells of. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Protocol, TypeVar

from ..shape import objects, text
from .kinds import CRON_JOB, DAEMON_SET, DEPLOYMENT, JOB, REPLICA_SET, REPLICATION_CONTROLLER, STATEFUL_SET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .kinds import Resource

# The letters of generated names: https://pkg.go.dev/k8s.io/apimachinery/pkg/util/rand#pkg-variables
_LETTERS = "bcdfghjklmnpqrstvwxz2456789"
_GENERATED = re.compile(rf"(?P<base>.+)-[{_LETTERS}]{{5}}")
_HASHED = re.compile(rf"(?P<base>.+)-[{_LETTERS}]{{1,10}}")
_NUMBERED = re.compile(r"(?P<base>.+)-(?P<number>\d+)")
# Minutes since the epoch: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
_SCHEDULED = re.compile(r"(?P<base>.+)-\d{8,}")
_HIGHEST_CHAIN = 10


@dataclass(frozen=True)
class Reference:
    """An owner reference: the object of that name is the owner only if it has that uid."""

    api_version: str
    kind: str
    name: str
    uid: str


class Owned(Protocol):
    """What may have a controller, and be one."""

    @property
    def uid(self) -> str:
        """The object's own uid."""

    @property
    def controller(self) -> Reference | None:
        """The reference to what controls it."""


Controller = TypeVar("Controller", bound=Owned)


def controller_of(document: Mapping[str, Any]) -> Reference | None:
    """Return the owner that controls an object: of several owners at most one does, the others only keep it alive."""
    for reference in objects(document, "metadata", "ownerReferences"):
        if reference.get("controller") is True:
            return Reference(
                text(reference, "apiVersion"), text(reference, "kind"), text(reference, "name"), text(reference, "uid")
            )
    return None


def resolve(reference: Reference | None, lookup: Callable[[Reference], Controller | None]) -> tuple[Controller, ...]:
    """Return the controllers of an object, the nearest first, up to the top.

    ``lookup`` returns what a reference names, or None. The way ends at an owner that is gone, or has been replaced by
    another one of its name, and where owners own each other.
    """
    chain: list[Controller] = []
    while reference and len(chain) < _HIGHEST_CHAIN:
        found = lookup(reference)
        if not found or found.uid != reference.uid or found.uid in {one.uid for one in chain}:
            break
        chain.append(found)
        reference = found.controller
    return tuple(chain)


def apparent_owner(document: Mapping[str, Any]) -> Reference | None:
    """Return a pod's owner as a list tells it: for a ReplicaSet that a Deployment has made, the Deployment.

    Such a ReplicaSet is named after the Deployment and the hash in the pod's ``pod-template-hash`` label.
    """
    reference = controller_of(document)
    if reference and reference.kind == REPLICA_SET.kind:
        suffix = "-" + text(document, "metadata", "labels", "pod-template-hash")
        if len(suffix) > 1 and reference.name.endswith(suffix):
            name = reference.name[: -len(suffix)]
            return Reference(reference.api_version, DEPLOYMENT.kind, name, "")
    return reference


def derived_owners(pod: str) -> tuple[tuple[Resource, str], ...]:
    """Return the workloads that could have made a pod of this name, the nearest kinds first."""
    found: list[tuple[Resource, str]] = []
    generated = _GENERATED.fullmatch(pod)
    if generated:
        base = generated.group("base")
        found += [(kind, base) for kind in (REPLICA_SET, DAEMON_SET, JOB, REPLICATION_CONTROLLER)]
        for pattern, kind in ((_HASHED, DEPLOYMENT), (_SCHEDULED, CRON_JOB), (_NUMBERED, JOB)):
            above = pattern.fullmatch(base)
            if above:
                found.append((kind, above.group("base")))
    numbered = _NUMBERED.fullmatch(pod)
    if numbered:
        found.append((STATEFUL_SET, numbered.group("base")))
    return tuple(found)


def derived_bases(pod: str) -> tuple[str, ...]:
    """Return the names that a custom controller of a pod of this name could have."""
    matches = (pattern.fullmatch(pod) for pattern in (_GENERATED, _NUMBERED))
    return tuple(match.group("base") for match in matches if match)


def ordinal(pod: str) -> int | None:
    """Return the number at the end of the name of a StatefulSet's pod."""
    numbered = _NUMBERED.fullmatch(pod)
    return int(numbered.group("number")) if numbered else None
