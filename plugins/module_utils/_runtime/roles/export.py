# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Writing down what containers could be made from again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..docker.runtime import DockerRuntime
    from ..exports.exported import ExportChoice, Exported
    from ..kubernetes.runtime import KubernetesRuntime
    from ..types import Container


class Exporter(Protocol):
    """Writes down what containers could be made from again."""

    def export(self, containers: Sequence[Container], choice: ExportChoice) -> Exported:
        """Return the documents that make them again: on Docker one Compose file, on Kubernetes manifests.

        Containers of one owner are written down once, as their owner. Raises ContainerNotFoundError when one is gone,
        and UnsupportedError for what cannot be made again.
        """


def _on_docker(runtime: DockerRuntime) -> Exporter:
    from ..docker.export import DockerExporter  # noqa: PLC0415

    return DockerExporter(runtime.client)


def _on_kubernetes(runtime: KubernetesRuntime) -> Exporter:
    from ..kubernetes.export import KubernetesExporter  # noqa: PLC0415

    return KubernetesExporter(runtime.client)


EXPORTER = Role(_on_docker, _on_kubernetes)
