# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The runtimes a task may use: which one answers for a target, opened at first use."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any, Callable

from .config import load_config
from .errors import NekzusError, RuntimeNotFoundError
from .types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .config import RuntimesConfig
    from .interfaces import Clock, Runtime

    Opener = Callable[[RuntimesConfig, Clock], Runtime]


# What both SDKs use imports itself in circles, of which two threads at once see only a half.
_IMPORTING = Lock()


def _open_docker(config: RuntimesConfig, clock: Clock) -> Runtime:
    # Imported here so that a task which needs the other runtime alone does not pay for this one's SDK.
    with _IMPORTING:
        from .docker.runtime import open_runtime  # noqa: PLC0415

    return open_runtime(config.docker, clock=clock)


def _open_kubernetes(config: RuntimesConfig, clock: Clock) -> Runtime:
    with _IMPORTING:
        from .kubernetes.runtime import open_runtime  # noqa: PLC0415 - as above

    return open_runtime(config.kubernetes, clock=clock)


def _can_reach_kubernetes(config: RuntimesConfig) -> bool:
    from .kubernetes.account import is_somewhere  # noqa: PLC0415 - as above

    return is_somewhere(config.kubernetes)


def _kubeconfig_digests(config: RuntimesConfig) -> list[str]:
    from .kubernetes.account import kubeconfig_digests  # noqa: PLC0415 - as above

    return kubeconfig_digests(config.kubernetes)


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
    with opened(config, clock=clock) as registry:
        yield registry


@contextmanager
def opened(config: RuntimesConfig, *, clock: Clock) -> Iterator[Registry]:
    """Yield the runtimes of a configuration, and close them in the end."""
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
        return self._config.section(runtime_type).enabled

    def is_usable(self, runtime_type: RuntimeType) -> bool:
        """Tell whether tasks may use a runtime, looking for a way to it where the configuration leaves it to that."""
        enabled = self.enabled(runtime_type)
        return _can_reach_kubernetes(self._config) if enabled is None else enabled

    def identity(self, runtime_type: RuntimeType) -> str:
        """Return a text that is another one when another daemon, cluster or account is meant. Nothing is opened."""
        told: list[Any] = [runtime_type, asdict(self._config.section(runtime_type))]
        if runtime_type is RuntimeType.KUBERNETES:
            told.append(_kubeconfig_digests(self._config))
        return sha256(json.dumps(told, sort_keys=True, default=dict).encode()).hexdigest()

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
