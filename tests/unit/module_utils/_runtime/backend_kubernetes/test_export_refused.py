# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be written down, and what a user is told of what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    NekzusError,
    PermissionDeniedError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.exported import ExportChoice, ExportKind
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    AUTOSCALER,
    CONFIG_MAP,
    DEPLOYMENT,
    INGRESS,
    POD,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.export import EXPORTER
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import (
    DATABASE,
    controlled,
    pod,
    workload,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import merged

from .exporting import ALL, WEB, add, export, full, have, titles

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend


def test_a_static_pod_cannot_be_written_down(backend: KubernetesBackend) -> None:
    document = pod("web", annotations={"kubernetes.io/config.mirror": "abc"})
    owner = {"apiVersion": "v1", "kind": "Node", "name": "node-1", "uid": "node-uid", "controller": True}
    document["metadata"]["ownerReferences"] = [owner]
    backend.cluster.add(POD, document)
    with pytest.raises(UnsupportedError, match="cannot export default/web: it is a static pod, which a kubelet makes"):
        export(backend, "default/web", kinds=ALL)


def test_a_pod_whose_owner_is_of_no_known_kind_cannot_be_written_down(backend: KubernetesBackend) -> None:
    boss = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "boss", "namespace": "default", "uid": "1"}}
    backend.cluster.add(POD, merged(pod("web"), controlled(boss, "web")))
    with pytest.raises(UnsupportedError, match="made by the ConfigMap boss"):
        export(backend, "default/web")


def test_a_controller_that_cannot_be_scaled_is_written_down_for_its_pods(backend: KubernetesBackend) -> None:
    have(backend, DATABASE, "db")
    (name,) = backend.cluster.pods_of("db")
    exported = export(backend, f"default/{name}", kinds=(ExportKind.SERVICES,))
    assert titles(exported) == ["Service db", "Database db"]
    backend.kubernetes.fail("GET", PermissionDeniedError("forbidden", hint="grant it"), kind=DATABASE.plural, nth=0)
    with pytest.raises(PermissionDeniedError, match="grant it"):
        export(backend, f"default/{name}")


def test_what_manages_a_workload_is_left_out_and_told(backend: KubernetesBackend) -> None:
    above = backend.cluster.add(DATABASE, workload(DATABASE, "app", replicas=0))
    owned = merged(workload(STATEFUL_SET, "db"), controlled(above, "db"))
    backend.cluster.add(STATEFUL_SET, owned)
    for name in ("default/statefulset/db", f"default/{backend.cluster.pods_of('db')[0]}"):
        exported = export(backend, name)
        assert titles(exported) == ["StatefulSet db"]
        assert "ownerReferences" not in exported.documents[0]["metadata"]
        expected = "kubernetes/default/statefulset/db: it is managed by Database app, which is left out"
        assert exported.warnings == (expected,)


def test_what_is_masked_is_told_object_by_object(backend: KubernetesBackend) -> None:
    full(backend)
    exported = export(backend, "default/deployment/web", kinds=ALL)
    told = [
        *(f"Secret default/{name}: key" for name in ("cert", "login", "pull")),
        "ConfigMap default/settings: key",
        "Deployment default/web: API_TOKEN",
    ]
    assert exported.warnings == tuple(f"{one} must be filled in, as secrets are masked" for one in told)
    assert exported.documents[2]["stringData"] == {"key": MASK}


def test_the_token_of_an_account_is_never_written_down(backend: KubernetesBackend) -> None:
    volumes = [{"name": "token", "secret": {"secretName": "mine"}}]
    have(backend, DEPLOYMENT, "web", volumes=volumes)
    add(backend, SECRET, "mine", type="kubernetes.io/service-account-token")
    exported = export(backend, "default/deployment/web", kinds=(ExportKind.SECRETS,), secret_values=True)
    assert titles(exported) == [WEB]
    assert exported.warnings == ("Secret default/mine holds the token of an account, and is left out",)


@pytest.mark.parametrize("optional", [True, False])
def test_what_is_needed_and_missing_is_told_unless_it_is_optional(
    backend: KubernetesBackend, *, optional: bool
) -> None:
    volumes = [{"name": "it", "configMap": {"name": "settings", "optional": optional}}]
    have(backend, DEPLOYMENT, "web", volumes=volumes, imagePullSecrets=[{"name": "pull"}])
    exported = export(backend, "default/deployment/web", kinds=ALL)
    assert titles(exported) == ["Service web", WEB]
    told = "ConfigMap default/settings is needed and not there"
    assert exported.warnings == (() if optional else (told,))


@pytest.mark.parametrize(
    ("verb", "resource", "target"),
    [
        ("GET", DEPLOYMENT, "default/deployment/web"),
        ("GET", SECRET, "Secret default/cert"),
        ("GET", CONFIG_MAP, "ConfigMap default/settings"),
        ("GET", SERVICE_ACCOUNT, "ServiceAccount default/shop"),
        ("LIST", SERVICE, "what belongs to workloads in default"),
        ("LIST", INGRESS, "what belongs to workloads in default"),
        ("LIST", AUTOSCALER, "what belongs to workloads in default"),
    ],
    ids=lambda one: one.kind if isinstance(one, Resource) else "",
)
def test_what_may_not_be_read_is_an_error_with_the_rule_to_grant(
    backend: KubernetesBackend, verb: str, resource: Resource, target: str
) -> None:
    full(backend)
    (container,) = backend.runtime.role(CONTAINERS).find([parse_target("kubernetes/default/deployment/web")])
    assert not isinstance(container, NekzusError)
    error = PermissionDeniedError("forbidden", hint=f"grant it on {resource.rule}")
    backend.kubernetes.fail(verb, error, kind=resource.plural, nth=0)
    with pytest.raises(PermissionDeniedError) as refused:
        backend.runtime.role(EXPORTER).export([container], ExportChoice(frozenset(ALL)))
    assert refused.value.hint == f"grant it on {resource.rule}"
    assert refused.value.target == target
