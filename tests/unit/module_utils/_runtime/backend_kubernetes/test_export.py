# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing down workloads: which ones, with what, in which order, and at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.exported import ExportKind
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    SERVICE,
    STATEFUL_SET,
    Resource,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import (
    ROLLOUT,
    controlled,
    pod,
    workload,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import merged

from .exporting import ALL, WEB, add, export, full, have, titles

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

KINDS = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB, ROLLOUT)


@pytest.mark.parametrize("resource", KINDS, ids=lambda one: one.kind)
def test_every_kind_is_written_down_as_what_it_is(backend: KubernetesBackend, resource: Resource) -> None:
    have(backend, resource, "web")
    exported = export(backend, f"default/{resource.word}/web", kinds=(ExportKind.SERVICES,))
    assert titles(exported) == ["Service web", f"{resource.kind} web"]
    assert exported.subjects == (f"kubernetes/default/{resource.word}/web",)
    assert exported.warnings == ()
    assert exported.documents[1]["spec"].keys() == workload(resource, "web")["spec"].keys() - (
        {"selector"} if resource == JOB else set()
    )


@pytest.mark.parametrize("resource", [one for one in KINDS if one != CRON_JOB], ids=lambda one: one.kind)
def test_a_pod_is_written_down_as_its_owner(backend: KubernetesBackend, resource: Resource) -> None:
    have(backend, resource, "web", replicas=2)
    names = [f"default/{name}" for name in backend.cluster.pods_of("web")]
    exported = export(backend, *names, f"default/{resource.word}/web")
    assert titles(exported) == [f"{resource.kind} web"]
    assert exported.subjects == (f"kubernetes/default/{resource.word}/web",)


def test_a_job_of_a_cron_job_is_written_down_as_that(backend: KubernetesBackend) -> None:
    owner = backend.cluster.add(CRON_JOB, workload(CRON_JOB, "backup"))
    references = controlled(owner, "backup-1")["metadata"]["ownerReferences"]
    job = merged(workload(JOB, "backup-1"), {"metadata": {"ownerReferences": references}})
    backend.cluster.add(JOB, job)
    (name,) = backend.cluster.pods_of("backup-1")
    exported = export(backend, f"default/{name}", "default/job/backup-1")
    assert titles(exported) == ["CronJob backup"]


def test_a_lone_pod_is_written_down_as_itself(backend: KubernetesBackend) -> None:
    backend.cluster.add(POD, pod("web", labels={"app": "web"}))
    add(backend, SERVICE, "front", spec={"selector": {"app": "web"}})
    exported = export(backend, "default/web", kinds=(ExportKind.SERVICES,))
    assert titles(exported) == ["Service front", "Pod web"]
    assert exported.subjects == ("kubernetes/default/web",)
    assert "nodeName" not in exported.documents[1]["spec"]


def test_all_that_belongs_to_it_comes_in_the_order_in_which_it_can_be_made(backend: KubernetesBackend) -> None:
    full(backend)
    exported = export(backend, "default/deployment/web", kinds=ALL, secret_values=True)
    assert titles(exported) == [
        *("ServiceAccount shop", "Secret cert", "Secret login", "Secret pull"),
        *("ConfigMap settings", "PersistentVolumeClaim data", "Service web"),
        *("Deployment web", "HorizontalPodAutoscaler web", "Ingress web"),
    ]
    assert exported.warnings == ()
    assert all("namespace" not in one["metadata"] for one in exported.documents)


@pytest.mark.parametrize(
    ("kind", "expected", "requests"),
    [
        (None, [WEB], []),
        (ExportKind.SERVICES, ["Service web", WEB], ["LIST services"]),
        (ExportKind.CONFIG_MAPS, ["ConfigMap settings", WEB], ["GET configmaps/settings"]),
        (ExportKind.SECRETS, ["Secret login", WEB], ["GET secrets/login"]),
        (ExportKind.VOLUME_CLAIMS, ["PersistentVolumeClaim data", WEB], ["GET persistentvolumeclaims/data"]),
        (ExportKind.SERVICE_ACCOUNTS, ["ServiceAccount shop", WEB], ["GET serviceaccounts/shop"]),
        (ExportKind.INGRESSES, [WEB, "Ingress web"], ["LIST services", "LIST ingresses"]),
        (ExportKind.AUTOSCALERS, [WEB, "HorizontalPodAutoscaler web"], ["LIST horizontalpodautoscalers"]),
    ],
)
def test_of_what_is_not_chosen_nothing_is_read(
    backend: KubernetesBackend, kind: ExportKind | None, expected: list[str], requests: list[str]
) -> None:
    full(backend)
    assert titles(export(backend, "default/deployment/web", kinds=(kind,) if kind else ())) == expected
    assert backend.requests == ["GET deployments/web", *requests]


def test_many_of_one_namespace_are_one_list_of_each_kind_and_each_object_is_read_once(
    backend: KubernetesBackend,
) -> None:
    volumes = [{"name": "it", "configMap": {"name": "shared"}}]
    names = [f"web-{number:02}" for number in range(30)]
    for name in names:
        have(backend, DEPLOYMENT, name, volumes=volumes)
    add(backend, CONFIG_MAP, "shared", data={"a": "b"})
    exported = export(backend, *(f"default/deployment/{name}" for name in names), kinds=ALL)
    assert titles(exported) == [
        "ConfigMap shared",
        *(f"Service {name}" for name in names),
        *(f"Deployment {name}" for name in names),
    ]
    reads = [f"GET deployments/{name}" for name in names]
    lists = ["LIST services", "LIST ingresses", "LIST horizontalpodautoscalers"]
    assert sorted(backend.requests) == sorted([*reads, *lists, "GET configmaps/shared"])


def test_ten_pods_of_one_deployment_are_two_reads(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, "web", replicas=10)
    (replica_set,) = {name.rpartition("-")[0] for name in backend.cluster.pods_of("web")}
    export(backend, *(f"default/{name}" for name in backend.cluster.pods_of("web")))
    assert backend.requests == [f"GET replicasets/{replica_set}", "GET deployments/web"]


def test_of_several_namespaces_each_document_says_its_own(backend: KubernetesBackend) -> None:
    for namespace in ("prod", "test"):
        have(backend, DEPLOYMENT, "web", namespace)
    exported = export(backend, "test/deployment/web", "prod/deployment/web", kinds=(ExportKind.SERVICES,))
    found = [(one["kind"], *one["metadata"].values()) for one in exported.documents]
    assert [one[:3] for one in found] == [
        *(("Service", "web", "test"), ("Service", "web", "prod")),
        *(("Deployment", "web", "test"), ("Deployment", "web", "prod")),
    ]
    assert exported.subjects == ("kubernetes/test/deployment/web", "kubernetes/prod/deployment/web")


def test_a_cron_job_of_an_older_server_is_written_in_its_version(backend: KubernetesBackend) -> None:
    backend.cluster.served.discard("batch/v1/cronjobs")
    backend.cluster.served.add("batch/v1beta1/cronjobs")
    have(backend, CRON_JOB, "backup")
    (document,) = export(backend, "default/cronjob/backup").documents
    assert document["apiVersion"] == "batch/v1beta1"
