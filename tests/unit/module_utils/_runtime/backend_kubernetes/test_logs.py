# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which logs a pod and a workload have, and what comes of reading them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ContainerNotFoundError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import convert
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CRON_JOB,
    DEPLOYMENT,
    JOB,
    POD,
    STATEFUL_SET,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.workload import read_workload
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogChoice, LogSource, LogSpan
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.logs import LOGS
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import (
    DATABASE,
    controlled,
    pod,
    pod_spec,
    workload,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import (
    CANNOT_PULL,
    HEALTHY,
    UNSCHEDULABLE,
    Life,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSources
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

MAIN, ALL, PREVIOUS = LogChoice(), LogChoice(all_containers=True), LogChoice(previous=True)


def have_pod(backend: KubernetesBackend, life: Life = HEALTHY, name: str = "web", **properties: Any) -> Container:
    return convert.container(backend.cluster.add(POD, pod(name, **properties), life=life))


def have_workload(
    backend: KubernetesBackend, life: Life = HEALTHY, kind: Resource = DEPLOYMENT, **properties: Any
) -> Container:
    return convert.workload_container(
        read_workload(kind, backend.cluster.add(kind, workload(kind, "web", **properties), life=life))
    )


def have_many(backend: KubernetesBackend, life: Life = HEALTHY) -> Container:
    """Return a pod with containers of every kind: the kubelet of the fake knows only those that stay."""
    container = have_pod(
        backend,
        life,
        annotations={"kubectl.kubernetes.io/default-container": "app"},
        containers=[{"name": "proxy"}, {"name": "app", "tty": True}],
        initContainers=[{"name": "prepare"}],
        ephemeralContainers=[{"name": "debug"}],
    )
    ended = {"terminated": {"exitCode": 0, "reason": "Completed"}}
    statuses = {
        "initContainerStatuses": [{"name": "prepare", "state": ended}],
        "ephemeralContainerStatuses": [{"name": "debug", "state": {"running": {}}}],
    }
    backend.cluster.edit(POD, "web", {"status": statuses})
    return container


def sources(backend: KubernetesBackend, container: Container, choice: LogChoice = MAIN) -> LogSources:
    return backend.runtime.role(LOGS).sources(container, choice)


def keys(found: LogSources) -> list[tuple[str, str]]:
    return [source.key for source in found.sources]


def lines(backend: KubernetesBackend, source: LogSource) -> list[str]:
    return [line.message.decode() for line in backend.runtime.role(LOGS).open(source, LogSpan(), limit=1024)]


def requests(backend: KubernetesBackend) -> list[str]:
    return [str(call) for call in backend.kubernetes.calls]


def test_the_log_of_a_pod_costs_one_look_and_one_request(backend: KubernetesBackend) -> None:
    container = have_pod(backend, Life(logs="one\ntwo\n"))
    found = sources(backend, container)
    (source,) = found.sources
    assert (source.key, source.started, source.until) == (("web", "app"), "", "")
    assert (found.warnings, found.alive, found.growing) == ((), True, False)
    assert lines(backend, source) == ["one", "two"]
    assert requests(backend) == ["GET pods/web", "GET pods/web/log"]


@pytest.mark.parametrize(
    ("choice", "containers"),
    [
        (MAIN, ["app"]),
        (ALL, ["app", "proxy", "prepare", "debug"]),
        (LogChoice("proxy"), ["proxy"]),
        (LogChoice("prepare"), ["prepare"]),
        (LogChoice("debug"), ["debug"]),
    ],
)
def test_of_a_pod_the_main_container_is_read_or_those_that_are_chosen(
    backend: KubernetesBackend, choice: LogChoice, containers: list[str]
) -> None:
    assert keys(sources(backend, have_many(backend), choice)) == [("web", name) for name in containers]


@pytest.mark.parametrize(
    ("wanted", "hint"), [("prepar", "did you mean prepare?"), ("x", "name one of them, or leave container away")]
)
def test_a_container_that_a_pod_does_not_have_is_told_with_those_it_has(
    backend: KubernetesBackend, wanted: str, hint: str
) -> None:
    container = have_many(backend)
    with pytest.raises(ContainerNotFoundError) as refusal:
        sources(backend, container, LogChoice(wanted))
    assert refusal.value.message == f"pod default/web has no container {wanted}, only app, proxy, prepare, debug"
    assert refusal.value.hint == hint


def test_each_container_writes_a_log_of_its_own(backend: KubernetesBackend) -> None:
    container = have_many(backend, Life(logs="all\n", writes={"proxy": "proxied\n", "app": "typed\r\n"}))
    found = {source.container: lines(backend, source) for source in sources(backend, container, ALL).sources}
    # That of a terminal ends its lines with a carriage return as well.
    assert found == {"app": ["typed"], "proxy": ["proxied"], "prepare": ["all"], "debug": ["all"]}


@pytest.mark.parametrize(
    ("life", "reason"),
    [
        pytest.param(CANNOT_PULL, "ImagePullBackOff", id="no image"),
        pytest.param(UNSCHEDULABLE, "Unschedulable", id="no node"),
        pytest.param(Life(starts_after=math.inf), "ContainerCreating", id="on its way"),
    ],
)
def test_a_container_that_has_not_started_is_a_warning_and_may_come_yet(
    backend: KubernetesBackend, life: Life, reason: str
) -> None:
    found = sources(backend, have_pod(backend, life))
    assert found.sources == ()
    assert found.warnings == (f"container app of default/web has not started: {reason}",)
    assert (found.alive, found.growing) == (True, True)


def test_a_pod_that_never_ran_and_never_will_is_not_waited_for(backend: KubernetesBackend) -> None:
    found = sources(backend, have_pod(backend, Life(evicted=True)))
    assert found.warnings == ("container app of default/web has not started: Evicted",)
    assert (found.sources, found.alive, found.growing) == ((), False, False)


def test_a_pod_that_has_ended_can_be_read_and_writes_no_more(backend: KubernetesBackend) -> None:
    container = have_pod(backend, Life(exits_after=0, logs="done\n"), restart_policy="Never")
    found = sources(backend, container)
    assert (found.alive, found.growing) == (False, False)
    assert lines(backend, found.sources[0]) == ["done"]


def test_what_crashes_can_be_read_now_and_before(backend: KubernetesBackend) -> None:
    container = have_pod(backend, Life(exits_after=0, exit_code=1, logs="again\n", logs_before="first\n"))
    (now,), (before,) = sources(backend, container).sources, sources(backend, container, PREVIOUS).sources
    assert lines(backend, now) == ["again"]
    assert lines(backend, before) == ["first"]
    assert [call.detail["previous"] for call in backend.kubernetes.calls if call.name == "web/log"] == [False, True]
    assert sources(backend, container).alive


@pytest.mark.parametrize(
    ("life", "told"),
    [
        (HEALTHY, "container app of default/web has not run before"),
        (CANNOT_PULL, "container app of default/web has not run before: ImagePullBackOff"),
    ],
)
def test_what_has_not_run_before_is_told(backend: KubernetesBackend, life: Life, told: str) -> None:
    found = sources(backend, have_pod(backend, life), PREVIOUS)
    assert (found.sources, found.warnings) == ((), (told,))


def test_what_has_become_of_a_pod_since_it_was_found_is_seen(backend: KubernetesBackend) -> None:
    container = have_pod(backend, Life(starts_after=103))
    assert sources(backend, container).growing
    backend.clock.sleep(3)
    assert keys(sources(backend, container)) == [("web", "app")]
    backend.cluster.remove(POD, "web")
    with pytest.raises(ContainerNotFoundError):
        sources(backend, container)


def test_secrets_come_with_a_source_and_show_in_none_of_its_texts(backend: KubernetesBackend) -> None:
    container = have_pod(backend, env=("DB_PASSWORD=hunter2-and-more",))
    (source,) = sources(backend, container).sources
    assert source.secrets == ("hunter2-and-more",)
    assert "hunter2" not in repr(source)


def test_a_workload_is_all_its_pods_in_one_request(backend: KubernetesBackend) -> None:
    container = have_workload(backend, Life(logs="one\n"), STATEFUL_SET, replicas=3)
    backend.cluster.add(POD, pod("stranger", labels={"run": "web"}))
    found = sources(backend, container)
    assert keys(found) == [(f"web-{number}", "app") for number in range(3)]
    assert (found.warnings, found.alive, found.growing) == ((), True, True)
    assert requests(backend) == ["LIST pods"]
    assert lines(backend, found.sources[2]) == ["one"]


def test_pods_that_come_later_are_seen(backend: KubernetesBackend) -> None:
    container = have_workload(backend, replicas=1)
    before = keys(sources(backend, container))
    backend.cluster.edit(DEPLOYMENT, "web", {"spec": {"replicas": 2}})
    after = keys(sources(backend, container))
    assert (len(before), len(after)) == (1, 2)
    assert set(before) < set(after)


def test_pods_that_have_not_started_are_warnings_beside_those_that_have(backend: KubernetesBackend) -> None:
    container = have_workload(backend, kind=STATEFUL_SET)
    backend.cluster.lives["default", "web"] = CANNOT_PULL
    backend.cluster.edit(STATEFUL_SET, "web", {"spec": {"replicas": 2}})
    found = sources(backend, container)
    assert keys(found) == [("web-0", "app")]
    assert found.warnings == ("container app of default/web-1 has not started: ErrImagePull",)


def test_a_workload_without_pods_says_so_and_may_have_some_yet(backend: KubernetesBackend) -> None:
    container = have_workload(backend)
    backend.cluster.freeze()
    for name in backend.cluster.pods_of("web"):
        backend.cluster.remove(POD, name)
    found = sources(backend, container)
    assert found.warnings == ("default/deployment/web has no pods",)
    assert (found.sources, found.alive, found.growing) == ((), True, True)


def test_a_workload_that_is_stopped_is_not_waited_for(backend: KubernetesBackend) -> None:
    found = sources(backend, have_workload(backend, replicas=0))
    assert found.warnings == ("default/deployment/web has no pods",)
    assert (found.alive, found.growing) == (False, False)


def test_whether_a_workload_may_have_pods_is_seen_as_it_is_now(backend: KubernetesBackend) -> None:
    container = have_workload(backend, replicas=0)
    backend.cluster.edit(DEPLOYMENT, "web", {"spec": {"replicas": 1}})
    assert sources(backend, container).alive
    backend.cluster.remove(DEPLOYMENT, "web")
    with pytest.raises(ContainerNotFoundError):
        sources(backend, container)


def test_a_job_that_is_done_can_be_read_and_is_not_waited_for(backend: KubernetesBackend) -> None:
    container = have_workload(backend, Life(exits_after=5, logs="42\n"), JOB)
    found = sources(backend, container)
    assert lines(backend, found.sources[0]) == ["42"]
    assert (found.alive, found.growing) == (False, False)


def test_a_cron_job_is_the_pods_of_all_its_jobs(backend: KubernetesBackend) -> None:
    container = have_workload(backend, kind=CRON_JOB)
    assert sources(backend, container).warnings == ("default/cronjob/web has no pods",)
    owner = backend.cluster.document(CRON_JOB, "web") | {"apiVersion": "batch/v1", "kind": "CronJob"}
    for name in ("web-1", "web-2"):
        made = workload(JOB, name, labels={"job-name": name})
        metadata = controlled(owner, name)["metadata"]
        backend.cluster.add(JOB, made | {"metadata": metadata}, life=Life(logs=f"{name}\n"))
    backend.cluster.add(JOB, workload(JOB, "other", labels={"job-name": "other"}))
    backend.kubernetes.calls.clear()
    found = sources(backend, container)
    assert sorted(line for source in found.sources for line in lines(backend, source)) == ["web-1", "web-2"]
    assert requests(backend)[:2] == ["LIST jobs", "LIST pods"]


def test_a_kind_that_does_not_tell_its_pods_cannot_be_read(backend: KubernetesBackend) -> None:
    container = have_workload(backend, kind=DATABASE)
    with pytest.raises(UnsupportedError, match=r"nothing tells which pods default/database.example.com/web has"):
        sources(backend, container)


def test_a_container_is_read_in_the_pods_that_have_it(backend: KubernetesBackend) -> None:
    container = have_workload(backend, kind=STATEFUL_SET, replicas=2)
    more = pod_spec(containers=[{"name": "app"}, {"name": "added"}])
    backend.cluster.remove(POD, "web-1")
    backend.cluster.edit(STATEFUL_SET, "web", {"spec": {"template": {"spec": more}}})
    found = sources(backend, container, LogChoice("added"))
    assert [name for _pod, name in keys(found)] == ["added"] * len(found.sources) != []
    with pytest.raises(ContainerNotFoundError, match="has no container in its pods ad, only app, added"):
        sources(backend, container, LogChoice("ad"))
