# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster in memory: its objects, its controllers and its kubelet, which work as the fake clock says."""

from __future__ import annotations

import heapq
import math
from itertools import count
from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    ACCESS_REVIEW,
    AUTOSCALER,
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    EVENT,
    INGRESS,
    NAMESPACE,
    NODE,
    POD,
    POD_METRICS,
    ROLE,
    ROLE_BINDING,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    VOLUME_CLAIM,
    WORKLOADS,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import number, text
from ansible_collections.nekzus.runtime.tests.unit.fakes import kubernetes_objects as objects
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_controllers import Controllers, Hands
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_metrics import Meter
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import HEALTHY, NODE_NAME, Kubelet, Life, Step
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import Document, Store, copied, stamp
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock

KINDS = (
    *(POD, *WORKLOADS, NAMESPACE, NODE, EVENT, AUTOSCALER, ACCESS_REVIEW, POD_METRICS),
    *(SERVICE, CONFIG_MAP, VOLUME_CLAIM, INGRESS),
    *(SERVICE_ACCOUNT, SECRET, ROLE, ROLE_BINDING, CLUSTER_ROLE, CLUSTER_ROLE_BINDING),
    *(CONFIG_MAP, SERVICE, VOLUME_CLAIM, INGRESS),
    *(objects.ROLLOUT, objects.DATABASE),
)
# What the API server gives a pod that does not say it.
GRACE = 30


class Cluster:
    """The objects and what becomes of them. ``served`` are the kinds it has, by API version and plural."""

    def __init__(self, clock: FakeClock) -> None:
        """Begin with the namespaces that every cluster has, and a node."""
        self.clock = clock
        self.store = Store()
        self.served = {f"{one.api_version}/{one.plural}" for one in KINDS}
        self.meter = Meter()
        self.tokens = Tokens(clock)
        self.lives: dict[tuple[str, str], Life] = {}
        self._moment = clock.monotonic()
        self._queue: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._reconciled = -1
        self._frozen = False
        hands = Hands(self.store, self.create, self.delete, self._look_again, lambda: self._moment)
        self._controllers = Controllers(hands)
        for name in ("default", "kube-system"):
            self.store.add(NAMESPACE, {"metadata": {"name": name}}, moment=self._moment)
        self.store.add(NODE, objects.node(NODE_NAME), moment=self._moment)

    @property
    def next_event(self) -> float:
        """The moment when something will happen by itself."""
        return self._queue[0][0] if self._queue else math.inf

    def settle(self, *, age: float = 0) -> None:
        """Let happen all that happens until now, from so many seconds ago on."""
        now = self.clock.monotonic()
        self._moment = now - age
        self._reconcile()
        while self._queue and self._queue[0][0] <= now:
            at, _order, happen = heapq.heappop(self._queue)
            self._moment = max(at, self._moment)
            happen()
            self._reconcile()
        self._moment = now

    # The hands of someone else, whose requests are not counted.

    def add(
        self, resource: Resource, document: Mapping[str, Any], *, life: Life | None = None, age: float = 100
    ) -> Document:
        """Have an object that has been there for some seconds; pods so named live as the script says."""
        metadata = document["metadata"]
        if life:
            self.lives[metadata.get("namespace", ""), metadata["name"]] = life
        self.create(resource, document, age=age)
        self.settle(age=age)
        return self.document(resource, metadata["name"], metadata.get("namespace", ""))

    def document(self, resource: Resource, name: str, namespace: str = "default") -> Document:
        """Return an object as it is now."""
        self.settle()
        found = self.store.find(resource, namespace, name)
        assert found, f"there is no {resource.rule} {namespace}/{name}"
        return copied(found)

    def edit(self, resource: Resource, name: str, patch: Mapping[str, Any], namespace: str = "default") -> None:
        """Merge a patch into an object."""
        self.store.change(resource, self.document(resource, name, namespace), patch)
        self.settle()

    def remove(self, resource: Resource, name: str, namespace: str = "default") -> None:
        """Delete an object and what it controls, at once."""
        self.delete(resource, self.document(resource, name, namespace), 0)
        self.settle()

    def freeze(self) -> None:
        """Let the controllers do nothing any more."""
        self._frozen = True

    def pods_of(self, name: str, namespace: str = "default") -> list[str]:
        """Return the names of the pods that a workload of that name has made and that are there."""
        self.settle()
        found = self.store.all(POD, namespace)
        return [text(one, "metadata", "name") for one in found if text(one, "metadata", "labels", "run") == name]

    # What the API server, the controllers and the kubelet do.

    def create(self, resource: Resource, document: Mapping[str, Any], *, age: float = 0) -> Document:
        """Store an object; a pod begins to live."""
        if age:
            self._moment = self.clock.monotonic() - age
        document = objects.filled(resource, document, count=self.store.version)
        added = self.store.add(resource, document, moment=self._moment)
        if resource == POD:
            self._live(added)
        if resource == SECRET:
            added = self.tokens.fill(self.store, added)
        return added

    def delete(self, resource: Resource, document: Mapping[str, Any], grace: int | None = None) -> None:
        """Delete an object and what it controls; a pod gets the time it takes to end."""
        if resource != POD:
            self.store.remove(resource, document)
            for kind in KINDS:
                for dependent in self.store.owned(kind, document):
                    self.delete(kind, dependent)
            return
        own = number(document, "spec", "terminationGracePeriodSeconds")
        seconds = grace if grace is not None else (GRACE if own is None else own)
        if not text(document, "metadata", "deletionTimestamp"):
            times = {"deletionTimestamp": stamp(self._moment + seconds), "deletionGracePeriodSeconds": seconds}
            document = self.store.change(POD, document, {"metadata": times})
        self._later(min(seconds, self.life_of(document).terminates_after), lambda: self._end(document))

    def life_of(self, pod: Mapping[str, Any]) -> Life:
        """Return the script of a pod: the one of the longest beginning of its name."""
        namespace, name = text(pod, "metadata", "namespace"), text(pod, "metadata", "name")
        known = [key for key in self.lives if key[0] == namespace and f"{name}-".startswith(f"{key[1]}-")]
        return self.lives[max(known, key=lambda key: len(key[1]))] if known else HEALTHY

    def _reconcile(self) -> None:
        while self._reconciled != self.store.version and not self._frozen:
            self._reconciled = self.store.version
            self._controllers.reconcile()

    def _live(self, pod: Document) -> None:
        steps = Kubelet(self.life_of(pod), pod, born=self._moment).steps()
        born, uid = self._moment, pod["metadata"]["uid"]
        namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]

        def go_on() -> None:
            following = next(steps, None)
            if following:
                self._later(born + following[0] - self._moment, lambda: report(following[1]))

        def report(step: Step) -> None:
            current = self.store.find(POD, namespace, name)
            if not current or current["metadata"]["uid"] != uid:
                return
            if "containerStatuses" in step.status and not text(current, "spec", "nodeName"):
                current = self.store.change(POD, current, {"spec": {"nodeName": NODE_NAME}})
            self.store.set_status(POD, current, step.status)
            if step.event:
                self._tell(current, *step.event)
            go_on()

        self.store.set_status(POD, pod, {"phase": "Pending"})
        go_on()

    def _end(self, pod: Mapping[str, Any]) -> None:
        current = self.store.find(POD, pod["metadata"]["namespace"], pod["metadata"]["name"])
        if current and current["metadata"]["uid"] == pod["metadata"]["uid"]:
            self.store.remove(POD, current)

    def _tell(self, about: Document, reason: str, message: str) -> None:
        told = objects.event(about, reason, message, at=stamp(self._moment))
        known = self.store.find(EVENT, about["metadata"]["namespace"], told["metadata"]["name"])
        if known:
            self.store.change(EVENT, known, {"count": known["count"] + 1, "lastTimestamp": told["lastTimestamp"]})
        else:
            self.store.add(EVENT, told, moment=self._moment)

    def _look_again(self, seconds: float) -> None:
        def wake() -> None:
            self._reconciled = -1

        self._later(seconds, wake)

    def _later(self, seconds: float, happen: Callable[[], None]) -> None:
        heapq.heappush(self._queue, (self._moment + max(seconds, 0), next(self._order), happen))
