# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measuring what containers use."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ContainerNotFoundError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.stats import STATS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import UNMEASURED, Usage
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import NAMED, WAYS, look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import Sampling
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend


def collect(backend: Backend, containers: Sequence[Container]) -> Sampling:
    return backend.runtime.role(STATS).collect(containers)


def cores(sampling: Sampling) -> list[float | None]:
    """Return the cores that each uses, all of which have to be usages."""
    usages = [one for one in sampling.results if isinstance(one, Usage)]
    assert len(usages) == len(sampling.results), sampling.results
    return [usage.cpu.cores_used for usage in usages]


@WAYS
def test_results_come_in_the_order_of_the_containers(backend: Backend, way: str) -> None:
    expected = {"c": 0.75, "a": 0.25, "b": 0.5}
    for name, used in expected.items():
        backend.create(name, cores_used=used)
    sampling = collect(backend, look(backend, way, *expected))
    assert cores(sampling) == pytest.approx(list(expected.values()), rel=1e-2)
    assert (sampling.unavailable, sampling.cached, sampling.warnings) == (None, False, ())


@WAYS
def test_one_asked_for_twice_is_told_twice(backend: Backend, way: str) -> None:
    backend.create("web", cores_used=0.5)
    container = look(backend, way, "web")[0]
    assert cores(collect(backend, [container, container])) == pytest.approx([0.5, 0.5], rel=1e-2)


@WAYS
def test_what_was_measured_says_when_and_how_long(backend: Backend, way: str) -> None:
    backend.create("web")
    (usage,) = collect(backend, look(backend, way, "web")).results
    assert isinstance(usage, Usage)
    assert usage.timestamp
    assert usage.timestamp.utcoffset() == timedelta(0)
    assert abs(usage.timestamp.timestamp() - backend.clock.time()) < 60
    assert usage.window_seconds
    assert usage.memory.used_bytes
    assert [part.memory.used_bytes for part in usage.containers] == [usage.memory.used_bytes]


@WAYS
def test_a_measured_zero_is_no_unknown(backend: Backend, way: str) -> None:
    backend.create("idle", cores_used=0.0)
    (used,) = cores(collect(backend, look(backend, way, "idle")))
    assert used == 0
    assert used is not None


@WAYS
def test_what_does_not_run_is_unmeasured_beside_what_does(backend: Backend, way: str) -> None:
    backend.create("old", State.STOPPED)
    backend.create("web", cores_used=0.5)
    sampling = collect(backend, look(backend, way, "old", "web"))
    assert sampling.results[0] == UNMEASURED
    assert cores(sampling) == [None, pytest.approx(0.5, rel=1e-2)]
    # That is nothing to warn of.
    assert sampling.unavailable is None


def test_what_has_not_been_started_is_unmeasured(backend: Backend) -> None:
    backend.create_new("new")
    sampling = collect(backend, look(backend, NAMED, "new"))
    assert (sampling.results, sampling.unavailable) == ((UNMEASURED,), None)


@WAYS
def test_what_is_gone_is_not_found_and_the_others_are_measured(backend: Backend, way: str) -> None:
    for name in ("a", "b", "c"):
        backend.create(name)
    containers = look(backend, way, "a", "b", "c")
    backend.remove("b")
    first, gone, last = collect(backend, containers).results
    assert isinstance(gone, ContainerNotFoundError)
    assert isinstance(first, Usage)
    assert isinstance(last, Usage)
    assert first.timestamp
    assert last.timestamp


@WAYS
def test_what_has_stopped_since_it_was_found_is_unmeasured_or_gone(backend: Backend, way: str) -> None:
    backend.create("web")
    containers = look(backend, way, "web")
    backend.force_state("web", State.STOPPED)
    sampling = collect(backend, containers)
    assert sampling.unavailable is None
    if containers[0].address == backend.shown("web"):
        assert sampling.results == (UNMEASURED,)
    else:  # a pod of what has stopped
        assert isinstance(sampling.results[0], ContainerNotFoundError)


def test_one_that_cannot_be_measured_is_an_error_in_its_place(backend: Backend) -> None:
    names = ["a", "b", "c"]
    for name in names:
        backend.create(name)
    containers = look(backend, NAMED, *names)
    backend.fail_measuring(ApiError("it broke (HTTP 500)"))
    results = collect(backend, containers).results
    (error,) = [one for one in results if not isinstance(one, Usage)]
    assert isinstance(error, ApiError)
    assert len(results) == 3


def test_all_are_measured_side_by_side(backend: Backend) -> None:
    names = [f"web-{number:02}" for number in range(12)]
    for name in names:
        backend.create(name)
    containers = look(backend, NAMED, *names)
    backend.gather_measuring(names)
    assert None not in cores(collect(backend, containers))


def test_a_runtime_that_dies_meanwhile_is_an_error_of_each(backend: Backend) -> None:
    backend.create("a")
    backend.create("b")
    containers = look(backend, NAMED, "a", "b")
    backend.fail_reads(RuntimeUnavailableError("nothing answers"))
    results = collect(backend, containers).results
    assert [type(one) for one in results] == [RuntimeUnavailableError] * 2


def test_nothing_to_measure_is_no_request(backend: Backend) -> None:
    assert collect(backend, ()).results == ()
    assert backend.requests == []


def test_measuring_changes_nothing(backend: Backend) -> None:
    backend.create("web")
    collect(backend, look(backend, NAMED, "web"))
    assert backend.changed_names == []
