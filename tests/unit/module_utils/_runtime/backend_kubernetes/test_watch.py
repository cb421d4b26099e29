# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A watch over the real library, against a real HTTP server that sends its lines in any pieces."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import BROKEN, Answer

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import KubernetesClient
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import PlainServer

WHAT = "GET /api/v1/namespaces/prod/pods"


@pytest.fixture
def client(server: PlainServer, clock: FakeClock) -> KubernetesClient:
    pytest.importorskip("kubernetes")
    return seam.connect(KubernetesConfig(host=server.url, timeout=5), clock=clock)


def line(word: str, name: str) -> bytes:
    # Any text may stand in an object, so that its bytes may be cut as well.
    return json.dumps({"type": word, "object": {"metadata": {"name": name}}}, ensure_ascii=False).encode() + b"\n"


def watched(client: KubernetesClient, **options: Any) -> list[tuple[str, str]]:
    found = client.watch(POD, "prod", version="7", seconds=3, **options)
    return [(word, document["metadata"]["name"]) for word, document in found]


STREAM = line("ADDED", "wéb") + line("MODIFIED", "wéb") + line("BOOKMARK", "") + line("DELETED", "wéb")
EVENTS = [("ADDED", "wéb"), ("MODIFIED", "wéb"), ("BOOKMARK", ""), ("DELETED", "wéb")]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_lines_are_put_together_wherever_they_were_cut(
    client: KubernetesClient, server: PlainServer, size: int
) -> None:
    chunks = tuple(STREAM[start : start + size] for start in range(0, len(STREAM), size))
    server.answer(WHAT, Answer(chunks=chunks))
    assert watched(client) == EVENTS


def test_a_watch_says_from_where_on_for_how_long_and_of_what(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(WHAT, Answer(chunks=(STREAM,)))
    watched(client, labels="app=web", fields="metadata.name=web")
    assert server.requests[0].query == {
        "watch": ["1"],
        "resourceVersion": ["7"],
        "timeoutSeconds": ["3"],
        "labelSelector": ["app=web"],
        "fieldSelector": ["metadata.name=web"],
    }


def test_a_watch_that_ends_has_no_more(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(WHAT, Answer(chunks=(b"\n",)))
    assert watched(client) == []


def test_a_watch_that_breaks_has_told_what_came(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(WHAT, Answer(chunks=(line("ADDED", "a"), b'{"type": "MOD'), breaks=True))
    found = client.watch(POD, "prod", version="7", seconds=3)
    assert next(found)[0] == "ADDED"
    with pytest.raises(RuntimeUnavailableError, match="broke"):
        next(found)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(410, {"code": 410, "message": "too old"}), id="as the answer"),
        pytest.param(
            Answer(chunks=(b'{"type": "ERROR", "object": {"code": 410, "message": "too old"}}\n',)), id="as an event"
        ),
    ],
)
def test_a_version_that_is_too_old_is_a_conflict(client: KubernetesClient, server: PlainServer, answer: Answer) -> None:
    server.answer(WHAT, answer)
    with pytest.raises(ConflictError, match="too old"):
        watched(client)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(BROKEN, id="nothing"),
        pytest.param(Answer(403, {"code": 403, "message": 'User "me" cannot watch'}), id="forbidden"),
        pytest.param(Answer(503, b"busy"), id="busy"),
        pytest.param(Answer(chunks=(b"<html>\n",)), id="a page"),
        pytest.param(Answer(chunks=(b'{"type": "ERROR", "object": {}}\n',)), id="an empty error"),
        pytest.param(Answer(chunks=(b'{"type": "ADDED"}\n',)), id="an event without an object"),
        pytest.param(Answer(chunks=(b"[1]\n",)), id="no event at all"),
    ],
)
def test_whatever_comes_is_an_error_of_ours(client: KubernetesClient, server: PlainServer, answer: Answer) -> None:
    server.answer(WHAT, answer)
    with pytest.raises(NekzusError) as refusal:
        watched(client)
    assert refusal.value.runtime == "kubernetes"
    assert len(server.requests) == 1


def test_who_has_seen_enough_lets_go_of_the_connection(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(WHAT, Answer(chunks=(STREAM,)))
    for _time in range(20):
        events = client.watch(POD, "prod", version="7", seconds=3)
        assert next(events)[0] == "ADDED"
        events.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(server.requests) == 20


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_it_was_to_last(
    server: PlainServer, clock: FakeClock
) -> None:
    server.answer(WHAT, Answer(seconds=10))
    client = seam.connect(KubernetesConfig(host=server.url, timeout=0.2), clock=clock)
    with pytest.raises(RuntimeUnavailableError, match="no answer"):
        list(client.watch(POD, "prod", version="7", seconds=0))
