# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a token says of itself, and the kubeconfig that it is put into."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.kubeconfig_file import mark_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.order import AccountOrder, TokenKind
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.claims import Claims, read_claims
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kubeconfig import compose, token_of

ENDPOINT = {"server": "https://x:6443", "certificate-authority-data": "Y2E="}
TOKEN = "head.body.signature"  # noqa: S105 - a test's


def encoded(part: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def token(claims: Any) -> str:
    return f"{encoded({'alg': 'RS256'})}.{encoded(claims)}.signature"


SAID = {
    "sub": "system:serviceaccount:ops:bot",
    "iat": 1000,
    "exp": 4600,
    "kubernetes.io": {"namespace": "ops", "serviceaccount": {"name": "bot", "uid": "u1"}},
}


def test_a_token_says_who_it_is_for_and_until_when() -> None:
    assert read_claims(token(SAID)) == Claims("system:serviceaccount:ops:bot", "u1", 1000, 4600)


@pytest.mark.parametrize(
    "strange",
    [
        "",
        "opaque",
        "a.b",
        "a.b.c",
        "a.%%%.c",
        "a.é.c",
        token([]),
        token({}),
        token({"iat": "soon", "exp": None}),
        token(None),
    ],
)
def test_what_is_no_token_says_nothing(strange: str) -> None:
    assert read_claims(strange) is None


@pytest.mark.parametrize(("now", "fresh"), [(1000, True), (2800, True), (2801, False), (4600, False), (9999, False)])
def test_a_token_is_fresh_for_half_of_its_time(now: float, *, fresh: bool) -> None:
    assert Claims("", "", 1000, 4600).is_fresh(now) is fresh


def test_a_kubeconfig_has_one_context_with_all_that_it_takes() -> None:
    order = AccountOrder("bot", namespace="ops", namespaces=("prod",))
    found = compose(order, ENDPOINT, TOKEN)
    assert (found["apiVersion"], found["kind"], found["current-context"]) == ("v1", "Config", "bot")
    assert found["clusters"][0]["cluster"] == ENDPOINT
    assert found["contexts"] == [{"name": "bot", "context": {"cluster": "cluster", "user": "bot", "namespace": "prod"}}]
    assert token_of(found) == found["users"][0]["user"]["token"] == TOKEN
    assert mark_of(found) == {"user": "system:serviceaccount:ops:bot", "token": "expiring", "lifetime": 86400}


@pytest.mark.parametrize("namespaces", [(), ("prod", "dev")])
def test_no_namespace_of_several_is_more_likely_than_another(namespaces: tuple[str, ...]) -> None:
    found = compose(AccountOrder("bot", namespace="ops", namespaces=namespaces), ENDPOINT, TOKEN)
    assert "namespace" not in found["contexts"][0]["context"]


def test_a_lasting_token_has_no_lifetime() -> None:
    found = compose(AccountOrder("bot", namespace="ops", token=TokenKind.LASTING), ENDPOINT, TOKEN)
    assert mark_of(found) == {"user": "system:serviceaccount:ops:bot", "token": "lasting"}


def test_a_kubeconfig_of_somebody_else_may_have_no_token() -> None:
    assert token_of({}) == token_of({"users": [{"user": {"exec": {}}}]}) == ""
