# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Docker backend under test."""

from __future__ import annotations

from threading import Barrier
from typing import TYPE_CHECKING, Any, Callable, ClassVar

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
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
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import WRITES, FakeDocker
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_container import EPOCH
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import Written, lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container

_WORDS = {
    State.RUNNING: "running",
    State.STOPPED: "exited",
    State.PAUSED: "paused",
    State.RESTARTING: "restarting",
    State.PENDING: "a word of tomorrow",
    State.FAILED: "dead",
}
# When what has run before was started again.
_BEGAN = 500.0
_RUNNING, _STOPPED, _PAUSED = State.RUNNING, State.STOPPED, State.PAUSED
_RESTARTING, _PENDING, _FAILED = State.RESTARTING, State.PENDING, State.FAILED
_TRANSITIONS = (
    Transition(Desired.STARTED, _RUNNING, changed=False, after=_RUNNING),
    Transition(Desired.STARTED, _STOPPED, changed=True, after=_RUNNING),
    Transition(Desired.STARTED, _PAUSED, changed=True, after=_RUNNING),
    Transition(Desired.STARTED, _PENDING, changed=False, after=_PENDING, failure="conflict"),
    Transition(Desired.STARTED, _FAILED, changed=False, after=_FAILED, failure="conflict"),
    Transition(Desired.STOPPED, _RUNNING, changed=True, after=_STOPPED),
    Transition(Desired.STOPPED, _STOPPED, changed=False, after=_STOPPED),
    Transition(Desired.STOPPED, _PAUSED, changed=True, after=_STOPPED),
    Transition(Desired.STOPPED, _RESTARTING, changed=True, after=_STOPPED),
    Transition(Desired.STOPPED, _PENDING, changed=False, after=_PENDING, failure="conflict"),
    Transition(Desired.STOPPED, _FAILED, changed=False, after=_FAILED),
    Transition(Desired.RESTARTED, _RUNNING, changed=True, after=_RUNNING),
    Transition(Desired.RESTARTED, _STOPPED, changed=True, after=_RUNNING),
    Transition(Desired.RESTARTED, _PAUSED, changed=True, after=_RUNNING),
    Transition(Desired.RESTARTED, _RESTARTING, changed=True, after=_RUNNING),
    Transition(Desired.RESTARTED, _PENDING, changed=False, after=_PENDING, failure="conflict"),
    Transition(Desired.RESTARTED, _FAILED, changed=False, after=_FAILED, failure="conflict"),
    Transition(Desired.PAUSED, _RUNNING, changed=True, after=_PAUSED),
    Transition(Desired.PAUSED, _PAUSED, changed=False, after=_PAUSED),
    Transition(Desired.PAUSED, _STOPPED, changed=False, after=_STOPPED, failure="conflict"),
    Transition(Desired.PAUSED, _RESTARTING, changed=False, after=_RESTARTING, failure="conflict"),
    Transition(Desired.PAUSED, _PENDING, changed=False, after=_PENDING, failure="conflict"),
    Transition(Desired.PAUSED, _FAILED, changed=False, after=_FAILED, failure="conflict"),
)


class DockerBackend:
    """The backend over a FakeDocker."""

    traits: ClassVar[frozenset[Trait]] = frozenset(Trait) - {Trait.ACCOUNTS}
    transitions: ClassVar[Sequence[Transition]] = _TRANSITIONS
    contests: ClassVar[Sequence[Contest]] = (
        Contest(Desired.STARTED, _PAUSED, _STOPPED, _RUNNING),
        Contest(Desired.STOPPED, _RUNNING, _PAUSED, _STOPPED),
        Contest(Desired.RESTARTED, _RUNNING, _PAUSED, _RUNNING),
        Contest(Desired.STARTED, _STOPPED, _PAUSED, _RUNNING),
    )
    forestalled: ClassVar[Sequence[Contest]] = (
        Contest(Desired.PAUSED, _RUNNING, _PAUSED, _PAUSED),
        Contest(Desired.STARTED, _PAUSED, _RUNNING, _RUNNING),
    )
    # One list finds any number of names.
    costs: ClassVar[Costs] = Costs(
        names=1,
        name=0,
        crowd=1,
        missing=0,
        select=1,
        again=1,
        wait=1,
        cautions=0,
        rehearsed=frozenset((Desired.STOPPED,)),
    )
    words: ClassVar[Words] = Words(
        missing="there is no such container",
        restart_loop="keeps restarting",
        late="it is not running after 30 s, its health check says starting",
        dead=_STOPPED,
    )

    def __init__(self) -> None:
        """Begin without containers."""
        self.clock = FakeClock()
        self.docker = FakeDocker(self.clock)
        self.runtime: Runtime = DockerRuntime(self.docker, clock=self.clock)

    def create(self, name: str, state: State | None = None, **properties: Any) -> None:
        """See Backend."""
        project = properties.pop("project", None)
        if project:
            properties["labels"] = {**properties.get("labels", {}), convert.COMPOSE_PROJECT: project}
        self.docker.add(name, state=_WORDS[state or State.RUNNING], **_written(properties, self.clock))

    def place(self, name: str, state: State | None = None, **properties: Any) -> None:
        """See Backend."""
        self.create(name, state, **properties)

    def create_new(self, name: str) -> None:
        """See Backend."""
        self.docker.add(name, state="created")

    def remove(self, name: str) -> None:
        """See Backend."""
        self.docker.remove(name)

    def look(self, name: str) -> Container:
        """See Backend."""
        return convert.container(self.docker._get(name).record(self.clock.monotonic()))

    def force_state(self, name: str, state: State) -> None:
        """See Backend."""
        self.docker._get(name).state = _WORDS[state]

    def made_name(self, deployment: str, service: str) -> str:
        """See Backend."""
        return f"{deployment}-{service}-1"

    def script(self, deployment: str, service: str, **properties: Any) -> None:
        """See Backend."""
        self.docker.scripts[self.made_name(deployment, service)] = _written(properties, self.clock)

    def traces(self) -> set[str]:
        """See Backend."""
        networks = {one["Name"] for one in self.docker.networks.values()} - {"bridge", "host", "none"}
        return {
            *(f"Container {one.name}" for one in self.docker.containers),
            *(f"Network {name}" for name in networks),
            *(f"Volume {name}" for name in self.docker.volumes),
        }

    def address(self, name: str) -> str:
        """See Backend."""
        return f"docker/{name}"

    def shown(self, name: str) -> str:
        """See Backend."""
        return self.address(name)

    def fail_changes(self, error: NekzusError, *, name: str = "") -> None:
        """See Backend."""
        for verb in WRITES:
            self.docker.fail(verb, error, name=name, nth=0)

    def fail_reads(self, error: NekzusError) -> None:
        """See Backend."""
        for verb in ("list", "inspect", "logs", "stats", "version"):
            self.docker.fail(verb, error, nth=0)

    def before_change(self, happen: Callable[[], None], *, name: str) -> None:
        """See Backend."""
        for verb in WRITES:
            self.docker.before(verb, happen, name=name)

    def after_change(self, happen: Callable[[], None], *, name: str) -> None:
        """See Backend: what is asked next is the list."""
        self.before_change(lambda: self.docker.before("list", happen), name=name)

    def before_look(self, happen: Callable[[], None], *, name: str) -> None:
        """See Backend."""
        self.docker.before("inspect", happen, name=name)

    def gather_measuring(self, names: Sequence[str]) -> None:
        """See Backend."""
        together = Barrier(len(names), timeout=10)
        for name in names:
            self.docker.before("stats", lambda: meet(together), name=name)

    def fail_measuring(self, error: NekzusError) -> None:
        """See Backend."""
        self.docker.fail("stats", error)

    def gather_changes(self, size: int) -> None:
        """See Backend."""
        self.docker.gather_writes(size)

    @property
    def most_changing(self) -> int:
        """See Backend."""
        return self.docker.most_writing

    @property
    def changed_names(self) -> list[str]:
        """See Backend."""
        return [call.name for call in self.docker.writes]

    @property
    def requests(self) -> list[str]:
        """See Backend."""
        return [str(call) for call in self.docker.calls]


def _written(properties: dict[str, Any], clock: FakeClock) -> dict[str, Any]:
    """Say when it writes what: a run before ended ten seconds before the present one began."""
    now, told = clock.time(), []
    for seconds, text in properties.pop("later", ()):
        now += seconds
        told.append((seconds, Written(moment_of(now), f"{text}\n".encode())))
    before = properties.pop("logs_before", "")
    if before:
        properties |= {"started_at": _BEGAN, "finished_at": _BEGAN - 10}
        properties["written"] = lines_of(before, since=EPOCH + _BEGAN - 20)
    return {**properties, "later": told}
