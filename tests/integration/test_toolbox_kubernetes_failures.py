# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments in a cluster that fail: what is told, what is taken back, and what serves on."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from .kubernetes_deployment import KubernetesDeployment
from .kubernetes_shop import PARTS, SECRET, running, serves, shop
from .manifests import NEVER_SCHEDULED, container, deployment, pod, pod_spec, stateful_set
from .space import PATIENCE
from .yard import poll

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (  # isort: skip
    NotReadyError,
    WaitTimeoutError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (  # isort: skip
    Condition,
    Dependency,
    HealthCheck,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import FileSpec  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .space import Space


@pytest.fixture
def place(space: Space, request: pytest.FixtureRequest) -> Iterator[KubernetesDeployment]:
    """Give the test a deployment of its own."""
    found = KubernetesDeployment(space, request.node.nodeid)
    found.clear()
    yield found
    found.clear()


def test_a_first_deployment_that_fails_is_removed_again(place: KubernetesDeployment) -> None:
    client, web = shop(place)
    broken = running(web, f"echo no table {SECRET}; exit 3")
    told = r"pod .*-web-.* does not come up, CrashLoopBackOff, exit code 3.*what was made was removed again"
    with pytest.raises(NotReadyError, match=told) as failure:
        place.deploy(client, broken, secrets=(SECRET,), **PARTS)
    assert failure.value.details["logs"] == ["no table ********"]
    assert place.objects() == []


def test_one_that_never_gets_well_is_removed_again(place: KubernetesDeployment) -> None:
    client, web = shop(place)
    sick = replace(web, healthcheck=HealthCheck(("CMD", "false"), interval=1, retries=100))
    with pytest.raises(WaitTimeoutError, match=r"not running after 5 s.*what was made was removed again"):
        place.deploy(client, sick, wait_timeout=5, **PARTS)
    assert place.objects() == []


def test_what_was_there_serves_on_when_an_update_fails(place: KubernetesDeployment) -> None:
    client, web = shop(place)
    place.deploy(client, web, **PARTS)
    before, made = place.ids("client", "web"), place.objects()
    files = (FileSpec("page", b"other\n"), PARTS["files"][1])
    broken = running(web, "echo no table; exit 3")
    with pytest.raises(NotReadyError, match="what was there before is back") as failure:
        place.deploy(client, place.service("more"), broken, files=files)
    assert failure.value.details["logs"] == ["no table"]
    assert place.objects() == made
    assert place.ids("client", "web") == before
    assert serves(place)
    assert place.told(client, web, **PARTS) == []


def test_a_stateful_set_serves_on_when_its_update_fails(place: KubernetesDeployment) -> None:
    made = stateful_set(f"{place.name}-set", 2)
    # One after the other is the usual, and stops at the first pod that is not well.
    made["spec"]["podManagementPolicy"] = "OrderedReady"
    place.deploy(content=(made,))
    broken = copy.deepcopy(made)
    broken["spec"]["template"]["spec"]["containers"][0]["args"] = ["-c", "echo no table; exit 3"]
    with pytest.raises(NotReadyError, match="what was there before is back"):
        place.deploy(content=(broken,))
    assert place.ready("set") == 2
    assert place.told(content=(made,)) == []


def test_a_pod_that_has_to_be_made_anew_is_back_when_its_successor_fails(place: KubernetesDeployment) -> None:
    # It takes no heed of its end, and is there for its whole grace: what is put back must not be put into it.
    heedless = container("trap '' TERM; while :; do sleep 1; done")
    made = pod(f"{place.name}-lone", pod_spec(pod={"containers": [heedless], "terminationGracePeriodSeconds": 3}))
    place.deploy(content=(made,))
    broken = copy.deepcopy(made)
    broken["spec"]["containers"].append(container("exit 3", name="sick"))
    with pytest.raises(NotReadyError, match="what was there before is back"):
        place.deploy(content=(broken,))
    poll(lambda: place.told(content=(made,)) == [], "it is as it was", seconds=PATIENCE)
    (found,) = place.items("Pod")
    assert [one["name"] for one in found["spec"]["containers"]] == ["main"]
    assert "deletionTimestamp" not in found["metadata"]


def test_one_that_is_broken_is_repaired_by_an_update(place: KubernetesDeployment) -> None:
    client, web = shop(place)
    place.deploy(client, running(web, "exit 3"), wait=False, **PARTS)
    poll(lambda: place.crashes("web"), "it crashes", seconds=PATIENCE)
    place.deploy(client, web, **PARTS)
    assert serves(place)


def test_what_was_stopped_is_stopped_again_when_its_update_fails(place: KubernetesDeployment) -> None:
    client, web = shop(place)
    place.deploy(client, web, **PARTS)
    place.deploy(state="stopped")
    with pytest.raises(NotReadyError, match="what was there before is back"):
        place.deploy(client, running(web, "exit 3"), state="started", **PARTS)
    assert place.told(client, web, **PARTS) == []
    assert place.told(state="stopped") == []
    place.deploy(state="started")
    assert serves(place)


def test_an_image_that_cannot_be_had_is_named(place: KubernetesDeployment) -> None:
    missing = replace(place.service("web"), image="nekzus.invalid/nothing:1")
    with pytest.raises(NotReadyError, match=r"ImagePullBackOff: .*nekzus.invalid/nothing:1"):
        place.deploy(missing)
    assert place.objects() == []


def test_a_node_that_is_not_there_is_told(place: KubernetesDeployment) -> None:
    web = deployment(f"{place.name}-web", 1, pod_spec(pod=NEVER_SCHEDULED))
    with pytest.raises(NotReadyError, match=r"unschedulable: .*removed again"):
        place.deploy(content=(web,))
    assert place.objects() == []


def test_a_job_that_fails_is_told_with_what_it_wrote(place: KubernetesDeployment) -> None:
    migrate = place.service("migrate", "echo no such column; exit 4")
    web = place.service("web", depends_on=(Dependency("migrate", Condition.COMPLETED),))
    with pytest.raises(NotReadyError, match=r"Job .*-migrate: it has failed.*removed again") as failure:
        place.deploy(migrate, web)
    assert failure.value.details["logs"] == ["no such column"]
    assert place.objects() == []


def test_a_job_comes_before_what_waits_for_it(place: KubernetesDeployment) -> None:
    migrate = place.service("migrate", "sleep 1; echo done")
    web = place.service("web", depends_on=(Dependency("migrate", Condition.COMPLETED),))
    found = place.deploy(migrate, web)
    assert found is not None
    assert found.status == "running"
    (job,) = place.items("Job")
    ended = job["status"]["completionTime"]
    assert place.pods("web")[0]["metadata"]["creationTimestamp"] >= ended
    assert place.told(migrate, web) == []
    place.deploy(state="stopped")
    place.deploy(state="started")
    assert place.told(migrate, web) == []


def test_a_job_that_ran_anew_is_named_when_an_update_fails(place: KubernetesDeployment) -> None:
    migrate = place.service("migrate", "echo one")
    web = place.service("web", depends_on=(Dependency("migrate", Condition.COMPLETED),))
    place.deploy(migrate, web)
    told = r"what was there before is back, but for Job .*-migrate, which the next deployment runs again"
    with pytest.raises(NotReadyError, match=told):
        place.deploy(running(migrate, "echo two"), running(web, "exit 3"))
    assert place.told(migrate, web) == ["Job migrate created"]
    place.deploy(migrate, web)
    (job,) = place.items("Job")
    assert job["spec"]["template"]["spec"]["containers"][0]["args"][-1] == "echo one"
    assert job["status"]["succeeded"] == 1
    assert place.told(migrate, web) == []
