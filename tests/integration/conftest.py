# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What integration tests are given: the engines, a place for containers on each, and Ansible."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NoReturn

import pytest

from .controller import Controller, link_checkout
from .engine import ENGINES, Engine, MissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .yard import Yard


def missing(what: str, reason: str) -> NoReturn:
    """Skip visibly what cannot run here, or fail when it was asked for."""
    if what in os.environ.get("NEKZUS_REQUIRE", "").split(","):
        pytest.fail(f"NEKZUS_REQUIRE names {what}, but {reason}", pytrace=False)
    pytest.skip(reason)


@cache
def opened(name: str) -> Engine | MissingError:
    """Return an engine or why there is none; it is looked for once a process."""
    try:
        return ENGINES[name]()
    except MissingError as error:
        return error


@pytest.fixture(scope="session", params=list(ENGINES))
def engine(request: pytest.FixtureRequest) -> Engine:
    """Take every engine in turn."""
    found = opened(request.param)
    return missing(request.param, str(found)) if isinstance(found, MissingError) else found


@pytest.fixture(scope="session")
def one_engine() -> Engine:
    """Take the first engine there is, for what has nothing to do with engines."""
    reasons = []
    for name in ENGINES:
        found = opened(name)
        if not isinstance(found, MissingError):
            return found
        reasons.append(str(found))
    return missing("docker", "; ".join(reasons))


@pytest.fixture
def one_yard(one_engine: Engine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give the test a place on the first engine there is."""
    yield from cleared(one_engine, request.node.nodeid)


@pytest.fixture
def yard(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give the test a place for its containers."""
    yield from cleared(engine, request.node.nodeid)


@pytest.fixture(scope="module")
def module_yard(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give the tests of a file a place for containers that they share."""
    yield from cleared(engine, request.node.nodeid)


def cleared(engine: Engine, key: str) -> Iterator[Yard]:
    """Yield a yard that is empty before and after."""
    place = engine.yard(key)
    place.clear()
    yield place
    place.clear()


@pytest.fixture(scope="session")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Controller:
    """Run Ansible from a home of its own."""
    return Controller(tmp_path_factory.mktemp("controller"), collections=link_checkout())
