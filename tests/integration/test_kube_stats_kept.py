# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of a cluster's metrics for later tasks, and what accounts are told that may not see all of them."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy
from .manifests import pod
from .measuring import METRICS, STATS, await_measured, burner, options, steady
from .service_account import kubeconfig_of, make_account, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .controller import Controller, Run, Task
    from .space import Space

ALWAYS_ASKED = {"runtimes": {"kubernetes": {"metrics_cache_ttl": "0s"}}}
LONG_KEPT = {"runtimes": {"kubernetes": {"metrics_cache_ttl": "1h"}}}


@pytest.fixture(scope="module")
def measured(space: Space) -> Space:
    """Have a pod with limits and one without, both with numbers."""
    space.make(burner(), pod("plain"))
    for name in ("burner", "plain"):
        space.await_ready(name)
    await_measured(space)
    return space


def twice(controller: Controller, space: Space, *names: str, **changes: Any) -> tuple[list[Task], ApiProxy]:
    """Measure one pod after the other, through one proxy."""
    with ApiProxy(space.cluster, steady(space)) as proxy:
        tasks = [
            {"name": f"{number} {name}", STATS: options(proxy, space, {"name": name, **changes})}
            for number, name in enumerate(names)
        ]
        run = controller.play(tasks)
        return [run.task(str(task["name"])) for task in tasks], proxy


def test_two_tasks_within_the_time_are_one_request_for_metrics(controller: Controller, measured: Space) -> None:
    (first, second, third), proxy = twice(controller, measured, "burner", "burner", "plain")
    assert proxy.count(METRICS) == 1, proxy.requests
    assert [one.result["cached"] for one in (first, second, third)] == [False, True, True]
    assert first.result["stats"] == second.result["stats"]
    assert third.result["stats"][0]["memory"]["used_bytes"] > 0


def test_without_a_time_each_task_asks(controller: Controller, measured: Space) -> None:
    tasks, proxy = twice(controller, measured, "burner", "burner", **ALWAYS_ASKED)
    assert proxy.count(METRICS) == 2, proxy.requests
    assert [one.result["cached"] for one in tasks] == [False, False]


def test_what_is_kept_is_for_its_user_alone(controller: Controller, measured: Space) -> None:
    twice(controller, measured, "burner")
    folder = controller.home / ".cache" / "nekzus"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {0o600}


def test_a_pod_that_has_come_up_since_has_numbers_as_soon_as_there_are_some(
    controller: Controller, measured: Space
) -> None:
    with ApiProxy(measured.cluster, steady(measured)) as proxy:
        before = {"name": "before", STATS: options(proxy, measured, {"name": "burner", **LONG_KEPT})}
        assert controller.play([before]).task("before").result["metrics_available"]
        measured.make(pod("newcomer"))
        measured.await_ready("newcomer")
        patient = {
            "name": "newcomer",
            STATS: options(proxy, measured, {"name": "newcomer", **LONG_KEPT}),
            "register": "result",
            "until": "result.metrics_available",
            "retries": 100,
            "delay": 1,
        }
        task = controller.play([patient]).task("newcomer")
    measured.cluster.delete(measured.path("Pod", "newcomer"), grace=0)
    assert task.status == "ok"
    assert task.result["stats"][0]["memory"]["used_bytes"] > 0


# Accounts that may do less.


@pytest.fixture(scope="module")
def restricted(
    controller: Controller, measured: Space, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Run, Sequence[str]]:
    """Measure with accounts that may see pods but not their metrics, or not the nodes, and return their tokens too."""
    folder = tmp_path_factory.mktemp("accounts")
    may = {
        "no-metrics": [rule("pods", "get", "list")],
        "no-nodes": [rule("pods", "get", "list"), rule("pods.metrics.k8s.io", "list")],
    }
    tokens = {name: make_account(measured, name, rules) for name, rules in may.items()}
    accounts = {name: kubeconfig_of(measured, token, folder / name) for name, token in tokens.items()}
    told = (("no metrics", "no-metrics", "burner"), ("limit", "no-nodes", "burner"), ("node", "no-nodes", "plain"))
    tasks = [
        {
            "name": name,
            STATS: {"runtime": "kubernetes", "kubeconfig": accounts[account], "name": target},
            "register": "result",
            # See steady.
            "until": f"result.metrics_available or {account == 'no-metrics'}",
            "retries": 80,
            "delay": 1,
        }
        for name, account, target in told
    ]
    return controller.play(tasks, "-vvv"), list(tokens.values())


def test_who_may_not_read_metrics_is_told_the_rule(restricted: tuple[Run, Sequence[str]], measured: Space) -> None:
    task = restricted[0].task("no metrics")
    assert (task.status, task.result["metrics_available"]) == ("ok", False)
    (warning,) = task.result["warnings"]
    assert f"grant list on pods.metrics.k8s.io in namespace {measured.namespace}" in warning


def test_who_may_not_list_nodes_has_all_numbers_where_there_are_limits(restricted: tuple[Run, Sequence[str]]) -> None:
    task = restricted[0].task("limit")
    assert task.result["metrics_available"] is True
    assert not task.result.get("warnings")
    assert task.result["stats"][0]["cpu"]["percent_of"] == "limit"


def test_who_may_not_list_nodes_has_no_percentages_of_them(restricted: tuple[Run, Sequence[str]]) -> None:
    task = restricted[0].task("node")
    (found,) = task.result["stats"]
    assert task.result["metrics_available"] is True
    assert found["memory"]["used_bytes"] > 0
    assert found["memory"]["usage_percent"] is found["memory"]["limit_bytes"] is None
    (warning,) = task.result["warnings"]
    assert "grant list on nodes" in warning


def test_no_token_is_kept_or_printed(restricted: tuple[Run, Sequence[str]], controller: Controller) -> None:
    run, tokens = restricted
    folder = controller.home / ".cache" / "nekzus"
    kept = "".join(file.name + file.read_text(encoding="utf-8") for file in folder.iterdir())
    assert kept
    assert not [token for token in tokens if token in run.output or token in kept]
