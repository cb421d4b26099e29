# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A namespace of a cluster that belongs to some tests, and what they do in it behind the collection's back."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cluster import path_of
from .yard import RUN, each, poll

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .cluster import Cluster

# Pods start slowly on a slow machine, and a namespace that is deleted takes its time.
PATIENCE, LONG_PATIENCE = 120.0, 300.0
_VERSIONS = {"Pod": "v1", "ReplicationController": "v1", "Event": "v1", "Job": "batch/v1"}


class Space:
    """A namespace of its own for tests. To be opened before, and closed after them."""

    def __init__(self, cluster: Cluster, key: str) -> None:
        """Take the cluster, and what tells the namespace apart from others of this test run's process."""
        self.cluster = cluster
        self.namespace = f"nkz-{RUN}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{key}"
        self._path = path_of("v1", "Namespace", name=self.namespace)
        self._folder = Path(tempfile.mkdtemp(prefix="nkz-"))
        self.kubeconfig = cluster.account(self._folder / "kubeconfig", namespace=self.namespace)

    @property
    def options(self) -> dict[str, Any]:
        """The options with which a task works in it."""
        return {"runtime": "kubernetes", "kubeconfig": str(self.kubeconfig), "namespace": self.namespace}

    def open(self) -> Space:
        """Make it anew, whatever an earlier run has left of it."""
        if self.cluster.find(self._path):
            self.empty()
            self.cluster.delete(self._path)
            poll(lambda: self.cluster.find(self._path) is None, f"{self.namespace} is gone", seconds=LONG_PATIENCE)
        self.cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": self.namespace}})
        account = path_of("v1", "ServiceAccount", self.namespace, "default")
        poll(lambda: self.cluster.find(account) is not None, "pods may be made", seconds=PATIENCE)
        return self

    def close(self) -> None:
        """Delete it; what is left to do the cluster does by itself."""
        self.empty()
        self.cluster.delete(self._path)
        for file in self._folder.iterdir():
            file.unlink()
        self._folder.rmdir()

    def empty(self) -> None:
        """Delete what runs, from the top: a namespace in which pods have still to end is there for minutes."""
        for kind in ("Deployment", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "ReplicaSet", "Pod"):
            self.cluster.delete(self.path(kind), grace=0)

    def make(self, *manifests: Mapping[str, Any]) -> None:
        """Create objects here, side by side."""
        each(self._create, manifests)

    def _create(self, manifest: Mapping[str, Any]) -> None:
        self.cluster.create({**manifest, "metadata": {**manifest["metadata"], "namespace": self.namespace}})

    def path(self, kind: str, name: str = "") -> str:
        """Return where the API keeps an object that is here."""
        return path_of(_VERSIONS.get(kind, "apps/v1"), kind, self.namespace, name)

    def get(self, kind: str, name: str) -> dict[str, Any]:
        """Return an object."""
        found = self.cluster.find(self.path(kind, name))
        assert found, f"there is no {kind} {name}"
        return found

    def pods(self, app: str) -> list[dict[str, Any]]:
        """Return the pods with this label, by name."""
        return sorted(self.cluster.items(self.path("Pod"), {"app": app}), key=lambda pod: str(pod["metadata"]["name"]))

    def pod_names(self, app: str) -> list[str]:
        """Return the names of the pods with this label."""
        return [str(pod["metadata"]["name"]) for pod in self.pods(app)]

    def ready(self, app: str) -> int:
        """Return how many pods with this label are ready and not about to end."""
        return sum(map(is_ready, self.pods(app)))

    def await_ready(self, app: str, count: int = 1) -> None:
        """Return when so many pods with this label are ready."""
        poll(lambda: self.ready(app) == count, f"{count} pods of {app} are ready", seconds=PATIENCE)


def is_ready(pod: Mapping[str, Any]) -> bool:
    """Tell whether a pod is ready, and not about to end."""
    if "deletionTimestamp" in pod["metadata"]:
        return False
    conditions = pod["status"].get("conditions", ())
    return any((each["type"], each["status"]) == ("Ready", "True") for each in conditions)
