# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what containers write."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ContainerNotFoundError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogChoice, LogSpan
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.logs import LOGS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.selection import Selection
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import NAMED, WAYS, look

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import (
        LogLine,
        LogSource,
        LogSources,
        LogStream,
    )
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

MAIN, PREVIOUS = LogChoice(), LogChoice(previous=True)
LIMIT = 1024
FIVE = "one\ntwo\nthree\nfour\nfive\n"


def have(backend: Backend, way: str = NAMED, state: State | None = None, **properties: Any) -> Container:
    """Create one and find it."""
    backend.create("web", state, **properties)
    return look(backend, way, "web")[0]


def sources(backend: Backend, container: Container, choice: LogChoice = MAIN) -> LogSources:
    return backend.runtime.role(LOGS).sources(container, choice)


def source(backend: Backend, container: Container, choice: LogChoice = MAIN) -> LogSource:
    (found,) = sources(backend, container, choice).sources
    return found


def opened(backend: Backend, log: LogSource, span: LogSpan | None = None, **options: Any) -> LogStream:
    return backend.runtime.role(LOGS).open(log, span or LogSpan(), **{"limit": LIMIT, **options})


def lines(backend: Backend, log: LogSource, span: LogSpan | None = None, **options: Any) -> list[LogLine]:
    with closing(opened(backend, log, span, **options)) as stream:
        return list(stream)


def messages(found: list[LogLine]) -> list[str]:
    return [line.message.decode() for line in found]


@WAYS
def test_one_that_runs_has_a_log_to_which_more_may_come(backend: Backend, way: str) -> None:
    container = have(backend, way, logs=FIVE)
    found = sources(backend, container)
    (only,) = found.sources
    assert only.container
    assert (found.alive, found.warnings) == (True, ())
    assert messages(lines(backend, only)) == FIVE.split()


@WAYS
def test_lines_come_oldest_first_each_with_its_moment(backend: Backend, way: str) -> None:
    found = lines(backend, source(backend, have(backend, way, logs=FIVE)))
    moments = [line.time for line in found]
    assert moments == sorted(moments)
    assert {len(moment) for moment in moments} == {len("2026-01-31T12:00:00.000000000Z")}
    assert {line.cut for line in found} == {False}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", []),
        ("\n", [""]),
        ("\n\n", ["", ""]),
        ("a", ["a"]),
        ("a\n\nb", ["a", "", "b"]),
        (" a \t\n", [" a \t"]),
        ("{{ 7*7 }} \x1b[31mred\n", ["{{ 7*7 }} \x1b[31mred"]),
        ("caf\u00e9 \u20ac\n", ["caf\u00e9 \u20ac"]),
    ],
    ids=repr,
)
def test_lines_are_as_they_were_written(backend: Backend, written: str, expected: list[str]) -> None:
    assert messages(lines(backend, source(backend, have(backend, logs=written)))) == expected


def test_bytes_that_are_no_text_are_as_they_were_written(backend: Backend) -> None:
    log = source(backend, have(backend, logs="bad \udcff\udcfe\n"))
    assert [line.message for line in lines(backend, log)] == [b"bad \xff\xfe"]


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (1, [("a", True), ("", False), ("g", True)]),
        (5, [("abcde", True), ("", False), ("gh", False)]),
        (6, [("abcdef", False), ("", False), ("gh", False)]),
    ],
)
def test_of_a_line_that_is_too_long_the_beginning_is_kept(
    backend: Backend, limit: int, expected: list[tuple[str, bool]]
) -> None:
    found = lines(backend, source(backend, have(backend, logs="abcdef\n\ngh\n")), limit=limit)
    assert [(line.message.decode(), line.cut) for line in found] == expected


@pytest.mark.parametrize(
    ("tail", "expected"),
    [(0, []), (1, ["five"]), (3, ["three", "four", "five"]), (5, FIVE.split()), (10**9, FIVE.split())],
)
def test_the_last_lines_are_those_at_the_end(backend: Backend, tail: int, expected: list[str]) -> None:
    log = source(backend, have(backend, logs=FIVE))
    assert messages(lines(backend, log, LogSpan(tail=tail))) == expected


def test_a_span_begins_and_ends_with_the_lines_of_its_moments(backend: Backend) -> None:
    log = source(backend, have(backend, logs=FIVE))
    second, fourth = (lines(backend, log)[number].time for number in (1, 3))
    assert messages(lines(backend, log, LogSpan(since=second))) == ["two", "three", "four", "five"]
    assert messages(lines(backend, log, LogSpan(until=fourth))) == ["one", "two", "three", "four"]
    assert messages(lines(backend, log, LogSpan(since=second, until=fourth))) == ["two", "three", "four"]
    assert messages(lines(backend, log, LogSpan(tail=2, since=second))) == ["four", "five"]
    assert lines(backend, log, LogSpan(since="2099-01-01T00:00:00.000000000Z")) == []
    assert lines(backend, log, LogSpan(until="2001-01-01T00:00:00.000000000Z")) == []


def test_a_follower_gets_what_is_written_later_as_well(backend: Backend) -> None:
    log = source(backend, have(backend, logs="now\n", later=((5, "soon"), (5, "later"))))
    assert messages(lines(backend, log)) == ["now"]
    assert messages(lines(backend, log, follow=30.0)) == ["now", "soon", "later"]
    assert backend.clock.slept >= 10


def test_a_follower_may_begin_where_it_has_been(backend: Backend) -> None:
    log = source(backend, have(backend, logs=FIVE, later=((5, "later"),)))
    last = lines(backend, log)[-1].time
    assert messages(lines(backend, log, LogSpan(since=last), follow=30.0)) == ["five", "later"]


def test_lines_come_to_a_follower_as_soon_as_they_are_written(backend: Backend) -> None:
    log = source(backend, have(backend, logs="now\n", later=((5, "soon"), (1000, "later"), (5, "end"))))
    with closing(opened(backend, log, follow=2000.0)) as stream:
        assert messages(list(islice(stream, 2))) == ["now", "soon"]
        assert backend.clock.slept < 1000


def test_what_is_closed_brings_no_more(backend: Backend) -> None:
    log = source(backend, have(backend, logs="now\n", later=((5, "later"), (5, "end"))))
    stream = opened(backend, log, follow=30.0)
    found = iter(stream)
    assert next(found).message == b"now"
    stream.close()
    assert list(found) == []
    stream.close()


def test_a_log_can_be_opened_again_and_twice_at_once(backend: Backend) -> None:
    log = source(backend, have(backend, logs=FIVE))
    with closing(opened(backend, log)) as first, closing(opened(backend, log)) as second:
        assert [messages([one, other]) for one, other in zip(first, second)] == [[word] * 2 for word in FIVE.split()]


@WAYS
def test_the_run_before_is_told_apart(backend: Backend, way: str) -> None:
    container = have(backend, way, logs="now\n", logs_before="before\nlast words\n")
    found = sources(backend, container, PREVIOUS)
    assert messages(lines(backend, found.sources[0])) == ["before", "last words"]
    assert messages(lines(backend, source(backend, container)))[-1:] == ["now"]


def test_of_the_run_before_the_last_lines_are_among_those_that_come(backend: Backend) -> None:
    log = source(backend, have(backend, logs="now\n", logs_before="a\nb\nc\n"), PREVIOUS)
    assert messages(lines(backend, log, LogSpan(tail=2)))[-2:] == ["b", "c"]


@WAYS
def test_what_has_not_run_before_is_a_warning(backend: Backend, way: str) -> None:
    found = sources(backend, have(backend, way, logs=FIVE), PREVIOUS)
    (warning,) = found.warnings
    assert "web" in warning
    assert "has not run before" in warning
    assert found.sources == ()


@WAYS
def test_what_has_not_been_started_is_a_warning(backend: Backend, way: str) -> None:
    backend.create_new("new")
    found = sources(backend, look(backend, way, "new")[0])
    (warning,) = found.warnings
    assert "new" in warning
    assert "has not " in warning
    assert "started" in warning
    assert found.sources == ()


def test_to_what_has_stopped_nothing_comes(backend: Backend) -> None:
    found = sources(backend, have(backend, state=State.STOPPED))
    assert (found.alive, found.growing) == (False, False)


def test_what_has_ended_can_still_be_read(backend: Backend) -> None:
    backend.place("job", State.STOPPED)
    (container,) = (one for one in backend.runtime.role(CONTAINERS).select(Selection()).containers if one.name == "job")
    found = sources(backend, container)
    assert not found.alive
    assert lines(backend, found.sources[0]) == []


@WAYS
def test_what_is_gone_is_not_found(backend: Backend, way: str) -> None:
    container = have(backend, way)
    backend.remove("web")
    with pytest.raises(ContainerNotFoundError):
        sources(backend, container)


@WAYS
def test_a_container_that_it_does_not_have_is_not_found(backend: Backend, way: str) -> None:
    container = have(backend, way)
    with pytest.raises(ContainerNotFoundError, match="sidecar") as refusal:
        sources(backend, container, LogChoice("sidecar"))
    assert refusal.value.hint


@WAYS
def test_its_container_may_be_named_and_all_of_one_are_the_one(backend: Backend, way: str) -> None:
    container = have(backend, way)
    log = source(backend, container)
    assert source(backend, container, LogChoice(log.container)).key == log.key
    assert source(backend, container, LogChoice(all_containers=True)).key == log.key


def test_what_cannot_be_read_is_an_error(backend: Backend) -> None:
    log = source(backend, have(backend, logs=FIVE, unreadable_logs=True))
    with pytest.raises(NekzusError, match="read"):
        lines(backend, log)


def test_a_runtime_that_does_not_answer_is_an_error(backend: Backend) -> None:
    container = have(backend)
    log = source(backend, container)
    backend.fail_reads(RuntimeUnavailableError("nothing answers"))
    with pytest.raises(RuntimeUnavailableError):
        sources(backend, container)
    with pytest.raises(RuntimeUnavailableError):
        lines(backend, log)


@WAYS
def test_a_source_knows_the_secrets_of_its_container_and_does_not_show_them(backend: Backend, way: str) -> None:
    log = source(backend, have(backend, way, env=("DB_PASSWORD=hunter2-and-more", "MODE=x")))
    assert log.secrets == ("hunter2-and-more",)
    assert "hunter2" not in repr(log)


@WAYS
def test_looking_is_one_request_and_reading_another_and_nothing_is_changed(backend: Backend, way: str) -> None:
    container = have(backend, way, logs=FIVE)
    before = len(backend.requests)
    log = source(backend, container)
    assert len(backend.requests) == before + 1
    lines(backend, log)
    assert len(backend.requests) == before + 2
    assert backend.changed_names == []
