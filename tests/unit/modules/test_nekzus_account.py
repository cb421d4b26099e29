# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_account, through its real main()."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import NAMESPACE, ROLE
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

NAME = "nekzus:ops:bot:read"
WANTED: dict[str, Any] = {"name": "bot", "namespace": "ops", "features": ["read"], "namespaces": ["prod"]}


@pytest.fixture
def kubernetes(docker: FakeDocker) -> FakeKubernetes:
    """Return a cluster with two namespaces."""
    found = FakeKubernetes(docker.clock)
    for name in ("ops", "prod"):
        found.cluster.add(NAMESPACE, {"metadata": {"name": name}})
    return found


@pytest.fixture
def account(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    return ModuleRun("nekzus_account", docker, monkeypatch, kubernetes)


def test_an_account_is_made_and_told_whole(account: ModuleRun, kubernetes: FakeKubernetes, tmp_path: Path) -> None:
    dest = tmp_path / "new" / "config"
    result = account(**WANTED, kubeconfig_dest=str(dest)).success
    rules = result["account"].pop("grants")
    assert [one["feature"] for one in rules] == ["read"]
    assert {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]} in rules[0]["rules"]
    assert result["account"].pop("token_expires").endswith("Z")
    assert result["account"] == {
        "name": "bot",
        "namespace": "ops",
        "user": "system:serviceaccount:ops:bot",
        "features": ["read"],
        "namespaces": ["prod"],
        "all_namespaces": False,
        "operations": ["list", "inspect", "logs"],
    }
    assert result["changes"] == [
        {"kind": "ServiceAccount", "namespace": "ops", "name": "bot", "action": "created"},
        {"kind": "Role", "namespace": "prod", "name": NAME, "action": "created"},
        {"kind": "RoleBinding", "namespace": "prod", "name": NAME, "action": "created"},
    ]
    assert (result["changed"], result["kubeconfig_changed"], result["kubeconfig_dest"]) == (True, True, str(dest))
    assert "kubeconfig" not in result
    assert "diff" not in result
    written = json.loads(dest.read_text(encoding="utf-8"))
    assert written["users"][0]["user"]["token"] == kubernetes.cluster.tokens.issued[0]
    assert kubernetes.closed


def test_features_and_namespaces_may_be_texts(account: ModuleRun) -> None:
    result = account(**{**WANTED, "features": "read, stats", "namespaces": "prod\nops\n"}, check=True).success
    assert result["account"]["features"] == ["read", "stats"]
    assert result["account"]["namespaces"] == ["prod", "ops"]


def test_the_same_again_changes_nothing(account: ModuleRun, kubernetes: FakeKubernetes, tmp_path: Path) -> None:
    options = {**WANTED, "kubeconfig_dest": str(tmp_path / "config")}
    account(**options)
    writes = len(kubernetes.writes)
    result = account(**options).success
    assert (result["changed"], result["changes"], result["kubeconfig_changed"]) == (False, [], False)
    assert len(kubernetes.writes) == writes


def test_check_mode_predicts_and_writes_nothing(account: ModuleRun, kubernetes: FakeKubernetes, tmp_path: Path) -> None:
    options = {**WANTED, "kubeconfig_dest": str(tmp_path / "config")}
    for change in ({}, {"features": ["read", "stats"]}, {"token": "lasting"}, {"state": "absent"}):
        before = len(kubernetes.writes)
        predicted = account(check=True, **{**options, **change}).success
        assert len(kubernetes.writes) == before
        done = account(**{**options, **change}).success
        for key in ("changed", "changes", "kubeconfig_changed"):
            assert predicted[key] == done[key], change
        assert done["changed"] is True


def test_the_diff_shows_what_we_say_of_objects_and_no_token(
    account: ModuleRun, kubernetes: FakeKubernetes, tmp_path: Path
) -> None:
    outcome = account(diff=True, **WANTED, token="lasting", kubeconfig_dest=str(tmp_path / "config"))  # noqa: S106
    diff = outcome.success["diff"]
    assert diff["before"] == {}
    assert set(diff["after"]) == {
        *("ServiceAccount ops/bot", "Secret ops/bot-nekzus-token", f"Role prod/{NAME}", f"RoleBinding prod/{NAME}")
    }
    removed = account(diff=True, **{**WANTED, "state": "absent"})
    assert removed.success["diff"]["after"] == {}
    assert set(removed.success["diff"]["before"]) == set(diff["after"])
    for token in kubernetes.cluster.tokens.issued:
        assert token not in outcome.everything + removed.everything


def test_who_is_taken_a_right_sees_it_in_the_diff(account: ModuleRun, kubernetes: FakeKubernetes) -> None:
    account(**WANTED)
    kubernetes.cluster.edit(ROLE, NAME, {"rules": [{"verbs": ["*"]}]}, namespace="prod")
    diff = account(diff=True, **WANTED).success["diff"]
    assert diff["before"][f"Role prod/{NAME}"]["rules"] == [{"verbs": ["*"]}]
    assert diff["after"][f"Role prod/{NAME}"]["rules"] != [{"verbs": ["*"]}]


def test_no_token_is_asked_for_that_nobody_would_see(account: ModuleRun, kubernetes: FakeKubernetes) -> None:
    result = account(**WANTED).success
    assert kubernetes.cluster.tokens.issued == []
    assert result["account"]["token_expires"] is None
    assert (result["kubeconfig_dest"], result["kubeconfig_changed"]) == (None, False)


def test_the_kubeconfig_is_returned_only_to_who_prints_nothing(account: ModuleRun, kubernetes: FakeKubernetes) -> None:
    refused = account(**WANTED, return_kubeconfig=True)
    assert (refused.failure["code"], kubernetes.calls) == ("invalid_config", [])
    result = account(**WANTED, return_kubeconfig=True, _ansible_no_log=True).success
    assert result["kubeconfig"]["users"][0]["user"]["token"] == kubernetes.cluster.tokens.issued[0]


def test_an_account_is_removed_with_its_file_and_again_without_a_change(account: ModuleRun, tmp_path: Path) -> None:
    dest = tmp_path / "config"
    account(**WANTED, kubeconfig_dest=str(dest))
    gone: dict[str, Any] = {"name": "bot", "namespace": "ops", "state": "absent", "kubeconfig_dest": str(dest)}
    result = account(**gone).success
    assert (result["changed"], result["account"], result["kubeconfig_changed"]) == (True, None, True)
    assert not dest.exists()
    again = account(**gone).success
    assert (again["changed"], again["changes"], again["kubeconfig_changed"]) == (False, [], False)


def test_a_file_of_somebody_else_stops_all_of_it(
    account: ModuleRun, kubernetes: FakeKubernetes, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("apiVersion: v1\n", encoding="utf-8")
    outcome = account(**WANTED, kubeconfig_dest=str(tmp_path / "config"))
    assert outcome.failure["code"] == "conflict"
    assert kubernetes.writes == []


def test_a_failure_says_what_was_tried_on_which_account(account: ModuleRun, kubernetes: FakeKubernetes) -> None:
    kubernetes.fail("APPLY", PermissionDeniedError("forbidden", hint="grant patch on roles"), kind="roles")
    outcome = account(**WANTED)
    assert outcome.result["msg"] == (
        "kubernetes: cannot make the account ops/bot: forbidden. Hint: grant patch on roles."
    )
    kubernetes.fail("DELETE", PermissionDeniedError("forbidden", hint="grant delete"), nth=0)
    assert account(**{**WANTED, "state": "absent"}).failure["op"] == "remove"


def test_docker_has_no_accounts(account: ModuleRun, docker: FakeDocker) -> None:
    outcome = account(**{**WANTED, "namespace": None})
    assert (outcome.failure["code"], outcome.failure["runtime"]) == ("unsupported", "docker")
    assert "runtime=kubernetes" in outcome.failure["hint"]
    assert docker.writes == []


@pytest.mark.parametrize(
    "options",
    [{"name": "x" * 64}, {"features": ["cook"]}, {"features": []}, {"namespaces": []}, {"token_lifetime": "1m"}],
)
def test_what_cannot_be_is_refused_before_a_runtime_is_asked(
    account: ModuleRun, kubernetes: FakeKubernetes, options: dict[str, Any]
) -> None:
    assert account(**{**WANTED, **options}).failure["hint"]
    assert kubernetes.calls == []
