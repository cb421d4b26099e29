# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the contract tests ask of a runtime under test; each backend has one of these over its fake."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Callable, ClassVar, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Barrier

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, Desired, State
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock


class Trait(Enum):
    """What some runtimes have, and the promises that need it are kept on those."""

    IDS = "ids apart from names, and their beginnings"
    PAUSE = "paused containers"
    HEALTH = "health checks that give up"
    SETTLING = "a moment in which what was started has to stay alive"
    POLLING = "looks instead of a watch"
    RESTART_POLICY = "restarts that are visible and tolerated"
    AUTO_REMOVE = "containers that go when they stop"
    COMPOSE = "Compose projects"
    ANY_LABEL = "labels with any value"
    ACCOUNTS = "accounts that may do what they are granted"
    IDENTITY = "identities that a successor of the same name has not"


class Transition(NamedTuple):
    """What a task wants of a container in a state, and what becomes of it; ``unwaited``: if nobody waits for it."""

    desired: Desired
    before: State
    changed: bool
    after: State
    failure: str | None = None
    unwaited: State | None = None

    def __str__(self) -> str:
        """Print as ``paused to started``."""
        return f"{self.before} to {self.desired}"


class Contest(NamedTuple):
    """Someone else brings a container into a state just before it is changed, and what becomes of it."""

    desired: Desired
    before: State
    meanwhile: State
    after: State

    def __str__(self) -> str:
        """Print as ``paused to started, stopped meanwhile``."""
        return f"{self.before} to {self.desired}, {self.meanwhile} meanwhile"


CROWD = 20


class Costs(NamedTuple):
    """How many requests things take.

    Finding names takes ``names`` and ``name`` for each of them, ``crowd`` in all for twenty and more, and ``missing``
    for each that is not there. ``select`` is a list of everything, ``again`` a second look at one thing, ``wait`` a
    wait for what has come true already, and ``cautions`` what a change asks for the sake of warnings. What is
    ``rehearsed`` takes one more when it is predicted.
    """

    names: int
    name: int
    crowd: int
    missing: int
    select: int
    again: int
    wait: int
    cautions: int
    rehearsed: frozenset[Desired]

    def find(self, count: int) -> int:
        """Return what finding so many names takes."""
        return self.crowd if count >= CROWD else self.names + self.name * count


class Words(NamedTuple):
    """How a runtime says things, and the state of what has ended right after its start."""

    missing: str
    restart_loop: str
    late: str
    dead: State


def meet(others: Barrier) -> None:
    """Wait for the others."""
    others.wait()


class Backend(Protocol):
    """A runtime over a fake, and the hands to set the scene and to see what was done to it."""

    traits: ClassVar[frozenset[Trait]]
    transitions: ClassVar[Sequence[Transition]]
    contests: ClassVar[Sequence[Contest]]
    forestalled: ClassVar[Sequence[Contest]]
    costs: ClassVar[Costs]
    words: ClassVar[Words]
    runtime: Runtime
    clock: FakeClock

    def create(self, name: str, state: State | None = None, **properties: Any) -> None:
        """Create what can be started and stopped, running unless said otherwise.

        ``properties`` are ``id labels image project env command``, and the script it lives by:
        ``health exits_after exit_code crashes auto_remove probe_output``. It uses so many ``cores_used``, and writes
        ``logs``, in the run before ``logs_before``, and to a follower ``later`` (seconds and text, one after another).
        """

    def place(self, name: str, state: State | None = None, **properties: Any) -> None:
        """Create what a list shows under exactly this name."""

    def create_new(self, name: str) -> None:
        """Create one that has not been started yet."""

    def remove(self, name: str) -> None:
        """Remove one, as someone else would."""

    def look(self, name: str) -> Container:
        """Return one as it is now, without a request that counts."""

    def force_state(self, name: str, state: State) -> None:
        """Bring one into a state, as someone else would."""

    def made_name(self, deployment: str, service: str) -> str:
        """Return the name under which ``create`` makes what a deployment has for a service of its template."""

    def script(self, deployment: str, service: str, **properties: Any) -> None:
        """Let what is made for a service of a template live by a script from now on; see ``create``."""

    def traces(self) -> set[str]:
        """Return the kinds and names of all that deployments leave."""

    def address(self, name: str) -> str:
        """Return how every module of the collection names it."""

    def shown(self, name: str) -> str:
        """Return the address under which a list shows it."""

    def fail_changes(self, error: NekzusError, *, name: str = "") -> None:
        """Answer every change, or every change of one, with an error."""

    def fail_reads(self, error: NekzusError) -> None:
        """Answer every read with an error."""

    def before_change(self, happen: Callable[[], None], *, name: str) -> None:
        """Let something happen just before the next change of one is answered."""

    def after_change(self, happen: Callable[[], None], *, name: str) -> None:
        """Let something happen just after the next change of one was answered."""

    def before_look(self, happen: Callable[[], None], *, name: str) -> None:
        """Let something happen just before the next look into one is answered."""

    def gather_measuring(self, names: Sequence[str]) -> None:
        """Answer the first request about what each of these uses only when those about all are under way at once."""

    def fail_measuring(self, error: NekzusError) -> None:
        """Answer the first of the requests that are about what a single one uses with an error."""

    def gather_changes(self, size: int) -> None:
        """Hold changes back until so many are under way at once, or a moment has passed."""

    @property
    def most_changing(self) -> int:
        """The most changes under way at the same time."""

    @property
    def changed_names(self) -> list[str]:
        """The names of what was written to, in order, once a write."""

    @property
    def requests(self) -> list[str]:
        """All requests in order, in the backend's own words."""
