# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Looking into a container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    from ..details import ContainerDetails
    from ..docker.runtime import DockerRuntime
    from ..kubernetes.runtime import KubernetesRuntime
    from ..types import Container


class Inspector(Protocol):
    """Looks into one container."""

    def inspect(self, container: Container) -> ContainerDetails:
        """Return how it is set up. Raises ContainerNotFoundError when it is gone."""


def _on_docker(runtime: DockerRuntime) -> Inspector:
    from ..docker.inspect import DockerInspector  # noqa: PLC0415

    return DockerInspector(runtime.client)


def _on_kubernetes(runtime: KubernetesRuntime) -> Inspector:
    from ..kubernetes.inspect import KubernetesInspector  # noqa: PLC0415

    return KubernetesInspector(runtime.client)


INSPECTOR = Role(_on_docker, _on_kubernetes)
