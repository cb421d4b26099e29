# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Bringing many containers into a state: find them, plan, carry out, and tell what became of each."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from ..bulk import Outcome, run_bulk, run_in_turns
from ..fleet import Fleet, Located, Missing, read_concurrency
from ..memo import Memo
from ..roles.lifecycle import OPERATOR
from ..types import Desired, LifecycleResult, Reached, Report
from .operation import Change, Ending, Operation, plan_change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..errors import NekzusError
    from ..interfaces import RuntimeSelector
    from .options import LifecycleOptions
    from .order import Order


@dataclass(frozen=True)
class Step:
    """One target of a task: the change planned for it, or why there can be none."""

    place: Located | Missing
    desired: Desired
    change: Change | None
    error: NekzusError | None


class BulkOperator(Protocol):
    """Brings many containers, on any runtimes, into a state, with one result for each."""

    def predict(self, order: Order) -> Report:
        """Return the results that carrying out would have, changing nothing."""

    def carry_out(self, order: Order) -> Report:
        """Do it, and return what became of each."""


class Lifecycle:
    """Changes containers on any runtimes: the core's BulkOperator."""

    def __init__(self, runtimes: RuntimeSelector) -> None:
        """Take the runtimes to work on."""
        self._fleet = Fleet(runtimes)

    def predict(self, order: Order) -> Report:
        """Return the results that carrying out would have, changing nothing."""
        steps, warnings = self._plan(order)
        endings = _predict(_changes(steps, options=order.options), options=order.options)
        return Report(tuple(_result(step, _ending(step, endings)) for step in steps), warnings)

    def carry_out(self, order: Order) -> Report:
        """Do it, and return what became of each target.

        Targets with the same subject are one operation. When the task does not continue on errors, one that
        cannot be planned keeps all others from being begun.
        """
        steps, warnings = self._plan(order)
        endings = _carry_out(_changes(steps, options=order.options), options=order.options)
        return Report(tuple(_result(step, _ending(step, endings)) for step in steps), warnings)

    def _plan(self, order: Order) -> tuple[list[Step], tuple[str, ...]]:
        """Find what the order speaks of and plan the change of each."""

        def plan(place: Located | Missing) -> Change:
            if isinstance(place, Missing):
                raise place.error
            return plan_change(place, known, desired=order.desired, options=order.options)

        known: Memo[Any] = Memo()
        sight = self._fleet.locate(order.request)
        planned = run_bulk(sight.places, plan, max_concurrent=read_concurrency(sight.places))
        steps = [
            Step(place, order.desired, outcome.value, outcome.error) for place, outcome in zip(sight.places, planned)
        ]
        return steps, sight.warnings


def _changes(steps: Sequence[Step], *, options: LifecycleOptions) -> dict[str, Change]:
    """Return the changes to make, one for each subject."""
    if not options.continue_on_error and any(step.error for step in steps):
        return {}
    return {step.change.key: step.change for step in steps if step.change}


def _carry_out(changes: dict[str, Change], *, options: LifecycleOptions) -> dict[str, Ending]:
    operations = [Operation(change, options=options) for change in changes.values()]
    many = options.max_concurrent
    if options.continue_on_error and many > 1:
        outcomes = run_in_turns(operations, Operation.run, max_concurrent=many)
    else:  # one after the other, or none after a failure: each is watched to its end
        going_on = options.continue_on_error
        outcomes = run_bulk(operations, Operation.run, max_concurrent=many, continue_on_error=going_on)

    def finish(operation: Operation, outcome: Outcome[Ending]) -> Ending:
        return operation.failed(outcome.error) if outcome.error else outcome.value or Ending()

    return {key: finish(operation, outcome) for key, operation, outcome in zip(changes, operations, outcomes)}


def _predict(changes: dict[str, Change], *, options: LifecycleOptions) -> dict[str, Ending]:
    def predicted(change: Change) -> Ending:
        return _predicted(change, options=options)

    many, going_on = options.max_concurrent, options.continue_on_error
    outcomes = run_bulk(changes.values(), predicted, max_concurrent=many, continue_on_error=going_on)

    def finish(change: Change, outcome: Outcome[Ending]) -> Ending:
        if not outcome.error:
            return outcome.value or Ending()
        return replace(_as_it_was(change), changed=outcome.error.halfway, error=outcome.error)

    return {key: finish(change, outcome) for (key, change), outcome in zip(changes.items(), outcomes)}


def _predicted(change: Change, *, options: LifecycleOptions) -> Ending:
    plan, operator = change.plan, change.located.runtime.role(OPERATOR)
    if not plan.changed and not options.wait:  # left alone, and nobody waits for it to come up
        return _as_it_was(change)
    told: tuple[str, ...] = ()
    if plan.changed:
        told = operator.rehearse(change.subject, plan, options=options) + operator.cautions(change.subject)
    reached = Reached(plan.state_after, plan.replicas_after)
    return Ending(attempted=True, changed=plan.changed, reached=reached, warnings=told)


def _as_it_was(change: Change) -> Ending:
    return Ending(attempted=True, reached=Reached(change.subject.state, change.subject.replicas))


def _ending(step: Step, endings: dict[str, Ending]) -> Ending:
    if not step.change:
        return Ending(attempted=True, error=step.error)
    return endings.get(step.change.key, Ending())


def _result(step: Step, ending: Ending) -> LifecycleResult:
    if isinstance(step.place, Missing):
        return _missing_result(step.place, step.desired, ending)
    container, change = step.place.container, step.change
    subject = change.subject if change else None
    before = subject.state if subject else container.state
    # What was not begun, or refused while planning, is as it was.
    after = ending.reached.state if ending.reached else (before if not change or not ending.attempted else None)
    return LifecycleResult(
        address=container.address,
        id=container.id,
        runtime=container.runtime,
        namespace=container.namespace,
        name=container.name,
        subject=change.address if change else None,
        owner=subject.owner if subject else container.owner,
        owner_chain=subject.owner_chain if subject else (),
        changed=ending.changed,
        success=not ending.error if ending.attempted else None,
        state_before=before,
        state_after=after,
        replicas_before=subject.replicas if subject else None,
        replicas_after=ending.reached.replicas if ending.reached else None,
        failure=_failure(ending.error, runtime=container.runtime, desired=step.desired, path=step.place.path),
        manifest=subject.manifest if subject and ending.changed else None,
        warnings=_warnings(change, ending) if change else (),
    )


def _warnings(change: Change, ending: Ending) -> tuple[str, ...]:
    told = change.plan.warnings + change.subject.warnings if change.plan.changed else ()
    return told + ending.warnings + (ending.reached.warnings if ending.reached else ())


def _missing_result(place: Missing, desired: Desired, ending: Ending) -> LifecycleResult:
    target, runtime = place.target, place.runtime_type
    return LifecycleResult(
        address=f"{runtime}/{target.path}" if runtime else target.path,
        id=None,
        runtime=runtime,
        namespace=target.namespace,
        name=target.name,
        success=False,
        failure=_failure(ending.error, runtime=runtime, desired=desired, path=target.path),
    )


def _failure(
    error: NekzusError | None, *, runtime: str | None, desired: Desired, path: str
) -> dict[str, object] | None:
    if error is None:
        return None
    # Targets that are one change have one error, and each its own place.
    return copy(error).within(runtime=runtime and str(runtime), op=desired.verb, target=path).failure()
