# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to a workload."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.belonging import (
    Need,
    certificates,
    distinct,
    leads_to,
    needs_of,
    pod_labels,
    scales,
    serves,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    CRON_JOB,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICATION_CONTROLLER,
    SECRET,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    VOLUME_CLAIM,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import DATABASE, ROLLOUT, pod, workload

POD_NAME = "statefulset.kubernetes.io/pod-name"


def needed(resource: Resource = DEPLOYMENT, **properties: Any) -> tuple[Need, ...]:
    """Return what a workload of a kind needs whose pods have these properties."""
    document = pod("web", **properties) if resource == POD else workload(resource, "web", **properties)
    return needs_of(Piece(resource, document))


def volume(**source: Any) -> dict[str, Any]:
    return {"volumes": [{"name": "it", **source}]}


def container(**fields: Any) -> list[dict[str, Any]]:
    return [{"name": "other", "image": "busybox", **fields}]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param(volume(configMap={"name": "a"}), (Need(CONFIG_MAP, "a"),), id="volume of a config map"),
        pytest.param(volume(secret={"secretName": "a"}), (Need(SECRET, "a"),), id="volume of a secret"),
        pytest.param(
            volume(secret={"secretName": "a", "optional": True}), (Need(SECRET, "a", optional=True),), id="optional"
        ),
        pytest.param(volume(persistentVolumeClaim={"claimName": "a"}), (Need(VOLUME_CLAIM, "a"),), id="claim"),
        pytest.param(
            volume(projected={"sources": [{"secret": {"name": "a"}}, {"configMap": {"name": "b"}}]}),
            (Need(SECRET, "a"), Need(CONFIG_MAP, "b")),
            id="projected volume",
        ),
        pytest.param(
            volume(projected={"sources": [{"serviceAccountToken": {"path": "token"}}, {"downwardAPI": {}}]}),
            (),
            id="projected volume of what is in no object",
        ),
        pytest.param(volume(ephemeral={"volumeClaimTemplate": {"spec": {}}}), (), id="claim that the pod makes"),
        pytest.param(
            volume(csi={"driver": "x", "nodePublishSecretRef": {"name": "a"}}), (Need(SECRET, "a"),), id="CSI volume"
        ),
        pytest.param(volume(azureFile={"secretName": "a", "shareName": "s"}), (Need(SECRET, "a"),), id="Azure file"),
        pytest.param(volume(cephfs={"secretRef": {"name": "a"}}), (Need(SECRET, "a"),), id="volume with a login"),
        pytest.param(
            {"initContainers": container(envFrom=[{"secretRef": {"name": "a"}}, {"configMapRef": {"name": "b"}}])},
            (Need(SECRET, "a"), Need(CONFIG_MAP, "b")),
            id="variables of an init container",
        ),
        pytest.param(
            {"containers": container(env=[{"name": "A", "valueFrom": {"secretKeyRef": {"name": "a", "key": "k"}}}])},
            (Need(SECRET, "a"),),
            id="one variable of a secret",
        ),
        pytest.param(
            {"containers": container(env=[{"name": "A", "valueFrom": {"configMapKeyRef": {"name": "a", "key": "k"}}}])},
            (Need(CONFIG_MAP, "a"),),
            id="one variable of a config map",
        ),
        pytest.param(
            {"imagePullSecrets": [{"name": "a"}, {}]}, (Need(SECRET, "a", optional=True),), id="image pull secret"
        ),
        pytest.param({"serviceAccountName": "shop"}, (Need(SERVICE_ACCOUNT, "shop"),), id="account"),
        pytest.param({"serviceAccountName": "default"}, (), id="account that every namespace has"),
        pytest.param(volume(configMap={"name": "kube-root-ca.crt"}), (), id="config map that every namespace has"),
        pytest.param({"nodeSelector": {"secret": "a"}}, (), id="a label that is called secret"),
        pytest.param({"volumes": None, "containers": None}, (), id="null where a list belongs"),
    ],
)
@pytest.mark.parametrize(
    "resource", [POD, DEPLOYMENT, REPLICATION_CONTROLLER, JOB, CRON_JOB, ROLLOUT], ids=lambda one: one.kind
)
def test_it_needs_what_its_pods_name(
    resource: Resource, properties: dict[str, Any], expected: tuple[Need, ...]
) -> None:
    assert needed(resource, **properties) == expected


def test_a_custom_kind_needs_what_it_names_anywhere() -> None:
    spec = {"auth": {"secretRef": {"name": "a"}}, "serviceAccountName": "shop", "imagePullSecrets": [{"name": "b"}]}
    found = needs_of(Piece(DATABASE, {"metadata": {"name": "db"}, "spec": spec}))
    assert found == (Need(SECRET, "a"), Need(SECRET, "b", optional=True), Need(SERVICE_ACCOUNT, "shop"))


def test_the_claims_that_a_stateful_set_makes_are_not_needed() -> None:
    templates = [{"metadata": {"name": "data"}, "spec": {"dataSource": {"kind": "X", "name": "a"}}}]
    document = workload(STATEFUL_SET, "db", spec={"volumeClaimTemplates": templates})
    assert needs_of(Piece(STATEFUL_SET, document)) == ()


@pytest.mark.parametrize("flags", [(True, False), (False, True), (False, False)])
def test_what_is_named_twice_is_optional_only_if_it_is_so_each_time(flags: tuple[bool, ...]) -> None:
    assert distinct(Need(SECRET, "a", flag) for flag in flags) == (Need(SECRET, "a"),)
    assert distinct([Need(SECRET, "a", optional=True)] * 2) == (Need(SECRET, "a", optional=True),)


def test_a_secret_and_a_config_map_of_one_name_are_two() -> None:
    assert len(distinct([Need(SECRET, "a"), Need(CONFIG_MAP, "a")])) == 2


def test_an_ingress_needs_its_certificates() -> None:
    spec = {"tls": [{"hosts": ["a"], "secretName": "cert"}, {"hosts": ["b"]}]}
    assert distinct(certificates({"spec": spec})) == (Need(SECRET, "cert", optional=True),)
    assert certificates({}) == []


@pytest.mark.parametrize("resource", [DEPLOYMENT, JOB, CRON_JOB, ROLLOUT], ids=lambda one: one.kind)
def test_the_labels_of_its_pods_are_those_of_the_template(resource: Resource) -> None:
    document = workload(resource, "web", labels={"tier": "front"})
    document["metadata"]["labels"] = {"only": "on the workload"}
    assert pod_labels(Piece(resource, document), "app=other") == {"run": "web", "tier": "front"}


@pytest.mark.parametrize(
    ("selector", "labels"),
    [
        ("app=web,tier=front", {"app": "web", "tier": "front"}),
        ("app in (web),tier in (a,b),x!=y,z", {"app": "web"}),
        ("what ( is this", {}),
        ("", {}),
    ],
)
def test_of_a_custom_kind_without_a_template_the_scale_tells_them(selector: str, labels: dict[str, str]) -> None:
    assert pod_labels(Piece(ROLLOUT, {"metadata": {"name": "web"}, "spec": {"size": 1}}), selector) == labels


def test_those_of_a_pod_are_its_own() -> None:
    assert pod_labels(Piece(POD, pod("web", labels={"app": "web"}))) == {"app": "web"}


@pytest.mark.parametrize(
    ("resource", "selector", "does"),
    [
        (DEPLOYMENT, {"run": "db"}, True),
        (DEPLOYMENT, {"run": "db", "tier": "x"}, False),
        (DEPLOYMENT, {"run": "other"}, False),
        (DEPLOYMENT, {}, False),
        (DEPLOYMENT, None, False),
        (STATEFUL_SET, {"run": "db", POD_NAME: "db-0"}, True),
        (STATEFUL_SET, {POD_NAME: "db-12"}, True),
        (STATEFUL_SET, {POD_NAME: "other-0"}, False),
        (STATEFUL_SET, {POD_NAME: "db-x"}, False),
        (DEPLOYMENT, {POD_NAME: "db-0"}, False),
    ],
)
def test_a_service_leads_to_it_when_all_of_its_selector_fits(
    resource: Resource, selector: dict[str, str] | None, *, does: bool
) -> None:
    piece = Piece(resource, workload(resource, "db"))
    service = {"metadata": {"name": "front"}, "spec": {"selector": selector}}
    assert serves(service, piece, pod_labels(piece)) is does


def test_the_service_that_names_the_pods_of_a_stateful_set_belongs_to_it_without_a_selector() -> None:
    piece = Piece(STATEFUL_SET, workload(STATEFUL_SET, "db", spec={"serviceName": "names"}))
    assert serves({"metadata": {"name": "names"}, "spec": {}}, piece, {})
    assert not serves({"metadata": {"name": "others"}, "spec": {}}, piece, {})


def backend(name: str) -> dict[str, Any]:
    return {"service": {"name": name, "port": {"number": 80}}}


@pytest.mark.parametrize(
    ("spec", "does"),
    [
        ({"rules": [{"http": {"paths": [{"backend": backend("other")}, {"backend": backend("web")}]}}]}, True),
        ({"rules": [{"host": "a"}, {"http": {"paths": [{"backend": backend("web")}]}}]}, True),
        ({"defaultBackend": backend("web")}, True),
        ({"defaultBackend": backend("other"), "rules": []}, False),
        ({"defaultBackend": {"resource": {"kind": "Bucket", "name": "web"}}}, False),
        ({"rules": None}, False),
        (None, False),
    ],
)
def test_an_ingress_leads_to_a_service_by_a_rule_or_by_default(spec: dict[str, Any] | None, *, does: bool) -> None:
    assert leads_to({"metadata": {"name": "web"}, "spec": spec}, {"web"}) is does


@pytest.mark.parametrize(
    ("target", "does"),
    [
        ({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}, True),
        ({"apiVersion": "apps/v1beta2", "kind": "Deployment", "name": "web"}, True),
        ({"apiVersion": "apps/v1", "kind": "Deployment", "name": "other"}, False),
        ({"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "web"}, False),
        ({"apiVersion": "example.com/v1", "kind": "Deployment", "name": "web"}, False),
        (None, False),
    ],
)
def test_an_autoscaler_scales_what_it_names(target: dict[str, str] | None, *, does: bool) -> None:
    piece = Piece(DEPLOYMENT, workload(DEPLOYMENT, "web"))
    assert scales({"spec": {"scaleTargetRef": target}}, piece) is does
