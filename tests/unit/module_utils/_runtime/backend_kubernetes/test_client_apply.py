# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Server-side apply, subresources and the endpoint, over the real library and against a real HTTP server."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError, PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    ROLE,
    ROLE_BINDING,
    SERVICE_ACCOUNT,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import BROKEN, Answer
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import document, load, written

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import KubernetesClient
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import PlainServer

MAP = "/api/v1/namespaces/prod/configmaps/web"
BODY = {"metadata": {"name": "web", "namespace": "prod"}, "data": {"a": "1"}}


@pytest.fixture
def client(server: PlainServer, clock: FakeClock) -> KubernetesClient:
    pytest.importorskip("kubernetes")
    return seam.connect(KubernetesConfig(host=server.url, timeout=5), clock=clock)


def status(code: int, message: str, **details: Any) -> Answer:
    return Answer(code, {"kind": "Status", "code": code, "message": message, "details": details})


def test_what_is_applied_says_its_kind_and_in_whose_name(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"PATCH {MAP}", Answer(body={"kind": "ConfigMap"}))
    assert client.apply(CONFIG_MAP, "prod", "web", BODY) == {"kind": "ConfigMap"}
    (request,) = server.requests
    assert request.headers["content-type"] == "application/apply-patch+yaml"
    assert request.query == {"fieldManager": ["nekzus"]}
    assert request.body == {"apiVersion": "v1", "kind": "ConfigMap", **BODY}


def test_what_is_applied_by_force_says_so(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"PATCH {MAP}", Answer(body={}))
    client.apply(CONFIG_MAP, "prod", "web", BODY, force=True)
    assert server.requests[0].query == {"fieldManager": ["nekzus"], "force": ["true"]}


def test_a_dry_run_says_so_of_every_change_and_of_nothing_else(client: KubernetesClient, server: PlainServer) -> None:
    for call in (f"PATCH {MAP}", f"DELETE {MAP}", f"GET {MAP}", "POST /api/v1/namespaces/prod/configmaps"):
        server.answer(call, Answer(body={"kind": "ConfigMap"}))
    dry = client.dry_run()
    dry.apply(CONFIG_MAP, "prod", "web", BODY)
    dry.patch(CONFIG_MAP, "prod", "web", {"data": {"a": "2"}})
    dry.create(CONFIG_MAP, "prod", BODY)
    dry.delete(CONFIG_MAP, "prod", "web", uid="u1")
    dry.get(CONFIG_MAP, "prod", "web")
    client.patch(CONFIG_MAP, "prod", "web", {"data": {"a": "2"}})
    assert [request.query.get("dryRun") for request in server.requests] == [["All"]] * 4 + [None] * 2
    # Of a deletion that has a body the server reads the body alone.
    assert server.requests[3].body == {
        "preconditions": {"uid": "u1"},
        "propagationPolicy": "Background",
        "dryRun": ["All"],
    }


def test_applying_is_tried_again_when_its_fate_is_not_known(client: KubernetesClient, server: PlainServer) -> None:
    server.answer(f"PATCH {MAP}", BROKEN, Answer(body={}))
    client.apply(CONFIG_MAP, "prod", "web", BODY)
    assert len(server.requests) == 2


def test_fields_that_others_have_set_are_named(client: KubernetesClient, server: PlainServer) -> None:
    causes = [{"reason": "FieldManagerConflict", "message": 'conflict with "kubectl"', "field": ".data.a"}]
    server.answer(f"PATCH {MAP}", status(409, 'Apply failed with 1 conflict: conflict with "kubectl"', causes=causes))
    with pytest.raises(ConflictError, match=r"has set \.data\.a to something else") as caught:
        client.apply(CONFIG_MAP, "prod", "web", BODY)
    assert "try again" not in str(caught.value.hint)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(status(409, "uid mismatch: the provided object specified uid a"), id="it is gone"),
        pytest.param(status(422, "invalid", causes=[{"field": "metadata.uid", "message": "immutable"}]), id="another"),
    ],
)
def test_another_object_than_the_one_that_is_meant_is_a_conflict(
    client: KubernetesClient, server: PlainServer, answer: Answer
) -> None:
    server.answer(f"PATCH {MAP}", answer)
    with pytest.raises(ConflictError) as caught:
        client.apply(CONFIG_MAP, "prod", "web", {**BODY, "metadata": {"name": "web", "uid": "a"}})
    assert caught.value.hint == "it changed in the meantime, try again"


def test_who_may_apply_but_not_create_is_told_so(client: KubernetesClient, server: PlainServer) -> None:
    # The server does not say more than this.
    server.answer(f"PATCH {MAP}", status(403, 'configmaps "web" is forbidden: '))
    with pytest.raises(PermissionDeniedError) as caught:
        client.apply(CONFIG_MAP, "prod", "web", BODY)
    assert caught.value.hint == "grant create on configmaps in namespace prod"
    assert caught.value.details["verb"] == "create"


HELD = (
    'forbidden: user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not '
    'currently held:\n{APIGroups:[""], Resources:["pods" "pods/log"], Verbs:["get" "list"]}\n'
    '{APIGroups:["apps"], Resources:["deployments"], Verbs:["patch"]}'
)


@pytest.mark.parametrize(
    ("resource", "path", "hint"),
    [
        (ROLE, "/namespaces/prod/roles/x", "roles.rbac.authorization.k8s.io in namespace prod"),
        (ROLE_BINDING, "/namespaces/prod/rolebindings/x", "roles.rbac.authorization.k8s.io in namespace prod"),
        (CLUSTER_ROLE_BINDING, "/clusterrolebindings/x", "clusterroles.rbac.authorization.k8s.io"),
    ],
)
def test_who_may_not_grant_what_he_has_not_is_told_what_that_is(
    client: KubernetesClient, server: PlainServer, resource: Resource, path: str, hint: str
) -> None:
    server.answer(f"PATCH /apis/rbac.authorization.k8s.io/v1{path}", status(403, f'{resource.rule} "x" is {HELD}'))
    with pytest.raises(PermissionDeniedError) as caught:
        client.apply(resource, "prod", "x", {"metadata": {"name": "x"}})
    assert caught.value.hint == f"run it as who may do it, or grant escalate and bind on {hint}"
    assert "get, list on pods, pods/log; patch on deployments" in caught.value.message
    assert caught.value.details["rules"] == ["get, list on pods, pods/log", "patch on deployments"]
    assert caught.value.details["user"] == "jane"


def test_many_rules_are_told_in_part(client: KubernetesClient, server: PlainServer) -> None:
    many = "".join(f'\n{{APIGroups:[""], Resources:["kind{n}"], Verbs:["get"]}}' for n in range(40))
    path = "/apis/rbac.authorization.k8s.io/v1/namespaces/prod/roles/x"
    server.answer(f"PATCH {path}", status(403, HELD.partition("\n")[0] + many))
    with pytest.raises(PermissionDeniedError, match="kind2 and 37 more") as caught:
        client.apply(ROLE, "prod", "x", {"metadata": {"name": "x"}})
    assert len(caught.value.details["rules"]) == 40


def test_a_token_is_created_below_its_account(client: KubernetesClient, server: PlainServer) -> None:
    path = "/api/v1/namespaces/ops/serviceaccounts/bot/token"
    server.answer(f"POST {path}", Answer(body={"status": {"token": "t"}}))
    body = {"kind": "TokenRequest"}
    found = client.create(SERVICE_ACCOUNT, "ops", body, name="bot", subresource="token")
    assert (found, server.requests[0].body) == ({"status": {"token": "t"}}, body)


def test_the_endpoint_needs_no_other_file_and_tells_no_credentials(home: Path) -> None:
    ca = written(home / "ca.pem", "certificate")
    told = load(kubeconfig=document(), ca_cert=ca, proxy="http://proxy:3128").endpoint
    assert told == {
        "server": "https://prod:6443",
        "certificate-authority-data": base64.b64encode(b"certificate").decode(),
        "proxy-url": "http://proxy:3128",
    }


def test_an_endpoint_that_is_not_verified_says_so() -> None:
    assert load(host="https://x:6443/", validate_certs=False).endpoint == {
        "server": "https://x:6443",
        "insecure-skip-tls-verify": True,
    }


def test_an_endpoint_that_everybody_trusts_is_its_address(client: KubernetesClient, server: PlainServer) -> None:
    assert client.endpoint == {"server": server.url}
    assert server.requests == []
