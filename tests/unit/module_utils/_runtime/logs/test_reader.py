# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the logs of what a task speaks of: in its order, interleaved by time, and never more than is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ContainerNotFoundError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogChoice, LogSources
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.reader import Excerpt, Excerpts, LogReader
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.logs import LOGS
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.logs import FakeLogs, line, moment, source
from ansible_collections.nekzus.runtime.tests.unit.fakes.runtime import FakeRuntime, Runtimes
from ansible_collections.nekzus.runtime.tests.unit.fakes.subject import container

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogLine

APP = source()
OPTIONS: dict[str, Any] = {
    **dict.fromkeys(("since", "until", "container", "grep", "wait_for")),
    "all_containers": False,
    "previous": False,
    "tail": "100",
    "max_bytes": 1000,
    "wait_timeout": 30,
}


def read(
    logs: FakeLogs, *, names: Sequence[str] | None = ("web",), there: Sequence[str] = ("web",), **options: Any
) -> Excerpts:
    runtime = FakeRuntime([container(name) for name in there])
    runtime.has(LOGS, logs)
    reader = LogReader(Runtimes(runtime), clock=FakeClock())
    return reader.read(parse_request({"names": names}), reader.query({**OPTIONS, **options}))


def one_log(*lines: LogLine) -> FakeLogs:
    return FakeLogs([LogSources((APP,))], {APP.key: [lines]})


def messages(excerpt: Excerpt) -> list[str]:
    return [entry.line.message.decode() for entry in excerpt.entries]


def test_the_last_lines_are_counted_by_the_runtime_when_none_is_passed_over() -> None:
    logs = one_log(line(1, "a"), line(2, "b"))
    assert messages(read(logs, tail="7").excerpts[0]) == ["a", "b"]
    assert [span.tail for _source, span, _follow in logs.opened] == [7]


@pytest.mark.parametrize("option", [{"grep": "keep"}, {"until": moment(100)}])
def test_the_last_lines_are_those_that_are_found_and_then_the_whole_log_is_read(option: dict[str, str]) -> None:
    logs = one_log(line(1, "keep 1"), line(2, "keep 2"), line(3, "keep 3"), line(200, "drop"))
    assert messages(read(logs, tail="2", **option).excerpts[0]) == ["keep 2", "keep 3"]
    assert [span.tail for _source, span, _follow in logs.opened] == [None]


def test_the_logs_of_one_target_are_interleaved_by_time() -> None:
    one, two = source(pod="web-1"), source(pod="web-2")
    logs = FakeLogs(
        [LogSources((one, two), ("web-3 has not started",))],
        {one.key: [[line(1, "a"), line(4, "d")]], two.key: [[line(2, "b"), line(3, "c")]]},
    )
    excerpt = read(logs).excerpts[0]
    assert messages(excerpt) == ["a", "b", "c", "d"]
    assert [entry.source.pod for entry in excerpt.entries] == ["web-1", "web-2", "web-2", "web-1"]
    assert excerpt.warnings == ("web-3 has not started",)


def test_a_line_without_a_moment_stays_after_the_one_before_it() -> None:
    one, two = source(pod="web-1"), source(pod="web-2")
    bare = line(1, "continued")._replace(time="")
    logs = FakeLogs([LogSources((one, two))], {one.key: [[line(1, "a"), bare]], two.key: [[line(2, "b")]]})
    assert messages(read(logs).excerpts[0]) == ["a", "continued", "b"]


def test_no_more_bytes_are_kept_of_all_logs_of_a_target_than_wanted_and_the_newest_are() -> None:
    one, two = source(pod="web-1"), source(pod="web-2")
    first = [line(second, f"one {second:05d}") for second in range(0, 100, 2)]
    second = [line(second, f"two {second:05d}") for second in range(1, 100, 2)]
    logs = FakeLogs([LogSources((one, two))], {one.key: [first], two.key: [second]})
    excerpt = read(logs, max_bytes=50).excerpts[0]
    assert messages(excerpt) == ["two 00095", "one 00096", "two 00097", "one 00098", "two 00099"]
    assert sum(len(message) + 1 for message in messages(excerpt)) <= 50
    assert messages(excerpt)[-1] == "two 00099"
    assert excerpt.truncated


def test_what_may_have_been_looked_for_in_vain_in_a_long_line_is_told() -> None:
    long = line(2, "begins")._replace(cut=True)
    excerpt = read(one_log(line(1, "a"), long), grep="end").excerpts[0]
    assert (messages(excerpt), excerpt.truncated) == ([], True)
    assert not read(one_log(line(1, "a"), long), grep="end", until=moment(1)).excerpts[0].truncated
    assert not read(one_log(line(1, "a"), line(2, "b")), grep="end").excerpts[0].truncated


def test_what_fits_is_not_truncated() -> None:
    assert not read(one_log(line(1, "a"))).excerpts[0].truncated


def test_excerpts_come_in_the_order_of_the_names_and_an_error_in_its_place() -> None:
    told = read(one_log(line(1, "a")), names=("web", "x", "db"), there=("db", "web"))
    assert [(one.path, type(one.error)) for one in told.excerpts] == [
        ("web", type(None)),
        ("x", ContainerNotFoundError),
        ("db", type(None)),
    ]


def test_a_log_that_cannot_be_read_is_an_error_in_its_place() -> None:
    told = read(FakeLogs([UnsupportedError("its logging driver none cannot be read")], {}))
    assert isinstance(told.excerpts[0].error, UnsupportedError)


def test_a_selected_container_that_vanishes_is_left_out_and_a_named_one_is_an_error() -> None:
    gone = FakeLogs([ContainerNotFoundError("gone")], {})
    assert read(gone, names=None).excerpts == ()
    assert read(gone).excerpts[0].error


def test_a_pod_that_goes_while_others_are_read_is_told_and_the_others_are_read() -> None:
    one, two, three = source(pod="web-1"), source(pod="web-2"), source(pod="web-3")
    gone = ContainerNotFoundError('pods "web-2" not found')
    written: dict[tuple[str, str], Any] = {
        one.key: [[line(1, "a")]],
        two.key: [[line(2, "lost"), gone]],
        three.key: [[line(3, "c")]],
    }
    excerpt = read(FakeLogs([LogSources((one, two, three))], written)).excerpts[0]
    assert (messages(excerpt), excerpt.error) == (["a", "c"], None)
    assert excerpt.warnings == ('container app of web-2: pods "web-2" not found',)
    all_gone = FakeLogs([LogSources((one, two))], {one.key: [[gone]], two.key: [[gone]]})
    assert isinstance(read(all_gone).excerpts[0].error, ContainerNotFoundError)
    other = {**written, three.key: [[UnsupportedError("its logging driver none cannot be read")]]}
    assert isinstance(read(FakeLogs([LogSources((one, two, three))], other)).excerpts[0].error, UnsupportedError)


def test_the_choice_of_containers_reaches_the_runtime() -> None:
    logs = one_log()
    read(logs, container="proxy", previous=True)
    assert logs.choices == [LogChoice("proxy", all_containers=False, previous=True)]


def test_every_stream_is_closed() -> None:
    logs = one_log(line(1, "a"))
    read(logs)
    assert logs.closed == 1


def test_a_line_waited_for_is_told_and_one_waited_for_in_vain_is_an_error_with_what_was_read() -> None:
    found = read(one_log(line(1, "ready")), wait_for="rea").excerpts[0]
    assert found.matched
    assert not found.error
    vain = read(one_log(line(1, "other")), wait_for="rea").excerpts[0]
    assert vain.error
    assert messages(vain) == ["other"]
