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

BACKEND = "ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes"


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


def printed(script: str) -> str:
    tree = Path(__file__).parents[5] / ".cache" / "collections"
    whole = f"import sys\nfrom {BACKEND} import client\n{script}"
    return subprocess.run(  # noqa: S603 - our own Python
        [sys.executable, "-c", whole], env={"PYTHONPATH": str(tree)}, capture_output=True, text=True, check=True
    ).stdout


def test_neither_api_nor_model_classes_of_the_library_are_imported() -> None:
    pytest.importorskip("kubernetes")
    heavy = ("kubernetes.client.api", "kubernetes.client.models", "oauthlib", "requests_oauthlib", "pydantic")
    told = printed(f"import json; print(json.dumps([name for name in sys.modules if name.startswith({heavy!r})]))")
    assert json.loads(told) == []


def test_others_in_the_same_process_use_the_library_as_ever() -> None:
    pytest.importorskip("kubernetes")
    script = (
        "from kubernetes.client import ApiClient, Configuration, CoreV1Api\n"
        "api = ApiClient(Configuration(host='https://elsewhere'))\n"
        "print(isinstance(api, ApiClient), CoreV1Api(api).api_client.configuration.host)\n"
    )
    assert printed(script) == "True https://elsewhere\n"
