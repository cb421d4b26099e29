# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading what containers write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .role import Role

if TYPE_CHECKING:
    from ..docker.runtime import DockerRuntime
    from ..kubernetes.runtime import KubernetesRuntime
    from ..logs.log import LogChoice, LogSource, LogSources, LogSpan, LogStream
    from ..types import Container


class LogStreamer(Protocol):
    """Reads what containers write."""

    def sources(self, container: Container, choice: LogChoice) -> LogSources:
        """Return the logs that a choice means, as they are now.

        Raises ContainerNotFoundError when the container is gone or has none of that name, and UnsupportedError when
        its logs cannot be read.
        """

    def open(self, source: LogSource, span: LogSpan, *, limit: int, follow: float | None = None) -> LogStream:
        """Return the lines of a log, oldest first, each with at most ``limit`` bytes.

        With ``follow``, those that are written in so many seconds as well. A log that cannot be read yet is empty.
        """


def _on_docker(runtime: DockerRuntime) -> LogStreamer:
    from ..docker.logs import DockerLogs  # noqa: PLC0415

    return DockerLogs(runtime.client)


def _on_kubernetes(runtime: KubernetesRuntime) -> LogStreamer:
    from ..kubernetes.logs import KubernetesLogs  # noqa: PLC0415

    return KubernetesLogs(runtime.client)


LOGS = Role(_on_docker, _on_kubernetes)
