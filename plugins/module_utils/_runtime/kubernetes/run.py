# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a pod's object says of the runs of each of its containers: whether there is one, was one, will be one. Pure.

https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..shape import flag, mapping, number, objects, text
from .pod import Pod, read_pod

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_INIT, _EPHEMERAL = "initContainers", "ephemeralContainers"
_SPECS = ("containers", _INIT, _EPHEMERAL)
_STATUSES = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")


@dataclass(frozen=True)
class Run:
    """A container of a pod. ``has_begun`` tells that it has run, now or before; ``has_ended`` that it has before.

    ``goes_on`` tells that it runs, or will; ``waiting`` is what it waits for. A ``terminal`` is what it writes to.
    """

    container: str
    has_begun: bool
    has_ended: bool
    goes_on: bool
    waiting: str
    terminal: bool


def read_runs(document: Mapping[str, Any], pod: Pod | None = None) -> tuple[Run, ...]:
    """Return the run of each container of a pod's object, in the order of ``Pod.containers``."""
    pod = pod or read_pod(document)
    found = {run.container: run for run in _runs(document, pod)}
    return tuple(found[each.name] for each in pod.containers)


def _runs(document: Mapping[str, Any], pod: Pod) -> Iterator[Run]:
    statuses = {text(one, "name"): one for key in _STATUSES for one in objects(document, "status", key)}
    for key in _SPECS:
        for spec in objects(document, "spec", key):
            status = statuses.get(text(spec, "name"), {})
            state = mapping(status, "state")
            has_ended = "terminated" in mapping(status, "lastState")
            has_begun = has_ended or "running" in state or "terminated" in state
            ended = mapping(state, "terminated")
            yield Run(
                container=text(spec, "name"),
                has_begun=has_begun,
                has_ended=has_ended,
                goes_on=pod.active and (not ended or _runs_again(_policy(document, spec, key), ended)),
                waiting=text(state, "waiting", "reason") or pod.status,
                terminal=flag(spec, "tty"),
            )


def _policy(document: Mapping[str, Any], spec: Mapping[str, Any], key: str) -> str:
    """Return when a container is started again after its end: an init container only when it has failed."""
    if key == _EPHEMERAL:
        return "Never"
    policy = text(spec, "restartPolicy") or text(document, "spec", "restartPolicy") or "Always"
    return "OnFailure" if key == _INIT and not text(spec, "restartPolicy") and policy == "Always" else policy


def _runs_again(policy: str, ended: Mapping[str, Any]) -> bool:
    return policy == "Always" or (policy == "OnFailure" and number(ended, "exitCode") != 0)
