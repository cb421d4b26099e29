# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring what a task speaks of: in its order, on several runtimes at once, and honest about what is missing."""

from __future__ import annotations

from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ContainerNotFoundError,
    MetricsUnavailableError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.stats import STATS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.monitor import Monitor, ranked
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.ranking import Ranking, SortKey
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import UNMEASURED, Sampling, Usage
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType
from ansible_collections.nekzus.runtime.tests.unit.fakes.runtime import FakeRuntime, Runtimes
from ansible_collections.nekzus.runtime.tests.unit.fakes.subject import container

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container

KUBERNETES = RuntimeType.KUBERNETES
NO_METRICS = MetricsUnavailableError("the cluster has no metrics", hint="install Metrics Server")


class FakeStats:
    """A StatsCollector: so many processes for each name, or an error. All that are ``together`` measure at once."""

    def __init__(
        self,
        pids: Mapping[str, int | NekzusError],
        *,
        unavailable: NekzusError | None = None,
        cached: bool = False,
        together: Barrier | None = None,
    ) -> None:
        """Remember what to answer; nothing was asked yet."""
        self._pids = pids
        self._unavailable = unavailable
        self._cached = cached
        self._together = together
        self.asked: list[list[str]] = []

    def collect(self, containers: Sequence[Container]) -> Sampling:
        """Note who was asked for, and answer."""
        self.asked.append([one.name for one in containers])
        if self._together:
            self._together.wait(10)
        found = [self._pids[one.name] for one in containers]
        results = tuple(one if isinstance(one, NekzusError) else Usage(pids=one) for one in found)
        return Sampling(results, self._unavailable, self._cached, ("a word",))


def docker(stats: FakeStats, *names: str) -> FakeRuntime:
    runtime = FakeRuntime([container(name) for name in names])
    runtime.has(STATS, stats)
    return runtime


def cluster(stats: FakeStats, *names: str) -> FakeRuntime:
    runtime = FakeRuntime([container(name, runtime=KUBERNETES) for name in names], runtime_type=KUBERNETES)
    runtime.has(STATS, stats)
    return runtime


def test_numbers_come_in_the_order_of_the_names_from_one_sampling() -> None:
    stats = FakeStats({"a": 1, "b": 2})
    told = Monitor(Runtimes(docker(stats, "a", "b"))).measure(parse_request({"names": ["b", "a"]}))
    assert [(one.path, one.usage and one.usage.pids) for one in told.readings] == [("b", 2), ("a", 1)]
    assert stats.asked == [["b", "a"]]
    assert told.warnings == ("a word",)


def test_one_that_is_not_there_does_not_keep_the_others_from_being_measured() -> None:
    stats = FakeStats({"a": 1})
    told = Monitor(Runtimes(docker(stats, "a"))).measure(parse_request({"names": ["x", "a"]}))
    assert isinstance(told.readings[0].error, ContainerNotFoundError)
    assert told.readings[1].usage == Usage(pids=1)


def test_a_named_one_that_vanishes_is_an_error_and_a_selected_one_is_left_out() -> None:
    stats = FakeStats({"a": 1, "b": ContainerNotFoundError("gone")})
    monitor = Monitor(Runtimes(docker(stats, "a", "b")))
    named = monitor.measure(parse_request({"names": ["a", "b"]}))
    assert [one.error is None for one in named.readings] == [True, False]
    selected = monitor.measure(parse_request({}))
    assert [one.path for one in selected.readings] == ["a"]
    assert selected.warnings == ("seen in part", "a word")


def test_runtimes_are_measured_at_the_same_time() -> None:
    both = Barrier(2)
    here, there = FakeStats({"a": 1}, together=both), FakeStats({"b": 2}, together=both, cached=True)
    monitor = Monitor(Runtimes(docker(here, "a"), cluster(there, "b")))
    told = monitor.measure(parse_request({"names": ["kubernetes/prod/b", "docker/a"]}))
    assert [one.usage and one.usage.pids for one in told.readings] == [2, 1]
    assert told.cached


def test_missing_numbers_are_told_beside_those_there_are() -> None:
    here, there = FakeStats({"a": 1}), FakeStats({"b": 0}, unavailable=NO_METRICS)
    monitor = Monitor(Runtimes(docker(here, "a"), cluster(there, "b")))
    told = monitor.measure(parse_request({"names": ["prod/b", "a"]}))
    assert told.unavailable == (NO_METRICS,)
    assert [one.usage and one.usage.pids for one in told.readings] == [0, 1]


def test_a_runtime_that_fails_as_a_whole_fails_the_task_and_says_its_name() -> None:
    class Broken(FakeStats):
        def collect(self, containers: Sequence[Container]) -> Sampling:
            raise RuntimeUnavailableError(f"no answer about {len(containers)}")

    with pytest.raises(RuntimeUnavailableError, match="docker: no answer about 1"):
        Monitor(Runtimes(docker(Broken({}), "a"))).measure(parse_request({}))


def test_a_ranking_keeps_errors_and_shows_them_last() -> None:
    stats = FakeStats({"a": 1, "b": ContainerNotFoundError("gone"), "c": 3, "d": 2})
    monitor = Monitor(Runtimes(docker(stats, "a", "b", "c", "d")))
    told = monitor.measure(parse_request({"names": ["a", "b", "c", "d"]}))
    shown = ranked(told, Ranking(SortKey.PIDS, 2))
    assert [one.path for one in shown.readings] == ["c", "d", "b"]


def test_nothing_selected_is_nothing_measured() -> None:
    stats = FakeStats({})
    assert Monitor(Runtimes(docker(stats))).measure(parse_request({})).readings == ()
    assert stats.asked == []


def test_what_was_not_measured_has_no_number_at_all() -> None:
    assert UNMEASURED.timestamp is None
    assert UNMEASURED.cpu.cores_used is None
    assert UNMEASURED.memory.used_bytes is None
