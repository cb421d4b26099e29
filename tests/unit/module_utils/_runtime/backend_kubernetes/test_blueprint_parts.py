# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is left of a Service, a claim, an account or data when all that a server has set is taken away."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.blueprint import blueprint, losses
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    VOLUME_CLAIM,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece


def made(resource: Resource, **body: Any) -> dict[str, Any]:
    """Return the blueprint of an object."""
    return blueprint(Piece(resource, {"metadata": {"name": "web", "namespace": "prod"}, **body}))


def spec_of(resource: Resource, **spec: Any) -> Any:
    """Return the specification in the blueprint of an object that has this one."""
    return made(resource, spec=spec)["spec"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param(
            {"clusterIP": "10.0.0.7", "clusterIPs": ["10.0.0.7"], "type": "ClusterIP"},
            {"type": "ClusterIP"},
            id="an address that was allotted",
        ),
        pytest.param({"clusterIP": "None", "clusterIPs": ["None"]}, {"clusterIP": "None"}, id="headless"),
        pytest.param(
            {"type": "ExternalName", "externalName": "db.example"},
            {"type": "ExternalName", "externalName": "db.example"},
            id="external name",
        ),
        pytest.param(
            {"ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"}, {}, id="families that the server has chosen"
        ),
        pytest.param(
            {"ipFamilies": ["IPv4", "IPv6"], "ipFamilyPolicy": "PreferDualStack"},
            {"ipFamilyPolicy": "PreferDualStack"},
            id="a policy that the author has chosen",
        ),
        pytest.param(
            {"type": "LoadBalancer", "healthCheckNodePort": 30011, "ports": [{"port": 80, "nodePort": 30080}]},
            {"type": "LoadBalancer", "ports": [{"port": 80}]},
            id="load balancer",
        ),
    ],
)
def test_a_service_loses_what_it_was_allotted(spec: dict[str, Any], expected: dict[str, Any]) -> None:
    assert spec_of(SERVICE, **spec) == expected


def test_a_claim_loses_its_volume() -> None:
    assert spec_of(VOLUME_CLAIM, volumeName="pvc-1", storageClassName="fast") == {"storageClassName": "fast"}


def test_an_account_loses_its_tokens_and_what_openshift_gave_it() -> None:
    found = made(
        SERVICE_ACCOUNT,
        secrets=[{"name": "web-token-x2x4z"}],
        imagePullSecrets=[{"name": "web-dockercfg-x2x4z"}, {"name": "registry"}],
        automountServiceAccountToken=False,
    )
    assert found == {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "web"},
        "imagePullSecrets": [{"name": "registry"}],
        "automountServiceAccountToken": False,
    }


@pytest.mark.parametrize("resource", [CONFIG_MAP, SECRET], ids=lambda one: one.kind)
def test_data_is_kept_whatever_its_keys_are(resource: Resource) -> None:
    body = {"data": {"status": "x", "uid": "y"}, "immutable": True}
    assert made(resource, **body).items() >= body.items()


def test_a_custom_kind_keeps_what_means_something_else_there() -> None:
    custom = Resource("Service", "services", "serving.example.com/v1", custom=True)
    spec = {"clusterIP": "10.0.0.7", "template": {"spec": {"serviceAccount": "shop"}}}
    assert spec_of(custom, **spec) == spec


def test_a_kind_is_written_in_the_version_that_the_server_has() -> None:
    older = Resource("CronJob", "cronjobs", "batch/v1beta1")
    assert made(older, spec={})["apiVersion"] == "batch/v1beta1"


@pytest.mark.parametrize(
    ("resource", "spec", "told"),
    [
        (SERVICE, {"type": "NodePort", "ports": [{"nodePort": 30080}, {"nodePort": 30443}]}, "than 30080, 30443 where"),
        (SERVICE, {"type": "NodePort", "ports": [{"port": 80}]}, ""),
        (SERVICE, {"type": "LoadBalancer", "ports": [{"nodePort": 30080}]}, ""),
        (VOLUME_CLAIM, {"storageClassName": "", "volumeName": "disk-1"}, "holds disk-1"),
        (VOLUME_CLAIM, {"storageClassName": "fast", "volumeName": "pvc-1"}, ""),
        (VOLUME_CLAIM, {"volumeName": "pvc-1"}, ""),
    ],
)
def test_a_user_is_told_of_what_cannot_be_had_again(resource: Resource, spec: dict[str, Any], told: str) -> None:
    found = losses(Piece(resource, {"metadata": {"name": "web", "namespace": "prod"}, "spec": spec}))
    assert [told in one and one.startswith(f"{resource.kind} prod/web: ") for one in found] == ([True] if told else [])
