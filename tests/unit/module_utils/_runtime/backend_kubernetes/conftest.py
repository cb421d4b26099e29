# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes backend's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parents[5] / ".cache" / "hypothesis")


@pytest.fixture
def backend() -> KubernetesBackend:
    """Return the backend over an empty cluster."""
    return KubernetesBackend()
