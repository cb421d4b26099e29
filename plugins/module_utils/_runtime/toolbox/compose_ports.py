# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Ports of a service, in their short and their long form. Pure.

https://github.com/compose-spec/compose-spec/blob/main/05-services.md#ports
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..shape import whole
from .parts import PortSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .node import Node

_RANGE = r"\d{1,5}(?:-\d{1,5})?"
_SHORT = re.compile(
    rf"(?:(?:(?P<ip>\[[0-9a-fA-F:.]+\]|\d+\.\d+\.\d+\.\d+):)?(?P<published>{_RANGE})?:)?"
    rf"(?P<target>{_RANGE})(?:/(?P<protocol>[a-z]+))?",
    re.ASCII,
)
_PROTOCOLS = ("tcp", "udp", "sctp")
_LARGEST = 65535
_KEYS = ("target", "published", "host_ip", "protocol", "app_protocol", "mode", "name")


def read_ports(node: Node) -> tuple[PortSpec, ...]:
    """Return the ports that a service publishes, ranges written out, each once."""
    return tuple(dict.fromkeys(port for item in node.items() for port in _read(item)))


def read_exposed(node: Node) -> tuple[PortSpec, ...]:
    """Return the ports that a service has for others: ``3000``, ``8000-8003/udp``."""
    return tuple(dict.fromkeys(port for item in node.items() for port in _read_short(item)))


def _read(node: Node) -> Iterator[PortSpec]:
    return _read_long(node) if node.is_mapping else _read_short(node)


def _read_short(node: Node) -> Iterator[PortSpec]:
    found = _SHORT.fullmatch(node.text().strip())
    if not found:
        node.bad("this is no port", "write 8080:80, 127.0.0.1:8080:80/udp, or 8000-8010:8000-8010")
        return
    ip = (found.group("ip") or "").strip("[]")
    yield from _written_out(node, found.group("target"), found.group("published"), found.group("protocol"), ip)


def _read_long(node: Node) -> Iterator[PortSpec]:
    node.check_keys(_KEYS)
    target, published = node.get("target"), node.get("published")
    if not target:
        node.bad("target is missing")
        return
    name, app_protocol = node.get("name").text(), node.get("app_protocol").text()
    for port in _written_out(
        node, target.text(), published.text() or None, node.get("protocol").text(), node.get("host_ip").text()
    ):
        yield PortSpec(port.target, port.published, port.protocol, port.host_ip, name, app_protocol)


def _written_out(node: Node, target: str, published: str | None, protocol: str | None, ip: str) -> Iterator[PortSpec]:
    targets, places = _numbers(node, target), _numbers(node, published) if published else []
    protocol = protocol or "tcp"
    if protocol not in _PROTOCOLS:
        node.bad(f"{protocol} is not one of {', '.join(_PROTOCOLS)}")
        return
    if len(targets) == 1 and len(places) > 1:
        # Any free one of a range: the first that is free cannot be known here.
        node.bad("a range of published ports for one port of the container is not supported", "choose one of them")
        return
    if places and len(places) != len(targets):
        node.bad("the ranges are not of the same length")
        return
    for index, number in enumerate(targets):
        yield PortSpec(number, places[index] if places else None, protocol, ip)


def _numbers(node: Node, text: str) -> list[int]:
    written, _dash, ending = text.partition("-")
    first, last = whole(written), whole(ending or written)
    if first is None or last is None:
        node.bad("this is no port")
        return []
    numbers = range(first, last + 1)
    # 0 is any free one, as none is.
    if not numbers or numbers[-1] > _LARGEST:
        node.bad(f"ports are between 1 and {_LARGEST}")
        return []
    return [] if numbers[-1] == 0 else list(numbers)
