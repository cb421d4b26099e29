# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods whose usage a cluster tells, and tasks that ask for it through a proxy."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import RefusedError
from .kubernetes_engine import KubernetesEngine, through
from .manifests import pod, pod_spec
from .rule import Rule
from .yard import LIVES, poll

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .cluster import ApiProxy, Cluster
    from .engine import Engine
    from .space import Space

STATS = "nekzus.runtime.nekzus_stats"
API = "/apis/metrics.k8s.io/v1beta1"
# What asks for metrics.
METRICS = f"^GET {API}/"
BURNS = "trap 'exit 0' TERM; while :; do :; done"
# Holds 16 MiB of memory.
HUNGRY = f"held=$(head -c 16777216 /dev/zero | tr '\\0' x); {LIVES}"
LIMITS = {"cpu": "100m", "memory": "64Mi"}
# A pod of another test none of whose containers has started may keep a source of metrics from telling of any.
MEASURED_SECONDS = 400


def burner() -> dict[str, Any]:
    """Return a pod that uses all the CPU it may."""
    return pod("burner", pod_spec(BURNS, resources={"limits": LIMITS}))


def await_measured(space: Space) -> None:
    """Return when all pods have numbers, and those of the burner show it; skip where there are no metrics."""
    _need_api(space.cluster)
    poll(lambda: _are_measured(space), "all pods are measured", seconds=MEASURED_SECONDS)


def need_metrics(engine: Engine) -> None:
    """Skip where an engine has no metrics."""
    if isinstance(engine, KubernetesEngine):
        _need_api(engine.cluster)


def _need_api(cluster: Cluster) -> None:
    try:
        cluster.call("GET", API)
    except RefusedError:
        pytest.skip("the cluster has no metrics")


def steady(space: Space) -> Rule:
    """Return the rule that answers requests for metrics with the last ones that told of all pods that there are now.

    What serves them to the tests may have none while any pod of the cluster begins or ends.
    """
    names = _pod_names(space)
    whole: list[dict[str, Any]] = []

    def is_whole() -> bool:
        found = _items(space) or ()
        if names <= set(_named(found)):
            whole[:] = found
            return True
        return False

    def answer() -> bytes:
        is_whole()
        return json.dumps({"kind": "PodMetricsList", "metadata": {}, "items": whole}).encode()

    poll(lambda: is_whole() or _pause(), "all pods have metrics", seconds=MEASURED_SECONDS)
    return Rule(f"{METRICS}namespaces/{space.namespace}/pods", callback=answer)


def _items(space: Space) -> list[dict[str, Any]] | None:
    try:
        found: list[dict[str, Any]] = space.cluster.call("GET", f"{API}/namespaces/{space.namespace}/pods")["items"]
    except RefusedError:
        return None
    return found


def _pause() -> bool:
    """Wait before the next look, which is work for every kubelet."""
    time.sleep(0.5)
    return False


def _named(items: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(item["metadata"]["name"]): item for item in items}


def _pod_names(space: Space) -> set[str]:
    return set(_named(space.cluster.items(space.path("Pod"))))


def _are_measured(space: Space) -> bool:
    found = _named(_items(space) or ())
    if set(found) != _pod_names(space):
        return _pause()
    cores = int(found["burner"]["containers"][0]["usage"]["cpu"].removesuffix("n")) / 1e9
    return 0.07 < cores < 0.13 or _pause()


def filled(value: Any, namespace: str) -> Any:
    """Return a value with the name of the namespace in it."""
    if isinstance(value, list):
        return [filled(one, namespace) for one in value]
    return value.replace("NS", namespace) if isinstance(value, str) else value


def options(proxy: ApiProxy, space: Space, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a task that goes through a proxy; NS is the namespace."""
    found = through(proxy, space.namespace)
    if "namespaces" in told:
        del found["namespace"]
    kubernetes = {**found["runtimes"]["kubernetes"], **told.get("runtimes", {}).get("kubernetes", {})}
    own = {key: filled(value, space.namespace) for key, value in told.items()}
    return {**found, **own, "runtimes": {"kubernetes": kubernetes}}
