# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""How a container is set up, as inspecting tells it, in words that every runtime has. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Resources:
    """CPU in cores and memory in bytes. None is not set."""

    cpu_cores: float | None = None
    memory_bytes: int | None = None


@dataclass(frozen=True)
class Process:
    """What one container runs: ``cmd`` then ``args`` is the command line. Secret-looking values are masked.

    ``limits`` is the most it may use, ``requests`` what is set aside for it.
    """

    name: str
    image: str
    env: Mapping[str, str]
    cmd: tuple[str, ...]
    args: tuple[str, ...]
    user: str
    working_dir: str
    limits: Resources = field(default_factory=Resources)
    requests: Resources = field(default_factory=Resources)


@dataclass(frozen=True)
class ContainerConfig:
    """How a container was set up: the fields of its first process, and every process of a pod."""

    env: Mapping[str, str]
    cmd: tuple[str, ...]
    args: tuple[str, ...]
    user: str
    working_dir: str
    containers: tuple[Process, ...]


@dataclass(frozen=True)
class Network:
    """One network a container is attached to."""

    name: str
    ip_address: str | None
    gateway: str | None
    mac_address: str | None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class NetworkSettings:
    """Where a container can be reached. ``mode`` is Docker's network mode, or ``host`` or ``pod`` on Kubernetes."""

    mode: str
    hostname: str
    ip_address: str | None
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True)
class Mount:
    """One mount. ``type`` is the runtime's word (volume, bind, tmpfs, configMap ...), ``source`` what is mounted."""

    type: str
    name: str | None
    source: str
    destination: str
    read_only: bool


@dataclass(frozen=True)
class ContainerDetails:
    """What inspecting adds to a container; ``raw`` is the runtime's own object with secrets masked."""

    restarts: int | None
    ready: bool | None
    config: ContainerConfig
    network_settings: NetworkSettings
    mounts: tuple[Mount, ...]
    raw: dict[str, Any] = field(repr=False)
