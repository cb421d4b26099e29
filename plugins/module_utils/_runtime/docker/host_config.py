# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""How a container runs on its host, as Docker's API takes it: the HostConfig of a ContainerCreate. Pure.

https://docs.docker.com/reference/api/engine/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..toolbox.parts import Logging, PortSpec, Resources
    from ..toolbox.spec import ServiceSpec

_NANO = 10**9
_OF_SERVICE = "service:"


def host_config(service: ServiceSpec, *, containers: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields that a service says something of, but for its mounts and networks.

    ``containers`` are the names of the first containers of the project's services, by service.
    """
    fields = {
        "PortBindings": port_bindings(service.ports),
        "RestartPolicy": _restart(service),
        **_resources(service.resources),
        **_isolation(service, containers),
        "Ulimits": [{"Name": one.name, "Soft": one.soft, "Hard": one.hard} for one in service.ulimits],
        "ExtraHosts": [f"{name}:{address}" for name, address in service.extra_hosts],
        "Dns": list(service.dns),
        "DnsSearch": list(service.dns_search),
        "DnsOptions": list(service.dns_opt),
        "Devices": [
            {"PathOnHost": one.source, "PathInContainer": one.target, "CgroupPermissions": one.permissions}
            for one in service.devices
        ],
        "DeviceRequests": [
            {
                "Driver": one.driver,
                "Count": (0 if one.ids else -1) if one.count is None else one.count,
                "DeviceIDs": list(one.ids),
                "Capabilities": [list(one.capabilities)],
                "Options": dict(one.options),
            }
            for one in service.device_requests
        ],
        "DeviceCgroupRules": list(service.device_cgroup_rules),
        "StorageOpt": dict(service.storage_opt),
        "Annotations": dict(service.annotations),
        "LogConfig": _logging(service.logging),
        "OomKillDisable": service.oom_kill_disable or None,
        "OomScoreAdj": service.oom_score_adj,
        "Init": service.init,
    }
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def port_key(port: PortSpec) -> str:
    """Return a port as the API names it: ``80/tcp``."""
    return f"{port.target}/{port.protocol}"


def port_bindings(ports: Sequence[PortSpec]) -> dict[str, list[dict[str, str]]]:
    """Return where on the host ports are published; an empty HostPort is any free one."""
    found: dict[str, list[dict[str, str]]] = {}
    for port in ports:
        published = "" if port.published is None else str(port.published)
        found.setdefault(port_key(port), []).append({"HostIp": port.host_ip, "HostPort": published})
    return found


def container_mode(mode: str, containers: Mapping[str, str]) -> str:
    """Return a mode of a namespace with the container for ``service:NAME``."""
    service = service_of_mode(mode)
    return f"container:{containers[service]}" if service else mode


def service_of_mode(mode: str) -> str:
    """Return the service that shares a namespace by ``service:NAME``, or nothing."""
    return mode[len(_OF_SERVICE) :] if mode.startswith(_OF_SERVICE) else ""


def _restart(service: ServiceSpec) -> dict[str, Any]:
    policy = service.restart
    retries = {"MaximumRetryCount": policy.max_retries} if policy.max_retries is not None else {}
    return {"Name": policy.name, **retries}


def _resources(resources: Resources) -> dict[str, Any]:
    return {
        "NanoCpus": None if resources.cpus is None else round(resources.cpus * _NANO),
        "Memory": resources.memory,
        "MemoryReservation": resources.reserved_memory,
        "MemorySwap": resources.memory_swap,
        "MemorySwappiness": resources.memory_swappiness,
        "PidsLimit": resources.pids,
        "ShmSize": resources.shm_size,
        "CpuShares": resources.cpu_shares,
        "CpuPeriod": resources.cpu_period,
        "CpuQuota": resources.cpu_quota,
        "CpusetCpus": resources.cpuset,
    }


def _isolation(service: ServiceSpec, containers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "Privileged": service.privileged or None,
        "ReadonlyRootfs": service.read_only or None,
        "CapAdd": list(service.cap_add),
        "CapDrop": list(service.cap_drop),
        "SecurityOpt": list(service.security_opt),
        "Sysctls": dict(service.sysctls),
        "GroupAdd": list(service.group_add),
        "IpcMode": container_mode(service.ipc, containers),
        "PidMode": container_mode(service.pid, containers),
        "UTSMode": service.uts,
        "CgroupnsMode": service.cgroup,
        "CgroupParent": service.cgroup_parent,
        "UsernsMode": service.userns_mode,
        "Isolation": service.isolation,
        "Runtime": service.runtime,
    }


def _logging(logging: Logging | None) -> dict[str, Any]:
    if logging is None:
        return {}
    # Options without a driver are for the usual one.
    return {"Type": logging.driver or "json-file", "Config": dict(logging.options)}
