# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Runtimes as all code but their own sees them: nothing knows which one it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .roles.role import Played, Role
    from .types import RuntimeType


class Clock(Protocol):
    """Time, as the standard library's ``time`` module tells it. Seconds."""

    def time(self) -> float:
        """Return the seconds since 1970."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


class Runtime(Protocol):
    """One container runtime, opened. Reads of many containers may run ``read_concurrency`` at once."""

    type: RuntimeType
    read_concurrency: int

    def role(self, role: Role[Played]) -> Played:
        """Return who plays a role on this runtime."""

    def close(self) -> None:
        """Let go of its connections."""


class RuntimeSelector(Protocol):
    """Knows the runtimes of a task. The registry is the one that opens real ones."""

    def get(self, runtime_type: RuntimeType) -> Runtime:
        """Return a runtime, opening it at first use. Raises RuntimeNotFoundError when it is not enabled."""

    def select(self, runtime_type: RuntimeType | None) -> Runtime:
        """Return the runtime asked for, or the primary."""


class RuntimeDirectory(RuntimeSelector, Protocol):
    """A RuntimeSelector that can be asked about runtimes before they are opened."""

    @property
    def primary_type(self) -> RuntimeType:
        """The type of the primary runtime."""

    def enabled(self, runtime_type: RuntimeType) -> bool | None:
        """Tell whether a runtime may be used; None: as soon as it can be reached."""
