# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is exported of a namespace makes the same in an empty one."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.export import EXPORTER

from .cluster import RefusedError, path_of
from .disks import disks
from .estate import RUNNING, SECRETS, belongings, scaling, ways_in, workloads
from .herd import VERSION, WORD, Herder
from .service_account import kubeconfig_of, make_account
from .space import Space
from .test_kube_kinds import STABLE_CRON_JOBS
from .yard import each

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError, PermissionDeniedError  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.exported import (
    ExportChoice,
    Exported,
    ExportKind,
)  # isort: skip

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.access import rules_of  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import open_runtime  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .cluster import Cluster

EVERYTHING = ExportChoice(frozenset(ExportKind), secret_values=True)
MASKED = ExportChoice(frozenset(ExportKind))
ORDER = (
    *("ServiceAccount", "Secret", "ConfigMap", "PersistentVolumeClaim", "Service"),
    *("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Job", "CronJob", "Pod", "Herd"),
    *("HorizontalPodAutoscaler", "Ingress"),
)
# What a server sets, wherever it stands in an object.
SET_BY_SERVERS = frozenset(
    {"uid", "resourceVersion", "managedFields", "creationTimestamp", "generation", "status", "selfLink", "namespace"}
    | {"nodeName", "nodePort", "clusterIPs", "volumeName", "ownerReferences", "finalizers", "secrets", "controller-uid"}
    | {"job-name", "healthCheckNodePort", "serviceAccount", "deployment.kubernetes.io/revision", "preemptionPolicy"}
    | {"deprecated.daemonset.template.generation", "pv.kubernetes.io/bind-completed", "priority", "ipFamilies"}
)
SERVICES = ["db", "web", "web-each", "web-outside"]


class Twins(NamedTuple):
    """The namespace with everything in it, the empty one, and what is exported of the first."""

    first: Space
    second: Space
    exported: Exported


def export(space: Space, choice: ExportChoice, *names: str, kubeconfig: str = "") -> Exported:
    """Export targets of a namespace."""
    config = KubernetesConfig(kubeconfig=kubeconfig or str(space.kubeconfig))
    runtime = open_runtime(config, clock=time)
    try:
        found = runtime.role(CONTAINERS).find([parse_target(f"{space.namespace}/{name}") for name in names])
        errors = [one for one in found if isinstance(one, NekzusError)]
        assert not errors
        return runtime.role(EXPORTER).export([one for one in found if not isinstance(one, NekzusError)], choice)
    finally:
        runtime.close()


def everything(space: Space) -> tuple[str, ...]:
    """Return the targets that have all in a namespace between them; two are pods of what is another's too."""
    kinds = ("deployment/web", "statefulset/db", "replicaset/solo", "rc/old", "daemonset/daemon", "job/work")
    return (
        *kinds,
        "cronjob/nightly",
        "pod/lone",
        f"{WORD}/flock",
        space.pod_names("web")[0],
        space.pod_names("old")[0],
    )


def make(space: Space, *documents: Any) -> None:
    """Make objects in a namespace, one after the other."""
    for document in documents:
        path = path_of(document["apiVersion"], document["kind"], space.namespace)
        space.cluster.call("POST", path, document)


def keys(value: Any) -> Iterator[str]:
    """Yield every key there is in a document."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield key
            yield from keys(one)
    elif isinstance(value, list):
        for one in value:
            yield from keys(one)


def documents(exported: Exported, kind: str) -> dict[str, Any]:
    """Return the documents of a kind by name."""
    return {one["metadata"]["name"]: one for one in exported.documents if one["kind"] == kind}


@pytest.fixture(scope="module")
def storage(cluster: Cluster, space: Space) -> Iterator[str]:
    """Have volumes for the claims of both namespaces, and return their class."""
    with disks(cluster, space.namespace, 4) as made:
        yield made


@pytest.fixture(scope="module")
def twins(cluster: Cluster, space: Space, storage: str) -> Iterator[Twins]:
    """Have everything in a namespace, and make what is exported of it in another one."""
    version = "batch/v1" if cluster.version >= STABLE_CRON_JOBS else "batch/v1beta1"
    second = Space(cluster, "kube-export-copy").open()
    with Herder(space) as herder:
        make(space, *belongings(storage), *workloads(storage, version), *ways_in(scaling(cluster.version)))
        herder.make("flock", 0)
        each(space.await_ready, RUNNING)
        exported = export(space, EVERYTHING, *everything(space))
        make(second, *exported.documents)
        each(second.await_ready, RUNNING)
        yield Twins(space, second, exported)
    second.close()


def test_what_is_made_of_an_export_is_exported_alike(twins: Twins) -> None:
    again = export(twins.second, EVERYTHING, *everything(twins.second))
    assert again.documents == twins.exported.documents
    assert len(again.documents) == 21


def test_every_kind_is_there_in_the_order_in_which_it_can_be_made(twins: Twins) -> None:
    kinds = [one["kind"] for one in twins.exported.documents]
    assert list(dict.fromkeys(kinds)) == list(ORDER)
    assert kinds == sorted(kinds, key=ORDER.index)


def test_nothing_that_a_server_has_set_is_left(twins: Twins) -> None:
    assert SET_BY_SERVERS.intersection(keys(list(twins.exported.documents))) == set()
    addresses = {name: one["spec"].get("clusterIP") for name, one in documents(twins.exported, "Service").items()}
    assert addresses == {"db": "None", "web": None, "web-each": "None", "web-outside": None}


def test_an_autoscaler_keeps_what_its_first_version_has_no_words_for(twins: Twins) -> None:
    version = f"autoscaling/{scaling(twins.first.cluster.version)}"
    paths = (path_of(version, "HorizontalPodAutoscaler", space.namespace, "web") for space in twins[:2])
    first, second = (twins.first.cluster.call("GET", path)["spec"] for path in paths)
    assert first == second
    assert {one["resource"]["name"] for one in first["metrics"]} == {"cpu", "memory"}
    assert first["behavior"]["scaleDown"]["stabilizationWindowSeconds"] == 60


def test_what_belongs_to_no_workload_is_left_out(twins: Twins) -> None:
    assert list(documents(twins.exported, "Service")) == SERVICES
    assert list(documents(twins.exported, "Ingress")) == ["web"]
    # The claims of a StatefulSet it makes itself.
    assert list(documents(twins.exported, "PersistentVolumeClaim")) == ["data"]
    assert list(documents(twins.exported, "Secret")) == ["cert", "db", "pull"]


def test_each_owner_is_written_down_once(twins: Twins) -> None:
    at = f"kubernetes/{twins.first.namespace}"
    kinds = ("deployment/web", "statefulset/db", "replicaset/solo", "replicationcontroller/old", "daemonset/daemon")
    assert twins.exported.subjects == tuple(
        f"{at}/{name}" for name in (*kinds, "job/work", "cronjob/nightly", "lone", f"{WORD}/flock")
    )


def test_a_node_port_that_is_lost_is_told(twins: Twins) -> None:
    (told,) = twins.exported.warnings
    assert told.startswith(f"Service {twins.first.namespace}/web-outside: it is given other node ports than 3")


def test_secrets_are_masked_named_and_still_taken_by_the_server(twins: Twins) -> None:
    exported = export(twins.first, MASKED, *everything(twins.first))
    written = json.dumps(exported.documents)
    assert not [secret for secret in SECRETS if secret in written]
    at = twins.first.namespace
    told = {one.partition(":")[0]: one for one in exported.warnings if "must be filled in" in one}
    assert list(told) == [f"Secret {at}/cert", f"Secret {at}/db", f"Secret {at}/pull", f"Deployment {at}/web"]
    assert "API_TOKEN" in told[f"Deployment {at}/web"]
    assert documents(exported, "Secret")["db"]["stringData"] == {"password": MASK}
    for one in exported.documents:
        name = {**one["metadata"], "name": f"{one['metadata']['name']}-too"}
        path = path_of(one["apiVersion"], one["kind"], twins.second.namespace)
        twins.second.cluster.call("POST", path, {**one, "metadata": name}, dryRun="All")


def test_a_stopped_workload_is_exported_as_it_is(twins: Twins) -> None:
    path = twins.second.path("ReplicaSet", "solo")
    note = {"nekzus.io/replicas": "3"}
    twins.second.cluster.patch(path, {"metadata": {"annotations": note}, "spec": {"replicas": 0}})
    (only,) = export(twins.second, ExportChoice(), "replicaset/solo").documents
    assert (only["spec"]["replicas"], only["metadata"]["annotations"]) == (0, note)


def test_an_account_for_exports_may_export_everything_and_no_less_will_do(twins: Twins, tmp_path: Path) -> None:
    space, rules = twins.first, rules_of(Feature.EXPORT, everywhere=False)
    herds = {"apiGroups": [VERSION.partition("/")[0]], "resources": ["herds", "herds/scale"], "verbs": ["get"]}
    token = make_account(space, "exporter", [*rules, herds])
    kubeconfig = kubeconfig_of(space, token, tmp_path / "exporter")
    assert export(space, EVERYTHING, *everything(space), kubeconfig=kubeconfig) == twins.exported
    without = [{**one, "resources": [name for name in one["resources"] if name != "secrets"]} for one in rules]
    token = make_account(space, "no-secrets", without)
    kubeconfig = kubeconfig_of(space, token, tmp_path / "no-secrets")
    with pytest.raises(PermissionDeniedError) as refused:
        export(space, MASKED, "deployment/web", kubeconfig=kubeconfig)
    assert refused.value.hint == f"grant get on secrets in namespace {space.namespace}"
    others = ExportChoice(frozenset(ExportKind) - {ExportKind.SECRETS})
    assert len(export(space, others, "deployment/web", kubeconfig=kubeconfig).documents) == 9


def test_an_export_is_refused_where_all_of_it_is_already(twins: Twins) -> None:
    with pytest.raises(RefusedError, match="already exists"):
        make(twins.first, *twins.exported.documents)
