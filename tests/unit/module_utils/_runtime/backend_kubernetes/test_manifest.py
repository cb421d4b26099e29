# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a pod is created from again."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.manifest import pod_manifest
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod

TOKEN = "kube-api-access-x2x4z"  # noqa: S105 - a volume
TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path


def wanted() -> dict[str, Any]:
    """Return a pod as its author wrote it."""
    document = pod("web", namespace="prod", labels={"app": "web"}, annotations={"note": "mine"}, env=("A=b",))
    document["spec"]["containers"][0]["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    document["spec"]["volumes"] = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    return {"apiVersion": "v1", "kind": "Pod", **document}


def stored() -> dict[str, Any]:
    """Return the same as an API server has it."""
    document = wanted()
    document["metadata"] |= {
        "uid": "1",
        "resourceVersion": "7",
        "generation": 1,
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "generateName": "web-",
        "managedFields": [{"manager": "kubectl"}],
        "selfLink": "/api/v1/x",
    }
    document["metadata"]["annotations"] |= {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "cni.projectcalico.org/podIP": "10.0.0.7",
        "k8s.v1.cni.cncf.io/network-status": "[]",
    }
    mount = {"name": TOKEN, "mountPath": TOKEN_PATH, "readOnly": True}
    document["spec"]["containers"][0]["volumeMounts"].append(mount)
    document["spec"]["initContainers"] = [{"name": "init", "image": "busybox", "volumeMounts": [dict(mount)]}]
    document["spec"]["volumes"].append({"name": TOKEN, "projected": {"sources": []}})
    document["spec"] |= {"nodeName": "node-1", "serviceAccount": "default", "priority": 0}
    document["spec"]["preemptionPolicy"] = "PreemptLowerPriority"
    document["status"] = {"phase": "Running"}
    return document


def test_it_is_what_its_author_wrote() -> None:
    expected = wanted()
    expected["spec"]["initContainers"] = [{"name": "init", "image": "busybox"}]
    assert pod_manifest(stored()) == expected


def test_making_it_twice_changes_nothing_more_nor_the_object() -> None:
    document = stored()
    before = deepcopy(document)
    once = pod_manifest(document)
    assert pod_manifest(once) == once
    assert document == before


def test_a_volume_of_the_authors_own_is_kept_though_its_name_looks_given() -> None:
    document = stored()
    document["spec"]["containers"][0]["volumeMounts"][1]["mountPath"] = "/tokens"
    kept = pod_manifest(document)["spec"]
    assert TOKEN in [volume["name"] for volume in kept["volumes"]]
    assert TOKEN in [mount["name"] for mount in kept["containers"][0]["volumeMounts"]]


@pytest.mark.parametrize(("account", "volume"), [("", "default-token-x2x4z"), ("shop", "shop-token-x2x4z")])
def test_the_tokens_of_older_servers_are_left_out_too(account: str, volume: str) -> None:
    document = pod("web", **({"serviceAccountName": account} if account else {}))
    document["spec"]["containers"][0]["volumeMounts"] = [{"name": volume, "mountPath": TOKEN_PATH}]
    document["spec"]["volumes"] = [{"name": volume, "secret": {"secretName": volume}}]
    made = pod_manifest(document)["spec"]
    assert "volumes" not in made
    assert "volumeMounts" not in made["containers"][0]


def test_a_pod_with_nothing_but_containers_is_left_as_it_is() -> None:
    document = {"apiVersion": "v1", "kind": "Pod", **pod("web")}
    made = pod_manifest(document)
    assert made["spec"] == document["spec"]
    assert made["metadata"] == {"name": "web", "namespace": "default"}
