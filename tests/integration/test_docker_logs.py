# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What containers have written on engines that speak Docker's API, and waiting for what they write."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from .talk import MIB, STRANGE, TICKS
from .yard import LIVES, poll

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .controller import Controller, Task
    from .docker_yard import DockerYard
    from .engine import DockerEngine

LOGS = "nekzus.runtime.nekzus_logs"
# A character of three bytes at each place where a daemon may split a line.
SPLIT = "printf x; i=0; while [ $i -lt 8192 ]; do printf 'abcde\\342\\202\\254'; i=$((i + 1)); done; echo"
MIXED = f"echo out; echo err >&2; sleep 0.1; echo out again; {LIVES}"
# Says once a run which one it is.
RUNS = f"if test -f /ran; then echo second run; else touch /ran; echo first run; fi; {LIVES}"


class Reader:
    """Reads the logs of a yard's containers with tasks."""

    def __init__(self, controller: Controller, engine: DockerEngine, yard: DockerYard) -> None:
        """Take Ansible, an engine and the containers on it."""
        self._controller = controller
        self.engine = engine
        self.yard = yard

    def task(self, name: str, *, variables: Mapping[str, str] | None = None, **options: Any) -> Task:
        """Run a task for one container."""
        arguments = {**self.engine.options, "name": self.yard.name(name), **options}
        return self._controller.play([{"name": "read", LOGS: arguments, "vars": dict(variables or {})}]).task("read")

    def read(self, name: str, **options: Any) -> Mapping[str, Any]:
        """Return what a task that succeeds finds."""
        task = self.task(name, **options)
        assert task.status == "ok", task
        (found,) = task.result["logs"]
        return dict(found)


@pytest.fixture(scope="module")
def reader(controller: Controller, docker_engine: DockerEngine, module_docker_yard: DockerYard) -> Reader:
    """Have containers that have written what they will."""
    yard = module_docker_yard
    # Docker's usual driver replaces what is no UTF-8 itself.
    exact = {"log_config": {"Type": "local", "Config": {}}} if docker_engine.name == "docker" else {}
    yard.run("strange", script=STRANGE, **exact)
    yard.run("split", script=SPLIT, **exact)
    yard.run("mixed", script=MIXED)
    yard.run("terminal", script="echo out; echo; echo err >&2; printf 'no end'", tty=True)
    yard.run("silent", script=LIVES, log_config={"Type": "none", "Config": {}})
    yard.run("runs", script=RUNS)
    yard.run("clock", script=TICKS)
    yard.create("never")
    poll(lambda: {yard.state(name) for name in ("strange", "split", "terminal")} == {"stopped"}, "all is written")
    found = Reader(controller, docker_engine, yard)
    poll(lambda: len(found.read("mixed")["entries"]) == 3, "mixed lines are written")
    poll(lambda: len(found.read("clock")["entries"]) == 6, "the clock has ticked")
    return found


def test_lines_come_back_as_they_were(reader: Reader) -> None:
    found = reader.read("strange", tail="all", max_bytes=4 * MIB)
    messages = [entry["message"] for entry in found["entries"]]
    assert messages[:4] == ["\x1b[31mred\x1b[0m", "{{ 7*7 }}", "bad \ufffd\ufffd bytes", ""]
    assert [(message[0], len(message)) for message in messages[4:7]] == [("x", MIB), ("y", 16384), ("y", 32768)]
    assert messages[7:] == ["no end"]
    assert (found["truncated"], found["invalid_bytes"]) == (False, 2)


def test_what_a_search_may_have_missed_in_a_line_that_was_cut_is_told(reader: Reader) -> None:
    searched = [reader.read("strange", tail="all", grep="z", max_bytes=size) for size in (1000, 4 * MIB)]
    assert [(found["entries"], found["truncated"]) for found in searched] == [([], True), ([], False)]


def test_characters_that_the_daemon_split_are_whole(reader: Reader) -> None:
    found = reader.read("split", tail="all")
    assert [entry["message"] for entry in found["entries"]] == ["x" + "abcde\u20ac" * 8192]
    assert found["invalid_bytes"] == 0


def test_streams_are_told_apart(reader: Reader) -> None:
    found = reader.read("mixed")
    assert {(entry["stream"], entry["message"]) for entry in found["entries"]} == {
        ("stdout", "out"),
        ("stderr", "err"),
        ("stdout", "out again"),
    }
    assert [entry["time"] for entry in found["entries"]] == sorted(entry["time"] for entry in found["entries"])


def test_more_lines_may_be_asked_for_than_any_memory_holds(reader: Reader) -> None:
    assert len(reader.read("mixed", tail="9" * 18)["entries"]) == 3


def test_a_part_of_a_log_is_read(reader: Reader) -> None:
    moments = [entry["time"] for entry in reader.read("clock")["entries"]]

    def ticks(**options: Any) -> list[int]:
        return [int(line.removeprefix("tick ")) for line in reader.read("clock", **options)["log_lines"]]

    assert ticks(until=moments[2]) == [0, 1, 2]
    assert ticks(since=moments[2], until=moments[4], grep="[2345]") == [2, 3, 4]


def test_a_terminal_has_one_stream(reader: Reader) -> None:
    entries = reader.read("terminal", tail="all")["entries"]
    assert [(entry["stream"], entry["message"]) for entry in entries] == [
        (None, "out"),
        (None, ""),
        (None, "err"),
        (None, "no end"),
    ]


def test_a_driver_that_keeps_nothing_is_named(reader: Reader) -> None:
    failure = reader.task("silent").failure
    assert failure["code"] == "unsupported"
    assert "logging driver none" in failure["message"]
    assert "json-file" in failure["hint"]


def test_a_container_that_was_never_started_has_written_nothing(reader: Reader) -> None:
    task = reader.task("never")
    assert task.status == "ok"
    assert task.result["logs"][0]["entries"] == []
    assert any("has not been started" in warning for warning in task.result["warnings"])


def test_the_run_before_is_told_apart(reader: Reader) -> None:
    poll(lambda: reader.read("runs")["log_lines"] == ["first run"], "it has run")
    task = reader.task("runs", previous=True)
    assert (task.result["logs"][0]["entries"], task.status) == ([], "ok")
    reader.yard.restart("runs")
    # Only what the present run writes is waited for.
    matched = reader.read("runs", wait_for="run", wait_timeout=30)["matched"]
    assert matched["message"] == "second run"
    assert reader.read("runs")["log_lines"] == ["first run", "second run"]
    assert reader.read("runs", previous=True)["log_lines"] == ["first run"]


def test_a_line_is_seen_as_soon_as_it_is_written(reader: Reader) -> None:
    reader.yard.run("ticks", script=TICKS)
    begun = time.monotonic()
    found = reader.read("ticks", wait_for="tick 3", wait_timeout=250)
    assert found["matched"]["message"] == "tick 3"
    assert found["log_lines"][-1] == "tick 3"
    assert time.monotonic() - begun < 120
    reader.yard.remove("ticks")


def test_a_line_that_does_not_come_is_given_up(reader: Reader) -> None:
    task = reader.task("mixed", wait_for="never to be", wait_timeout=4)
    assert task.failure["code"] == "timeout"
    assert set(task.failure["details"]["logs"]) == {"out", "err", "out again"}


def test_a_silent_container_is_waited_for(reader: Reader) -> None:
    reader.yard.run("quiet", script=LIVES)
    task = reader.task("quiet", wait_for="anything", wait_timeout=2)
    assert task.failure["code"] == "timeout"
    assert "has written nothing" in task.failure["message"]
    reader.yard.remove("quiet")
