# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a Compose template asks for, interpolated and in one form, as either runtime renders it. No behaviour, no I/O.

Names and meanings are those of the Compose specification: https://github.com/compose-spec/compose-spec/blob/main/spec.md
Sizes are bytes, durations seconds, CPUs cores. None is what the template does not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .parts import PullPolicy, Resources, RestartPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .parts import (
        Dependency,
        Device,
        DeviceRequest,
        FileMount,
        HealthCheck,
        Logging,
        MountSpec,
        NetworkAttachment,
        PortSpec,
        Ulimit,
    )


@dataclass(frozen=True)
class ServiceSpec:
    """One service. What is None or empty is not said by the template, and the image's own holds.

    ``keys`` are the keys that the template gives it, so that a runtime that cannot express one can name it; ``secret``
    are the names in ``environment`` whose values are secrets.
    """

    name: str
    image: str
    keys: tuple[str, ...] = ()
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    secret: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[PortSpec, ...] = ()
    expose: tuple[PortSpec, ...] = ()
    mounts: tuple[MountSpec, ...] = ()
    files: tuple[FileMount, ...] = ()
    networks: tuple[NetworkAttachment, ...] = ()
    network_mode: str = ""
    depends_on: tuple[Dependency, ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # service, alias
    external_links: tuple[tuple[str, str], ...] = ()
    healthcheck: HealthCheck | None = None
    restart: RestartPolicy = field(default_factory=RestartPolicy)
    replicas: int = 1
    resources: Resources = field(default_factory=Resources)
    ulimits: tuple[Ulimit, ...] = ()
    user: str = ""
    group_add: tuple[str, ...] = ()
    working_dir: str = ""
    hostname: str = ""
    domainname: str = ""
    container_name: str = ""
    extra_hosts: tuple[tuple[str, str], ...] = ()  # name, address
    dns: tuple[str, ...] = ()
    dns_search: tuple[str, ...] = ()
    dns_opt: tuple[str, ...] = ()
    mac_address: str = ""
    cap_add: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    privileged: bool = False
    read_only: bool = False
    security_opt: tuple[str, ...] = ()
    sysctls: Mapping[str, str] = field(default_factory=dict)
    devices: tuple[Device, ...] = ()
    device_requests: tuple[DeviceRequest, ...] = ()
    device_cgroup_rules: tuple[str, ...] = ()
    storage_opt: Mapping[str, str] = field(default_factory=dict)
    init: bool | None = None
    tty: bool = False
    stdin_open: bool = False
    ipc: str = ""
    pid: str = ""
    uts: str = ""
    cgroup: str = ""
    cgroup_parent: str = ""
    userns_mode: str = ""
    isolation: str = ""
    runtime: str = ""
    oom_kill_disable: bool = False
    oom_score_adj: int | None = None
    logging: Logging | None = None
    stop_signal: str = ""
    stop_grace_period: float | None = None
    pull_policy: PullPolicy = PullPolicy.MISSING
    platform: str = ""


@dataclass(frozen=True)
class NetworkSpec:
    """A network of the project. One that is ``external`` has to be there, under the name ``name``.

    ``name`` is empty when the template does not say it, and the runtime's rule holds. ``pools`` are mappings with some
    of ``subnet gateway ip_range``.
    """

    key: str
    name: str = ""
    external: bool = False
    driver: str = ""
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    internal: bool = False
    attachable: bool = False
    enable_ipv6: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    pools: tuple[Mapping[str, str], ...] = ()
    ipam_driver: str = ""


@dataclass(frozen=True)
class VolumeSpec:
    """A named volume of the project. ``size`` is what a claim asks for: the label ``nekzus.toolbox.size``, bytes."""

    key: str
    name: str = ""
    external: bool = False
    driver: str = ""
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    size: int | None = None


@dataclass(frozen=True)
class FileSpec:
    """A config or ``secret`` of the project. One that is external has no ``content`` and is there under ``name``.

    ``holds_secret`` says of a config that what nothing may print is in it.
    """

    key: str
    content: bytes | None = field(default=None, repr=False)
    name: str = ""
    secret: bool = False
    external: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)
    holds_secret: bool = False

    @property
    def is_hidden(self) -> bool:
        """Tell whether it is to be kept as secrets are."""
        return self.secret or self.holds_secret


@dataclass(frozen=True)
class Project:
    """A whole template. ``services`` are in an order in which each comes after those that it depends on.

    ``folder`` is where relative paths of binds begin on the host of a daemon. ``main`` is the service that a user
    means: the one that the options ``port``, ``image`` and ``replicas`` are about.
    """

    name: str
    services: tuple[ServiceSpec, ...]
    networks: tuple[NetworkSpec, ...] = ()
    volumes: tuple[VolumeSpec, ...] = ()
    files: tuple[FileSpec, ...] = ()
    folder: str = ""
    main: str = ""
    warnings: tuple[str, ...] = ()
