# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Networks and volumes of a Compose file. Pure.

https://github.com/compose-spec/compose-spec/blob/main/06-networks.md and 07-volumes.md beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .parts import NetworkAttachment
from .spec import NetworkSpec, VolumeSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .node import Node

DEFAULT = "default"
# The size of the claim that is made for a volume on Kubernetes.
SIZE_LABEL = "nekzus.toolbox.size"
_ATTACHMENT_KEYS = frozenset(
    {"aliases", "driver_opts", "gw_priority", "interface_name", "ipv4_address", "ipv6_address", "link_local_ips"}
    | {"mac_address", "priority"}
)
_NETWORK_KEYS = frozenset(
    {
        "attachable",
        "driver",
        "driver_opts",
        "enable_ipv4",
        "enable_ipv6",
        "external",
        "internal",
        "ipam",
        "labels",
        "name",
    }
)
_VOLUME_KEYS = ("driver", "driver_opts", "external", "labels", "name")
_POOL_KEYS = ("aux_addresses", "gateway", "ip_range", "subnet")


def read_attachments(node: Node) -> tuple[NetworkAttachment, ...]:
    """Return the networks that a service is on; without a word of it, the one that all are on."""
    networks = node.get("networks")
    if node.get("network_mode"):
        if networks:
            networks.bad("networks and network_mode are both there", "keep one of them")
        return ()
    if networks.is_mapping:
        return tuple(_attachment(name, item) for name, item in networks.entries())
    return tuple(NetworkAttachment(name) for name in networks.texts()) or (NetworkAttachment(DEFAULT),)


def _attachment(name: str, node: Node) -> NetworkAttachment:
    node.check_keys(_ATTACHMENT_KEYS)
    for key in ("gw_priority", "interface_name"):
        if node.get(key):
            node.get(key).bad("this key is not supported")
    return NetworkAttachment(
        name,
        aliases=node.get("aliases").texts(),
        ipv4_address=node.get("ipv4_address").text(),
        ipv6_address=node.get("ipv6_address").text(),
        mac_address=node.get("mac_address").text(),
        link_local_ips=node.get("link_local_ips").texts(),
        driver_opts=node.get("driver_opts").text_pairs(),
        priority=node.get("priority").whole() or 0,
    )


def read_networks(node: Node) -> Mapping[str, NetworkSpec]:
    """Return the networks that a file declares, by key."""
    return {key: _network(key, item) for key, item in node.entries()}


def _network(key: str, node: Node) -> NetworkSpec:
    node.check_keys(_NETWORK_KEYS)
    external, name = read_external(node)
    ipam = node.get("ipam")
    ipam.check_keys(("config", "driver", "options"))
    if ipam.get("options"):
        ipam.get("options").bad("this key is not supported")
    if node.get("enable_ipv4").value is False:
        node.get("enable_ipv4").bad("this is not supported")
    return NetworkSpec(
        key,
        name,
        external,
        driver=node.get("driver").text(),
        driver_opts=node.get("driver_opts").text_pairs(),
        internal=node.get("internal").flag(),
        attachable=node.get("attachable").flag(),
        enable_ipv6=node.get("enable_ipv6").flag(),
        labels=node.get("labels").text_pairs(),
        pools=tuple(_pool(item) for item in ipam.get("config").items()),
        ipam_driver=ipam.get("driver").text(),
    )


def _pool(node: Node) -> dict[str, str]:
    node.check_keys(_POOL_KEYS)
    if node.get("aux_addresses"):
        node.get("aux_addresses").bad("this key is not supported")
    return {key: node.get(key).text() for key in ("subnet", "gateway", "ip_range") if node.get(key)}


def read_volumes(node: Node) -> Mapping[str, VolumeSpec]:
    """Return the volumes that a file declares, by key."""
    return {key: _volume(key, item) for key, item in node.entries()}


def _volume(key: str, node: Node) -> VolumeSpec:
    node.check_keys(_VOLUME_KEYS)
    external, name = read_external(node)
    labels = node.get("labels").text_pairs()
    size = type(node)(labels.pop(SIZE_LABEL, None), (*node.path, "labels", SIZE_LABEL), node.problems).size()
    driver, options = node.get("driver").text(), node.get("driver_opts").text_pairs()
    return VolumeSpec(key, name, external, driver, options, labels, size)


def read_external(node: Node) -> tuple[bool, str]:
    """Return whether something is there already, and its name; ``external: {name: x}`` is an older form."""
    external, name = node.get("external"), node.get("name").text()
    if external.is_mapping:
        external.check_keys(("name",))
        return True, name or external.get("name").text() or node.key
    is_external = external.flag()
    return is_external, name or (node.key if is_external else "")
