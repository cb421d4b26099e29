# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What names find in a cluster: pods, workloads, pods that are gone, kinds, namespaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError, PermissionDeniedError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    DAEMON_SET,
    DEPLOYMENT,
    JOB,
    POD,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    STATEFUL_SET,
    WORKLOADS,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.containers import CONTAINERS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named, selected, view
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT, pod, workload

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

VANISHING = [DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB, ROLLOUT]


def have(backend: KubernetesBackend, kind: Resource, name: str = "web", **properties: Any) -> list[str]:
    backend.cluster.add(kind, workload(kind, name, **properties))
    return backend.cluster.pods_of(name, properties.get("namespace", "default"))


def find(backend: KubernetesBackend, name: str) -> Container | NekzusError:
    return backend.runtime.role(CONTAINERS).find([parse_target(name)])[0]


def found(backend: KubernetesBackend, name: str) -> str:
    result = find(backend, name)
    assert isinstance(result, Container), result
    return result.address.removeprefix("kubernetes/")


def refused(backend: KubernetesBackend, name: str) -> NekzusError:
    result = find(backend, name)
    assert isinstance(result, NekzusError), result
    return result


@pytest.mark.parametrize("kind", VANISHING, ids=lambda kind: kind.kind)
def test_stop_then_start_by_the_same_pod_name_works(backend: KubernetesBackend, kind: Resource) -> None:
    pods = have(backend, kind, replicas=3)
    name = pods[-1]
    stopped = carry_out(backend, Desired.STOPPED, named(name))[0]
    assert (stopped.success, stopped.state_after) == (True, State.STOPPED)
    assert backend.cluster.pods_of("web") == []
    assert found(backend, name) == f"default/{kind.word}/web"
    started = carry_out(backend, Desired.STARTED, named(name))[0]
    assert (started.success, started.changed, started.state_after) == (True, True, State.RUNNING)
    assert len(backend.cluster.pods_of("web")) == 3


def test_a_pod_of_an_earlier_rollout_is_found_by_its_deployment(backend: KubernetesBackend) -> None:
    (name,) = have(backend, DEPLOYMENT)
    carry_out(backend, Desired.RESTARTED, named("web"))
    for replica_set in backend.cluster.store.all(REPLICA_SET):
        if name.startswith(replica_set["metadata"]["name"]):
            backend.cluster.store.remove(REPLICA_SET, replica_set)
    assert found(backend, name) == "default/deployment/web"


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        pytest.param("db-0", True, id="the first"),
        pytest.param("db-2", True, id="the last that there was"),
        pytest.param("db-3", False, id="one more than there were"),
        pytest.param("db-x", False, id="no number"),
    ],
)
def test_a_stateful_set_is_found_by_the_numbers_that_it_had(
    backend: KubernetesBackend, name: str, *, is_there: bool
) -> None:
    have(backend, STATEFUL_SET, "db", replicas=3)
    carry_out(backend, Desired.STOPPED, named("default/statefulset/db"))
    if is_there:
        assert found(backend, name) == "default/statefulset/db"
    else:
        assert refused(backend, name).code == "container_not_found"


def test_a_pod_comes_before_a_workload_of_its_name(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT)
    backend.cluster.add(POD, pod("web"))
    assert found(backend, "web") == "default/web"
    assert found(backend, "default/deployment/web") == "default/deployment/web"


def test_a_workload_comes_before_one_that_could_have_made_a_pod_so_named(backend: KubernetesBackend) -> None:
    have(backend, STATEFUL_SET, "web", replicas=3)
    carry_out(backend, Desired.STOPPED, named("default/statefulset/web"))
    have(backend, DEPLOYMENT, "web-1", replicas=0)
    assert found(backend, "web-1") == "default/deployment/web-1"


def test_several_workloads_of_a_name_are_ambiguous_and_listed_with_their_kinds(backend: KubernetesBackend) -> None:
    for kind in (DEPLOYMENT, DAEMON_SET, JOB):
        have(backend, kind)
    error = refused(backend, "web")
    assert error.code == "ambiguous"
    for word in ("deployment", "daemonset", "job"):
        assert f"default/{word}/web" in str(error)
    assert error.hint


@pytest.mark.parametrize("word", ["deployment", "Deployment", "deployments", "deploy", "deployments.apps"])
def test_a_kind_is_known_by_any_of_its_names(backend: KubernetesBackend, word: str) -> None:
    have(backend, DEPLOYMENT)
    assert found(backend, f"default/{word}/web") == "default/deployment/web"
    assert len(backend.requests) == 1


@pytest.mark.parametrize("word", ["rollout.example.com", "rollouts.example.com", "rollout", "ro"])
def test_a_custom_kind_that_can_be_scaled_is_found_by_asking(backend: KubernetesBackend, word: str) -> None:
    have(backend, ROLLOUT, replicas=2)
    assert found(backend, f"default/{word}/web") == "default/rollout.example.com/web"


@pytest.mark.parametrize("word", ["database", "database.example.com", "service", "nothing"])
def test_a_kind_that_runs_nothing_is_refused_with_those_that_do(backend: KubernetesBackend, word: str) -> None:
    error = refused(backend, f"default/{word}/web")
    assert error.code == "invalid_target"
    assert error.hint is not None
    assert "deployment" in error.hint


def test_a_kind_qualified_name_finds_nothing_else(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT)
    assert refused(backend, "default/statefulset/web").code == "container_not_found"
    assert refused(backend, "default/pod/web").code == "container_not_found"


def test_a_missing_namespace_is_told_with_the_nearest(backend: KubernetesBackend) -> None:
    error = refused(backend, "defalt/web")
    assert (error.code, error.hint) == ("container_not_found", "did you mean default?")
    assert "there is no namespace defalt" in str(error)


def test_a_name_that_no_pod_can_have_asks_nothing(backend: KubernetesBackend) -> None:
    assert refused(backend, "My_Web").code == "invalid_target"
    assert backend.requests == []


def test_who_may_not_look_at_pods_is_told_so(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT)
    backend.kubernetes.fail("GET", PermissionDeniedError("forbidden", hint="grant get on pods"), kind="pods", nth=0)
    assert refused(backend, "web").code == "permission_denied"
    assert found(backend, "default/deployment/web") == "default/deployment/web"


def test_who_may_look_at_some_kinds_only_finds_what_is_there_of_them(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT)
    for kind in ("jobs", "cronjobs", "daemonsets"):
        backend.kubernetes.fail("GET", PermissionDeniedError("forbidden"), kind=kind, nth=0)
    assert found(backend, "web") == "default/deployment/web"
    assert refused(backend, "nothing").code == "permission_denied"


def test_the_namespace_of_the_context_is_that_of_names_without_one(backend: KubernetesBackend) -> None:
    backend.kubernetes.namespace = "prod"
    have(backend, DEPLOYMENT, namespace="prod")
    assert found(backend, "web") == "prod/deployment/web"


def test_the_configured_namespaces_hold_for_names(backend: KubernetesBackend) -> None:
    backend.reopen("prod", "staging")
    error = refused(backend, "default/web")
    assert (error.code, error.hint) == ("invalid_target", "name one of prod, staging")
    assert backend.requests == []


def test_a_name_without_a_namespace_is_refused_where_several_could_be_meant(backend: KubernetesBackend) -> None:
    backend.kubernetes.namespace = ""
    backend.reopen("prod", "staging")
    error = refused(backend, "web")
    assert (error.code, error.message, error.hint) == (
        "invalid_target",
        "it names no namespace",
        "name one of prod, staging",
    )


def test_many_workloads_that_are_named_plainly_are_a_list_of_each_kind(backend: KubernetesBackend) -> None:
    kinds = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET)
    for number in range(24):
        have(backend, kinds[number % 3], f"app{number}")
    found = [one.container for one in view(backend, named(*(f"app{number}" for number in range(24))))]
    addresses = [f"kubernetes/default/{kinds[number % 3].word}/app{number}" for number in range(24)]
    assert [one.address for one in found if one] == addresses
    assert len(backend.requests) == 1 + len(WORKLOADS)
    have(backend, JOB, "app3")
    again = view(backend, named(*(f"app{number}" for number in range(24))))
    assert [one.error.code for one in again if one.error] == ["ambiguous"]


def test_many_missing_names_are_looked_around_for_once(backend: KubernetesBackend) -> None:
    have(backend, DEPLOYMENT, "web")
    names = [f"webb{number}" for number in range(20)]
    errors = [one.error for one in view(backend, named(*names))]
    assert {error and error.hint for error in errors} == {"did you mean web?"}
    # What there is of each kind tells that none of them is there; then it is listed for what may be meant.
    assert sum(request.startswith("LIST") for request in backend.requests) == 1 + len(WORKLOADS) + 3
    assert [request for request in backend.requests if request.startswith("GET")] == ["GET namespaces/default"]


def test_the_configured_namespaces_hold_for_lists(backend: KubernetesBackend) -> None:
    for namespace in ("prod", "staging", "default", "kube-system"):
        have(backend, DEPLOYMENT, namespace=namespace)
    backend.reopen("prod", "staging")
    views = view(backend, selected())
    assert [one.container.namespace for one in views if one.container] == ["prod", "staging"]
    assert {call.namespace for call in backend.kubernetes.calls if call.verb == "LIST"} == {"prod", "staging"}
    with pytest.raises(NekzusError, match=r"not one of runtimes.kubernetes.namespaces"):
        view(backend, selected(namespaces=["default"]))
