# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts on a cluster: what is asked for, what is written, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    InvalidTargetError,
    PermissionDeniedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CLUSTER_ROLE,
    NAMESPACE,
    ROLE,
    SECRET,
    SERVICE_ACCOUNT,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_accounts import (
    GONE,
    LASTING,
    NAME,
    ORDER,
    accounts,
    furnished,
    made,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.order import AccountOrder
    from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes


@pytest.fixture
def kubernetes() -> FakeKubernetes:
    """Return a cluster with some namespaces."""
    return furnished()


def requests(kubernetes: FakeKubernetes) -> list[str]:
    found = [str(call) for call in kubernetes.calls]
    kubernetes.calls.clear()
    return found


def denied(verb: str = "list") -> PermissionDeniedError:
    return PermissionDeniedError("forbidden", hint=f"grant {verb} on roles")


def test_what_is_as_it_should_be_takes_five_requests_and_no_write(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    requests(kubernetes)
    assert made(kubernetes).changes == ()
    assert requests(kubernetes) == [
        *("LIST roles", "LIST rolebindings", "LIST clusterroles", "LIST clusterrolebindings"),
        "GET serviceaccounts/bot",
    ]


def test_each_change_is_one_request_and_what_is_new_is_never_forced(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    assert [(call.verb, call.kind, call.detail["force"]) for call in kubernetes.writes] == [
        ("APPLY", "serviceaccounts", False),
        ("APPLY", "roles", False),
        ("APPLY", "rolebindings", False),
    ]


def test_looking_writes_nothing(kubernetes: FakeKubernetes) -> None:
    plan = accounts(kubernetes).plan(ORDER)
    assert len(plan.changes) == 3
    assert kubernetes.writes == []


def test_what_somebody_changed_is_taken_back_by_force(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    kubernetes.cluster.edit(ROLE, NAME, {"rules": [{"verbs": ["*"]}]}, namespace="prod")
    plan = made(kubernetes)
    assert [one.title for one in plan.changes] == [f"Role prod/{NAME}"]
    assert kubernetes.writes[-1].detail["force"] is True
    assert made(kubernetes).changes == ()


def test_what_has_another_uid_by_then_is_not_changed(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    kubernetes.cluster.edit(ROLE, NAME, {"rules": []}, namespace="prod")
    plan = accounts(kubernetes).plan(ORDER)
    theirs = kubernetes.cluster.document(ROLE, NAME, "prod")
    kubernetes.cluster.remove(ROLE, NAME, "prod")
    kubernetes.cluster.add(ROLE, {"metadata": {"name": NAME, "namespace": "prod"}, "rules": theirs["rules"]})
    with pytest.raises(ConflictError):
        accounts(kubernetes).execute(plan)
    assert kubernetes.cluster.document(ROLE, NAME, "prod")["rules"] == []


def test_who_is_in_the_way_by_then_is_not_overrun(kubernetes: FakeKubernetes) -> None:
    plan = accounts(kubernetes).plan(ORDER)
    theirs = [{"apiGroups": [""], "resources": ["nodes"], "verbs": ["get"]}]
    kubernetes.cluster.add(ROLE, {"metadata": {"name": NAME, "namespace": "prod"}, "rules": theirs})
    with pytest.raises(ConflictError, match=r"else has set \.rules") as caught:
        accounts(kubernetes).execute(plan)
    assert caught.value.hint
    assert kubernetes.cluster.document(ROLE, NAME, "prod")["rules"] == theirs


@pytest.mark.parametrize(
    ("after", "gone", "come"),
    [
        (replace(ORDER, features=(Feature.STATS,)), 2, 2),
        (replace(ORDER, namespaces=("dev",)), 2, 2),
        (replace(ORDER, namespaces=(), everywhere=True), 2, 2),
        (replace(ORDER, namespaces=("prod", "dev")), 0, 2),
        (GONE, 3, 0),
    ],
)
def test_what_is_not_wanted_any_more_goes_away(
    kubernetes: FakeKubernetes, after: AccountOrder, gone: int, come: int
) -> None:
    made(kubernetes)
    actions = [one.action.value for one in made(kubernetes, after).changes]
    assert actions == ["removed"] * gone + ["created"] * come
    assert made(kubernetes, after).changes == ()


def test_what_is_gone_already_need_not_be_removed(kubernetes: FakeKubernetes) -> None:
    made(kubernetes)
    plan = accounts(kubernetes).plan(GONE)
    kubernetes.cluster.remove(ROLE, NAME, "prod")
    accounts(kubernetes).execute(plan)
    assert made(kubernetes, GONE).changes == ()


def test_an_account_removed_by_hand_leaves_nothing_that_is_not_found(kubernetes: FakeKubernetes) -> None:
    made(kubernetes, replace(ORDER, namespaces=("prod", "dev")))
    kubernetes.cluster.remove(SERVICE_ACCOUNT, "bot", "ops")
    assert len(made(kubernetes, GONE).changes) == 4


@pytest.mark.parametrize(
    ("resource", "namespace", "name", "order"),
    [
        (SERVICE_ACCOUNT, "ops", "bot", ORDER),
        (SERVICE_ACCOUNT, "ops", "bot", GONE),
        (ROLE, "prod", NAME, ORDER),
        (CLUSTER_ROLE, "", NAME, replace(ORDER, namespaces=(), everywhere=True)),
        (SECRET, "ops", "bot-nekzus-token", LASTING),
    ],
)
def test_what_belongs_to_somebody_else_is_a_conflict_before_anything_is_written(
    kubernetes: FakeKubernetes, resource: Any, namespace: str, name: str, order: AccountOrder
) -> None:
    kubernetes.cluster.add(resource, {"metadata": {"name": name, **({"namespace": namespace} if namespace else {})}})
    with pytest.raises(ConflictError, match=rf"there is a {resource.kind} {name}.* has not made") as caught:
        made(kubernetes, order)
    assert "left as it is" in str(caught.value.hint)
    assert kubernetes.writes == []


def test_a_namespace_that_is_not_there_is_told_before_anything_is_written(kubernetes: FakeKubernetes) -> None:
    with pytest.raises(InvalidTargetError, match="there is no namespace nowhere"):
        made(kubernetes, replace(ORDER, namespaces=("prod", "nowhere")))
    kubernetes.cluster.edit(NAMESPACE, "dev", {"status": {"phase": "Terminating"}}, namespace="")
    with pytest.raises(ConflictError, match="namespace dev is being deleted"):
        made(kubernetes, replace(ORDER, namespaces=("dev",)))
    assert kubernetes.writes == []


def test_who_may_not_look_at_namespaces_makes_accounts_all_the_same(kubernetes: FakeKubernetes) -> None:
    kubernetes.fail("GET", denied("get"), kind="namespaces", nth=0)
    assert len(made(kubernetes).changes) == 3


def test_who_may_not_look_everywhere_looks_where_the_account_acts_and_is_warned(kubernetes: FakeKubernetes) -> None:
    made(kubernetes, replace(ORDER, namespaces=("prod", "dev")))
    for kind in ("roles", "rolebindings", "clusterroles", "clusterrolebindings"):
        kubernetes.fail("LIST", denied(), kind=kind, nth=1)
    plan = made(kubernetes, replace(ORDER, features=(Feature.STATS,)))
    assert plan.warnings == (
        "what the account was granted elsewhere cannot be seen, and stays as it is: grant list on roles",
    )
    assert {(one.kind, one.namespace, one.action.value) for one in plan.changes} == {
        (kind, "prod", action) for kind in ("Role", "RoleBinding") for action in ("removed", "created")
    }


def test_who_grants_everywhere_has_to_see_everything(kubernetes: FakeKubernetes) -> None:
    kubernetes.fail("LIST", denied(), kind="clusterroles")
    with pytest.raises(PermissionDeniedError):
        made(kubernetes, replace(ORDER, namespaces=(), everywhere=True))


def test_who_keeps_to_some_namespaces_asks_for_nothing_else(kubernetes: FakeKubernetes) -> None:
    plan = accounts(kubernetes, "ops", "prod").plan(ORDER)
    assert plan.warnings == ()
    assert {call.namespace for call in kubernetes.calls if call.verb == "LIST"} == {"ops", "prod"}
    assert not [call for call in kubernetes.calls if call.kind.startswith("cluster")]


@pytest.mark.parametrize(
    "order",
    [
        replace(ORDER, namespaces=("dev",)),
        replace(ORDER, namespace="dev"),
        replace(ORDER, namespaces=(), everywhere=True),
    ],
)
def test_what_is_outside_of_the_namespaces_to_keep_to_is_refused(
    kubernetes: FakeKubernetes, order: AccountOrder
) -> None:
    with pytest.raises(InvalidTargetError) as caught:
        accounts(kubernetes, "ops", "prod").plan(order)
    assert caught.value.hint
    assert kubernetes.calls == []


def test_an_account_without_a_namespace_lives_in_that_of_the_context(kubernetes: FakeKubernetes) -> None:
    kubernetes.namespace = "dev"
    assert accounts(kubernetes).plan(replace(ORDER, namespace="")).order.namespace == "dev"
    kubernetes.namespace = ""
    with pytest.raises(InvalidTargetError, match="which namespace"):
        accounts(kubernetes, "ops", "prod").plan(replace(ORDER, namespace=""))
