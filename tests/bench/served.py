# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds that the API server of the benchmarks serves, and the documents in which it says so. Pure.

They are fewer than those of a real one, which is good for those who ask for all of them before they ask for anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind: where its API is (``apis/apps/v1``), and what it is called there."""

    root: str
    plural: str
    name: str
    namespaced: bool = True
    # Metrics Server answers with all there is, whatever page is asked for.
    paged: bool = True

    @property
    def api_version(self) -> str:
        """The version as an object says it: ``v1``, ``apps/v1``."""
        return self.root.partition("/")[2]

    def path(self, namespace: str = "", name: str = "") -> str:
        """Return where one object is, or all of a namespace, or all."""
        place = f"/namespaces/{namespace}" if namespace and self.namespaced else ""
        return f"/{self.root}{place}/{self.plural}" + (f"/{name}" if name else "")


POD = Kind("api/v1", "pods", "Pod")
NODE = Kind("api/v1", "nodes", "Node", namespaced=False)
NAMESPACE = Kind("api/v1", "namespaces", "Namespace", namespaced=False)
DEPLOYMENT = Kind("apis/apps/v1", "deployments", "Deployment")
REPLICA_SET = Kind("apis/apps/v1", "replicasets", "ReplicaSet")
POD_METRICS = Kind("apis/metrics.k8s.io/v1beta1", "pods", "PodMetrics", paged=False)
NODE_METRICS = Kind("apis/metrics.k8s.io/v1beta1", "nodes", "NodeMetrics", namespaced=False, paged=False)
KINDS = (
    POD,
    NODE,
    NAMESPACE,
    DEPLOYMENT,
    REPLICA_SET,
    POD_METRICS,
    NODE_METRICS,
    # Of these there are none.
    Kind("api/v1", "replicationcontrollers", "ReplicationController"),
    Kind("apis/apps/v1", "statefulsets", "StatefulSet"),
    Kind("apis/apps/v1", "daemonsets", "DaemonSet"),
    Kind("apis/batch/v1", "jobs", "Job"),
    Kind("apis/batch/v1", "cronjobs", "CronJob"),
)


def documents() -> dict[str, dict[str, Any]]:
    """Return what is discovered, by path: https://kubernetes.io/docs/concepts/overview/kubernetes-api/."""
    roots = list(dict.fromkeys(kind.root for kind in KINDS))
    groups = [_group(root.partition("/")[2]) for root in roots if root.startswith("apis/")]
    return {
        "/version": {"major": "1", "minor": "20", "gitVersion": "v1.20.2", "platform": "linux/amd64"},
        "/api": {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups},
        **{f"/{root}": _resources(root) for root in roots},
    }


def _group(api_version: str) -> dict[str, Any]:
    group, _slash, version = api_version.partition("/")
    served = {"groupVersion": api_version, "version": version}
    return {"name": group, "versions": [served], "preferredVersion": served}


def _resources(root: str) -> dict[str, Any]:
    kinds = [kind for kind in KINDS if kind.root == root]
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": root.partition("/")[2],
        "resources": [
            {
                "name": kind.plural,
                "singularName": kind.name.lower(),
                "namespaced": kind.namespaced,
                "kind": kind.name,
                "verbs": ["get", "list"],
            }
            for kind in kinds
        ],
    }
