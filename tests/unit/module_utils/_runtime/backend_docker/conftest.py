# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real HTTP server in the place of the daemon, and the recorded answers of real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Daemon
from hypothesis.configuration import set_hypothesis_home_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIXTURES = Path(__file__).parents[3] / "fixtures"

set_hypothesis_home_dir(Path(__file__).parents[5] / ".cache" / "hypothesis")


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that does not wait."""
    return FakeClock()


@pytest.fixture
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """Return a server on a socket whose path is short enough."""
    with Daemon(tmp_path_factory.mktemp("d") / "s") as running:
        yield running


@pytest.fixture
def recorded() -> Callable[[str], Any]:
    """Return a reader of what real daemons answered: ``docker_list``, ``podman_inspect``."""
    return lambda name: json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
