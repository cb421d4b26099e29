# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who we are by what a program prints, and by what a pod was given."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import account as accounts
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.account import Library, load_account
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import (
    LIBRARY,
    SECRET,
    document,
    load,
    refusal,
    token,
    written,
)

if TYPE_CHECKING:
    from pathlib import Path


def exec_user(home: Path, script: str) -> dict[str, Any]:
    """Return a user whose credentials a program prints."""
    path = written(home / "plugin.py", script)
    command = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "args": [path]}
    return {"exec": {**command, "interactiveMode": "Never"}}


CREDENTIAL = {
    "apiVersion": "client.authentication.k8s.io/v1",
    "kind": "ExecCredential",
    "status": {"token": SECRET},
}


def test_an_exec_plugin_is_run(home: Path) -> None:
    account = load(kubeconfig=document(**exec_user(home, f"print({json.dumps(CREDENTIAL)!r})")))
    assert token(account) == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("import sys; sys.exit('log in first')", id="fails"),
        pytest.param("print('no JSON')", id="prints nonsense"),
        pytest.param("print('{}')", id="prints something else"),
    ],
)
def test_an_exec_plugin_that_fails_is_an_error_and_not_nobody(home: Path, script: str) -> None:
    error = refusal(kubeconfig=document(**exec_user(home, script)))
    assert error.code == "invalid_config"
    assert "gives no credentials" in str(error)


def test_an_exec_plugin_that_is_not_there_is_an_error(home: Path) -> None:
    user = exec_user(home, "")
    user["exec"]["command"] = str(home / "nothing")
    assert "gives no credentials" in str(refusal(kubeconfig=document(**user)))


def test_a_token_that_the_task_gives_makes_up_for_a_plugin_that_fails(home: Path) -> None:
    account = load(kubeconfig=document(**exec_user(home, "exit(1)")), api_key="given")
    assert token(account) == "Bearer given"


@pytest.fixture
def pod_account(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place where a pod finds its own account."""
    incluster = pytest.importorskip("kubernetes.config.incluster_config")
    place = home / "serviceaccount"
    for name, content in {"token": SECRET, "ca.crt": "a certificate", "namespace": "jobs\n"}.items():
        written(place / name, content)
    monkeypatch.setattr(incluster, "SERVICE_TOKEN_FILENAME", str(place / "token"))
    monkeypatch.setattr(incluster, "SERVICE_CERT_FILENAME", str(place / "ca.crt"))
    monkeypatch.setattr(accounts, "_POD_NAMESPACE", place / "namespace")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    return place


@pytest.mark.usefixtures("pod_account")
def test_in_a_pod_it_is_the_pods_own_account_unless_something_else_is_said(home: Path) -> None:
    own = pytest.importorskip("kubernetes.config.incluster_config")
    library = Library(
        LIBRARY.configuration,
        LIBRARY.merger,
        LIBRARY.loader,
        lambda client_configuration: own.InClusterConfigLoader(
            token_filename=own.SERVICE_TOKEN_FILENAME, cert_filename=own.SERVICE_CERT_FILENAME
        ).load_and_set(client_configuration),
    )
    account = load_account(KubernetesConfig(), library)
    assert (account.server, account.namespace) == ("https://10.96.0.1:443", "jobs")
    assert str(token(account)).lower() == f"bearer {SECRET}"
    assert load_account(KubernetesConfig(host="https://x"), library).server == "https://x"
    assert load_account(KubernetesConfig(kubeconfig=document()), library).server == "https://prod:6443"
    written(home / ".kube" / "config", document())
    assert load_account(KubernetesConfig(), library).server == "https://prod:6443"
