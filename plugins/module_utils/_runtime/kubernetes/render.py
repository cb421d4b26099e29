# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A Compose project as manifests. Pure.

Every service is a workload of one container: a Deployment that begins at 0 replicas, or a Job for one that others wait
for to be done. What they call each other by are Services of the same names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..toolbox.parts import Condition
from .kinds import DEPLOYMENT, JOB
from .names import Names, fit, is_label, listed
from .pod_files import Mounting, claim_of, config_map, secret_of
from .pod_template import pod_template
from .told import Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..toolbox.spec import Project, ServiceSpec
    from .pod_files import Mounted

NAME, INSTANCE = "app.kubernetes.io/name", "app.kubernetes.io/instance"
# On the workload that a user means.
MAIN = "nekzus.io/main"
_FINISHED = "no"
_ENDING = ("no", "on-failure")
# Where no health check says that it is well, a container has to run for so long: one that crashes at its start is none
# that could take the place of another.
_SETTLED = 2
# How often a Job tries again where the template does not say it: what the API takes too.
_RETRIES = 6


@dataclass(frozen=True)
class Rendering:
    """Manifests without namespaces and without the labels of a deployment.

    ``order`` are the names of the workloads in the waves in which they are started, each after the one before is up.
    """

    documents: tuple[Mapping[str, Any], ...] = field(repr=False)
    order: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...] = ()
    main: str = ""


def render(project: Project) -> Rendering:
    """Return the manifests of a project.

    Raises InvalidTemplateError for names that cannot be, and UnsupportedError with every key that a cluster has
    nothing for.
    """
    return _Renderer(project).rendering()


class _Renderer:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._names = Names(project.name)
        self._told = Told()
        self._mounting = Mounting(project, self._names, self._told)
        self._workloads = {service.name: self._names.workload(service.name) for service in project.services}
        self._jobs = {
            one.service
            for service in project.services
            for one in service.depends_on
            if one.condition is Condition.COMPLETED
        }
        self._claims: dict[str, int] = {}

    def rendering(self) -> Rendering:
        documents = [document for service in self._project.services for document in self._service(service)]
        self._tell_networks()
        self._names.check()
        self._told.check()
        claims = [claim_of(name, size) for name, size in self._claims.items()]
        main = self._workloads.get(self._project.main, "")
        return Rendering((*claims, *documents), self._waves(), self._told.warnings, main)

    def _service(self, service: ServiceSpec) -> list[dict[str, Any]]:
        name = self._workloads[service.name]
        config, secret = f"{name}-files", f"{name}-secret"
        mounted = self._mounting.of(service, config=config, secret=secret)
        self._claims.update(mounted.claims)
        values = {key: text.encode() for key, text in service.environment.items() if key in service.secret}
        pod = pod_template(service, mounted, secret=secret, told=self._told)
        found = [config_map(config, mounted.config)] if mounted.config else []
        found += [secret_of(secret, {**values, **mounted.secret})] if values or mounted.secret else []
        found += self._hosts(service)
        return [*found, self._workload(service, name, pod, mounted)]

    def _labels(self, service: ServiceSpec) -> dict[str, str]:
        return {NAME: fit(service.name), INSTANCE: fit(self._project.name)}

    def _workload(self, service: ServiceSpec, name: str, pod: dict[str, Any], mounted: Mounted) -> dict[str, Any]:
        labels = self._labels(service)
        annotations = pod.pop("annotations", {})
        template = {"metadata": {"labels": labels, **({"annotations": annotations} if annotations else {})}, **pod}
        metadata: dict[str, Any] = {"name": name, "labels": labels}
        if service.name == self._project.main:
            metadata["annotations"] = {MAIN: "true"}
        key = f"services.{service.name}.restart"
        if service.name in self._jobs:
            return self._job(service, metadata, template)
        if "restart" in service.keys and service.restart.name in _ENDING:
            self._told.warn(key, f"{service.restart.name} is not heeded, a workload runs again when it has ended")
        # Two pods must not have the files of the one before at once, as two containers would not.
        strategy: dict[str, Any] = (
            {"type": "Recreate"}
            if mounted.claims or any("persistentVolumeClaim" in volume for volume in mounted.volumes)
            else {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
        )
        is_asked = any("readinessProbe" in container for container in pod["spec"]["containers"])
        spec = {
            "replicas": service.replicas,
            "selector": {"matchLabels": labels},
            "strategy": strategy,
            **({} if is_asked else {"minReadySeconds": _SETTLED}),
            "template": template,
        }
        return {"apiVersion": DEPLOYMENT.api_version, "kind": DEPLOYMENT.kind, "metadata": metadata, "spec": spec}

    def _job(self, service: ServiceSpec, metadata: Mapping[str, Any], template: dict[str, Any]) -> dict[str, Any]:
        policy = service.restart
        limit = 0 if policy.name == _FINISHED else (_RETRIES if policy.max_retries is None else policy.max_retries)
        template["spec"]["restartPolicy"] = "Never"
        spec = {"backoffLimit": limit, "template": template}
        return {"apiVersion": JOB.api_version, "kind": JOB.kind, "metadata": dict(metadata), "spec": spec}

    def _hosts(self, service: ServiceSpec) -> list[dict[str, Any]]:
        """Return the Services by which others reach this one: by its name, and by others that the template gives."""
        if service.name in self._jobs or service.network_mode in ("host", "none"):
            return []
        key = f"services.{service.name}"
        names = {self._names.host(key, service.name): None}
        aliases = [alias for one in service.networks for alias in one.aliases]
        aliases += [
            alias for other in self._project.services for target, alias in other.links if target == service.name
        ]
        aliases += [service.container_name] if service.container_name else []
        for alias in aliases:
            if not is_label(alias):
                self._told.warn(f"{key}.networks.aliases", f"{alias} is no DNS label")
            elif alias not in names:
                names[self._names.host(f"{key} as {alias}", alias)] = None
        for port in service.ports:
            if port.host_ip:
                self._told.warn(
                    f"{key}.ports", f"{port.host_ip} is not heeded, a Service is reached inside of the cluster"
                )
        return [self._host(service, name) for name in names]

    def _host(self, service: ServiceSpec, name: str) -> dict[str, Any]:
        labels = self._labels(service)
        ports = _service_ports(service)
        spec: dict[str, Any] = {"selector": labels, "type": "ClusterIP"}
        if ports:
            spec["ports"] = ports
        else:
            # Without ports only the pod's own address has all of them; it is found as early as on Docker.
            spec.update(clusterIP="None", publishNotReadyAddresses=True)
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "labels": labels}, "spec": spec}

    def _tell_networks(self) -> None:
        """Tell what networks do not do here: every pod reaches every other."""
        for network in self._project.networks:
            key = f"networks.{network.key}"
            if network.external:
                self._told.warn(key, "pods reach all others by their Services, it is not needed")
            elif network.internal:
                self._told.warn(f"{key}.internal", "pods reach the outside, which a NetworkPolicy would keep them from")
            elif (
                network.pools
                or network.ipam_driver
                or network.driver_opts
                or network.enable_ipv6
                or network.driver not in ("", "bridge")
            ):
                self._told.warn(key, "the cluster's own network is taken")
        names = listed(network.key for network in self._project.networks if not network.external)
        if len(names.split(", ")) > 1:
            self._told.warn("networks", f"{names} are one network here, all services reach each other")
        for service in self._project.services:
            for one in service.networks:
                if one.ipv4_address or one.ipv6_address or one.mac_address or one.link_local_ips or one.driver_opts:
                    self._told.warn(
                        f"services.{service.name}.networks.{one.network}", "the cluster gives addresses itself"
                    )

    def _waves(self) -> tuple[tuple[str, ...], ...]:
        """Return the workloads by how long the longest chain of what they depend on is."""
        depth: dict[str, int] = {}
        for service in self._project.services:
            depth[service.name] = 1 + max((depth.get(one.service, -1) for one in service.depends_on), default=-1)
        found: dict[int, list[str]] = {}
        for name, level in depth.items():
            found.setdefault(level, []).append(self._workloads[name])
        return tuple(tuple(found[level]) for level in sorted(found))


def _service_ports(service: ServiceSpec) -> list[dict[str, Any]]:
    """Return the ports of a Service: those of the container, by which others reach it, and those it is published at."""
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for port in (*service.ports, *service.expose):
        protocol = port.protocol.upper()
        for number in (port.target, port.published):
            if number is not None:
                name = fit(port.name) if port.name and number == port.target else f"{port.protocol}-{number}"
                entry: dict[str, Any] = {
                    "name": name[:15].rstrip("-"),
                    "port": number,
                    "targetPort": port.target,
                    "protocol": protocol,
                }
                if port.app_protocol:
                    entry["appProtocol"] = port.app_protocol
                found.setdefault((number, protocol), entry)
    return list(found.values())
