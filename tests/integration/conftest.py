# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What integration tests are given: the engines, a place for containers on each, and Ansible."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn, TypeVar

import pytest

from .controller import Controller, link_checkout
from .engine import DOCKER_ENGINES, ENGINES, DockerEngine, Engine
from .in_process import make_importable
from .inventory import Places
from .kubernetes_engine import KubernetesEngine
from .space import Space
from .ways import MissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cluster import Cluster
    from .docker_yard import DockerYard
    from .yard import Yard

# Before any test is imported that imports the collection.
make_importable()

Place = TypeVar("Place", bound="Yard")
_OPENED: dict[str, Engine | MissingError] = {}


def missing(what: str, reason: str) -> NoReturn:
    """Skip visibly what cannot run here, or fail when it was asked for."""
    if what in os.environ.get("NEKZUS_REQUIRE", "").split(","):
        pytest.fail(f"NEKZUS_REQUIRE names {what}, but {reason}", pytrace=False)
    pytest.skip(reason)


def opened(name: str) -> Engine | MissingError:
    """Return an engine or why there is none; it is looked for once a process."""
    if name not in _OPENED:
        try:
            _OPENED[name] = ENGINES[name]()
        except MissingError as error:
            _OPENED[name] = error
    return _OPENED[name]


@pytest.fixture(scope="session", autouse=True)
def _closed() -> Iterator[None]:
    """Close in the end what was opened."""
    yield
    for found in _OPENED.values():
        if not isinstance(found, MissingError):
            found.close()


@pytest.fixture(scope="session", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Take every engine in turn."""
    found = opened(request.param)
    return missing(request.param, str(found)) if isinstance(found, MissingError) else found


@pytest.fixture(scope="session", params=list(DOCKER_ENGINES))
def docker_engine(request: pytest.FixtureRequest) -> DockerEngine:
    """Take every engine in turn that speaks Docker's API."""
    found = opened(request.param)
    return found if isinstance(found, DockerEngine) else missing(request.param, str(found))


@pytest.fixture(scope="session")
def one_engine() -> DockerEngine:
    """Take the first engine there is that speaks Docker's API, for what has nothing to do with engines."""
    reasons = []
    for found in map(opened, DOCKER_ENGINES):
        if isinstance(found, DockerEngine):
            return found
        reasons.append(str(found))
    return missing("docker", "; ".join(reasons))


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Take the cluster, for what only Kubernetes has."""
    found = opened("kubernetes")
    return found.cluster if isinstance(found, KubernetesEngine) else missing("kubernetes", str(found))


@pytest.fixture(scope="module")
def space(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[Space]:
    """Give the tests of a file a namespace of the cluster."""
    place = Space(cluster, request.node.path.stem.removeprefix("test_").replace("_", "-"))
    yield place.open()
    place.close()


@pytest.fixture
def one_yard(one_engine: DockerEngine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give the test a place on the first engine there is that speaks Docker's API."""
    yield from cleared(one_engine.yard(request.node.nodeid))


@pytest.fixture
def yard(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give the test a place for its containers."""
    yield from cleared(engine.yard(request.node.nodeid))


@pytest.fixture
def docker_yard(docker_engine: DockerEngine, request: pytest.FixtureRequest) -> Iterator[DockerYard]:
    """Give the test a place for its containers on an engine that speaks Docker's API."""
    yield from cleared(docker_engine.yard(request.node.nodeid))


@pytest.fixture(scope="module")
def module_docker_yard(docker_engine: DockerEngine, request: pytest.FixtureRequest) -> Iterator[DockerYard]:
    """Give the tests of a file a place for containers that they share on an engine that speaks Docker's API."""
    yield from cleared(docker_engine.yard(request.node.nodeid))


@pytest.fixture(scope="module")
def module_yard(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give the tests of a file a place for containers that they share."""
    yield from cleared(engine.yard(request.node.nodeid))


@pytest.fixture(scope="module")
def places(request: pytest.FixtureRequest) -> Iterator[Places]:
    """Give the tests of a file two daemons and two contexts."""
    found = {name: opened(name) for name in ENGINES}
    for name, engine in found.items():
        if isinstance(engine, MissingError):
            missing(name, str(engine))
    docker, podman, kubernetes = found["docker"], found["podman"], found["kubernetes"]
    assert isinstance(docker, DockerEngine)
    assert isinstance(podman, DockerEngine)
    assert isinstance(kubernetes, KubernetesEngine)
    place = Places(docker, podman, kubernetes, request.node.path.stem.removeprefix("test_"))
    yield place.open()
    place.close()


def cleared(place: Place) -> Iterator[Place]:
    """Yield a yard that is empty before and after."""
    place.clear()
    yield place
    place.clear()


@pytest.fixture(scope="session")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Controller:
    """Run Ansible from a home of its own."""
    return Controller(tmp_path_factory.mktemp("controller"), collections=link_checkout())
