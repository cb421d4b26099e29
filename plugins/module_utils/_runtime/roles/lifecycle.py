# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Changing whether containers run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from .containers import CONTAINERS
from .role import Role

if TYPE_CHECKING:
    from ..bulk import Leave
    from ..docker.runtime import DockerRuntime
    from ..kubernetes.containers import KubernetesFinder
    from ..kubernetes.runtime import KubernetesRuntime
    from ..lifecycle.options import LifecycleOptions
    from ..lifecycle.plan import Plan
    from ..memo import Memo
    from ..types import Container, Reached, Subject


class Operator(Protocol):
    """Changes whether containers run."""

    def subject(self, container: Container, known: Memo[Any], /) -> Subject:
        """Return what a lifecycle operation on this container would change, as it is since it was found.

        ``known`` is what was found out on the way for containers that were found together with it.
        """

    def rehearse(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> tuple[str, ...]:
        """Raise what carrying out a plan's actions would raise, as far as it shows without changing anything.

        Returns what a user should know before.
        """

    def execute(self, subject: Subject, plan: Plan, *, options: LifecycleOptions) -> None:
        """Carry out a plan's actions, without waiting for more than the runtime's own answer.

        Raises ConflictError when the subject is not any more what the plan was made for.
        """

    def wait(self, subject: Subject, plan: Plan, up: Leave | None = None, /, *, options: LifecycleOptions) -> Reached:
        """Wait until the plan has come true and return what the subject then is.

        ``up`` may be called before, when all is done that others should wait for.
        Raises NotReadyError as soon as it cannot come true any more, with the reason and the last log
        lines, and WaitTimeoutError after ``wait_timeout`` seconds.
        """

    def cautions(self, subject: Subject) -> tuple[str, ...]:
        """Return what a user who changes this subject should know, such as what else changes it."""


def _on_docker(runtime: DockerRuntime) -> Operator:
    from ..docker.lifecycle import DockerOperator  # noqa: PLC0415

    return DockerOperator(runtime.client, clock=runtime.clock)


def _on_kubernetes(runtime: KubernetesRuntime) -> Operator:
    from ..kubernetes.lifecycle import KubernetesOperator  # noqa: PLC0415

    # What finding has learned of kinds and versions is not asked for again.
    finder = cast("KubernetesFinder", runtime.role(CONTAINERS))
    return KubernetesOperator(runtime.client, finder.reader, clock=runtime.clock)


OPERATOR = Role(_on_docker, _on_kubernetes)
