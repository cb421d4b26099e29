# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who controls what, and what a pod's name tells of its owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.owners import (
    Reference,
    apparent_owner,
    controller_of,
    derived_bases,
    derived_owners,
    ordinal,
    resolve,
)
from hypothesis import given
from hypothesis import strategies as st


@dataclass(frozen=True)
class Thing:
    """Something that may have a controller and be one."""

    uid: str
    controller: Reference | None = None


def to(name: str, uid: str = "") -> Reference:
    return Reference("v1", "Thing", name, uid or f"uid of {name}")


def chain(things: dict[str, Thing], first: str) -> list[str]:
    found = resolve(to(first), lambda reference: things.get(reference.name))
    return [one.uid for one in found]


def test_the_way_goes_to_the_top() -> None:
    things = {"rs": Thing("uid of rs", to("web")), "web": Thing("uid of web", to("app")), "app": Thing("uid of app")}
    assert chain(things, "rs") == ["uid of rs", "uid of web", "uid of app"]


def test_no_controller_is_no_way() -> None:
    assert resolve(None, lambda _reference: Thing("never asked")) == ()


def test_an_owner_that_is_gone_ends_the_way() -> None:
    assert chain({"rs": Thing("uid of rs", to("web"))}, "rs") == ["uid of rs"]
    assert chain({}, "rs") == []


def test_a_successor_of_the_same_name_is_not_the_owner() -> None:
    things = {"rs": Thing("uid of rs", to("web", "uid of an earlier web")), "web": Thing("uid of web")}
    assert chain(things, "rs") == ["uid of rs"]


@pytest.mark.parametrize("circle", [["a"], ["a", "b"], ["a", "b", "c"]])
def test_owners_that_own_each_other_are_gone_through_once(circle: list[str]) -> None:
    following = dict(zip(circle, circle[1:] + circle[:1]))
    things = {name: Thing(f"uid of {name}", to(after)) for name, after in following.items()}
    assert chain(things, "a") == [f"uid of {name}" for name in circle]


def test_the_way_has_an_end_whatever_a_server_says() -> None:
    made = iter(range(1000))

    def lookup(reference: Reference) -> Thing:
        return Thing(reference.uid, to(f"thing {next(made)}"))

    assert len(resolve(to("first"), lookup)) == 10


def owned(*references: dict[str, Any], **labels: str) -> dict[str, Any]:
    return {"metadata": {"name": "web", "ownerReferences": list(references), "labels": labels}}


def reference(name: str, kind: str = "ReplicaSet", **fields: Any) -> dict[str, Any]:
    return {"apiVersion": "apps/v1", "kind": kind, "name": name, "uid": "1", **fields}


@pytest.mark.parametrize(
    ("document", "name"),
    [
        pytest.param(owned(reference("a", controller=True)), "a", id="one"),
        pytest.param(owned(reference("a"), reference("b", controller=True)), "b", id="the second of two"),
        pytest.param(owned(reference("a"), reference("b", controller=False)), None, id="several that do not control"),
        pytest.param(owned(), None, id="none"),
        pytest.param({"metadata": {"ownerReferences": None}}, None, id="null"),
        pytest.param({}, None, id="nothing at all"),
    ],
)
def test_of_several_owners_one_controls(document: dict[str, Any], name: str | None) -> None:
    found = controller_of(document)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("document", "owner"),
    [
        pytest.param(
            owned(reference("web-7c9f", controller=True), **{"pod-template-hash": "7c9f"}),
            ("Deployment", "web"),
            id="by the hash",
        ),
        pytest.param(owned(reference("web-7c9f", controller=True)), ("ReplicaSet", "web-7c9f"), id="without a hash"),
        pytest.param(
            owned(reference("web", controller=True), **{"pod-template-hash": "7c9f"}),
            ("ReplicaSet", "web"),
            id="another hash",
        ),
        pytest.param(
            owned(reference("db", "StatefulSet", controller=True), **{"pod-template-hash": "db"}),
            ("StatefulSet", "db"),
            id="another kind",
        ),
    ],
)
def test_a_list_shows_the_deployment_behind_a_replica_set(document: dict[str, Any], owner: tuple[str, str]) -> None:
    found = apparent_owner(document)
    assert found is not None
    assert (found.kind, found.name) == owner


@pytest.mark.parametrize(
    ("pod", "owners"),
    [
        pytest.param(
            "web-7c9f8d6b5c-x2x4z",
            {("ReplicaSet", "web-7c9f8d6b5c"), ("Deployment", "web"), ("DaemonSet", "web-7c9f8d6b5c")},
            id="of a Deployment",
        ),
        pytest.param("agent-x2x4z", {("DaemonSet", "agent"), ("ReplicaSet", "agent"), ("Job", "agent")}, id="short"),
        pytest.param("db-12", {("StatefulSet", "db")}, id="of a StatefulSet"),
        pytest.param("backup-29000001-x2x4z", {("CronJob", "backup"), ("Job", "backup-29000001")}, id="of a CronJob"),
        pytest.param("work-3-x2x4z", {("Job", "work")}, id="of an indexed Job"),
        pytest.param("web-2-77777", {("ReplicationController", "web-2")}, id="of a ReplicationController"),
    ],
)
def test_a_name_tells_of_owners_that_may_have_made_it(pod: str, owners: set[tuple[str, str]]) -> None:
    assert owners <= {(resource.kind, name) for resource, name in derived_owners(pod)}


@pytest.mark.parametrize("pod", ["web", "my-web", "web-aaaaa", "web-x2x4", "-x2x4z", ""])
def test_a_name_that_nothing_made_tells_of_nothing(pod: str) -> None:
    assert derived_owners(pod) == ()
    assert derived_bases(pod) == ()


@given(st.text(alphabet="abcxz0129-.", max_size=40))
def test_any_name_is_read_and_its_owners_begin_it(pod: str) -> None:
    for _resource, name in derived_owners(pod):
        assert name
        assert pod.startswith(f"{name}-")


@pytest.mark.parametrize(("pod", "number"), [("db-0", 0), ("db-12", 12), ("db-1-2", 2), ("db", None), ("db-x", None)])
def test_the_number_of_a_stateful_sets_pod(pod: str, number: int | None) -> None:
    assert ordinal(pod) == number
