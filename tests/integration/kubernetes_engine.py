# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kubernetes cluster as an engine of the tests: a namespace in which Deployments are the containers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import urllib3

from .cluster import ApiProxy, Cluster
from .kubernetes_yard import KubernetesYard
from .space import Space
from .ways import MissingError, Ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .proxy import Proxy
    from .rule import Chooser

# What a ReplicaSet and its pods have besides the name of the Deployment.
_INSTANCE = "-[0-9a-z]{7,10}-[0-9a-z]{5}$"


class KubernetesEngine:
    """An engine in a namespace of a cluster."""

    def __init__(self, cluster: Cluster) -> None:
        """Make the namespace."""
        self.name = "kubernetes"
        self.cluster = cluster
        self.space = Space(cluster, "yards").open()
        namespace = self.space.namespace
        # A namespace as an option would select all that is in it.
        self.options: Mapping[str, Any] = {
            "runtime": "kubernetes",
            "kubeconfig": str(self.space.kubeconfig),
            "runtimes": {"kubernetes": {"namespaces": [namespace]}},
        }
        self.environment: Mapping[str, str] = {"KUBECONFIG": str(self.space.kubeconfig)}
        self.survey: Mapping[str, str] = {"fleet_runtime": "kubernetes", "fleet_kubeconfig": str(self.space.kubeconfig)}
        self.ways = Ways(
            place=f"kubernetes/{namespace}/deployment",
            path=f"{namespace}/",
            extra=f"^kubernetes/{namespace}/(deployment/)?|{_INSTANCE}",
            ids="[a-z0-9.-]+$",
            several="deployment/NAME.*statefulset/NAME",
            bind="hostPath",
            pauses=False,
            labels_hold_anything=False,
            ready_when_listed=True,
            cpu_of="allocatable",
            memory_of="allocatable",
            metrics_are_kept=True,
            streams=(None, None),
            start="^PATCH (?!.*dryRun=All)/apis/apps/v1/namespaces/[^/]+/deployments/NAME",
            stop="^PATCH (?!.*dryRun=All)/apis/apps/v1/namespaces/[^/]+/deployments/NAME",
        )

    def yard(self, key: str) -> KubernetesYard:
        """Return an empty place in the namespace."""
        return KubernetesYard(self.space, f"{key} on {self.name}")

    def proxy(self, *rules: Chooser) -> ApiProxy:
        """Return one on a port of its own."""
        return ApiProxy(self.cluster, *rules)

    def through(self, proxy: Proxy) -> Mapping[str, Any]:
        """Return the options for the proxy's port."""
        kubernetes = {"host": proxy.url, "namespaces": [self.space.namespace]}
        return {"runtime": "kubernetes", "runtimes": {"kubernetes": kubernetes}}

    def close(self) -> None:
        """Delete the namespace."""
        self.space.close()


def through(proxy: Proxy, namespace: str) -> dict[str, Any]:
    """Return the options of a task that works in a namespace through a proxy in front of the API server."""
    return {"runtime": "kubernetes", "namespace": namespace, "runtimes": {"kubernetes": {"host": proxy.url}}}


def open_cluster() -> Cluster:
    """Return the cluster for tests. Raises MissingError when there is none."""
    kubeconfig = os.environ.get("NEKZUS_TEST_KUBECONFIG")
    if not kubeconfig:
        message = "NEKZUS_TEST_KUBECONFIG does not name the kubeconfig of a cluster for tests"
        raise MissingError(message)
    try:
        return Cluster(Path(kubeconfig))
    except (OSError, urllib3.exceptions.HTTPError) as error:
        message = f"no cluster answers to NEKZUS_TEST_KUBECONFIG={kubeconfig}: {error}"
        raise MissingError(message) from error


def open_kubernetes() -> KubernetesEngine:
    """Return the engine. Raises MissingError when there is none."""
    return KubernetesEngine(open_cluster())
