# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests as the objects of a deployment: which they are, in which order they are made, what they may not have."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidTemplateError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Kinds
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece, labelled
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.template_pieces import (
    check_pieces,
    comes_with,
    kind_comes_with,
    read_manifests,
)

_OWN = {
    "/api/v1": [("persistentvolumes", "PersistentVolume", False), ("limitranges", "LimitRange", True)],
    "/apis/policy/v1": [("poddisruptionbudgets", "PodDisruptionBudget", True)],
    "/apis/admissionregistration.k8s.io/v1": [
        ("validatingwebhookconfigurations", "ValidatingWebhookConfiguration", False)
    ],
}


def discover(path: str) -> dict[str, Any]:
    """Return the kinds of a group that are not known by heart."""
    found = _OWN.get(path, [])
    return {"resources": [{"name": plural, "kind": kind, "namespaced": where} for plural, kind, where in found]}


def read(*documents: dict[str, Any]) -> tuple[Piece, ...]:
    """Return the objects of documents."""
    return read_manifests(documents, namespace="prod", lookup=Kinds(discover).of)


def manifest(kind: str, name: str = "it", version: str = "v1", **more: Any) -> dict[str, Any]:
    """Return a manifest."""
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **more.pop("metadata", {})}, **more}


def definition(scope: str = "Namespaced") -> dict[str, Any]:
    """Return a kind of its own."""
    names = {"kind": "Gadget", "plural": "gadgets"}
    spec = {"group": "example.org", "scope": scope, "names": names, "versions": [{"name": "v1"}, {"name": "v2"}]}
    return manifest("CustomResourceDefinition", "gadgets.example.org", "apiextensions.k8s.io/v1", spec=spec)


def test_an_object_is_in_its_own_namespace_or_else_in_the_deployments() -> None:
    found = read(
        manifest("ConfigMap", "here"),
        manifest("ConfigMap", "there", metadata={"namespace": "other"}),
        manifest("PersistentVolume", "wide", metadata={"namespace": "ignored"}),
    )
    assert [one.title for one in found] == [
        "ConfigMap prod/here",
        "ConfigMap other/there",
        "PersistentVolume wide",
    ]


def test_lists_are_what_is_in_them_and_empty_documents_are_nothing() -> None:
    nested = manifest("List", items=[manifest("ConfigMap", "b"), manifest("List", items=[manifest("Secret", "c")])])
    assert [one.name for one in read({}, manifest("ConfigMap", "a"), nested)] == ["a", "b", "c"]


def test_a_status_is_not_said() -> None:
    (found,) = read(manifest("ConfigMap", status={"phase": "Bound"}))
    assert "status" not in found.document


def test_an_object_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InvalidTemplateError, match="the template has the ConfigMap prod/it twice"):
        read(manifest("ConfigMap"), manifest("ConfigMap", metadata={"namespace": "prod"}))
    assert len(read(manifest("ConfigMap"), manifest("Secret"))) == 2


@pytest.mark.parametrize("key", ["apiVersion", "kind", "metadata"])
def test_what_lacks_its_head_is_no_manifest(key: str) -> None:
    broken = {name: value for name, value in manifest("ConfigMap").items() if name != key}
    with pytest.raises(InvalidTemplateError, match="is not a whole manifest"):
        read(broken)


def test_a_kind_that_the_cluster_has_not_is_refused() -> None:
    with pytest.raises(UnsupportedError, match=r"no kind Gadget in example.org/v1, of which it is"):
        read(manifest("Gadget", version="example.org/v1"))


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_kind_that_the_template_brings_is_known(version: str) -> None:
    gadget, kind = read(manifest("Gadget", version=f"example.org/{version}"), definition())
    assert (gadget.title, gadget.resource.plural) == ("Gadget prod/it", "gadgets")
    assert kind_comes_with(gadget, (gadget, kind))
    assert not kind_comes_with(kind, (gadget, kind))


def test_a_kind_of_the_whole_cluster_is_in_no_namespace() -> None:
    gadget, _kind = read(manifest("Gadget", version="example.org/v1"), definition("Cluster"))
    assert gadget.title == "Gadget it"


def test_what_is_in_a_namespace_of_the_template_comes_with_it() -> None:
    home, inside, outside = read(
        manifest("Namespace", "new"), manifest("ConfigMap", metadata={"namespace": "new"}), manifest("ConfigMap")
    )
    pieces = (home, inside, outside)
    assert [comes_with(one, pieces) for one in pieces] == [False, True, False]


def test_what_pods_need_is_made_before_them_and_what_asks_them_after() -> None:
    documents = [
        manifest("ValidatingWebhookConfiguration", version="admissionregistration.k8s.io/v1"),
        manifest("PodDisruptionBudget", version="policy/v1"),
        manifest("Deployment", version="apps/v1"),
        manifest("Service"),
        manifest("PersistentVolumeClaim"),
        manifest("PersistentVolume"),
        manifest("Secret"),
        manifest("ServiceAccount"),
        manifest("LimitRange"),
        definition(),
        manifest("Namespace"),
    ]
    found = sorted(read(*documents), key=lambda one: one.rank)
    kinds = [one.resource.kind for one in found]
    assert kinds[:9] == [
        *("Namespace", "CustomResourceDefinition", "LimitRange", "ServiceAccount", "Secret"),
        *("PersistentVolume", "PersistentVolumeClaim", "Service", "Deployment"),
    ]
    assert [one.resource.kind for one in found if one.is_needed] == kinds[:8]
    assert [one.resource.kind for one in found if one.is_served_by_pods] == ["ValidatingWebhookConfiguration"]


def test_what_holds_data_is_kept() -> None:
    kinds = ("PersistentVolume", "PersistentVolumeClaim", "Namespace", "Secret", "Service")
    assert [kind for kind in kinds if read(manifest(kind))[0].is_kept] == [
        "PersistentVolume",
        "PersistentVolumeClaim",
        "Namespace",
    ]


@pytest.mark.parametrize(
    ("count", "hint"),
    [
        ("2", "write it without quotation marks"),
        ("two", "give a whole number"),
        (True, "give a whole number"),
        (-1, "give a whole number"),
        (1.5, "give a whole number"),
    ],
)
def test_a_count_that_is_no_whole_number_is_refused(count: object, hint: str) -> None:
    with pytest.raises(InvalidTemplateError, match=r"replicas of Deployment it are .*, not a whole number") as raised:
        read(manifest("Deployment", version="apps/v1", spec={"replicas": count}))
    assert raised.value.hint == hint


@pytest.mark.parametrize(("spec", "count"), [({}, 1), ({"replicas": None}, 1), ({"replicas": 0}, 0)])
def test_a_count_that_is_not_said_is_one(spec: dict[str, Any], count: int) -> None:
    assert read(manifest("Deployment", version="apps/v1", spec=spec))[0].wanted == count


POD: dict[str, Any] = {"containers": [{"name": "main", "image": "x"}]}


def deployment(**fields: Any) -> tuple[Piece, ...]:
    """Return a Deployment with other fields of its pods."""
    return read(manifest("Deployment", version="apps/v1", spec={"template": {"spec": {**POD, **fields}}}))


def held(context: dict[str, Any], where: str = "containers") -> tuple[Piece, ...]:
    """Return a Deployment with a container of a security context."""
    return deployment(**{where: [{"name": "main", "securityContext": context}]})


def mounting(path: str, *, read_only: bool = False) -> tuple[Piece, ...]:
    """Return a Deployment that mounts a folder of its node."""
    mount = {"name": "host", "mountPath": "/host", "readOnly": read_only}
    volumes = [{"name": "host", "hostPath": {"path": path}}]
    return deployment(volumes=volumes, containers=[{"name": "main", "volumeMounts": [mount]}])


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (deployment(hostNetwork=True, hostPID=True), "Deployment/it.hostNetwork, Deployment/it.hostPID"),
        (deployment(hostIPC=True), "Deployment/it.hostIPC"),
        (held({"privileged": True}), "Deployment/it.main.privileged"),
        (held({"privileged": True}, "initContainers"), "Deployment/it.main.privileged"),
        (held({"capabilities": {"add": ["SYS_ADMIN"]}}), "Deployment/it.main.capabilities=SYS_ADMIN"),
        (held({"seccompProfile": {"type": "Unconfined"}}), "Deployment/it.main.seccompProfile=Unconfined"),
        (read(manifest("Pod", spec={**POD, "hostPID": True})), "Pod/it.hostPID"),
        (
            read(
                manifest(
                    "CronJob",
                    version="batch/v1",
                    spec={"jobTemplate": {"spec": {"template": {"spec": {**POD, "hostIPC": True}}}}},
                )
            ),
            "CronJob/it.hostIPC",
        ),
        (mounting("/var/run/docker.sock"), "Deployment/it.hostPath=/var/run/docker.sock"),
        (mounting("/etc/localtime"), "Deployment/it.hostPath=/etc/localtime"),
        (
            read(manifest("PersistentVolume", spec={"hostPath": {"path": "/srv"}})),
            "PersistentVolume/it.hostPath=/srv",
        ),
        (
            read(manifest("ClusterRoleBinding", version="rbac.authorization.k8s.io/v1")),
            "ClusterRoleBinding/it",
        ),
    ],
)
def test_what_takes_more_of_the_host_or_cluster_is_named(pieces: tuple[Piece, ...], told: str) -> None:
    with pytest.raises(InvalidTemplateError, match="takes more of the host than is allowed") as refusal:
        check_pieces(pieces, allow_privileged=False, allowed_paths=())
    assert refusal.value.message.endswith(told)
    check_pieces(pieces, allow_privileged=True, allowed_paths=())


def test_folders_that_are_allowed_or_harmless_may_be_mounted() -> None:
    check_pieces(mounting("/srv/data"), allow_privileged=False, allowed_paths=("/srv",))
    check_pieces(mounting("/etc/localtime", read_only=True), allow_privileged=False, allowed_paths=())
    check_pieces(held({"capabilities": {"add": ["CHOWN"]}}), allow_privileged=False, allowed_paths=())


def test_labels_of_the_template_stay_and_ours_are_on_the_pods_too() -> None:
    spec = {"template": {"metadata": {"labels": {"app": "it"}}, "spec": POD}, "volumeClaimTemplates": [{}]}
    (piece,) = read(manifest("StatefulSet", version="apps/v1", spec=spec, metadata={"labels": {"own": "label"}}))
    document: Any = labelled(piece, "shop", "web", home=piece.namespace).document
    assert document["metadata"]["labels"] == {
        "own": "label",
        "app.kubernetes.io/name": "it",
        "app.kubernetes.io/instance": "shop",
        "app.kubernetes.io/managed-by": "nekzus.runtime",
        "nekzus.io/service": "shop",
        "nekzus.io/template": "web",
    }
    assert document["spec"]["template"]["metadata"]["labels"] == {"app": "it", "nekzus.io/service": "shop"}
    assert document["spec"]["volumeClaimTemplates"] == [{"metadata": {"labels": {"nekzus.io/service": "shop"}}}]


def test_names_of_the_template_that_are_usual_labels_win() -> None:
    (piece,) = read(manifest("ConfigMap", metadata={"labels": {"app.kubernetes.io/name": "mine"}}))
    document: Any = labelled(piece, "shop", "", home=piece.namespace).document
    assert document["metadata"]["labels"]["app.kubernetes.io/name"] == "mine"
    assert "nekzus.io/template" not in document["metadata"]["labels"]
