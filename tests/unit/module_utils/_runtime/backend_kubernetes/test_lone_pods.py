# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pods that no controller makes again, and pods that the kubelet runs from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import NODE, POD
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, predict, selected
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CANNOT_PULL, CRASHES, Life

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import LifecycleResult
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

ENV = ("DB_PASSWORD=hunter2hunter2", "PLAIN=visible")


def have(backend: KubernetesBackend, *, life: Life | None = None, **properties: Any) -> None:
    backend.cluster.add(POD, pod("web", **properties), life=life)


def bring(backend: KubernetesBackend, desired: Desired, **options: Any) -> LifecycleResult:
    (result,) = carry_out(backend, desired, named("web"), **options)
    return result


def is_there(backend: KubernetesBackend) -> bool:
    return backend.cluster.store.find(POD, "default", "web") is not None


def test_a_stop_deletes_it_with_a_warning_and_returns_its_manifest(backend: KubernetesBackend) -> None:
    have(backend, labels={"app": "web"}, command=("sleep", "9"), life=Life(terminates_after=2))
    (predicted,) = predict(backend, Desired.STOPPED, named("web"))
    assert is_there(backend)
    result = bring(backend, Desired.STOPPED)
    assert (result.success, result.changed, result.state_after) == (True, True, State.STOPPED)
    assert predicted == result
    assert [str(write) for write in backend.kubernetes.writes] == ["DELETE pods/web"]
    assert not is_there(backend)
    assert len(result.warnings) == 1
    assert "manifest" in result.warnings[0]
    assert result.manifest is not None
    assert result.manifest["metadata"] == {"name": "web", "namespace": "default", "labels": {"app": "web"}}
    assert result.manifest["spec"]["containers"][0]["args"] == ["9"]
    assert "nodeName" not in result.manifest["spec"]
    assert "status" not in result.manifest


def test_a_stop_that_nobody_waits_for_knows_what_becomes_of_it(backend: KubernetesBackend) -> None:
    have(backend, life=Life(terminates_after=20))
    result = bring(backend, Desired.STOPPED, wait=False)
    assert (result.success, result.changed) == (True, True)
    assert is_there(backend)
    assert backend.clock.slept == 0


@pytest.mark.parametrize(("options", "grace"), [({}, None), ({"timeout": 7}, 7), ({"force": True}, 1)])
def test_it_gets_the_grace_that_the_task_says_or_its_own(
    backend: KubernetesBackend, options: dict[str, Any], grace: int | None
) -> None:
    have(backend, life=Life(terminates_after=60), terminationGracePeriodSeconds=40)
    assert bring(backend, Desired.STOPPED, **options).success
    (write,) = backend.kubernetes.writes
    assert write.detail == grace
    assert (grace or 40) <= backend.clock.slept <= (grace or 40) + 1


def test_the_manifest_brings_it_back(backend: KubernetesBackend) -> None:
    have(backend)
    result = bring(backend, Desired.STOPPED)
    assert result.manifest is not None
    backend.cluster.add(POD, result.manifest)
    assert bring(backend, Desired.STARTED).success


def test_one_whose_manifest_would_hide_a_secret_is_left_alone_unless_forced(backend: KubernetesBackend) -> None:
    have(backend, env=ENV)
    result = bring(backend, Desired.STOPPED)
    assert result.failure is not None
    assert result.failure["code"] == "unsupported"
    assert "DB_PASSWORD" in result.failure["hint"]
    assert (result.changed, result.manifest, backend.kubernetes.writes) == (False, None, [])
    forced = bring(backend, Desired.STOPPED, force=True)
    assert (forced.success, forced.changed) == (True, True)
    assert "hunter2" not in str(forced.manifest)
    assert "visible" in str(forced.manifest)


def test_a_secret_in_its_command_line_would_be_hidden_as_well(backend: KubernetesBackend) -> None:
    have(backend, command=("serve", "--password=hunter2hunter2"))
    result = bring(backend, Desired.STOPPED)
    assert result.failure is not None
    assert (result.failure["code"], "the command line of app" in result.failure["hint"]) == ("unsupported", True)
    assert is_there(backend)


def test_a_restart_makes_it_again_from_its_own_manifest_secrets_and_all(backend: KubernetesBackend) -> None:
    have(backend, env=ENV, life=Life(terminates_after=3, ready_after=2))
    uid = backend.cluster.document(POD, "web")["metadata"]["uid"]
    result = bring(backend, Desired.RESTARTED)
    assert (result.success, result.changed, result.state_after) == (True, True, State.RUNNING)
    assert len(result.warnings) == 1
    assert [str(write) for write in backend.kubernetes.writes] == ["DELETE pods/web", "POST pods/web"]
    after = backend.cluster.document(POD, "web")
    assert after["metadata"]["uid"] != uid
    assert after["spec"]["containers"][0]["env"][0]["value"] == "hunter2hunter2"
    assert "hunter2" not in str(result)
    assert 5 <= backend.clock.slept <= 6


def test_a_restart_that_cannot_make_it_again_hands_the_manifest_over(backend: KubernetesBackend) -> None:
    have(backend, env=ENV)
    backend.kubernetes.fail("POST", ApiError("quota exceeded (HTTP 403)", hint="ask"), nth=0)
    result = bring(backend, Desired.RESTARTED)
    assert result.failure is not None
    assert (result.success, result.changed) == (False, True)
    assert result.failure["details"]["manifest"]["metadata"]["name"] == "web"
    assert "hunter2" not in str(result.failure)
    assert "manifest" in result.failure["hint"]


def test_a_restart_that_takes_too_long_to_end_is_told_and_not_made_again(backend: KubernetesBackend) -> None:
    have(backend, life=Life(terminates_after=30))
    result = bring(backend, Desired.RESTARTED, wait_timeout=5)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("timeout", True)
    assert result.failure["details"]["manifest"]["metadata"]["name"] == "web"
    assert [str(write) for write in backend.kubernetes.writes] == ["DELETE pods/web"]


@pytest.mark.parametrize(("code", "state"), [(0, State.STOPPED), (1, State.FAILED)])
def test_one_that_has_ended_is_stopped_already_and_cannot_be_started(
    backend: KubernetesBackend, code: int, state: State
) -> None:
    have(backend, restart_policy="Never", life=Life(exits_after=1, exit_code=code), env=ENV)
    stopped = bring(backend, Desired.STOPPED)
    assert (stopped.success, stopped.changed, stopped.state_after) == (True, False, state)
    started = bring(backend, Desired.STARTED)
    assert started.failure is not None
    assert started.failure["code"] == "unsupported"
    assert is_there(backend)


@pytest.mark.parametrize("life", [CRASHES, CANNOT_PULL], ids=["crashes", "cannot pull"])
def test_a_start_of_one_that_does_not_come_up_fails_early(backend: KubernetesBackend, life: Life) -> None:
    have(backend, life=life)
    result = bring(backend, Desired.STARTED)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("not_ready", False)
    assert backend.clock.slept == 0


def test_one_whose_name_has_gone_to_another_is_not_hit(backend: KubernetesBackend) -> None:
    have(backend)

    def replace() -> None:
        backend.cluster.remove(POD, "web")
        backend.cluster.add(POD, pod("web"))

    backend.kubernetes.before("DELETE", replace)
    bring(backend, Desired.STOPPED)
    assert is_there(backend)


@pytest.mark.parametrize("when", ["GET", "POST"], ids=["before it has ended", "before it is made again"])
def test_a_restart_leaves_another_one_alone_that_has_taken_its_name(backend: KubernetesBackend, when: str) -> None:
    have(backend)

    def replace() -> None:
        backend.cluster.add(POD, pod("web", image="other"))

    # The pod is read when it is found, when it is planned, and to see whether it has ended.
    backend.kubernetes.before(when, replace, kind="pods", nth=3 if when == "GET" else 1)
    result = bring(backend, Desired.RESTARTED)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("conflict", True)
    assert result.manifest is not None
    assert backend.cluster.document(POD, "web")["spec"]["containers"][0]["image"] == "other"


def mirror(backend: KubernetesBackend) -> None:
    """Have a pod that the kubelet runs from a file: its owner is the node."""
    document = pod("web", annotations={"kubernetes.io/config.mirror": "abc"})
    owner = {"apiVersion": "v1", "kind": "Node", "name": "node-1", "uid": "node-uid", "controller": True}
    document["metadata"]["ownerReferences"] = [owner]
    backend.cluster.add(POD, document)


@pytest.mark.parametrize("desired", [Desired.STOPPED, Desired.RESTARTED])
def test_a_static_pod_is_the_kubelets(backend: KubernetesBackend, desired: Desired) -> None:
    mirror(backend)
    result = bring(backend, desired, force=True)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("unsupported", False)
    assert "static pod" in result.failure["message"]
    assert backend.kubernetes.writes == []


def test_a_static_pod_is_started_already(backend: KubernetesBackend) -> None:
    mirror(backend)
    result = bring(backend, Desired.STARTED)
    assert (result.success, result.changed) == (True, False)
    assert not any(NODE.plural in request for request in backend.requests)


def test_one_that_owners_only_keep_alive_has_no_controller(backend: KubernetesBackend) -> None:
    document = pod("web")
    document["metadata"]["ownerReferences"] = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": "a", "uid": "1"},
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "b", "uid": "2", "controller": False},
    ]
    backend.cluster.add(POD, document)
    result = bring(backend, Desired.STOPPED)
    assert (result.success, result.owner) == (True, None)
    assert not is_there(backend)


def test_a_restart_by_who_may_not_make_pods_leaves_it_alone(backend: KubernetesBackend) -> None:
    have(backend)
    backend.kubernetes.denied.add(("create", "", "pods"))
    result = bring(backend, Desired.RESTARTED)
    assert result.failure is not None
    assert (result.failure["code"], result.changed) == ("permission_denied", False)
    assert result.failure["hint"] == "grant create on pods in namespace default"
    assert backend.kubernetes.writes == []
    assert is_there(backend)


def test_a_stop_of_selected_ones_lasts_until_they_are_gone(backend: KubernetesBackend) -> None:
    have(backend, life=Life(terminates_after=7))
    (result,) = carry_out(backend, Desired.STOPPED, selected(filters={"name": ["web"]}))
    assert (result.success, result.changed, result.state_after) == (True, True, State.STOPPED)
    assert not is_there(backend)
    assert backend.clock.slept >= 7
