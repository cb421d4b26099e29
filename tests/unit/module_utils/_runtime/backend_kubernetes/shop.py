# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A shop of three services in a fake cluster: what the tests of deploying deploy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.deploy import KubernetesDeployer
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    JOB,
    POD,
    SECRET,
    SERVICE,
    VOLUME_CLAIM,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import text
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import (
    Deployed,
    DeployPlan,
    ToolboxState,
    Wish,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Condition,
    Dependency,
    FileMount,
    MountSpec,
    MountType,
    PortSpec,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    Project,
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource

IMAGE = "busybox:stable"
KINDS = (CONFIG_MAP, DEPLOYMENT, JOB, SECRET, SERVICE, VOLUME_CLAIM)
DATA = MountSpec(MountType.VOLUME, "/data", "data")
JOB_SERVICE = ServiceSpec("job", IMAGE, mounts=(DATA,))
DB = ServiceSpec(
    "db", IMAGE, mounts=(DATA,), environment={"DB_PASSWORD": "geheimsache"}, secret=frozenset({"DB_PASSWORD"})
)
WEB = ServiceSpec(
    "web",
    IMAGE,
    ports=(PortSpec(80, 8080),),
    files=(FileMount("conf", "/etc/conf"),),
    depends_on=(Dependency("job", Condition.COMPLETED), Dependency("db", Condition.HEALTHY)),
    environment={"COLOUR": "blue"},
)
SHOP = Project(
    "shop",
    (JOB_SERVICE, DB, WEB),
    volumes=(VolumeSpec("data"),),
    files=(FileSpec("conf", b"a=1"),),
    main="web",
)
GREEN = replace(WEB, environment={"COLOUR": "green"})
# What there is when all of it is there, but for the note.
WHOLE = [
    "ConfigMap shop-web-files",
    "Deployment shop-db",
    "Deployment shop-web",
    "Job shop-job",
    "PersistentVolumeClaim shop-data",
    "Secret shop-db-secret",
    "Service db",
    "Service web",
]


class Shop:
    """The shop, and the cluster that it is deployed in."""

    def __init__(self) -> None:
        """Begin with an empty cluster, in which the job ends well and the database takes a while."""
        self.clock = FakeClock()
        self.api = FakeKubernetes(self.clock)
        self.lives = self.api.cluster.lives
        self.lives["default", "shop-job"] = Life(exits_after=1, exit_code=0)
        self.lives["default", "shop-db"] = Life(ready_after=2)
        self.deployer = self.another()

    def another(self, namespaces: Sequence[str] = ()) -> KubernetesDeployer:
        """Return a deployer as another task has."""
        return KubernetesDeployer(self.api, namespaces=namespaces, clock=self.clock)

    def wish(self, *services: ServiceSpec, state: str = "present", **values: Any) -> Wish:
        """Return a wish for these services, or for those of the shop."""
        parts = {key: values.pop(key) for key in ("networks", "volumes", "files") if key in values}
        values.setdefault("content", replace(SHOP, services=services or SHOP.services, **parts))
        values.setdefault("wait_timeout", 30)
        return Wish("shop", ToolboxState(state), template="shop", **values)

    def plan(self, *services: ServiceSpec, **values: Any) -> DeployPlan:
        """Return the plan for a wish."""
        return self.deployer.plan(self.wish(*services, **values))

    def deploy(self, *services: ServiceSpec, **values: Any) -> Deployed | None:
        """Carry out a wish."""
        return self.deployer.execute(self.plan(*services, **values))

    def bare(self, state: str, **values: Any) -> Deployed | None:
        """Carry out a wish without a template."""
        return self.deploy(state=state, content=None, **values)

    def told(self, *services: ServiceSpec, **values: Any) -> list[str]:
        """Return the changes of a plan as words."""
        return told(self.plan(*services, **values))

    def objects(self) -> list[str]:
        """Return what there is but for pods and the note: ``Deployment shop-web``."""
        found = [
            f"{kind.kind} {text(one, 'metadata', 'name')}" for kind in KINDS for one in self.api.cluster.store.all(kind)
        ]
        return sorted(one for one in found if one != "ConfigMap shop.nekzus")

    def get(self, resource: Resource, name: str) -> dict[str, Any]:
        """Return an object as it is now."""
        return self.api.cluster.document(resource, name)

    def pods(self, service: str) -> list[str]:
        """Return the names of the pods of a service that are not about to end."""
        self.api.cluster.settle()
        return [
            text(one, "metadata", "name")
            for one in self.api.cluster.store.all(POD)
            if text(one, "metadata", "labels", "app.kubernetes.io/name") == service
            and not text(one, "metadata", "deletionTimestamp")
        ]

    def replicas(self, service: str) -> object:
        """Return the count of a service."""
        return self.get(DEPLOYMENT, f"shop-{service}")["spec"]["replicas"]


def told(plan: DeployPlan) -> list[str]:
    """Return the changes of a plan as words."""
    return [f"{change.kind} {change.name} {change.action}" for change in plan.changes]
