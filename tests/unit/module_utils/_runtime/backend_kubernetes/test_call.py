# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One request: its URL, its headers, and the rule that it takes."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.call import Call
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    ACCESS_REVIEW,
    DEPLOYMENT,
    NAMESPACE,
    POD,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT

LISTED = Call("GET", POD, "prod", query={"limit": "500", "labelSelector": "a in (b,c)", "fieldSelector": ""})


@pytest.mark.parametrize(
    ("call", "url"),
    [
        (Call("GET", POD, "prod", "web"), "/api/v1/namespaces/prod/pods/web"),
        (Call("GET", POD, "prod"), "/api/v1/namespaces/prod/pods"),
        (Call("GET", POD), "/api/v1/pods"),
        (Call("GET", POD, "prod", "web", "log"), "/api/v1/namespaces/prod/pods/web/log"),
        (Call("PATCH", DEPLOYMENT, "prod", "web"), "/apis/apps/v1/namespaces/prod/deployments/web"),
        (Call("PATCH", ROLLOUT, "prod", "web", "scale"), "/apis/example.com/v1/namespaces/prod/rollouts/web/scale"),
        (Call("GET", NAMESPACE, "", "prod"), "/api/v1/namespaces/prod"),
        (Call("GET", NAMESPACE, "ignored", "prod"), "/api/v1/namespaces/prod"),
        (Call("POST", ACCESS_REVIEW), "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
        (Call("GET", None, name="/apis/apps/v1"), "/apis/apps/v1"),
        (LISTED, "/api/v1/namespaces/prod/pods?limit=500&labelSelector=a+in+%28b%2Cc%29"),
        (
            LISTED.following("a/b+c=="),
            "/api/v1/namespaces/prod/pods?limit=500&labelSelector=a+in+%28b%2Cc%29&continue=a%2Fb%2Bc%3D%3D",
        ),
    ],
    ids=str,
)
def test_the_url_of_a_call(call: Call, url: str) -> None:
    assert call.url == url


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (Call("GET", POD, "prod", "web"), "get on pods in namespace prod"),
        (Call("GET", POD, "prod"), "list on pods in namespace prod"),
        (Call("GET", POD), "list on pods in all namespaces"),
        (Call("GET", POD, "prod", query={"watch": "1"}), "watch on pods in namespace prod"),
        (Call("GET", POD, "prod", "web", "log"), "get on pods/log in namespace prod"),
        (Call("PATCH", DEPLOYMENT, "prod", "web"), "patch on deployments.apps in namespace prod"),
        (Call("PATCH", ROLLOUT, "prod", "web", "scale"), "patch on rollouts/scale.example.com in namespace prod"),
        (Call("POST", POD, "prod"), "create on pods in namespace prod"),
        (Call("DELETE", POD, "prod", "web"), "delete on pods in namespace prod"),
        (Call("GET", NAMESPACE, "", "prod"), "get on namespaces"),
        (Call("GET", None, name="/version"), "get on /version"),
    ],
    ids=str,
)
def test_the_rule_that_a_call_takes(call: Call, rule: str) -> None:
    assert call.rule == rule


def test_a_body_says_what_it_is() -> None:
    patch = Call("PATCH", POD, "prod", "web", body={}, content="application/merge-patch+json")
    assert patch.headers == {"Accept": "application/json", "Content-Type": "application/merge-patch+json"}
    assert Call("GET", POD, accept="application/json;as=Table").headers == {"Accept": "application/json;as=Table"}


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_all_but_a_creation_may_be_repeated(method: str) -> None:
    assert Call(method, POD, "prod", "web").is_repeatable
    assert not Call("POST", POD, "prod").is_repeatable
