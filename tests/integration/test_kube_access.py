# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that lack a right: what is refused, and the exact rule that would allow it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .controller import INFO, MODULE
from .manifests import deployment, pod
from .service_account import kubeconfig_of, make_account, rule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .controller import Controller, Run
    from .space import Space

LOOK = ("get", "list", "watch")
PODS, REPLICA_SETS, DEPLOYMENTS = "pods", "replicasets.apps", "deployments.apps"
STOP = {"state": "stopped"}


@dataclass(frozen=True)
class Case:
    """What an account may do, what it tries, and the rule that is missing (empty: none). NS is the namespace."""

    rules: tuple[dict[str, Any], ...]
    module: str
    arguments: Mapping[str, Any]
    missing: str = ""


CASES: Mapping[str, Case] = {
    "list-only": Case((rule(PODS, "list"),), MODULE, {"name": "NS/pod/POD", **STOP}, "get on pods in namespace NS"),
    "no-patch": Case(
        (rule(PODS, *LOOK), rule(REPLICA_SETS, *LOOK), rule(DEPLOYMENTS, *LOOK)),
        MODULE,
        {"name": "NS/deployment/web", **STOP},
        "patch on deployments.apps in namespace NS",
    ),
    "no-patch-by-pod": Case(
        (rule(PODS, *LOOK), rule(REPLICA_SETS, *LOOK), rule(DEPLOYMENTS, *LOOK)),
        MODULE,
        {"name": "POD", **STOP},
        "patch on deployments.apps in namespace NS",
    ),
    "no-replicasets": Case(
        (rule(PODS, *LOOK), rule(DEPLOYMENTS, *LOOK, "patch")),
        MODULE,
        {"name": "POD", **STOP},
        "get on replicasets.apps in namespace NS",
    ),
    "no-deployments": Case(
        (rule(PODS, *LOOK), rule(REPLICA_SETS, *LOOK)),
        MODULE,
        {"name": "POD", **STOP},
        "get on deployments.apps in namespace NS",
    ),
    "no-delete": Case((rule(PODS, *LOOK),), MODULE, {"name": "NS/pod/lone", **STOP}, "delete on pods in namespace NS"),
    "no-restart": Case(
        (rule(PODS, *LOOK), rule(REPLICA_SETS, *LOOK), rule(DEPLOYMENTS, *LOOK)),
        MODULE,
        {"name": "POD", "state": "restarted"},
        "delete on pods in namespace NS",
    ),
    "elsewhere": Case(
        (rule(PODS, *LOOK), rule(DEPLOYMENTS, *LOOK, "patch")),
        MODULE,
        {"name": "default/deployment/web", **STOP},
        "get on deployments.apps in namespace default",
    ),
    "list-elsewhere": Case(
        (rule(PODS, *LOOK),), INFO, {"namespaces": ["default"]}, "list on pods in namespace default"
    ),
    "list-everywhere": Case((rule(PODS, *LOOK),), INFO, {"all": False}, "list on pods in all namespaces"),
    "list-no-pods": Case((rule(DEPLOYMENTS, *LOOK),), INFO, {"namespaces": ["NS"]}, "list on pods in namespace NS"),
    "list-no-workloads": Case((rule(PODS, "list"),), INFO, {"namespaces": ["NS"]}),
    "no-watch": Case(
        (rule(PODS, "get", "list"), rule(REPLICA_SETS, "get"), rule(DEPLOYMENTS, "get", "patch")),
        MODULE,
        {"name": "NS/deployment/unwatched", **STOP},
    ),
    "no-autoscalers": Case(
        (rule(PODS, *LOOK), rule(REPLICA_SETS, "get"), rule(DEPLOYMENTS, "get", "patch")),
        MODULE,
        {"name": "NS/deployment/enough", **STOP},
    ),
}
REFUSED = [name for name, case in CASES.items() if case.missing]


def filled(value: Any, places: Mapping[str, str]) -> Any:
    """Return a value with the names of the namespace and the pod in it."""
    if isinstance(value, list):
        return [filled(one, places) for one in value]
    if isinstance(value, str):
        for place, name in places.items():
            value = value.replace(place, name)
    return value


@pytest.fixture(scope="module")
def tokens(space: Space) -> dict[str, str]:
    """Make an account for each case; these are their tokens."""
    return {name: make_account(space, name, case.rules) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def run(
    controller: Controller, space: Space, tokens: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Try all of it in one play, as loud as Ansible can."""
    space.make(deployment("web"), deployment("unwatched"), deployment("enough"), pod("lone"))
    for app in ("web", "unwatched", "enough", "lone"):
        space.await_ready(app)
    places = {"NS": space.namespace, "POD": space.pod_names("web")[0]}
    folder = tmp_path_factory.mktemp("kubeconfigs")
    tasks: list[dict[str, Any]] = []
    for name, case in CASES.items():
        arguments = {key: filled(value, places) for key, value in case.arguments.items()}
        kubeconfig = kubeconfig_of(space, tokens[name], folder / name)
        task = {case.module: {"runtime": "kubernetes", "kubeconfig": kubeconfig, **arguments}}
        tasks += ({"name": f"{name} in check mode", "check_mode": True, **task}, {"name": name, **task})
    return controller.play(tasks, "-vvv")


@pytest.mark.parametrize("name", REFUSED)
def test_the_rule_that_is_missing_is_told_as_it_has_to_be_granted(name: str, run: Run, space: Space) -> None:
    task = run.task(name)
    assert (task.failure["code"], task.failure["runtime"]) == ("permission_denied", "kubernetes")
    assert task.failure["hint"] == f"grant {CASES[name].missing.replace('NS', space.namespace)}"
    assert "forbidden" in task.result["msg"]
    assert not task.result["changed"]


@pytest.mark.parametrize("name", CASES)
def test_check_mode_says_what_the_account_may_not_do(name: str, run: Run) -> None:
    checked, done = run.task(f"{name} in check mode"), run.task(name)
    assert (checked.status, checked.result.get("results")) == (done.status, done.result.get("results"))
    assert checked.result.get("failure") == done.result.get("failure")


@pytest.mark.usefixtures("run")
def test_nothing_was_changed_by_those_who_may_not(space: Space) -> None:
    assert (space.ready("web"), space.ready("lone")) == (1, 1)


def test_who_may_not_watch_stops_and_waits_all_the_same(run: Run, space: Space) -> None:
    task = run.task("no-watch")
    assert task.status == "ok", task.result["msg"]
    assert task.result["results"][0]["state_after"] == "stopped"
    assert space.pods("unwatched") == []


def test_who_may_do_what_it_takes_needs_no_more(run: Run, space: Space) -> None:
    task = run.task("no-autoscalers")
    assert task.status == "ok", task.result["msg"]
    assert task.result["results"][0]["warnings"] == []
    assert space.pods("enough") == []


def test_who_may_delete_a_pod_but_not_make_one_does_not_lose_it(
    controller: Controller, space: Space, tmp_path: Path
) -> None:
    space.make(pod("fragile"))
    space.await_ready("fragile")
    before = space.get("Pod", "fragile")["metadata"]["uid"]
    token = make_account(space, "no-create", [rule(PODS, *LOOK, "delete")])
    kubeconfig = kubeconfig_of(space, token, tmp_path / "kubeconfig")
    restart = {"runtime": "kubernetes", "kubeconfig": kubeconfig, "name": "fragile", "state": "restarted"}
    failure = controller.play([{"name": "restart", MODULE: restart}]).task("restart").failure
    assert failure["code"] == "permission_denied"
    assert f"grant create on pods in namespace {space.namespace}" in failure["hint"]
    assert space.get("Pod", "fragile")["metadata"]["uid"] == before


def test_a_list_tells_what_it_may_not_see(run: Run, space: Space) -> None:
    task = run.task("list-no-workloads")
    assert task.status == "ok", task.result["msg"]
    assert {one["name"] for one in task.result["containers"]} >= {"lone", *space.pod_names("web")}
    (warning,) = task.result["warnings"]
    assert f"grant list on deployments.apps in namespace {space.namespace}" in warning


def test_no_token_is_printed(run: Run, tokens: Mapping[str, str]) -> None:
    assert not [name for name, token in tokens.items() if token in run.output]
