# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes backend under test: a container is a Deployment in the default namespace and the one pod it has."""

from __future__ import annotations

import math
from threading import Barrier
from typing import TYPE_CHECKING, Any, Callable, ClassVar

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    POD,
    SECRET,
    SERVICE,
    VOLUME_CLAIM,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import KubernetesRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import read_workload
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import moment_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import (
    Contest,
    Costs,
    Trait,
    Transition,
    Words,
    meet,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes import kubernetes_objects as objects
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_metrics import MEMORY
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import HEALTHY, Life

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container

_RUNNING, _STOPPED, _PENDING = State.RUNNING, State.STOPPED, State.PENDING
# How long what a test creates has been there, and how long what is pending still takes.
AGE, SOON = 100, 3
_WRITES = ("PATCH", "APPLY", "POST", "DELETE")
_READS = ("GET", "LIST", "WATCH")
# What deployments leave.
_LEFT = (CONFIG_MAP, SECRET, VOLUME_CLAIM, SERVICE, DEPLOYMENT, POD)
# What becomes of a pod without a controller that a list shows.
_PLACED = {
    State.RUNNING: HEALTHY,
    State.STOPPED: Life(exits_after=0),
    State.RESTARTING: Life(exits_after=0, exit_code=1),
    State.PENDING: Life(starts_after=math.inf),
    State.FAILED: Life(evicted=True),
}


class KubernetesBackend:
    """The backend over a FakeKubernetes."""

    traits: ClassVar[frozenset[Trait]] = frozenset((Trait.ACCOUNTS, Trait.COMPOSE))
    transitions: ClassVar[Sequence[Transition]] = (
        Transition(Desired.STARTED, _RUNNING, changed=False, after=_RUNNING),
        Transition(Desired.STARTED, _STOPPED, changed=True, after=_RUNNING),
        Transition(Desired.STARTED, _PENDING, changed=False, after=_RUNNING, unwaited=_PENDING),
        Transition(Desired.STOPPED, _RUNNING, changed=True, after=_STOPPED),
        Transition(Desired.STOPPED, _STOPPED, changed=False, after=_STOPPED),
        Transition(Desired.STOPPED, _PENDING, changed=True, after=_STOPPED),
        Transition(Desired.RESTARTED, _RUNNING, changed=True, after=_RUNNING),
        Transition(Desired.RESTARTED, _STOPPED, changed=True, after=_RUNNING),
        Transition(Desired.RESTARTED, _PENDING, changed=True, after=_RUNNING),
        Transition(Desired.PAUSED, _RUNNING, changed=False, after=_RUNNING, failure="unsupported"),
        Transition(Desired.PAUSED, _STOPPED, changed=False, after=_STOPPED, failure="unsupported"),
        Transition(Desired.PAUSED, _PENDING, changed=False, after=_PENDING, failure="unsupported"),
    )
    contests: ClassVar[Sequence[Contest]] = (
        Contest(Desired.STOPPED, _RUNNING, _PENDING, _STOPPED),
        Contest(Desired.RESTARTED, _STOPPED, _RUNNING, _RUNNING),
    )
    forestalled: ClassVar[Sequence[Contest]] = (
        Contest(Desired.STOPPED, _RUNNING, _STOPPED, _STOPPED),
        Contest(Desired.STARTED, _STOPPED, _RUNNING, _RUNNING),
    )
    # A name is asked for as a pod, then as each kind of workload. A list is one of pods, of each kind of workload
    # (of ReplicaSets their metadata) and of the custom kind that can be scaled, after two documents that tell of it.
    costs: ClassVar[Costs] = Costs(
        names=0,
        name=8,
        crowd=8,
        missing=4,
        select=11,
        again=1,
        wait=2,
        cautions=1,
        rehearsed=frozenset(Desired),
    )
    words: ClassVar[Words] = Words(
        missing="there is no such pod or workload in namespace default",
        restart_loop="CrashLoopBackOff",
        late="it is not running after 30 s, 0/1 ready, pod",
        dead=_PENDING,
    )

    def __init__(self) -> None:
        """Begin with an empty cluster."""
        self.clock = FakeClock()
        self.kubernetes = FakeKubernetes(self.clock)
        self.cluster = self.kubernetes.cluster
        self.runtime: Runtime
        self.reopen()

    def reopen(self, *namespaces: str) -> None:
        """Open the runtime anew, as another task does, keeping to some namespaces."""
        self.runtime = KubernetesRuntime(self.kubernetes, namespaces=namespaces, clock=self.clock)

    def create(self, name: str, state: State | None = None, **properties: Any) -> None:
        """See Backend: what is pending comes up soon, and once it does so does what replaces it."""
        if "cores_used" in properties:
            self.cluster.meter.usage[name] = {"app": (str(properties.pop("cores_used")), MEMORY)}
        life = _life(properties, self.clock)
        scene = Life(starts_after=AGE + SOON) if state is State.PENDING else life
        replicas = 0 if state is State.STOPPED else 1
        document = objects.workload(DEPLOYMENT, name, replicas=replicas, **_labelled(properties))
        self.cluster.add(DEPLOYMENT, document, life=scene, age=AGE)
        self.cluster.lives["default", name] = life

    def place(self, name: str, state: State | None = None, **properties: Any) -> None:
        """See Backend: a pod without a controller."""
        policy = "Never" if state is State.STOPPED else "Always"
        document = objects.pod(name, restart_policy=policy, **_labelled(properties))
        self.cluster.add(POD, document, life=_PLACED[state or State.RUNNING], age=AGE)

    def create_new(self, name: str) -> None:
        """See Backend."""
        self.create(name, State.PENDING)

    def remove(self, name: str) -> None:
        """See Backend."""
        self.cluster.remove(DEPLOYMENT, name)

    def look(self, name: str) -> Container:
        """See Backend."""
        return convert.workload_container(read_workload(DEPLOYMENT, self.cluster.document(DEPLOYMENT, name)))

    def force_state(self, name: str, state: State) -> None:
        """See Backend: scaled, or its pod gone so that another one has to come up."""
        if state is State.PENDING:
            self.cluster.lives["default", name] = Life(starts_after=SOON)
            for pod in self.cluster.pods_of(name):
                self.cluster.remove(POD, pod)
        else:
            self.cluster.edit(DEPLOYMENT, name, {"spec": {"replicas": 0 if state is State.STOPPED else 1}})

    def made_name(self, deployment: str, service: str) -> str:
        """See Backend."""
        return f"{deployment}-{service}"

    def script(self, deployment: str, service: str, **properties: Any) -> None:
        """See Backend."""
        self.cluster.lives["default", self.made_name(deployment, service)] = _life(properties, self.clock)

    def traces(self) -> set[str]:
        """See Backend."""
        self.cluster.settle()
        return {f"{kind.kind} {one['metadata']['name']}" for kind in _LEFT for one in self.cluster.store.all(kind)}

    def address(self, name: str) -> str:
        """See Backend."""
        return f"kubernetes/default/deployment/{name}"

    def shown(self, name: str) -> str:
        """See Backend: as its pod, as long as it has one."""
        pods = self.cluster.pods_of(name)
        return f"kubernetes/default/{pods[0]}" if pods else self.address(name)

    def fail_changes(self, error: NekzusError, *, name: str = "") -> None:
        """See Backend."""
        for verb in _WRITES:
            self.kubernetes.fail(verb, error, name=name, nth=0)

    def fail_reads(self, error: NekzusError) -> None:
        """See Backend."""
        for verb in _READS:
            self.kubernetes.fail(verb, error, nth=0)

    def before_change(self, happen: Callable[[], None], *, name: str) -> None:
        """See Backend."""
        for verb in ("PATCH", "APPLY"):
            self.kubernetes.before(verb, happen, name=name)

    def after_change(self, happen: Callable[[], None], *, name: str) -> None:
        """See Backend: what is asked next is the Deployment."""

        def register() -> None:
            self.kubernetes.before("GET", happen, kind=DEPLOYMENT.plural, name=name)

        self.before_change(register, name=name)

    def before_look(self, happen: Callable[[], None], *, name: str) -> None:
        """See Backend: the first request for a Deployment finds it; a pod is found by a list."""
        self.kubernetes.before("GET", happen, kind=DEPLOYMENT.plural, name=name, nth=2)
        for pod in self.cluster.pods_of(name):
            self.kubernetes.before("GET", happen, kind=POD.plural, name=pod)

    def gather_measuring(self, names: Sequence[str]) -> None:
        """See Backend: the pods of each are asked for, and then what all use at once."""
        together = Barrier(len(names), timeout=10)
        for number in range(1, len(names) + 1):
            self.kubernetes.before("LIST", lambda: meet(together), kind=POD.plural, nth=number)

    def fail_measuring(self, error: NekzusError) -> None:
        """See Backend."""
        self.kubernetes.fail("LIST", error, kind=POD.plural)

    def gather_changes(self, size: int) -> None:
        """See Backend."""
        self.kubernetes.gather_writes(size)

    @property
    def most_changing(self) -> int:
        """See Backend."""
        return self.kubernetes.most_writing

    @property
    def changed_names(self) -> list[str]:
        """See Backend."""
        return [call.name for call in self.kubernetes.writes]

    @property
    def requests(self) -> list[str]:
        """See Backend."""
        return [str(call) for call in self.kubernetes.calls]


def _life(properties: dict[str, Any], clock: FakeClock) -> Life:
    """Take the script out of the properties: what is healthy at last is ready then, what is not never is."""
    health = properties.pop("health", ((0, "healthy"),))
    healthy = [at for at, word in health if word == "healthy"]
    known = ("exits_after", "exit_code", "logs", "logs_before", "unreadable_logs")
    script = {key: properties.pop(key) for key in known if key in properties}
    script["later"] = tuple(_later(properties.pop("later", ()), clock.time()))
    if "logs_before" in script:
        script = {"exits_after": 0, "exit_code": 1, "crashes": 1, **script}
    if "crashes" in properties:
        script = {"exits_after": 0, **script, "crashes": properties.pop("crashes")}
    properties.pop("started_at", None)
    if properties.pop("out_of_memory", False):
        script["reason"] = "OOMKilled"
    return Life(ready_after=healthy[-1] if healthy else math.inf, **script)


def _later(lines: Iterable[tuple[float, str]], now: float) -> Iterator[tuple[float, str]]:
    for seconds, text in lines:
        now += seconds
        yield seconds, f"{moment_of(now)} {text}\n"


def _labelled(properties: dict[str, Any]) -> dict[str, Any]:
    project = properties.pop("project", None)
    if project:
        properties["labels"] = {**properties.get("labels", {}), convert.COMPOSE_PROJECT: project}
    return properties
