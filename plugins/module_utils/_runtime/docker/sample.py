# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One answer of a daemon on what a container uses, and what it amounts to: as ``docker stats`` reckons it. Pure.

The shape is that of https://docs.docker.com/reference/api/engine/ (ContainerStats), the formulas are those of
https://github.com/docker/cli/blob/master/cli/command/container/stats_helpers.go.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..moment import read_moment, seconds_of
from ..shape import mapping, number, objects, text
from ..stats.usage import Basis, BlockIO, CpuUsage, MemoryUsage, NetworkUsage, ProcessUsage, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a daemon says for a moment that never was.
_NEVER = "0001"
_NANO = 10**9


@dataclass(frozen=True)
class CpuTime:
    """CPU time at a moment (seconds since 1970), in nanoseconds: of a container, and of all that its host had."""

    moment: float
    used: int
    system: int | None


class Sample:
    """One answer. ``cpu`` is None for a container that does not run, ``before`` where it holds no earlier sample."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take the answer."""
        self._document = document
        self.cpu = _cpu_time(document, "read", "cpu_stats")
        self.before = _cpu_time(document, "preread", "precpu_stats")
        # Podman's count of the host's CPU time leaves out what it was idle, which makes shares of it meaningless.
        self._by_clock = "cpu" in mapping(document, "cpu_stats")

    def until(self, end: CpuTime) -> Sample:
        """Return it with the CPU time of a later moment."""
        later = copy(self)
        later.cpu = end
        return later

    @property
    def cores(self) -> int | None:
        """How many cores the host has for it."""
        told = number(self._document, "cpu_stats", "online_cpus")
        return told or len(mapping(self._document, "cpu_stats", "cpu_usage").get("percpu_usage") or ()) or None

    def usage(self, name: str, start: CpuTime | None) -> Usage:
        """Return what the container used, CPU since a start; CPU is unknown without one, and after a restart."""
        cpu, memory = self._cpu(start), self._memory()
        moment = self.cpu.moment if self.cpu else None
        return Usage(
            cpu=cpu,
            memory=memory,
            network=self._network(),
            block_io=self._block_io(),
            pids=number(self._document, "pids_stats", "current"),
            containers=(ProcessUsage(name, "", cpu, memory),),
            timestamp=None if moment is None else datetime.fromtimestamp(moment, tz=timezone.utc),
            window_seconds=round(moment - start.moment, 3) if moment and start and cpu.percent_of else None,
        )

    def _cpu(self, start: CpuTime | None) -> CpuUsage:
        used = self._cores_used(start) if start else None
        if used is None:
            return CpuUsage(cores_total=self.cores)
        return CpuUsage(used * 100, Basis.CORE, used, self.cores)

    def _cores_used(self, start: CpuTime) -> float | None:
        end = self.cpu
        if not end or end.used < start.used or end.moment <= start.moment:
            return None
        used = end.used - start.used
        if self._by_clock or end.system is None or start.system is None or not self.cores:
            return used / _NANO / (end.moment - start.moment)
        return used / (end.system - start.system) * self.cores if end.system > start.system else None

    def _memory(self) -> MemoryUsage:
        usage = number(self._document, "memory_stats", "usage")
        limit = number(self._document, "memory_stats", "limit")
        if usage is None:
            return MemoryUsage(limit_bytes=limit)
        used = usage - self._page_cache(usage)
        if not limit:
            return MemoryUsage(used_bytes=used)
        return MemoryUsage(used / limit * 100, Basis.LIMIT, used, limit, max(limit - used, 0))

    def _page_cache(self, usage: int) -> int:
        """Return what can be dropped of the page cache: the first key is that of cgroup v1."""
        told = (
            number(self._document, "memory_stats", "stats", key) for key in ("total_inactive_file", "inactive_file")
        )
        return next((size for size in told if size is not None and size < usage), 0)

    def _network(self) -> NetworkUsage:
        networks = mapping(self._document, "networks").values()
        # A container in the network of its host, or of another one, has no numbers of its own.
        if not networks:
            return NetworkUsage()
        received, sent = ([number(one, key) or 0 for one in networks] for key in ("rx_bytes", "tx_bytes"))
        return NetworkUsage(sum(received), sum(sent))

    def _block_io(self) -> BlockIO:
        if not mapping(self._document, "blkio_stats"):
            return BlockIO()
        moved = {"read": 0, "write": 0}
        for entry in objects(self._document, "blkio_stats", "io_service_bytes_recursive"):
            operation = text(entry, "op").lower()
            if operation in moved:
                moved[operation] += number(entry, "value") or 0
        return BlockIO(moved["read"], moved["write"])


def _cpu_time(document: Mapping[str, Any], moment_key: str, key: str) -> CpuTime | None:
    moment = read_moment(text(document, moment_key))
    used = number(document, key, "cpu_usage", "total_usage")
    if not moment or moment.startswith(_NEVER) or used is None:
        return None
    return CpuTime(seconds_of(moment), used, number(document, key, "system_cpu_usage"))
