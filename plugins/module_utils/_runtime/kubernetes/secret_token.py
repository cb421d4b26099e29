# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The lasting token of an account, which the cluster puts into a secret that asks for it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from ..errors import ContainerNotFoundError, WaitTimeoutError
from ..shape import text
from .kinds import SECRET
from .rbac import token_secret_name

if TYPE_CHECKING:
    from ..accounts.order import AccountOrder
    from ..interfaces import Clock
    from .seam import KubernetesClient

_PAUSE, _PATIENCE = 0.25, 30.0


def await_token(client: KubernetesClient, order: AccountOrder, *, clock: Clock, patient: bool) -> str:
    """Return the token as soon as it is there; without being ``patient`` an empty one if it is not there now.

    Raises WaitTimeoutError when it does not come.
    """
    deadline = clock.monotonic() + _PATIENCE
    while True:
        token = _read(client, order)
        if token or not patient:
            return token
        if clock.monotonic() >= deadline:
            message = f"the cluster has put no token into the secret {token_secret_name(order)} within {_PATIENCE:g} s"
            hint = "see the log of the controller manager, or use token=expiring"
            raise WaitTimeoutError(message, hint=hint)
        clock.sleep(_PAUSE)


def _read(client: KubernetesClient, order: AccountOrder) -> str:
    try:
        secret = client.get(SECRET, order.namespace, token_secret_name(order))
    except ContainerNotFoundError:
        return ""
    try:
        return base64.b64decode(text(secret, "data", "token")).decode("utf-8", "replace")
    except ValueError:  # somebody else has put it there
        return ""
