# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Containers as hosts of an inventory: their names and groups. Pure."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ..types import Container
    from .endpoints import Endpoint

# A name in which nothing is a pattern, a port, a path or a template.
_FOREIGN = re.compile(r"[^\w.-]")
# Names that Ansible, or a user, means something else by: a container that is called so must not become it.
RESERVED = frozenset(("all", "ungrouped", "localhost", "127.0.0.1", "::1"))


@dataclass(frozen=True)
class Host:
    """A container as a host. ``name`` is its own, ``full_name`` that with the endpoint's.

    ``groups`` are not yet made valid, ``variables`` are plain JSON.
    """

    name: str
    full_name: str
    groups: tuple[str, ...]
    variables: Mapping[str, Any]


def host_of(container: Container, endpoint: Endpoint, variables: Mapping[str, Any]) -> Host:
    """Return the host of a container of an endpoint.

    Its name depends on nothing else that there is: ``web``, of a pod ``web-0.prod``, of a workload
    ``web.deployment.prod``, and where endpoints have names ``web.edge``.
    """
    kind = _kind(container)
    own = ".".join(part for part in (container.name, kind, container.namespace) if part)
    full = f"{own}.{endpoint.name}"
    return Host(full if endpoint.named else own, full, _groups(container, endpoint), variables)


def _kind(container: Container) -> str:
    """Return the kind of a workload that has no pods, as its address says it; nothing for a pod or a container."""
    parts = container.address.split("/")
    return parts[2] if len(parts) == len(("runtime", "namespace", "kind", "name")) else ""


def _groups(container: Container, endpoint: Endpoint) -> tuple[str, ...]:
    found = [str(container.runtime), f"endpoint_{endpoint.name}", f"state_{container.state}"]
    if container.namespace:
        found.append(f"namespace_{container.namespace}")
    if container.owner:
        found.append(f"owner_{container.owner.kind.lower()}_{container.owner.name}")
    if container.compose_project:
        found.append(f"compose_{container.compose_project}")
    return tuple(found)


def valid_name(text: str) -> str:
    """Return a text as the name of a host, empty if nothing is left of it."""
    return _FOREIGN.sub("_", text.strip()).strip(".")


def unique_names(hosts: Sequence[Host], wanted: Sequence[str], *, reserved: Collection[str]) -> list[str]:
    """Return a name of its own for each host: the one wanted, or the full name where that is not its alone.

    Reserved names are nobody's.
    """
    counts = Counter(wanted)
    taken = {*RESERVED, *reserved}
    taken.update(name for name in wanted if counts[name] == 1)
    names = []
    for host, name in zip(hosts, wanted):
        if counts[name] > 1 or name in RESERVED or name in reserved:
            names.append(_free(valid_name(host.full_name), taken))
        else:
            names.append(name)
        taken.add(names[-1])
    return names


def _free(name: str, taken: Collection[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}.{number}"
    return free
