# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No rule of a feature is one too many: without it, what needs it is refused, and the rule is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from .controller import INFO, MODULE
from .manifests import (
    NEVER_SCHEDULED,
    cron_job,
    daemon_set,
    deployment,
    job,
    pod,
    pod_spec,
    replica_set,
    replication_controller,
    stateful_set,
)
from .measuring import STATS
from .service_account import kubeconfig_of, make_account, rule
from .yard import each

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .controller import Controller, Run
    from .space import Space

ACCOUNT = "nekzus.runtime.nekzus_account"
LOGS = "nekzus.runtime.nekzus_logs"
KINDS: Mapping[str, str] = {
    "deployment": "deployments.apps",
    "statefulset": "statefulsets.apps",
    "daemonset": "daemonsets.apps",
    "replicaset": "replicasets.apps",
    "replicationcontroller": "replicationcontrollers",
    "job": "jobs.batch",
    "cronjob": "cronjobs.batch",
}
STOP, RESTART = {"state": "stopped", "wait": False}, {"state": "restarted", "wait": False}


class Need(NamedTuple):
    """A rule of a feature, as ``VERB on RESOURCE``, and a task that cannot do without it. NS is the namespace."""

    feature: str
    rule: str
    module: str
    arguments: Mapping[str, Any]

    def __str__(self) -> str:
        """Print as ``read without get on pods``."""
        return f"{self.feature} without {self.rule}"


NEEDS = [
    Need("read", "get on pods", INFO, {"name": "NS/pod/lone"}),
    Need("read", "list on pods", INFO, {"namespaces": ["NS"]}),
    Need("read", "get on pods/log", LOGS, {"name": "lone"}),
    *(Need("read", f"get on {rule}", INFO, {"name": f"NS/{kind}/{kind}"}) for kind, rule in KINDS.items()),
    Need("stats", "list on pods.metrics.k8s.io", STATS, {"name": "lone", "require_metrics": True}),
    Need("lifecycle", "create on pods", MODULE, {"name": "lone", **RESTART}),
    Need("lifecycle", "delete on pods", MODULE, {"name": "NS/pod/lone", **STOP}),
    *(
        Need("lifecycle", f"patch on {rule}", MODULE, {"name": f"NS/{kind}/{kind}", **STOP})
        for kind, rule in KINDS.items()
        if kind != "daemonset"
    ),
    Need("lifecycle", "patch on daemonsets.apps", MODULE, {"name": "NS/daemonset/daemonset", **RESTART}),
]
# Lists of workloads that are refused are a warning: what runs is found by its pods.
TOLD = [Need("read", f"list on {rule}", INFO, {"namespaces": ["NS"]}) for rule in KINDS.values()]
# What is asked for the sake of a warning, of the reason of a failure, or of not having to look again and again.
SPARED = {
    "watch on pods",
    "list on events",
    "list on horizontalpodautoscalers.autoscaling",
}


def parts(rules: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return rules one by one, as ``VERB on RESOURCE``."""
    return {
        f"{verb} on {resource}" + (f".{group}" if group else "")
        for each_rule in rules
        for group in each_rule["apiGroups"]
        for resource in each_rule["resources"]
        for verb in each_rule["verbs"]
    }


@pytest.fixture(scope="module")
def granted(controller: Controller, space: Space) -> dict[str, set[str]]:
    """Ask what each feature would grant; nothing is made."""
    tasks = [
        {
            "name": feature,
            "check_mode": True,
            ACCOUNT: {**space.options, "name": "any", "features": [feature], "namespaces": [space.namespace]},
        }
        for feature in ("read", "stats", "lifecycle")
    ]
    run = controller.play(tasks)
    return {task.name: parts(task.result["account"]["grants"][0]["rules"]) for task in run.tasks}


@pytest.fixture(scope="module")
def run(
    controller: Controller, space: Space, granted: Mapping[str, set[str]], tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Try each with an account that has all of the feature but the rule, in one play."""
    batch = "batch/v1" if space.cluster.version >= (1, 21) else "batch/v1beta1"
    idle = pod_spec(pod=NEVER_SCHEDULED)
    space.make(deployment("deployment", 1, idle), stateful_set("statefulset", 1, idle), replica_set("replicaset"))
    space.make(replication_controller("replicationcontroller"), job("job"), cron_job("cronjob", batch))
    space.make(daemon_set("daemonset"), pod("lone"))
    space.await_ready("lone")
    folder = tmp_path_factory.mktemp("kubeconfigs")
    needs = dict(enumerate([*NEEDS, *TOLD]))

    def make(number: int) -> None:
        need = needs[number]
        rules = [_written(one) for one in sorted(granted[need.feature] - {need.rule})]
        kubeconfig_of(space, make_account(space, f"less-{number}", rules), folder / str(number))

    each(make, needs)
    tasks = []
    for number, need in needs.items():
        filled = {key: _filled(value, space.namespace) for key, value in need.arguments.items()}
        options = {"runtime": "kubernetes", "kubeconfig": str(folder / str(number))}
        tasks.append({"name": str(need), need.module: {**options, **filled}})
    return controller.play(tasks)


def _written(told: str) -> dict[str, Any]:
    verb, _on, resource = told.partition(" on ")
    return rule(resource, verb)


def _filled(value: Any, namespace: str) -> Any:
    if isinstance(value, list):
        return [_filled(one, namespace) for one in value]
    return value.replace("NS", namespace) if isinstance(value, str) else value


@pytest.mark.parametrize("need", NEEDS, ids=str)
def test_without_one_rule_what_needs_it_is_refused_and_the_rule_named(need: Need, run: Run, space: Space) -> None:
    failure = run.task(str(need)).failure
    assert failure["code"] == ("metrics_unavailable" if need.module == STATS else "permission_denied")
    assert failure["hint"].startswith(f"grant {need.rule} in namespace {space.namespace}")


@pytest.mark.parametrize("need", TOLD, ids=str)
def test_without_one_list_what_it_would_show_is_missing_and_the_rule_named(need: Need, run: Run, space: Space) -> None:
    task = run.task(str(need))
    assert task.status == "ok", task.result["msg"]
    (warning,) = task.result["warnings"]
    assert f"grant {need.rule} in namespace {space.namespace}" in str(warning)


def test_every_rule_of_every_feature_was_left_out_once_but_what_can_be_done_without(
    granted: Mapping[str, set[str]],
) -> None:
    left_out = {need.rule for need in (*NEEDS, *TOLD)}
    assert set().union(*granted.values()) == left_out | SPARED
