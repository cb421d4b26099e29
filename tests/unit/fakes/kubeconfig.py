# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubeconfigs as a test writes them, and accounts as the real library reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.account import (
    Account,
    Library,
    load_account,
)

if TYPE_CHECKING:
    from pathlib import Path

yaml = pytest.importorskip("yaml")
pytest.importorskip("kubernetes")
kube_config = pytest.importorskip("kubernetes.config.kube_config")
SECRET = "t0p-s3cret-t0ken"  # noqa: S105 - a test's
LIBRARY = Library(
    configuration=pytest.importorskip("kubernetes.client.configuration").Configuration,
    merger=kube_config.KubeConfigMerger,
    loader=kube_config.KubeConfigLoader,
    in_cluster=pytest.importorskip("kubernetes.config.incluster_config").load_incluster_config,
)


def document(name: str = "prod", *, namespace: str = "", **user: Any) -> dict[str, Any]:
    """Return a kubeconfig with one context."""
    context = {"cluster": name, "user": name, **({"namespace": namespace} if namespace else {})}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}:6443"}}],
        "users": [{"name": name, "user": user or {"token": SECRET}}],
        "contexts": [{"name": name, "context": context}],
    }


def written(path: Path, content: Any) -> str:
    """Write a file, text or YAML, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return str(path)


def load(**config: Any) -> Account:
    """Return the account of a configuration, with the real library."""
    return load_account(KubernetesConfig(**config), LIBRARY)


def token(account: Account) -> str | None:
    """Return who an account says it is."""
    settings = account.configuration.auth_settings()
    return next((each["value"] for each in settings.values() if each["key"] == "authorization"), None)


def refusal(**config: Any) -> NekzusError:
    """Return the error of a configuration, which shows no secret and has a hint."""
    with pytest.raises(NekzusError) as refused:
        load(**config)
    assert refused.value.hint
    assert SECRET not in str(refused.value)
    return refused.value
