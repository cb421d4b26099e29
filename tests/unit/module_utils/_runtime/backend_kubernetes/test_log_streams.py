# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes of reading the log of a pod's container: a part of it, what follows, and refusals."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ContainerNotFoundError,
    PermissionDeniedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.call import Call
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.translate import refused
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogChoice, LogSource, LogSpan
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.logs import LOGS
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CRASHES, HEALTHY, Life

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

LIMIT = 1024
FIRST = "2026-01-01T00:00:0"


def source_of(backend: KubernetesBackend, life: Life = HEALTHY) -> LogSource:
    """Return the only log of a pod that lives so."""
    container = convert.container(backend.cluster.add(POD, pod("web"), life=life))
    (source,) = backend.runtime.role(LOGS).sources(container, LogChoice()).sources
    return source


def lines(backend: KubernetesBackend, source: LogSource, span: LogSpan | None = None, **options: Any) -> list[str]:
    with closing(backend.runtime.role(LOGS).open(source, span or LogSpan(), limit=LIMIT, **options)) as stream:
        return [line.message.decode() for line in stream]


@pytest.mark.parametrize(
    ("span", "found"),
    [
        (LogSpan(), ["0", "1", "2", "3"]),
        (LogSpan(tail=2), ["2", "3"]),
        (LogSpan(tail=0), []),
        (LogSpan(since=f"{FIRST}2.500000000Z"), ["2", "3"]),
        # The rest of a second is for who knows the moment to leave out.
        (LogSpan(until=f"{FIRST}1.000000000Z"), ["0", "1"]),
        (LogSpan(since=f"{FIRST}1.000000000Z", until=f"{FIRST}2.000000000Z"), ["1", "2"]),
    ],
)
def test_a_part_of_a_log_is_read(backend: KubernetesBackend, span: LogSpan, found: list[str]) -> None:
    source = source_of(backend, Life(logs="0\n1\n2\n3\n"))
    assert lines(backend, source, span) == found


def test_lines_of_the_second_in_which_a_part_ends_come_in_any_order(backend: KubernetesBackend) -> None:
    written = f"{FIRST}1.5Z late\n{FIRST}1.4Z early\n{FIRST}2.0Z after\n{FIRST}1.4Z too late\n"
    source = source_of(backend, Life(logs=written))
    assert lines(backend, source, LogSpan(until=f"{FIRST}1.400000000Z")) == ["late", "early"]


def test_a_line_has_its_moment_and_no_stream(backend: KubernetesBackend) -> None:
    written = f"{FIRST}1.5+00:00 one\n\n2026-01-01T01:00:03Z two"
    source = source_of(backend, Life(logs=written))
    stream = backend.runtime.role(LOGS).open(source, LogSpan(), limit=LIMIT)
    assert [tuple(line) for line in stream] == [
        (f"{FIRST}1.500000000Z", "", b"one", False),
        (f"{FIRST}1.000000000Z", "", b"", False),
        ("2026-01-01T01:00:03.000000000Z", "", b"two", False),
    ]


@pytest.mark.parametrize("word", ["unable", "Unable"])
def test_what_a_node_says_when_it_has_no_log_is_no_line(backend: KubernetesBackend, word: str) -> None:
    complaint = f"{word} to retrieve container logs for docker://3f1c"
    source = source_of(backend, Life(logs="one\n", later=((0, complaint),)))
    with pytest.raises(ContainerNotFoundError, match="does not have the log") as raised:
        lines(backend, source, follow=5)
    assert raised.value.hint
    # Who writes so has written it at some moment.
    backend.cluster.remove(POD, "web")
    assert lines(backend, source_of(backend, Life(logs=complaint))) == [complaint]


def test_a_line_is_cut_at_the_limit(backend: KubernetesBackend) -> None:
    source = source_of(backend, Life(logs="x" * (LIMIT + 1)))
    (line,) = backend.runtime.role(LOGS).open(source, LogSpan(), limit=LIMIT)
    assert (line.message, line.cut) == (b"x" * LIMIT, True)


def test_a_followed_log_goes_on(backend: KubernetesBackend) -> None:
    life = Life(logs="now\n", later=((3, "2026-01-01T00:01:00Z later\n"),))
    source = source_of(backend, life)
    assert lines(backend, source) == ["now"]
    assert lines(backend, source, follow=30.0) == ["now", "later"]
    assert backend.kubernetes.calls[-1].detail["follow"] == 30.0
    assert backend.clock.slept == 3


# What the API server passes on of a node.
WAITING = [
    'container "app" in pod "web" is waiting to start: ContainerCreating',
    'container "app" in pod "web" is waiting to start: trying and failing to pull image',
    'container "app" in pod "web" is not available',
    'container "app" in pod "web" is terminated',
    'previous terminated container "app" in pod "web" not found',
]


def refuse(backend: KubernetesBackend, code: int, message: str) -> None:
    status = {"kind": "Status", "code": code, "message": message, "details": {"name": "web"}}
    error = refused(code, status, {}, Call("GET", POD, "default", "web", "log"))
    backend.kubernetes.fail("GET", error, kind="pods", name="web/log")


@pytest.mark.parametrize("message", WAITING)
def test_a_container_that_is_not_there_any_more_when_it_is_read_has_written_nothing(
    backend: KubernetesBackend, message: str
) -> None:
    source = source_of(backend, CRASHES)
    refuse(backend, 400, message)
    assert lines(backend, source) == []


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (400, "container app is not valid for pod web", ApiError),
        (404, 'pods "web" not found', ContainerNotFoundError),
        (500, "the node does not answer", ApiError),
    ],
)
def test_any_other_refusal_is_an_error(
    backend: KubernetesBackend, code: int, message: str, kind: type[Exception]
) -> None:
    source = source_of(backend)
    refuse(backend, code, message)
    with pytest.raises(kind, match=message.partition("(")[0]):
        lines(backend, source)


def test_who_may_not_read_logs_is_told_what_to_grant(backend: KubernetesBackend) -> None:
    source = source_of(backend)
    refuse(backend, 403, 'User "jane" cannot get resource "pods/log"')
    with pytest.raises(PermissionDeniedError) as refusal:
        lines(backend, source)
    assert refusal.value.hint == "grant get on pods/log in namespace default"
