# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which runtime answers for a target, opened at first use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
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

ROOT = Path(__file__).resolve().parents[4]
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


@pytest.mark.parametrize(("enabled", "usable"), [(True, True), (False, False)])
@pytest.mark.parametrize("kind", RuntimeType)
def test_what_the_configuration_says_of_a_runtime_counts(kind: RuntimeType, enabled: bool, usable: bool) -> None:  # noqa: FBT001 - a table
    assert registry_of(Openers(), **{str(kind): {"enabled": enabled}}).is_usable(kind) is usable


def test_kubernetes_is_usable_as_soon_as_anything_says_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    registry = registry_of(Openers())
    assert registry.is_usable(DOCKER)
    assert not registry.is_usable(KUBERNETES)
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").touch()
    assert registry.is_usable(KUBERNETES)


def test_the_identity_is_another_one_as_soon_as_another_place_or_account_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    kubeconfig = tmp_path / "mine.yml"
    kubeconfig.write_text("current-context: a")

    def identity(kind: RuntimeType, **document: Any) -> str:
        return registry_of(Openers(), **{str(kind): document}).identity(kind)

    told = [
        identity(DOCKER, socket_path="/a"),
        identity(DOCKER, socket_path="/b"),
        identity(KUBERNETES, host="https://a:1"),
        identity(KUBERNETES, host="https://a:1", api_key="t0ken"),
        identity(KUBERNETES, kubeconfig={"current-context": "a"}),
        identity(KUBERNETES, kubeconfig={"current-context": "b"}),
        identity(KUBERNETES, kubeconfig=str(kubeconfig)),
        identity(KUBERNETES, kubeconfig=str(kubeconfig), context="b"),
    ]
    kubeconfig.write_text("current-context: b")
    told.append(identity(KUBERNETES, kubeconfig=str(kubeconfig)))
    assert len(set(told)) == len(told)
    assert told[-1] == identity(KUBERNETES, kubeconfig=str(kubeconfig))


# Two threads that import what imports itself in circles see halves of it only now and then: so this tells who imports
# an SDK when, and takes its time.
_BOTH_AT_ONCE = """
import itertools, sys, threading, time
importing = []

class Witness:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("requests", "urllib3", "docker", "kubernetes"):
            importing.append(threading.get_ident())
            time.sleep(0.001)

sys.meta_path.insert(0, Witness())
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder
_AnsibleCollectionFinder(paths=[sys.argv[1]])._install()
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import registry, types
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
config = load_config({"docker": {"socket_path": "/nowhere"}, "kubernetes": {"host": "https://127.0.0.1:1"}})
errors = []

def open_it(kind):
    try:
        registry.OPENERS[kind](config, time)
    except Exception as error:
        errors.append(str(error))

threads = [threading.Thread(target=open_it, args=(kind,)) for kind in types.RuntimeType]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(errors) == 1 and "there is no Docker daemon" in errors[0], errors
turns = [thread for thread, _calls in itertools.groupby(importing)]
# (after that, each may have a little more to import)
assert len(turns) <= 4, turns
"""


def test_runtimes_of_both_types_can_be_opened_at_once_and_import_one_after_the_other() -> None:
    pytest.importorskip("kubernetes")
    pytest.importorskip("docker")
    tree = ROOT / ".cache" / "collections"
    command = [sys.executable, "-c", _BOTH_AT_ONCE, str(tree)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own
    assert ended.returncode == 0, ended.stderr
