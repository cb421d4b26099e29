# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done in a namespace of a cluster: each kind of workload has a life, and a pod is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .account_deeds import Clerk
from .cluster_toolbox_deeds import ClusterProject
from .deeds import QUIET, SECRET, Deed, always, listed, runtime_told, whole_log, written_down
from .manifests import pod, pod_spec
from .workload_deeds import Herd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .deeds import Do
    from .space import Space

READER = "reader"


class ClusterScene:
    """Workloads whose pods nobody schedules, which costs nothing to scale, and a pod that really runs."""

    def __init__(self, space: Space, do: Do) -> None:
        """Take where, and how to do a task in fine weather."""
        self._space = space
        self._herd = Herd(space)
        self._project = ClusterProject(space, do)
        self._clerk = Clerk(space, do)
        if space.cluster.find(space.path("Pod", READER)) is None:
            token = [{"name": "API_TOKEN", "value": SECRET}]
            space.make(pod(READER, pod_spec(QUIET, env=token)))
        space.await_ready(READER)

    def deeds(self) -> list[Deed]:
        """Return them; nothing is waited for."""
        return [*self._herd.deeds(), *self._reading(), *self._project.deeds(), *self._clerk.deeds()]

    def harms(self) -> Mapping[str, Callable[[], None]]:
        """See Scene."""
        return {**self._herd.harms(), **self._project.harms()}

    def _reading(self) -> list[Deed]:
        namespace = self._space.namespace
        name = f"{namespace}/{READER}"
        one = always(name=name)
        info = "nekzus_container_info"
        return [
            Deed("look", info, always(name=name, details=True), listed("containers", READER, _runs)),
            Deed("list", info, always(namespace=namespace), listed("containers", READER, _runs)),
            Deed("stats", "nekzus_stats", one, listed("stats", READER, _measured)),
            Deed("logs", "nekzus_logs", one, listed("logs", READER, whole_log)),
            Deed("export", "nekzus_export", one, written_down(f"kubernetes/{name}")),
            Deed("runtime info", "nekzus_runtime_info", always(), runtime_told(self._version)),
            Deed("permissions", "nekzus_runtime_info", self._asking, runtime_told(self._version)),
        ]

    def _asking(self) -> Mapping[str, Any]:
        return {"permissions": True, "features": ["stats"], "namespaces": [self._space.namespace]}

    def _version(self) -> str:
        return str(self._space.cluster.call("GET", "/version")["gitVersion"]).removeprefix("v")

    def clear(self) -> None:
        """Leave nothing that runs, and nothing of the deployment, whose services others call theirs as well."""
        self._project.clear()
        self._space.empty()


def _runs(told: Mapping[str, Any]) -> str:
    return "" if told["state"] == "running" else f"said to be {told['state']}, it runs"


def _measured(told: Mapping[str, Any]) -> str:
    """Return what is wrong with the numbers of a pod: there may be none, but no zeros."""
    used = told["memory"]["used_bytes"]
    return "" if used is None or used > 0 else f"measured as {told['memory']}"
