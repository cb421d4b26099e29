# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a container uses, in words that every runtime has. None is unknown, 0 a measured zero. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..types import Word

if TYPE_CHECKING:
    from datetime import datetime

    from ..errors import NekzusError


class Basis(Word):
    """What a percentage is of: one core, the limit, what is set aside, or all that the node has to give."""

    CORE = "core"
    LIMIT = "limit"
    REQUEST = "request"
    ALLOCATABLE = "allocatable"


@dataclass(frozen=True)
class CpuUsage:
    """CPU in cores. ``cores_total`` is what it could use: its limit, else what its host or node has."""

    usage_percent: float | None = None
    percent_of: Basis | None = None
    cores_used: float | None = None
    cores_total: float | None = None


@dataclass(frozen=True)
class MemoryUsage:
    """Memory in bytes, without the page cache. ``limit_bytes`` is its limit, else what its host or node has."""

    usage_percent: float | None = None
    percent_of: Basis | None = None
    used_bytes: int | None = None
    limit_bytes: int | None = None
    available_bytes: int | None = None


@dataclass(frozen=True)
class NetworkUsage:
    """Bytes over all networks since the start."""

    rx_bytes: int | None = None
    tx_bytes: int | None = None


@dataclass(frozen=True)
class BlockIO:
    """Bytes from and to block devices since the start."""

    read_bytes: int | None = None
    write_bytes: int | None = None


@dataclass(frozen=True)
class ProcessUsage:
    """The share of one container; ``pod`` is empty on Docker."""

    name: str
    pod: str
    cpu: CpuUsage
    memory: MemoryUsage


@dataclass(frozen=True)
class Usage:
    """What a container, a pod or all pods of a workload use. One without a ``timestamp`` was not measured.

    ``window_seconds`` is how long CPU was measured until ``timestamp`` (aware UTC).
    """

    cpu: CpuUsage = field(default_factory=CpuUsage)
    memory: MemoryUsage = field(default_factory=MemoryUsage)
    network: NetworkUsage = field(default_factory=NetworkUsage)
    block_io: BlockIO = field(default_factory=BlockIO)
    pids: int | None = None
    containers: tuple[ProcessUsage, ...] = ()
    timestamp: datetime | None = None
    window_seconds: float | None = None


UNMEASURED = Usage()


@dataclass(frozen=True)
class Sampling:
    """What each of some containers uses, or why that cannot be said of it, in their order.

    ``unavailable`` is why something that runs has no numbers; ``cached`` tells whether numbers came from an earlier
    task; ``warnings`` are for the user.
    """

    results: tuple[Usage | NekzusError, ...]
    unavailable: NekzusError | None = None
    cached: bool = False
    warnings: tuple[str, ...] = ()
