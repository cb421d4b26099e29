# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of an object when all that a server has set is taken away."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.blueprint import blueprint
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    AUTOSCALER,
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    INGRESS,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    VOLUME_CLAIM,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT, pod, workload

KINDS = (
    *(POD, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB, ROLLOUT),
    *(SERVICE, CONFIG_MAP, SECRET, VOLUME_CLAIM, SERVICE_ACCOUNT, INGRESS, AUTOSCALER),
)
EVERY_KIND = pytest.mark.parametrize("resource", KINDS, ids=lambda one: one.kind)
UID = "8a2f0e4c-0000-0000-0000-000000000000"
JOB_LABELS = {"controller-uid": UID, "job-name": "work"}
NEW_JOB_LABELS = {f"batch.kubernetes.io/{key}": value for key, value in JOB_LABELS.items()}


def made(resource: Resource, **body: Any) -> dict[str, Any]:
    """Return the blueprint of an object."""
    return blueprint(Piece(resource, {"metadata": {"name": "web", "namespace": "prod"}, **body}))


def spec_of(resource: Resource, **spec: Any) -> Any:
    """Return the specification in the blueprint of an object that has this one."""
    return made(resource, spec=spec)["spec"]


def served(resource: Resource) -> dict[str, Any]:
    """Return what its author wrote of a workload, as a server has it."""
    document = pod("web") if resource == POD else workload(resource, "web", labels={"app": "web"})
    document["metadata"] |= {
        "uid": UID,
        "resourceVersion": "7",
        "generation": 3,
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "deletionGracePeriodSeconds": 30,
        "generateName": "web-",
        "selfLink": "/x",
        "managedFields": [{"manager": "kubectl"}],
        "finalizers": ["kubernetes.io/pvc-protection", "example.com/mine"],
        "ownerReferences": [{"kind": "ConfigMap", "name": "boss", "uid": UID}],
    }
    return {**document, "status": {"replicas": 1}}


@EVERY_KIND
def test_of_its_metadata_name_labels_and_annotations_are_kept(resource: Resource) -> None:
    document = served(resource)
    document["metadata"]["annotations"] = {"note": "mine", "nekzus.io/replicas": "3"}
    document["metadata"]["labels"] = {"app": "web"}
    found = blueprint(Piece(resource, document))
    assert list(found)[:3] == ["apiVersion", "kind", "metadata"]
    assert (found["apiVersion"], found["kind"]) == (resource.api_version, resource.kind)
    assert found["metadata"] == {
        "name": "web",
        "labels": {"app": "web"},
        "annotations": {"note": "mine", "nekzus.io/replicas": "3"},
    }
    assert "status" not in found


@EVERY_KIND
@pytest.mark.parametrize("body", [{}, {"spec": None}, {"spec": {}}, {"spec": {"template": None, "ports": None}}])
def test_an_object_that_lacks_fields_is_no_matter(resource: Resource, body: dict[str, Any]) -> None:
    found = blueprint(Piece(resource, {**body, "metadata": {"name": "web"}}))
    assert found["metadata"] == {"name": "web"}


@EVERY_KIND
def test_it_is_the_same_of_a_blueprint_and_leaves_the_object_as_it_is(resource: Resource) -> None:
    document = served(resource)
    before = deepcopy(document)
    once = blueprint(Piece(resource, document))
    assert blueprint(Piece(resource, once)) == once
    assert document == before


@pytest.mark.parametrize(
    "annotation",
    [
        "kubectl.kubernetes.io/last-applied-configuration",
        "deployment.kubernetes.io/revision",
        "deployment.kubernetes.io/desired-replicas",
        "deprecated.daemonset.template.generation",
        "pv.kubernetes.io/bind-completed",
        "pv.kubernetes.io/bound-by-controller",
        "volume.beta.kubernetes.io/storage-provisioner",
        "volume.kubernetes.io/selected-node",
        "volume.kubernetes.io/storage-provisioner",
        "autoscaling.alpha.kubernetes.io/conditions",
        "autoscaling.alpha.kubernetes.io/current-metrics",
        "batch.kubernetes.io/job-tracking",
        "kubernetes.io/limit-ranger",
        "kubernetes.io/psp",
        "meta.helm.sh/release-name",
        "meta.helm.sh/release-namespace",
        "cni.projectcalico.org/podIP",
    ],
)
def test_what_others_note_of_what_they_did_is_left_out(annotation: str) -> None:
    found = made(SERVICE, metadata={"name": "web", "annotations": {annotation: "x"}})
    assert found["metadata"] == {"name": "web"}


@pytest.mark.parametrize(
    "annotation", ["autoscaling.alpha.kubernetes.io/metrics", "kubernetes.io/change-cause", "prometheus.io/scrape"]
)
def test_what_an_author_says_in_annotations_is_kept(annotation: str) -> None:
    found = made(AUTOSCALER, metadata={"name": "web", "annotations": {annotation: "x"}})
    assert found["metadata"]["annotations"] == {annotation: "x"}


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        (DEPLOYMENT, ("template",)),
        (STATEFUL_SET, ("template",)),
        (DAEMON_SET, ("template",)),
        (REPLICA_SET, ("template",)),
        (REPLICATION_CONTROLLER, ("template",)),
        (JOB, ("template",)),
        (CRON_JOB, ("jobTemplate", "spec", "template")),
    ],
    ids=lambda one: one.kind if isinstance(one, Resource) else "",
)
def test_a_template_loses_its_empty_date_and_the_former_name_of_the_account(
    resource: Resource, path: tuple[str, ...]
) -> None:
    document = workload(resource, "web", serviceAccountName="shop", serviceAccount="shop", nodeName="node-1")
    template = document["spec"]
    for key in path:
        template = template[key]
    template["metadata"]["creationTimestamp"] = None
    found = blueprint(Piece(resource, document))["spec"]
    for key in path:
        found = found[key]
    assert found["metadata"] == {"labels": {"run": "web"}}
    # The author has chosen this node: no scheduler writes into a template.
    assert {**found["spec"], "serviceAccount": "shop"} == template["spec"]


def test_a_stopped_workload_stays_stopped() -> None:
    document = workload(DEPLOYMENT, "web", replicas=0, annotations={"nekzus.io/replicas": "3"})
    found = blueprint(Piece(DEPLOYMENT, document))
    assert found["spec"]["replicas"] == 0
    assert found["metadata"]["annotations"] == {"nekzus.io/replicas": "3"}


def test_templates_of_claims_lose_their_status_and_keep_the_rest() -> None:
    claim = {
        "kind": "PersistentVolumeClaim",
        "apiVersion": "v1",
        "metadata": {"name": "data", "creationTimestamp": None},
        "spec": {"accessModes": ["ReadWriteOnce"]},
        "status": {"phase": "Pending"},
    }
    (found,) = spec_of(STATEFUL_SET, volumeClaimTemplates=[claim])["volumeClaimTemplates"]
    assert found == {
        "kind": "PersistentVolumeClaim",
        "apiVersion": "v1",
        "metadata": {"name": "data"},
        "spec": {"accessModes": ["ReadWriteOnce"]},
    }


@pytest.mark.parametrize("given", [JOB_LABELS, {**JOB_LABELS, **NEW_JOB_LABELS}])
@pytest.mark.parametrize(("own", "kept"), [({"app": "work"}, {"labels": {"app": "work"}}), ({}, {})])
def test_a_job_loses_the_selector_and_the_labels_that_name_its_uid(
    given: dict[str, str], own: dict[str, str], kept: dict[str, Any]
) -> None:
    labels = {**own, **given}
    template = {"metadata": {"labels": labels, "creationTimestamp": None}, "spec": {"restartPolicy": "Never"}}
    spec = {"backoffLimit": 2, "selector": {"matchLabels": {"controller-uid": UID}}, "template": template}
    found = made(JOB, metadata={"name": "work", "labels": labels}, spec=spec)
    assert found["metadata"] == {"name": "work", **kept}
    expected = {"spec": {"restartPolicy": "Never"}} | ({"metadata": kept} if kept else {})
    assert found["spec"] == {"backoffLimit": 2, "template": expected}


def test_a_job_whose_author_selects_its_pods_keeps_selector_and_labels() -> None:
    template = {"metadata": {"labels": {"job-name": "mine"}}, "spec": {}}
    spec = {"manualSelector": True, "selector": {"matchLabels": {"job-name": "mine"}}, "template": template}
    found = made(JOB, metadata={"name": "work", "labels": {"job-name": "mine"}}, spec=spec)
    assert found["spec"] == spec
    assert found["metadata"]["labels"] == {"job-name": "mine"}


def test_a_lone_pod_loses_its_node_its_token_and_what_every_pod_is_given() -> None:
    document = pod("web", labels={"app": "web"}, nodeName="node-1", priority=0, serviceAccountName="default")
    mount = {"name": "kube-api-access-x2x4z", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
    plain = deepcopy(document["spec"]["containers"])
    document["spec"]["containers"][0]["volumeMounts"] = [mount]
    own = {"key": "gpu", "operator": "Exists"}
    given = [
        {"key": f"node.kubernetes.io/{word}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
        for word in ("not-ready", "unreachable")
    ]
    document["spec"] |= {
        "volumes": [{"name": "kube-api-access-x2x4z", "projected": {"sources": []}}],
        "tolerations": [own, *given],
        "overhead": {"cpu": "250m"},
        "serviceAccount": "default",
    }
    found = blueprint(Piece(POD, document))["spec"]
    assert found == {"restartPolicy": "Always", "containers": plain, "tolerations": [own]}


def test_a_lone_pod_loses_the_labels_of_its_nodes_place() -> None:
    places = {f"topology.kubernetes.io/{word}": "here" for word in ("zone", "region")}
    found = blueprint(Piece(POD, pod("web", labels={"app": "web", **places})))
    assert found["metadata"]["labels"] == {"app": "web"}


def test_a_lone_pod_keeps_tolerations_of_its_own_and_its_account() -> None:
    patient = {"key": "node.kubernetes.io/not-ready", "effect": "NoExecute", "tolerationSeconds": 5}
    found = blueprint(Piece(POD, pod("web", tolerations=[patient], serviceAccountName="shop")))["spec"]
    assert (found["tolerations"], found["serviceAccountName"]) == ([patient], "shop")
