# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a line: the first that fits ends it, what can bring none any more too."""

from __future__ import annotations

import re
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ContainerNotFoundError,
    PermissionDeniedError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSources
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.query import LogQuery
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.watch import LOOK_AGAIN, LogWatch, Seen
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.logs import FakeLogs, line, moment, source
from ansible_collections.nekzus.runtime.tests.unit.fakes.subject import container

if TYPE_CHECKING:
    from collections.abc import Sequence

APP = source()
ALIVE = LogSources((APP,), alive=True)
ENDED = LogSources((APP,))


def wait(logs: FakeLogs, *, clock: FakeClock | None = None, **query: Any) -> Seen:
    """Wait for a line with ready in it."""
    wanted = LogQuery(**{"tail": 100, "wait_for": re.compile("ready"), "wait_timeout": 30.0, **query})
    return LogWatch(logs, container("web"), wanted, clock=clock or FakeClock()).wait()


def messages(seen: Seen) -> list[bytes]:
    return [entry.line.message for entry in seen.tail.entries]


def test_the_first_line_that_fits_ends_it_and_is_the_last_returned() -> None:
    logs = FakeLogs([ALIVE], {APP.key: [[line(1, "starting"), line(2, "ready 1"), line(3, "ready 2")]]})
    seen = wait(logs)
    assert seen.matched
    assert seen.matched.line.message == b"ready 1"
    assert messages(seen) == [b"starting", b"ready 1"]


def test_a_line_that_comes_while_the_log_stays_open_is_enough() -> None:
    never = Event()
    logs = FakeLogs([ALIVE], {APP.key: [[line(1, "ready"), never]]})
    assert wait(logs).matched
    assert logs.closed == 1
    never.set()


def test_a_live_log_is_followed_for_the_time_that_is_left_and_an_ended_one_is_only_read() -> None:
    logs = FakeLogs([ALIVE], {APP.key: [[line(1, "ready")]]})
    wait(logs)
    assert [follow for _source, _span, follow in logs.opened] == [30.0]
    logs = FakeLogs([ENDED], {APP.key: [[line(1, "ready")]]})
    assert wait(logs).matched
    assert [follow for _source, _span, follow in logs.opened] == [None]


def test_lines_of_an_earlier_run_do_not_count() -> None:
    this_run = source(started=moment(10))
    logs = FakeLogs([LogSources((this_run,))], {APP.key: [[line(5, "ready"), line(11, "starting")]]})
    seen = wait(logs)
    assert seen.error
    assert seen.error.code == "not_ready"
    assert messages(seen) == [b"starting"]


def test_since_reaches_back_beyond_the_present_run() -> None:
    this_run = source(started=moment(10))
    logs = FakeLogs([LogSources((this_run,))], {APP.key: [[line(5, "ready"), line(11, "starting")]]})
    assert wait(logs, since=moment(4)).matched


def test_a_line_that_is_told_to_the_second_counts_in_the_second_of_since() -> None:
    logs = FakeLogs([ENDED], {APP.key: [[line(4, "ready")]]})
    logs.tells_all = True
    assert wait(logs, since=moment(4).replace(".0", ".5")).matched


def test_what_has_ended_without_the_line_is_given_up_at_once_with_its_last_lines() -> None:
    clock = FakeClock()
    seen = wait(FakeLogs([ENDED], {APP.key: [[line(1, "one"), line(2, "two")]]}), clock=clock)
    assert seen.error
    assert seen.error.code == "not_ready"
    assert "no line fits 'ready' before it ended, its last line is \"two\"" in str(seen.error)
    assert seen.error.details["logs"] == ["one", "two"]
    assert clock.slept < 1


def test_after_the_time_given_the_last_lines_are_told_without_what_the_container_keeps_secret() -> None:
    secretive = source(secrets=("hunter2hunter2",))
    clock = FakeClock()
    logs = FakeLogs([LogSources((secretive,), alive=True)], {APP.key: [[line(1, "password hunter2hunter2")], []]})
    seen = wait(logs, clock=clock)
    assert seen.error
    assert seen.error.code == "timeout"
    assert "within 30 s" in seen.error.message
    assert "hunter2hunter2" not in str(seen.error.failure())
    assert clock.slept == pytest.approx(30, abs=1)


def test_a_log_that_breaks_off_is_taken_up_where_it_broke() -> None:
    broken = RuntimeUnavailableError("the connection broke", transient=True)
    second = [line(2, "two"), line(3, "ready")]
    logs = FakeLogs([ALIVE], {APP.key: [[line(1, "one"), line(2, "two"), broken], second]})
    seen = wait(logs)
    assert seen.matched
    assert messages(seen) == [b"one", b"two", b"ready"]
    assert [span.since for _source, span, _follow in logs.opened] == ["", moment(2)]


def test_lines_of_one_moment_are_all_taken() -> None:
    logs = FakeLogs([ALIVE], {APP.key: [[line(1, "a"), line(1, "b"), line(1, "ready")]]})
    assert messages(wait(logs)) == [b"a", b"b", b"ready"]


def test_what_it_wrote_between_the_end_of_its_log_and_its_own_is_read() -> None:
    logs = FakeLogs([ALIVE, ENDED], {APP.key: [[line(1, "one")], [line(2, "ready")]]})
    assert wait(logs).matched


def test_a_restarted_container_is_followed_again() -> None:
    again = LogSources((source(started=moment(20)),), alive=True)
    logs = FakeLogs([ALIVE, again], {APP.key: [[line(1, "crash")], [line(21, "ready")]]})
    seen = wait(logs)
    assert seen.matched
    assert messages(seen) == [b"crash", b"ready"]


def test_a_container_that_has_not_begun_is_looked_for_until_it_has() -> None:
    pending = LogSources((), ("container app has not started: ContainerCreating",), alive=True, growing=True)
    clock = FakeClock()
    logs = FakeLogs([pending, pending, ALIVE], {APP.key: [[line(1, "ready")]]})
    assert wait(logs, clock=clock).matched
    assert clock.slept < 5 * LOOK_AGAIN


def test_one_that_never_begins_is_a_timeout_that_tells_why() -> None:
    pending = LogSources((), ("container app has not started: ImagePullBackOff",), alive=True, growing=True)
    seen = wait(FakeLogs([pending], {}))
    assert seen.error
    assert seen.error.code == "timeout"
    assert seen.error.message.endswith("it has written nothing (container app has not started: ImagePullBackOff)")
    assert seen.error.hint == "raise wait_timeout, or see why it writes nothing"
    assert seen.warnings == ("container app has not started: ImagePullBackOff",)


def test_any_of_several_logs_may_bring_the_line() -> None:
    one, two = source(pod="web-1"), source(pod="web-2")
    never = Event()
    logs = FakeLogs(
        [LogSources((one, two), alive=True)], {one.key: [[line(1, "starting"), never]], two.key: [[line(2, "ready")]]}
    )
    seen = wait(logs)
    assert seen.matched
    assert seen.matched.source.pod == "web-2"
    assert logs.closed == 2
    never.set()


def test_the_end_of_one_log_does_not_end_the_wait_for_the_others() -> None:
    one, two = source(pod="web-1"), source(pod="web-2")
    gate = Event()
    both = LogSources((one, two), alive=True)
    logs = FakeLogs([both], {one.key: [[line(1, "done")]], two.key: [[gate, line(2, "ready")]]})
    gate.set()
    assert wait(logs).matched


def test_what_is_removed_meanwhile_has_ended() -> None:
    gone: Sequence[Any] = [ALIVE, ContainerNotFoundError("gone")]
    seen = wait(FakeLogs(gone, {APP.key: [[line(1, "one")]]}))
    assert seen.error
    assert seen.error.code == "not_ready"


def test_what_was_never_there_is_an_error_of_its_own() -> None:
    with pytest.raises(ContainerNotFoundError):
        wait(FakeLogs([ContainerNotFoundError("gone")], {}))


def test_a_log_that_may_not_be_read_ends_it() -> None:
    logs = FakeLogs([ALIVE], {APP.key: [[PermissionDeniedError("forbidden")]]})
    with pytest.raises(PermissionDeniedError):
        wait(logs)


def test_only_the_last_lines_up_to_the_match_are_returned() -> None:
    written = [line(second, f"line {second}") for second in range(50)]
    logs = FakeLogs([ALIVE], {APP.key: [[*written, line(51, "ready")]]})
    assert messages(wait(logs, tail=3)) == [b"line 48", b"line 49", b"ready"]


def test_grep_leaves_out_lines_but_not_the_one_waited_for() -> None:
    logs = FakeLogs([ALIVE], {APP.key: [[line(1, "x"), line(2, "keep"), line(3, "ready")]]})
    assert messages(wait(logs, grep=re.compile("keep"))) == [b"keep", b"ready"]
