# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""How a container runs on its host, as keys of a Compose service: ``host_config.py`` read the other way. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import flag, number, objects, text, text_mapping, texts
from ..toolbox.placeholders import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NANO = 10**9
_CONTAINER = "container:"
# What the daemon takes where nothing is said: https://docs.docker.com/reference/cli/dockerd/
_SHM_SIZE = 64 * 1024**2
_SANDBOXED = ("", "private", "shareable")
_PLAIN_LOGGING = "json-file"
_SHARES = 1024
_TEXT_LISTS = {
    "CapAdd": "cap_add",
    "CapDrop": "cap_drop",
    "DeviceCgroupRules": "device_cgroup_rules",
    "Dns": "dns",
    "DnsOptions": "dns_opt",
    "DnsSearch": "dns_search",
    "GroupAdd": "group_add",
    "SecurityOpt": "security_opt",
}
_TEXT_MAPPINGS = {"Annotations": "annotations", "StorageOpt": "storage_opt", "Sysctls": "sysctls"}
_TEXTS = {"CgroupParent": "cgroup_parent", "CpusetCpus": "cpuset", "UTSMode": "uts", "UsernsMode": "userns_mode"}
_FLAGS = {"OomKillDisable": "oom_kill_disable", "Privileged": "privileged", "ReadonlyRootfs": "read_only"}
_SIZES = {"Memory": "mem_limit", "MemoryReservation": "mem_reservation", "PidsLimit": "pids_limit"}
_SIZES |= {"CpuPeriod": "cpu_period", "CpuQuota": "cpu_quota", "OomScoreAdj": "oom_score_adj"}
# What stands elsewhere in a file, says nothing, or is about the command that made the container.
_ELSEWHERE = frozenset(
    {"AutoRemove", "Binds", "CgroupnsMode", "ConsoleSize", "ContainerIDFile", "CpuShares", "DeviceRequests", "Devices"}
    | {"ExtraHosts", "Init", "IpcMode", "Isolation", "Links", "LogConfig", "MaskedPaths", "MemorySwap", "Mounts"}
    | {"MemorySwappiness", "NanoCpus", "NetworkMode", "PidMode", "PortBindings", "PublishAllPorts", "ReadonlyPaths"}
    | {"RestartPolicy", "Runtime", "ShmSize", "Tmpfs", "Ulimits", "VolumeDriver", "VolumesFrom"}
    # Podman has the names of what it made them of.
    | {"Cgroup", "CgroupManager", "CgroupMode"}
)
_WRITTEN = frozenset((*_TEXT_LISTS, *_TEXT_MAPPINGS, *_TEXTS, *_FLAGS, *_SIZES, *_ELSEWHERE))


def composed_host(host: Mapping[str, Any], *, daemon: Mapping[str, Any], services: Mapping[str, str]) -> dict[str, Any]:
    """Return the keys that a HostConfig is; see ``composed`` for the rest."""
    keys: dict[str, Any] = {key: list(map(escape, texts(host, name))) for name, key in _TEXT_LISTS.items()}
    if flag(host, "Privileged"):
        # The daemon adds this by itself then.
        keys["security_opt"] = [option for option in keys["security_opt"] if option != "label=disable"]
    for name, key in _TEXT_MAPPINGS.items():
        keys[key] = {item: escape(value) for item, value in text_mapping(host, name).items()}
    keys.update({key: text(host, name) for name, key in _TEXTS.items()})
    keys.update({key: flag(host, name) or None for name, key in _FLAGS.items()})
    # Nothing is below zero but what the kernel is to kill last, and a quota that is none.
    keys.update({key: number(host, name) or None for name, key in _SIZES.items()})
    if number(host, "NanoCpus"):
        # Podman tells the same in both ways, and takes but one.
        keys.update(cpu_period=None, cpu_quota=None)
    keys.update(_amounts(host))
    keys.update(_namespaces(host, daemon, services))
    keys["restart"] = _restart(host)
    keys["init"] = host.get("Init")
    keys["ulimits"] = {
        _ulimit(text(one, "Name")): {"soft": one.get("Soft"), "hard": one.get("Hard")}
        for one in objects(host, "Ulimits")
    }
    keys["extra_hosts"] = ["=".join(entry.split(":", 1)) for entry in texts(host, "ExtraHosts")]
    keys["devices"] = [
        # Podman does not tell what may be done with one.
        ":".join(filter(None, (text(one, "PathOnHost"), text(one, "PathInContainer"), text(one, "CgroupPermissions"))))
        for one in objects(host, "Devices")
    ]
    keys["gpus"] = [_device_request(one) for one in objects(host, "DeviceRequests")]
    keys["logging"] = _logging(host, daemon)
    return keys


def left_out(host: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of a HostConfig that say something that no key of a Compose service says."""
    if flag(host, "AutoRemove"):
        yield "AutoRemove"
    if host.get("MaskedPaths") == [] and not flag(host, "Privileged"):
        yield "MaskedPaths"
    for name in sorted(frozenset(host) - _WRITTEN):
        if host[name] not in (None, "", 0, -1, False, [], {}):
            yield name


def _amounts(host: Mapping[str, Any]) -> dict[str, Any]:
    memory, swap = number(host, "Memory") or 0, number(host, "MemorySwap") or 0
    shares, shm = number(host, "CpuShares") or 0, number(host, "ShmSize") or 0
    cpus = number(host, "NanoCpus") or 0
    # 0 is never to swap, and Podman says -1 or 0 for what is not set.
    swappiness = number(host, "MemorySwappiness")
    return {
        "cpus": str(cpus / _NANO) if cpus else None,
        "cpu_shares": shares if shares not in (0, _SHARES) else None,
        # Twice the memory is what the daemon takes by itself.
        "memswap_limit": swap if swap and swap != memory * 2 else None,
        "mem_swappiness": swappiness if swappiness is not None and swappiness > 0 else None,
        "shm_size": shm if shm not in (0, _SHM_SIZE) else None,
    }


def _namespaces(host: Mapping[str, Any], daemon: Mapping[str, Any], services: Mapping[str, str]) -> dict[str, str]:
    ipc, cgroup = text(host, "IpcMode"), text(host, "CgroupnsMode")
    usual = "host" if text(daemon, "CgroupVersion") == "1" else "private"
    isolation, runtime = text(host, "Isolation"), text(host, "Runtime")
    return {
        "ipc": "" if ipc in _SANDBOXED else shared(ipc, services),
        "pid": "" if text(host, "PidMode") == "private" else shared(text(host, "PidMode"), services),
        "cgroup": "" if cgroup == usual else cgroup,
        "isolation": "" if isolation == "default" else isolation,
        "runtime": "" if runtime in ("oci", text(daemon, "DefaultRuntime")) else runtime,
    }


def shared(mode: str, services: Mapping[str, str]) -> str:
    """Return a mode of a namespace with ``service:NAME`` for the container of a service of the file."""
    container = mode[len(_CONTAINER) :] if mode.startswith(_CONTAINER) else ""
    return f"service:{services[container]}" if container in services else mode


def _ulimit(name: str) -> str:
    """Return the name of a limit, which Podman tells as the kernel does."""
    return name.lower().removeprefix("rlimit_")


def _restart(host: Mapping[str, Any]) -> str:
    policy = text(host, "RestartPolicy", "Name")
    retries = number(host, "RestartPolicy", "MaximumRetryCount")
    if policy == "on-failure" and retries:
        return f"{policy}:{retries}"
    return "" if policy == "no" else policy


def _device_request(one: Mapping[str, Any]) -> dict[str, Any]:
    count, capabilities = number(one, "Count"), one.get("Capabilities")
    # One that wants any of several sets of abilities has the first.
    first = capabilities[0] if isinstance(capabilities, list) and capabilities else []
    found = {
        "driver": text(one, "Driver"),
        "count": "all" if count == -1 else count or None,
        "device_ids": list(texts(one, "DeviceIDs")),
        "capabilities": [word for word in first if word != "gpu"],
        "options": text_mapping(one, "Options"),
    }
    return {key: value for key, value in found.items() if value}


def _logging(host: Mapping[str, Any], daemon: Mapping[str, Any]) -> dict[str, Any]:
    driver, options = text(host, "LogConfig", "Type"), text_mapping(host, "LogConfig", "Config")
    if not options and driver in ("", text(daemon, "LoggingDriver") or _PLAIN_LOGGING):
        return {}
    written = {key: escape(value) for key, value in options.items()}
    return {"driver": driver, **({"options": written} if written else {})}
