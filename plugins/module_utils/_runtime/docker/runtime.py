# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Docker as a Runtime: its roles are played over one client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..roles.role import Troupe
from ..types import RuntimeType
from .client import connect

if TYPE_CHECKING:
    from ..config import DockerConfig
    from ..interfaces import Clock
    from ..roles.role import Played, Role
    from .seam import DockerClient


class DockerRuntime:
    """The Runtime of a Docker daemon, or of Podman's service that speaks Docker's API."""

    type = RuntimeType.DOCKER
    # Reads are cheap for the daemon; more at once would only queue there.
    read_concurrency = 16

    def __init__(self, client: DockerClient, *, clock: Clock, address: str = "") -> None:
        """Take an open client, and the daemon's address where it is a real one."""
        self.client = client
        self.clock = clock
        self.address = address
        self._troupe = Troupe()

    def role(self, role: Role[Played]) -> Played:
        """Return who plays a role on Docker."""
        return self._troupe.player(role, lambda: role.on_docker(self))

    def close(self) -> None:
        """Close the client."""
        self.client.close()


def open_runtime(config: DockerConfig, *, clock: Clock) -> DockerRuntime:
    """Connect to the daemon of a configuration. Raises as ``connect`` does."""
    return DockerRuntime(connect(config, clock=clock), clock=clock, address=config.socket_path)
