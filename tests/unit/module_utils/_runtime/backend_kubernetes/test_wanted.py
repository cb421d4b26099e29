# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a template wants of a cluster: its objects with labels, notes of ports, and checksums of what pods are given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Kinds
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.wanted import (
    CHECKSUM,
    SALT,
    wanted_of,
    with_checksums,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import FileMount, PortSpec
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import FileSpec
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import project, web

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Key, Piece
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.wanted import Wanted
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import ServiceSpec

SECRETIVE = web(
    environment={"KEY": "geheim", "COLOUR": "blue"},
    secret=frozenset({"KEY"}),
    files=(FileMount("conf", "/etc/conf"), FileMount("token", "/run/token", secret=True)),
)


def wanted(content: Any, **values: Any) -> Wanted:
    """Return what a template wants."""
    kinds = Kinds(lambda _path: {})
    wish = Wish("shop", ToolboxState.PRESENT, template="web", content=content, **values)
    return wanted_of(wish, namespace="prod", lookup=kinds.of)


def pieces_of(service: ServiceSpec, present: Mapping[Key, Piece] | None = None, **parts: Any) -> dict[str, Piece]:
    """Return the objects of a service by kind."""
    found = with_checksums(wanted(project(service, **parts)).pieces, present or {})
    return {piece.resource.kind: piece for piece in found}


def checksum(pieces: Mapping[str, Piece]) -> str:
    """Return what the pods are marked with."""
    template: Any = pieces["Deployment"].document["spec"]["template"]
    return str(template["metadata"]["annotations"][CHECKSUM])


def test_every_object_is_the_deployments_in_its_namespace() -> None:
    found = wanted(project(SECRETIVE))
    assert {piece.namespace for piece in found.pieces} == {"prod"}
    for piece in found.pieces:
        labels: Any = piece.document["metadata"]["labels"]
        assert labels["nekzus.io/service"] == labels["app.kubernetes.io/instance"] == "shop"
        assert labels["nekzus.io/template"] == "web"
        assert labels["app.kubernetes.io/managed-by"] == "nekzus.runtime"


def test_services_tell_which_ports_the_template_publishes() -> None:
    service = web(ports=(PortSpec(80, 8080), PortSpec(53, 5353, "udp"), PortSpec(9000)))
    (found,) = [piece for piece in wanted(project(service)).pieces if piece.resource.kind == "Service"]
    annotations: Any = found.document["metadata"]["annotations"]
    assert annotations["nekzus.io/published"] == "8080/tcp 5353/udp"


def test_the_same_contents_have_the_same_checksum_as_long_as_the_secret_is_there() -> None:
    first = pieces_of(SECRETIVE)
    present = {piece.key: piece for piece in first.values()}
    assert checksum(pieces_of(SECRETIVE, present)) == checksum(first)
    # With another salt nobody can compare, be it with what he guesses.
    assert checksum(pieces_of(SECRETIVE)) != checksum(first)


@pytest.mark.parametrize(
    "service",
    [
        replace(SECRETIVE, environment={"KEY": "anders", "COLOUR": "blue"}),
        replace(SECRETIVE, files=SECRETIVE.files[:1]),
    ],
    ids=["value", "file less"],
)
def test_other_contents_have_another_checksum(service: ServiceSpec) -> None:
    first = pieces_of(SECRETIVE)
    present = {piece.key: piece for piece in first.values()}
    assert checksum(pieces_of(service, present)) != checksum(first)


def test_a_config_that_changes_changes_the_checksum() -> None:
    first = pieces_of(SECRETIVE)
    present = {piece.key: piece for piece in first.values()}
    files = (FileSpec("conf", b"b"), FileSpec("token", b"geheim", secret=True))
    assert checksum(pieces_of(SECRETIVE, present, files=files)) != checksum(first)


def test_a_variable_that_is_no_secret_is_in_no_checksum() -> None:
    first = pieces_of(SECRETIVE)
    present = {piece.key: piece for piece in first.values()}
    green = replace(SECRETIVE, environment={"KEY": "geheim", "COLOUR": "green"})
    assert checksum(pieces_of(green, present)) == checksum(first)


def test_the_salt_is_in_the_secret_alone() -> None:
    found = pieces_of(SECRETIVE)
    annotations: Any = found["Secret"].document["metadata"]["annotations"]
    assert len(annotations[SALT]) == 32
    assert [kind for kind, piece in found.items() if annotations[SALT] in repr(piece)] == ["Secret"]


def test_who_is_given_nothing_has_no_checksum() -> None:
    assert "annotations" not in pieces_of(web())["Deployment"].document["spec"]["template"]["metadata"]


def manifest(kind: str, name: str, **more: Any) -> dict[str, Any]:
    """Return a manifest."""
    version = "apps/v1" if kind in ("Deployment", "DaemonSet") else "batch/v1" if kind == "Job" else "v1"
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **more}


@pytest.mark.parametrize(
    ("manifests", "main"),
    [
        ((manifest("Deployment", "other"), manifest("Deployment", "shop")), "shop"),
        ((manifest("Job", "first"), manifest("Deployment", "second")), "second"),
        ((manifest("DaemonSet", "agents"),), "agents"),
        ((manifest("ConfigMap", "shop"),), ""),
    ],
)
def test_the_main_workload_of_manifests_is_found(manifests: tuple[dict[str, Any], ...], main: str) -> None:
    assert wanted(manifests).main == main


def test_manifests_may_not_have_more_of_the_host_than_a_task_allows() -> None:
    spec = {"template": {"spec": {"hostNetwork": True, "containers": []}}}
    content = (manifest("Deployment", "shop", spec=spec),)
    with pytest.raises(InvalidTemplateError, match=r"Deployment/shop.hostNetwork"):
        wanted(content)
    assert len(wanted(content, allow_privileged=True).pieces) == 1
