# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Looking into one Docker container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import convert

if TYPE_CHECKING:
    from ..details import ContainerDetails
    from ..types import Container
    from .seam import DockerClient


class DockerInspector:
    """The Inspector of Docker."""

    def __init__(self, client: DockerClient) -> None:
        """Take the client to ask."""
        self._client = client

    def inspect(self, container: Container) -> ContainerDetails:
        """Return how a container is set up (one request). Raises ContainerNotFoundError when it is gone."""
        return convert.details(self._client.inspect_container(container.id))
