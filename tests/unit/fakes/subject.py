# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subjects made up, and the plan for them in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.options import LifecycleOptions
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.plan import Plan, lifecycle
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import (
    Container,
    ContainerID,
    Control,
    RuntimeType,
    State,
    Subject,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Desired


def container(name: str, *, runtime: RuntimeType = RuntimeType.DOCKER, state: State = State.RUNNING) -> Container:
    """Return a container so called."""
    return Container(
        address=f"{runtime}/{name}",
        id=name,
        short_id=name,
        runtime=runtime,
        namespace="" if runtime is RuntimeType.DOCKER else "prod",
        name=name,
        image="busybox",
        state=state,
        status="Dead",
        created=None,
    )


def subject_of(control: Control, state: State, *, kind: str = "", **facts: Any) -> Subject:
    """Return something called web in a state; ``facts`` are the fields of a Subject."""
    runtime = RuntimeType.DOCKER if control is Control.CONTAINER else RuntimeType.KUBERNETES
    named = container("web", runtime=runtime, state=state)
    return Subject(named, ContainerID(runtime, "web", "prod", kind), control, state, "Dead", **facts)


def plan_of(subject: Subject, desired: Desired, **options: Any) -> Plan:
    """Return the plan for it with a task's options."""
    return lifecycle(subject, desired, options=LifecycleOptions(**options))
