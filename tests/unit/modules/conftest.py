# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules, each over a fake daemon."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import OTHER_MODULES, ModuleRun

if TYPE_CHECKING:
    from pathlib import Path

TARGET_MODULES = ["nekzus_container", "nekzus_container_info", "nekzus_stats", "nekzus_logs"]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide what the machine's own environment says of runtimes, and the kubeconfig in its home."""
    for name in list(os.environ):
        if name.startswith(("DOCKER_", "K8S_AUTH_", "KUBE")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))


@pytest.fixture
def docker() -> FakeDocker:
    """Return a daemon without containers."""
    return FakeDocker()


@pytest.fixture
def container(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_container."""
    return ModuleRun("nekzus_container", docker, monkeypatch)


@pytest.fixture
def container_info(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_container_info."""
    return ModuleRun("nekzus_container_info", docker, monkeypatch)


@pytest.fixture
def runtime_info(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_runtime_info."""
    return ModuleRun("nekzus_runtime_info", docker, monkeypatch)


@pytest.fixture
def export(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_export."""
    return ModuleRun("nekzus_export", docker, monkeypatch)


@pytest.fixture
def stats(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_stats."""
    return ModuleRun("nekzus_stats", docker, monkeypatch)


@pytest.fixture
def logs(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_logs."""
    return ModuleRun("nekzus_logs", docker, monkeypatch)


@pytest.fixture
def deploy(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_toolbox_deploy."""
    return ModuleRun("nekzus_toolbox_deploy", docker, monkeypatch)


@pytest.fixture
def toolbox_info(docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return nekzus_toolbox_info."""
    return ModuleRun("nekzus_toolbox_info", docker, monkeypatch)


@pytest.fixture(params=TARGET_MODULES)
def target_module(request: pytest.FixtureRequest, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return each module that is told containers, for what those have to do alike."""
    return ModuleRun(request.param, docker, monkeypatch)


@pytest.fixture(params=[*TARGET_MODULES, *OTHER_MODULES])
def any_module(request: pytest.FixtureRequest, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    """Return each module, for what all have to do alike."""
    return ModuleRun(request.param, docker, monkeypatch)
