# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of an account, and how they are told from those that are there. Pure."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.order import AccountOrder, TokenKind
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import access, rbac
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    ROLE,
    ROLE_BINDING,
    SECRET,
    SERVICE_ACCOUNT,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.permissions import Grant

READ, STATS, LIFECYCLE, TOOLBOX = Feature.READ, Feature.STATS, Feature.LIFECYCLE, Feature.TOOLBOX
EXPORT = Feature.EXPORT
NAME = "nekzus:ops:bot:read"
LABELS = {
    "app.kubernetes.io/managed-by": "nekzus.runtime",
    "nekzus.io/account": "bot",
    "nekzus.io/account-namespace": "ops",
}


def order(*features: Feature, namespaces: tuple[str, ...] = ("prod",), **fields: Any) -> AccountOrder:
    return AccountOrder("bot", namespace="ops", features=features or (READ,), namespaces=namespaces, **fields)


def pieces(*features: Feature, **fields: Any) -> tuple[rbac.Piece, ...]:
    return rbac.wanted_pieces(order(*features, **fields))


def stored(wanted: tuple[rbac.Piece, ...], **changes: Any) -> list[rbac.Piece]:
    """Return pieces as a cluster has them."""
    return [
        rbac.Piece(
            one.resource,
            {**one.document, "metadata": {**one.document["metadata"], "uid": f"u{at}", "managedFields": []}, **changes},
        )
        for at, one in enumerate(wanted)
    ]


def told(found: list[rbac.Piece], wanted: tuple[rbac.Piece, ...]) -> list[str]:
    return [f"{one.action} {one.title}" for one in rbac.compare(found, wanted)]


def test_an_account_is_what_it_is_and_a_role_and_a_binding_for_each_feature_in_each_namespace() -> None:
    assert [one.key for one in pieces(READ, STATS, namespaces=("prod", "dev"))] == [
        ("ServiceAccount", "ops", "bot"),
        *[
            (kind, namespace, f"nekzus:ops:bot:{feature}")
            for feature in ("read", "stats")
            for namespace in ("prod", "dev")
            for kind in ("Role", "RoleBinding")
        ],
    ]


def test_for_the_whole_cluster_they_are_of_the_cluster() -> None:
    found = pieces(STATS, namespaces=(), everywhere=True)
    assert [one.key for one in found][1:] == [
        ("ClusterRole", "", "nekzus:ops:bot:stats"),
        ("ClusterRoleBinding", "", "nekzus:ops:bot:stats"),
    ]
    assert {"apiGroups": [""], "resources": ["nodes"], "verbs": ["list"]} in found[1].document["rules"]


def test_a_binding_binds_the_account_to_its_role() -> None:
    binding = pieces()[2]
    assert binding.document == {
        "metadata": {"name": NAME, "namespace": "prod", "labels": LABELS},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": "bot", "namespace": "ops"}],
    }


def test_no_pod_gets_the_accounts_token_by_itself() -> None:
    assert pieces()[0].document["automountServiceAccountToken"] is False


def test_a_lasting_token_has_a_secret_that_asks_for_it() -> None:
    account, secret = pieces(token=TokenKind.LASTING)[:2]
    assert account.document["metadata"]["annotations"] == {"nekzus.io/token": "lasting"}
    assert (secret.key, secret.document["type"]) == (
        ("Secret", "ops", "bot-nekzus-token"),
        "kubernetes.io/service-account-token",
    )
    assert secret.document["metadata"]["annotations"] == {"kubernetes.io/service-account.name": "bot"}
    assert SECRET not in [one.resource for one in pieces()]


def test_an_absent_account_consists_of_nothing() -> None:
    assert pieces(present=False) == ()
    assert rbac.record_of(order(present=False)) is None


def test_no_two_accounts_have_an_object_in_common() -> None:
    orders = [AccountOrder(name, namespace=home, features=(READ,), namespaces=("prod",)) for name, home in [
        ("bot", "ops"), ("bot", "ops-a"), ("a-bot", "ops"), ("bot.a", "ops"), ("a", "ops-bot")
    ]]  # fmt: skip
    keys = [piece.key for one in orders for piece in rbac.wanted_pieces(one)]
    assert len(keys) == len(set(keys))


def test_what_is_as_it_should_be_is_left_alone_whatever_others_said_of_it() -> None:
    found = stored(pieces(READ, STATS), secrets=[{"name": "bot-token-x"}])
    assert told(found, pieces(READ, STATS)) == []


def test_what_is_not_there_is_made_roles_before_what_binds_them() -> None:
    assert told([], pieces(READ, token=TokenKind.LASTING)) == [
        "created ServiceAccount ops/bot",
        "created Secret ops/bot-nekzus-token",
        f"created Role prod/{NAME}",
        f"created RoleBinding prod/{NAME}",
    ]


def test_what_is_not_wanted_goes_first_and_bindings_before_roles() -> None:
    assert told(stored(pieces(READ)), pieces(STATS)) == [
        f"removed RoleBinding prod/{NAME}",
        f"removed Role prod/{NAME}",
        "created Role prod/nekzus:ops:bot:stats",
        "created RoleBinding prod/nekzus:ops:bot:stats",
    ]


def test_an_absent_account_goes_last_of_its_objects() -> None:
    assert told(stored(pieces(READ)), ()) == [
        f"removed RoleBinding prod/{NAME}",
        f"removed Role prod/{NAME}",
        "removed ServiceAccount ops/bot",
    ]


@pytest.mark.parametrize(
    ("resource", "changes"),
    [
        (ROLE, {"rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}),
        (ROLE, {"rules": None}),
        (ROLE_BINDING, {"subjects": [{"kind": "User", "name": "mallory"}]}),
        (SERVICE_ACCOUNT, {"automountServiceAccountToken": True}),
    ],
)
def test_what_somebody_changed_is_changed_back_and_is_still_the_same_object(
    resource: Any, changes: dict[str, Any]
) -> None:
    found = [
        rbac.Piece(one.resource, {**one.document, **changes}) if one.resource == resource else one
        for one in stored(pieces())
    ]
    (change,) = rbac.compare(found, pieces())
    assert (change.action, change.kind) == ("changed", resource.kind)
    assert change.uid.startswith("u")


def test_a_binding_to_another_role_is_made_anew() -> None:
    found = stored(pieces())
    other = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"}
    found[2] = rbac.Piece(ROLE_BINDING, {**found[2].document, "roleRef": other})
    assert told(found, pieces()) == [f"removed RoleBinding prod/{NAME}", f"created RoleBinding prod/{NAME}"]


def test_only_what_has_our_labels_and_our_name_is_ours() -> None:
    account, role, _binding = stored(pieces())
    assert rbac.is_ours(account, order())
    assert rbac.is_ours(role, order())
    metadata = role.document["metadata"]
    for strange in (
        {**metadata, "name": "copied"},
        {**metadata, "name": "nekzus:ops:bot2:read"},
        {**metadata, "labels": {}},
        {**metadata, "labels": {**LABELS, "nekzus.io/account-namespace": "other"}},
    ):
        assert not rbac.is_ours(rbac.Piece(ROLE, {**role.document, "metadata": strange}), order())


def test_no_token_is_shown_of_a_secret() -> None:
    secret = stored(pieces(token=TokenKind.LASTING), data={"token": "c2VjcmV0"})[1]
    noted = {
        **secret.document["metadata"]["annotations"],
        "kubectl.kubernetes.io/last-applied-configuration": "c2VjcmV0",
    }
    shown = rbac.Piece(SECRET, {**secret.document, "metadata": {**secret.document["metadata"], "annotations": noted}})
    assert "c2VjcmV0" not in str(shown.shown)
    assert shown.shown["metadata"]["annotations"] == {"kubernetes.io/service-account.name": "bot"}


@pytest.mark.parametrize("features", [(one,) for one in Feature] + [(READ, STATS), tuple(Feature)])
def test_a_role_has_exactly_the_rules_of_the_operations_of_its_feature(features: tuple[Feature, ...]) -> None:
    granted = {
        Grant(verb, group, resource)
        for piece in pieces(*features)
        for rule in piece.document.get("rules", ())
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert granted == set(access.every_grant(features))
    record = rbac.record_of(order(*features))
    assert record
    assert set(record.operations) >= set(access.operations_of(features))
    for name, grants in access.operations_of(tuple(Feature)).items():
        assert (name in record.operations) is granted.issuperset(grants)


def test_reading_and_measuring_change_nothing() -> None:
    assert {grant.verb for grant in access.every_grant((READ, STATS))} == {"get", "list"}


def test_to_export_takes_reading_alone_and_is_not_of_lifecycle() -> None:
    verbs = {grant.verb for grant in access.every_grant((EXPORT,))}
    assert verbs == {"get", "list"}
    assert "export" not in access.operations_of((LIFECYCLE,))
    kinds = {grant.resource for grants in access.operations_of((EXPORT,)).values() for grant in grants}
    assert {"secrets", "configmaps", "serviceaccounts", "persistentvolumeclaims", "ingresses", "services"} <= kinds


def test_what_the_collection_does_is_what_all_features_are_for() -> None:
    assert set(access.operations_of()) == set(access.OPERATIONS)
    assert set(access.operations_of((READ, LIFECYCLE, STATS, EXPORT, TOOLBOX))) == set(access.OPERATIONS)
    assert set(access.operations_of((TOOLBOX,))) == {"list", "inspect", "wait", "deploy", "deploy_manifests"}
