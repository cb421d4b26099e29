# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Telling about a runtime itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..docker.runtime import DockerRuntime
    from ..feature import Feature
    from ..kubernetes.runtime import KubernetesRuntime
    from ..permissions import Permissions, RuntimeDescription


class Surveyor(Protocol):
    """Tells about the runtime itself."""

    def describe(self) -> RuntimeDescription:
        """Return what it is and what it can do. Raises RuntimeUnavailableError when it does not answer."""

    def permissions(self, namespaces: Sequence[str], features: Sequence[Feature] = ()) -> Permissions | None:
        """Return what it allows in these namespaces (none: in all), or None where everyone it lets in may do all.

        It is about the operations of some features, without any of all that the collection can do.
        """


def _on_docker(runtime: DockerRuntime) -> Surveyor:
    from ..docker.survey import DockerSurveyor  # noqa: PLC0415

    return DockerSurveyor(runtime.client)


def _on_kubernetes(runtime: KubernetesRuntime) -> Surveyor:
    from ..kubernetes.survey import KubernetesSurveyor  # noqa: PLC0415

    return KubernetesSurveyor(runtime.client, namespaces=runtime.namespaces)


SURVEYOR = Role(_on_docker, _on_kubernetes)
