# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module through its real main() against fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import PLUGINS, Outcome, run_main

if TYPE_CHECKING:
    import pytest
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import (
        DockerConfig,
        KubernetesConfig,
    )
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Clock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes

# Those that are told no containers.
OTHER_MODULES = ("nekzus_runtime_info", "nekzus_toolbox_deploy", "nekzus_toolbox_info")


@dataclass
class ModuleRun:
    """One module against a fake daemon, and a fake cluster if there is one.

    ``configs`` and ``cluster_configs`` are those that a connection was opened with.
    """

    name: str
    docker: FakeDocker
    monkeypatch: pytest.MonkeyPatch
    kubernetes: FakeKubernetes | None = None
    configs: list[DockerConfig] = field(default_factory=list)
    cluster_configs: list[KubernetesConfig] = field(default_factory=list)

    def __call__(self, *, check: bool = False, diff: bool = False, **options: Any) -> Outcome:
        """Run it with the options of a task."""
        told = {"_ansible_check_mode": check, "_ansible_diff": diff, "_ansible_no_log": False}
        arguments = {**told, **options}
        with self.monkeypatch.context() as patch:
            self._connect_to_fake(patch)
            return run_main(self.name, arguments, patch)

    def _connect_to_fake(self, patch: pytest.MonkeyPatch) -> None:
        def connect(config: DockerConfig, *, clock: Clock) -> FakeDocker:
            del clock
            self.configs.append(config)
            self.docker.version()
            return self.docker

        patch.setattr(import_module(f"{PLUGINS}.module_utils._runtime.docker.runtime"), "connect", connect)
        patch.setattr(import_module(f"{PLUGINS}.module_utils._module"), "time", self.docker.clock)
        if self.kubernetes:
            found = import_module(f"{PLUGINS}.module_utils._runtime.kubernetes.runtime")
            patch.setattr(found, "connect", self._connect_to_cluster)

    def _connect_to_cluster(self, config: KubernetesConfig, *, clock: Clock) -> FakeKubernetes:
        del clock
        assert self.kubernetes
        self.cluster_configs.append(config)
        return self.kubernetes
