# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What pods use of what they may use: of their limits, else of their requests, else of what their nodes have. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..stats.usage import Basis, CpuUsage, MemoryUsage, ProcessUsage, Usage
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

    def otherwise(self, other: Bounds) -> Bounds:
        """Return these, and another's for what is unknown."""
        return Bounds(self.limit.otherwise(other.limit), self.request.otherwise(other.request))

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


_UNBOUND = Bounds(UNKNOWN, UNKNOWN)


def _share(used: float | None, *wholes: float | None) -> tuple[float | None, Basis | None]:
    """Return the percentage of the first whole that is known, and which that is."""
    for whole, basis in zip(wholes, (Basis.LIMIT, Basis.REQUEST, Basis.ALLOCATABLE)):
        if used is not None and whole:
            return 100 * used / whole, basis
    return None, None


class Measured(NamedTuple):
    """A pod that has a sample, the bounds of the whole of it, and of its containers by name."""

    pod: Container
    sample: Sample
    whole: Bounds
    parts: Mapping[str, Bounds]


def measured(container: Container, sample: Sample) -> Measured:
    """Return a pod with its limits and requests: its own, else those of its containers if each of them has one.

    What is said of the pod as a whole bounds each of its containers as well. See
    https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
    """
    pod = container.handle
    if not isinstance(pod, Pod):
        return Measured(container, sample, _UNBOUND, {})
    own = {one.name: _bounds(one.resources) for one in pod.containers}
    lasting = [own[one.name] for one in pod.containers if one.runs_on]
    summed = Bounds(total(one.limit for one in lasting), total(one.request for one in lasting))
    said = _bounds(pod.resources)
    if said == _UNBOUND:
        return Measured(container, sample, summed, own)
    return Measured(container, sample, said.otherwise(summed), {name: one.otherwise(said) for name, one in own.items()})


def _bounds(resources: Mapping[str, Any]) -> Bounds:
    return Bounds(read_amounts(resources, "limits"), read_amounts(resources, "requests"))


def usage_of(pods: Sequence[Measured], nodes: Mapping[str, Amounts]) -> Usage:
    """Return what pods use together. ``nodes`` is what is known of what nodes have.

    It is as old as the oldest of the samples.
    """
    used = total(amounts for one in pods for amounts in one.sample.containers.values())
    # Pods on the same node have it once.
    places = dict.fromkeys(one.pod.node or "" for one in pods)
    whole = Bounds(
        total(one.whole.limit for one in pods),
        total(one.whole.request for one in pods),
        total(nodes.get(place, UNKNOWN) for place in places),
    )
    oldest = min((one.sample for one in pods), key=lambda sample: sample.timestamp)
    return Usage(
        cpu=whole.of_cpu(used.cpu),
        memory=whole.of_memory(used.memory),
        containers=tuple(part for one in pods for part in _parts(one, nodes)),
        timestamp=oldest.timestamp,
        window_seconds=oldest.window_seconds,
    )


def _parts(one: Measured, nodes: Mapping[str, Amounts]) -> Iterator[ProcessUsage]:
    """Yield what each container of a pod uses, in the pod's order, and last what the pod does not name."""
    node, used = nodes.get(one.pod.node or "", UNKNOWN), one.sample.containers
    for name in dict.fromkeys((*(name for name in one.parts if name in used), *used)):
        limit, request, _node = one.parts.get(name, _UNBOUND)
        bounds = Bounds(limit, request, node)
        yield ProcessUsage(name, one.pod.name, bounds.of_cpu(used[name].cpu), bounds.of_memory(used[name].memory))
