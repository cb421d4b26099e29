# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes backend's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import PlainServer
from hypothesis.configuration import set_hypothesis_home_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

set_hypothesis_home_dir(Path(__file__).parents[5] / ".cache" / "hypothesis")


@pytest.fixture
def backend() -> KubernetesBackend:
    """Return the backend over an empty cluster."""
    return KubernetesBackend()


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock that does not wait."""
    return FakeClock()


@pytest.fixture
def server() -> Iterator[PlainServer]:
    """Return a real HTTP server in the place of an API server."""
    with PlainServer() as running:
        yield running


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home, where nothing says where a cluster is."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
