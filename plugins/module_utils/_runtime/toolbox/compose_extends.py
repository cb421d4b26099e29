# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Services that extend others of the same file. Pure.

https://github.com/compose-spec/compose-spec/blob/main/05-services.md#extends and 13-merge.md beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .node import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

# Lists that replace each other instead of being joined.
_REPLACED = frozenset(("command", "entrypoint", "test"))
# What may be written as a list or as a mapping, and is one mapping in the end.
_PAIRED = frozenset(("environment", "labels", "annotations", "sysctls"))


def extended(services: Node) -> Mapping[str, Node]:
    """Return the services by name, each with what it extends merged in."""
    done: dict[str, Any] = {}
    return {name: Node(_whole(services, name, done, ()), item.path, item.problems) for name, item in services.entries()}


def _whole(services: Node, name: str, done: dict[str, Any], path: tuple[str, ...]) -> Any:
    node = services.get(name)
    if name in done or not node.get("extends"):
        return done.get(name, node.value)
    wanted = node.get("extends")
    base = wanted.get("service").text() if wanted.is_mapping else wanted.text()
    if wanted.is_mapping and wanted.get("file"):
        wanted.get("file").bad("extending a service of another file is not supported", "put it into the same file")
    elif base == name or base in path:
        wanted.bad(f"services extend each other in a circle: {' -> '.join((*path, name, base))}")
    elif not services.get(base):
        wanted.bad(f"there is no service {base}")
    else:
        own = {key: item for key, item in node.value.items() if key != "extends"}
        done[name] = _merged(_whole(services, base, done, (*path, name)), own, services)
        return done[name]
    return {key: item for key, item in node.value.items() if key != "extends"}


def _merged(base: Any, own: Any, node: Node, key: str = "") -> Any:
    """Return what is there when both say something: mappings and lists are joined, else the own value wins."""
    if key in _PAIRED:
        base, own = (Node(value, node.path, node.problems).pairs() for value in (base, own))
    if isinstance(base, dict) and isinstance(own, dict):
        both = {name: _merged(base[name], own[name], node, name) for name in base if name in own}
        return {**base, **own, **both}
    if isinstance(base, list) and isinstance(own, list) and key not in _REPLACED:
        return [*base, *(item for item in own if item not in base)]
    return own
