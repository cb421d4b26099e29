# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one answer of a daemon amounts to, beside what ``docker stats`` prints of the same one."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.sample import CpuTime, Sample
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import (
    Basis,
    BlockIO,
    CpuUsage,
    MemoryUsage,
    NetworkUsage,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import Usage

    Recorded = Callable[[str], Any]

SECOND = 10**9
NOON = datetime(2026, 1, 31, 12, tzinfo=timezone.utc)


def size(count: float, step: int, units: tuple[str, ...], digits: str) -> str:
    """Return a number of bytes as the CLI prints it."""
    index = 0
    while count >= step and index < len(units) - 1:
        count, index = count / step, index + 1
    return f"{count:{digits}}{units[index]}"


def binary(count: int | None) -> str:
    assert count is not None
    return size(count, 1024, ("B", "KiB", "MiB", "GiB"), ".4g")


def decimal(count: int | None) -> str:
    assert count is not None
    return size(count, 1000, ("B", "kB", "MB", "GB"), ".3g")


def printed(usage: Usage) -> dict[str, str]:
    """Return a usage in the words of ``docker stats``."""
    return {
        "CPUPerc": f"{usage.cpu.usage_percent:.2f}%",
        "MemUsage": f"{binary(usage.memory.used_bytes)} / {binary(usage.memory.limit_bytes)}",
        "MemPerc": f"{usage.memory.usage_percent:.2f}%",
        "NetIO": f"{decimal(usage.network.rx_bytes)} / {decimal(usage.network.tx_bytes)}",
        "BlockIO": f"{decimal(usage.block_io.read_bytes)} / {decimal(usage.block_io.write_bytes)}",
        "PIDs": str(usage.pids),
    }


def measured(document: dict[str, Any]) -> Usage:
    sample = Sample(document)
    return sample.usage("web", sample.before)


@pytest.mark.parametrize("name", ["docker_stats_cgroup1", "docker_stats_cgroup2"])
def test_the_numbers_are_those_of_docker_stats(recorded: Recorded, name: str) -> None:
    answer = recorded(name)
    assert printed(measured(answer["sample"])) == answer["shown"]


def test_podmans_numbers_are_those_of_docker_stats_but_for_the_cpu(recorded: Recorded) -> None:
    answer = recorded("podman_stats")
    document = answer["sample"]
    sample = Sample(document)
    assert sample.cpu
    assert sample.before is None
    busy = CpuTime(sample.cpu.moment - 2, sample.cpu.used - SECOND, (sample.cpu.system or 0) - SECOND)
    usage = sample.usage("web", busy)
    # One second of CPU time in two of the clock, whatever share of the busy time it was.
    assert usage.cpu == CpuUsage(50.0, Basis.CORE, 0.5, 2)
    shown = {key: value for key, value in answer["shown"].items() if key != "CPUPerc"}
    assert {key: value for key, value in printed(usage).items() if key != "CPUPerc"} == shown


def test_a_usage_says_when_it_was_measured_and_of_whom(recorded: Recorded) -> None:
    usage = measured(recorded("docker_stats_cgroup2")["sample"])
    assert usage.timestamp == datetime(2026, 1, 31, 12, 0, 2, 4512, tzinfo=timezone.utc)
    assert usage.window_seconds == 1.003
    (own,) = usage.containers
    assert (own.name, own.pod, own.cpu, own.memory) == ("web", "", usage.cpu, usage.memory)


def test_memory_left_is_what_the_limit_leaves() -> None:
    document = {"memory_stats": {"usage": 30, "limit": 100, "stats": {"inactive_file": 10}}}
    assert Sample(document).usage("web", None).memory == MemoryUsage(20.0, Basis.LIMIT, 20, 100, 80)


@pytest.mark.parametrize(
    ("stats", "used"),
    [
        pytest.param({"total_inactive_file": 10, "inactive_file": 5}, 90, id="cgroup v1"),
        pytest.param({"inactive_file": 5}, 95, id="cgroup v2"),
        pytest.param({"total_inactive_file": 0, "inactive_file": 5}, 100, id="none on cgroup v1"),
        pytest.param({"total_inactive_file": 100, "inactive_file": 5}, 95, id="as much as all on cgroup v1"),
        pytest.param({"inactive_file": 101}, 100, id="more than all"),
        pytest.param({}, 100, id="not told"),
        pytest.param(None, 100, id="null"),
    ],
)
def test_the_page_cache_does_not_count(stats: dict[str, int] | None, used: int) -> None:
    document = {"memory_stats": {"usage": 100, "stats": stats}}
    assert Sample(document).usage("web", None).memory == MemoryUsage(used_bytes=used)


@pytest.mark.parametrize("entries", [None, []])
def test_no_entries_of_block_devices_are_nothing_read_or_written(entries: list[Any] | None) -> None:
    document = {"blkio_stats": {"io_service_bytes_recursive": entries}}
    assert Sample(document).usage("web", None).block_io == BlockIO(0, 0)


def test_reads_and_writes_of_all_devices_are_added_up_and_other_words_left_out() -> None:
    words = (("Read", 1), ("Write", 20), ("Sync", 300), ("Async", 4000), ("Total", 21), ("read", 5), ("write", 60))
    entries = [{"major": 8, "minor": 0, "op": word, "value": value} for word, value in words]
    document = {"blkio_stats": {"io_service_bytes_recursive": entries}}
    assert Sample(document).usage("web", None).block_io == BlockIO(6, 80)


def test_what_is_not_told_is_unknown() -> None:
    usage = Sample({"read": "2026-01-31T12:00:00Z", "cpu_stats": {"cpu_usage": {"total_usage": 1}}}).usage("web", None)
    assert (usage.cpu, usage.memory) == (CpuUsage(), MemoryUsage())
    assert (usage.network, usage.block_io, usage.pids) == (NetworkUsage(), BlockIO(), None)
    assert (usage.timestamp, usage.window_seconds) == (NOON, None)


def test_the_network_of_the_host_has_no_numbers(recorded: Recorded) -> None:
    document = deepcopy(recorded("docker_stats_cgroup1")["sample"])
    del document["networks"]
    assert measured(document).network == NetworkUsage()


def test_cores_are_counted_where_an_old_daemon_does_not_tell_them(recorded: Recorded) -> None:
    document = deepcopy(recorded("docker_stats_cgroup1")["sample"])
    before = measured(document)
    del document["cpu_stats"]["online_cpus"]
    assert measured(document) == before
    assert before.cpu.cores_total == 2


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(None, id="no start"),
        pytest.param(CpuTime(NOON.timestamp() - 1, 11 * SECOND, 0), id="a counter that went back"),
        pytest.param(CpuTime(NOON.timestamp() - 1, 0, 100 * SECOND), id="a host that stood still"),
        pytest.param(CpuTime(NOON.timestamp(), 0, 0), id="no window"),
    ],
)
def test_cpu_alone_is_unknown_where_it_cannot_be_told(start: CpuTime | None) -> None:
    cpu = {"cpu_usage": {"total_usage": 10 * SECOND}, "system_cpu_usage": 100 * SECOND, "online_cpus": 4}
    document = {"read": "2026-01-31T12:00:00Z", "cpu_stats": cpu, "pids_stats": {"current": 2}}
    usage = Sample(document).usage("web", start)
    assert usage.cpu == CpuUsage(cores_total=4)
    assert (usage.pids, usage.timestamp, usage.window_seconds) == (2, NOON, None)


def test_no_cpu_time_used_is_a_measured_zero() -> None:
    cpu = {"cpu_usage": {"total_usage": SECOND}, "system_cpu_usage": 100 * SECOND, "online_cpus": 4}
    document = {"read": "2026-01-31T12:00:00Z", "cpu_stats": cpu}
    usage = Sample(document).usage("web", CpuTime(NOON.timestamp() - 1, SECOND, 96 * SECOND))
    assert usage.cpu == CpuUsage(0.0, Basis.CORE, 0.0, 4)


@pytest.mark.parametrize("document", [{}, {"read": "0001-01-01T00:00:00Z", "cpu_stats": {"cpu_usage": None}}])
def test_what_does_not_run_has_no_cpu_time(document: dict[str, Any]) -> None:
    assert Sample(document).cpu is None
