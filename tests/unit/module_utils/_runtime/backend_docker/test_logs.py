# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which log of a Docker container a choice means, and what is read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.logs import DockerLogs
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ContainerNotFoundError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.lines import PART
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogChoice, LogSpan
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.moment import moment_of
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_container import EPOCH
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker_reports import Written

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogLine, LogSource, LogSources
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock

LIMIT = 2 * 1024 * 1024
MOMENT = "2026-01-31T12:00:00.000000001Z"


@pytest.fixture
def docker(clock: FakeClock) -> FakeDocker:
    return FakeDocker(clock)


def add(docker: FakeDocker, **properties: Any) -> Container:
    return convert.container(docker.add("web", **properties).record(0))


def moment(seconds: float) -> str:
    """Return the moment when a clock of containers' starts shows so many seconds."""
    return moment_of(EPOCH + seconds)


def sources(docker: FakeDocker, seen: Container, **choice: Any) -> LogSources:
    return DockerLogs(docker).sources(seen, LogChoice(**choice))


def source(docker: FakeDocker, seen: Container, **choice: Any) -> LogSource:
    (found,) = sources(docker, seen, **choice).sources
    return found


def read(
    docker: FakeDocker, seen: Container, span: LogSpan | None = None, *, limit: int = LIMIT, **choice: Any
) -> list[LogLine]:
    found = source(docker, seen, **choice)
    return list(DockerLogs(docker).open(found, span or LogSpan(), limit=limit))


def messages(lines: list[LogLine]) -> list[bytes]:
    return [line.message for line in lines]


def test_a_running_container_has_one_log_to_which_more_may_come(docker: FakeDocker) -> None:
    container = add(docker, env=("DB_PASSWORD=s3cret-word", "MODE=x"))
    found = sources(docker, container)
    (only,) = found.sources
    assert (only.container, only.pod, only.started, only.until) == ("web", "", "", "")
    assert only.secrets == ("s3cret-word",)
    assert (found.alive, found.growing, found.warnings) == (True, False, ())
    assert [str(call) for call in docker.calls] == ["inspect web"]


@pytest.mark.parametrize(
    ("state", "alive"), [("running", True), ("restarting", True), ("paused", True), ("exited", False), ("dead", False)]
)
def test_more_may_come_of_what_lives(docker: FakeDocker, state: str, *, alive: bool) -> None:
    assert sources(docker, add(docker, state=state)).alive is alive


def test_a_container_that_was_never_started_has_no_log(docker: FakeDocker) -> None:
    found = sources(docker, add(docker, state="created"))
    assert found.sources == ()
    assert found.warnings == ("docker/web has not been started",)
    assert not found.alive


@pytest.mark.parametrize("name", ["web", "id", "short_id"])
def test_a_container_may_be_named_by_its_own_name(docker: FakeDocker, name: str) -> None:
    container = add(docker, logs="one\n")
    assert messages(read(docker, container, container=getattr(container, name, name))) == [b"one"]


def test_another_container_is_not_in_it(docker: FakeDocker) -> None:
    with pytest.raises(ContainerNotFoundError, match="it has no container sidecar") as refusal:
        sources(docker, add(docker), container="sidecar")
    assert "web" in (refusal.value.hint or "")


def test_a_container_that_is_gone_is_not_found(docker: FakeDocker) -> None:
    container = add(docker)
    docker.remove("web")
    with pytest.raises(ContainerNotFoundError):
        sources(docker, container)


@pytest.mark.parametrize("driver", ["none", "passthrough"])
def test_a_driver_that_keeps_nothing_is_named_before_anything_is_read(docker: FakeDocker, driver: str) -> None:
    with pytest.raises(UnsupportedError, match=f"its logging driver {driver} ") as refusal:
        sources(docker, add(docker, log_driver=driver))
    assert "json-file, local or journald" in (refusal.value.hint or "")


def test_a_driver_that_cannot_be_read_is_named(docker: FakeDocker) -> None:
    found = source(docker, add(docker, log_driver="syslog", unreadable_logs=True))
    with pytest.raises(UnsupportedError, match="its logging driver syslog "):
        DockerLogs(docker).open(found, LogSpan(), limit=LIMIT)


def test_another_refusal_is_as_it_is(docker: FakeDocker) -> None:
    found = source(docker, add(docker))
    docker.fail("logs", ApiError("the disk is on fire (HTTP 500)"))
    with pytest.raises(ApiError, match="fire"):
        DockerLogs(docker).open(found, LogSpan(), limit=LIMIT)


def test_streams_are_told_apart(docker: FakeDocker) -> None:
    written = [Written(MOMENT, b"out\n"), Written(MOMENT, b"err\n", 2), Written(MOMENT, b"out again\n")]
    lines = read(docker, add(docker, written=written))
    assert [(line.time, line.stream, line.message) for line in lines] == [
        (MOMENT, "stdout", b"out"),
        (MOMENT, "stderr", b"err"),
        (MOMENT, "stdout", b"out again"),
    ]


def test_a_terminal_has_one_stream_whose_lines_end_with_a_return(docker: FakeDocker) -> None:
    written = [
        Written(MOMENT, b"out\r\n"),
        Written(MOMENT, b"\r\n"),
        Written(MOMENT, b"a\rb\r\n"),
        Written(MOMENT, b"$ "),
    ]
    lines = read(docker, add(docker, written=written, terminal=True))
    assert [(line.time, line.stream, line.message) for line in lines] == [
        (MOMENT, "", b"out"),
        (MOMENT, "", b""),
        (MOMENT, "", b"a\rb"),
        (MOMENT, "", b"$ "),
    ]


@pytest.mark.parametrize("terminal", [False, True])
def test_bytes_that_are_no_text_stay_as_they_are(docker: FakeDocker, *, terminal: bool) -> None:
    odd = b"\xff\xfe caf\xc3 \x1b[31m {{ 7*7 }}"
    lines = read(docker, add(docker, written=[Written(MOMENT, odd + b"\n")], terminal=terminal))
    assert messages(lines) == [odd]


@pytest.mark.parametrize("terminal", [False, True])
def test_a_line_that_the_daemon_split_is_one(docker: FakeDocker, *, terminal: bool) -> None:
    # A character of three bytes begins each time before a border and ends after it.
    line = (b"x" * (PART - 1) + b"\xe2\x82\xac") * 64
    parts = [line[place : place + PART] for place in range(0, len(line), PART)]
    written = [*(Written(MOMENT, part) for part in parts[:-1]), Written(MOMENT, parts[-1] + b"\n")]
    (found, after) = read(docker, add(docker, written=[*written, Written(MOMENT, b"next\n")], terminal=terminal))
    assert (found.message, found.cut) == (line, False)
    assert found.message.decode() == ("x" * (PART - 1) + "\u20ac") * 64
    assert after.message == b"next"


def test_the_newline_that_the_driver_local_loses_after_parts_is_put_back(docker: FakeDocker) -> None:
    written = [Written(MOMENT, b"x" * PART), Written(MOMENT, b"x"), Written(MOMENT, b"next\n"), Written(MOMENT, b"\n")]
    lines = read(docker, add(docker, written=written, log_driver="local"))
    assert messages(lines) == [b"x" * (PART + 1), b"next", b""]


def test_a_line_is_cut_where_it_gets_too_long(docker: FakeDocker) -> None:
    (line,) = read(docker, add(docker, logs="abcdef\n"), limit=4)
    assert (line.message, line.cut) == (b"abcd", True)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        pytest.param(LogSpan(), [b"one", b"two", b"three"], id="all"),
        pytest.param(LogSpan(tail=2), [b"two", b"three"], id="the last"),
        pytest.param(LogSpan(tail=0), [], id="none"),
        pytest.param(LogSpan(since=moment(50.002)), [b"two", b"three"], id="from a moment on"),
        pytest.param(LogSpan(until=moment(50.002)), [b"one", b"two"], id="to a moment"),
    ],
)
def test_the_part_asked_for_is_read(docker: FakeDocker, span: LogSpan, expected: list[bytes]) -> None:
    container = add(docker, logs="one\ntwo\nthree\n", started_at=50.0)
    assert messages(read(docker, container, span)) == expected


def test_what_is_written_later_comes_to_a_follower(docker: FakeDocker) -> None:
    later = [(2.0, Written(MOMENT, b"later\n"))]
    found = source(docker, add(docker, logs="one\n", later=later))
    stream = DockerLogs(docker).open(found, LogSpan(), limit=LIMIT, follow=30.0)
    assert [line.message for line in stream] == [b"one", b"later"]
    assert docker.calls[-1].detail == (LogSpan(), 30.0)


def test_a_stream_that_is_closed_brings_no_more(docker: FakeDocker) -> None:
    later = [(2.0, Written(MOMENT, b"later\n"))]
    found = source(docker, add(docker, logs="one\n", later=later))
    stream = DockerLogs(docker).open(found, LogSpan(), limit=LIMIT, follow=30.0)
    lines = iter(stream)
    assert next(lines).message == b"one"
    stream.close()
    assert list(lines) == []


# A container that ran until 90 and was started again at 100: its first line came before the daemon noted the start.
RUNS = (
    Written(moment(80), b"before\n"),
    Written(moment(90.001), b"last words\n"),
    Written(moment(99.99), b"first words\n"),
    Written(moment(101), b"now\n"),
)


@pytest.mark.parametrize("state", ["running", "paused"])
def test_the_run_before_ends_where_the_present_one_began(docker: FakeDocker, state: str) -> None:
    container = add(docker, state=state, written=RUNS, started_at=100.0, finished_at=90.0)
    assert messages(read(docker, container, previous=True)) == [b"before", b"last words"]
    found = sources(docker, container, previous=True)
    assert not found.alive
    (present,) = sources(docker, container).sources
    assert RUNS[1].moment < present.started < RUNS[2].moment
    assert present.until == ""


def test_the_run_before_the_last_one_ends_just_before_the_last_start(docker: FakeDocker) -> None:
    container = add(docker, state="exited", written=RUNS, started_at=100.0, finished_at=102.0)
    assert messages(read(docker, container, previous=True)) == [b"before", b"last words"]


def test_the_last_lines_of_the_run_before_are_counted_there(docker: FakeDocker) -> None:
    container = add(docker, written=RUNS, started_at=100.0, finished_at=90.0)
    # All of it comes: who reads keeps the last lines.
    assert messages(read(docker, container, LogSpan(tail=1), previous=True)) == [b"before", b"last words"]
    assert messages(read(docker, container, LogSpan(until=moment(85)), previous=True)) == [b"before"]


def test_a_container_that_has_not_run_before_has_no_run_before(docker: FakeDocker) -> None:
    found = sources(docker, add(docker), previous=True)
    assert found.sources == ()
    assert found.warnings == ("docker/web has not run before",)
    assert not found.alive


def test_podman_is_asked_for_all_of_the_second_until_which_lines_are_read(docker: FakeDocker) -> None:
    written = tuple(Written(moment(second), b"line\n") for second in (80, 90, 91, 99))
    container = add(docker, env=("container=podman",), written=written, started_at=100.0, finished_at=91.0)
    assert len(read(docker, container, LogSpan(until=moment(89.5)))) == 2
    assert docker.calls[-1].detail == (LogSpan(until=moment(90)), None)
    # But no more than the run that is meant.
    assert len(read(docker, container, LogSpan(until=moment(95)), previous=True)) == 3
    assert docker.calls[-1].detail == (LogSpan(until=moment(95.5)), None)


def test_podman_stamps_lines_with_the_second_in_which_a_run_began(docker: FakeDocker) -> None:
    container = add(docker, env=("container=podman",), started_at=100.5, finished_at=100.1)
    assert source(docker, container).started == moment(100)
    assert source(docker, container, previous=True).until == moment(100.3)
