# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts that may do what features take: with them every module works, and with one rule less none that needs it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import ApiProxy, path_of
from .controller import INFO, MODULE
from .manifests import (
    cron_job,
    daemon_set,
    deployment,
    pod,
    pod_spec,
    replica_set,
    replication_controller,
    stateful_set,
)
from .measuring import STATS
from .rule import Rule
from .space import Space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from .cluster import Cluster
    from .controller import Controller, Run

ROLE = "nekzus.runtime.kubernetes_rbac"
LOGS = "nekzus.runtime.nekzus_logs"
FEATURES = ("read", "stats", "lifecycle", "export", "toolbox")


@pytest.fixture(scope="module")
def home(cluster: Cluster) -> Iterator[Space]:
    """Give the accounts a namespace to live in, where they may do nothing."""
    place = Space(cluster, "rbac-home")
    yield place.open()
    place.close()


def run_play(controller: Controller, tasks: Sequence[Mapping[str, Any]]) -> Run:
    """Run a play that has more tasks than it lists, those of roles."""
    playbook = controller.home / "roles.json"
    playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return controller.command("ansible-playbook", str(playbook), "-vvv")


@dataclass(frozen=True)
class Staff:
    """The accounts that the role has made, one for each feature, and where their kubeconfigs are."""

    run: Run
    folder: Path
    space: Space

    def made(self, feature: str) -> Mapping[str, Any]:
        """Return the account that a feature has."""
        found: Mapping[str, Any] = self.run.task(f"show {feature}").result["kubernetes_rbac_account"]["account"]
        return found

    def options(self, feature: str) -> dict[str, Any]:
        """Return the options of a task that acts as the account."""
        return {"runtime": "kubernetes", "kubeconfig": str(self.folder / feature)}


@pytest.fixture(scope="module")
def staff(controller: Controller, space: Space, home: Space, tmp_path_factory: pytest.TempPathFactory) -> Staff:
    """Have the role make an account for each feature, which verifies each of them."""
    folder = tmp_path_factory.mktemp("staff")
    tasks: list[dict[str, Any]] = []
    for feature in FEATURES:
        variables = {
            "kubernetes_rbac_name": feature,
            "kubernetes_rbac_namespace": home.namespace,
            "kubernetes_rbac_features": [feature],
            "kubernetes_rbac_namespaces": [space.namespace],
            "kubernetes_rbac_kubeconfig_dest": str(folder / feature),
            "kubernetes_rbac_kubeconfig": str(home.kubeconfig),
        }
        tasks.append({"name": f"make {feature}", "ansible.builtin.include_role": {"name": ROLE}, "vars": variables})
        tasks.append({"name": f"show {feature}", "ansible.builtin.debug": {"var": "kubernetes_rbac_account"}})
    return Staff(run_play(controller, tasks), folder, space)


@pytest.fixture(scope="module")
def busy(space: Space) -> Space:
    """Have something of every kind."""
    batch = "batch/v1" if space.cluster.version >= (1, 21) else "batch/v1beta1"
    space.make(deployment("deployment"), stateful_set("statefulset"), daemon_set("daemonset"))
    # What has no limit and asks for nothing is measured in percent of a node, which is no right in a namespace.
    space.make(pod("lone", pod_spec(resources={"requests": {"cpu": "10m", "memory": "16Mi"}})))
    space.make(replica_set("replicaset"), replication_controller("replicationcontroller"), cron_job("cronjob", batch))
    for app in ("deployment", "statefulset", "daemonset", "replicaset", "replicationcontroller", "lone"):
        space.await_ready(app)
    return space


def test_the_role_makes_an_account_for_each_feature_and_the_cluster_agrees(staff: Staff) -> None:
    assert staff.run.code == 0
    assert staff.run.recap["failed"] == 0
    for feature in FEATURES:
        made = staff.made(feature)
        assert (made["features"], made["namespaces"]) == ([feature], [staff.space.namespace])
        assert [one["feature"] for one in made["grants"]] == [feature]
        assert (staff.folder / feature).stat().st_mode & 0o777 == 0o600
    asked = [task for task in staff.run.tasks if task.name == "Ask the cluster, as the account, what it may do"]
    for feature, task in zip(FEATURES, asked, strict=True):
        operations = task.result["runtimes"][0]["permissions"]["operations"]
        assert [one["name"] for one in operations if one["allowed"]] == staff.made(feature)["operations"]


@dataclass(frozen=True)
class Deed:
    """A task as the account of a feature, and the rule that it lacks (empty: none). NS is the namespace, POD a pod."""

    feature: str
    module: str
    arguments: Mapping[str, Any]
    lacks: str = ""


STOP, START, RESTART = {"state": "stopped"}, {"state": "started"}, {"state": "restarted"}
DEEDS: Mapping[str, Deed] = {
    "read lists": Deed("read", INFO, {"namespaces": ["NS"], "details": True}),
    "read reads logs": Deed("read", LOGS, {"name": "NS/deployment/deployment"}),
    "read does not stop": Deed(
        "read", MODULE, {"name": "NS/deployment/deployment", **STOP}, "patch on deployments.apps in namespace NS"
    ),
    "read does not restart": Deed("read", MODULE, {"name": "POD", **RESTART}, "delete on pods in namespace NS"),
    "read does not look elsewhere": Deed("read", INFO, {"namespaces": ["HOME"]}, "list on pods in namespace HOME"),
    "stats measures": Deed("stats", STATS, {"name": "lone"}),
    "stats does not read logs": Deed("stats", LOGS, {"name": "lone"}, "get on pods/log in namespace NS"),
    "stats does not stop": Deed("stats", MODULE, {"name": "lone", **STOP}, "delete on pods in namespace NS"),
    "toolbox does not restart": Deed("toolbox", MODULE, {"name": "lone", **RESTART}, "create on pods in namespace NS"),
    "toolbox stops what it may deploy": Deed("toolbox", MODULE, {"name": "NS/statefulset/statefulset", **STOP}),
    "lifecycle lists": Deed("lifecycle", INFO, {"namespaces": ["NS"]}),
    "lifecycle does not measure": Deed(
        "lifecycle", STATS, {"name": "lone", "require_metrics": True}, "list on pods.metrics.k8s.io in namespace NS"
    ),
    "lifecycle stops": Deed("lifecycle", MODULE, {"name": "POD", **STOP}),
    "lifecycle starts": Deed("lifecycle", MODULE, {"name": "NS/deployment/deployment", **START}),
    "lifecycle rolls out": Deed("lifecycle", MODULE, {"name": "NS/deployment/deployment", **RESTART, "wait": False}),
    "lifecycle deletes pods": Deed(
        "lifecycle", MODULE, {"name": "NS/daemonset/daemonset", **RESTART, "restart_method": "recreate", "wait": False}
    ),
    "lifecycle stops a selection": Deed(
        "lifecycle",
        MODULE,
        {"namespaces": ["NS"], "filters": {"name": ["replica*"]}, **STOP, "force": True, "wait": False},
    ),
    "lifecycle suspends": Deed("lifecycle", MODULE, {"name": "NS/cronjob/cronjob", **STOP}),
    "lifecycle restarts a pod of its own": Deed("lifecycle", MODULE, {"name": "lone", **RESTART, "wait": False}),
}
REFUSED = [name for name, deed in DEEDS.items() if deed.lacks]


def filled(value: Any, places: Mapping[str, str]) -> Any:
    """Return a value with the names of namespaces and of a pod in it."""
    if isinstance(value, list):
        return [filled(one, places) for one in value]
    if isinstance(value, str):
        for place, name in places.items():
            value = value.replace(place, name)
    return value


@pytest.fixture(scope="module")
def done(controller: Controller, staff: Staff, busy: Space, home: Space) -> Run:
    """Do it all in one play, as loud as Ansible can."""
    places = {"NS": busy.namespace, "POD": busy.pod_names("deployment")[0], "HOME": home.namespace}
    tasks = [
        {
            "name": name,
            deed.module: {
                **staff.options(deed.feature),
                **{key: filled(value, places) for key, value in deed.arguments.items()},
            },
        }
        for name, deed in DEEDS.items()
    ]
    return controller.play(tasks, "-vvv")


@pytest.mark.parametrize("name", [name for name in DEEDS if name not in REFUSED])
def test_with_the_rights_of_a_feature_its_modules_work(name: str, done: Run) -> None:
    task = done.task(name)
    assert task.status == "ok", task.result["msg"]
    assert task.result["changed"] is (DEEDS[name].module == MODULE)
    assert not [warning for warning in task.result.get("warnings", ()) if "grant" in str(warning)]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_of_the_feature_is_refused_with_the_rule_to_grant(
    name: str, done: Run, busy: Space, home: Space
) -> None:
    failure = done.task(name).failure
    assert failure["code"] in ("permission_denied", "metrics_unavailable")
    assert (failure["code"] == "permission_denied") is (DEEDS[name].module != STATS)
    assert failure["hint"] == f"grant {DEEDS[name].lacks}".replace("NS", busy.namespace).replace("HOME", home.namespace)


def test_no_token_is_printed(staff: Staff, done: Run) -> None:
    for feature in FEATURES:
        token = json.loads((staff.folder / feature).read_text(encoding="utf-8"))["users"][0]["user"]["token"]
        assert len(token) > 100
        assert token not in staff.run.output + done.output


def test_the_role_fails_with_what_is_missing_when_the_cluster_does_not_agree(
    controller: Controller, space: Space, home: Space
) -> None:
    denies = Rule("^POST /apis/authorization.k8s.io/", status=201, message=b'{"status": {"allowed": false}}')
    with ApiProxy(space.cluster, denies) as proxy:
        variables = {
            "kubernetes_rbac_name": "denied",
            "kubernetes_rbac_namespace": home.namespace,
            "kubernetes_rbac_namespaces": [space.namespace],
            "kubernetes_rbac_runtimes": {"kubernetes": {"host": proxy.url}},
        }
        run = controller.command("ansible-playbook", ROLE, "-e", json.dumps(variables))
    assert run.code == 2
    told = run.task("Tell what is wrong with the account").result["msg"]
    assert f"system:serviceaccount:{home.namespace}:denied" in told
    assert "for logs it lacks get on pods, list on pods, get on pods/log" in told
    assert "list on deployments.apps" in told


def test_the_role_fails_when_an_account_has_rights_from_somewhere_else(
    controller: Controller, space: Space, home: Space
) -> None:
    subject = {"kind": "ServiceAccount", "name": "spoiled", "namespace": home.namespace}
    group = "rbac.authorization.k8s.io"
    binding = {"apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": {"name": "spoils"}}
    edit = {"apiGroup": group, "kind": "ClusterRole", "name": "edit"}
    space.make({**binding, "subjects": [subject], "roleRef": edit})
    variables = {
        "kubernetes_rbac_name": "spoiled",
        "kubernetes_rbac_namespace": home.namespace,
        "kubernetes_rbac_namespaces": space.namespace,
        "kubernetes_rbac_kubeconfig": str(home.kubeconfig),
    }
    run = controller.command("ansible-playbook", ROLE, "-e", json.dumps(variables))
    told = run.task("Tell what is wrong with the account").result["msg"]
    assert run.code == 2
    assert "it has rights from somewhere else for wait, stop_and_start_deployments," in told
    after = [
        {
            "name": word,
            "ansible.builtin.include_role": {"name": ROLE},
            "vars": {**variables, f"kubernetes_rbac_{word}": to},
        }
        for word, to in (("allow_more", True), ("state", "absent"))
    ]
    ended = run_play(controller, after)
    assert (ended.code, ended.recap["failed"], ended.recap["changed"]) == (0, 0, 1)
    left = space.cluster.items(path_of(f"{group}/v1", "RoleBinding", space.namespace))
    assert "spoils" in [one["metadata"]["name"] for one in left]
    assert not [one for one in left if one["metadata"]["name"].startswith(f"nekzus:{home.namespace}:spoiled:")]


def test_features_and_namespaces_may_be_texts_with_blanks(controller: Controller, space: Space, home: Space) -> None:
    variables = {
        "kubernetes_rbac_name": "texts",
        "kubernetes_rbac_namespace": home.namespace,
        "kubernetes_rbac_features": "read, stats",
        "kubernetes_rbac_namespaces": f"{space.namespace}, {home.namespace}",
        "kubernetes_rbac_kubeconfig": str(home.kubeconfig),
    }
    given = json.dumps(variables)
    run = controller.command("ansible-playbook", "nekzus.runtime.kubernetes_rbac", "--check", "-e", given)
    assert run.code == 0, run.output
    made = run.task("Bring the account into its state").result["account"]
    assert made["features"] == ["read", "stats"]
    assert made["namespaces"] == [space.namespace, home.namespace]
