# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts on a real cluster: made, changed, left alone, removed; and what is refused leaves no trace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import path_of
from .controller import INFO
from .service_account import kubeconfig_of, make_account, rule
from .space import Space

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .cluster import Cluster
    from .controller import Controller, Run

ACCOUNT = "nekzus.runtime.nekzus_account"
RBAC = "rbac.authorization.k8s.io/v1"
OURS = {"app.kubernetes.io/managed-by": "nekzus.runtime"}
OF_THE_CLUSTER = ("ClusterRole", "ClusterRoleBinding")


@pytest.fixture(scope="module")
def home(cluster: Cluster) -> Iterator[Space]:
    """Give the accounts a namespace to live in, and take away what they have of the whole cluster."""
    place = Space(cluster, "accounts-home").open()
    yield place
    for kind in OF_THE_CLUSTER:
        cluster.delete(path_of(RBAC, kind), labels={"nekzus.io/account-namespace": place.namespace})
    place.close()


@dataclass(frozen=True)
class Office:
    """Makes accounts in a home that may act in a space, and sees what there is of them."""

    controller: Controller
    space: Space
    home: Space
    folder: Path

    def task(self, title: str, name: str, **arguments: Any) -> dict[str, Any]:
        """Return a task about an account; what is None is not said."""
        told = {
            "runtime": "kubernetes",
            "kubeconfig": str(self.home.kubeconfig),
            "namespace": self.home.namespace,
            "name": name,
            "features": ["read"],
            "namespaces": [self.space.namespace],
        }
        own = {key: value for key, value in {**told, **arguments}.items() if value is not None}
        return {"name": title, ACCOUNT: own}

    def granted(self, name: str) -> list[str]:
        """Return the roles and bindings that an account has, as ``KIND FEATURE``, in all of the cluster."""
        labels = {**OURS, "nekzus.io/account": name, "nekzus.io/account-namespace": self.home.namespace}
        cluster = self.space.cluster
        found = []
        for kind in ("Role", "RoleBinding", *OF_THE_CLUSTER):
            for one in cluster.items(path_of(RBAC, kind), labels):
                assert one["metadata"]["name"].startswith(f"nekzus:{self.home.namespace}:{name}:")
                found.append(f"{kind} {one['metadata']['name'].rpartition(':')[2]}")
        return found

    def find(self, kind: str, name: str) -> dict[str, Any] | None:
        """Return an object of the home."""
        return self.home.cluster.find(path_of("v1", kind, self.home.namespace, name))


@pytest.fixture(scope="module")
def office(controller: Controller, space: Space, home: Space, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(controller, space, home, tmp_path_factory.mktemp("office"))


def actions(run: Run, name: str) -> list[str]:
    """Return what a task did, as ``KIND ACTION``."""
    task = run.task(name)
    assert task.status == "ok", task.result["msg"]
    return [f"{one['kind']} {one['action']}" for one in task.result["changes"]]


def changes(run: Run) -> dict[str, tuple[bool, bool]]:
    """Return of each task whether it changed anything, and whether the file."""
    return {task.name: (task.result["changed"], task.result["kubeconfig_changed"]) for task in run.tasks}


def test_an_account_is_predicted_made_and_left_alone(office: Office) -> None:
    dest = office.folder / "deep" / "clerk"
    wanted = {"features": ["read", "stats"], "kubeconfig_dest": str(dest)}
    predicted = office.controller.play(
        [{**office.task("predict", "clerk", **wanted), "check_mode": True, "diff": True}]
    )
    assert changes(predicted) == {"predict": (True, True)}
    assert not dest.exists()
    assert office.find("ServiceAccount", "clerk") is None
    assert office.granted("clerk") == []

    tasks = [office.task(title, "clerk", **wanted) for title in ("make", "again", "check")]
    made = office.controller.play([*tasks[:2], {**tasks[2], "check_mode": True}], "-vvv", "--diff")
    assert changes(made) == {"make": (True, True), "again": (False, False), "check": (False, False)}
    assert made.task("make").result["changes"] == predicted.task("predict").result["changes"]
    assert office.granted("clerk") == ["Role read", "Role stats", "RoleBinding read", "RoleBinding stats"]
    account = office.find("ServiceAccount", "clerk")
    assert account
    assert account["automountServiceAccountToken"] is False
    assert dest.stat().st_mode & 0o777 == 0o600
    token = json.loads(dest.read_text(encoding="utf-8"))["users"][0]["user"]["token"]
    assert token not in predicted.output + made.output


def test_what_an_account_is_not_to_have_any_more_goes_away(office: Office) -> None:
    everywhere = {"namespaces": None, "all_namespaces": True}
    run = office.controller.play(
        [
            office.task("make", "porter", features=["read", "lifecycle"]),
            office.task("fewer", "porter"),
            office.task("elsewhere", "porter", namespaces=[office.home.namespace]),
            office.task("everywhere", "porter", **everywhere),
            office.task("again", "porter", **everywhere),
        ]
    )
    assert actions(run, "fewer") == ["RoleBinding removed", "Role removed"]
    moved = ["RoleBinding removed", "Role removed", "Role created", "RoleBinding created"]
    assert actions(run, "elsewhere") == moved
    assert actions(run, "everywhere") == [*moved[:2], "ClusterRole created", "ClusterRoleBinding created"]
    assert actions(run, "again") == []
    assert office.granted("porter") == ["ClusterRole read", "ClusterRoleBinding read"]


def test_a_lasting_token_is_kept_in_a_secret_and_goes_with_it(office: Office) -> None:
    dest = office.folder / "clock"
    wanted = {"kubeconfig_dest": str(dest)}
    look = {"name": "look", INFO: {"kubeconfig": str(dest), "namespaces": [office.space.namespace]}}
    lasting = [office.task(title, "clock", token="lasting", **wanted) for title in ("last", "keep")]  # noqa: S106
    run = office.controller.play([*lasting, look])
    assert [task.result["changed"] for task in run.tasks] == [True, False, False]
    assert run.task("keep").result["account"]["token_expires"] is None
    assert run.task("look").status == "ok"
    assert office.find("Secret", "clock-nekzus-token")
    run = office.controller.play([office.task("expire", "clock", **wanted), look])
    assert actions(run, "expire") == ["Secret removed", "ServiceAccount changed"]
    assert run.task("expire").result["account"]["token_expires"]
    assert run.task("look").status == "ok"
    assert office.find("Secret", "clock-nekzus-token") is None


def test_an_account_is_removed_with_all_it_has_and_its_token_ends(office: Office) -> None:
    dest, kept = office.folder / "leaver", office.folder / "kept"
    made = office.controller.play([office.task("make", "leaver", kubeconfig_dest=str(dest))])
    assert changes(made) == {"make": (True, True)}
    kept.write_bytes(dest.read_bytes())
    go = [
        office.task(title, "leaver", state="absent", features=None, namespaces=None, kubeconfig_dest=str(dest))
        for title in ("would go", "go", "go again")
    ]
    look = {"name": "look", INFO: {"kubeconfig": str(kept), "namespaces": [office.space.namespace]}}
    run = office.controller.play([{**go[0], "check_mode": True}, *go[1:], look])
    assert [task.result["changed"] for task in run.tasks] == [True, True, False, False]
    assert office.granted("leaver") == []
    assert office.find("ServiceAccount", "leaver") is None
    assert not dest.exists()
    failure = run.task("look").failure
    assert (failure["code"], "log in again" in failure["hint"]) == ("permission_denied", True)


def test_the_kubeconfig_is_returned_to_a_task_that_prints_nothing(office: Office) -> None:
    make = {**office.task("make", "courier", return_kubeconfig=True), "no_log": True, "register": "courier"}
    look = {
        "name": "look",
        INFO: {"kubeconfig": "{{ courier.kubeconfig }}", "namespaces": [office.space.namespace]},
    }
    shown = office.task("shown", "courier", return_kubeconfig=True)
    run = office.controller.play([make, look, shown], "-vvv")
    assert run.task("look").status == "ok"
    assert "no_log" in run.task("shown").failure["hint"]
    assert '"token": "ey' not in run.output


def test_what_belongs_to_somebody_else_is_left_as_it_is(office: Office) -> None:
    cluster = office.space.cluster
    name = f"nekzus:{office.home.namespace}:rival:read"
    theirs = {"apiVersion": RBAC, "kind": "Role", "metadata": {"name": name}, "rules": [rule("pods", "get")]}
    office.space.make(theirs)
    file = office.folder / "config"
    file.write_text("apiVersion: v1\n", encoding="utf-8")
    run = office.controller.play(
        [
            office.task("role", "rival"),
            office.task("account", "default"),
            office.task("their account", "default", state="absent"),
            office.task("file", "writer", kubeconfig_dest=str(file)),
        ]
    )
    assert {task.name: task.failure["code"] for task in run.tasks} == dict.fromkeys(
        ("role", "account", "their account", "file"), "conflict"
    )
    assert "a Role" in run.task("role").failure["message"]
    assert office.find("ServiceAccount", "rival") is None
    assert office.find("ServiceAccount", "writer") is None
    assert "automountServiceAccountToken" not in (office.find("ServiceAccount", "default") or {})
    kept = cluster.find(path_of(RBAC, "Role", office.space.namespace, name))
    assert kept
    assert kept["rules"] == theirs["rules"]
    assert file.read_text(encoding="utf-8") == "apiVersion: v1\n"


ROLES, BINDINGS = f"roles.{RBAC[:-3]}", f"rolebindings.{RBAC[:-3]}"
WRITES = ("get", "list", "patch", "create", "delete")
KNOWN = (rule("serviceaccounts", *WRITES), rule(ROLES, *WRITES), rule(BINDINGS, *WRITES))
# What who makes an account may do, and what is missing. NS is the namespace; the account lives and acts in it.
CALLERS: Mapping[str, tuple[tuple[dict[str, Any], ...], str]] = {
    "nothing": ((), f"grant list on {ROLES} in namespace NS"),
    "look": (tuple(rule(one, "get", "list") for one in ("serviceaccounts", ROLES, BINDINGS)), "grant patch on"),
    "no-creation": (
        (rule("serviceaccounts", "get", "patch"), *KNOWN[1:]),
        "grant create on serviceaccounts in namespace NS",
    ),
    "escalation": (KNOWN, f"run it as who may do it, or grant escalate and bind on {ROLES} in namespace NS"),
    "no-token": ((*KNOWN, rule(ROLES, "escalate", "bind")), "grant create on serviceaccounts/token in namespace NS"),
    "enough": ((*KNOWN, rule(ROLES, "escalate", "bind"), rule("serviceaccounts/token", "create")), ""),
}


@pytest.fixture(scope="module")
def callers(office: Office) -> Run:
    """Have an account made by each of those who may do little, in a namespace of theirs."""
    own = office.space.namespace
    tasks = []
    for name, (rules, _missing) in CALLERS.items():
        token = make_account(office.space, f"caller-{name}", rules)
        kubeconfig = kubeconfig_of(office.space, token, office.folder / f"caller-{name}")
        wanted = {"kubeconfig": kubeconfig, "namespace": own, "kubeconfig_dest": str(office.folder / f"made-{name}")}
        tasks.append(office.task(name, f"made-by-{name}", **wanted))
    return office.controller.play(tasks)


@pytest.mark.parametrize("name", [name for name, (_rules, missing) in CALLERS.items() if missing])
def test_who_may_not_make_an_account_is_told_the_rule_that_is_missing(name: str, callers: Run, office: Office) -> None:
    failure = callers.task(name).failure
    assert failure["code"] == "permission_denied"
    assert failure["hint"].startswith(CALLERS[name][1].replace("NS", office.space.namespace))
    assert not (office.folder / f"made-{name}").exists()


def test_who_may_grant_in_a_namespace_alone_is_told_that_he_does_not_see_the_others(callers: Run) -> None:
    task = callers.task("enough")
    assert task.status == "ok", task.result["msg"]
    (warning,) = task.result["warnings"]
    assert f"grant list on {ROLES} in all namespaces" in str(warning)


def test_who_keeps_to_some_namespaces_does_not_look_into_others(office: Office) -> None:
    own = office.space.namespace
    token = make_account(office.space, "keeper", CALLERS["enough"][0])
    kubeconfig = kubeconfig_of(office.space, token, office.folder / "keeper")
    keeps = {"kubeconfig": kubeconfig, "namespace": own, "runtimes": {"kubernetes": {"namespaces": [own]}}}
    everywhere = {"namespaces": None, "all_namespaces": True}
    run = office.controller.play(
        [office.task("make", "kept", **keeps), office.task("all", "kept", **keeps, **everywhere)]
    )
    assert not run.task("make").result.get("warnings")
    assert run.task("make").result["changed"]
    assert run.task("all").failure["code"] == "invalid_target"


def test_where_nothing_can_be_made_nothing_is(office: Office) -> None:
    run = office.controller.play(
        [
            office.task("nowhere", "lost", namespaces=[office.space.namespace, "nkz-there-is-none"]),
            office.task("no home", "lost", namespace="nkz-there-is-none"),
            office.task("long", "x" * 64),
            office.task("wrong", "Lost_One"),
            office.task("unsaid", "lost", namespaces=None),
        ]
    )
    codes = {task.name: task.failure["code"] for task in run.tasks}
    assert codes == {
        **dict.fromkeys(("nowhere", "no home", "long", "wrong"), "invalid_target"),
        "unsaid": "invalid_config",
    }
    assert "there is no namespace nkz-there-is-none" in run.task("nowhere").failure["message"]
    assert office.granted("lost") == []
    assert office.find("ServiceAccount", "lost") is None
