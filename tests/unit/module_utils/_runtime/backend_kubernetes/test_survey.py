# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cluster is, as API servers of several makers tell it, and what it allows."""

from __future__ import annotations

from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.capability import Capability
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    PermissionDeniedError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.access import every_grant
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.survey import KubernetesSurveyor
from ansible_collections.nekzus.runtime.tests.unit.fakes.api_server import ApiServer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.permissions import Permissions


def surveyor(server: ApiServer, *namespaces: str) -> KubernetesSurveyor:
    return KubernetesSurveyor(server.client, namespaces=namespaces)


def asked_for(server: ApiServer, *configured: str, namespaces: Sequence[str] = ()) -> Permissions:
    found = surveyor(server, *configured).permissions(namespaces)
    assert found
    return found


@pytest.mark.parametrize(
    ("told", "name", "version"),
    [
        ("v1.20.2", "Kubernetes", "1.20.2"),
        ("v1.31.0-rc.1", "Kubernetes", "1.31.0-rc.1"),
        ("v1.28.5+k3s1", "K3s", "1.28.5+k3s1"),
        ("v1.27.10+rke2r1", "RKE2", "1.27.10+rke2r1"),
        ("v1.29.2+k0s", "k0s", "1.29.2+k0s"),
        ("v1.29.1-eks-508b6b3", "Amazon EKS", "1.29.1-eks-508b6b3"),
        ("v1.27.8-gke.1067004", "Google GKE", "1.27.8-gke.1067004"),
        ("v1.27.6+f67aeb3", "Kubernetes", "1.27.6+f67aeb3"),
        ("1.30.0", "Kubernetes", "1.30.0"),
    ],
)
def test_a_cluster_is_described_by_its_version(told: str, name: str, version: str) -> None:
    server = ApiServer({"gitVersion": told, "platform": "linux/amd64"})
    found = surveyor(server).describe()
    assert (found.name, found.version, found.api_version) == (name, version, "v1")
    assert server.paths == ["/version"]


@pytest.mark.parametrize("document", [{}, {"gitVersion": None}, {"version": "3"}, [], None])
def test_what_has_no_version_is_not_kubernetes(document: Any) -> None:
    with pytest.raises(RuntimeUnavailableError, match="not Kubernetes") as refusal:
        surveyor(ApiServer(document)).describe()
    assert "runtimes.kubernetes.host" in str(refusal.value.hint)


@pytest.mark.parametrize(
    ("told", "able"),
    [
        ("v1.20.2", False),
        ("v1.21.14", False),
        ("v1.22.0", True),
        ("v1.28.5+k3s1", True),
        ("v1.9.1", False),
        ("v2.0.0", True),
        ("unknown", True),
    ],
)
def test_jobs_can_be_suspended_where_the_server_is_new_enough(told: str, *, able: bool) -> None:
    capabilities = surveyor(ApiServer({"gitVersion": told})).describe().capabilities
    assert capabilities["suspend_jobs"] is able
    assert capabilities["suspend_cron_jobs"] is True


def test_it_can_all_but_pause() -> None:
    capabilities = surveyor(ApiServer({"gitVersion": "v1.36.0"})).describe().capabilities
    assert list(capabilities) == [each.value for each in Capability]
    assert [word for word, held in capabilities.items() if not held] == ["paused"]


def test_every_rule_is_asked_for_once_in_each_namespace() -> None:
    server = ApiServer()
    found = asked_for(server, namespaces=["prod", "dev", "prod"])
    assert found.namespaces == ("prod", "dev")
    assert sorted(server.asked) == sorted(
        (one.verb, one.group, one.resource, place) for one in every_grant() for place in ("prod", "dev")
    )


@pytest.mark.parametrize(
    ("configured", "named", "meant"),
    [
        ((), (), ()),
        (("prod", "dev"), (), ("prod", "dev")),
        (("prod", "dev"), ("dev",), ("dev",)),
        ((), ("dev",), ("dev",)),
    ],
)
def test_the_namespaces_named_are_meant_else_those_configured_else_the_cluster(
    configured: tuple[str, ...], named: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    server = ApiServer()
    assert asked_for(server, *configured, namespaces=named).namespaces == meant
    assert {place for *_rule, place in server.asked} == set(meant or ("",))


def test_what_one_namespace_denies_is_missing() -> None:
    server = ApiServer(denied=[("get", "", "pods/log", "dev")])
    found = asked_for(server, namespaces=["prod", "dev"])
    assert {one.name for one in found.operations if not one.allowed} == {"logs", "wait"}
    assert found.role
    assert found.role["rules"] == [{"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]}]


def test_questions_are_asked_side_by_side() -> None:
    server = ApiServer()
    server.together = Barrier(4)  # breaks with fewer than four at a time
    assert asked_for(server, namespaces=["a", "b", "c", "d"]).role is None


def test_a_server_that_answers_no_questions_is_an_error() -> None:
    refusal = PermissionDeniedError("forbidden to who has not logged in", hint="give credentials")
    with pytest.raises(PermissionDeniedError, match="cannot ask for the permissions: forbidden"):
        asked_for(ApiServer(error=refusal))
