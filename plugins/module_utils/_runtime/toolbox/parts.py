# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What services are made of. No behaviour, no I/O.

Names and meanings are those of the Compose specification: https://github.com/compose-spec/compose-spec/blob/main/spec.md
Sizes are bytes, durations seconds, CPUs cores. None is what the template does not say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..types import Word

if TYPE_CHECKING:
    from collections.abc import Mapping


class Condition(Word):
    """What a service waits for in another before it is started."""

    STARTED = "service_started"
    HEALTHY = "service_healthy"
    COMPLETED = "service_completed_successfully"


class MountType(Word):
    """Where what is mounted comes from."""

    VOLUME = "volume"
    BIND = "bind"
    TMPFS = "tmpfs"


class PullPolicy(Word):
    """When an image is pulled."""

    ALWAYS = "always"
    MISSING = "missing"
    NEVER = "never"


@dataclass(frozen=True)
class Dependency:
    """Another service that has to be there first. One that is not ``required`` may be missing."""

    service: str
    condition: Condition = Condition.STARTED
    required: bool = True
    restart: bool = False


@dataclass(frozen=True)
class PortSpec:
    """One port of a container; ``published`` is None for any free one. Ranges are written out.

    ``name`` and ``app_protocol`` are empty when they are not said.
    """

    target: int
    published: int | None = None
    protocol: str = "tcp"
    host_ip: str = ""
    name: str = ""
    app_protocol: str = ""


@dataclass(frozen=True)
class MountSpec:
    """Something mounted at ``target``.

    ``source`` is the key of a volume of the project (empty: an anonymous one), or the path of a bind: absolute, or
    relative to the project's folder as ``./data``. ``size`` and ``mode`` are those of a tmpfs.
    """

    type: MountType
    target: str
    source: str = ""
    read_only: bool = False
    nocopy: bool = False
    subpath: str = ""
    propagation: str = ""
    create_host_path: bool = True
    selinux: str = ""  # z or Z
    size: int | None = None
    mode: int | None = None
    key: str = ""  # where the template says it, for messages: services.web.volumes[0]


@dataclass(frozen=True)
class FileMount:
    """A config or secret of the project, as a file at the absolute path ``target``. ``uid`` and ``gid`` are numbers."""

    source: str
    target: str
    secret: bool = False
    uid: int | None = None
    gid: int | None = None
    mode: int | None = None


@dataclass(frozen=True)
class NetworkAttachment:
    """A network of the project that a service is on."""

    network: str
    aliases: tuple[str, ...] = ()
    ipv4_address: str = ""
    ipv6_address: str = ""
    mac_address: str = ""
    link_local_ips: tuple[str, ...] = ()
    driver_opts: Mapping[str, str] = field(default_factory=dict)
    priority: int = 0


@dataclass(frozen=True)
class HealthCheck:
    """How to tell whether a container is well.

    ``test`` is ``("CMD", ...)`` or ``("CMD-SHELL", line)``; ``("NONE",)`` turns off that of the image. An empty one
    keeps the test of the image with other numbers.
    """

    test: tuple[str, ...] = ()
    interval: float | None = None
    timeout: float | None = None
    retries: int | None = None
    start_period: float | None = None
    start_interval: float | None = None


@dataclass(frozen=True)
class RestartPolicy:
    """What happens when a container ends: ``no always on-failure unless-stopped``."""

    name: str = "no"
    max_retries: int | None = None


@dataclass(frozen=True)
class Resources:
    """What a service may use at most, and what is kept for it. ``memory_swap`` is memory and swap together, -1 any."""

    cpus: float | None = None
    memory: int | None = None
    pids: int | None = None
    reserved_cpus: float | None = None
    reserved_memory: int | None = None
    memory_swap: int | None = None
    memory_swappiness: int | None = None
    shm_size: int | None = None
    cpu_shares: int | None = None
    cpu_period: int | None = None
    cpu_quota: int | None = None
    cpuset: str = ""


@dataclass(frozen=True)
class Ulimit:
    """A limit of the kernel, -1 for none."""

    name: str
    soft: int
    hard: int


@dataclass(frozen=True)
class Logging:
    """Where what a container writes goes."""

    driver: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Device:
    """A device of the host."""

    source: str
    target: str
    permissions: str = "rwm"


@dataclass(frozen=True)
class DeviceRequest:
    """Devices such as GPUs that a driver hands out; ``count`` -1 is all, ``ids`` name those wanted."""

    driver: str = ""
    count: int | None = None
    ids: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
