# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A Kubernetes cluster as a runtime."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..cache import Cache, cache_folder
from ..types import RuntimeType
from .accounts import KubernetesAccounts
from .client import connect
from .containers import KubernetesContainers
from .deploy import KubernetesDeployer
from .export import KubernetesExporter
from .inspect import KubernetesInspector
from .logs import KubernetesLogs
from .stats import KubernetesStats
from .survey import KubernetesSurveyor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..config import KubernetesConfig
    from ..interfaces import (
        AccountManager,
        Clock,
        ContainerManager,
        Deployer,
        Exporter,
        Inspector,
        LogStreamer,
        StatsCollector,
        Surveyor,
    )
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
        cache: Cache | None = None,
    ) -> None:
        """Build the roles over an open client, keeping to these namespaces (none: all).

        ``metrics_server`` is whether to ask for metrics, and ``cache`` where they are kept (None: nowhere).
        """
        kept = cache or Cache(Path(), ttl=0, clock=clock)
        self._client = client
        self.containers: ContainerManager = KubernetesContainers(client, namespaces=namespaces, clock=clock)
        self.inspector: Inspector = KubernetesInspector(client)
        self.stats: StatsCollector = KubernetesStats(
            client, cache=kept, namespaces=namespaces, metrics_server=metrics_server
        )
        self.logs: LogStreamer = KubernetesLogs(client)
        self.surveyor: Surveyor = KubernetesSurveyor(client, namespaces=namespaces)
        self.accounts: AccountManager = KubernetesAccounts(client, namespaces=namespaces, clock=clock)
        self.deployer: Deployer = KubernetesDeployer(client, namespaces=namespaces, clock=clock)
        self.exporter: Exporter = KubernetesExporter(client)

    def close(self) -> None:
        """Close the client."""
        self._client.close()


def open_runtime(config: KubernetesConfig, *, clock: Clock) -> KubernetesRuntime:
    """Connect to the cluster of a configuration. Raises as ``connect`` does."""
    return KubernetesRuntime(
        connect(config, clock=clock),
        namespaces=config.namespaces,
        clock=clock,
        metrics_server=config.metrics_server,
        cache=Cache(cache_folder(), ttl=config.metrics_cache_ttl, clock=clock),
    )
