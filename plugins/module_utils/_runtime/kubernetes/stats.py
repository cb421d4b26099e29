# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What pods and workloads use, as the metrics API tells. Where it tells nothing, that is said and no failure."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Union

from ..bulk import run_bulk
from ..errors import (
    ContainerNotFoundError,
    MetricsUnavailableError,
    NekzusError,
    PermissionDeniedError,
    UnsupportedError,
)
from ..shape import text
from ..stats.usage import UNMEASURED, Sampling
from .amounts import Amounts, read_amounts
from .convert import container as read_container
from .kinds import CRON_JOB, NODE, POD, POD_METRICS
from .metrics import READS, Metrics, Reading, is_running
from .pod import Pod
from .pod_usage import measured, usage_of
from .workload import Workload

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..stats.cache import Cache
    from ..stats.usage import Usage
    from ..types import Container
    from .pod_usage import Measured
    from .seam import KubernetesClient

    Group = Union[list[Container], NekzusError]

_GROUP = POD_METRICS.group
_INSTALL = "install Metrics Server: https://github.com/kubernetes-sigs/metrics-server"
_SWITCH_ON = "set runtimes.kubernetes.metrics_server to true"
_TRY_AGAIN = "a pod has one within about a minute of its start: try again, with until: result.metrics_available"


class KubernetesStats:
    """The StatsCollector of Kubernetes."""

    def __init__(
        self, client: KubernetesClient, *, cache: Cache, namespaces: Sequence[str] = (), metrics_server: bool = True
    ) -> None:
        """Take the client to ask, where answers are kept, the namespaces to keep to, and whether to ask for metrics."""
        self._client = client
        self._cache = cache
        self._metrics = Metrics(client, cache=cache, namespaces=namespaces)
        self._is_on = metrics_server

    def collect(self, containers: Sequence[Container]) -> Sampling:
        """Return what each uses: of a workload those of its pods together that have numbers."""
        groups = self._groups(containers)
        pods = {pod.address: pod for group in groups if isinstance(group, list) for pod in group}
        reading = self._read(list(pods.values()))
        found = {address: measured(pods[address], sample) for address, sample in reading.samples.items()}
        nodes, warnings = self._nodes(list(found.values()))
        silent = [pod for address, pod in pods.items() if is_running(pod) and address not in found]
        if silent and self._is_on and not reading.error:
            gone = self._gone(silent)
            silent = [pod for pod in silent if pod.address not in gone]
            groups = [gone.get(one.address, group) for one, group in zip(containers, groups)]
        return Sampling(
            tuple(group if isinstance(group, NekzusError) else _usage(group, found, nodes) for group in groups),
            self._reason(reading.error, silent) if silent else None,
            reading.cached,
            (*self._cache.warnings, *warnings),
        )

    def _groups(self, containers: Sequence[Container]) -> list[Group]:
        """Return the pods that each container is, as far as they have not ended; those of workloads side by side."""
        workloads = [one.handle for one in containers if isinstance(one.handle, Workload)]
        listed = iter(run_bulk(workloads, self._pods_of, max_concurrent=READS))
        groups: list[Group] = []
        for container in containers:
            if isinstance(container.handle, Workload):
                outcome = next(listed)
                groups.append(outcome.error or outcome.value or [])
            else:
                groups.append([container] if _is_active(container) else [])
        return groups

    def _pods_of(self, workload: Workload) -> list[Container]:
        """Return the pods of a workload that have not ended. Raises ContainerNotFoundError when it has gone."""
        labels = workload.selector
        if workload.resource.plural == CRON_JOB.plural and workload.active_jobs:
            labels = f"job-name in ({','.join(workload.active_jobs)})"
        elif not workload.current:
            return []
        if not labels:
            return []
        listed = self._client.list(POD, workload.namespace, convert=read_container, labels=labels).items
        pods = [pod for pod in listed if _is_active(pod) and _owns(workload, pod)]
        if not pods:
            # It had some: either it has stopped since, or it is gone.
            with suppress(PermissionDeniedError):
                self._client.get(workload.resource, workload.namespace, workload.name)
        return pods

    def _read(self, pods: Sequence[Container]) -> Reading:
        return self._metrics.read(pods) if self._is_on and pods else Reading()

    def _gone(self, silent: Sequence[Container]) -> Mapping[str, NekzusError]:
        """Return the errors of those that have no sample because they are gone; of many, only some are looked for."""
        some = silent[:READS]
        looks = run_bulk(some, lambda pod: self._client.get(POD, pod.namespace, pod.name), max_concurrent=READS)
        return {
            pod.address: look.error for pod, look in zip(some, looks) if isinstance(look.error, ContainerNotFoundError)
        }

    def _nodes(self, pods: Sequence[Measured]) -> tuple[Mapping[str, Amounts], tuple[str, ...]]:
        """Return what the nodes have on which pods without a limit run, and what is missing without that."""
        names = {one.pod.node for one in pods if one.pod.node and None in one.whole.limit}
        if not names:
            return {}, ()
        fields = f"metadata.name={next(iter(names))}" if len(names) == 1 else ""
        try:
            return dict(self._client.list(NODE, convert=_allocatable, fields=fields).items), ()
        except NekzusError as error:  # it is good to know, no more
            if not any(None in one.whole.limit.otherwise(one.whole.request) for one in pods):
                return {}, ()
            told = "percentages of pods without limits and requests are unknown, as are the sizes of their nodes"
            return {}, (f"{told}: {error.hint or error.message}",)

    def _reason(self, error: NekzusError | None, silent: Sequence[Container]) -> NekzusError:
        """Return why pods that run have no numbers."""
        if not self._is_on:
            return _unavailable("metrics are switched off", _SWITCH_ON)
        if isinstance(error, UnsupportedError):
            return _unavailable(f"the cluster has no metrics: {_GROUP} is not served", _INSTALL)
        if isinstance(error, PermissionDeniedError):
            return _unavailable(f"{_GROUP} may not be read: {error.message}", error.hint)
        if error:
            return _unavailable(error.message, error.hint)
        first = f"{silent[0].namespace}/{silent[0].name}"
        others = f" and {len(silent) - 1} more" if silent[1:] else ""
        return _unavailable(f"there is no sample yet of {first}{others}", _TRY_AGAIN)


def _unavailable(message: str, hint: str | None) -> NekzusError:
    return MetricsUnavailableError(message, runtime="kubernetes", hint=hint)


def _is_active(container: Container) -> bool:
    return isinstance(container.handle, Pod) and container.handle.active


def _owns(workload: Workload, container: Container) -> bool:
    pod = container.handle
    if not isinstance(pod, Pod):
        return False
    if workload.resource.plural == CRON_JOB.plural:
        return bool(pod.controller and pod.controller.name in workload.active_jobs)
    return workload.owns(pod)


def _usage(pods: Sequence[Container], found: Mapping[str, Measured], nodes: Mapping[str, Amounts]) -> Usage:
    known = [found[pod.address] for pod in pods if pod.address in found]
    return usage_of(known, nodes) if known else UNMEASURED


def _allocatable(document: Mapping[str, Any]) -> tuple[str, Amounts]:
    return text(document, "metadata", "name"), read_amounts(document, "status", "allocatable")
