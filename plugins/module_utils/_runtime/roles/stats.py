# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Measuring what containers use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..docker.runtime import DockerRuntime
    from ..kubernetes.runtime import KubernetesRuntime
    from ..stats.usage import Sampling
    from ..types import Container


class StatsCollector(Protocol):
    """Measures what containers use."""

    def collect(self, containers: Sequence[Container]) -> Sampling:
        """Return what each uses now, or why that cannot be said, in their order; all measured side by side.

        One that does not run is UNMEASURED, one that ran when it was found and is gone ContainerNotFoundError. Raises
        only for what concerns all of them.
        """


def _on_docker(runtime: DockerRuntime) -> StatsCollector:
    from ..docker.cgroup import CpuAccounts  # noqa: PLC0415
    from ..docker.stats import DockerStats  # noqa: PLC0415

    # The kernel's accounts, for a daemon on this machine.
    accounts = CpuAccounts(runtime.clock) if runtime.address.startswith("unix://") else None
    return DockerStats(runtime.client, clock=runtime.clock, accounts=accounts)


def _on_kubernetes(runtime: KubernetesRuntime) -> StatsCollector:
    from ..kubernetes.stats import KubernetesStats  # noqa: PLC0415
    from ..stats.cache import Cache, cache_folder  # noqa: PLC0415

    cache = Cache(cache_folder(), ttl=runtime.metrics_cache_ttl, clock=runtime.clock)
    return KubernetesStats(
        runtime.client, cache=cache, namespaces=runtime.namespaces, metrics_server=runtime.metrics_server
    )


STATS = Role(_on_docker, _on_kubernetes)
