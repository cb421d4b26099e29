# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam over the real library, against a real HTTP server."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, POD
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import BROKEN, Answer

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import KubernetesClient
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import PlainServer

Calling = Callable[["KubernetesClient"], object]
PODS = "/api/v1/namespaces/prod/pods"
WEB = f"{PODS}/web"
DEPLOYED = "/apis/apps/v1/namespaces/prod/deployments/web"


@pytest.fixture
def client(server: PlainServer, clock: FakeClock) -> KubernetesClient:
    pytest.importorskip("kubernetes")
    return seam.connect(KubernetesConfig(host=server.url, api_key="t0p-s3cret", timeout=5), clock=clock)


def page(*names: str, following: str = "", version: str = "7") -> Answer:
    metadata = {"resourceVersion": version, "continue": following}
    return Answer(body={"metadata": metadata, "items": [{"metadata": {"name": name}} for name in names]})


def status(code: int, message: str = "no", **fields: Any) -> Answer:
    headers = fields.pop("headers", None)
    return Answer(code, {"kind": "Status", "code": code, "message": message, **fields}, headers)


def listed(client: KubernetesClient, **options: Any) -> list[str]:
    return client.list(POD, "prod", convert=lambda pod: str(pod["metadata"]["name"]), **options).items


def test_connecting_asks_nothing(client: KubernetesClient, server: PlainServer) -> None:
    assert client.namespace == "default"
    assert server.requests == []


def test_an_object_is_returned_as_it_is(client: KubernetesClient, server: PlainServer) -> None:
    found = {"kind": "Pod", "metadata": {"name": "web"}, "status": None}
    server.answer(f"GET {WEB}", Answer(body=found))
    assert client.get(POD, "prod", "web") == found
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer t0p-s3cret"
    assert request.headers["accept"] == "application/json"
    assert request.headers["user-agent"] == "nekzus.runtime"


def test_the_garbage_collector_works_afterwards(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {WEB}", Answer(body={}), Answer(body=b"<html>"))
    client.get(POD, "prod", "web")
    with pytest.raises(NekzusError):
        client.get(POD, "prod", "web")
    assert gc.isenabled()


def test_a_list_is_gone_through_page_by_page(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {PODS}", page("a", "b", following="x/y="), page("c", version="8"))
    found = client.list(POD, "prod", convert=lambda pod: pod["metadata"]["name"], labels="app=web", fields="a.b=c")
    assert (found.items, found.version) == (["a", "b", "c"], "8")
    first, second = (request.query for request in server.requests)
    assert first == {"limit": ["500"], "labelSelector": ["app=web"], "fieldSelector": ["a.b=c"]}
    assert second == {**first, "continue": ["x/y="]}


def test_a_server_that_stays_away_is_waited_for_once(
    client: KubernetesClient, server: PlainServer, clock: FakeClock
) -> None:
    server.answer(f"GET {WEB}", Answer(body={}), BROKEN)
    client.get(POD, "prod", "web")
    asked = []
    for _time in range(2):
        with pytest.raises(NekzusError):
            client.get(POD, "prod", "web")
        asked.append(len(server.requests))
    assert asked == [9, 13]
    assert clock.sleeps == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 0.25, 0.5, 1.0]


def test_a_list_without_items_is_empty(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {PODS}", Answer(body={"metadata": {}, "items": None}))
    assert listed(client) == []


def test_a_list_of_metadata_asks_for_no_more(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {PODS}", page("a"))
    assert listed(client, metadata_only=True) == ["a"]
    assert "as=PartialObjectMetadataList" in server.requests[0].headers["accept"]


def test_a_list_whose_place_was_forgotten_is_begun_anew(
    client: KubernetesClient, server: PlainServer, clock: FakeClock
) -> None:
    server.answer(f"GET {PODS}", page("a", following="x"), status(410, "expired"), page("a", following="y"), page("b"))
    assert listed(client) == ["a", "b"]
    assert "continue" not in server.requests[2].query
    assert clock.slept == 0


def test_a_list_that_is_forgotten_again_and_again_ends(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {PODS}", *[page("a", following="x"), status(410, "expired")] * 20)
    with pytest.raises(ConflictError):
        listed(client)
    assert len(server.requests) == 10


def test_a_page_that_breaks_is_asked_for_again_and_the_others_are_not(
    client: KubernetesClient, server: PlainServer
) -> None:
    server.answer(f"GET {PODS}", page("a", following="x"), BROKEN, page("b"))
    assert listed(client) == ["a", "b"]
    assert ["continue" in request.query for request in server.requests] == [False, True, True]


def test_a_busy_server_is_not_asked_more_often_for_a_list_than_for_anything_else(
    client: KubernetesClient, server: PlainServer
) -> None:
    server.answer(f"GET {PODS}", status(503))
    with pytest.raises(RuntimeUnavailableError, match="busy"):
        listed(client)
    assert len(server.requests) <= 8


CALLS: list[Any] = [
    pytest.param(lambda client: client.get(POD, "prod", "web"), f"GET {WEB}", id="get"),
    pytest.param(listed, f"GET {PODS}", id="list"),
    pytest.param(lambda client: client.patch(DEPLOYMENT, "prod", "web", {}), f"PATCH {DEPLOYED}", id="patch"),
    pytest.param(lambda client: client.delete(POD, "prod", "web", uid="1"), f"DELETE {WEB}", id="delete"),
    pytest.param(lambda client: client.open_logs("prod", "web", "app", span=LogSpan()), f"GET {WEB}/log", id="logs"),
    pytest.param(lambda client: client.discover("/version"), "GET /version", id="discover"),
]
CREATION = pytest.param(lambda client: client.create(POD, "prod", {}), f"POST {PODS}", id="create")
OK = Answer(body={"metadata": {}, "items": []})


@pytest.mark.parametrize(("call", "what"), CALLS)
def test_a_broken_connection_is_tried_again_where_twice_is_once(
    client: KubernetesClient, server: PlainServer, clock: FakeClock, call: Calling, what: str
) -> None:
    server.answer(what, BROKEN, BROKEN, OK)
    call(client)
    assert server.asked(what) == 3
    assert clock.sleeps == [0.25, 0.5]


@pytest.mark.parametrize(("call", "what"), [CREATION])
def test_a_creation_whose_fate_is_not_known_is_not_tried_again(
    client: KubernetesClient, server: PlainServer, call: Calling, what: str
) -> None:
    server.answer(what, BROKEN, OK)
    with pytest.raises(RuntimeUnavailableError, match="broke"):
        call(client)
    assert server.asked(what) == 1


@pytest.mark.parametrize(("call", "what"), [*CALLS, CREATION])
@pytest.mark.parametrize("code", [429, 503])
def test_a_busy_server_is_asked_again(
    client: KubernetesClient, server: PlainServer, call: Calling, what: str, code: int
) -> None:
    server.answer(what, status(code), status(code), OK)
    call(client)
    assert server.asked(what) == 3


@pytest.mark.parametrize("code", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(
    client: KubernetesClient, server: PlainServer, clock: FakeClock, code: int
) -> None:
    server.answer(f"GET {WEB}", status(code, headers={"Retry-After": "3"}), status(code), OK)
    client.get(POD, "prod", "web")
    assert clock.sleeps == [3.0, 0.5]


@pytest.mark.parametrize("code", [500, 502, 504])
def test_a_server_in_trouble_is_asked_again(client: KubernetesClient, server: PlainServer, code: int) -> None:
    server.answer(f"GET {WEB}", Answer(code, b"<html>bad gateway</html>"), OK)
    client.get(POD, "prod", "web")
    assert len(server.requests) == 2


@pytest.mark.parametrize("code", [400, 401, 403, 404, 405, 409, 410, 422])
def test_what_does_not_pass_by_itself_is_asked_once(client: KubernetesClient, server: PlainServer, code: int) -> None:
    server.answer(f"GET {WEB}", status(code))
    with pytest.raises(NekzusError):
        client.get(POD, "prod", "web")
    assert len(server.requests) == 1


def test_who_has_never_had_an_answer_gives_up_sooner(clock: FakeClock) -> None:
    client = seam.connect(KubernetesConfig(host="http://127.0.0.1:9", timeout=2), clock=clock)
    with pytest.raises(RuntimeUnavailableError, match=r"nothing answers at http://127.0.0.1:9"):
        client.get(POD, "prod", "web")
    assert clock.sleeps == [0.25, 0.5, 1.0]


def test_who_has_had_an_answer_waits_for_a_restart(
    client: KubernetesClient, server: PlainServer, clock: FakeClock
) -> None:
    server.answer(f"GET {WEB}", OK, *[BROKEN] * 7, OK)
    client.get(POD, "prod", "web")
    client.get(POD, "prod", "web")
    assert clock.sleeps == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0]


def test_a_group_whose_own_server_is_down_is_not_waited_for_long(
    client: KubernetesClient, server: PlainServer, clock: FakeClock
) -> None:
    server.answer("GET /apis/broken.io/v1", status(503))
    client.discover("/version")
    with pytest.raises(RuntimeUnavailableError):
        client.discover("/apis/broken.io/v1")
    assert clock.slept < 2


def test_a_conflict_after_a_lost_answer_is_uncertain(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"PATCH {DEPLOYED}", BROKEN, status(409, "modified"))
    with pytest.raises(ConflictError) as refusal:
        client.patch(DEPLOYMENT, "prod", "web", {})
    assert refusal.value.uncertain


def test_a_patch_is_a_merge_and_returns_what_it_made(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"PATCH {DEPLOYED}/scale", Answer(body={"spec": {"replicas": 0}}))
    body = {"metadata": {"annotations": {"a": None}}, "spec": {"replicas": 0}}
    assert client.patch(DEPLOYMENT, "prod", "web", body, subresource="scale") == {"spec": {"replicas": 0}}
    (request,) = server.requests
    assert request.headers["content-type"] == "application/merge-patch+json"
    assert request.body == body


@pytest.mark.parametrize(
    ("grace", "sent"), [(None, {}), (0, {"gracePeriodSeconds": 0}), (7, {"gracePeriodSeconds": 7})]
)
def test_a_deletion_is_of_one_uid(
    client: KubernetesClient, server: PlainServer, grace: int | None, sent: dict[str, int]
) -> None:
    server.answer(f"DELETE {WEB}", OK)
    client.delete(POD, "prod", "web", uid="u1", grace=grace)
    assert server.requests[0].body == {"preconditions": {"uid": "u1"}, "propagationPolicy": "Background", **sent}


def test_a_page_of_a_proxy_is_not_kubernetes(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {WEB}", Answer(body=b"<html>log in</html>"))
    with pytest.raises(RuntimeUnavailableError, match="not Kubernetes"):
        client.get(POD, "prod", "web")


def test_who_is_acted_for_is_told(server: PlainServer, clock: FakeClock) -> None:
    config = KubernetesConfig(host=server.url, impersonate_user="jane", timeout=5)
    server.answer(f"GET {WEB}", OK)
    seam.connect(config, clock=clock).get(POD, "prod", "web")
    assert server.requests[0].headers["impersonate-user"] == "jane"
    assert "authorization" not in server.requests[0].headers


def test_closing_closes_the_pool(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {WEB}", OK)
    client.get(POD, "prod", "web")
    client.close()
    client.get(POD, "prod", "web")
    assert len(server.requests) == 2


def test_an_error_keeps_what_caused_it(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"GET {WEB}", BROKEN)
    with pytest.raises(RuntimeUnavailableError) as refusal:
        client.get(POD, "prod", "web")
    assert refusal.value.__cause__ is not None
    assert not isinstance(refusal.value.__cause__, ApiError)
