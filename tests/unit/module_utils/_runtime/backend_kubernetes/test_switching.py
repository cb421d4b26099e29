# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether workloads of a deployment are to run, and how many pods they are to have."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.switching import (
    as_deployed,
    dressed,
    is_running,
    switch,
)

WANTED, REMEMBERED = "nekzus.io/wanted-replicas", "nekzus.io/replicas"


def template(count: int | None = 1) -> Piece:
    """Return a Deployment as the template says it."""
    return Piece(DEPLOYMENT, {"metadata": {"name": "web"}, "spec": {} if count is None else {"replicas": count}})


def there(count: int, *, wanted: str = "1", remembered: str = "") -> Piece:
    """Return a Deployment as it is."""
    notes = {WANTED: wanted, **({REMEMBERED: remembered} if remembered else {})}
    return Piece(DEPLOYMENT, {"metadata": {"name": "web", "annotations": notes}, "spec": {"replicas": count}})


def cron(*, suspend: bool | None = None) -> Piece:
    """Return a CronJob."""
    return Piece(CRON_JOB, {"metadata": {"name": "cron"}, "spec": {} if suspend is None else {"suspend": suspend}})


def said(piece: Piece) -> tuple[Any, dict[str, str]]:
    """Return the count that is said, and the notes."""
    document: Any = piece.document
    return document["spec"].get("replicas"), document["metadata"].get("annotations", {})


def test_what_is_new_begins_at_no_replicas_and_remembers_how_many_there_are_to_be() -> None:
    assert said(dressed(template(3), None)) == (0, {REMEMBERED: "3", WANTED: "3"})
    assert said(dressed(template(None), None)) == (0, {REMEMBERED: "1", WANTED: "1"})
    assert said(dressed(template(0), None)) == (0, {WANTED: "0"})


def test_what_a_template_has_as_stopped_stays_so_and_keeps_the_count_that_it_goes_back_to() -> None:
    notes = {"annotations": {REMEMBERED: "4"}}
    stopped = Piece(DEPLOYMENT, {"metadata": {"name": "web", **notes}, "spec": {"replicas": 0}})
    assert said(dressed(stopped, None)) == (0, {REMEMBERED: "4", WANTED: "0"})
    new = switch(stopped, None, runs=True, count=None)
    assert (new.runs, new.patch) == (False, None)
    assert said(dressed(stopped, there(0, wanted="0"))) == (0, {WANTED: "0"})
    assert switch(stopped, there(0, wanted="0", remembered="4"), runs=True, count=None).count == 4


def test_of_what_is_there_the_count_is_said_that_is_there() -> None:
    assert said(dressed(template(3), there(7))) == (7, {WANTED: "3"})
    assert said(dressed(template(3), there(0, remembered="2"))) == (0, {REMEMBERED: "2", WANTED: "3"})


def test_kinds_without_a_count_are_said_as_they_are() -> None:
    agents = Piece(DAEMON_SET, {"metadata": {"name": "agents"}, "spec": {}})
    assert dressed(agents, None) == agents
    assert dressed(cron(), None).document["spec"] == {"suspend": True}
    assert dressed(cron(suspend=True), cron(suspend=False)).document["spec"] == {"suspend": False}


@pytest.mark.parametrize(
    ("piece", "present", "runs", "count", "after"),
    [
        pytest.param(template(3), None, True, None, 3, id="new"),
        pytest.param(template(3), None, True, 5, 5, id="new, and the task says how many"),
        pytest.param(template(1), there(4), True, None, 4, id="somebody has scaled it"),
        pytest.param(template(2), there(4), True, None, 2, id="the template has changed its mind"),
        pytest.param(template(1), there(4), True, 2, 2, id="the task changes it"),
        pytest.param(template(1), there(4), False, None, 0, id="stopped"),
        pytest.param(template(1), there(0, remembered="4"), True, None, 4, id="started again"),
        pytest.param(template(2), there(0, remembered="4"), True, None, 2, id="started with another count"),
        pytest.param(template(1), there(0), True, None, 1, id="somebody has stopped it"),
        pytest.param(template(0), None, True, None, 0, id="none is wanted"),
    ],
)
def test_how_many_there_are_to_be(
    piece: Piece, present: Piece | None, *, runs: bool, count: int | None, after: int
) -> None:
    found = switch(piece, present, runs=runs, count=count)
    assert (found.count, found.runs) == (after, after > 0)
    assert found.patch is None or found.patch["spec"] == {"replicas": after}


def test_what_is_stopped_is_remembered_and_what_is_started_is_not() -> None:
    stopping = switch(template(1), there(4), runs=False, count=None)
    assert stopping.patch == {"metadata": {"annotations": {REMEMBERED: "4"}}, "spec": {"replicas": 0}}
    starting = switch(template(1), there(0, remembered="4"), runs=True, count=None)
    assert starting.patch == {"metadata": {"annotations": {REMEMBERED: None}}, "spec": {"replicas": 4}}


@pytest.mark.parametrize(
    ("present", "runs"), [(there(2), True), (there(0, remembered="1"), False), (there(0, remembered="3"), False)]
)
def test_what_is_so_already_takes_no_patch(present: Piece, *, runs: bool) -> None:
    found = switch(template(1), present, runs=runs, count=None)
    assert (found.patch, found.runs, found.was_running) == (None, runs, runs)


@pytest.mark.parametrize(
    ("present", "runs", "patch"),
    [
        (None, True, {"spec": {"suspend": False}}),
        (cron(suspend=True), True, {"spec": {"suspend": False}}),
        (cron(suspend=False), False, {"spec": {"suspend": True}}),
        (cron(), True, None),
        (cron(suspend=True), False, None),
    ],
)
def test_a_cron_job_is_suspended(present: Piece | None, *, runs: bool, patch: dict[str, Any] | None) -> None:
    found = switch(cron(), present, runs=runs, count=None)
    assert (found.patch, found.runs) == (patch, runs)


def test_a_cron_job_that_the_template_suspends_stays_so() -> None:
    assert switch(cron(suspend=True), cron(suspend=True), runs=True, count=None).patch is None


def test_what_runs_is_told() -> None:
    assert [is_running(one) for one in (there(1), there(0), cron(), cron(suspend=True))] == [True, False, True, False]


def test_without_a_template_its_count_is_that_of_the_last_one() -> None:
    assert said(as_deployed(there(0, wanted="3")))[0] == 3
    assert said(as_deployed(there(2, wanted="broken")))[0] == 2
    assert as_deployed(cron(suspend=True)).document["spec"] == {"suspend": False}
