# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Making running services of templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..docker.runtime import DockerRuntime
    from ..kubernetes.runtime import KubernetesRuntime
    from ..toolbox.deployment import Deployed, DeployPlan, Wish


class Deployer(Protocol):
    """Makes running services of templates, and removes them."""

    def plan(self, wish: Wish) -> DeployPlan:
        """Return what has to change so that a deployment is as it is wished for.

        Reads only. Raises InvalidTemplateError and UnsupportedError for what cannot be had on this runtime, naming
        every key, and ConflictError where something is in the way that is not ours.
        """

    def execute(self, plan: DeployPlan) -> Deployed | None:
        """Make the changes, start what is to run, wait for it if that is wished for, and return what there is then.

        What was made first is removed again when it fails, and what was there before an update serves on, or again.
        Raises NotReadyError with the reason and the last log lines, and WaitTimeoutError.
        """

    def deployed(self, name: str = "", namespaces: Sequence[str] = ()) -> tuple[Deployed, ...]:
        """Return what is deployed, by name: all of it or that of one name, in all namespaces or in some."""


def _on_docker(runtime: DockerRuntime) -> Deployer:
    from ..docker.deploy import DockerDeployer  # noqa: PLC0415
    from ..docker.records import host_of  # noqa: PLC0415

    return DockerDeployer(runtime.client, clock=runtime.clock, host=host_of(runtime.address))


def _on_kubernetes(runtime: KubernetesRuntime) -> Deployer:
    from ..kubernetes.deploy import KubernetesDeployer  # noqa: PLC0415

    return KubernetesDeployer(runtime.client, namespaces=runtime.namespaces, clock=runtime.clock)


DEPLOYER = Role(_on_docker, _on_kubernetes)
