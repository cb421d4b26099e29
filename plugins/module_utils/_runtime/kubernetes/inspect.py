# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Looking into one pod or workload."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import convert
from .kinds import POD
from .workload import Workload

if TYPE_CHECKING:
    from ..details import ContainerDetails
    from ..types import Container
    from .seam import KubernetesClient


class KubernetesInspector:
    """The Inspector of Kubernetes."""

    def __init__(self, client: KubernetesClient) -> None:
        """Take the client to ask."""
        self._client = client

    def inspect(self, container: Container) -> ContainerDetails:
        """Return how a pod, or the pods of a workload, are set up (one request).

        Raises ContainerNotFoundError when it is gone.
        """
        handle = container.handle
        if not isinstance(handle, Workload):
            return convert.details(self._client.get(POD, container.namespace, container.name))
        details = convert.details(self._client.get(handle.resource, container.namespace, container.name))
        # Its object tells nothing more of these than the list did.
        return replace(details, ready=container.ready, restarts=container.restarts)
