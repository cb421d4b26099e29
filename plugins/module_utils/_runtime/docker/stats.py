# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Measuring what Docker containers use.

A share of CPU is the difference of two samples. Daemons give theirs at once (28.0 and later, Podman), or when their
collector comes by, once a second; some send the sample before along. What the kernel shows saves the first one, and the
last one too where the collector came by right after that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..bulk import run_bulk
from ..errors import ApiError, ConflictError
from ..memo import Memo
from ..stats.usage import UNMEASURED, Sampling
from .sample import Sample

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ..errors import NekzusError
    from ..interfaces import Clock
    from ..stats.usage import Usage
    from ..types import Container
    from .cgroup import CpuAccounts
    from .sample import CpuTime
    from .seam import DockerClient

# Reading waits, it does not work.
AT_ONCE = 128
# The shortest window that tells something, and the one of daemons' collectors.
SHORTEST, PERIOD = 0.5, 1.0
ATTEMPTS = 3
# How far the host's CPU time may be from what a clock makes it: it is counted in hundredths of a second, core by core.
_TOLERANCE = 0.25
_NANO = 10**9


class DockerStats:
    """The StatsCollector of Docker."""

    def __init__(self, client: DockerClient, *, clock: Clock, accounts: CpuAccounts | None = None) -> None:
        """Take the client to ask, the clock to wait by, and the kernel's accounts if the daemon is on this machine."""
        self._client = client
        self._clock = clock
        self._accounts = accounts

    def collect(self, containers: Sequence[Container]) -> Sampling:
        """Return what each uses, in one to three requests a container, all of them side by side."""
        kernel = _Kernel(self._accounts, {one.id for one in containers}, clock=self._clock)
        outcomes = run_bulk(containers, lambda one: self._measure(one, kernel), max_concurrent=AT_ONCE)
        return Sampling(tuple(outcome.value or outcome.error or _lost() for outcome in outcomes))

    def _measure(self, container: Container, kernel: _Kernel) -> Usage:
        seen = kernel.before(container.id)
        earlier: list[CpuTime] = []
        for attempt in range(1, ATTEMPTS + 1):
            try:
                sample = Sample(self._client.stats(container.id))
            except ConflictError:  # it stopped just now, for some versions of Podman
                return UNMEASURED
            if not sample.cpu:
                return UNMEASURED
            start = _start(sample, seen, earlier)
            if start or attempt == ATTEMPTS:
                return sample.usage(container.name, start)
            if seen and not earlier and _window(sample, seen) < SHORTEST:
                end = kernel.after(container.id)
                if end and _is_within(sample, seen, end):
                    return sample.until(end).usage(container.name, seen)
            earlier.append(sample.cpu)
            # A daemon that answered both times at once will not wait by itself.
            if attempt == ATTEMPTS - 1:
                self._clock.sleep(max(PERIOD - (sample.cpu.moment - earlier[0].moment), 0))
        raise AssertionError  # the last attempt has returned


class _Kernel:
    """What the kernel shows of some containers now, and a period later if anybody wants to know."""

    def __init__(self, accounts: CpuAccounts | None, identifiers: Collection[str], *, clock: Clock) -> None:
        self._accounts = accounts
        self._identifiers = identifiers
        self._clock = clock
        self._begun = clock.monotonic()
        self._before = accounts.read(identifiers) if accounts else {}
        self._after: Memo[dict[str, CpuTime]] = Memo()

    def before(self, identifier: str) -> CpuTime | None:
        """Return the CPU time that a container had."""
        return self._before.get(identifier)

    def after(self, identifier: str) -> CpuTime | None:
        """Return that which it has at the end of the period, waiting for that."""
        return self._after.get("all of them", self._read_again).get(identifier)

    def _read_again(self) -> dict[str, CpuTime]:
        self._clock.sleep(max(self._begun + PERIOD - self._clock.monotonic(), 0))
        return self._accounts.read(self._identifiers) if self._accounts else {}


def _start(sample: Sample, seen: CpuTime | None, earlier: Sequence[CpuTime]) -> CpuTime | None:
    """Return from where to measure CPU, if there is anything yet: the daemon's own word goes first."""
    own = [*([sample.before] if sample.before else []), *earlier]
    found = next((start for start in own if _window(sample, start) >= SHORTEST), None)
    return found or (seen if seen and _is_plausible(sample, seen) else None)


def _window(sample: Sample, start: CpuTime) -> float:
    return sample.cpu.moment - start.moment if sample.cpu else 0.0


def _is_plausible(sample: Sample, seen: CpuTime) -> bool:
    """Tell whether the kernel and the daemon speak of the same machine and count alike."""
    window, end = _window(sample, seen), sample.cpu
    if not end or window < SHORTEST or end.used < seen.used or end.system is None or seen.system is None:
        return False
    by_clock = window * (sample.cores or 0) * _NANO
    return abs(end.system - seen.system - by_clock) <= by_clock * _TOLERANCE


def _is_within(sample: Sample, start: CpuTime, end: CpuTime) -> bool:
    """Tell whether what the daemon says lies between two looks of the kernel, which are plausible themselves."""
    told = sample.cpu
    if not told or told.system is None or start.system is None or end.system is None:
        return False
    lies_between = (
        start.moment <= told.moment <= end.moment
        and start.used <= told.used <= end.used
        and start.system <= told.system <= end.system
    )
    return lies_between and _is_plausible(sample.until(end), start)


def _lost() -> NekzusError:
    return ApiError("it was not measured", hint="please report this")
