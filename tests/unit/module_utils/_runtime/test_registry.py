# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runtime answers for a target, opened at first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    RuntimeNotFoundError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.registry import Registry, opened_registry
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import RuntimesConfig
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Clock, Runtime

DOCKER, KUBERNETES = RuntimeType.DOCKER, RuntimeType.KUBERNETES


class Openers(dict[RuntimeType, Any]):
    """Opens a runtime over a fake daemon for either type, and counts."""

    def __init__(self) -> None:
        """Begin with nothing opened."""
        super().__init__({kind: self._opener(kind) for kind in RuntimeType})
        self.opened: list[RuntimeType] = []
        self.dockers: list[FakeDocker] = []

    def _opener(self, kind: RuntimeType) -> Any:
        def open_it(_config: RuntimesConfig, clock: Clock) -> Runtime:
            self.opened.append(kind)
            self.dockers.append(FakeDocker())
            return DockerRuntime(self.dockers[-1], clock=clock)

        return open_it


def registry_of(openers: Openers, **document: Any) -> Registry:
    return Registry(load_config(document), clock=FakeClock(), openers=openers)


def test_nothing_is_opened_before_it_is_asked_for() -> None:
    openers = Openers()
    registry_of(openers).close()
    assert openers.opened == []


@pytest.mark.parametrize(
    ("primary", "asked", "opened"),
    [
        ("docker", None, DOCKER),
        ("kubernetes", None, KUBERNETES),
        ("docker", KUBERNETES, KUBERNETES),
        ("kubernetes", DOCKER, DOCKER),
    ],
)
def test_the_runtime_asked_for_is_opened_else_the_primary(
    primary: str, asked: RuntimeType | None, opened: RuntimeType
) -> None:
    openers = Openers()
    registry_of(openers, primary=primary).select(asked)
    assert openers.opened == [opened]


def test_a_runtime_is_opened_once() -> None:
    openers = Openers()
    registry = registry_of(openers)
    assert registry.get(DOCKER) is registry.primary() is registry.select(None)
    assert openers.opened == [DOCKER]


def test_closing_closes_all_that_is_open_and_twice_is_once() -> None:
    openers = Openers()
    registry = registry_of(openers)
    registry.get(DOCKER)
    registry.get(KUBERNETES)
    registry.close()
    registry.close()
    assert [docker.closed for docker in openers.dockers] == [True, True]


@pytest.mark.parametrize("kind", RuntimeType)
def test_a_runtime_that_is_switched_off_is_not_found(kind: RuntimeType) -> None:
    openers = Openers()
    registry = registry_of(openers, primary=str(kind), **{str(kind): {"enabled": False}})
    for ask in (registry.primary, lambda: registry.get(kind)):
        with pytest.raises(RuntimeNotFoundError, match="not enabled") as refusal:
            ask()
        assert f"runtimes.{kind}.enabled" in str(refusal.value.hint)
        assert refusal.value.runtime == str(kind)
    assert openers.opened == []


def test_kubernetes_is_opened_without_a_request() -> None:
    pytest.importorskip("kubernetes")
    nowhere = {"host": "https://127.0.0.1:1", "api_key": "t0ken"}
    registry = Registry(load_config({"kubernetes": nowhere}), clock=FakeClock())
    assert registry.get(KUBERNETES).type is KUBERNETES
    registry.close()


def test_an_error_of_opening_says_which_runtime_it_was() -> None:
    with pytest.raises(RuntimeUnavailableError) as refusal:
        Registry(load_config(), clock=FakeClock(), openers={KUBERNETES: _refuse}).get(KUBERNETES)
    assert refusal.value.runtime == "kubernetes"


def _refuse(_config: RuntimesConfig, _clock: Clock) -> Runtime:
    raise RuntimeUnavailableError("nothing says where it is")


def test_the_configuration_is_told_before_anything_is_opened() -> None:
    openers = Openers()
    registry = registry_of(openers, primary="kubernetes", docker={"enabled": False})
    assert registry.primary_type is KUBERNETES
    assert (registry.enabled(DOCKER), registry.enabled(KUBERNETES)) == (False, None)
    assert openers.opened == []


def test_a_registry_is_opened_from_a_tasks_options_and_closed_whatever_happens() -> None:
    warnings: list[str] = []
    options = {"runtimes": {"docker": {"enabled": False}}, "docker_host": None}

    def use() -> None:
        with opened_registry(options, env={}, clock=FakeClock(), warn=warnings.append) as registry:
            registry.primary()

    with pytest.raises(RuntimeNotFoundError):
        use()
    assert len(warnings) == 1
