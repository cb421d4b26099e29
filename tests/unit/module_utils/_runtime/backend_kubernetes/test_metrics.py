# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Samples that are kept for later tasks, and when they are asked for anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.convert import container
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD, POD_METRICS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.stats import KubernetesStats
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.cache import Cache
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.usage import UNMEASURED, Sampling, Usage
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container
    from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend

METRICS = f"LIST {POD_METRICS.rule}"
LIMITED = [{"name": "app", "image": "busybox", "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}}}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "nekzus"


class Tasks:
    """Tasks one after the other, with one cache."""

    def __init__(self, backend: KubernetesBackend, folder: Path) -> None:
        """Take the cluster, and where the cache is."""
        self.backend = backend
        self._folder = folder

    def have(self, name: str, *, namespace: str = "default", age: float = 100) -> Container:
        """Have a pod."""
        return container(self.backend.cluster.add(POD, pod(name, namespace=namespace, containers=LIMITED), age=age))

    def collect(self, *containers: Container, ttl: float = 30) -> Sampling:
        """Measure, as a task of its own."""
        cache = Cache(self._folder, ttl=ttl, clock=self.backend.clock)
        return KubernetesStats(self.backend.kubernetes, cache=cache).collect(containers)

    @property
    def asked(self) -> list[str]:
        """The namespaces that were asked for metrics."""
        return [call.namespace for call in self.backend.kubernetes.calls if str(call) == METRICS]


@pytest.fixture
def tasks(backend: KubernetesBackend, folder: Path) -> Tasks:
    return Tasks(backend, folder)


def used(sampling: Sampling) -> list[float | None]:
    return [one.cpu.cores_used for one in sampling.results if isinstance(one, Usage)]


def test_two_tasks_are_one_request_and_the_second_says_so(tasks: Tasks) -> None:
    web = tasks.have("web")
    first = tasks.collect(web)
    tasks.backend.clock.sleep(29)
    second = tasks.collect(web)
    assert tasks.asked == ["default"]
    assert (first.cached, second.cached) == (False, True)
    assert second.results == first.results


def test_after_its_time_it_is_asked_for_anew(tasks: Tasks) -> None:
    web = tasks.have("web")
    for _time in range(2):
        assert not tasks.collect(web).cached
        tasks.backend.clock.sleep(30)
    assert len(tasks.asked) == 2


def test_without_a_time_it_is_always_asked_for(tasks: Tasks, folder: Path) -> None:
    web = tasks.have("web")
    for _time in range(2):
        assert not tasks.collect(web, ttl=0).cached
    assert len(tasks.asked) == 2
    assert not folder.exists()


def test_what_was_asked_for_one_pod_serves_the_others_of_its_namespace(tasks: Tasks) -> None:
    web, db = tasks.have("web"), tasks.have("db")
    tasks.collect(web)
    assert tasks.collect(db).cached
    assert len(tasks.asked) == 1


def test_another_namespace_is_another_question(tasks: Tasks) -> None:
    tasks.collect(tasks.have("web"))
    assert not tasks.collect(tasks.have("web", namespace="prod")).cached
    assert tasks.asked == ["default", "prod"]


def test_one_of_two_namespaces_may_be_kept(tasks: Tasks) -> None:
    here, there = tasks.have("web"), tasks.have("web", namespace="prod")
    tasks.collect(here)
    assert tasks.collect(here, there).cached
    assert tasks.asked == ["default", "prod"]


def test_another_account_is_told_nothing_of_what_was_kept(tasks: Tasks) -> None:
    web = tasks.have("web")
    tasks.collect(web)
    tasks.backend.kubernetes.identity = "somebody else"
    assert not tasks.collect(web).cached
    assert len(tasks.asked) == 2


def test_a_pod_that_has_come_up_since_is_asked_for_once_a_task(tasks: Tasks) -> None:
    web = tasks.have("web")
    tasks.collect(web)
    young = tasks.have("young", age=20)
    found = tasks.collect(web, young)
    assert used(found) == [0.25, 0.25]
    assert (found.cached, len(tasks.asked)) == (False, 2)
    assert tasks.collect(web, young).cached
    assert len(tasks.asked) == 2


def test_a_pod_that_has_no_sample_yet_is_asked_for_until_it_has(tasks: Tasks) -> None:
    web, young = tasks.have("web"), tasks.have("young", age=1)
    for seconds in (5, 5, 10):
        assert tasks.collect(web, young).results[1] == UNMEASURED
        tasks.backend.clock.sleep(seconds)
    assert tasks.collect(web, young).unavailable is None
    assert len(tasks.asked) == 4


def test_what_a_predecessor_of_the_same_name_has_used_is_not_told_of_it(tasks: Tasks) -> None:
    tasks.collect(tasks.have("db-0"))
    tasks.backend.clock.sleep(5)
    tasks.backend.cluster.remove(POD, "db-0")
    found = tasks.collect(tasks.have("db-0", age=1))
    assert found.results == (UNMEASURED,)
    assert len(tasks.asked) == 2


def test_a_server_that_is_down_leaves_what_was_kept(tasks: Tasks) -> None:
    web = tasks.have("web")
    tasks.collect(web)
    young = tasks.have("young", age=20)
    tasks.backend.kubernetes.fail("LIST", RuntimeUnavailableError("it is down"), kind=POD_METRICS.rule)
    found = tasks.collect(web, young)
    assert used(found) == [0.25, None]
    assert found.cached
    assert found.unavailable
    assert found.unavailable.message == "it is down"


def test_what_could_not_be_had_is_not_kept(tasks: Tasks, folder: Path) -> None:
    web = tasks.have("web")
    tasks.backend.kubernetes.fail("LIST", RuntimeUnavailableError("it is down"))
    assert tasks.collect(web).results == (UNMEASURED,)
    assert not folder.exists()
    assert used(tasks.collect(web)) == [0.25]


def test_what_the_cache_has_to_say_is_told(tasks: Tasks, folder: Path) -> None:
    web = tasks.have("web")
    tasks.collect(web)
    folder.chmod(0o777)
    found = tasks.collect(web)
    assert used(found) == [0.25]
    assert found.warnings[0].startswith(f"the cache {folder} is not used")


STRANGE: list[Any] = [
    None,
    [],
    "text",
    {"default/web": None},
    {"default/web": 7},
    {"default/web": []},
    {"default/web": ["2026-01-31T12:00:00Z", "10s", []]},
    {"default/web": ["2026-01-31T12:00:00Z", "10s", None]},
    {"default/web": ["2026-01-31T12:00:00Z", "10s", [["app"]]]},
    {"default/web": ["2026-01-31T12:00:00Z", "soon", [["app", "1", "1"]]]},
    {"default/web": ["today", "10s", [["app", "1", "1"]]]},
    {"default/web": [None, None, [["app", "1", "1"]]]},
    {"default/web": [{}, [], [["app", "1", "1"]]]},
]


@pytest.mark.parametrize("value", STRANGE, ids=json.dumps)
def test_what_is_no_sample_is_asked_for_anew(tasks: Tasks, folder: Path, value: Any) -> None:
    web = tasks.have("web")
    tasks.collect(web)
    (file,) = folder.iterdir()
    file.write_text(json.dumps({**json.loads(file.read_bytes()), "value": value}), encoding="utf-8")
    assert used(tasks.collect(web)) == [0.25]
    assert len(tasks.asked) == 2


def test_quantities_are_kept_as_they_were(tasks: Tasks, folder: Path) -> None:
    tasks.backend.cluster.meter.usage["web"] = {"app": ("12345678n", "1023Ki")}
    found = tasks.collect(tasks.have("web"))
    (file,) = folder.iterdir()
    (sample,) = json.loads(file.read_bytes())["value"].values()
    assert sample[1:] == ["10s", [["app", "12345678n", "1023Ki"]]]
    assert used(found) == [0.012345678]
