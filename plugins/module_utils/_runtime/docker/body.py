# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A service as the body of a ContainerCreate of Docker's API. Pure: https://docs.docker.com/reference/api/engine/."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .host_config import container_mode, host_config, port_key
from .mounts import mount_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..toolbox.parts import HealthCheck, NetworkAttachment
    from ..toolbox.spec import ServiceSpec

_NANO = 10**9


def container_body(  # noqa: PLR0913 - what a service refers to
    service: ServiceSpec,
    *,
    name: str,
    containers: Mapping[str, str],
    networks: Mapping[str, str],
    volumes: Mapping[str, str],
    folder: str,
) -> dict[str, Any]:
    """Return the body, without the labels of a deployment; other objects are given by their names, by key.

    It has a container's first network alone: older daemons take no more, see ``further_networks``.
    """
    host = {
        **host_config(service, containers=containers),
        **mount_fields(service.mounts, volumes=volumes, folder=folder),
    }
    attachments = ordered(service)
    if attachments:
        host["NetworkMode"] = networks[attachments[0].network]
    elif service.network_mode:
        host["NetworkMode"] = container_mode(service.network_mode, containers)
    fields: dict[str, Any] = {
        "Image": service.image,
        "Cmd": None if service.command is None else list(service.command),
        "Entrypoint": None if service.entrypoint is None else list(service.entrypoint) or [""],
        "Env": [f"{key}={value}" for key, value in service.environment.items()],
        "Labels": dict(service.labels),
        "ExposedPorts": {port_key(port): {} for port in (*service.ports, *service.expose)},
        "User": service.user,
        "WorkingDir": service.working_dir,
        "Hostname": service.hostname,
        "Domainname": service.domainname,
        "MacAddress": service.mac_address or (attachments[0].mac_address if attachments else ""),
        "Tty": service.tty or None,
        "OpenStdin": service.stdin_open or None,
        "StopSignal": service.stop_signal,
        "StopTimeout": None if service.stop_grace_period is None else math.ceil(service.stop_grace_period),
        "Healthcheck": health_check(service.healthcheck),
    }
    body = {key: value for key, value in fields.items() if value not in (None, "", {}) and (value or key == "Cmd")}
    body["HostConfig"] = host
    if attachments:
        endpoint = endpoint_config(service, attachments[0], containers=containers, name=name)
        body["NetworkingConfig"] = {"EndpointsConfig": {host["NetworkMode"]: endpoint}}
    return body


def further_networks(
    service: ServiceSpec, *, name: str, containers: Mapping[str, str], networks: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """Return what a container is connected to after it was created: endpoints by the name of the network."""
    return {
        networks[one.network]: endpoint_config(service, one, containers=containers, name=name, mac_address=True)
        for one in ordered(service)[1:]
    }


def ordered(service: ServiceSpec) -> list[NetworkAttachment]:
    """Return the networks of a service, the most important first."""
    return sorted(service.networks, key=lambda one: -one.priority)


def endpoint_config(
    service: ServiceSpec,
    attachment: NetworkAttachment,
    *,
    containers: Mapping[str, str],
    name: str,
    mac_address: bool = False,
) -> dict[str, Any]:
    """Return how a container is on a network; it answers to the name of its service there."""
    addresses = {
        "IPv4Address": attachment.ipv4_address,
        "IPv6Address": attachment.ipv6_address,
        "LinkLocalIPs": list(attachment.link_local_ips),
    }
    links = [f"{containers.get(target, target)}:{alias}" for target, alias in service.links]
    links += [f"{target}:{alias}" for target, alias in service.external_links]
    fields = {
        "Aliases": list(dict.fromkeys((name, service.name, *attachment.aliases))),
        "IPAMConfig": {key: value for key, value in addresses.items() if value},
        "Links": links,
        "DriverOpts": dict(attachment.driver_opts),
        "MacAddress": attachment.mac_address if mac_address else "",
    }
    return {key: value for key, value in fields.items() if value}


def health_check(check: HealthCheck | None) -> dict[str, Any]:
    """Return a health check, times in nanoseconds; what is not said is the image's."""
    if check is None:
        return {}
    times = {
        "Interval": check.interval,
        "Timeout": check.timeout,
        "StartPeriod": check.start_period,
        "StartInterval": check.start_interval,
    }
    body: dict[str, Any] = {key: round(value * _NANO) for key, value in times.items() if value is not None}
    if check.test:
        body["Test"] = list(check.test)
    if check.retries is not None:
        body["Retries"] = check.retries
    return body
