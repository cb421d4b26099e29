# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deployment on an engine that speaks Docker's API, and what a test does to it behind the collection's back."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docker
import docker.errors

from .yard import LIVES, poll, prefix_of

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.client import connect  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.deploy import DockerDeployer  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import NetworkAttachment  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project, ServiceSpec  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import Deployed, DeployPlan
    from docker.models.containers import Container

    from .engine import DockerEngine

WAIT = 20
_NETWORKS = (NetworkAttachment("default"),)


class DockerDeployment:
    """A deployment of a name of its own."""

    def __init__(self, engine: DockerEngine, key: str, *, image: str) -> None:
        """Take the engine, and what tells the test apart from all others."""
        self.engine = engine
        self.name = prefix_of(f"{key} on {engine.name}")
        self.image = image
        self.api = docker.DockerClient(base_url=engine.url, version="1.41", timeout=60)
        self.deployer = self.another()

    def another(self) -> DockerDeployer:
        """Return a deployer with a connection of its own, as another task has."""
        return DockerDeployer(
            connect(DockerConfig(socket_path=self.engine.url), clock=time), clock=time, host="localhost"
        )

    def service(self, name: str, script: str = LIVES, **values: Any) -> ServiceSpec:
        """Return a service that runs a script."""
        values.setdefault("networks", _NETWORKS)
        return ServiceSpec(name, self.image, command=("sh", "-c", script), **values)

    def wish(self, *services: ServiceSpec, state: str = "present", **values: Any) -> Wish:
        """Return a wish; without services, one without a template."""
        parts = {key: values.pop(key) for key in ("networks", "volumes", "files") if key in values}
        content = Project(self.name, services, main=services[-1].name, **parts) if services else None
        return Wish(self.name, ToolboxState(state), template="test", content=content, wait_timeout=WAIT, **values)

    def plan(self, *services: ServiceSpec, **values: Any) -> DeployPlan:
        """Return the plan for a wish."""
        return self.deployer.plan(self.wish(*services, **values))

    def deploy(self, *services: ServiceSpec, **values: Any) -> Deployed | None:
        """Carry out a wish."""
        return self.deployer.execute(self.plan(*services, **values))

    def told(self, *services: ServiceSpec, **values: Any) -> list[str]:
        """Return the changes of a plan, without the prefix."""
        changes = self.plan(*services, **values).changes
        return [f"{one.kind} {one.name.removeprefix(self.name)[1:]} {one.action}" for one in changes]

    def ids(self) -> dict[str, str]:
        """Return the containers by service, and which they are."""
        return {name: str(one.id) for name, one in self._containers().items()}

    def states(self) -> dict[str, str]:
        """Return whether they run."""
        return {name: str(one.status) for name, one in self._containers().items()}

    def _containers(self) -> Mapping[str, Any]:
        found = self.api.containers.list(all=True, filters={"label": f"nekzus.io/service={self.name}"})
        return {str(one.name).removeprefix(f"{self.name}-"): one for one in found}

    def run(self, name: str, *command: str) -> str:
        """Return what a command in a container prints."""
        _code, output = self._containers()[name].exec_run(list(command))
        return bytes(output).decode()

    def probe(self, name: str, *, times: int) -> str:
        """Return the health of a container, on Podman after so many of its checks, which nobody else runs there."""
        one = self._containers()[name]
        if self.engine.name == "podman":
            for _time in range(times):
                self.api.api.get(f"{self.api.api.base_url}/v4.0.0/libpod/containers/{one.id}/healthcheck")
        return str(self.api.api.inspect_container(one.id)["State"]["Health"]["Status"])

    def objects(self) -> list[str]:
        """Return the networks and volumes that have the prefix."""
        networks = [str(one.name) for one in self.api.networks.list()]
        volumes = [str(one.name) for one in self.api.volumes.list()]
        return sorted(name for name in (*networks, *volumes) if name.startswith(self.name))

    def clear(self) -> None:
        """Remove everything that has the prefix."""

        def cleared() -> bool:
            # Podman fails to list one that goes, and keeps one as long as there is another that shares its network.
            with contextlib.suppress(docker.errors.APIError):
                found = [one for one in self.api.containers.list(all=True, ignore_removed=True) if self._is_mine(one)]
                for one in found:
                    with contextlib.suppress(docker.errors.APIError):
                        one.remove(force=True, v=True)
                return not found
            return False

        poll(cleared, f"the containers of {self.name} are removed")
        for network in self.api.networks.list(names=[self.name]):
            network.remove()
        for volume in self.api.volumes.list(filters={"name": self.name}):
            volume.remove()

    def _is_mine(self, container: Container) -> bool:
        return str(container.name).startswith(self.name)

    def close(self) -> None:
        """Let go of the connection."""
        self.clear()
        self.api.close()


def green(service: ServiceSpec) -> ServiceSpec:
    """Return a service that is changed in nothing that matters to it."""
    return replace(service, environment={**service.environment, "COLOUR": "green"})
