# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be done with what has no replica count: DaemonSets, Jobs, pods by themselves; and restarts."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import UnsupportedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.plan import Plan
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import (
    Action,
    Control,
    Desired,
    Owner,
    RestartMethod,
    State,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.subject import plan_of, subject_of

RUNNING, STOPPED, PENDING, FAILED = State.RUNNING, State.STOPPED, State.PENDING, State.FAILED
STARTED, STOP, RESTARTED = Desired.STARTED, Desired.STOPPED, Desired.RESTARTED


@pytest.mark.parametrize("state", [RUNNING, PENDING])
def test_a_daemon_set_is_started_already(state: State) -> None:
    plan = plan_of(subject_of(Control.DAEMON, state, replicas=3), STARTED)
    assert (plan.changed, plan.state_after, plan.replicas_after) == (False, RUNNING, 3)


def test_a_daemon_set_cannot_be_stopped() -> None:
    with pytest.raises(UnsupportedError, match="DaemonSet") as refusal:
        plan_of(subject_of(Control.DAEMON, RUNNING, replicas=3), STOP)
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("desired", "state", "actions", "after"),
    [
        (STOP, RUNNING, (Action.SUSPEND,), STOPPED),
        (STOP, STOPPED, (), STOPPED),
        (STARTED, STOPPED, (Action.RESUME,), RUNNING),
        (STARTED, RUNNING, (), RUNNING),
        (STARTED, PENDING, (), RUNNING),
        (STARTED, FAILED, (), RUNNING),
    ],
)
def test_a_job_is_suspended_and_resumed(
    desired: Desired, state: State, actions: tuple[Action, ...], after: State
) -> None:
    plan = plan_of(subject_of(Control.SUSPEND, state), desired)
    assert (plan.actions, plan.state_after) == (actions, after)


@pytest.mark.parametrize(("kind", "words"), [("job", "a Job cannot be"), ("cronjob", "a CronJob cannot be")])
@pytest.mark.parametrize("finished", [False, True])
@pytest.mark.parametrize("state", [RUNNING, STOPPED])
def test_a_job_cannot_be_restarted(state: State, kind: str, words: str, *, finished: bool) -> None:
    with pytest.raises(UnsupportedError, match=words) as refusal:
        plan_of(subject_of(Control.SUSPEND, state, kind=kind, finished=finished), RESTARTED)
    assert refusal.value.hint


@pytest.mark.parametrize("state", [STOPPED, FAILED])
def test_a_job_that_has_finished_is_stopped_already_and_cannot_be_started(state: State) -> None:
    subject = subject_of(Control.SUSPEND, state, kind="job", finished=True)
    assert plan_of(subject, STOP) == Plan((), state)
    with pytest.raises(UnsupportedError, match="this Job has finished") as refusal:
        plan_of(subject, STARTED)
    assert refusal.value.hint


NO_ROLLOUT = "a ReplicaSet does not replace its pods"


@pytest.mark.parametrize("by_pod", [False, True])
def test_what_has_no_rollout_is_not_rolled_out_even_when_asked(*, by_pod: bool) -> None:
    subject = subject_of(Control.SCALE, RUNNING, replicas=2, no_rollout=NO_ROLLOUT, by_pod=by_pod)
    with pytest.raises(UnsupportedError, match=NO_ROLLOUT) as refusal:
        plan_of(subject, RESTARTED, restart_method=RestartMethod.ROLLOUT)
    assert refusal.value.hint == "set restart_method to recreate"


@pytest.mark.parametrize(
    ("method", "by_pod", "warned"),
    [
        pytest.param(RestartMethod.AUTO, False, True, id="auto, workload"),
        pytest.param(RestartMethod.AUTO, True, False, id="auto, pod"),
        pytest.param(RestartMethod.RECREATE, False, False, id="recreate, workload"),
        pytest.param(RestartMethod.RECREATE, True, False, id="recreate, pod"),
    ],
)
def test_what_has_no_rollout_has_its_pods_deleted_with_a_warning_to_who_did_not_ask_for_that(
    method: RestartMethod, *, by_pod: bool, warned: bool
) -> None:
    subject = subject_of(Control.SCALE, RUNNING, replicas=2, no_rollout=NO_ROLLOUT, by_pod=by_pod)
    plan = plan_of(subject, RESTARTED, restart_method=method)
    assert (plan.actions, plan.state_after, plan.replicas_after) == ((Action.DELETE,), RUNNING, 2)
    assert [NO_ROLLOUT in warning for warning in plan.warnings] == ([True] if warned else [])


def test_a_pod_without_a_controller_is_deleted_with_a_warning() -> None:
    plan = plan_of(subject_of(Control.POD, RUNNING), STOP)
    assert (plan.actions, plan.state_after) == ((Action.DELETE,), STOPPED)
    assert "manifest" in plan.warnings[0]


def test_a_pod_without_a_controller_is_recreated_with_a_warning() -> None:
    plan = plan_of(subject_of(Control.POD, RUNNING), RESTARTED)
    assert (plan.actions, plan.state_after) == ((Action.RECREATE,), RUNNING)
    assert len(plan.warnings) == 1


@pytest.mark.parametrize("state", [STOPPED, FAILED])
def test_a_pod_without_a_controller_that_has_ended_is_left_alone_by_a_stop(state: State) -> None:
    assert plan_of(subject_of(Control.POD, state, hidden=("app.PASSWORD",)), STOP) == Plan((), state)


def test_a_pod_whose_manifest_would_hide_secrets_is_not_deleted_unless_forced() -> None:
    subject = subject_of(Control.POD, RUNNING, hidden=("app.PASSWORD", "app.TOKEN"))
    with pytest.raises(UnsupportedError, match="secrets") as refusal:
        plan_of(subject, STOP)
    assert refusal.value.hint is not None
    assert "app.PASSWORD, app.TOKEN" in refusal.value.hint
    assert "force" in refusal.value.hint
    assert plan_of(subject, STOP, force=True).actions == (Action.DELETE,)


def test_secrets_of_a_pod_do_not_keep_it_from_being_recreated() -> None:
    assert plan_of(subject_of(Control.POD, RUNNING, hidden=("app.PASSWORD",)), RESTARTED).actions == (Action.RECREATE,)


@pytest.mark.parametrize("control", [Control.POD, Control.STATIC_POD, Control.FOREIGN])
@pytest.mark.parametrize(("state", "refused"), [(RUNNING, False), (PENDING, False), (STOPPED, True), (FAILED, True)])
def test_a_pod_that_ended_cannot_be_started(control: Control, state: State, *, refused: bool) -> None:
    subject = subject_of(control, state)
    if refused:
        with pytest.raises(UnsupportedError) as refusal:
            plan_of(subject, STARTED)
        assert refusal.value.hint
    else:
        assert plan_of(subject, STARTED) == Plan((), RUNNING)


@pytest.mark.parametrize("desired", [STOP, RESTARTED])
def test_a_static_pod_is_the_kubelets(desired: Desired) -> None:
    with pytest.raises(UnsupportedError, match="kubelet"):
        plan_of(subject_of(Control.STATIC_POD, RUNNING), desired)


CONTROLLER = Owner("Database", "main", "example.com/v1")


@pytest.mark.parametrize(
    ("owners", "words"),
    [
        pytest.param((CONTROLLER,), "its controller, the Database main, cannot be scaled", id="owner known"),
        pytest.param((), "it cannot be scaled", id="owner not known"),
    ],
)
@pytest.mark.parametrize("by_pod", [False, True])
def test_what_a_foreign_controller_runs_cannot_be_stopped(
    owners: tuple[Owner, ...], words: str, *, by_pod: bool
) -> None:
    with pytest.raises(UnsupportedError, match=words) as refusal:
        plan_of(subject_of(Control.FOREIGN, RUNNING, owner_chain=owners, by_pod=by_pod), STOP)
    assert refusal.value.hint == "stop it through its controller"


def test_the_pod_of_a_foreign_controller_is_restarted_by_deleting_it() -> None:
    plan = plan_of(subject_of(Control.FOREIGN, RUNNING, owner_chain=(CONTROLLER,), by_pod=True), RESTARTED)
    assert plan == Plan((Action.DELETE,), RUNNING)
    with pytest.raises(UnsupportedError, match="cannot be scaled"):
        plan_of(subject_of(Control.FOREIGN, RUNNING, owner_chain=(CONTROLLER,)), RESTARTED)
