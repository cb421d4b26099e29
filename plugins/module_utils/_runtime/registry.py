# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The runtimes a task may use: which one answers for a target, opened at first use."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable

from .config import load_config
from .errors import NekzusError, RuntimeNotFoundError
from .types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .config import RuntimesConfig
    from .interfaces import Clock, Runtime

    Opener = Callable[[RuntimesConfig, Clock], Runtime]


def _open_docker(config: RuntimesConfig, clock: Clock) -> Runtime:
    # Imported here so that a task which needs the other runtime alone does not pay for this one's SDK.
    from .docker.runtime import open_runtime  # noqa: PLC0415

    return open_runtime(config.docker, clock=clock)


def _open_kubernetes(config: RuntimesConfig, clock: Clock) -> Runtime:
    from .kubernetes.runtime import open_runtime  # noqa: PLC0415 - as above

    return open_runtime(config.kubernetes, clock=clock)


OPENERS: Mapping[RuntimeType, Opener] = {
    RuntimeType.DOCKER: _open_docker,
    RuntimeType.KUBERNETES: _open_kubernetes,
}


@contextmanager
def opened_registry(
    options: Mapping[str, Any], *, env: Mapping[str, str], clock: Clock, warn: Callable[[str], None]
) -> Iterator[Registry]:
    """Yield the runtimes that a task's shared options describe, and close them in the end."""
    config = load_config(options["runtimes"], shortcuts=options, env=env)
    for warning in config.warnings:
        warn(warning)
    registry = Registry(config, clock=clock)
    try:
        yield registry
    finally:
        registry.close()


class Registry:
    """Opens runtimes as they are needed and keeps them until it is closed. ``clock`` is the one that they wait by."""

    def __init__(
        self, config: RuntimesConfig, *, clock: Clock, openers: Mapping[RuntimeType, Opener] | None = None
    ) -> None:
        """Remember how to open; nothing is opened yet."""
        self.clock = clock
        self._config = config
        self._openers = OPENERS if openers is None else openers
        self._opened: dict[RuntimeType, Runtime] = {}

    @property
    def primary_type(self) -> RuntimeType:
        """The type of the runtime for targets that do not say theirs."""
        return self._config.primary

    def enabled(self, runtime_type: RuntimeType) -> bool | None:
        """Tell whether the configuration lets tasks use a runtime; None: as soon as it can be reached."""
        section = self._config.docker if runtime_type is RuntimeType.DOCKER else self._config.kubernetes
        return section.enabled

    def get(self, runtime_type: RuntimeType) -> Runtime:
        """Return a runtime, opening it at first use. Raises RuntimeNotFoundError when it is not enabled."""
        if runtime_type not in self._opened:
            # None: to be asked for is reason enough to try.
            if self.enabled(runtime_type) is False:
                raise RuntimeNotFoundError(
                    "this runtime is not enabled",
                    runtime=str(runtime_type),
                    hint=f"set runtimes.{runtime_type}.enabled to true, or name a target on another runtime",
                )
            try:
                self._opened[runtime_type] = self._openers[runtime_type](self._config, self.clock)
            except NekzusError as error:
                error.within(runtime=str(runtime_type))
                raise
        return self._opened[runtime_type]

    def primary(self) -> Runtime:
        """Return the runtime for targets that do not say theirs."""
        return self.get(self._config.primary)

    def select(self, runtime_type: RuntimeType | None) -> Runtime:
        """Return the runtime asked for, or the primary."""
        return self.get(runtime_type) if runtime_type else self.primary()

    def close(self) -> None:
        """Let go of every connection."""
        while self._opened:
            _runtime_type, runtime = self._opened.popitem()
            runtime.close()
