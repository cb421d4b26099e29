# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation on the fake cluster: the life of each kind, all that reads, a deployment's life and an account's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    POD,
    STATEFUL_SET,
    VOLUME_CLAIM,
)
from ansible_collections.nekzus.runtime.tests.unit.contract.account_deeds import Account
from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import SECRET, Deed, Ended, Stage
from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend
from ansible_collections.nekzus.runtime.tests.unit.contract.project_deeds import LINES, NAME, Part, Project, reading
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod, workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.tests.unit.contract.chaos import Verdict

COUNT = 2
REMEMBERED = "nekzus.io/replicas"
FLOCK = ((DEPLOYMENT, "flock-1"), (STATEFUL_SET, "flock-2"))
_ENV = (f"API_TOKEN={SECRET}",)
Workload = tuple[Any, str]


class KubernetesDeeds:
    """A cluster with a workload of each kind, some to be changed at once, and a pod to read."""

    def __init__(self) -> None:
        """Have them."""
        self.backend = KubernetesBackend()
        self.stage = Stage(self.backend)
        self._cluster = self.backend.cluster
        self._pod: dict[str, str] = {}
        self._uids: set[str] = set()
        self._generation = 0

    def have(self, *workloads: Workload) -> None:
        """Have workloads of some names."""
        for resource, name in workloads:
            self._cluster.add(resource, workload(resource, name, replicas=COUNT, env=_ENV))

    def deployment(self) -> list[Deed]:
        """Return the life of a Deployment, in an order in which one deed prepares the next."""
        self.have((DEPLOYMENT, "target"))
        return self._replicated(DEPLOYMENT, "target", "deployment")

    def stateful_set(self) -> list[Deed]:
        """Return the life of a StatefulSet, likewise."""
        self.have((STATEFUL_SET, "store"))
        return self._replicated(STATEFUL_SET, "store", "stateful set")

    def several(self) -> list[Deed]:
        """Return what is done to several at once."""
        self.have(*FLOCK)
        return [
            self._scaled("stop several", "stopped", *FLOCK),
            self._scaled("start several", "started", *FLOCK),
            self._foretold("predict a stop of several", *FLOCK),
        ]

    def others(self) -> list[Deed]:
        """Return what is done to what has no count, and all that reads."""
        self.have((DAEMON_SET, "daemon"), (CRON_JOB, "nightly"))
        self._cluster.add(POD, pod("reader", env=_ENV), life=Life(logs="".join(f"{line}\n" for line in LINES)))
        return [
            self._rolled("restart daemon set", DAEMON_SET, "daemon"),
            self._suspended("suspend cron job", "stopped", before=False),
            self._suspended("resume cron job", "started", before=True),
            Deed(
                "restart lone pod",
                "nekzus_container",
                lambda: {"name": "default/lone", "state": "restarted"},
                self._alone,
                self._made_again,
                changes=True,
                repeats=False,
            ),
            *reading("default/reader"),
            Deed("runtime info", "nekzus_runtime_info", dict, lambda: None, _version_told),
            Deed("permissions", "nekzus_runtime_info", _asking, lambda: None, _allowed),
        ]

    def project(self) -> list[Deed]:
        """Return the life of a deployment."""
        return Project(self.stage, self._parts, lambda: self._ids(VOLUME_CLAIM)).deeds()

    def account(self) -> list[Deed]:
        """Return the life of an account."""
        return Account(self.stage, self._cluster).deeds()

    # Counts.

    def _replicated(self, resource: Resource, name: str, noun: str) -> list[Deed]:
        one = (resource, name)
        return [
            self._scaled(f"stop {noun}", "stopped", one),
            self._scaled(f"start {noun}", "started", one),
            self._rolled(f"restart {noun}", resource, name),
            Deed(
                f"restart pod of {noun}",
                "nekzus_container",
                lambda: {"name": self._pod[name], "state": "restarted"},
                lambda: self._note_pod(resource, name),
                self._replaced(resource, name),
                changes=True,
            ),
            self._scaled(f"stop {noun} by pod", "stopped", one, by_pod=True),
            self._scaled(f"start {noun} by pod", "started", one, by_pod=True),
        ]

    def _scaled(self, title: str, state: str, *workloads: Workload, by_pod: bool = False) -> Deed:
        def prepare() -> None:
            for resource, name in workloads:
                # The pod of a stopped one is one that it had.
                if by_pod and (state == "stopped" or name not in self._pod):
                    self._note_pod(resource, name)
                self._bring(resource, name, stopped=state == "started")

        def options() -> Mapping[str, Any]:
            names = [self._pod[name] if by_pod else _address(resource, name) for resource, name in workloads]
            return {"names": names, "state": state, "wait_timeout": 60}

        def verdict(ended: Ended) -> str:
            said = {one["address"] for one in ended.result.get("results", ()) if one["success"]}
            wrong = []
            for resource, name in workloads:
                is_done = ended.done or f"kubernetes/{_address(resource, name)}" in said
                wrong.append(self._count(resource, name, state if is_done else ""))
            return "; ".join(filter(None, wrong))

        return Deed(title, "nekzus_container", options, prepare, verdict, changes=True)

    def _foretold(self, title: str, *workloads: Workload) -> Deed:
        stop = self._scaled(title, "stopped", *workloads)

        def verdict(ended: Ended) -> str:
            wrong = [self._count(resource, name, "started") for resource, name in workloads]
            told = [one["state_after"] for one in _results(ended)]
            is_foretold = not ended.done or told == ["stopped"] * len(workloads)
            return "; ".join(filter(None, (*wrong, "" if is_foretold else f"foretold: {told}")))

        return replace(stop, options=lambda: {**stop.options(), "_ansible_check_mode": True}, verdict=verdict)

    def _bring(self, resource: Resource, name: str, *, stopped: bool) -> None:
        kept, count = (str(COUNT), 0) if stopped else (None, COUNT)
        body = {"metadata": {"annotations": {REMEMBERED: kept}}, "spec": {"replicas": count}}
        self._cluster.edit(resource, name, body)

    def _count(self, resource: Resource, name: str, state: str) -> str:
        """Return what is wrong with the count of one that is said to be in a state, if it is said."""
        found = self._cluster.document(resource, name)
        count, kept = found["spec"]["replicas"], found["metadata"]["annotations"].get(REMEMBERED)
        if count != COUNT and (count, kept) != (0, str(COUNT)):
            return f"the count of {name} is lost: {count} wanted, {kept} remembered"
        wanted = 0 if state == "stopped" else COUNT
        return f"{name} is said to be {state}, {count} are wanted" if state and count != wanted else ""

    # Pods.

    def _note_pod(self, resource: Resource, name: str) -> None:
        self._bring(resource, name, stopped=False)
        self.stage.task("nekzus_container", name=_address(resource, name), state="started")
        first = self._cluster.pods_of(name)[0]
        self._pod[name], self._uids = f"default/{first}", {self._cluster.document(POD, first)["metadata"]["uid"]}

    def _replaced(self, resource: Resource, name: str) -> Verdict:
        def verdict(ended: Ended) -> str:
            same = ended.done and self._uids & self._living(name)
            return self._count(resource, name, "") or ("it is still the same pod" if same else "")

        return verdict

    def _living(self, name: str) -> set[str]:
        found = [self._cluster.document(POD, one)["metadata"] for one in self._cluster.pods_of(name)]
        return {one["uid"] for one in found if "deletionTimestamp" not in one}

    def _rolled(self, title: str, resource: Resource, name: str) -> Deed:
        def prepare() -> None:
            if resource != DAEMON_SET:
                self._bring(resource, name, stopped=False)
            self._generation = self._cluster.document(resource, name)["metadata"]["generation"]

        def verdict(ended: Ended) -> str:
            same = self._cluster.document(resource, name)["metadata"]["generation"] == self._generation
            wrong = "" if resource == DAEMON_SET else self._count(resource, name, "restarted" if ended.done else "")
            return wrong or ("it has not been rolled out" if same and ended.done else "")

        def options() -> Mapping[str, Any]:
            return {"name": _address(resource, name), "state": "restarted", "wait_timeout": 60}

        return Deed(title, "nekzus_container", options, prepare, verdict, changes=True)

    def _suspended(self, title: str, state: str, *, before: bool) -> Deed:
        def verdict(ended: Ended) -> str:
            is_so = self._cluster.document(CRON_JOB, "nightly")["spec"]["suspend"] is before
            return f"said to be {state}, it is not" if ended.done and is_so else ""

        return Deed(
            title,
            "nekzus_container",
            lambda: {"name": _address(CRON_JOB, "nightly"), "state": state},
            lambda: self._cluster.edit(CRON_JOB, "nightly", {"spec": {"suspend": before}}),
            verdict,
            changes=True,
        )

    def _alone(self) -> None:
        if not self._cluster.store.find(POD, "default", "lone"):
            self._cluster.add(POD, pod("lone"))
        self._uids = {self._cluster.document(POD, "lone")["metadata"]["uid"]}

    def _made_again(self, ended: Ended) -> str:
        """Return what is wrong: whoever deletes the pod makes it again, or hands over what it was."""
        self._cluster.settle()
        found = self._cluster.store.find(POD, "default", "lone")
        if found is None:
            handed = [((one.get("failure") or {}).get("details") or {}).get("manifest") for one in _results(ended)]
            return "" if not ended.done and any(handed) else "it is lost"
        same = found["metadata"]["uid"] in self._uids
        return "it is still the same pod" if same and ended.done else ""

    # A deployment.

    def _parts(self) -> list[Part]:
        self._cluster.settle()
        found = [one for one in self._cluster.store.all(DEPLOYMENT) if _is_ours(one)]
        return sorted(_part(one) for one in found)

    def _ids(self, resource: Resource) -> set[str]:
        return {str(one["metadata"]["uid"]) for one in self._cluster.store.all(resource)}


def _address(resource: Resource, name: str) -> str:
    return f"default/{resource.kind.lower()}/{name}"


def _results(ended: Ended) -> list[Mapping[str, Any]]:
    return list(ended.result.get("results", ()))


def _is_ours(document: Mapping[str, Any]) -> bool:
    return bool(document["metadata"].get("labels", {}).get("nekzus.io/service") == NAME)


def _part(document: Mapping[str, Any]) -> Part:
    (container,) = document["spec"]["template"]["spec"]["containers"]
    colour = next((str(one["value"]) for one in container.get("env", ()) if one["name"] == "COLOUR"), "")
    return Part(container["name"], document["spec"]["replicas"] == 1, colour)


def _asking() -> Mapping[str, Any]:
    return {"namespaces": ["default"], "features": [Feature.STATS]}


def _version_told(ended: Ended) -> str:
    return "" if not ended.done or ended.result["told"]["version"] == "1.34.0" else f"told {ended.result['told']}"


def _allowed(ended: Ended) -> str:
    if not ended.done:
        return ""
    denied = [one for one in ended.result["told"]["operations"] if one["allowed"] is False]
    return f"said to be denied: {denied}" if denied else ""
