# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes over the wire: what a client returns is of the type that it promises, or there is an error of ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig, KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import client as docker
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as kubernetes
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Answer, Daemon, PlainServer
from ansible_collections.nekzus.runtime.tests.unit.fuzz.effort import effort
from ansible_collections.nekzus.runtime.tests.unit.fuzz.strategies import JSON
from hypothesis import example, given
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = (b"[" * 5000, b"null", b"[null]", b"1e999", b'"x"', b"{", b"<html>", b"\xff", b"", b'{"a":1}{"b":2}')
BODIES = st.sampled_from(HOSTILE) | JSON.map(lambda one: json.dumps(one).encode()) | st.binary(max_size=12)
HEADERS = st.none() | st.just({"Retry-After": "\u00b2"}) | st.just({"Retry-After": "9" * 400})
ANSWERS = st.builds(Answer, st.sampled_from((200, 400, 403, 404, 409, 410, 422, 429, 500, 503)), BODIES, HEADERS)
STATUS: dict[str, Any] = {
    "kind": "Status",
    "message": None,
    "reason": [],
    "details": {"causes": [None, {"field": 1}], "name": {}},
}


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Return a server in the place of a daemon."""
    pytest.importorskip("docker")
    with Daemon(tmp_path_factory.mktemp("d") / "s") as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[PlainServer]:
    """Return a server in the place of an API server."""
    pytest.importorskip("kubernetes")
    with PlainServer() as running:
        yield running


def check(kind: type, call: Callable[[], Any]) -> None:
    """See that a call returns what it shall, or raises what it may."""
    failure: dict[str, Any] = {}
    try:
        found = call()
        assert isinstance(found, kind)
        assert not isinstance(found, list) or all(isinstance(one, dict) for one in found)
    except NekzusError as error:
        failure = error.failure()
    assert all(failure[key] for key in ("code", "message", "hint") if failure)
    assert json.dumps(failure)


DOCKER_CALLS: dict[str, tuple[type, Callable[[Any], Any]]] = {
    "GET /containers/json": (list, lambda client: client.list_containers()),
    "GET /containers/x/json": (dict, lambda client: client.inspect_container("x")),
    "GET /containers/x/stats": (dict, lambda client: client.stats("x")),
    "GET /images/x/json": (dict, lambda client: client.inspect_image("x")),
    "GET /networks": (list, lambda client: client.list_networks()),
    "GET /volumes": (list, lambda client: client.list_volumes()),
    "GET /info": (dict, lambda client: client.info()),
    "POST /containers/create": (str, lambda client: client.create_container("x", {})),
    "POST /images/create": (type(None), lambda client: client.pull_image("x")),
    "GET /distribution/x/json": (str, lambda client: client.ask_registry("x")),
}


@pytest.mark.parametrize("what", DOCKER_CALLS)
@effort(15)
@given(answer=ANSWERS)
@example(answer=Answer(200, b"null"))
@example(answer=Answer(200, b"[null, 1, {}]"))
@example(answer=Answer(200, b"[" * 5000))
@example(answer=Answer(503, {"message": ["x"]}, {"Retry-After": "\u00b2"}))
def test_any_answer_of_a_daemon_is_what_it_shall_be_or_an_error(daemon: Daemon, what: str, answer: Answer) -> None:
    kind, call = DOCKER_CALLS[what]
    daemon.answer(what, answer)
    client = docker.connect(DockerConfig(socket_path=daemon.url, timeout=5), clock=FakeClock())
    check(kind, lambda: call(client))
    client.close()


@effort(15)
@given(answer=ANSWERS)
@example(answer=Answer(200, {"ApiVersion": None}))
@example(answer=Answer(200, b"[]"))
def test_any_answer_of_what_may_be_a_daemon_is_a_client_or_an_error(daemon: Daemon, answer: Answer) -> None:
    known = daemon.script["GET /version"]
    daemon.answer("GET /version", answer)
    check(object, lambda: docker.connect(DockerConfig(socket_path=daemon.url, timeout=5), clock=FakeClock()))
    daemon.script["GET /version"] = known


NAMES = "/api/v1/namespaces/prod/pods"
CLUSTER_CALLS: dict[str, tuple[type, Callable[[Any], Any]]] = {
    f"GET {NAMES}/web": (dict, lambda client: client.get(POD, "prod", "web")),
    f"GET {NAMES}": (list, lambda client: client.list(POD, "prod", convert=dict).items),
    f"PATCH {NAMES}/web": (dict, lambda client: client.patch(POD, "prod", "web", {})),
    f"POST {NAMES}": (dict, lambda client: client.create(POD, "prod", {})),
    f"DELETE {NAMES}/web": (type(None), lambda client: client.delete(POD, "prod", "web", uid="x")),
    "GET /version": (dict, lambda client: client.discover("/version")),
}


@pytest.mark.parametrize("what", CLUSTER_CALLS)
@effort(20)
@given(answer=ANSWERS)
@example(answer=Answer(200, b"null"))
@example(answer=Answer(200, {"items": [None, 1, [], {}], "metadata": []}))
@example(answer=Answer(200, {"items": {"a": 1}}))
@example(answer=Answer(200, b"[" * 5000))
@example(answer=Answer(422, STATUS))
@example(answer=Answer(409, STATUS))
@example(answer=Answer(503, STATUS, {"Retry-After": "\u00b2"}))
def test_any_answer_of_a_cluster_is_what_it_shall_be_or_an_error(
    server: PlainServer, what: str, answer: Answer
) -> None:
    kind, call = CLUSTER_CALLS[what]
    server.answer(what, answer)
    client = kubernetes.connect(KubernetesConfig(host=server.url, api_key="x", timeout=5), clock=FakeClock())
    check(kind, lambda: call(client))
    client.close()


@effort(30)
@given(lines=st.lists(BODIES, max_size=3))
@example(lines=[b'{"type": "ERROR", "object": {"code": "x", "message": []}}'])
@example(lines=[b'{"type": "ADDED", "object": null}'])
@example(lines=[b'{"type": null, "object": {}}'])
def test_any_event_of_a_cluster_is_a_word_and_an_object_or_an_error(server: PlainServer, lines: list[bytes]) -> None:
    server.answer(f"GET {NAMES}", Answer(chunks=tuple(line + b"\n" for line in lines), body=b""))
    client = kubernetes.connect(KubernetesConfig(host=server.url, api_key="x", timeout=5), clock=FakeClock())
    check(list, lambda: [dict([event]) for event in client.watch(POD, "prod", version="1", seconds=1)])
    client.close()
