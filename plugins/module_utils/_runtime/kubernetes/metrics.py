# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What the metrics API tells of pods, asked for once and kept for the tasks after this one.

https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..bulk import run_bulk
from ..duration import parse_duration
from ..errors import ContainerNotFoundError, NekzusError, PermissionDeniedError
from ..moment import read_moment, seconds_of
from ..shape import mapping, objects, text
from ..types import State
from .amounts import Amounts
from .kinds import POD_METRICS
from .quantity import cores, size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..stats.cache import Cache
    from ..types import Container
    from .seam import KubernetesClient

# In more namespaces than this, one answer about all of them is the smaller one.
FEW_NAMESPACES = 8
READS = 16


@dataclass(frozen=True)
class Sample:
    """What the containers of a pod used until ``timestamp``, by name."""

    timestamp: datetime
    window_seconds: float | None
    containers: Mapping[str, Amounts]


@dataclass(frozen=True)
class Reading:
    """The samples of pods by their address, whether any was kept, and why others could not be had."""

    samples: Mapping[str, Sample] = field(default_factory=dict)
    cached: bool = False
    error: NekzusError | None = None


class Metrics:
    """Reads the samples of pods."""

    def __init__(self, client: KubernetesClient, *, cache: Cache, namespaces: Sequence[str]) -> None:
        """Take the client to ask, where answers are kept, and the namespaces that it may ask about (none: all)."""
        self._client = client
        self._cache = cache
        self._namespaces = tuple(namespaces)

    def read(self, pods: Sequence[Container]) -> Reading:
        """Return the samples there are: one list for each namespace, side by side, or one for all namespaces."""
        places: dict[str, list[Container]] = {}
        for pod in pods:
            places.setdefault(pod.namespace, []).append(pod)
        if len(places) > FEW_NAMESPACES and not self._namespaces:
            everywhere = self._list("", pods)
            if not isinstance(everywhere.error, PermissionDeniedError):
                return everywhere
        outcomes = run_bulk(places, lambda place: self._list(place, places[place]), max_concurrent=READS)
        told = [outcome.value or Reading(error=outcome.error) for outcome in outcomes]
        return Reading(
            {address: sample for one in told for address, sample in one.samples.items()},
            any(one.cached for one in told),
            next((one.error for one in told if one.error), None),
        )

    def _list(self, namespace: str, pods: Sequence[Container]) -> Reading:
        """Return the samples of pods in a namespace; those kept, unless a pod has come up since."""
        kept: dict[str, Sample] = {}
        try:
            key = f"{self._client.identity}/{namespace}"
            kept = {
                pod.address: sample
                for pod, sample in _samples(self._cache.get(key), pods)
                # Of a pod that had the same name.
                if not pod.created or sample.timestamp >= pod.created
            }
            if kept and all(pod.address in kept for pod in pods if is_running(pod)):
                return Reading(kept, cached=True)
            packed = dict(self._client.list(POD_METRICS, namespace, convert=_pack).items)
        except ContainerNotFoundError:  # so old versions of Metrics Server speak of a namespace without pods
            packed = {}
        except NekzusError as error:
            return Reading(kept, cached=bool(kept), error=error)
        self._cache.put(key, packed)
        return Reading({pod.address: sample for pod, sample in _samples(packed, pods)})


def is_running(pod: Container) -> bool:
    """Tell whether a pod should have a sample; one that only begins or restarts may have one."""
    return pod.state is State.RUNNING


def _samples(packed: Any, pods: Sequence[Container]) -> list[tuple[Container, Sample]]:
    """Return the pods that have a sample among packed ones."""
    if not isinstance(packed, dict):
        return []
    found = ((pod, _unpack(packed.get(f"{pod.namespace}/{pod.name}"))) for pod in pods)
    return [(pod, sample) for pod, sample in found if sample]


def _pack(document: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return what a PodMetrics says as short as can be: most of those that are read nobody has asked for."""
    metadata = mapping(document, "metadata")
    containers = []
    for each in objects(document, "containers"):
        usage = mapping(each, "usage")
        containers.append([each.get("name"), usage.get("cpu"), usage.get("memory")])
    address = f"{text(metadata, 'namespace')}/{text(metadata, 'name')}"
    return address, [document.get("timestamp"), document.get("window"), containers]


def _unpack(packed: Any) -> Sample | None:
    """Return the sample, None for what is none: what was kept may be anybody's."""
    try:
        written, window, containers = packed
        timestamp = _moment(written)
        used = {str(name): Amounts(cores(cpu), size(memory)) for name, cpu, memory in containers}
        seconds = _seconds(window)
    except (TypeError, ValueError):
        return None
    return Sample(timestamp, seconds, used) if used else None


# Many pods have been measured at the same moment.
@lru_cache
def _moment(written: str) -> datetime:
    return datetime.fromtimestamp(seconds_of(read_moment(written)), tz=timezone.utc)


@lru_cache
def _seconds(window: str | None) -> float | None:
    return parse_duration(window) if window else None
