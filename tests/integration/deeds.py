# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that modules do to an engine, as tasks for bad weather, and what must be true after each of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Protocol

import docker
import docker.errors

from .engine import IMAGE
from .manifests import NEVER_SCHEDULED, deployment, pod_spec
from .yard import LIVES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .docker_yard import DockerYard
    from .engine import DockerEngine
    from .space import Space

SECRET = "sturm-geheimnis-5f3a"  # noqa: S105 - the tests' own
COUNT = 3
WAIT = 10
Verdict = Callable[["bool"], "str"]


@dataclass(frozen=True)
class Deed:
    """One task. ``verdict(done)`` returns what is wrong after it, nothing when all is well.

    ``done`` tells whether the task said that it has done it. ``stopped`` is how the target is before.
    """

    name: str
    module: str
    arguments: Mapping[str, Any]
    verdict: Verdict = field(default=lambda _done: "")
    stopped: bool = False


class Scene(Protocol):
    """Where deeds are done."""

    def prepare(self, *, stopped: bool) -> None:
        """Have what deeds are done to, running or stopped."""

    def deeds(self) -> list[Deed]:
        """Return them."""

    def clear(self) -> None:
        """Leave nothing."""


class DockerScene:
    """A container, and a place for a deployment, on an engine that speaks Docker's API."""

    def __init__(self, engine: DockerEngine, yard: DockerYard) -> None:
        """Take where."""
        self._api = docker.DockerClient(base_url=engine.url, version="1.41", timeout=60)
        self._yard = yard
        self._name = yard.name("target")
        self._project = f"{yard.prefix}-project"

    def prepare(self, *, stopped: bool) -> None:
        """Have it run, or not."""
        try:
            found = self._api.containers.get(self._name)
        except docker.errors.NotFound:
            self._yard.run("target", environment={"API_TOKEN": SECRET})
            found = self._api.containers.get(self._name)
        if found.status == "paused":
            found.unpause()
        if stopped:
            found.stop(timeout=5)
        else:
            found.start()

    def deeds(self) -> list[Deed]:
        """Return all of a container's life, all that reads, and a deployment's life."""
        name = f"docker/{self._name}"
        return [
            *(
                Deed(
                    state,
                    "nekzus_container",
                    {"name": name, "state": state, "wait_timeout": WAIT},
                    self._is(state),
                    stopped=state == "started",
                )
                for state in ("stopped", "started", "restarted", "paused")
            ),
            Deed("list", "nekzus_container_info", {"name": name, "details": True}),
            Deed("stats", "nekzus_stats", {"name": name}),
            Deed("logs", "nekzus_logs", {"name": name}),
            Deed("export", "nekzus_export", {"name": name}),
            Deed("deploy", "nekzus_toolbox_deploy", self._deployment(), self._deployed),
            Deed("remove", "nekzus_toolbox_deploy", {"service_name": self._project, "state": "absent"}, self._removed),
        ]

    def _is(self, state: str) -> Verdict:
        wanted = {"stopped": "exited", "paused": "paused"}.get(state, "running")

        def verdict(done: bool) -> str:  # noqa: FBT001 - the only thing that it is told
            found = self._api.containers.get(self._name).status
            return f"said to be {state}, is {found}" if done and found != wanted else ""

        return verdict

    def _deployment(self) -> dict[str, Any]:
        service = {"image": IMAGE, "command": ["sh", "-c", LIVES], "environment": {"API_TOKEN": SECRET}}
        two = {"web": service, "worker": {**service, "depends_on": ["web"]}}
        # A removal that has failed may have stopped some, which stay so unless they are to be started.
        options = {"state": "started", "wait_timeout": WAIT}
        return {"service_name": self._project, "definition": {"services": two}, **options}

    def _found(self) -> list[str]:
        label = f"nekzus.io/service={self._project}"
        return [str(one.status) for one in self._api.containers.list(all=True, filters={"label": label})]

    def _deployed(self, done: bool) -> str:  # noqa: FBT001 - the only thing that it is told
        found = self._found()
        return f"said to be deployed, there is {found}" if done and found != ["running"] * 2 else ""

    def _removed(self, done: bool) -> str:  # noqa: FBT001 - the only thing that it is told
        found = self._found()
        return f"said to be removed, there is {found}" if done and found else ""

    def clear(self) -> None:
        """Remove containers and networks."""
        self._yard.clear()
        for one in self._api.containers.list(all=True, filters={"label": f"nekzus.io/service={self._project}"}):
            one.remove(force=True, v=True)
        for network in self._api.networks.list(names=[self._project]):
            network.remove()
        self._api.close()


class ClusterScene:
    """A Deployment whose pods find no node, which costs nothing to scale, in a namespace of a cluster."""

    def __init__(self, space: Space) -> None:
        """Take where."""
        self._space = space
        self._project = "project"

    def prepare(self, *, stopped: bool) -> None:
        """Have it wanted as often as at first, or stopped, with the count remembered."""
        path = self._space.path("Deployment", "target")
        if self._space.cluster.find(path) is None:
            spec = pod_spec(pod=NEVER_SCHEDULED, env=[{"name": "API_TOKEN", "value": SECRET}])
            self._space.make(deployment("target", COUNT, spec))
        kept, count = (str(COUNT), 0) if stopped else (None, COUNT)
        body = {"metadata": {"annotations": {"nekzus.io/replicas": kept}}, "spec": {"replicas": count}}
        self._space.cluster.patch(path, body)

    def deeds(self) -> list[Deed]:
        """Return stopping, starting and rolling out, all that reads, and a deployment's life; nothing is waited for."""
        name = f"{self._space.namespace}/deployment/target"
        place = {"namespace": self._space.namespace, "service_name": self._project, "wait": False}
        service = {"image": "x", "environment": {"API_TOKEN": SECRET}}
        template = {"services": {"web": service, "worker": {**service, "depends_on": ["web"]}}}
        return [
            *(
                Deed(
                    state,
                    "nekzus_container",
                    {"name": name, "state": state, "wait": False},
                    self._is(state),
                    stopped=state == "started",
                )
                for state in ("stopped", "started", "restarted")
            ),
            Deed("list", "nekzus_container_info", {"name": name, "details": True}),
            Deed("logs", "nekzus_logs", {"name": name}),
            Deed("export", "nekzus_export", {"name": name}),
            Deed("deploy", "nekzus_toolbox_deploy", {**place, "definition": template}, self._deployed),
            Deed("remove", "nekzus_toolbox_deploy", {**place, "state": "absent"}, self._removed),
        ]

    def _is(self, state: str) -> Verdict:
        def verdict(done: bool) -> str:  # noqa: FBT001 - the only thing that it is told
            found = self._space.get("Deployment", "target")
            count, kept = (
                found["spec"]["replicas"],
                (found["metadata"].get("annotations") or {}).get("nekzus.io/replicas"),
            )
            if count != COUNT and (count, kept) != (0, str(COUNT)):
                return f"the count is lost: {count} wanted, {kept} remembered"
            wanted = 0 if state == "stopped" else COUNT
            return f"said to be {state}, {count} are wanted" if done and count != wanted else ""

        return verdict

    def _found(self) -> list[str]:
        labels = {"nekzus.io/service": self._project}
        found = self._space.cluster.items(self._space.path("Deployment"), labels)
        return sorted(str(one["metadata"]["name"]) for one in found)

    def _deployed(self, done: bool) -> str:  # noqa: FBT001 - the only thing that it is told
        found = self._found()
        return f"said to be deployed, there is {found}" if done and len(found) != 2 else ""

    def _removed(self, done: bool) -> str:  # noqa: FBT001 - the only thing that it is told
        found = self._found()
        return f"said to be removed, there is {found}" if done and found else ""

    def clear(self) -> None:
        """Leave it to the namespace, which goes with all that is in it."""
