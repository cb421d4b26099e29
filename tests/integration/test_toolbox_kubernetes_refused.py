# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What deploying in a cluster meets: quotas, admission rules, objects of others, missing rights, others who deploy."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import path_of
from .kubernetes_deployment import MARK, KubernetesDeployment
from .kubernetes_shop import PARTS, SECRET, running, serves, shop
from .manifests import deployment
from .service_account import kubeconfig_of, make_account, rule
from .webhook import unserved_webhook

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (  # isort: skip
    ApiError,
    ConflictError,
    InvalidTargetError,
    InvalidTemplateError,
    NekzusError,
    NotReadyError,
    PermissionDeniedError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .space import Space


@pytest.fixture
def place(space: Space, request: pytest.FixtureRequest) -> Iterator[KubernetesDeployment]:
    """Give the test a deployment of its own."""
    found = KubernetesDeployment(space, request.node.nodeid)
    found.clear()
    yield found
    found.clear()


@pytest.fixture
def quota(space: Space, request: pytest.FixtureRequest) -> Iterator[None]:
    """Allow the namespace so much and no more."""
    body = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "narrow"},
        "spec": {"hard": request.param},
    }
    space.make(body)
    yield
    space.cluster.delete(path_of("v1", "ResourceQuota", space.namespace, "narrow"))


@pytest.mark.parametrize("quota", [{"pods": "0"}], indirect=True)
@pytest.mark.usefixtures("quota")
def test_a_quota_that_lets_no_pod_in_is_told(place: KubernetesDeployment) -> None:
    with pytest.raises(NotReadyError, match=r"exceeded quota: narrow, .*what was made was removed again"):
        place.deploy(*shop(place), **PARTS)
    assert place.objects() == []


@pytest.mark.parametrize("quota", [{"count/services": "0"}], indirect=True)
@pytest.mark.usefixtures("quota")
def test_an_object_that_a_quota_refuses_is_named_before_anything_is_made(place: KubernetesDeployment) -> None:
    with pytest.raises(PermissionDeniedError, match=r"Service .*: .*exceeded quota: narrow") as refusal:
        place.deploy(*shop(place), **PARTS)
    assert "admission" in (refusal.value.hint or "")
    assert place.objects() == []


def test_what_an_admission_rule_refuses_is_named_before_anything_is_made(place: KubernetesDeployment) -> None:
    space = place.space
    range_of = {"type": "PersistentVolumeClaim", "max": {"storage": "1Mi"}}
    body = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "small"}, "spec": {"limits": [range_of]}}
    space.make(body)
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": f"{place.name}-data"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    try:
        with pytest.raises(PermissionDeniedError, match=r"PersistentVolumeClaim .*-data: .*maximum storage usage"):
            place.deploy(content=(claim, deployment(f"{place.name}-web")))
    finally:
        space.cluster.delete(path_of("v1", "LimitRange", space.namespace, "small"))
    assert place.objects() == []


def test_a_webhook_that_does_not_answer_is_named(place: KubernetesDeployment) -> None:
    with (
        unserved_webhook(place.space) as name,
        pytest.raises(ApiError, match=f'failed calling webhook "{name}"'),
    ):
        place.deploy(*shop(place), **PARTS)
    assert place.objects() == []


@pytest.mark.parametrize("kind", ["Deployment", "Service", "ConfigMap", "Secret"])
def test_what_is_not_ours_is_never_touched(place: KubernetesDeployment, kind: str) -> None:
    names = {"Deployment": f"{place.name}-web", "Service": "web", "ConfigMap": f"{place.name}-web-files"}
    name = names.get(kind, f"{place.name}-web-secret")
    bodies: Mapping[str, dict[str, Any]] = {
        "Deployment": deployment(name, 0),
        "Service": {"spec": {"ports": [{"port": 9, "protocol": "TCP"}]}},
    }
    body = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **bodies.get(kind, {})}
    place.space.make(body)
    path = place.path(kind, name)
    before = place.cluster.call("GET", path)
    try:
        for state in ("present", "started", "stopped"):
            with pytest.raises(ConflictError, match=f"there is already a {kind} .*/{name} that this collection"):
                place.deploy(*shop(place), state=state, **PARTS)
        place.deploy(state="absent", remove_volumes=True)
        assert place.objects() == []
        after = place.cluster.call("GET", path)
        assert {**after, "status": {}, "metadata": {}} == {**before, "status": {}, "metadata": {}}
        for key in ("uid", "generation", "labels"):
            assert after["metadata"].get(key) == before["metadata"].get(key)
    finally:
        place.cluster.delete(path)


def test_what_another_deployment_has_is_named_with_it(place: KubernetesDeployment) -> None:
    place.deploy(*shop(place), **PARTS)
    name = f"{place.name}-web"
    other = replace(place.wish(content=(deployment(name, 0),)), name=f"{place.name}-other")
    with pytest.raises(ConflictError, match=f"Deployment .*/{name} of the deployment {place.name}"):
        place.deployer.plan(other)
    assert serves(place)


def test_of_two_at_once_one_wins_and_the_other_harms_nothing(place: KubernetesDeployment) -> None:
    services = shop(place)

    def deploy(deployer: Any) -> str:
        try:
            deployer.execute(deployer.plan(place.wish(*services, **PARTS)))
        except ConflictError:
            return "conflict"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(deploy, [place.deployer, place.another()]))
    assert "done" in ends
    assert serves(place)
    assert place.told(*services, **PARTS) == []


def test_a_plan_that_is_late_is_refused(place: KubernetesDeployment) -> None:
    client, web = shop(place)
    place.deploy(client, web, **PARTS)
    late = place.plan(client, replace(web, environment={"COLOUR": "red"}), **PARTS)
    place.deploy(client, replace(web, environment={"COLOUR": "green"}), **PARTS)
    before = place.versions()
    with pytest.raises(ConflictError, match="somebody else is changing this deployment"):
        place.deployer.execute(late)
    assert place.versions() == before


def test_names_that_cannot_be_or_are_two_are_told_before_any_call(place: KubernetesDeployment) -> None:
    with pytest.raises(InvalidTemplateError, match=r"services.w{63}.* is no name of at most 63"):
        place.deploy(place.service("w" * 63))
    with pytest.raises(InvalidTemplateError, match=r"services.a_b and services.a.b are both called .*-a-b"):
        place.deploy(place.service("a_b"), place.service("a.b"))
    assert place.objects() == []


def test_a_namespace_that_is_not_there_is_named(place: KubernetesDeployment) -> None:
    wish = replace(place.wish(*shop(place), **PARTS), namespace="nkz-nowhere")
    with pytest.raises(InvalidTargetError, match="no namespace nkz-nowhere"):
        place.deployer.plan(wish)


READING = ("get", "list", "watch")
WRITING = ("create", "patch", "delete")
RIGHTS = {
    "configmaps": (*READING, *WRITING),
    "secrets": (*READING, *WRITING),
    "services": (*READING, *WRITING),
    "persistentvolumeclaims": (*READING, *WRITING),
    "deployments.apps": (*READING, *WRITING),
    "jobs.batch": (*READING, *WRITING),
    "pods": READING,
    "pods/log": ("get",),
    "events": ("list",),
}


@pytest.mark.parametrize(
    ("kind", "verb"), [("services", "create"), ("deployments.apps", "patch"), ("secrets", "list"), ("pods", "list")]
)
def test_rights_that_are_missing_are_named(place: KubernetesDeployment, kind: str, verb: str, tmp_path: Path) -> None:
    rights = {**RIGHTS, kind: tuple(one for one in RIGHTS[kind] if one != verb)}
    account = f"no-{verb}-{kind.replace('.', '-')}"
    token = make_account(place.space, account, [rule(name, *verbs) for name, verbs in rights.items()])
    deployer = place.another(kubeconfig_of(place.space, token, tmp_path / "kubeconfig"))
    with pytest.raises(PermissionDeniedError) as refusal:
        deployer.execute(deployer.plan(place.wish(*shop(place), **PARTS)))
    assert refusal.value.hint == f"grant {verb} on {kind} in namespace {place.space.namespace}"
    assert place.objects() == []


def test_these_rights_are_enough(place: KubernetesDeployment, tmp_path: Path) -> None:
    token = make_account(place.space, "deployer", [rule(name, *verbs) for name, verbs in RIGHTS.items()])
    deployer = place.another(kubeconfig_of(place.space, token, tmp_path / "kubeconfig"))
    deployer.execute(deployer.plan(place.wish(*shop(place), **PARTS)))
    assert serves(place)
    deployer.execute(deployer.plan(place.wish(state="absent")))
    assert place.objects() == []


def test_nothing_but_secrets_tells_a_secret(place: KubernetesDeployment) -> None:
    client, web = shop(place)
    plan = place.plan(client, web, secrets=(SECRET,), **PARTS)
    found = place.deployer.execute(plan)
    changed = place.plan(replace(client, environment={"API_TOKEN": "andere-sache"}), web, **PARTS)
    told = repr((plan, changed, [(one.before, one.after) for one in (*plan.changes, *changed.changes)], found))
    held = place.everything()
    for value in (SECRET, "Z2VoZWltc2FjaGU", "andere-sache"):
        assert value not in told
        assert value not in held
    assert [one["metadata"]["labels"][MARK] for one in place.items("Secret")] == [place.name] * 2
    broken = running(client, "echo $API_TOKEN; exit 1")
    with pytest.raises(NekzusError) as failure:
        place.deploy(broken, web, secrets=(SECRET,), **PARTS)
    assert SECRET not in str(failure.value) + repr(failure.value.failure())
    assert SECRET not in place.everything()


def bound(place: KubernetesDeployment, kind: str, name: str) -> tuple[dict[str, Any], ...]:
    """Return a role, and what binds somebody to this one or to another."""
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]
    group, metadata = "rbac.authorization.k8s.io", {"name": f"{place.name}-it"}
    binding = {
        "roleRef": {"apiGroup": group, "kind": kind, "name": name},
        "subjects": [{"kind": "User", "apiGroup": group, "name": "somebody"}],
    }
    return (
        {"apiVersion": f"{group}/v1", "kind": "Role", "metadata": metadata, "rules": rules},
        {"apiVersion": f"{group}/v1", "kind": "RoleBinding", "metadata": metadata, **binding},
    )


def test_who_is_bound_to_another_role_is_bound_anew(place: KubernetesDeployment) -> None:
    place.deploy(content=bound(place, "Role", f"{place.name}-it"))
    other = bound(place, "ClusterRole", "view")
    assert place.told(content=other) == ["RoleBinding it recreated"]
    place.deploy(content=other)
    path = path_of("rbac.authorization.k8s.io/v1", "RoleBinding", place.space.namespace, f"{place.name}-it")
    assert place.cluster.call("GET", path)["roleRef"]["name"] == "view"
    assert place.told(content=other) == []
    place.deploy(state="absent")
    assert place.cluster.find(path) is None
