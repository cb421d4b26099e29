# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The networks of a container, as keys of a Compose service and as networks of the file. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import flag, mapping, objects, text, text_mapping, texts
from ..toolbox.placeholders import escape
from .composed_host import shared
from .labels import read_dependencies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .found import FoundContainer

# The network that is there without anybody making it, by its names in a NetworkMode.
_FIRST = ("default", "bridge", "")
_SHARED = ("host", "none", "container:", "slirp4netns", "pasta", "ns:")
_ADDRESSES = {"IPv4Address": "ipv4_address", "IPv6Address": "ipv6_address"}
_PARTS = 2


def composed_network(one: FoundContainer, *, services: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys ``network_mode``, ``networks``, ``links``, ``external_links`` and ``depends_on``."""
    mode = text(one.document, "HostConfig", "NetworkMode")
    keys: dict[str, Any] = {"depends_on": _dependencies(one, services), **_links(one, services)}
    if mode.startswith(_SHARED):
        return {"network_mode": shared(mode, services), **keys}
    own = networks_of(one.document)
    if not own:
        return {"network_mode": "bridge", **keys}
    attached = {name: _attachment(one, name) for name in own}
    return {"networks": attached if any(attached.values()) else list(attached), **keys}


def networks_of(document: Mapping[str, Any]) -> list[str]:
    """Return the networks of a container that somebody made, the one that it was made on first."""
    mode = text(document, "HostConfig", "NetworkMode")
    if mode.startswith(_SHARED):
        return []
    names = [name for name in mapping(document, "NetworkSettings", "Networks") if name not in (*_FIRST, "podman")]
    return sorted(names, key=lambda name: (name != mode, name))


def has_both(document: Mapping[str, Any]) -> bool:
    """Tell whether a container is on the network that is always there and on others, which no Compose file says."""
    return bool(networks_of(document)) and bool(
        frozenset(mapping(document, "NetworkSettings", "Networks")) & {"bridge"}
    )


def _attachment(one: FoundContainer, name: str) -> dict[str, Any]:
    endpoint = mapping(one.document, "NetworkSettings", "Networks", name)
    addresses = mapping(endpoint, "IPAMConfig")
    given = (one.id[:12], one.name, one.service)
    found: dict[str, Any] = {
        "aliases": [alias for alias in dict.fromkeys(texts(endpoint, "Aliases")) if alias not in given],
        **{key: text(addresses, field) for field, key in _ADDRESSES.items()},
        "link_local_ips": list(texts(addresses, "LinkLocalIPs")),
        "driver_opts": {key: escape(value) for key, value in text_mapping(endpoint, "DriverOpts").items()},
    }
    return {key: value for key, value in found.items() if value}


def has_fixed_address(document: Mapping[str, Any], name: str) -> bool:
    """Tell whether a container has an address of its own choice on a network."""
    addresses = mapping(document, "NetworkSettings", "Networks", name, "IPAMConfig")
    return any(text(addresses, field) for field in _ADDRESSES)


def _links(one: FoundContainer, services: Mapping[str, str]) -> dict[str, list[str]]:
    """Return links: those of the network that is always there name paths, those of others ``NAME:ALIAS``."""
    pairs = [tuple(part.rsplit("/", 1)[-1] for part in link.split(":", 1)) for link in _told(one.document)]
    links: dict[str, list[str]] = {"links": [], "external_links": []}
    for pair in dict.fromkeys(pairs):
        if len(pair) == _PARTS:
            target, alias = pair
            key = "links" if target in services else "external_links"
            links[key].append(f"{services.get(target, target)}:{alias}")
    return links


def _told(document: Mapping[str, Any]) -> Iterable[str]:
    yield from texts(document, "HostConfig", "Links")
    for name in mapping(document, "NetworkSettings", "Networks"):
        yield from texts(document, "NetworkSettings", "Networks", name, "Links")


def _dependencies(one: FoundContainer, services: Mapping[str, str]) -> dict[str, dict[str, str]]:
    there = frozenset(services.values()) - {one.service}
    found = read_dependencies(text_mapping(one.document, "Config", "Labels"))
    return {name: {"condition": word} if word else {} for name, word in found.items() if name in there}


def composed_network_object(network: Mapping[str, Any], *, with_pools: bool) -> dict[str, Any]:
    """Return how a network is declared so that one like it is made; ``with_pools`` with the same addresses."""
    driver = text(network, "Driver")
    pools = [
        {key: value for key, value in pool.items() if value}
        for pool in (
            {"subnet": text(one, "Subnet"), "gateway": text(one, "Gateway"), "ip_range": text(one, "IPRange")}
            for one in objects(network, "IPAM", "Config")
        )
    ]
    found: dict[str, Any] = {
        "name": text(network, "Name"),
        "driver": "" if driver == "bridge" else driver,
        "driver_opts": {key: escape(value) for key, value in text_mapping(network, "Options").items()},
        "internal": flag(network, "Internal"),
        "attachable": flag(network, "Attachable"),
        "enable_ipv6": flag(network, "EnableIPv6"),
        "ipam": {"config": pools} if with_pools and pools else {},
    }
    return {key: value for key, value in found.items() if value}
