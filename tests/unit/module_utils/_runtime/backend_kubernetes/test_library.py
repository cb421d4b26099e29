# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is imported of the kubernetes library, and what is said where it is not there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def test_a_missing_library_is_said_with_how_to_get_it() -> None:
    script = (
        "import sys\n"
        "for name in ('kubernetes', 'kubernetes.client'): sys.modules[name] = None\n"
        "from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig\n"
        "from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client\n"
        "try: client.connect(KubernetesConfig(host='https://x'), clock=None)\n"
        "except Exception as error: print(error.code, error)\n"
    )
    tree = Path(__file__).parents[5] / ".cache" / "collections"
    told = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-c", script], env={"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=True
    ).stdout
    assert told.startswith("missing_library")
    assert f"{sys.executable} -m pip install kubernetes" in told


def test_neither_api_nor_model_classes_of_the_library_are_imported() -> None:
    pytest.importorskip("kubernetes")
    script = (
        "import sys\n"
        "from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client\n"
        "print([name for name in sys.modules if name.startswith('kubernetes.client.') and '_api' in name.lower()])\n"
    )
    tree = Path(__file__).parents[5] / ".cache" / "collections"
    told = subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-c", script], env={"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=True
    ).stdout
    assert json.loads(told.replace("'", '"')) == []
