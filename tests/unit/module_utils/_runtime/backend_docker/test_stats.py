# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many samples are taken of a container, and what comes of it."""

from __future__ import annotations

from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.cgroup import CpuAccounts
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.sample import CpuTime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.stats import DockerStats
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    ContainerNotFoundError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import (
    UNMEASURED,
    BlockIO,
    MemoryUsage,
    NetworkUsage,
    Usage,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import CORES, NANO, busy, idle

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_container import FakeContainer


@pytest.fixture
def docker(clock: FakeClock) -> FakeDocker:
    return FakeDocker(clock)


def shown(one: FakeContainer) -> Container:
    return convert.container(one.record(0))


def collect(docker: FakeDocker, *names: str, accounts: CpuAccounts | None = None) -> tuple[Usage | NekzusError, ...]:
    chosen = [shown(one) for one in docker.containers if one.name in names]
    return DockerStats(docker, clock=docker.clock, accounts=accounts).collect(chosen).results


def usage_of(docker: FakeDocker, name: str = "web", accounts: CpuAccounts | None = None) -> Usage:
    (usage,) = collect(docker, name, accounts=accounts)
    assert isinstance(usage, Usage)
    return usage


def samples(docker: FakeDocker) -> int:
    return sum(call.verb == "stats" for call in docker.calls)


def at(docker: FakeDocker, seconds: float, *, cores: float = 0.5, ran: float = 100.0) -> dict[str, Any]:
    """Return a sample taken so many seconds from now, of a container that has run for a while."""
    moment = docker.clock.time() + seconds
    return busy("web", "", moment=moment, seconds=ran + seconds, cores=cores)


def pair(docker: FakeDocker) -> dict[str, Any]:
    """Return a sample that holds the one before."""
    before = at(docker, 0.0)
    return {**at(docker, 1.0), "precpu_stats": before["cpu_stats"], "preread": before["read"]}


def kernel(tmp_path: Path, docker: FakeDocker, *, used: int, system: int) -> CpuAccounts:
    """Return accounts in which the container ``web`` has used so much (nanoseconds), and the host had so much."""
    (container,) = docker.containers
    group = tmp_path / "cpuacct" / "docker" / container.id
    group.mkdir(parents=True, exist_ok=True)
    (group / "cpuacct.usage").write_text(f"{used}\n")
    (tmp_path / "stat").write_text(f"cpu {system // 10**7} 0 0 0 0 0 0 0 0 0\n")
    return CpuAccounts(docker.clock, groups=tmp_path, stat=tmp_path / "stat")


def goes_on(
    docker: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, used: int, ahead: float = 0.0
) -> CpuAccounts:
    """Return accounts that begin with 50 s used, and tell ``used`` (nanoseconds) when somebody has slept."""
    sleep = docker.clock.sleep

    def slept(seconds: float, /) -> None:
        sleep(seconds)
        kernel(tmp_path, docker, used=used, system=int((docker.clock.time() + ahead) * CORES * NANO))

    monkeypatch.setattr(docker.clock, "sleep", slept)
    return kernel(tmp_path, docker, used=50 * NANO, system=int(docker.clock.time() * CORES * NANO))


def test_a_daemon_that_answers_at_once_is_asked_until_a_second_has_passed(docker: FakeDocker) -> None:
    docker.add("web", cores_used=0.75)
    usage = usage_of(docker)
    assert usage.cpu.usage_percent == pytest.approx(75, rel=1e-3)
    assert usage.cpu.cores_total == CORES
    assert usage.memory == MemoryUsage(25.0, usage.memory.percent_of, 2_000_000, 8_000_000, 6_000_000)
    assert (usage.network, usage.block_io, usage.pids) == (NetworkUsage(101, 12), BlockIO(0, 0), 3)
    assert usage.window_seconds == 1.0
    assert docker.clock.sleeps == [1.0]
    assert samples(docker) == 3


def test_a_daemon_that_answers_once_a_second_is_asked_twice(docker: FakeDocker) -> None:
    docker.add("web", samples=[at(docker, 0.2), at(docker, 1.2)])
    usage = usage_of(docker)
    assert usage.cpu.cores_used == pytest.approx(0.5, rel=1e-3)
    assert usage.window_seconds == 1.0
    assert docker.clock.sleeps == []


def test_a_daemon_that_sends_the_sample_before_along_is_asked_once(docker: FakeDocker) -> None:
    docker.add("web", samples=[pair(docker)])
    assert usage_of(docker).cpu.usage_percent == pytest.approx(50, rel=1e-3)
    assert samples(docker) == 1


def test_what_the_kernel_shows_saves_a_sample(docker: FakeDocker, tmp_path: Path) -> None:
    docker.add("web", samples=[at(docker, 0.8)])
    moment = docker.clock.time()
    accounts = kernel(tmp_path, docker, used=50 * NANO, system=int(moment * CORES * NANO))
    usage = usage_of(docker, accounts=accounts)
    assert usage.cpu.usage_percent == pytest.approx(50, abs=1)
    assert usage.window_seconds == 0.8
    assert samples(docker) == 1


@pytest.mark.parametrize(
    ("used", "ahead"),
    [
        pytest.param(51 * NANO, 0.0, id="a counter ahead of the daemon's"),
        pytest.param(50 * NANO, 0.5, id="a host with less time than the clock says"),
        pytest.param(50 * NANO, -0.5, id="a host with more time than the clock says"),
    ],
)
def test_what_the_kernel_shows_is_not_used_where_it_cannot_be(
    docker: FakeDocker, tmp_path: Path, used: int, ahead: float
) -> None:
    docker.add("web", samples=[at(docker, 0.8), at(docker, 1.8)])
    system = int((docker.clock.time() + ahead) * CORES * NANO)
    usage = usage_of(docker, accounts=kernel(tmp_path, docker, used=used, system=system))
    assert usage.cpu.cores_used == pytest.approx(0.5, rel=1e-3)
    assert usage.window_seconds == 1.0
    assert samples(docker) == 2


def test_a_window_that_the_kernel_began_just_now_is_too_short(docker: FakeDocker, tmp_path: Path) -> None:
    docker.add("web", samples=[at(docker, 0.1), at(docker, 1.1)])
    accounts = kernel(tmp_path, docker, used=50 * NANO, system=int(docker.clock.time() * CORES * NANO))
    assert usage_of(docker, accounts=accounts).window_seconds == 1.0
    assert samples(docker) == 2


def test_a_window_that_began_just_now_is_ended_by_the_kernel_too(
    docker: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    docker.add("web", samples=[at(docker, 0.1)])
    usage = usage_of(docker, accounts=goes_on(docker, tmp_path, monkeypatch, used=50_750_000_000))
    assert usage.cpu.usage_percent == pytest.approx(75, abs=1)
    assert usage.window_seconds == 1.0
    assert usage.memory.used_bytes == 2_000_000
    assert samples(docker) == 1
    assert docker.clock.sleeps == [1.0]


@pytest.mark.parametrize(
    ("used", "ahead"),
    [
        pytest.param(50_010_000_000, 0.0, id="a counter that stays behind the daemon's"),
        pytest.param(50_750_000_000, 0.5, id="a host with more time than the clock says"),
        pytest.param(50_750_000_000, -0.95, id="a host that stays behind the daemon's"),
    ],
)
def test_what_the_kernel_shows_last_is_not_used_where_it_cannot_be(
    docker: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, used: int, ahead: float
) -> None:
    docker.add("web", samples=[at(docker, 0.1), at(docker, 1.1)])
    usage = usage_of(docker, accounts=goes_on(docker, tmp_path, monkeypatch, used=used, ahead=ahead))
    assert usage.cpu.cores_used == pytest.approx(0.5, rel=1e-3)
    assert samples(docker) == 2


def test_the_kernel_is_looked_at_once_more_for_all_of_them(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    names = [f"web-{number}" for number in range(9)]
    for name in names:
        docker.add(name, samples=[at(docker, 0.1)])
    accounts = CpuAccounts(docker.clock)

    def read(identifiers: Collection[str]) -> dict[str, CpuTime]:
        reads.append(len(identifiers))
        moment = docker.clock.time()
        used = int((50 + 0.5 * (moment - begun)) * NANO)
        return {one: CpuTime(moment, used, int(moment * CORES * NANO)) for one in identifiers}

    begun = docker.clock.time()
    monkeypatch.setattr(accounts, "read", read)
    usages = collect(docker, *names, accounts=accounts)
    assert [one.cpu.cores_used for one in usages if isinstance(one, Usage)] == [pytest.approx(0.5, rel=1e-2)] * 9
    assert reads == [9, 9]
    assert samples(docker) == 9


def test_a_restart_between_samples_leaves_cpu_alone_unknown(docker: FakeDocker) -> None:
    docker.add("web", samples=[at(docker, 0.0), at(docker, 1.0, ran=0.1)])
    usage = usage_of(docker)
    assert usage.cpu.usage_percent is None
    assert usage.cpu.cores_total == CORES
    assert usage.memory.used_bytes == 2_000_000
    assert usage.window_seconds is None


def test_a_clock_that_stands_still_leaves_cpu_alone_unknown(docker: FakeDocker) -> None:
    docker.add("web", samples=[at(docker, 0.0), at(docker, 0.0), at(docker, 0.0)])
    usage = usage_of(docker)
    assert usage.cpu.usage_percent is None
    assert usage.pids == 3


@pytest.mark.parametrize("state", ["exited", "created", "restarting", "dead"])
def test_a_stopped_container_has_no_numbers(docker: FakeDocker, state: str) -> None:
    docker.add("web", state=state)
    assert usage_of(docker) == UNMEASURED
    assert samples(docker) == 1


def test_a_paused_container_has_numbers(docker: FakeDocker) -> None:
    docker.add("web", state="paused", cores_used=0.0)
    usage = usage_of(docker)
    assert usage.cpu.usage_percent == 0.0
    assert usage.timestamp


def test_a_container_that_stops_between_samples_has_no_numbers(docker: FakeDocker) -> None:
    docker.add("web", samples=[at(docker, 0.0), idle("web", "")])
    assert usage_of(docker) == UNMEASURED


@pytest.mark.parametrize(
    "error", [pytest.param(ConflictError("container is stopped"), id="says so"), pytest.param(None, id="says nothing")]
)
def test_a_stopped_container_of_podman_has_no_numbers(docker: FakeDocker, error: NekzusError | None) -> None:
    docker.add("web", samples=[{}])
    if error:
        docker.fail("stats", error)
    assert usage_of(docker) == UNMEASURED


def test_each_container_has_its_own_result_in_the_order_asked_for(docker: FakeDocker) -> None:
    for name, cores in (("a", 0.1), ("b", 0.2), ("c", 0.3), ("d", 0.4)):
        docker.add(name, cores_used=cores)
    docker.fail("stats", ContainerNotFoundError("No such container: b"), name="b")
    docker.fail("stats", ApiError("it broke (HTTP 500)"), name="d")
    first, gone, third, broken = collect(docker, "a", "b", "c", "d")
    assert isinstance(first, Usage)
    assert isinstance(third, Usage)
    assert [one.cpu.cores_used for one in (first, third)] == [
        pytest.approx(0.1, rel=1e-2),
        pytest.approx(0.3, rel=1e-2),
    ]
    assert isinstance(gone, ContainerNotFoundError)
    assert isinstance(broken, ApiError)


def _meet(others: Barrier) -> None:
    others.wait()


def test_all_containers_are_sampled_side_by_side(docker: FakeDocker) -> None:
    names = [f"web-{number}" for number in range(40)]
    for name in names:
        docker.add(name, samples=[pair(docker)])
    together = Barrier(len(names), timeout=10)
    docker.before("stats", lambda: _meet(together), nth=0)
    assert [one for one in collect(docker, *names) if not isinstance(one, Usage)] == []


def test_nothing_to_measure_is_no_request(docker: FakeDocker) -> None:
    assert collect(docker) == ()
    assert docker.calls == []
