# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Docker as a Runtime: its roles over one client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..types import RuntimeType
from .accounts import DockerAccounts
from .cgroup import CpuAccounts
from .client import connect
from .containers import DockerContainers
from .deploy import DockerDeployer
from .export import DockerExporter
from .inspect import DockerInspector
from .logs import DockerLogs
from .records import host_of
from .stats import DockerStats
from .survey import DockerSurveyor

if TYPE_CHECKING:
    from ..config import DockerConfig
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
    from .seam import DockerClient


class DockerRuntime:
    """The Runtime of a Docker daemon, or of Podman's service that speaks Docker's API."""

    type = RuntimeType.DOCKER
    # Reads are cheap for the daemon; more at once would only queue there.
    read_concurrency = 16

    def __init__(
        self, client: DockerClient, *, clock: Clock, accounts: CpuAccounts | None = None, host: str = "localhost"
    ) -> None:
        """Build the roles over an open client.

        ``accounts`` are the kernel's, for a daemon on this machine; ``host`` is where the daemon publishes ports.
        """
        self._client = client
        self.containers: ContainerManager = DockerContainers(client, clock=clock)
        self.inspector: Inspector = DockerInspector(client)
        self.surveyor: Surveyor = DockerSurveyor(client)
        self.stats: StatsCollector = DockerStats(client, clock=clock, accounts=accounts)
        self.logs: LogStreamer = DockerLogs(client)
        self.accounts: AccountManager = DockerAccounts()
        self.deployer: Deployer = DockerDeployer(client, clock=clock, host=host)
        self.exporter: Exporter = DockerExporter(client)

    def close(self) -> None:
        """Close the client."""
        self._client.close()


def open_runtime(config: DockerConfig, *, clock: Clock) -> DockerRuntime:
    """Connect to the daemon of a configuration. Raises as ``connect`` does."""
    accounts = CpuAccounts(clock) if config.socket_path.startswith("unix://") else None
    client = connect(config, clock=clock)
    return DockerRuntime(client, clock=clock, accounts=accounts, host=host_of(config.socket_path))
