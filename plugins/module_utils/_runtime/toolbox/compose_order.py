# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The order of services in which each comes after those that it depends on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .node import Node
    from .spec import ServiceSpec


def in_order(services: Mapping[str, ServiceSpec], node: Node) -> tuple[ServiceSpec, ...]:
    """Return the services in order, as much as possible in that of the file. Notes circles and what is missing."""
    waits = {name: _awaited(service, services, node.get(name)) for name, service in services.items()}
    ordered: list[ServiceSpec] = []
    while waits:
        ready = next((name for name, others in waits.items() if not others & set(waits)), None)
        if ready is None:
            node.bad(f"services depend on each other in a circle: {' -> '.join(_circle(waits))}")
            return tuple(services.values())
        ordered.append(services[ready])
        del waits[ready]
    return tuple(ordered)


def _awaited(service: ServiceSpec, services: Mapping[str, ServiceSpec], node: Node) -> set[str]:
    for one in service.depends_on:
        if one.service not in services and one.required:
            hint = "name one that is there, ask for its profile, or say required: false"
            node.get("depends_on").bad(f"there is no service {one.service}", hint)
    return {one.service for one in service.depends_on if one.service in services}


def _circle(waits: Mapping[str, set[str]]) -> list[str]:
    name = next(iter(waits))
    path: list[str] = []
    while name not in path:
        path.append(name)
        name = next(one for one in sorted(waits[name]) if one in waits)
    return [*path[path.index(name) :], name]
