# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the real inventory plugin over fakes, as Ansible does."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Union

import yaml
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.utils import vars as ansible_vars
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pytest
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import (
        DockerConfig,
        KubernetesConfig,
    )
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError

    Fake = Union[FakeDocker, FakeKubernetes, NekzusError]

PLUGIN = "nekzus.runtime.containers"
RUNTIME = "ansible_collections.nekzus.runtime.plugins.module_utils._runtime"


class Screen:
    """An Ansible display that remembers what it warned of."""

    def __init__(self) -> None:
        """Begin without warnings."""
        self.warnings: list[str] = []

    def warning(self, text: str) -> None:
        """Remember it."""
        self.warnings.append(text)


@dataclass(frozen=True)
class Inventory:
    """What was made of the containers: variables by host, hosts by group, and the warnings."""

    hosts: Mapping[str, Mapping[str, Any]]
    groups: Mapping[str, list[str]]
    warnings: list[str]


@dataclass
class InventoryRun:
    """The plugin, and the fakes that answer at addresses (a socket, or the host of an API server)."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    fakes: dict[str, Fake] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    name: str = "test.nekzus.yml"

    def docker(self, *names: str, at: str = "unix:///var/run/docker.sock", **properties: Any) -> FakeDocker:
        """Have a daemon with containers."""
        fake = FakeDocker()
        for name in names:
            fake.add(name, **properties)
        self.fakes[at] = fake
        return fake

    def cluster(self, *, at: str = "https://prod:6443") -> FakeKubernetes:
        """Have a cluster."""
        fake = FakeKubernetes()
        self.fakes[at] = fake
        return fake

    def write(self, **options: Any) -> str:
        """Write the file and return its path; other names than ``plugin`` are templates as a user's are."""
        path = self.folder / self.name
        path.write_text(yaml.safe_dump({"plugin": PLUGIN, **options}), encoding="utf-8")
        return str(path)

    def __call__(self, *, may_use_cache: bool = True, inventory: Any = None, **options: Any) -> Inventory:
        """Parse a file with these options."""
        screen = Screen()
        data = inventory or InventoryData()
        with self.monkeypatch.context() as patch:
            patch.setattr(import_module(f"{RUNTIME}.docker.runtime"), "connect", self._connect_to_daemon)
            patch.setattr(import_module(f"{RUNTIME}.kubernetes.runtime"), "connect", self._connect_to_cluster)
            # Ansible keeps them for the process.
            patch.setattr(ansible_vars.load_extra_vars, "extra_vars", dict(self.extra), raising=False)
            plugin = inventory_loader.get(PLUGIN)
            assert plugin
            plugin.display = screen
            path = self.write(**options)
            assert plugin.verify_file(path)
            plugin.parse(data, DataLoader(), path, cache=may_use_cache)
            with suppress(AttributeError):  # as Ansible does, for plugins without a cache
                plugin.update_cache_if_changed()
        data.reconcile_inventory()
        return Inventory(
            {name: _own(host.get_vars()) for name, host in data.hosts.items()},
            {name: [host.name for host in group.hosts] for name, group in data.groups.items()},
            screen.warnings,
        )

    def _connect_to_daemon(self, config: DockerConfig, *, clock: Any) -> FakeDocker:
        del clock
        fake = self._answering(config.socket_path)
        assert isinstance(fake, FakeDocker)
        return fake

    def _connect_to_cluster(self, config: KubernetesConfig, *, clock: Any) -> FakeKubernetes:
        del clock
        fake = self._answering(config.host or str(config.kubeconfig))
        assert isinstance(fake, FakeKubernetes)
        return fake

    def _answering(self, address: str) -> Fake:
        fake = self.fakes[address]
        if isinstance(fake, Exception):
            raise fake
        return fake


def _own(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that are not Ansible's own, as JSON knows them."""
    own = {key: value for key, value in variables.items() if not key.startswith(("inventory_", "group_names"))}
    found: dict[str, Any] = json.loads(json.dumps(own))
    return found
