# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A whole Compose file as a project. Pure.

https://github.com/compose-spec/compose-spec/blob/main/spec.md
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .compose_environment import holds_secret, read_environment, secret_names
from .compose_extends import extended
from .compose_files import place_files, read_file_mounts, read_files
from .compose_mounts import mount_sources
from .compose_network import DEFAULT, read_networks, read_volumes
from .compose_order import in_order
from .compose_service import read_service
from .node import Node
from .parts import Condition
from .spec import NetworkSpec, Project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .document import Problems
    from .spec import FileSpec, ServiceSpec

_KEYS = ("configs", "include", "models", "name", "networks", "secrets", "services", "version", "volumes")
_SERVICE_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]*")
# Which service a user means.
MAIN_LABEL = "nekzus.toolbox.main"
LABELS = "nekzus.toolbox."


@dataclass(frozen=True)
class Settings:
    """What a task says besides the template.

    ``values`` are the variables, ``given`` those of them that the task itself gives; ``files`` what is beside the
    template, by path; ``secrets`` what nothing may print. ``image``, ``port`` (the one that is published) and
    ``replicas`` are about the main service.
    """

    name: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    folder: str = ""
    profiles: Sequence[str] = ()
    image: str = ""
    port: int | None = None
    replicas: int | None = None


def parse_project(data: Any, settings: Settings, problems: Problems) -> Project:
    """Return the project that interpolated data describes. What is wrong with it is noted, and raised in the end.

    Raises InvalidTemplateError with everything that is wrong.
    """
    root = Node(data, (), problems)
    _check_root(root)
    problems.check()
    project = _Reader(root, settings).project()
    problems.check()
    return project


def _check_root(root: Node) -> None:
    if not root.is_mapping:
        root.bad("a Compose file is a mapping with services")
        return
    root.check_keys(_KEYS)
    for key, hint in (("include", "put all services into one file"), ("models", "leave it out")):
        if root.get(key):
            root.get(key).bad("this key is not supported", f"{key}: {hint}")
    services = root.get("services")
    if not services.value:
        services.bad("there is no service")
    for name, item in services.entries():
        if not _SERVICE_NAME.fullmatch(name):
            item.bad("the name of a service has letters, digits, dots, dashes and underscores")
        if not item.is_mapping:
            item.bad("a service has to be a mapping")


def _unchecked(services: Sequence[ServiceSpec]) -> list[str]:
    """Return what is said of services that others want healthy, and that have no check that would tell."""
    checks = {service.name: service.healthcheck for service in services}
    checked = {name for name, check in checks.items() if check and check.test != ("NONE",)}
    return [
        f"services.{service.name}.depends_on.{one.service}: it has no healthcheck here; unless its image brings one, it"
        " is waited for until it runs"
        for service in services
        for one in service.depends_on
        if one.condition is Condition.HEALTHY and one.service not in checked
    ]


class _Reader:
    """Puts a project together."""

    def __init__(self, root: Node, settings: Settings) -> None:
        self._root = root
        self._settings = settings
        self._warnings: list[str] = []
        given = (settings.values, settings.files)
        self._configs = read_files(root.get("configs"), *given, secret=False)
        self._secrets = read_files(root.get("secrets"), *given, secret=True)
        self._placed: dict[str, FileSpec] = {}
        self._main = ""

    def project(self) -> Project:
        """Return the whole of it; only what services use of networks, volumes and files."""
        nodes = self._active(extended(self._root.get("services")))
        services = {name: self._service(node) for name, node in nodes.items()}
        self._share_volumes(services, nodes)
        self._main = _main(services, self._settings.name)
        services[self._main] = self._as_told(services[self._main])
        ordered = in_order(services, self._root.get("services"))
        self._warnings += _unchecked(ordered)
        used = {(mount.secret, mount.source) for service in ordered for mount in service.files}
        files = (*self._configs.values(), *self._secrets.values(), *self._placed.values())
        return Project(
            self._settings.name,
            ordered,
            self._networks(ordered),
            self._volumes(ordered),
            tuple(self._looked_into(spec) for spec in files if (spec.secret, spec.key) in used),
            self._settings.folder,
            self._main,
            tuple(dict.fromkeys(self._warnings)),
        )

    def _looked_into(self, file: FileSpec) -> FileSpec:
        """Return a file that says whether it holds a secret."""
        told = (file.content or b"").decode("utf-8", "replace")
        return replace(file, holds_secret=holds_secret(told, self._settings.secrets))

    def _active(self, nodes: Mapping[str, Node]) -> dict[str, Node]:
        """Return the services that have no profile, or one that is asked for."""
        wanted = set(self._settings.profiles)

        def is_active(node: Node) -> bool:
            own = node.get("profiles").texts()
            return not own or "*" in wanted or bool(wanted.intersection(own))

        active = {name: node for name, node in nodes.items() if is_active(node)}
        if not active:
            hint = "name some in profiles"
            self._root.get("services").bad("every service has a profile that is not asked for", hint)
            self._root.problems.check()
        return active

    def _service(self, node: Node) -> ServiceSpec:
        environment = self._environment(node)
        secret = secret_names(environment, self._settings.secrets)
        service = read_service(node, environment, secret, self._warnings)
        mounts = read_file_mounts(node.get("configs"), self._configs, secret=False)
        mounts += read_file_mounts(node.get("secrets"), self._secrets, secret=True)
        service, placed = place_files(replace(service, files=mounts), self._settings.files, self._warnings)
        self._placed.update(placed)
        return service

    def _environment(self, node: Node) -> dict[str, str]:
        told = self._settings
        return read_environment(node, told.values, told.files, told.given, self._warnings)

    def _share_volumes(self, services: dict[str, ServiceSpec], nodes: Mapping[str, Node]) -> None:
        """Give services what ``volumes_from`` says of others."""
        for name, node in nodes.items():
            for item in node.get("volumes_from").items():
                source, _colon, mode = item.text().partition(":")
                if source not in services:
                    item.bad(f"there is no service {source}")
                    continue
                shared = services[source].mounts
                own = {mount.target for mount in services[name].mounts}
                more = tuple(
                    replace(one, read_only=one.read_only or mode == "ro") for one in shared if one.target not in own
                )
                services[name] = replace(services[name], mounts=(*services[name].mounts, *more))

    def _as_told(self, service: ServiceSpec) -> ServiceSpec:
        """Return the main service with what the task says of it."""
        told = self._settings
        changes: dict[str, Any] = {"image": told.image} if told.image else {}
        if told.replicas is not None:
            changes["replicas"] = told.replicas
        if told.port is not None:
            if not service.ports:
                node = self._root.get("services").get(service.name).get("ports")
                node.bad("port is set, and the main service publishes none", f"set the label {MAIN_LABEL} on another")
            else:
                changes["ports"] = (replace(service.ports[0], published=told.port), *service.ports[1:])
        return replace(service, **changes)

    def _networks(self, services: Sequence[ServiceSpec]) -> tuple[NetworkSpec, ...]:
        declared = {DEFAULT: NetworkSpec(DEFAULT), **read_networks(self._root.get("networks"))}
        used: dict[str, None] = {}
        for service in services:
            for attachment in service.networks:
                used[attachment.network] = None
                if attachment.network not in declared:
                    node = self._root.get("services").get(service.name).get("networks")
                    node.bad(f"the network {attachment.network} is not declared", "declare it under networks")
        return tuple(spec for key, spec in declared.items() if key in used)

    def _volumes(self, services: Sequence[ServiceSpec]) -> tuple[Any, ...]:
        declared = read_volumes(self._root.get("volumes"))
        used: dict[str, None] = {}
        for service in services:
            for source in mount_sources(service.mounts):
                used[source] = None
                if source not in declared:
                    node = self._root.get("services").get(service.name).get("volumes")
                    node.bad(
                        f"the volume {source} is not declared", "declare it under volumes, or write ./ before a path"
                    )
        return tuple(spec for key, spec in declared.items() if key in used)


def _main(services: Mapping[str, ServiceSpec], project: str) -> str:
    """Return the service that is marked, else the one called like the project, else the first that has a port."""
    marked = [name for name, one in services.items() if one.labels.get(MAIN_LABEL, "").lower() == "true"]
    with_ports = [name for name, one in services.items() if one.ports]
    return next(iter((*marked, *([project] if project in services else ()), *with_ports, *services)), "")
