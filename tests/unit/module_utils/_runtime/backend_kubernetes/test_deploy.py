# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying in a cluster: what is made, what is left alone, and what goes."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import partial

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    SECRET,
    SERVICE,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import Dependency
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import FileSpec
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import workload
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life

from .shop import DB, GREEN, IMAGE, JOB_SERVICE, WEB, WHOLE, Shop, told


@pytest.fixture
def shop() -> Shop:
    """Return an empty cluster."""
    return Shop()


def test_a_first_deployment_makes_everything_in_its_order(shop: Shop) -> None:
    plan = shop.plan()
    assert plan.first
    assert told(plan) == [
        "ConfigMap shop-web-files created",
        "Secret shop-db-secret created",
        "PersistentVolumeClaim shop-data created",
        "Service db created",
        "Service web created",
        "Job shop-job created",
        "Deployment shop-db created",
        "Deployment shop-web created",
    ]
    assert shop.api.writes == []
    found = shop.deployer.execute(plan)
    assert found is not None
    assert shop.objects() == WHOLE
    assert (found.name, found.namespace, found.template) == ("shop", "default", "shop")
    assert (found.status, found.image, found.env) == (State.RUNNING, IMAGE, {"COLOUR": "blue"})
    assert [(one.service, one.port, one.protocol) for one in found.endpoints] == [("web", 8080, "tcp")]
    assert found.volumes == ("shop-data",)
    assert [(one.service, one.address, one.state, one.ready) for one in found.containers] == [
        ("db", "kubernetes/default/deployment/shop-db", State.RUNNING, True),
        ("job", "kubernetes/default/job/shop-job", State.STOPPED, None),
        ("web", "kubernetes/default/deployment/shop-web", State.RUNNING, True),
    ]


def test_workloads_are_made_without_pods_and_started_when_what_they_wait_for_is_up(shop: Shop) -> None:
    shop.deploy()
    applied = {call.name: call.detail["body"] for call in shop.api.writes if call.verb == "APPLY"}
    assert [applied[name]["spec"]["replicas"] for name in ("shop-db", "shop-web")] == [0, 0]
    words = [str(call) for call in shop.api.writes if call.kind in ("deployments", "jobs")]
    assert words == [
        "APPLY deployments/shop-db",
        "APPLY deployments/shop-web",
        "APPLY jobs/shop-job",
        "PATCH deployments/shop-db",
        "PATCH deployments/shop-web",
    ]


def test_what_controllers_write_meanwhile_is_no_change_of_ours(shop: Shop) -> None:
    shop.deploy()
    note = {"metadata": {"annotations": {"deployment.kubernetes.io/revision": "7"}}}
    write = partial(shop.api.cluster.edit, DEPLOYMENT, "shop-web", note)
    shop.api.before("TRY", write, kind="deployments", name="shop-web")
    assert shop.told() == []
    shop.api.before("TRY", write, kind="deployments", name="shop-web", nth=0)
    assert shop.told(JOB_SERVICE, DB, GREEN) == ["Deployment shop-web changed"]


def test_what_goes_meanwhile_is_made(shop: Shop) -> None:
    shop.deploy()
    gone = partial(shop.api.cluster.remove, SERVICE, "web")
    shop.api.before("TRY", gone, kind="services", name="web")
    assert "Service web created" in shop.told()


def test_all_that_is_made_is_labelled(shop: Shop) -> None:
    shop.deploy()
    mine = {
        "nekzus.io/service": "shop",
        "nekzus.io/template": "shop",
        "app.kubernetes.io/managed-by": "nekzus.runtime",
    }
    for kind, name in ((SECRET, "shop-db-secret"), (SERVICE, "web"), (DEPLOYMENT, "shop-web")):
        assert mine.items() <= shop.get(kind, name)["metadata"]["labels"].items()
    template = shop.get(DEPLOYMENT, "shop-web")["spec"]["template"]
    assert template["metadata"]["labels"]["nekzus.io/service"] == "shop"


@pytest.mark.parametrize("kind", ["file", "secret"])
def test_a_content_that_changes_makes_pods_anew(shop: Shop, kind: str) -> None:
    shop.deploy()
    files = (FileSpec("conf", b"a=2" if kind == "file" else b"a=1"),)
    db = replace(DB, environment={"DB_PASSWORD": "andere"}) if kind == "secret" else DB
    expected = {
        "file": ["ConfigMap shop-web-files changed", "Deployment shop-web changed"],
        "secret": ["Secret shop-db-secret changed", "Deployment shop-db changed"],
    }
    assert shop.told(JOB_SERVICE, db, WEB, files=files) == expected[kind]
    shop.deploy(JOB_SERVICE, db, WEB, files=files)
    assert shop.told(JOB_SERVICE, db, WEB, files=files) == []


def test_what_tells_that_a_secret_changed_does_not_tell_the_secret(shop: Shop) -> None:
    shop.deploy()
    template = shop.get(DEPLOYMENT, "shop-db")["spec"]["template"]
    other = Shop()
    other.deploy()
    same = other.get(DEPLOYMENT, "shop-db")["spec"]["template"]
    checksums = {one["metadata"]["annotations"]["nekzus.io/checksum"] for one in (template, same)}
    assert len(checksums) == 2
    salt = shop.get(SECRET, "shop-db-secret")["metadata"]["annotations"]["nekzus.io/salt"]
    assert len(salt) == 32


def test_what_the_template_has_no_more_goes_but_for_its_data(shop: Shop) -> None:
    shop.deploy()
    alone = replace(WEB, depends_on=())
    plan = shop.plan(alone)
    assert [one for one in told(plan) if "removed" in one] == [
        "Deployment shop-db removed",
        "Job shop-job removed",
        "Service db removed",
        "Secret shop-db-secret removed",
    ]
    assert plan.warnings == (
        "PersistentVolumeClaim default/shop-data stays, for data would go with it; set remove_volumes to remove it",
    )
    shop.deployer.execute(plan)
    assert shop.objects() == [one for one in WHOLE if "data" in one or "web" in one]
    assert shop.told(alone, remove_volumes=True) == ["PersistentVolumeClaim shop-data removed"]


def test_what_is_stopped_stays_so_when_it_is_changed(shop: Shop) -> None:
    shop.deploy()
    shop.bare("stopped")
    shop.deploy(JOB_SERVICE, DB, GREEN)
    assert (shop.replicas("db"), shop.replicas("web")) == (0, 0)
    shop.deploy(JOB_SERVICE, DB, GREEN, state="started")
    assert (shop.replicas("db"), shop.replicas("web")) == (1, 1)


def test_what_is_not_to_be_started_is_made_only(shop: Shop) -> None:
    plan = shop.plan(auto_start=False)
    assert any("Job" in one for one in plan.warnings)
    found = shop.deployer.execute(plan)
    assert found is not None
    assert found.status is State.STOPPED
    assert (shop.replicas("db"), shop.replicas("web"), shop.pods("web")) == (0, 0, [])
    assert shop.told(auto_start=False) == []


def test_removing_leaves_data_and_a_second_time_nothing_is_changed(shop: Shop) -> None:
    shop.deploy()
    assert shop.bare("absent") is None
    assert (shop.objects(), shop.pods("web")) == (["PersistentVolumeClaim shop-data"], [])
    assert shop.told(state="absent", content=None) == []
    assert shop.bare("absent", remove_volumes=True) is None
    assert shop.objects() == []
    assert shop.api.cluster.store.all(CONFIG_MAP) == []
    assert shop.told(state="absent", content=None, remove_volumes=True) == []


def test_data_that_was_kept_is_taken_again(shop: Shop) -> None:
    shop.deploy()
    shop.bare("absent")
    plan = shop.plan()
    assert plan.first
    assert "PersistentVolumeClaim shop-data created" not in told(plan)
    shop.deployer.execute(plan)
    assert shop.objects() == WHOLE


def test_the_task_says_how_many_there_are_of_the_main_service(shop: Shop) -> None:
    shop.deploy(replicas=3)
    assert (shop.replicas("db"), shop.replicas("web")) == (1, 3)
    assert shop.told(replicas=3) == []
    assert shop.told() == []
    assert shop.told(replicas=2) == ["Deployment shop-web changed"]


def test_a_count_that_others_have_set_is_left_until_the_template_changes_its_own(shop: Shop) -> None:
    shop.deploy()
    shop.api.cluster.edit(DEPLOYMENT, "shop-web", {"spec": {"replicas": 4}})
    assert shop.told() == []
    assert shop.told(JOB_SERVICE, DB, replace(WEB, replicas=2)) == ["Deployment shop-web changed"]
    shop.deploy(JOB_SERVICE, DB, replace(WEB, replicas=2))
    assert shop.replicas("web") == 2


def test_endpoints_and_volumes_are_told_where_the_template_is_not_given(shop: Shop) -> None:
    made = shop.deploy()
    assert made is not None
    for state in ("started", "stopped"):
        plan = shop.plan(state=state, content=None)
        assert plan.record is not None
        assert (plan.record.endpoints, plan.record.volumes) == (made.endpoints, made.volumes)


def test_data_that_stays_is_told_when_its_service_goes(shop: Shop) -> None:
    made = shop.deploy()
    assert made is not None
    plan = shop.plan(replace(WEB, depends_on=()))
    assert plan.record is not None
    assert plan.record.volumes == made.volumes
    assert shop.deployer.execute(plan) is not None


def test_without_waiting_only_what_others_depend_on_is_waited_for(shop: Shop) -> None:
    shop.lives["default", "shop-web"] = Life(ready_after=9)
    found = shop.deploy(wait=False)
    assert found is not None
    states = {one.service: one.state for one in found.containers}
    assert (states["db"], states["web"]) == (State.RUNNING, State.PENDING)


def test_who_depends_on_nothing_starts_at_once(shop: Shop) -> None:
    shop.deploy(replace(DB, mounts=()), replace(WEB, depends_on=(Dependency("db"),)))
    assert (len(shop.pods("db")), len(shop.pods("web"))) == (1, 1)


def refused_when_tried_again() -> NekzusError:
    """Return the error of a second try, after a first one whose answer was lost."""
    error = ConflictError("Expired", hint="list again")
    error.uncertain = True
    return error


@pytest.mark.parametrize("owner", ["shop", "somebody-else"])
@pytest.mark.parametrize(
    "error",
    [
        pytest.param(RuntimeUnavailableError("no answer in time", hint="wait"), id="no answer"),
        pytest.param(refused_when_tried_again(), id="refused when tried again"),
    ],
)
def test_what_was_made_without_an_answer_is_removed_again_if_it_is_ours(
    shop: Shop, owner: str, error: NekzusError
) -> None:
    def lose() -> None:
        shop.api.cluster.add(DEPLOYMENT, workload(DEPLOYMENT, "shop-web", labels={"nekzus.io/service": owner}))
        raise copy(error)

    shop.api.before("APPLY", lose, kind=DEPLOYMENT.plural, name="shop-web")
    with pytest.raises(type(error), match="what was made was removed again"):
        shop.deploy()
    assert (shop.api.cluster.store.find(DEPLOYMENT, "default", "shop-web") is not None) is (owner != "shop")
