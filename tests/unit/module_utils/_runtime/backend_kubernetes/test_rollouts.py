# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for a rollout: the old pods have to go, and whatever ails them says nothing of the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, STATEFUL_SET
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import CRASHES, HEALTHY, Life

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import LifecycleResult
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend


def have(backend: KubernetesBackend, kind: Resource = DEPLOYMENT, *, life: Life = HEALTHY) -> None:
    backend.cluster.add(kind, workload(kind, "web", replicas=2), life=life)


def restart(backend: KubernetesBackend, kind: Resource = DEPLOYMENT) -> LifecycleResult:
    (result,) = carry_out(backend, Desired.RESTARTED, named(f"default/{kind.word}/web"))
    return result


def failure_of(result: LifecycleResult) -> dict[str, Any]:
    assert result.failure is not None
    return result.failure


def test_old_pods_have_to_be_gone_after_a_rollout(backend: KubernetesBackend) -> None:
    have(backend, life=Life(ready_after=1, terminates_after=25))
    assert restart(backend).success
    assert 26 <= backend.clock.slept <= 28


def crashed(backend: KubernetesBackend, kind: Resource) -> LifecycleResult:
    """Restart a workload whose pods crash, and whose next ones would not."""
    have(backend, kind, life=CRASHES)
    backend.clock.sleep(30)
    backend.cluster.settle()
    backend.cluster.lives["default", "web"] = Life(ready_after=3)
    return restart(backend, kind)


def test_what_ails_old_pods_does_not_fail_a_rollout(backend: KubernetesBackend) -> None:
    result = crashed(backend, DEPLOYMENT)
    assert (result.success, result.state_after) == (True, State.RUNNING)


def test_what_ails_old_pods_fails_the_rollout_of_a_set_that_waits_for_them(backend: KubernetesBackend) -> None:
    assert "pod web-0 does not come up, CrashLoopBackOff" in failure_of(crashed(backend, STATEFUL_SET))["message"]
    assert backend.clock.slept < 35


def test_what_ails_new_pods_fails_a_rollout(backend: KubernetesBackend) -> None:
    have(backend)
    backend.cluster.lives["default", "web"] = CRASHES
    failure = failure_of(restart(backend))
    assert "CrashLoopBackOff" in failure["message"]
    assert backend.clock.slept < 30


def test_a_deployment_that_was_made_paused_is_not_waited_for_long(backend: KubernetesBackend) -> None:
    backend.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "web", spec={"paused": True}))
    (result,) = carry_out(backend, Desired.STARTED, named("default/deployment/web"), wait_timeout=60)
    assert result.failure
    assert (result.failure["code"], "its rollout is paused" in result.failure["message"]) == ("not_ready", True)
    assert "kubectl rollout resume" in result.failure["hint"]
    assert backend.clock.slept < 15


def test_a_deployment_whose_change_is_paused_runs_as_it_is(backend: KubernetesBackend) -> None:
    have(backend)
    change = {"metadata": {"labels": {"version": "2"}}}
    backend.cluster.edit(DEPLOYMENT, "web", {"spec": {"paused": True, "template": change}})

    def bring(desired: Desired) -> tuple[bool, State | None, int | None]:
        (result,) = carry_out(backend, desired, named("default/deployment/web"))
        assert result.success, result.failure
        return result.changed, result.state_after, result.replicas_after

    assert bring(Desired.STARTED) == (False, State.RUNNING, 2)
    assert backend.clock.slept == 0
    assert bring(Desired.STOPPED) == (True, State.STOPPED, 0)
    assert bring(Desired.STARTED) == (True, State.RUNNING, 2)
