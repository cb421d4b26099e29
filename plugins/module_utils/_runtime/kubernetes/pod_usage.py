# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What pods use of what they may use: of their limits, else of their requests, else of what their nodes have. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..usage import Basis, CpuUsage, MemoryUsage, ProcessUsage, Usage
from .amounts import UNKNOWN, Amounts, read_amounts, total
from .pod import Pod

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..types import Container
    from .metrics import Sample


class Bounds(NamedTuple):
    """What is granted at most, what is set aside, and what the nodes have in all."""

    limit: Amounts
    request: Amounts
    node: Amounts = UNKNOWN

    def of_cpu(self, used: float | None) -> CpuUsage:
        """Return what so many cores are of it."""
        percent, basis = _share(used, self.limit.cpu, self.request.cpu, self.node.cpu)
        return CpuUsage(percent, basis, used, self.limit.otherwise(self.node).cpu)

    def of_memory(self, used: int | None) -> MemoryUsage:
        """Return what so many bytes are of it."""
        percent, basis = _share(used, self.limit.memory, self.request.memory, self.node.memory)
        most = self.limit.otherwise(self.node).memory
        available = None if used is None or most is None else max(most - used, 0)
        return MemoryUsage(percent, basis, used, most, available)


def _share(used: float | None, *wholes: float | None) -> tuple[float | None, Basis | None]:
    """Return the percentage of the first whole that is known, and which that is."""
    for whole, basis in zip(wholes, (Basis.LIMIT, Basis.REQUEST, Basis.ALLOCATABLE)):
        if used is not None and whole:
            return 100 * used / whole, basis
    return None, None


def bounds_of(container: Container) -> Bounds:
    """Return the limits and requests of a pod: its own, else those of its containers if each of them has one.

    https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
    """
    pod = container.handle
    if not isinstance(pod, Pod):
        return Bounds(UNKNOWN, UNKNOWN)
    lasting = [one.resources for one in pod.containers if one.runs_on]
    return Bounds(
        *(
            read_amounts(pod.resources, kind).otherwise(total(read_amounts(one, kind) for one in lasting))
            for kind in ("limits", "requests")
        )
    )


def usage_of(measured: Sequence[tuple[Container, Sample]], nodes: Mapping[str, Amounts]) -> Usage:
    """Return what pods that have a sample use together. ``nodes`` is what is known of what nodes have.

    It is as old as the oldest of the samples.
    """
    bounds = [bounds_of(pod) for pod, _sample in measured]
    used = total(amounts for _pod, sample in measured for amounts in sample.containers.values())
    # Pods on the same node have it once.
    places = dict.fromkeys(pod.node or "" for pod, _sample in measured)
    whole = Bounds(
        total(one.limit for one in bounds),
        total(one.request for one in bounds),
        total(nodes.get(place, UNKNOWN) for place in places),
    )
    _pod, oldest = min(measured, key=lambda one: one[1].timestamp)
    return Usage(
        cpu=whole.of_cpu(used.cpu),
        memory=whole.of_memory(used.memory),
        containers=tuple(one for pod, sample in measured for one in _parts(pod, sample, nodes)),
        timestamp=oldest.timestamp,
        window_seconds=oldest.window_seconds,
    )


def _parts(container: Container, sample: Sample, nodes: Mapping[str, Amounts]) -> Iterator[ProcessUsage]:
    """Yield what each container of a pod uses, in the pod's order."""
    pod = container.handle
    known = {one.name: one.resources for one in pod.containers} if isinstance(pod, Pod) else {}
    node = nodes.get(container.node or "", UNKNOWN)
    # What is said of the pod as a whole bounds each of its containers.
    shared = pod.resources if isinstance(pod, Pod) else {}
    for name in sorted(sample.containers, key=lambda name: list(known).index(name) if name in known else len(known)):
        own = known.get(name, {})
        limit, request = (
            read_amounts(own, kind).otherwise(read_amounts(shared, kind)) for kind in ("limits", "requests")
        )
        bounds, used = Bounds(limit, request, node), sample.containers[name]
        yield ProcessUsage(name, container.name, bounds.of_cpu(used.cpu), bounds.of_memory(used.memory))
