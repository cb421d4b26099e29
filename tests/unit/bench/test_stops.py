# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stop on a cluster is judged by the requests that it takes."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.tests.bench.fleet_rows import pages
from ansible_collections.nekzus.runtime.tests.bench.kubernetes_ground import changed_by
from ansible_collections.nekzus.runtime.tests.bench.race import Result
from ansible_collections.nekzus.runtime.tests.bench.run import Run

READ, CHANGE, WATCH = "GET /pods/web", "PATCH /deployments/web", "GET /pods?watch=1&timeoutSeconds=2"


def judged(*requests: str) -> tuple[str, bool]:
    judgement = changed_by({"ours": Result("ours", [Run(1.0, 1.0, 1)], requests)}, "ours", reads=1)
    return judgement.figures, judgement.met


def test_a_read_a_change_and_a_watch_are_what_it_takes() -> None:
    figures, met = judged(READ, CHANGE, READ, WATCH, READ)
    assert (figures, met) == ("1 reads, 1 changes, then 1 watches and 2 reads", True)


@pytest.mark.parametrize(
    "requests",
    [(READ, READ, CHANGE, WATCH), (READ, CHANGE, CHANGE, WATCH), (CHANGE, WATCH), (READ, CHANGE, READ)],
    ids=["a read too many", "two changes", "no read", "no watch"],
)
def test_anything_else_is_not(requests: tuple[str, ...]) -> None:
    assert judged(*requests)[1] is False


@pytest.mark.parametrize(("pods", "requests"), [(1, 1), (500, 1), (501, 2), (5000, 10), (20_000, 40)])
def test_a_list_takes_a_request_for_each_page(pods: int, requests: int) -> None:
    assert pages(pods) == requests
