# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What containers use on engines that speak Docker's API, beside what ``docker stats`` prints."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from .rule import Rule
from .yard import PATIENCE, poll

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .controller import Controller
    from .docker_yard import DockerYard
    from .engine import DockerEngine

STATS = "nekzus.runtime.nekzus_stats"
COUNT = 40
# Keeps half a core busy, and 8 MiB of memory.
BUSY = "x=$(head -c 8388608 /dev/zero | tr '\\0' x); while :; do :; done"
FULL = 8 * 1024 * 1024
HALF, LIMIT = 500_000_000, 64 * 1024 * 1024
UNITS = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "kB": 1000, "MB": 1000**2, "GB": 1000**3}


def shown_by_docker(engine: DockerEngine, *names: str) -> Sequence[Mapping[str, str]]:
    """Return what the CLI prints of each."""
    command = shutil.which("docker") or pytest.skip("there is no docker command")
    environment = {**os.environ, "DOCKER_HOST": engine.url}
    printed = subprocess.run(  # noqa: S603 - the test's own command
        [command, "stats", "--no-stream", "--format", "{{json .}}", *names],
        env=environment,
        capture_output=True,
        check=True,
    )
    return [json.loads(line) for line in printed.stdout.splitlines()]


def count(text: str) -> float:
    """Return a number of bytes that the CLI prints."""
    match = re.fullmatch(r"([0-9.]+) ?(\w+)", text.strip())
    assert match, text
    return float(match.group(1)) * UNITS[match.group(2)]


@pytest.fixture(scope="module")
def stats(
    controller: Controller, docker_engine: DockerEngine, module_docker_yard: DockerYard
) -> Mapping[str, Mapping[str, Any]]:
    """Measure containers of all sorts in one task."""
    yard = module_docker_yard
    yard.run("busy", script=BUSY, nano_cpus=HALF, mem_limit=LIMIT)
    yard.run("idle")
    yard.run("ended", script="exit 0")
    yard.create("never")
    yard.run("frozen")
    yard.pause("frozen")
    poll(lambda: busy_usage(controller, docker_engine, yard)["memory"]["used_bytes"] > FULL, "it has its memory")
    selected = {"label_selectors": [f"nekzus-test-of={yard.prefix}"], "all": True}
    return {one["name"].removeprefix(f"{yard.prefix}-"): one for one in measure(controller, docker_engine, **selected)}


def measure(controller: Controller, engine: DockerEngine, **target: Any) -> Sequence[Mapping[str, Any]]:
    """Return what containers use."""
    (task,) = controller.play([{"name": "measure", STATS: {**engine.options, **target}}]).tasks
    assert task.status == "ok", task
    found: Sequence[Mapping[str, Any]] = task.result["stats"]
    return found


def busy_usage(controller: Controller, engine: DockerEngine, yard: DockerYard) -> Mapping[str, Any]:
    """Return what the busy one uses now."""
    (found,) = measure(controller, engine, name=yard.name("busy"))
    return found


def test_the_numbers_are_those_of_docker_stats(
    stats: Mapping[str, Mapping[str, Any]], docker_engine: DockerEngine, module_docker_yard: DockerYard
) -> None:
    ours = stats["busy"]
    (shown,) = shown_by_docker(docker_engine, module_docker_yard.name("busy"))
    used, limit = map(count, shown["MemUsage"].split(" / "))
    # The CLI rounds to four digits, and memory changes by pages.
    assert ours["memory"]["used_bytes"] == pytest.approx(used, rel=0.05)
    assert ours["memory"]["limit_bytes"] == limit == LIMIT
    assert ours["memory"]["usage_percent"] == pytest.approx(float(shown["MemPerc"].rstrip("%")), abs=2)
    assert ours["pids"] == int(shown["PIDs"])
    assert ours["block_io"].keys() == {"read_bytes", "write_bytes"}


@pytest.mark.usefixtures("stats")
def test_the_share_of_the_cpu_is_that_of_docker_stats(
    controller: Controller, docker_engine: DockerEngine, module_docker_yard: DockerYard
) -> None:
    if docker_engine.name != "docker":
        pytest.skip("Podman tells the command of the host's busy time alone")
    yard = module_docker_yard

    def are_near() -> bool:
        ours = busy_usage(controller, docker_engine, yard)["cpu"]["usage_percent"]
        (shown,) = shown_by_docker(docker_engine, yard.name("busy"))
        return bool(ours > 0 and abs(ours - float(shown["CPUPerc"].rstrip("%"))) < 8)

    # One is measured after the other, and on a machine that has other things to do it has not its half of a core
    # all the time.
    poll(are_near, "both say the same", seconds=2 * PATIENCE)


def test_half_a_core_is_half_a_core(stats: Mapping[str, Mapping[str, Any]]) -> None:
    cpu = stats["busy"]["cpu"]
    assert 5 < cpu["usage_percent"] < 65
    assert cpu["cores_used"] == pytest.approx(cpu["usage_percent"] / 100)
    assert (cpu["percent_of"], cpu["cores_total"]) == ("core", os.cpu_count())


def test_what_runs_and_does_nothing_uses_next_to_nothing(stats: Mapping[str, Mapping[str, Any]]) -> None:
    for name in ("idle", "frozen"):
        assert 0 <= stats[name]["cpu"]["usage_percent"] < 20
        assert stats[name]["memory"]["used_bytes"] > 0
        assert 0.5 <= stats[name]["window_seconds"] < 60


@pytest.mark.parametrize("name", ["ended", "never"])
def test_what_does_not_run_has_no_numbers(stats: Mapping[str, Mapping[str, Any]], name: str) -> None:
    found = stats[name]
    values = [value for part in ("cpu", "memory", "network", "block_io") for value in found[part].values()]
    assert set(values) == {None}
    assert (found["pids"], found["containers"], found["timestamp"]) == (None, [], None)


def test_many_containers_are_measured_side_by_side(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    docker_yard.run(*(f"web-{number}" for number in range(COUNT)), script="while :; do sleep 1; done")
    selected = {"label_selectors": [f"nekzus-test-of={docker_yard.prefix}"]}
    # Podman answers so soon that they would hardly meet.
    with docker_engine.proxy(Rule("^GET /containers/[0-9a-f]{64}/stats", delay=0.5)) as proxy:
        (task,) = controller.play([{"name": "measure", STATS: {**docker_engine.through(proxy), **selected}}]).tasks
    found = task.result["stats"]
    assert len(found) == COUNT
    assert [one["name"] for one in found if one["cpu"]["usage_percent"] is None] == []
    assert proxy.count("^GET /containers/json") == 1
    assert proxy.count("^GET /containers/[0-9a-f]{64}/stats") <= 3 * COUNT
    assert proxy.most_at_once("^GET /containers/[0-9a-f]{64}/stats") > COUNT / 2


def test_measuring_where_the_daemon_is_takes_a_request_a_container(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    if docker_engine.name != "docker":
        pytest.skip("Podman tells the command of the host's busy time alone")
    docker_yard.run("web")
    # Wherever in its second the daemon's collector is: what it has not counted yet, the kernel has.
    with docker_engine.proxy() as proxy:
        task = {STATS: {**docker_engine.through(proxy), "name": docker_yard.name("web")}}
        run = controller.play([{"name": f"measure {number}", **task} for number in range(8)])
    for one in run.tasks:
        (measured,) = one.result["stats"]
        assert measured["cpu"]["usage_percent"] is not None
        assert measured["window_seconds"] >= 0.5
    assert proxy.count("/stats") == 8


def test_a_task_and_the_command_for_many_containers_side_by_side(
    controller: Controller, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    names = [f"web-{number}" for number in range(COUNT)]
    docker_yard.run(*names, script="while :; do sleep 1; done")
    selected = f"runtime=docker label_selectors=nekzus-test-of={docker_yard.prefix}"
    tasks = (("ansible.builtin.ping", ""), (STATS, selected))
    for module, arguments in tasks:
        begun = time.perf_counter()
        (task,) = controller.adhoc(module, arguments, **docker_engine.environment).tasks
        sys.stdout.write(f"{docker_engine.name}: {module} {time.perf_counter() - begun:.2f} s\n")
        assert task.status == "ok", task
    assert len(task.result["stats"]) == COUNT
    begun = time.perf_counter()
    shown_by_docker(docker_engine, *map(docker_yard.name, names))
    sys.stdout.write(f"{docker_engine.name}: docker stats --no-stream {time.perf_counter() - begun:.2f} s\n")
