# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done to workloads of a cluster, by their names and by those of their pods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Callable

from .cluster import path_of
from .deeds import SECRET, Deed, done, foretold
from .manifests import cron_job, daemon_set, deployment, pod, pod_spec, stateful_set
from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome

    from .deeds import Verdict
    from .space import Space

MODULE = "nekzus_container"
COUNT = 2
REMEMBERED = "nekzus.io/replicas"
FLOCK = (("Deployment", "flock-1"), ("StatefulSet", "flock-2"))
LONE = "lone"
# Neither a scheduler nor a kubelet has work with its pods.
_NOBODYS = {"schedulerName": "nobody"}
# The first version whose server knows the stable kind.
_STABLE_CRON_JOBS = (1, 21)


class Herd:
    """A workload of each kind, some to be changed at once, and a pod that nothing controls."""

    def __init__(self, space: Space) -> None:
        """Take where, and make what is not there."""
        self._space = space
        self._cron = "batch/v1" if space.cluster.version >= _STABLE_CRON_JOBS else "batch/v1beta1"
        self._pod: dict[str, str] = {}
        self._uids: set[str] = set()
        self._generation = 0
        spec = pod_spec(pod=_NOBODYS, env=[{"name": "API_TOKEN", "value": SECRET}])
        daemon = daemon_set("daemon")
        daemon["spec"]["template"]["spec"] = spec
        for manifest in (
            deployment("target", COUNT, spec),
            stateful_set("store", COUNT, spec),
            daemon,
            cron_job("nightly", self._cron),
            deployment("flock-1", COUNT, spec),
            stateful_set("flock-2", COUNT, spec),
        ):
            if space.cluster.find(self._path(manifest["kind"], manifest["metadata"]["name"])) is None:
                space.make(manifest)

    def deeds(self) -> list[Deed]:
        """Return the lives of all of them."""
        return [
            *self._replicated("Deployment", "target", "deployment"),
            *self._replicated("StatefulSet", "store", "stateful set"),
            self._scaled("stop several", "stopped", FLOCK),
            self._scaled("start several", "started", FLOCK),
            self._foretold("predict a stop of several", FLOCK),
            self._rolled("restart daemon set", "DaemonSet", "daemon"),
            self._suspended("suspend cron job", "stopped", before=False),
            self._suspended("resume cron job", "started", before=True),
            Deed("restart lone pod", MODULE, self._alone, self._made_again, changes=True, repeats=False),
        ]

    def harms(self) -> Mapping[str, Callable[[], None]]:
        """Return what nobody may do during a deed, by its name."""

        def scale(kind: str, name: str, count: int) -> Callable[[], None]:
            path = self._path(kind, name)

            def harm() -> None:
                self._space.cluster.patch(path, {"spec": {"replicas": count}})

            return harm

        return {
            "stop deployment": scale("Deployment", "target", 0),
            "restart pod of stateful set": scale("StatefulSet", "store", 1),
            "stop several": scale("StatefulSet", "flock-2", 0),
            "restart lone pod": lambda: self._space.cluster.delete(self._path("Pod", LONE), grace=0),
        }

    def _replicated(self, kind: str, name: str, noun: str) -> list[Deed]:
        one = ((kind, name),)
        return [
            self._scaled(f"stop {noun}", "stopped", one),
            self._scaled(f"start {noun}", "started", one),
            self._rolled(f"restart {noun}", kind, name),
            Deed(f"restart pod of {noun}", MODULE, self._by_pod(kind, name), self._replaced(kind, name), changes=True),
            self._scaled(f"stop {noun} by pod", "stopped", one, by_pod=True),
            self._scaled(f"start {noun} by pod", "started", one, by_pod=True),
        ]

    # Counts.

    def _scaled(self, name: str, state: str, workloads: tuple[tuple[str, str], ...], *, by_pod: bool = False) -> Deed:
        def prepare() -> Mapping[str, Any]:
            for kind, one in workloads:
                # The pod of a stopped one is one that it had.
                if by_pod and (state == "stopped" or one not in self._pod):
                    self._by_pod(kind, one)()
                self._bring(kind, one, stopped=state == "started")
            names = [self._pod[one] if by_pod else self._address(kind, one) for kind, one in workloads]
            return {"names": names, "state": state, "wait": False}

        return Deed(name, MODULE, prepare, self._counts(state, workloads), changes=True)

    def _counts(self, state: str, workloads: tuple[tuple[str, str], ...]) -> Verdict:
        """Return the verdict on counts: none is lost, and they are what they are said to be."""

        def verdict(outcome: Outcome) -> str:
            said = {one["address"] for one in outcome.result.get("results", ()) if one["success"]}
            wrong = []
            for kind, name in workloads:
                is_done = done(outcome) or f"kubernetes/{self._address(kind, name)}" in said
                wrong.append(self._count(kind, name, state if is_done else ""))
            return "; ".join(filter(None, wrong))

        return verdict

    def _count(self, kind: str, name: str, state: str) -> str:
        """Return what is wrong with the count of one that is said to be in a state, if it is said."""
        found = self._space.cluster.find(self._path(kind, name))
        if found is None:
            return f"{name} is gone"
        count, kept = found["spec"]["replicas"], (found["metadata"].get("annotations") or {}).get(REMEMBERED)
        if count != COUNT and (count, kept) != (0, str(COUNT)):
            return f"the count of {name} is lost: {count} wanted, {kept} remembered"
        wanted = 0 if state == "stopped" else COUNT
        return f"{name} is said to be {state}, {count} are wanted" if state and count != wanted else ""

    def _foretold(self, name: str, workloads: tuple[tuple[str, str], ...]) -> Deed:
        stop = self._scaled(name, "stopped", workloads)

        def verdict(outcome: Outcome) -> str:
            wrong = [self._count(kind, one, "started") for kind, one in workloads]
            return "; ".join(filter(None, (*wrong, foretold(outcome, "stopped", len(workloads)))))

        return replace(stop, prepare=lambda: {**stop.prepare(), "_ansible_check_mode": True}, verdict=verdict)

    def _bring(self, kind: str, name: str, *, stopped: bool) -> None:
        """Have it wanted as often as at first, or stopped, with the count remembered."""
        kept, count = (str(COUNT), 0) if stopped else (None, COUNT)
        body = {"metadata": {"annotations": {REMEMBERED: kept}}, "spec": {"replicas": count}}
        self._generation = int(self._space.cluster.patch(self._path(kind, name), body)["metadata"]["generation"])

    # Pods.

    def _by_pod(self, kind: str, name: str) -> Callable[[], Mapping[str, Any]]:
        def prepare() -> Mapping[str, Any]:
            self._bring(kind, name, stopped=False)
            pods: list[dict[str, Any]] = []

            def are_there() -> bool:
                # A controller that has not seen the count yet may be about to delete what there is.
                status = self._space.get(kind, name)["status"]
                pods[:] = self._living(name)
                return int(status.get("observedGeneration", 0)) >= self._generation and len(pods) >= COUNT

            poll(are_there, f"{name} has its pods")
            self._pod[name] = f"{self._space.namespace}/{pods[0]['metadata']['name']}"
            self._uids = {str(pods[0]["metadata"]["uid"])}
            return {"name": self._pod[name], "state": "restarted", "wait": False}

        return prepare

    def _living(self, name: str) -> list[dict[str, Any]]:
        return [one for one in self._space.pods(name) if "deletionTimestamp" not in one["metadata"]]

    def _replaced(self, kind: str, name: str) -> Verdict:
        """Return the verdict on the restart of a pod: it is not there any more, and the count is what it was."""

        def verdict(outcome: Outcome) -> str:
            wrong = self._count(kind, name, "")
            old = self._uids & {str(one["metadata"]["uid"]) for one in self._living(name)}
            return wrong or ("it is still the same pod" if old and done(outcome) else "")

        return verdict

    def _rolled(self, deed: str, kind: str, name: str) -> Deed:
        def prepare() -> Mapping[str, Any]:
            if kind == "DaemonSet":
                self._generation = int(self._space.get(kind, name)["metadata"]["generation"])
            else:
                self._bring(kind, name, stopped=False)
            return {"name": self._address(kind, name), "state": "restarted", "wait": False}

        def verdict(outcome: Outcome) -> str:
            wrong = "" if kind == "DaemonSet" else self._count(kind, name, "restarted" if done(outcome) else "")
            same = int(self._space.get(kind, name)["metadata"]["generation"]) == self._generation
            return wrong or ("it has not been rolled out" if same and done(outcome) else "")

        return Deed(deed, MODULE, prepare, verdict, changes=True)

    def _suspended(self, deed: str, state: str, *, before: bool) -> Deed:
        path = self._path("CronJob", "nightly")

        def prepare() -> Mapping[str, Any]:
            self._space.cluster.patch(path, {"spec": {"suspend": before}})
            return {"name": self._address("CronJob", "nightly"), "state": state, "wait": False}

        def verdict(outcome: Outcome) -> str:
            found = self._space.cluster.find(path)
            if found is None:
                return "it is gone"
            is_so = found["spec"].get("suspend", False) is before
            return f"said to be {state}, it is not" if done(outcome) and is_so else ""

        return Deed(deed, MODULE, prepare, verdict, changes=True)

    def _alone(self) -> Mapping[str, Any]:
        found = self._space.cluster.find(self._path("Pod", LONE))
        if found is None:
            self._space.make(pod(LONE, pod_spec(pod=_NOBODYS)))
            found = self._space.get("Pod", LONE)
        self._uids = {str(found["metadata"]["uid"])}
        return {"name": f"{self._space.namespace}/{LONE}", "state": "restarted", "wait": False}

    def _made_again(self, outcome: Outcome) -> str:
        """Return what is wrong: whoever deletes the pod makes it again, or hands over what it was."""
        found = self._space.cluster.find(self._path("Pod", LONE))
        if found is None:
            return "" if not done(outcome) and _handed_over(outcome) else "it is lost"
        same = str(found["metadata"]["uid"]) in self._uids
        return "it is still the same pod" if same and done(outcome) else ""

    def _address(self, kind: str, name: str) -> str:
        return f"{self._space.namespace}/{kind.lower()}/{name}"

    def _path(self, kind: str, name: str) -> str:
        if kind == "CronJob":
            return path_of(self._cron, kind, self._space.namespace, name)
        return self._space.path(kind, name)


def _handed_over(outcome: Outcome) -> bool:
    """Tell whether a failure has the manifest of the pod that is gone."""
    found = [one.get("failure") or {} for one in outcome.result.get("results", ())]
    manifests = [(one.get("details") or {}).get("manifest") for one in found]
    return any(one and one["metadata"]["name"] == LONE and one["spec"]["containers"] for one in manifests)
