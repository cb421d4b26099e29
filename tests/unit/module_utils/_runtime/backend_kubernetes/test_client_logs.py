# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logs over the real library, against a real HTTP server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Answer

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import KubernetesClient
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import PlainServer

WEB = "/api/v1/namespaces/prod/pods/web"


@pytest.fixture
def client(server: PlainServer, clock: FakeClock) -> KubernetesClient:
    pytest.importorskip("kubernetes")
    return seam.connect(KubernetesConfig(host=server.url, timeout=5), clock=clock)


def test_a_log_is_bytes_as_they_come(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {WEB}/log", Answer(chunks=(b"one\n\xff", b"two\n")))
    stream = client.open_logs("prod", "web", "app", span=LogSpan())
    assert list(stream) == [b"one\n\xff", b"two\n"]
    stream.close()
    assert server.requests[0].query == {"container": ["app"], "timestamps": ["true"]}


@pytest.mark.parametrize(
    ("span", "options", "asked"),
    [
        (LogSpan(tail=5), {"previous": True}, {"tailLines": "5", "previous": "true"}),
        (LogSpan(tail=0), {}, {"tailLines": "0"}),
        (LogSpan(since="2026-01-31T12:00:00.123456789Z"), {}, {"sinceTime": "2026-01-31T12:00:00Z"}),
        (LogSpan(until="2026-01-31T12:00:00.000000000Z"), {}, {}),
        (LogSpan(), {"follow": 0.5}, {"follow": "true"}),
        (LogSpan(), {"follow": 0.0}, {"follow": "true"}),
    ],
)
def test_a_part_of_a_log_is_asked_for(
    client: KubernetesClient, server: PlainServer, span: LogSpan, options: dict[str, Any], asked: dict[str, str]
) -> None:
    server.answer(f"GET {WEB}/log", Answer(body=b""))
    assert list(client.open_logs("prod", "web", "app", span=span, **options)) == []
    query = {key: value for key, (value,) in server.requests[0].query.items()}
    assert query == {"container": "app", "timestamps": "true", **asked}


def test_a_log_that_breaks_in_the_middle_is_an_error(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {WEB}/log", Answer(chunks=(b"one\n",), breaks=True))
    pieces = iter(client.open_logs("prod", "web", "app", span=LogSpan()))
    assert next(pieces) == b"one\n"
    with pytest.raises(RuntimeUnavailableError, match="broke") as refusal:
        next(pieces)
    assert refusal.value.transient


def test_a_followed_log_in_which_nothing_comes_just_ends(server: PlainServer, clock: FakeClock) -> None:
    pytest.importorskip("kubernetes")
    brief = seam.connect(KubernetesConfig(host=server.url, timeout=0.1), clock=clock)
    server.answer(f"GET {WEB}/log", Answer(chunks=(b"one\n", b"two\n"), pause=5))
    assert list(brief.open_logs("prod", "web", "app", span=LogSpan(), follow=0.1)) == [b"one\n"]
    with pytest.raises(RuntimeUnavailableError, match="in time"):
        list(brief.open_logs("prod", "web", "app", span=LogSpan()))
