# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests that take an order: what pods need, what waits for pods, and what holds data."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import path_of
from .kubernetes_deployment import KubernetesDeployment, new_folder
from .manifests import deployment, pod_spec, stateful_set
from .space import PATIENCE
from .yard import LIVES, digits, poll

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NotReadyError  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .space import Space

Manifest = dict[str, Any]
EXTENSIONS = "apiextensions.k8s.io/v1"
DEFINITION = "CustomResourceDefinition"


@pytest.fixture
def place(space: Space, request: pytest.FixtureRequest) -> Iterator[KubernetesDeployment]:
    """Give the test a deployment of its own."""
    found = KubernetesDeployment(space, request.node.nodeid)
    found.clear()
    yield found
    found.clear()


def mounting(place: KubernetesDeployment, volume: Manifest) -> Manifest:
    """Return a Deployment whose pods mount a volume."""
    spec = pod_spec(
        f"echo up >>/data/log; {LIVES}",
        volumeMounts=[{"name": "data", "mountPath": "/data"}],
        pod={"volumes": [{"name": "data", **volume}]},
    )
    return deployment(f"{place.name}-web", 1, spec)


def claim(name: str, volume: str = "") -> Manifest:
    """Return a claim on storage."""
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": ""}
    named = {**spec, **({"volumeName": volume} if volume else {})}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": named}


def storage(name: str) -> Manifest:
    """Return storage of the node."""
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "persistentVolumeReclaimPolicy": "Retain",
        "hostPath": {"path": new_folder(name), "type": "DirectoryOrCreate"},
    }
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": spec}


def test_storage_is_there_before_pods_and_stays_with_its_data(place: KubernetesDeployment) -> None:
    name = f"{place.name}-data"
    content = (mounting(place, {"persistentVolumeClaim": {"claimName": name}}), claim(name, name), storage(name))
    path = path_of("v1", "PersistentVolume", name=name)
    try:
        found = place.deploy(content=content, allowed_paths=("/tmp",))  # noqa: S108 - of the node
        assert found is not None
        assert (found.status, found.volumes) == ("running", (name,))
        assert place.told(content=content, allowed_paths=("/tmp",)) == []  # noqa: S108 - of the node
        plan = place.plan(state="absent")
        assert any("PersistentVolume " in warning and "stays" in warning for warning in plan.warnings)
        place.deployer.execute(plan)
        assert place.objects() == ["PersistentVolumeClaim data"]
        assert place.cluster.call("GET", path)["status"]["phase"] == "Bound"
        place.deploy(content=content, allowed_paths=("/tmp",))  # noqa: S108 - of the node
        assert place.run("web", "cat", "/data/log") == "up\nup\n"
        place.deploy(state="absent", remove_volumes=True)
        assert place.objects() == []
        assert place.cluster.find(path) is None
    finally:
        place.cluster.delete(path)


def gadgets(group: str) -> Manifest:
    """Return a kind that somebody else has brought."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": "gadgets", "singular": "gadget", "kind": "Gadget"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    return {"apiVersion": EXTENSIONS, "kind": DEFINITION, "metadata": {"name": f"gadgets.{group}"}, "spec": spec}


def test_what_others_make_pods_need_of_is_there_before_they_are_waited_for(place: KubernetesDeployment) -> None:
    group = f"o{digits(place.name, 6)}.nekzus.test"
    path = path_of(EXTENSIONS, DEFINITION, name=f"gadgets.{group}")
    place.cluster.create(gadgets(group))
    kept = f"/apis/{group}/v1/namespaces/{place.space.namespace}/gadgets"
    gadget = {"apiVersion": f"{group}/v1", "kind": "Gadget", "metadata": {"name": place.name}, "spec": {"size": 1}}
    web = mounting(place, {"emptyDir": {}})
    variable = {"name": "KEY", "valueFrom": {"configMapKeyRef": {"name": f"{place.name}-made", "key": "key"}}}
    web["spec"]["template"]["spec"]["containers"][0]["env"] = [variable]

    def operate() -> None:
        """Make what the pods need, as an operator does for an object of its kind."""
        poll(lambda: place.cluster.find(f"{kept}/{place.name}") is not None, "the object is there", seconds=PATIENCE)
        place.space.make(
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"{place.name}-made"}, "data": {"key": "x"}}
        )

    try:
        poll(lambda: place.cluster.find(kept) is not None, "the kind is there", seconds=PATIENCE)
        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(operate)
            found = place.deploy(content=(web, gadget))
            working.result()
        assert found is not None
        assert found.status == "running"
        assert place.run("web", "sh", "-c", "echo $KEY") == "x\n"
    finally:
        place.cluster.delete(path_of("v1", "ConfigMap", place.space.namespace, f"{place.name}-made"))
        place.cluster.delete(path)


def test_what_the_cluster_makes_of_a_service_is_no_object_of_the_template(place: KubernetesDeployment) -> None:
    ports = [{"port": 80, "protocol": "TCP"}]
    far, near = f"{place.name}-far", f"{place.name}-near"
    content = (
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": far}, "spec": {"ports": ports}},
        {
            "apiVersion": "v1",
            "kind": "Endpoints",
            "metadata": {"name": far},
            "subsets": [{"addresses": [{"ip": "192.0.2.7"}], "ports": ports}],
        },
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": near},
            "spec": {"ports": ports, "selector": {"app": near}},
        },
    )
    place.deploy(content=content)
    kept = f"/api/v1/namespaces/{place.space.namespace}/endpoints"
    poll(lambda: place.cluster.find(f"{kept}/{near}") is not None, "the cluster makes endpoints", seconds=PATIENCE)
    assert place.told(content=content) == []
    place.deploy(state="absent")
    poll(lambda: place.cluster.find(f"{kept}/{near}") is None, "the cluster removes them", seconds=PATIENCE)
    assert place.cluster.find(f"{kept}/{far}") is None


def test_whatever_has_a_count_is_stopped_and_started_without_its_template(place: KubernetesDeployment) -> None:
    content = (stateful_set(f"{place.name}-set", 2), deployment(f"{place.name}-web"))
    place.deploy(content=content)
    place.deploy(state="stopped")
    assert place.ids("set", "web") == {"set": [], "web": []}
    assert place.told(content=content) == []
    place.deploy(state="started")
    assert (place.ready("set"), place.ready("web")) == (2, 1)
    assert place.told(content=content) == []


def test_the_storage_of_a_stateful_set_stays_until_it_may_go(place: KubernetesDeployment) -> None:
    name = f"{place.name}-set"
    made = stateful_set(name, 1, pod_spec(volumeMounts=[{"name": "data", "mountPath": "/data"}]))
    made["spec"]["volumeClaimTemplates"] = [claim("data")]
    volume = storage(f"{place.name}-pv")
    volume["spec"]["claimRef"] = {"namespace": place.space.namespace, "name": f"data-{name}-0"}
    place.cluster.create(volume)
    path = path_of("v1", "PersistentVolume", name=f"{place.name}-pv")
    try:
        found = place.deploy(content=(made,))
        assert found is not None
        assert (found.status, found.volumes) == ("running", (f"data-{name}-0",))
        # Servers before 1.22 take the list for that of their controller, as soon as it has counted pods.
        assert place.told(content=(made,), take_over=True) == []
        place.deploy(state="absent")
        assert [one["metadata"]["name"] for one in place.items("PersistentVolumeClaim")] == [f"data-{name}-0"]
        place.deploy(state="absent", remove_volumes=True)
        assert place.objects() == []
    finally:
        place.cluster.delete(path)


def test_a_template_brings_the_namespace_that_it_is_deployed_to(place: KubernetesDeployment) -> None:
    name = f"{place.name}-home"
    path = path_of("v1", "Namespace", name=name)
    web = deployment(f"{place.name}-web")
    content = ({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}, web)
    deployer = place.another()
    try:
        plan = deployer.plan(place.wish(content=content, namespace=name))
        assert [one.kind for one in plan.changes] == ["Namespace", "Deployment"]
        found = deployer.execute(plan)
        assert found is not None
        assert (found.namespace, found.status) == (name, "running")
        assert deployer.plan(place.wish(content=content, namespace=name)).changes == ()
        deployer.execute(deployer.plan(place.wish(state="absent", namespace=name, remove_volumes=True)))
        assert place.cluster.find(path) is None
    finally:
        place.cluster.delete(path)


def test_a_namespace_that_came_with_what_fails_goes_again(place: KubernetesDeployment) -> None:
    name = f"{place.name}-home"
    path = path_of("v1", "Namespace", name=name)
    content = (
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
        deployment(f"{place.name}-web", 1, pod_spec("exit 3")),
    )
    try:
        with pytest.raises(NotReadyError, match=r"CrashLoopBackOff.*what was made was removed again"):
            place.deploy(content=content, namespace=name)
        poll(lambda: place.cluster.find(path) is None, "the namespace is gone", seconds=PATIENCE)
    finally:
        place.cluster.delete(path)
