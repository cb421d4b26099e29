# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A Kubernetes cluster as a Runtime: its roles are played over one client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..roles.role import Troupe
from ..types import RuntimeType
from .client import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..config import KubernetesConfig
    from ..interfaces import Clock
    from ..roles.role import Played, Role
    from .seam import KubernetesClient


class KubernetesRuntime:
    """The Runtime of a Kubernetes cluster."""

    type = RuntimeType.KUBERNETES
    # Less than what an API server grants one user at a time by default.
    read_concurrency = 16

    def __init__(
        self,
        client: KubernetesClient,
        *,
        namespaces: Sequence[str] = (),
        clock: Clock,
        metrics_server: bool = True,
        metrics_cache_ttl: float = 0,
    ) -> None:
        """Take an open client, and the namespaces to keep to (none: all).

        ``metrics_server`` is whether to ask for metrics, which are kept for ``metrics_cache_ttl`` seconds.
        """
        self.client = client
        self.namespaces = namespaces
        self.clock = clock
        self.metrics_server = metrics_server
        self.metrics_cache_ttl = metrics_cache_ttl
        self._troupe = Troupe()

    def role(self, role: Role[Played]) -> Played:
        """Return who plays a role on Kubernetes."""
        return self._troupe.player(role, lambda: role.on_kubernetes(self))

    def close(self) -> None:
        """Close the client."""
        self.client.close()


def open_runtime(config: KubernetesConfig, *, clock: Clock) -> KubernetesRuntime:
    """Connect to the cluster of a configuration. Raises as ``connect`` does."""
    return KubernetesRuntime(
        connect(config, clock=clock),
        namespaces=config.namespaces,
        clock=clock,
        metrics_server=config.metrics_server,
        metrics_cache_ttl=config.metrics_cache_ttl,
    )
