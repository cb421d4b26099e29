# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many daemons and clusters, asked side by side."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ContainerNotFoundError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory.endpoints import Endpoint
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory.roll import Answer, call_roll
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import KubernetesRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.registry import Registry
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.selection import Selection
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFIG = load_config()


class Place:
    """Endpoints over fakes, by name; an error stands for one that is dead."""

    def __init__(self, **fakes: FakeDocker | FakeKubernetes | Exception) -> None:
        """Take what answers for each."""
        self._fakes = fakes
        self.endpoints = [Endpoint(name, _type(fake), CONFIG, CONFIG) for name, fake in fakes.items()]
        self.barrier = Barrier(1)

    def call(self, selection: Selection | None = None, *, inspect: bool = False) -> dict[str, Answer]:
        """Ask all."""
        answers = call_roll(self.endpoints, selection or Selection(), open_runtimes=self.opened, inspect=inspect)
        assert [one.endpoint for one in answers] == self.endpoints
        return {one.endpoint.name: one for one in answers}

    @contextmanager
    def opened(self, endpoint: Endpoint) -> Iterator[Registry]:
        """Open a registry in which both types of runtimes are the fake."""
        self.barrier.wait(10)
        fake = self._fakes[endpoint.name]

        def opener(_config: Any, clock: Any) -> Any:
            if isinstance(fake, Exception):
                raise fake
            if isinstance(fake, FakeDocker):
                return DockerRuntime(fake, clock=clock)
            return KubernetesRuntime(fake, clock=clock)

        registry = Registry(CONFIG, clock=FakeDocker().clock, openers={endpoint.type: opener})
        yield registry


def _type(fake: FakeDocker | FakeKubernetes | Exception) -> RuntimeType:
    return RuntimeType.KUBERNETES if isinstance(fake, FakeKubernetes) else RuntimeType.DOCKER


def daemon(*names: str) -> FakeDocker:
    found = FakeDocker()
    for name in names:
        found.add(name)
    return found


def cluster(*places: str) -> FakeKubernetes:
    found = FakeKubernetes()
    for place in places:
        namespace, _slash, name = place.partition("/")
        found.cluster.add(POD, pod(name, namespace=namespace))
    return found


def found(answer: Answer) -> list[str]:
    assert answer.overview, answer.error
    return [view.path for view in answer.overview.views]


def test_each_endpoint_answers_for_itself() -> None:
    answers = Place(edge=daemon("web", "db"), lab=daemon("web"), prod=cluster("shop/web")).call()
    assert {name: found(answer) for name, answer in answers.items()} == {
        "edge": ["db", "web"],
        "lab": ["web"],
        "prod": ["shop/web"],
    }


def test_all_are_asked_at_once() -> None:
    place = Place(**{f"edge-{number}": daemon("web") for number in range(20)})
    place.barrier = Barrier(20)
    assert all(found(answer) == ["web"] for answer in place.call().values())


def test_one_that_is_dead_or_breaks_does_not_touch_the_others() -> None:
    dead = RuntimeUnavailableError("nothing answers")
    answers = Place(dead=dead, broken=KeyError("Id"), edge=daemon("web")).call()
    assert answers["dead"].error is dead
    assert dead.runtime == "docker"
    assert isinstance(answers["broken"].error, ApiError)
    assert found(answers["edge"]) == ["web"]


def test_a_daemon_is_asked_for_one_list() -> None:
    fake = daemon(*(f"web-{number}" for number in range(50)))
    Place(edge=fake).call(Selection(include_stopped=False))
    assert [str(call) for call in fake.calls] == ["list"]


def test_with_details_each_is_looked_into_and_one_that_vanishes_is_left_out() -> None:
    fake = daemon("a", "b", "c")
    fake.before("inspect", happen=lambda: fake.remove("b"))
    answer = Place(edge=fake).call(inspect=True)["edge"]
    assert answer.overview
    assert found(answer) == ["a", "c"]
    assert all(view.details for view in answer.overview.views)


def test_namespaces_restrict_clusters_and_leave_daemons_alone() -> None:
    answers = Place(edge=daemon("web"), prod=cluster("shop/web", "mail/web")).call(Selection(namespaces=("shop",)))
    assert found(answers["edge"]) == ["web"]
    assert found(answers["prod"]) == ["shop/web"]


def test_a_cluster_that_lacks_some_of_the_namespaces_answers_for_the_others_and_says_so() -> None:
    answers = Place(prod=cluster("shop/web")).call(Selection(namespaces=("shop", "mail")))
    assert found(answers["prod"]) == ["shop/web"]
    overview = answers["prod"].overview
    assert overview
    (warning,) = overview.warnings
    assert "mail" in warning


@pytest.mark.parametrize("namespaces", [("mail",), ("mail", "news")])
def test_a_cluster_that_lacks_all_of_the_namespaces_is_an_error(namespaces: tuple[str, ...]) -> None:
    answer = Place(prod=cluster("shop/web")).call(Selection(namespaces=namespaces))["prod"]
    assert isinstance(answer.error, ContainerNotFoundError)
    assert "mail" in str(answer.error)
