# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may ask of an account, and what cannot be."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.order import (
    LONGEST,
    AccountOrder,
    TokenKind,
    parse_account_order,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType

DEFAULTS = {
    "name": "bot",
    "state": "present",
    "features": ["read"],
    "namespaces": ["prod"],
    "all_namespaces": False,
    "token": "expiring",
    "token_lifetime": "24h",
    "return_kubeconfig": False,
}


def parsed(*, hidden: bool = False, **options: Any) -> AccountOrder:
    return parse_account_order({**DEFAULTS, **options}, hidden=hidden)


def refusal(*, hidden: bool = False, **options: Any) -> NekzusError:
    with pytest.raises(NekzusError) as caught:
        parsed(hidden=hidden, **options)
    assert caught.value.hint
    return caught.value


def test_an_order_has_what_the_task_says() -> None:
    order = parsed(
        namespace="ops",
        features=["stats", "read", "stats"],
        namespaces=["prod", "dev", "prod", ""],
        token="lasting",  # noqa: S106 - a kind of token
        token_lifetime="90m",  # noqa: S106 - a duration
        kubeconfig_dest="/x",
    )
    assert order == AccountOrder(
        name="bot",
        runtime=RuntimeType.KUBERNETES,
        namespace="ops",
        features=(Feature.READ, Feature.STATS),
        namespaces=("prod", "dev"),
        token=TokenKind.LASTING,
        lifetime=5400,
        dest="/x",
    )
    assert (order.path, order.user) == ("ops/bot", "system:serviceaccount:ops:bot")


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        ({}, None),
        ({"runtime": "auto", "namespace": "ops"}, RuntimeType.KUBERNETES),
        ({"runtime": "docker", "namespace": "ops"}, RuntimeType.DOCKER),
        ({"runtime": "kubernetes"}, RuntimeType.KUBERNETES),
    ],
)
def test_a_namespace_means_kubernetes(options: dict[str, Any], meant: RuntimeType | None) -> None:
    assert parsed(**options).runtime is meant


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"name": "Bot"}, "invalid_target", "'Bot'"),
        ({"name": ""}, "invalid_target", "''"),
        ({"name": "x" * 64}, "invalid_target", "at most 63"),
        ({"name": "a/b"}, "invalid_target", "'a/b'"),
        ({"namespace": "O_ps"}, "invalid_target", "'O_ps'"),
        ({"namespaces": ["prod", "De V"]}, "invalid_target", "'De V'"),
        ({"features": []}, "invalid_config", "what the account is for"),
        ({"features": None}, "invalid_config", "read,lifecycle,stats,export,toolbox"),
        ({"namespaces": []}, "invalid_config", "all_namespaces=true"),
        ({"namespaces": [""]}, "invalid_config", "where the account may act"),
        ({"all_namespaces": True}, "invalid_config", "namespaces=prod"),
        ({"token_lifetime": "soon"}, "invalid_config", "'soon' is not a duration"),
        ({"token_lifetime": "599s"}, "invalid_config", "10 minutes"),
        ({"token_lifetime": str(LONGEST + 1)}, "invalid_config", "10 minutes"),
        ({"return_kubeconfig": True}, "invalid_config", "no_log: true"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_asked(options: dict[str, Any], code: str, words: str) -> None:
    error = refusal(**options)
    assert error.code == code
    assert words in str(error)


def test_a_name_may_have_dots_and_63_characters() -> None:
    assert parsed(name="a.b-" + "x" * 59).name.startswith("a.b-")


def test_all_namespaces_are_meant_only_when_that_is_said() -> None:
    order = parsed(namespaces=None, all_namespaces=True)
    assert (order.everywhere, order.namespaces) == (True, ())


def test_who_removes_an_account_need_not_say_what_it_was_for() -> None:
    order = parsed(state="absent", features=None, namespaces=None)
    assert (order.present, order.features, order.namespaces) == (False, (), ())


def test_a_kubeconfig_is_returned_to_who_prints_nothing() -> None:
    assert parsed(hidden=True, return_kubeconfig=True).returned
