# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tokens of a cluster in memory: those that are asked for, and those that secrets ask for."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import SECRET
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import number, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import Document, Store

_SHORTEST = 600


class Tokens:
    """Issues tokens, of ``longest`` seconds at most. Secrets are filled as long as somebody ``fills`` them."""

    def __init__(self, clock: FakeClock) -> None:
        """Take the clock by which they end."""
        self.clock = clock
        self.longest = 10**9
        self.fills = True
        self.issued: list[str] = []

    def issue(self, account: Mapping[str, Any], request: Mapping[str, Any]) -> Document:
        """Answer a TokenRequest for a ServiceAccount."""
        wanted = number(request, "spec", "expirationSeconds") or 3600
        assert wanted >= _SHORTEST
        seconds = min(wanted, self.longest)
        token = self.token(account, seconds)
        return {**request, "spec": {"expirationSeconds": seconds}, "status": {"token": token}}

    def token(self, account: Mapping[str, Any], seconds: int) -> str:
        """Return a new token for an account, with the claims that a real one has."""
        now = int(self.clock.time())
        name, namespace = text(account, "metadata", "name"), text(account, "metadata", "namespace")
        own = {"namespace": namespace, "serviceaccount": {"name": name, "uid": text(account, "metadata", "uid")}}
        claims = {"sub": f"system:serviceaccount:{namespace}:{name}", "iat": now, "exp": now + seconds}
        parts = ({"alg": "none"}, {**claims, "kubernetes.io": own}, len(self.issued))
        self.issued.append(".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode() for one in parts))
        return self.issued[-1]

    def fill(self, store: Store, secret: Document) -> Document:
        """Put a token into a secret that asks for one, as the controller manager does."""
        if not self.fills or text(secret, "type") != "kubernetes.io/service-account-token":
            return secret
        token = f"lasting-{secret['metadata']['uid']}"
        self.issued.append(token)
        return store.change(SECRET, secret, {"data": {"token": base64.b64encode(token.encode()).decode()}})
