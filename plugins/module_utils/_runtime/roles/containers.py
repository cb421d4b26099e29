# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Finding containers, and changing whether they run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence

    from ..docker.runtime import DockerRuntime
    from ..kubernetes.runtime import KubernetesRuntime
    from ..options import LifecycleOptions
    from ..plan import Plan
    from ..selection import Selection
    from ..target import Target
    from ..types import Container, Found, Listing, Reached, Subject


class ContainerManager(Protocol):
    """Finds containers, and changes whether they run."""

    def find(self, targets: Sequence[Target]) -> builtins.list[Found]:
        """Return a container, or the reason why there is none, for each target in order.

        Reasons are ContainerNotFoundError with the nearest names, or AmbiguousError with the matches.
        Raises only for what concerns all of them, such as a runtime that does not answer.
        """

    def select(self, selection: Selection) -> Listing:
        """Return the containers that match, by name."""

    def subject(self, container: Container) -> Subject:
        """Return what a lifecycle operation on this container would change, as it is since it was found."""

    def execute(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> None:
        """Carry out a plan's actions, without waiting for more than the runtime's own answer.

        Raises ConflictError when the subject is not any more what the plan was made for.
        """

    def wait(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> Reached:
        """Wait until the plan has come true and return what the subject then is.

        Raises NotReadyError as soon as it cannot come true any more, with the reason and the last log
        lines, and WaitTimeoutError after ``wait_timeout`` seconds.
        """

    def cautions(self, subject: Subject) -> tuple[str, ...]:
        """Return what a user who changes this subject should know, such as what else changes it."""


def _on_docker(runtime: DockerRuntime) -> ContainerManager:
    from ..docker.containers import DockerContainers  # noqa: PLC0415

    return DockerContainers(runtime.client, clock=runtime.clock)


def _on_kubernetes(runtime: KubernetesRuntime) -> ContainerManager:
    from ..kubernetes.containers import KubernetesContainers  # noqa: PLC0415

    return KubernetesContainers(runtime.client, namespaces=runtime.namespaces, clock=runtime.clock)


CONTAINERS = Role(_on_docker, _on_kubernetes)
