# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shop of three services on a fake daemon: what the tests of deploying deploy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.deploy import DockerDeployer
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.object_change import ObjectAction
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import (
    Deployed,
    DeployPlan,
    ToolboxState,
    Wish,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Condition,
    Dependency,
    MountSpec,
    MountType,
    NetworkAttachment,
    PortSpec,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    Project,
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

IMAGE = "busybox:stable"
NETWORKS = (NetworkAttachment("default"),)
DATA = MountSpec(MountType.VOLUME, "/data", "data")
JOB = ServiceSpec("job", IMAGE, networks=NETWORKS, mounts=(DATA,))
DB = ServiceSpec("db", IMAGE, networks=NETWORKS, mounts=(DATA,), environment={"DB_PASSWORD": "geheimsache"})
WEB = ServiceSpec(
    "web",
    IMAGE,
    networks=NETWORKS,
    ports=(PortSpec(80, 8080),),
    depends_on=(Dependency("job", Condition.COMPLETED), Dependency("db", Condition.HEALTHY)),
    environment={"COLOUR": "blue"},
)
SHOP = Project("shop", (JOB, DB, WEB), volumes=(VolumeSpec("data"),), main="web", folder="/opt/shop")
GREEN = replace(WEB, environment={"COLOUR": "green"})


class Shop:
    """The shop, and the daemon that it is deployed on."""

    def __init__(self) -> None:
        """Begin with an empty daemon, on which the job ends well and the database gets healthy."""
        self.clock = FakeClock()
        self.docker = FakeDocker(self.clock)
        self.docker.scripts = {
            "shop-job-1": {"exits_after": 1.0},
            "shop-db-1": {"health": ((0, "starting"), (2, "healthy"))},
        }
        self.deployer = DockerDeployer(self.docker, clock=self.clock, host="localhost")

    def wish(self, *services: ServiceSpec, state: str = "present", **values: Any) -> Wish:
        """Return a wish for these services, or for those of the shop."""
        parts = {key: values.pop(key) for key in ("networks", "volumes", "files") if key in values}
        content = replace(SHOP, services=services or SHOP.services, **parts)
        values.setdefault("content", content)
        return Wish("shop", ToolboxState(state), template="shop", wait_timeout=30, **values)

    def plan(self, *services: ServiceSpec, **values: Any) -> DeployPlan:
        """Return the plan for a wish."""
        return self.deployer.plan(self.wish(*services, **values))

    def deploy(self, *services: ServiceSpec, **values: Any) -> Deployed | None:
        """Carry out a wish."""
        return self.deployer.execute(self.plan(*services, **values))

    def bare(self, state: str, **values: Any) -> Deployed | None:
        """Carry out a wish without a template."""
        return self.deploy(state=state, content=None, **values)

    def states(self) -> dict[str, str]:
        """Return what becomes of the containers on the daemon."""
        return {one.name: one.state for one in self.docker.containers}

    def ids(self) -> dict[str, str]:
        """Return which containers there are."""
        return {one.name: one.id for one in self.docker.containers}

    def network_names(self) -> set[str]:
        """Return the networks that are not the daemon's own."""
        return {one["Name"] for one in self.docker.networks.values()} - {"bridge", "host", "none"}


def told(plan: DeployPlan) -> list[str]:
    """Return the changes of a plan as words."""
    return [f"{change.kind} {change.name} {change.action}" for change in plan.changes]


CREATED = ObjectAction.CREATED
