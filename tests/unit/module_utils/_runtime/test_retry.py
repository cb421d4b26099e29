# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trying again what may pass by itself."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.retry import retrying
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock


class Flaky:
    """Fails with the given errors in turn, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        """Take the errors."""
        self._errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        """Fail or succeed."""
        self.calls += 1
        if self._errors:
            raise self._errors.pop(0)
        return "done"


def passing(retry_after: float | None = None) -> NekzusError:
    return RuntimeUnavailableError("busy", transient=True, retry_after=retry_after)


def test_what_succeeds_is_done_once_without_a_pause() -> None:
    clock, operation = FakeClock(), Flaky()
    assert retrying(operation, clock=clock) == "done"
    assert (operation.calls, clock.sleeps) == (1, [])


def test_a_passing_error_is_tried_again_after_growing_pauses() -> None:
    clock, operation = FakeClock(), Flaky(passing(), passing(), passing())
    assert retrying(operation, clock=clock) == "done"
    assert (operation.calls, clock.sleeps) == (4, [0.25, 0.5, 1.0])


def test_after_four_attempts_the_error_stands() -> None:
    clock, operation = FakeClock(), Flaky(*(passing() for _time in range(9)))
    with pytest.raises(RuntimeUnavailableError):
        retrying(operation, clock=clock)
    assert (operation.calls, len(clock.sleeps)) == (4, 3)


@pytest.mark.parametrize(("retry_after", "pause"), [(2.0, 2.0), (9999.0, 10.0), (0.0, 0.25), (None, 0.25)])
def test_the_server_says_how_long_within_a_bound(retry_after: float | None, pause: float) -> None:
    clock = FakeClock()
    retrying(Flaky(passing(retry_after)), clock=clock)
    assert clock.sleeps == [pause]


def test_who_is_patient_tries_as_often_as_asked_with_pauses_within_a_bound() -> None:
    clock, operation = FakeClock(), Flaky(*(passing() for _time in range(9)))
    with pytest.raises(RuntimeUnavailableError):
        retrying(operation, clock=clock, attempts=8)
    assert operation.calls == 8
    assert clock.sleeps == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0]


@pytest.mark.parametrize(
    ("before", "uncertain"),
    [
        pytest.param([], False, id="the first try"),
        pytest.param([passing()], True, id="after a try without an answer"),
        pytest.param([passing(1.0)], False, id="after an answer that asked to wait"),
        pytest.param([passing(), passing(1.0)], True, id="after both"),
    ],
)
def test_an_error_after_a_lost_answer_is_uncertain(before: list[NekzusError], *, uncertain: bool) -> None:
    with pytest.raises(ConflictError) as refusal:
        retrying(Flaky(*before, ConflictError("no")), clock=FakeClock())
    assert refusal.value.uncertain is uncertain


@pytest.mark.parametrize("error", [ConflictError("no"), RuntimeUnavailableError("no"), ValueError("no")])
def test_what_does_not_pass_by_itself_is_not_tried_again(error: Exception) -> None:
    clock, operation = FakeClock(), Flaky(error)
    with pytest.raises(type(error)):
        retrying(operation, clock=clock)
    assert (operation.calls, clock.sleeps) == (1, [])
