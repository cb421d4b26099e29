# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The CPU time of containers on this machine, as the kernel counts it: what a daemon reads as well, without asking it.

A share of CPU takes two samples, and a daemon may take a second over each. The first one is as good from here. See
https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html, https://docs.kernel.org/admin-guide/cgroup-v2.html
(cpu.stat) and https://docs.kernel.org/filesystems/proc.html (/proc/stat).
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .sample import CpuTime

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..interfaces import Clock

GROUPS, STAT = Path("/sys/fs/cgroup"), Path("/proc/stat")
# Where cgroup v1 keeps it; what is in the folder itself is of v2.
_CONTROLLERS = ("cpuacct", "cpu,cpuacct", ".")
# By the drivers cgroupfs and systemd.
_GROUP = re.compile(r"(?:docker-)?([0-9a-f]{64})(?:\.scope)?")
_USAGE = re.compile(r"^usage_usec (\d+)$", re.MULTILINE)
# Of the line's fields, those that a daemon adds up: user to softirq.
_FIELDS = slice(1, 8)
_NANO = 10**9


class CpuAccounts:
    """Reads the CPU time of containers by their id."""

    def __init__(self, clock: Clock, *, groups: Path = GROUPS, stat: Path = STAT) -> None:
        """Take where the kernel shows its accounts."""
        self._clock = clock
        self._groups = groups
        self._stat = stat

    def read(self, identifiers: Collection[str]) -> dict[str, CpuTime]:
        """Return the CPU time of those of the containers that can be seen here."""
        try:
            moment, system = self._clock.time(), self._system()
        except (OSError, ValueError, IndexError):  # no Linux, or a sandbox's idea of one
            return {}
        wanted, found = set(identifiers), dict[str, CpuTime]()
        for identifier, group in self._seen():
            if identifier in wanted and identifier not in found:
                with suppress(OSError, ValueError):  # gone, or of a controller without CPU time
                    found[identifier] = CpuTime(moment, _used(group), system)
        return found

    def _system(self) -> int:
        with self._stat.open(encoding="ascii") as lines:
            fields = lines.readline().split()
        if fields[0] != "cpu":
            raise ValueError(fields)
        return sum(map(int, fields[_FIELDS])) * _NANO // os.sysconf("SC_CLK_TCK")

    def _seen(self) -> Iterator[tuple[str, Path]]:
        """Yield the groups that look like containers, wherever the daemon was told to keep them: one level down."""
        for controller in _CONTROLLERS:
            for parent in _folders(self._groups / controller):
                for group in _folders(parent):
                    match = _GROUP.fullmatch(group.name)
                    if match:
                        yield match.group(1), group


def _folders(place: Path) -> list[Path]:
    with suppress(OSError), os.scandir(place) as entries:
        return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    return []


def _used(group: Path) -> int:
    with suppress(FileNotFoundError):
        return int((group / "cpuacct.usage").read_text(encoding="ascii"))
    match = _USAGE.search((group / "cpu.stat").read_text(encoding="ascii"))
    if not match:
        raise ValueError(group)
    return int(match.group(1)) * 1000
