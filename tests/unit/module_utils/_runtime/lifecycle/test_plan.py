# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be done to bring a thing into a state; Docker's table is among the contract tests too."""

from __future__ import annotations

from typing import NamedTuple, Union

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError, UnsupportedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import (
    Action,
    Control,
    Desired,
    RestartMethod,
    State,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.subject import plan_of, subject_of

RUNNING, STOPPED, PAUSED = State.RUNNING, State.STOPPED, State.PAUSED
RESTARTING, PENDING, FAILED = State.RESTARTING, State.PENDING, State.FAILED
STARTED, STOP, RESTARTED, PAUSE = Desired.STARTED, Desired.STOPPED, Desired.RESTARTED, Desired.PAUSED
Refusal = type[Union[ConflictError, UnsupportedError]]


# Rows: desired, then state -> (actions, state after), or the refusal.
Row = tuple[tuple[Action, ...], State]
CONTAINER: dict[Desired, dict[State, Row | Refusal]] = {
    STARTED: {
        RUNNING: ((), RUNNING),
        STOPPED: ((Action.START,), RUNNING),
        PAUSED: ((Action.UNPAUSE,), RUNNING),
        RESTARTING: ((), RUNNING),
        PENDING: ConflictError,
        FAILED: ConflictError,
    },
    STOP: {
        RUNNING: ((Action.STOP,), STOPPED),
        STOPPED: ((), STOPPED),
        PAUSED: ((Action.UNPAUSE, Action.STOP), STOPPED),
        RESTARTING: ((Action.STOP,), STOPPED),
        PENDING: ConflictError,
        FAILED: ((), FAILED),
    },
    RESTARTED: {
        RUNNING: ((Action.RESTART,), RUNNING),
        STOPPED: ((Action.START,), RUNNING),
        PAUSED: ((Action.UNPAUSE, Action.RESTART), RUNNING),
        RESTARTING: ((Action.RESTART,), RUNNING),
        PENDING: ConflictError,
        FAILED: ConflictError,
    },
    PAUSE: {
        RUNNING: ((Action.PAUSE,), PAUSED),
        STOPPED: ConflictError,
        PAUSED: ((), PAUSED),
        RESTARTING: ConflictError,
        PENDING: ConflictError,
        FAILED: ConflictError,
    },
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("desired", Desired)
def test_a_container_has_a_plan_or_a_refusal_for_every_state(desired: Desired, state: State) -> None:
    expected = CONTAINER[desired][state]
    subject = subject_of(Control.CONTAINER, state)
    if isinstance(expected, tuple):
        plan = plan_of(subject, desired)
        assert (plan.actions, plan.state_after) == expected
        assert plan.changed is bool(expected[0])
        assert plan.warnings == ()
    else:
        with pytest.raises(expected) as refusal:
            plan_of(subject, desired)
        assert refusal.value.hint


@pytest.mark.parametrize("control", [one for one in Control if one is not Control.CONTAINER])
@pytest.mark.parametrize("state", State)
def test_kubernetes_cannot_pause_anything(control: Control, state: State) -> None:
    with pytest.raises(UnsupportedError, match="cannot pause") as refusal:
        plan_of(subject_of(control, state), PAUSE)
    assert refusal.value.hint


class Scale(NamedTuple):
    """A workload with a replica count, what is wanted of it, and the plan: no action is no change."""

    desired: Desired
    replicas: int | None
    remembered: int | None
    asked: int | None
    action: Action | None
    replicas_after: int

    def __str__(self) -> str:
        """Print as ``started, 0 wanted, 3 remembered, 5 asked for``."""
        return f"{self.desired}, {self.replicas} wanted, {self.remembered} remembered, {self.asked} asked for"


@pytest.mark.parametrize(
    "row",
    [
        Scale(STOP, 3, None, None, Action.SCALE, 0),
        Scale(STOP, 0, None, None, None, 0),
        Scale(STOP, 0, 3, None, None, 0),
        Scale(STOP, None, None, None, None, 0),
        Scale(STOP, 3, None, 5, Action.SCALE, 0),
        Scale(STARTED, 0, 3, None, Action.SCALE, 3),
        Scale(STARTED, 0, None, None, Action.SCALE, 1),
        Scale(STARTED, 0, 0, None, Action.SCALE, 1),
        Scale(STARTED, 0, 3, 5, Action.SCALE, 5),
        Scale(STARTED, 0, 3, 1, Action.SCALE, 1),
        Scale(STARTED, 5, None, None, None, 5),
        Scale(STARTED, 5, 2, None, None, 5),
        Scale(STARTED, 5, None, 3, None, 5),
        Scale(STARTED, 2, None, 3, Action.SCALE, 3),
        Scale(RESTARTED, 3, None, None, Action.ROLLOUT, 3),
        Scale(RESTARTED, 0, 3, None, Action.SCALE, 3),
        Scale(RESTARTED, 0, None, None, Action.SCALE, 1),
    ],
    ids=str,
)
def test_a_workload_is_scaled_remembering_and_never_shrunk_by_a_start(row: Scale) -> None:
    state = RUNNING if row.replicas else STOPPED
    subject = subject_of(Control.SCALE, state, replicas=row.replicas, remembered=row.remembered)
    plan = plan_of(subject, row.desired, replicas=row.asked)
    assert plan.actions == ((row.action,) if row.action else ())
    assert plan.replicas_after == row.replicas_after
    assert plan.state_after is (STOPPED if row.desired is STOP else RUNNING)


@pytest.mark.parametrize("control", [Control.SCALE, Control.DAEMON])
@pytest.mark.parametrize(
    ("method", "by_pod", "action"),
    [
        (RestartMethod.AUTO, False, Action.ROLLOUT),
        (RestartMethod.AUTO, True, Action.DELETE),
        (RestartMethod.ROLLOUT, True, Action.ROLLOUT),
        (RestartMethod.ROLLOUT, False, Action.ROLLOUT),
        (RestartMethod.RECREATE, False, Action.DELETE),
        (RestartMethod.RECREATE, True, Action.DELETE),
    ],
)
def test_a_restart_deletes_the_pod_named_or_rolls_the_workload_out(
    control: Control, method: RestartMethod, action: Action, *, by_pod: bool
) -> None:
    subject = subject_of(control, RUNNING, replicas=2, by_pod=by_pod)
    plan = plan_of(subject, RESTARTED, restart_method=method)
    assert (plan.actions, plan.state_after, plan.replicas_after) == ((action,), RUNNING, 2)
