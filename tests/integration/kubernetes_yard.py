# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The containers of one test on Kubernetes: what is a container elsewhere is a Deployment of one replica here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .manifests import deployment, pod_spec, stateful_set
from .space import PATIENCE, is_ready
from .yard import LABEL, LIVES, RUN, poll, prefix_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .space import Space

_KINDS = ("Deployment", "StatefulSet", "ReplicaSet", "Pod")


class KubernetesYard:
    """A Yard in a namespace."""

    def __init__(self, space: Space, key: str) -> None:
        """Take the namespace and what tells the test apart from all others."""
        self._space = space
        self.prefix = prefix_of(key)

    def run(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make Deployments of one replica, side by side, and wait until all are ready."""
        self._make(names, 1, script, spec)
        poll(
            lambda: all(self._ready(name) for name in names),
            f"{', '.join(names)} of {self.prefix} run",
            seconds=PATIENCE,
        )

    def create(self, *names: str, script: str = LIVES, **spec: Any) -> None:
        """Make Deployments of no replicas."""
        self._make(names, 0, script, spec)

    def name(self, name: str) -> str:
        """Return the name of the Deployment."""
        return f"{self.prefix}-{name}"

    def id(self, name: str) -> str:
        """Return the name of the Deployment, which is all that tells it apart."""
        return self.name(name)

    def state(self, name: str) -> str:
        """Ask the cluster."""
        return self.states().get(name, "gone")

    def states(self) -> dict[str, str]:
        """Ask the cluster for all."""
        pods = self._pods()
        return {
            self._short(one): _state(one, pods.get(str(one["metadata"]["name"]), []))
            for one in self._items("Deployment")
        }

    def runs(self) -> dict[str, str]:
        """Ask the cluster for all: the pods and when their containers started."""
        return {
            name.removeprefix(f"{self.prefix}-"): " ".join(sorted(map(_run, pods)))
            for name, pods in self._pods().items()
        }

    def several(self) -> str:
        """Make a Deployment and a StatefulSet of one name, and return that."""
        name = self.name("double")
        self._space.make(self._labelled(deployment(name, 0)), self._labelled(stateful_set(name, 0)))
        return name

    def remove(self, *names: str) -> None:
        """Delete Deployments, and wait until their pods are gone."""
        for name in names:
            self._delete({"app": self.name(name)})
        poll(
            lambda: not any(self._space.pods(self.name(name)) for name in names), "the pods are gone", seconds=PATIENCE
        )

    def clear(self) -> None:
        """Delete whatever has the label of the test, and wait until it is gone."""
        self._delete({f"{LABEL}-of": self.prefix})
        poll(lambda: not any(map(self._items, _KINDS)), f"all of {self.prefix} is deleted", seconds=PATIENCE)

    def _delete(self, labels: Mapping[str, str]) -> None:
        """Delete what has these labels, from the top: the cluster would do so by itself, some time."""
        for kind in _KINDS:
            self._space.cluster.delete(self._space.path(kind), grace=0, labels=labels)

    def _make(self, names: tuple[str, ...], replicas: int, script: str, spec: Mapping[str, Any]) -> None:
        unknown = set(spec) - {"arguments", "environment", "labels", "volumes"}
        assert not unknown, f"on Kubernetes there is no {unknown}"
        self._space.make(
            *(self._labelled(deployment(self.name(name), replicas, _pod_spec(script, spec)), spec) for name in names)
        )

    def _labelled(self, manifest: dict[str, Any], spec: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Put the labels on the workload, and on its pods."""
        labels = {LABEL: RUN, f"{LABEL}-of": self.prefix, **(spec or {}).get("labels", {})}
        manifest["metadata"]["labels"].update(labels)
        manifest["spec"]["template"]["metadata"]["labels"].update(labels)
        return manifest

    def _ready(self, name: str) -> bool:
        return self._space.ready(self.name(name)) == 1

    def _items(self, kind: str) -> list[dict[str, Any]]:
        return self._space.cluster.items(self._space.path(kind), {f"{LABEL}-of": self.prefix})

    def _pods(self) -> dict[str, list[dict[str, Any]]]:
        pods: dict[str, list[dict[str, Any]]] = {}
        for pod in self._items("Pod"):
            pods.setdefault(str(pod["metadata"]["labels"]["app"]), []).append(pod)
        return pods

    def _short(self, item: Mapping[str, Any]) -> str:
        return str(item["metadata"]["name"]).removeprefix(f"{self.prefix}-")


def _pod_spec(script: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pod that runs a script with what Docker's words ask for: arguments, environment, volumes."""
    mounts = {f"volume-{number}": item for number, item in enumerate(spec.get("volumes", {}).items())}
    made = pod_spec(
        script,
        env=[{"name": key, "value": value} for key, value in spec.get("environment", {}).items()],
        volumeMounts=[
            {"name": name, "mountPath": mount["bind"], "readOnly": mount["mode"] == "ro"}
            for name, (_source, mount) in mounts.items()
        ],
        pod={"volumes": [{"name": name, "hostPath": {"path": source}} for name, (source, _mount) in mounts.items()]},
    )
    made["containers"][0]["args"].extend(spec.get("arguments", ()))
    return made


def _state(workload: Mapping[str, Any], pods: list[dict[str, Any]]) -> str:
    if not workload["spec"]["replicas"]:
        return "stopping" if pods else "stopped"
    return "running" if len(pods) == 1 and is_ready(pods[0]) else "starting"


def _run(pod: Mapping[str, Any]) -> str:
    started = (str(one["state"].get("running", {}).get("startedAt")) for one in pod["status"]["containerStatuses"])
    return " ".join((str(pod["metadata"]["uid"]), *started))
