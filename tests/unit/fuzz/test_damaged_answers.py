# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a server answers, a task ends with a result of the documented shape or with an error of ours."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.tests.unit.fakes.damage import STRANGE, Wound, places
from ansible_collections.nekzus.runtime.tests.unit.fuzz.effort import effort
from ansible_collections.nekzus.runtime.tests.unit.fuzz.tasks import (
    CHANGING,
    LIVE,
    READING,
    RECORDED,
    SECRET,
    answers,
    check,
    perform,
)
from hypothesis import given
from hypothesis import strategies as st

TASKS = {**READING, **CHANGING}
# The names of what is a secret: without them nobody could know.
NAMING = ("name", "Env", "env")
# A daemon has no accounts, and is not asked for any.
CHANGED = [(server, task) for server in LIVE for task in TASKS if server == "kubernetes" or "account" not in task]


def wounds(server: str, task: str) -> st.SearchStrategy[Wound]:
    """Return strange things at the places of what a server answers to a task, in one answer or in all."""
    found = answers(server, task)

    def at(number: int) -> st.SearchStrategy[Wound]:
        return st.builds(
            Wound,
            st.sampled_from(sorted(set(places(found[number])), key=str)),
            st.sampled_from(STRANGE),
            st.sampled_from([number, None]),
        )

    return st.sampled_from([number for number, one in enumerate(found) if one]).flatmap(at)


def survive(server: str, task: str, *damage: Wound) -> None:
    """Perform a task on a damaged server, and see that what comes of it is right."""
    result, _answers = perform(server, TASKS[task], *damage)
    check(TASKS[task], result, hidden=not any(set(NAMING) & set(one.place) for one in damage))


@pytest.mark.parametrize("server", RECORDED)
@pytest.mark.parametrize("task", READING)
@effort(12)
@given(data=st.data())
def test_any_damage_to_recorded_answers_is_survived(server: str, task: str, data: Any) -> None:
    survive(server, task, data.draw(wounds(server, task)))


@pytest.mark.parametrize(("server", "task"), CHANGED)
@effort(12)
@given(data=st.data())
def test_any_damage_while_something_changes_is_survived(server: str, task: str, data: Any) -> None:
    survive(server, task, *data.draw(st.lists(wounds(server, task), min_size=1, max_size=2)))


@pytest.mark.parametrize(("server", "task"), [*CHANGED, *((server, task) for server in RECORDED for task in READING)])
def test_without_damage_a_task_has_a_documented_result(server: str, task: str) -> None:
    result, heard = perform(server, TASKS[task])
    check(TASKS[task], result)
    assert heard
    assert SECRET not in str(result)
