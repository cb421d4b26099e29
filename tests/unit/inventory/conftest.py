# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory, over fakes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.tests.unit.inventory.inventory_run import InventoryRun

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InventoryRun:
    """Return the plugin in an environment that says nothing of runtimes."""
    for name in list(os.environ):
        if name.startswith(("DOCKER_", "K8S_AUTH_", "KUBE", "NEKZUS_INVENTORY_", "ANSIBLE_INVENTORY_CACHE")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return InventoryRun(tmp_path, monkeypatch)
