# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Finding containers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence

    from ..docker.runtime import DockerRuntime
    from ..kubernetes.runtime import KubernetesRuntime
    from ..selection import Selection
    from ..target import Target
    from ..types import Found, Listing


class Finder(Protocol):
    """Finds containers."""

    def find(self, targets: Sequence[Target]) -> builtins.list[Found]:
        """Return a container, or the reason why there is none, for each target in order.

        Reasons are ContainerNotFoundError with the nearest names, or AmbiguousError with the matches.
        Raises only for what concerns all of them, such as a runtime that does not answer.
        """

    def select(self, selection: Selection) -> Listing:
        """Return the containers that match, by name."""


def _on_docker(runtime: DockerRuntime) -> Finder:
    from ..docker.containers import DockerFinder  # noqa: PLC0415

    return DockerFinder(runtime.client)


def _on_kubernetes(runtime: KubernetesRuntime) -> Finder:
    from ..kubernetes.containers import KubernetesFinder  # noqa: PLC0415

    return KubernetesFinder(runtime.client, namespaces=runtime.namespaces)


CONTAINERS = Role(_on_docker, _on_kubernetes)
