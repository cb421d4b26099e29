# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The kubeconfig of an account. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..accounts.kubeconfig_file import MARK
from ..accounts.order import TokenKind
from ..shape import objects, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..accounts.order import AccountOrder

_CLUSTER = "cluster"


def compose(order: AccountOrder, endpoint: Mapping[str, Any], token: str) -> dict[str, Any]:
    """Return the kubeconfig with which an account comes to a cluster, of which the endpoint is how that is reached.

    Who may act in one namespace alone need not name it.
    """
    namespace = {"namespace": order.namespaces[0]} if len(order.namespaces) == 1 else {}
    lifetime = {"lifetime": order.lifetime} if order.token is TokenKind.EXPIRING else {}
    mark = {"user": order.user, "token": order.token.value, **lifetime}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": _CLUSTER, "cluster": dict(endpoint)}],
        "users": [{"name": order.name, "user": {"token": token}}],
        "contexts": [{"name": order.name, "context": {"cluster": _CLUSTER, "user": order.name, **namespace}}],
        "current-context": order.name,
        "extensions": [{"name": MARK, "extension": mark}],
    }


def token_of(kubeconfig: Mapping[str, Any]) -> str:
    """Return the token in a kubeconfig."""
    return next((text(one, "user", "token") for one in objects(kubeconfig, "users")), "")
