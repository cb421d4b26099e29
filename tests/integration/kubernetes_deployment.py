# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One deployment in a namespace of a cluster, and what a test does to it behind the collection's back."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

from kubernetes.client import ApiClient, CoreV1Api
from kubernetes.stream import stream

from .cluster import path_of
from .manifests import IMAGE
from .space import PATIENCE, is_ready
from .yard import LABEL, LIVES, RUN, poll, prefix_of

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.client import connect  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.deploy import KubernetesDeployer  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project, ServiceSpec  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import Deployed, DeployPlan

    from .cluster import ApiProxy
    from .space import Space

# A kubelet may find only at its next round, one a minute, that what is left of a pod can go.
WAIT = 120
MARK = "nekzus.io/service"
_CORE = ("Service", "ConfigMap", "Secret", "PersistentVolumeClaim")
_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet", "Pod", *_CORE)
# What the pods of workloads are, which come and go with them.
_MADE_BY_OTHERS = ("ReplicaSet", "Pod")


def new_folder(name: str) -> str:
    """Return a folder of a node in which nothing is left of an earlier run."""
    return f"/tmp/{name}-{secrets.token_hex(4)}"  # noqa: S108 - of the node


class KubernetesDeployment:
    """A deployment of a name of its own."""

    def __init__(self, space: Space, key: str) -> None:
        """Take the namespace, and what tells the test apart from all others."""
        self.space = space
        self.cluster = space.cluster
        self.name = prefix_of(f"{key} on kubernetes")
        self.deployer = self.another()
        self._api = CoreV1Api(ApiClient(self.cluster.configuration))

    def another(self, kubeconfig: str = "") -> KubernetesDeployer:
        """Return a deployer with a connection of its own, as another task has, or another account."""
        config = KubernetesConfig(kubeconfig=kubeconfig or str(self.space.kubeconfig))
        return KubernetesDeployer(connect(config, clock=time), namespaces=(), clock=time)

    def through(self, proxy: ApiProxy) -> KubernetesDeployer:
        """Return a deployer that reaches the API server by way of a proxy."""
        return KubernetesDeployer(connect(KubernetesConfig(host=proxy.url), clock=time), namespaces=(), clock=time)

    def service(self, name: str, script: str = LIVES, **values: Any) -> ServiceSpec:
        """Return a service that runs a script."""
        values.setdefault("stop_grace_period", 2)
        return ServiceSpec(name, IMAGE, command=("sh", "-c", script), **values)

    def wish(self, *services: ServiceSpec, state: str = "present", **values: Any) -> Wish:
        """Return a wish; without services, one without a template unless its ``content`` is given."""
        parts = {key: values.pop(key) for key in ("networks", "volumes", "files") if key in values}
        if services:
            values["content"] = Project(self.name, services, main=services[-1].name, **parts)
        values.setdefault("wait_timeout", WAIT)
        values.setdefault("namespace", self.space.namespace)
        return Wish(self.name, ToolboxState(state), template="test", **values)

    def plan(self, *services: ServiceSpec, **values: Any) -> DeployPlan:
        """Return the plan for a wish."""
        return self.deployer.plan(self.wish(*services, **values))

    def deploy(self, *services: ServiceSpec, **values: Any) -> Deployed | None:
        """Carry out a wish."""
        return self.deployer.execute(self.plan(*services, **values))

    def told(self, *services: ServiceSpec, **values: Any) -> list[str]:
        """Return the changes of a plan, without the prefix."""
        changes = self.plan(*services, **values).changes
        return [f"{one.kind} {self.short(one.name)} {one.action}" for one in changes]

    def short(self, name: str) -> str:
        """Return a name without the prefix; the deployment's own is empty."""
        return name.removeprefix(self.name).removeprefix("-") if name.startswith(self.name) else name

    def items(self, kind: str) -> list[dict[str, Any]]:
        """Return the objects of a kind that belong to the deployment."""
        return self.cluster.items(self.path(kind), {MARK: self.name})

    def path(self, kind: str, name: str = "") -> str:
        """Return where the API keeps an object; the name is whole."""
        if kind in _CORE:
            return path_of("v1", kind, self.space.namespace, name)
        return self.space.path(kind, name)

    def objects(self) -> list[str]:
        """Return what there is of the deployment but for pods: ``Deployment web``."""
        kinds = [kind for kind in _KINDS if kind not in _MADE_BY_OTHERS]
        return sorted(f"{kind} {self.short(one['metadata']['name'])}" for kind in kinds for one in self.items(kind))

    def versions(self) -> dict[str, str]:
        """Return which states of which objects there are: the same as before means that nothing was written."""
        return {
            f"{kind} {one['metadata']['name']}": f"{one['metadata']['uid']} {one['metadata'].get('generation')}"
            for kind in _KINDS
            for one in self.items(kind)
        }

    def get(self, kind: str, name: str = "") -> dict[str, Any] | None:
        """Return an object of the deployment, or None; without a name, the one that is called as the deployment."""
        return self.cluster.find(self.path(kind, f"{self.name}-{name}" if name else self.name))

    def patch(self, kind: str, name: str, body: Mapping[str, Any]) -> None:
        """Change an object of the deployment."""
        self.cluster.patch(self.path(kind, f"{self.name}-{name}"), body)

    def pods(self, service: str) -> list[dict[str, Any]]:
        """Return the pods of a service that are not about to end."""
        return [
            one
            for one in self.items("Pod")
            if service in self._services(one) and "deletionTimestamp" not in one["metadata"]
        ]

    def _services(self, pod: Mapping[str, Any]) -> tuple[str, str]:
        """Return what a pod is of: in a project the service, else what our manifests put into ``app``."""
        labels = pod["metadata"]["labels"]
        return labels.get("app.kubernetes.io/name", ""), self.short(labels.get("app", ""))

    def ids(self, *services: str) -> dict[str, list[str]]:
        """Return which pods the services have."""
        return {name: sorted(one["metadata"]["uid"] for one in self.pods(name)) for name in services}

    def ready(self, service: str) -> int:
        """Return how many pods of a service are ready."""
        return sum(map(is_ready, self.pods(service)))

    def crashes(self, service: str) -> bool:
        """Tell whether a pod of a service has ended so often that the kubelet pauses."""
        statuses = [each for one in self.pods(service) for each in one["status"].get("containerStatuses", ())]
        return any(each["state"].get("waiting", {}).get("reason") == "CrashLoopBackOff" for each in statuses)

    def run(self, service: str, *command: str) -> str:
        """Return what a command in a pod of a service prints."""
        pod = next(one for one in self.pods(service) if is_ready(one))
        name, call = pod["metadata"]["name"], self._api.connect_get_namespaced_pod_exec
        return str(
            stream(
                call,
                name,
                self.space.namespace,
                command=list(command),
                stdin=False,
                stdout=True,
                stderr=True,
                tty=False,
                _preload_content=True,
            )
        )

    def fetch(self, service: str, host: str, path: str = "/page", port: int = 80) -> str:
        """Return the page that a pod of a service gets from a web server."""
        script = f"printf 'GET {path} HTTP/1.0\\r\\n\\r\\n' | nc -w 5 {host} {port}"
        return self.run(service, "sh", "-c", script).partition("\r\n\r\n")[2]

    def everything(self) -> str:
        """Return all that the namespace holds but for Secrets, as text."""
        kinds = [kind for kind in (*_KINDS, "Event") if kind != "Secret"]
        return json.dumps([self.cluster.items(self.path(kind)) for kind in kinds])

    def provide(self, *claims: str) -> None:
        """Make storage for claims of the deployment, as an administrator does where nothing else provides it."""
        for claim in claims:
            name = f"{self.name}-{claim}"
            spec = {
                "capacity": {"storage": "2Gi"},
                "accessModes": ["ReadWriteOnce"],
                "persistentVolumeReclaimPolicy": "Retain",
                "hostPath": {"path": new_folder(name), "type": "DirectoryOrCreate"},
                "claimRef": {"namespace": self.space.namespace, "name": name},
            }
            labels = {LABEL: RUN, f"{LABEL}-of": self.name}
            metadata = {"name": name, "labels": labels}
            self.cluster.create({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata, "spec": spec})

    def clear(self) -> None:
        """Delete all that belongs to the deployment, and the storage that was made for it."""
        for kind in _KINDS:
            for one in self.items(kind):
                self.cluster.delete(self.path(kind, one["metadata"]["name"]), grace=0)
        self.cluster.delete(path_of("v1", "PersistentVolume"), labels={f"{LABEL}-of": self.name})
        poll(lambda: not any(map(self.items, _KINDS)), f"all of {self.name} is deleted", seconds=PATIENCE)
