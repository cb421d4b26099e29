# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rules of access each operation takes, and the role that grants what is missing."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.access import (
    OPERATIONS,
    every_grant,
    judge,
    review,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.permissions import Grant
from hypothesis import given, settings
from hypothesis import strategies as st

DEPLOYMENTS = [Grant(verb, "apps", "deployments") for verb in ("get", "patch")]


def test_no_operation_asks_for_more_than_the_collection_does() -> None:
    verbs: dict[str, set[str]] = {}
    for grant in every_grant():
        verbs.setdefault(f"{grant.resource}.{grant.group}".rstrip("."), set()).add(grant.verb)
    workload = {"get", "list", "patch"}
    kept = {"get", "list", "create", "patch", "delete"}
    assert verbs == {
        "pods": {"get", "list", "watch", "create", "delete"},
        "pods/log": {"get"},
        "pods.metrics.k8s.io": {"list"},
        "events": {"list"},
        "deployments.apps": kept,
        "statefulsets.apps": kept,
        "daemonsets.apps": kept,
        "replicasets.apps": workload,
        "replicationcontrollers": workload,
        "jobs.batch": kept,
        "cronjobs.batch": kept,
        "horizontalpodautoscalers.autoscaling": {"list"},
        "services": kept,
        "ingresses.networking.k8s.io": kept,
        "configmaps": kept,
        "secrets": kept,
        "persistentvolumeclaims": kept,
        "serviceaccounts": {"get"},
    }


def test_each_rule_is_asked_for_once() -> None:
    grants = every_grant()
    assert len(grants) == len(set(grants)) == 66


def test_a_question_names_verb_group_resource_and_namespace() -> None:
    assert review(Grant("patch", "apps", "deployments"), "prod") == {
        "spec": {
            "resourceAttributes": {
                "verb": "patch",
                "group": "apps",
                "resource": "deployments",
                "subresource": "",
                "namespace": "prod",
            }
        }
    }


def test_a_question_about_a_subresource_names_it_apart() -> None:
    asked = review(Grant("get", "", "pods/log"), "")["spec"]["resourceAttributes"]
    assert (asked["resource"], asked["subresource"], asked["namespace"]) == ("pods", "log", "")


@pytest.mark.parametrize("namespaces", [(), ("prod",), ("prod", "dev")])
def test_where_nothing_is_missing_all_is_allowed_and_no_role_is_needed(namespaces: tuple[str, ...]) -> None:
    found = judge(namespaces, ())
    assert [one.name for one in found.operations] == list(OPERATIONS)
    assert all(one.allowed and not one.missing for one in found.operations)
    assert found.namespaces == namespaces
    assert found.role is None


def test_an_operation_says_what_it_lacks_and_others_are_not_touched() -> None:
    found = {one.name: one for one in judge(("prod",), {DEPLOYMENTS[1]}).operations}
    denied = {name for name, one in found.items() if not one.allowed}
    assert denied == {"stop_and_start_deployments", "roll_out_deployments", "deploy"}
    assert {found[name].missing for name in denied} == {(DEPLOYMENTS[1],)}


@pytest.mark.parametrize(
    ("namespaces", "kind", "metadata"),
    [
        (("prod",), "Role", {"name": "nekzus-runtime", "namespace": "prod"}),
        ((), "ClusterRole", {"name": "nekzus-runtime"}),
        (("prod", "dev"), "ClusterRole", {"name": "nekzus-runtime"}),
    ],
    ids=["one namespace", "all namespaces", "several namespaces"],
)
def test_the_role_is_one_of_the_namespace_or_of_the_cluster(
    namespaces: tuple[str, ...], kind: str, metadata: dict[str, str]
) -> None:
    assert judge(namespaces, set(DEPLOYMENTS)).role == {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": kind,
        "metadata": metadata,
        "rules": [{"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "patch"]}],
    }


def test_the_role_for_everything_is_compact() -> None:
    role = judge((), every_grant()).role
    assert role
    changed, kept = ["get", "list", "patch"], ["get", "list", "create", "patch", "delete"]
    assert role["rules"] == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch", "create", "delete"]},
        {"apiGroups": ["apps"], "resources": ["deployments", "statefulsets", "daemonsets"], "verbs": kept},
        {"apiGroups": ["apps"], "resources": ["replicasets"], "verbs": changed},
        {"apiGroups": [""], "resources": ["replicationcontrollers"], "verbs": changed},
        {"apiGroups": ["batch"], "resources": ["jobs", "cronjobs"], "verbs": kept},
        {"apiGroups": [""], "resources": ["pods/log", "serviceaccounts"], "verbs": ["get"]},
        {"apiGroups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["list"]},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["list"]},
        {"apiGroups": ["autoscaling"], "resources": ["horizontalpodautoscalers"], "verbs": ["list"]},
        {
            "apiGroups": [""],
            "resources": ["services", "configmaps", "secrets", "persistentvolumeclaims"],
            "verbs": kept,
        },
        {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], "verbs": kept},
    ]


@settings(deadline=None, derandomize=True, database=None, max_examples=100)
@given(st.sets(st.sampled_from(every_grant()), min_size=1))
def test_the_role_grants_exactly_what_is_missing(missing: set[Grant]) -> None:
    role = judge(("prod",), missing).role
    assert role
    granted = [
        Grant(verb, group, resource)
        for rule in role["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    ]
    assert len(granted) == len(set(granted))
    assert set(granted) == missing
