# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A service of a Compose project as the pod of a workload. Pure.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from ..toolbox.parts import PullPolicy
from .names import fit, is_label
from .pod_security import container_security, pod_security
from .probes import probes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..toolbox.spec import ServiceSpec
    from .pod_files import Mounted
    from .told import Told

_PULLS = {PullPolicy.ALWAYS: "Always", PullPolicy.MISSING: "IfNotPresent", PullPolicy.NEVER: "Never"}
# What the kubelet takes for a variable of its own: https://kubernetes.io/docs/tasks/inject-data-application/
_EXPANDED = re.compile(r"\$(?=[$(])")
_ANNOTATION = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
# Fields of a service that a pod has nothing for, and what there is instead.
_IGNORED: Mapping[str, str] = {
    "cgroup": "the node's own rule holds",
    "cgroup_parent": "the node's own rule holds",
    "device_cgroup_rules": "not heeded",
    "domainname": "the cluster's own domain holds",
    "isolation": "not heeded",
    "logging": "a cluster keeps logs itself",
    "mac_address": "not heeded",
    "oom_kill_disable": "not heeded",
    "oom_score_adj": "the cluster sets it itself",
    "storage_opt": "not heeded",
    "ulimits": "the node's own limits hold",
    "userns_mode": "the node's own rule holds",
    "uts": "not heeded",
}
_IGNORED_LIMITS: Mapping[str, str] = {
    "pids": "pids_limit",
    "memory_swap": "memswap_limit",
    "memory_swappiness": "mem_swappiness",
    "cpu_shares": "cpu_shares",
    "cpuset": "cpuset",
}
_SHARED = ("service:", "container:")


def pod_template(service: ServiceSpec, mounted: Mounted, *, secret: str, told: Told) -> dict[str, Any]:
    """Return the pod of a service: its metadata without labels, and its spec. Secret values are in that Secret."""
    key = f"services.{service.name}"
    _tell(service, key, told)
    container = {
        "name": fit(service.name),
        "image": service.image,
        "imagePullPolicy": _PULLS[service.pull_policy],
        **_command(service, key, told),
        **_optional("workingDir", service.working_dir),
        **_optional("env", _environment(service, secret)),
        **_optional("ports", _ports(service)),
        **_optional("resources", _resources(service, key, told)),
        **_optional("volumeMounts", mounted.mounts),
        **probes(service.healthcheck, key=f"{key}.healthcheck", told=told),
        **_optional("securityContext", container_security(service, key=key, told=told)),
        **_optional("stdin", service.stdin_open),
        **_optional("tty", service.tty),
    }
    spec = {
        "containers": [container],
        **_optional("volumes", mounted.volumes),
        **_optional("securityContext", pod_security(service, has_claims=bool(mounted.claims), key=key, told=told)),
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        **_host(service),
        **_names(service, key, told),
        **_optional("nodeSelector", _node(service.platform)),
    }
    if service.stop_grace_period is not None:
        spec["terminationGracePeriodSeconds"] = math.ceil(service.stop_grace_period)
    if service.runtime and service.runtime != "runc":
        spec["runtimeClassName"] = service.runtime
    return {**_optional("annotations", _annotations(service, key, told)), "spec": spec}


def _command(service: ServiceSpec, key: str, told: Told) -> dict[str, Any]:
    """Return what is run. Here an empty list means what the image says, where on Docker it means nothing."""
    entrypoint, command = service.entrypoint, service.command
    if entrypoint == ():
        if not command:
            told.refuse(f"{key}.entrypoint", "an empty one takes a command")
        return _optional("command", _literal(command or ()))
    if entrypoint is None and command == ():
        told.refuse(f"{key}.command", "an empty one takes an entrypoint")
    return {**_optional("command", _literal(entrypoint or ())), **_optional("args", _literal(command or ()))}


def _optional(key: str, value: Any) -> dict[str, Any]:
    """Return a field, or nothing where there is nothing to say."""
    return {} if value is None or value in ("", [], {}, False) else {key: value}


def _tell(service: ServiceSpec, key: str, told: Told) -> None:
    for name, instead in _IGNORED.items():
        if getattr(service, name):
            told.warn(f"{key}.{name}", instead)
    for name, word in _IGNORED_LIMITS.items():
        if getattr(service.resources, name) is not None and getattr(service.resources, name) != "":
            told.warn(f"{key}.{word}", "the node's own limits hold")
    if service.stop_signal not in ("", "SIGTERM", "TERM", "15"):
        told.warn(f"{key}.stop_signal", "the signal that the image says is sent, else SIGTERM")
    for _service, alias in service.external_links:
        told.warn(f"{key}.external_links", f"{alias} is reached by the name of its Service")
    _tell_refused(service, key, told)


def _tell_refused(service: ServiceSpec, key: str, told: Told) -> None:
    if service.devices:
        told.refuse(f"{key}.devices", "a device of a node takes a device plugin")
    if service.network_mode == "none":
        told.refuse(f"{key}.network_mode", "no pod is without a network")
    for name in ("network_mode", "pid", "ipc"):
        if getattr(service, name).startswith(_SHARED):
            told.refuse(f"{key}.{name}", "pods share nothing with each other")


def _environment(service: ServiceSpec, secret: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for name, value in service.environment.items():
        if name in service.secret:
            found.append({"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": name}}})
        else:
            found.append({"name": name, "value": _literal([value])[0]})
    return found


def _literal(words: Iterable[str]) -> list[str]:
    """Return words in which the kubelet finds no variables: ``$(A)`` and ``$$`` are what they are on Docker."""
    return [_EXPANDED.sub("$$", word) for word in words]


def _ports(service: ServiceSpec) -> list[dict[str, Any]]:
    found = {(port.target, port.protocol.upper()): None for port in (*service.ports, *service.expose)}
    return [{"containerPort": number, "protocol": protocol} for number, protocol in found]


def _resources(service: ServiceSpec, key: str, told: Told) -> dict[str, Any]:
    """Return limits and requests. What is not reserved on Docker is not here, where a limit alone would reserve it."""
    wanted = service.resources
    cpus = wanted.cpus
    if cpus is None and wanted.cpu_quota and wanted.cpu_quota > 0:
        cpus = wanted.cpu_quota / (wanted.cpu_period or 100_000)
    pairs = {
        "cpu": (_cores(cpus), _cores(wanted.reserved_cpus)),
        "memory": (_bytes(wanted.memory), _bytes(wanted.reserved_memory)),
    }
    limits = {name: limit for name, (limit, _request) in pairs.items() if limit}
    requests = {name: request or "0" for name, (limit, request) in pairs.items() if limit or request}
    for request in service.device_requests:
        count = request.count or len(request.ids)
        if request.driver not in ("", "nvidia") or "gpu" not in request.capabilities:
            told.refuse(f"{key}.deploy.resources.reservations.devices", "only GPUs of nvidia have a name here")
        elif request.count == -1:
            told.warn(f"{key}.deploy.resources.reservations.devices", "all is one GPU here")
        limits["nvidia.com/gpu"] = str(max(1, count))
    return {**_optional("limits", limits), **_optional("requests", requests)}


def _cores(value: float | None) -> str:
    return "" if not value or value < 0 else f"{max(1, round(value * 1000))}m"


def _bytes(value: int | None) -> str:
    return "" if not value or value < 0 else str(value)


def _host(service: ServiceSpec) -> dict[str, Any]:
    """Return what a pod shares with its node; an init of its own is the one that pods share among their containers."""
    found: dict[str, Any] = {}
    if service.network_mode == "host":
        found.update(hostNetwork=True, dnsPolicy="ClusterFirstWithHostNet")
    return {
        **found,
        **_optional("hostPID", service.pid == "host"),
        **_optional("hostIPC", service.ipc == "host"),
        **_optional("shareProcessNamespace", bool(service.init)),
    }


def _names(service: ServiceSpec, key: str, told: Told) -> dict[str, Any]:
    """Return its own name, and how others are found. Servers come after those of the cluster, which knows services."""
    found: dict[str, Any] = {}
    if is_label(service.hostname):
        found["hostname"] = service.hostname
    elif service.hostname:
        told.warn(f"{key}.hostname", f"{service.hostname} is no DNS label")
    addresses: dict[str, list[str]] = {}
    for name, address in service.extra_hosts:
        if address == "host-gateway":
            told.warn(f"{key}.extra_hosts", f"{name}: a node has no address that is known before")
        else:
            addresses.setdefault(address, []).append(name)
    if addresses:
        found["hostAliases"] = [{"ip": ip, "hostnames": names} for ip, names in addresses.items()]
    options = [option.partition(":") for option in service.dns_opt]
    config = {
        **_optional("nameservers", list(service.dns)),
        **_optional("searches", list(service.dns_search)),
        **_optional("options", [{"name": name, **_optional("value", value)} for name, _colon, value in options]),
    }
    return {**found, **_optional("dnsConfig", config)}


def _node(platform: str) -> dict[str, str]:
    system, _slash, rest = platform.partition("/")
    machine = rest.partition("/")[0]
    return {**_optional("kubernetes.io/os", system), **_optional("kubernetes.io/arch", machine)}


def _annotations(service: ServiceSpec, key: str, told: Told) -> dict[str, str]:
    """Return the labels of a service, whose values are longer than those of a pod may be."""
    found = {}
    for name, value in {**service.labels, **service.annotations}.items():
        if _ANNOTATION.fullmatch(name):
            found[name] = value
        else:
            told.warn(f"{key}.labels.{name}", "no name of an annotation")
    return found
