# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of objects: those of Kubernetes by heart, custom ones by asking."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    InvalidTargetError,
    NekzusError,
    RuntimeUnavailableError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import kinds
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Control
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import DATABASE, ROLLOUT, discovery


class Server:
    """Answers discovery, and counts the questions."""

    def __init__(self, **documents: Any) -> None:
        """Take documents over those of the fake cluster; None is not there, an error is the answer."""
        self.documents = {**discovery(), **documents}
        self.asked: list[str] = []

    def __call__(self, path: str) -> Any:
        """Answer."""
        self.asked.append(path)
        found = self.documents.get(path) or UnsupportedError(f"the API server has no {path}")
        if isinstance(found, NekzusError):
            raise found
        return found


@pytest.mark.parametrize("resource", [kinds.POD, *kinds.WORKLOADS], ids=lambda resource: resource.kind)
def test_the_kinds_of_kubernetes_are_known_by_all_their_names_without_asking(resource: kinds.Resource) -> None:
    server = Server()
    words = {resource.kind.lower(), resource.plural, resource.rule, resource.word} | ({resource.short} - {""})
    known = kinds.Kinds(server)
    assert {known.named(word) for word in words} == {resource}
    assert server.asked == []


@pytest.mark.parametrize("word", ["rollout.example.com", "rollouts.example.com", "ro.example.com"])
def test_a_custom_kind_with_its_group_asks_for_that_group(word: str) -> None:
    server = Server()
    assert kinds.Kinds(server).named(word) == ROLLOUT
    assert server.asked == ["/apis", "/apis/example.com/v1"]


@pytest.mark.parametrize("word", ["database", "databases.example.com", "rollout.example.org", "service", "node"])
def test_what_cannot_be_scaled_is_refused_with_what_can(word: str) -> None:
    with pytest.raises(InvalidTargetError, match="no kind") as refusal:
        kinds.Kinds(Server()).named(word)
    assert refusal.value.hint is not None
    assert "statefulset" in refusal.value.hint


def other_group(name: str) -> dict[str, Any]:
    """Return discovery with a second group that has Rollouts."""
    groups = [*discovery()["/apis"]["groups"]]
    version = {"groupVersion": f"{name}/v1alpha1", "version": "v1alpha1"}
    groups.append({"name": name, "versions": [version], "preferredVersion": version})
    return {"/apis": {"groups": groups}, f"/apis/{name}/v1alpha1": discovery()["/apis/example.com/v1"]}


def test_a_kind_of_two_groups_is_ambiguous_and_listed() -> None:
    known = kinds.Kinds(Server(**other_group("argoproj.io")))
    with pytest.raises(InvalidTargetError, match="several kinds") as refusal:
        known.named("rollout")
    assert refusal.value.hint == "name one of rollout.example.com, rollout.argoproj.io"
    assert known.named("rollout.argoproj.io").api_version == "argoproj.io/v1alpha1"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="gone"),
        pytest.param(RuntimeUnavailableError("the API server is busy: service unavailable"), id="503"),
        pytest.param(ApiError("error trying to reach service (HTTP 500)"), id="500"),
    ],
)
def test_a_group_whose_own_server_does_not_answer_is_passed_over(answer: NekzusError | None) -> None:
    documents = {**other_group("broken.io"), "/apis/broken.io/v1alpha1": answer}
    known = kinds.Kinds(Server(**documents))
    assert list(known.custom()) == [ROLLOUT]
    assert known.owner("broken.io/v1alpha1", "Rollout") is None


def test_a_server_that_does_not_answer_at_all_is_an_error() -> None:
    with pytest.raises(RuntimeUnavailableError):
        kinds.Kinds(Server(**{"/apis": RuntimeUnavailableError("nothing answers")})).named("rollout")


def test_what_was_learned_is_not_asked_for_again() -> None:
    server = Server()
    known = kinds.Kinds(server)
    for _time in range(3):
        assert known.owner("example.com/v1", "Rollout") == ROLLOUT
        assert known.owner("example.com/v1", "Database") == DATABASE
    assert server.asked == ["/apis/example.com/v1"]


@pytest.mark.parametrize(
    ("api_version", "kind", "control"),
    [
        ("apps/v1", "Deployment", Control.SCALE),
        ("apps/v1", "DaemonSet", Control.DAEMON),
        ("v1", "ReplicationController", Control.SCALE),
        ("batch/v1", "Job", Control.SUSPEND),
        ("batch/v1beta1", "CronJob", Control.SUSPEND),
        ("v1", "Node", Control.FOREIGN),
        ("example.com/v1", "Rollout", Control.SCALE),
        ("example.com/v1", "Database", Control.FOREIGN),
    ],
)
def test_an_owner_is_known_by_its_version_and_kind(api_version: str, kind: str, control: Control) -> None:
    found = kinds.Kinds(Server()).owner(api_version, kind)
    assert found is not None
    assert (found.kind, found.api_version, found.control) == (kind, api_version, control)


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("v1", "ConfigMap"),
        ("node.k8s.io/v1", "RuntimeClass"),
        ("example.com/v1", "Nothing"),
        ("gone.io/v1", "Thing"),
        ("", ""),
    ],
)
def test_an_owner_of_a_kind_that_runs_nothing_is_none(api_version: str, kind: str) -> None:
    assert kinds.Kinds(Server()).owner(api_version, kind) is None
