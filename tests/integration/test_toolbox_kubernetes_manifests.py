# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying manifests in a cluster: applied by the server, in an order, with fields that are shared with others."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from .cluster import path_of
from .kubernetes_deployment import KubernetesDeployment
from .manifests import container, cron_job, daemon_set, deployment, job, pod, pod_spec, stateful_set
from .yard import LIVES, digits

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (  # isort: skip
    ConflictError,
    InvalidTemplateError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import Settings  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import read_template  # isort: skip
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import read_documents  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .space import Space

Manifest = dict[str, Any]
APPLY = "application/apply-patch+yaml"


@pytest.fixture
def place(space: Space, request: pytest.FixtureRequest) -> Iterator[KubernetesDeployment]:
    """Give the test a deployment of its own."""
    found = KubernetesDeployment(space, request.node.nodeid)
    found.clear()
    yield found
    found.clear()


def web(place: KubernetesDeployment, replicas: int = 1, **variables: str) -> Manifest:
    """Return a Deployment that serves what a ConfigMap holds."""
    mounts = [{"name": "pages", "mountPath": "/pages"}]
    env = [{"name": name, "value": value} for name, value in variables.items()]
    ports = [{"containerPort": 8080, "protocol": "TCP"}]
    volumes = [{"name": "pages", "configMap": {"name": f"{place.name}-pages"}}]
    spec = pod_spec(
        f"httpd -p 8080 -h /pages; {LIVES}",
        env=env,
        ports=ports,
        volumeMounts=mounts,
        pod={"volumes": volumes},
    )
    return deployment(f"{place.name}-web", replicas, spec)


def pages(place: KubernetesDeployment, text: str = "hello\n") -> Manifest:
    """Return what is served."""
    metadata = {"name": f"{place.name}-pages"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"page": text}}


def service(place: KubernetesDeployment) -> Manifest:
    """Return where it is reached."""
    ports = [{"port": 80, "targetPort": 8080, "protocol": "TCP"}]
    spec = {"selector": {"app": f"{place.name}-web"}, "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": f"{place.name}-web"}, "spec": spec}


def site(place: KubernetesDeployment) -> tuple[Manifest, ...]:
    """Return all of it, in an order in which it could not be made by who waits for each."""
    return web(place), service(place), pages(place)


TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${SERVICE_NAME}-pages
data:
  page: "${GREETING:-hello}, $HOME"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${SERVICE_NAME}-web
spec:
  replicas: ${COUNT}
  selector: {matchLabels: {app: "${SERVICE_NAME}-web"}}
  template:
    metadata:
      labels: {app: "${SERVICE_NAME}-web"}
    spec:
      terminationGracePeriodSeconds: 2
      containers:
      - name: main
        image: ${IMAGE:?which image}
        imagePullPolicy: IfNotPresent
        command: [sh, -c, "httpd -p 8080 -h /pages; trap 'exit 0' TERM; while :; do sleep 0.1; done"]
        volumeMounts: [{name: pages, mountPath: /pages}]
      volumes:
      - name: pages
        configMap: {name: "${SERVICE_NAME}-pages"}
"""


def filled(place: KubernetesDeployment, **values: str) -> Any:
    """Return the template's manifests, with variables."""
    template = read_template(read_documents(TEMPLATE, name="site.yml"), title="site.yml")
    content, _warnings = template.render(Settings(name=place.name, values={"SERVICE_NAME": place.name, **values}))
    return content


def test_documents_with_variables_become_a_service(place: KubernetesDeployment) -> None:
    content = filled(place, COUNT="2", IMAGE=container()["image"])
    found = place.deploy(content=content)
    assert found is not None
    assert (found.status, found.image) == ("running", container()["image"])
    assert place.ready("web") == 2
    assert place.run("web", "cat", "/pages/page") == "hello, $HOME"
    assert place.told(content=content) == []
    again = filled(place, COUNT="2", IMAGE=container()["image"], GREETING="bye")
    assert place.told(content=again) == ["ConfigMap pages changed"]
    with pytest.raises(InvalidTemplateError, match=r"replicas of Deployment .* are 'two', not a whole number"):
        place.plan(content=filled(place, COUNT="two", IMAGE=container()["image"]))


def test_manifests_are_made_whatever_their_order_and_go_away_again(place: KubernetesDeployment) -> None:
    found = place.deploy(content=site(place))
    assert found is not None
    (end,) = found.endpoints
    assert place.fetch("web", end.host) == "hello\n"
    assert place.told(content=site(place)) == []
    before = place.versions()
    place.deploy(content=site(place))
    assert place.versions() == before
    place.deploy(state="absent")
    assert place.objects() == []
    assert place.told(state="absent") == []


def test_what_the_template_has_no_more_goes(place: KubernetesDeployment) -> None:
    place.deploy(content=site(place))
    left = (web(place), pages(place))
    assert place.told(content=left) == ["Service web removed"]
    place.deploy(content=left)
    assert [name for name in place.objects() if "nekzus" not in name] == ["ConfigMap pages", "Deployment web"]
    assert place.told(content=left) == []


def kubectl(place: KubernetesDeployment, kind: str, name: str, body: Mapping[str, Any]) -> None:
    """Set fields as kubectl does."""
    version = "apps/v1" if kind == "Deployment" else "v1"
    path = path_of(version, kind, place.space.namespace, f"{place.name}-{name}")
    whole = {"apiVersion": version, "kind": kind, **body}
    place.cluster.call("PATCH", path, whole, content=APPLY, fieldManager="kubectl", force="true")


def test_a_field_that_somebody_else_has_set_is_named_with_who_it_was(place: KubernetesDeployment) -> None:
    place.deploy(content=site(place))
    kubectl(place, "ConfigMap", "pages", {"data": {"page": "mine\n"}})
    before = place.versions()
    with pytest.raises(ConflictError, match=r"ConfigMap .*-pages: kubectl has set \.data\.page") as refusal:
        place.deploy(content=site(place))
    assert "take_over" in (refusal.value.hint or "")
    assert place.versions() == before
    assert place.cluster.call("GET", place.path("ConfigMap", f"{place.name}-pages"))["data"] == {"page": "mine\n"}
    place.deploy(content=site(place), take_over=True)
    assert place.cluster.call("GET", place.path("ConfigMap", f"{place.name}-pages"))["data"] == {"page": "hello\n"}
    assert place.told(content=site(place)) == []


def test_what_others_add_is_left_alone(place: KubernetesDeployment) -> None:
    place.deploy(content=site(place))
    kubectl(place, "ConfigMap", "pages", {"data": {"more": "theirs\n"}, "metadata": {"labels": {"owner": "them"}}})
    assert place.told(content=site(place)) == []
    place.deploy(content=(web(place), service(place), pages(place, "new\n")))
    found = place.cluster.call("GET", place.path("ConfigMap", f"{place.name}-pages"))
    assert found["data"] == {"page": "new\n", "more": "theirs\n"}
    assert found["metadata"]["labels"]["owner"] == "them"


def definition(group: str, plural: str) -> Manifest:
    """Return a kind of its own."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"plural": plural, "singular": plural[:-1], "kind": "Gadget"}
    spec = {"group": group, "scope": "Namespaced", "names": names, "versions": [version]}
    metadata = {"name": f"{plural}.{group}"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    }


def test_a_kind_and_an_object_of_it_come_in_one_template(place: KubernetesDeployment) -> None:
    group = f"t{digits(place.name, 6)}.nekzus.test"
    kind = definition(group, "gadgets")
    gadget = {"apiVersion": f"{group}/v1", "kind": "Gadget", "metadata": {"name": place.name}, "spec": {"size": 1}}
    content = (gadget, kind, pages(place))
    try:
        told = place.told(content=content)
        assert told[0].startswith("CustomResourceDefinition ")
        place.deploy(content=content)
        path = f"/apis/{group}/v1/namespaces/{place.space.namespace}/gadgets/{place.name}"
        assert place.cluster.call("GET", path)["spec"] == {"size": 1}
        assert place.told(content=content) == []
        changed = ({**gadget, "spec": {"size": 2}}, kind, pages(place))
        assert place.told(content=changed) == ["Gadget  changed"]
        place.deploy(content=changed)
        assert place.cluster.call("GET", path)["spec"] == {"size": 2}
        plan = place.plan(state="absent")
        assert any("CustomResourceDefinition" in warning for warning in plan.warnings)
        place.deployer.execute(plan)
        assert place.cluster.find(path) is None
        place.deploy(content=content)
        place.deploy(state="absent", remove_volumes=True)
        assert (
            place.cluster.find(path_of("apiextensions.k8s.io/v1", "CustomResourceDefinition", name=f"gadgets.{group}"))
            is None
        )
    finally:
        place.cluster.delete(path_of("apiextensions.k8s.io/v1", "CustomResourceDefinition", name=f"gadgets.{group}"))


def test_a_job_is_waited_for_until_it_is_done(place: KubernetesDeployment) -> None:
    content = (job(f"{place.name}-once", "sleep 1; echo done"), pages(place))
    found = place.deploy(content=content)
    assert found is not None
    (one,) = found.containers
    assert (one.state, one.status) == ("stopped", "Complete")
    assert place.told(content=content) == []
    again = (job(f"{place.name}-once", "echo again"), pages(place))
    assert place.told(content=again) == ["Job once recreated"]
    place.deploy(content=again)
    assert place.told(content=again) == []


def test_workloads_of_every_kind_are_waited_for(place: KubernetesDeployment) -> None:
    names = {kind: f"{place.name}-{kind}" for kind in ("deployment", "set", "daemons", "pod", "cron")}
    version = "batch/v1beta1" if place.cluster.version < (1, 21) else "batch/v1"
    content = (
        deployment(names["deployment"], 2),
        stateful_set(names["set"], 2),
        daemon_set(names["daemons"]),
        pod(names["pod"]),
        cron_job(names["cron"], version),
    )
    found = place.deploy(content=content)
    assert found is not None
    assert {place.short(one.name): one.ready for one in found.containers} == {
        "deployment": True,
        "set": True,
        "daemons": True,
        "pod": True,
        "cron": True,
    }
    assert place.told(content=content) == []
    with pytest.raises(UnsupportedError, match="no way to stop"):
        place.deploy(state="stopped")
    place.deploy(state="absent")
    assert place.objects() == []


def test_a_list_is_what_is_in_it(place: KubernetesDeployment) -> None:
    content = ({"apiVersion": "v1", "kind": "List", "items": list(site(place))},)
    place.deploy(content=content)
    assert place.told(content=site(place)) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"apiVersion": "nekzus.test/v9"}, "no kind ConfigMap in nekzus.test/v9", id="kind"),
        pytest.param({"metadata": {}}, "not a whole manifest", id="name"),
    ],
)
def test_what_is_no_object_of_this_cluster_is_refused(
    place: KubernetesDeployment, change: dict[str, Any], told: str
) -> None:
    broken = {**copy.deepcopy(pages(place)), **change}
    with pytest.raises((InvalidTemplateError, UnsupportedError), match=told):
        place.plan(content=(web(place), broken))
    assert place.objects() == []
