# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What we ask of a Docker daemon: exactly the calls we use, in our verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..log import ByteStream, LogSpan


class DockerClient(Protocol):
    """What we ask of a Docker daemon. Every call raises NekzusError and nothing else."""

    def list_containers(self, *, labels: Sequence[str] = ()) -> list[dict[str, Any]]:
        """Return the entries of the container list, stopped ones included, that have all these labels."""

    def inspect_container(self, identifier: str) -> dict[str, Any]:
        """Return a container's inspection."""

    def start(self, identifier: str) -> None:
        """Start a container; nothing happens to one that runs."""

    def stop(self, identifier: str, *, grace: int) -> None:
        """Stop a container, killing it after ``grace`` seconds; nothing happens to one that is stopped."""

    def restart(self, identifier: str, *, grace: int) -> None:
        """Restart a container, killing it after ``grace`` seconds."""

    def pause(self, identifier: str) -> None:
        """Freeze a container's processes."""

    def unpause(self, identifier: str) -> None:
        """Thaw a container's processes."""

    def stats(self, identifier: str) -> dict[str, Any]:
        """Return a sample of what a container uses; it says little of one that does not run."""

    def open_logs(self, identifier: str, *, span: LogSpan, follow: float | None = None) -> ByteStream:
        """Return what a container wrote, each line with its moment: in frames, unless it has a terminal.

        With ``follow`` it goes on with what is written, and ends when nothing comes for so many seconds and a few.
        """

    def version(self) -> dict[str, Any]:
        """Return what the daemon says of itself: its version, that of its API, and its components."""

    def close(self) -> None:
        """Close the connections."""
