# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When the next of many containers is begun: as soon as one runs, unless the task wants to know that it stays up."""

from __future__ import annotations

from threading import Condition
from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.operation import Ending, Operation
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired
from ansible_collections.nekzus.runtime.tests.unit.contract.docker_backend import DockerBackend
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.bulk import Leave

NAMES = ["a", "b", "c", "d", "e", "f"]
PROMPT = 10
# In which others begin, if they may.
MOMENT = 0.05


class Watched:
    """A backend whose ``most`` operations have gone on at once, and each pause of which lasts ``until`` it is true."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Begin without containers."""
        self.backend = DockerBackend()
        self.until: Callable[[], bool] = lambda: True
        self.most = self._going_on = 0
        self._some = Condition()
        sleep, run = self.backend.clock.sleep, Operation.run

        def pause(seconds: float, /) -> None:
            with self._some:
                self._some.notify_all()
                self._some.wait(MOMENT)
                assert self._some.wait_for(self.until, PROMPT)
            sleep(seconds)

        def counted(operation: Operation, up: Leave | None = None) -> Ending:
            self._count(1)
            try:
                return run(operation, up)
            finally:
                self._count(-1)

        monkeypatch.setattr(self.backend.clock, "sleep", pause)
        monkeypatch.setattr(Operation, "run", counted)

    def _count(self, more: int) -> None:
        with self._some:
            self._going_on += more
            self.most = max(self.most, self._going_on)

    def restart(self, *, health: tuple[tuple[float, str], ...] = (), **options: Any) -> None:
        """Restart six containers."""
        for name in NAMES:
            self.backend.create(name, health=health)
        results = carry_out(self.backend, Desired.RESTARTED, named(*NAMES), **options)
        assert [result.failure for result in results] == [None] * len(NAMES)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)


def test_all_others_are_begun_while_those_that_run_are_watched(watched: Watched) -> None:
    watched.until = lambda: len(watched.backend.changed_names) == len(NAMES)
    watched.restart(max_concurrent=2)
    assert watched.most == len(NAMES)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"max_concurrent": 1}, id="one after the other"),
        pytest.param({"max_concurrent": 2, "continue_on_error": False}, id="none after a failure"),
    ],
)
def test_where_the_order_counts_each_is_watched_to_its_end(watched: Watched, options: dict[str, Any]) -> None:
    watched.restart(**options)
    assert watched.most <= options["max_concurrent"]


def test_what_has_a_health_check_is_waited_for_until_it_is_healthy(watched: Watched) -> None:
    unready: list[int] = []

    def count() -> bool:
        looks = [watched.backend.look(name) for name in watched.backend.changed_names]
        unready.append(sum(look.ready is not True for look in looks))
        return True

    watched.until = count
    watched.restart(max_concurrent=2, health=((0, "starting"), (30, "healthy")))
    assert 1 <= max(unready) <= 2
