# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A custom kind that can be scaled, and its controller."""

from __future__ import annotations

import contextlib
import os
import threading
from typing import TYPE_CHECKING, Any

from .cluster import RefusedError, path_of
from .manifests import replica_set
from .yard import RUN, poll

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from .space import Space

GROUP = f"nkz-{RUN}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.example.org"
VERSION = f"{GROUP}/v1"
KIND = "Herd"
WORD = f"herd.{GROUP}"
_DEFINITION = path_of("apiextensions.k8s.io/v1", "CustomResourceDefinition", name=f"herds.{GROUP}")


def herd(name: str, size: int) -> dict[str, Any]:
    """Return a Herd."""
    return {"apiVersion": VERSION, "kind": KIND, "metadata": {"name": name}, "spec": {"size": size}}


class Herder:
    """Defines the kind, and keeps a ReplicaSet of the wanted size for each Herd. To be used in a with statement."""

    def __init__(self, space: Space) -> None:
        """Take where the Herds are."""
        self._space = space
        self._cluster = space.cluster
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self) -> Self:
        """Define the kind and begin."""
        self._cluster.delete(_DEFINITION)
        poll(lambda: self._cluster.find(_DEFINITION) is None, "the kind is not there yet")
        self._cluster.create(
            {
                "apiVersion": "apiextensions.k8s.io/v1",
                "kind": "CustomResourceDefinition",
                "metadata": {"name": f"herds.{GROUP}"},
                "spec": {
                    "group": GROUP,
                    "scope": "Namespaced",
                    "names": {"kind": KIND, "plural": "herds", "singular": "herd"},
                    "versions": [_version()],
                },
            }
        )
        poll(lambda: self._cluster.find(self._path()) is not None, "the kind is served")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End, and take the kind away with all of it."""
        self._over.set()
        self._thread.join()
        self._cluster.delete(_DEFINITION)

    def make(self, name: str, size: int) -> None:
        """Make a Herd."""
        self._cluster.call("POST", self._path(), herd(name, size))

    def _path(self, name: str = "") -> str:
        return path_of(VERSION, KIND, self._space.namespace, name)

    def _work(self) -> None:
        while not self._over.wait(0.1):
            # Somebody may have been quicker: the next round sees it.
            with contextlib.suppress(RefusedError):
                for one in self._cluster.items(self._path()):
                    self._tend(one)

    def _tend(self, one: dict[str, Any]) -> None:
        name, size = one["metadata"]["name"], one["spec"]["size"]
        owned = self._cluster.find(self._space.path("ReplicaSet", name))
        if not owned:
            owner = {
                "apiVersion": VERSION,
                "kind": KIND,
                "name": name,
                "uid": one["metadata"]["uid"],
                "controller": True,
            }
            self._space.make(replica_set(name, size, ownerReferences=[owner]))
            return
        if owned["spec"]["replicas"] != size:
            self._cluster.patch(self._space.path("ReplicaSet", name), {"spec": {"replicas": size}})
        status = {"replicas": owned["status"].get("replicas", 0), "selector": f"app={name}"}
        if one.get("status") != status:
            self._cluster.patch(f"{self._path(name)}/status", {"status": status})


def _version() -> dict[str, Any]:
    """Return a version whose size is not where the built-in kinds have their replicas."""
    scale = {
        "specReplicasPath": ".spec.size",
        "statusReplicasPath": ".status.replicas",
        "labelSelectorPath": ".status.selector",
    }
    return {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}},
        "subresources": {"status": {}, "scale": scale},
    }
