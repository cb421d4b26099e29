# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""How a lifecycle operation is carried out, as a task's options say it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidConfigError
from ..types import RestartMethod

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_GRACE = 300


@dataclass(frozen=True)
class LifecycleOptions:
    """How a lifecycle operation is carried out. Times are seconds.

    ``timeout`` is the grace between asking a process to end and killing it; ``force`` skips it.
    """

    timeout: int | None = None
    wait: bool = True
    wait_timeout: int = 120
    max_concurrent: int = 5
    continue_on_error: bool = True
    replicas: int | None = None
    restart_method: RestartMethod = RestartMethod.AUTO
    force: bool = False

    @property
    def grace(self) -> int | None:
        """Seconds a process gets to end by itself, None for what the runtime itself gives it."""
        return 0 if self.force else self.timeout


def parse_options(params: Mapping[str, Any]) -> LifecycleOptions:
    """Return the options of a task. Raises InvalidConfigError that names one out of its range."""
    if params["timeout"] is not None and not 1 <= params["timeout"] <= LONGEST_GRACE:
        hint = "to kill at once, set force to true"
        raise InvalidConfigError(f"timeout is {params['timeout']}, not from 1 to {LONGEST_GRACE} seconds", hint=hint)
    for name in ("wait_timeout", "max_concurrent", "replicas"):
        if params[name] is not None and params[name] < 1:
            raise InvalidConfigError(f"{name} is {params[name]}, less than 1", hint=f"give {name} a number from 1 up")
    return LifecycleOptions(
        timeout=params["timeout"],
        wait=params["wait"],
        wait_timeout=params["wait_timeout"],
        max_concurrent=params["max_concurrent"],
        continue_on_error=params["continue_on_error"],
        replicas=params["replicas"],
        restart_method=RestartMethod(params["restart_method"]),
        force=params["force"],
    )
