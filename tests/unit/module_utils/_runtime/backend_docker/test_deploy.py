# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying on Docker: what is made, what is left alone, and what goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ContainerNotFoundError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import Endpoint
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Dependency,
    FileMount,
    MountSpec,
    MountType,
    NetworkAttachment,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    NetworkSpec,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State

from .shop import DB, GREEN, IMAGE, JOB, NETWORKS, WEB, Shop, told


@pytest.fixture
def shop() -> Shop:
    """Return an empty daemon."""
    return Shop()


def test_a_first_deployment_makes_everything_in_its_order(shop: Shop) -> None:
    plan = shop.plan()
    assert plan.first
    assert told(plan) == [
        "Network shop_default created",
        "Volume shop_data created",
        "Container shop-job-1 created",
        "Container shop-db-1 created",
        "Container shop-web-1 created",
    ]
    found = shop.deployer.execute(plan)
    assert found is not None
    assert shop.states() == {"shop-job-1": "exited", "shop-db-1": "running", "shop-web-1": "running"}
    assert (found.name, found.template, found.status, found.image) == ("shop", "shop", State.RUNNING, IMAGE)
    assert found.endpoints == (Endpoint("web", "localhost", 8080, "tcp", "http://localhost:8080"),)
    assert (found.volumes, found.env) == (("shop_data",), {"COLOUR": "blue"})


def test_what_a_service_depends_on_is_waited_for_before_its_start(shop: Shop) -> None:
    shop.deploy()
    web, db = shop.docker.named("shop-web-1"), shop.docker.named("shop-db-1")
    assert web.started_at - db.started_at >= 2
    order = [call.name for call in shop.docker.writes if call.verb == "start"]
    assert order == ["shop-job-1", "shop-db-1", "shop-web-1"]


def test_the_same_again_changes_nothing_in_four_requests(shop: Shop) -> None:
    shop.deploy()
    shop.docker.calls.clear()
    plan = shop.plan()
    assert plan.changes == ()
    assert not plan.first
    assert [call.verb for call in shop.docker.calls] == ["list", "list networks", "list volumes", "inspect image"]


def test_planning_writes_nothing_and_tells_what_will_be(shop: Shop) -> None:
    plan = shop.plan()
    assert shop.docker.writes == []
    assert plan.record is not None
    assert plan.record.status is State.RUNNING
    assert plan.record.endpoints == (Endpoint("web", "localhost", 8080, "tcp", "http://localhost:8080"),)
    assert [one.service for one in plan.record.containers] == ["job", "db", "web"]


def test_only_what_changed_is_made_anew(shop: Shop) -> None:
    shop.deploy()
    before = shop.ids()
    plan = shop.plan(JOB, DB, GREEN)
    assert told(plan) == ["Container shop-web-1 recreated"]
    (change,) = plan.changes
    assert change.before is not None
    assert change.after is not None
    assert (change.before["Env"], change.after["Env"]) == ({"COLOUR": "blue"}, {"COLOUR": "green"})
    shop.deployer.execute(plan)
    after = shop.ids()
    assert {name for name in before if before[name] != after[name]} == {"shop-web-1"}
    assert set(after) == set(before)
    assert shop.states()["shop-web-1"] == "running"


def test_a_deployment_that_was_stopped_stays_stopped_when_it_changes(shop: Shop) -> None:
    shop.deploy()
    shop.bare("stopped")
    shop.deploy(JOB, DB, GREEN)
    assert shop.states()["shop-web-1"] == "created"
    shop.deploy(JOB, DB, GREEN, state="started")
    assert shop.states()["shop-web-1"] == "running"


def test_a_first_deployment_may_be_left_unstarted(shop: Shop) -> None:
    for values in ({"state": "stopped"}, {"auto_start": False}):
        shop.deploy(**values)
        assert set(shop.states().values()) == {"created"}
        shop.bare("absent", remove_volumes=True)


def test_what_was_left_unstarted_on_purpose_stays_so(shop: Shop) -> None:
    shop.deploy(state="stopped")
    assert told(shop.plan()) == []
    shop.deploy(JOB, DB, GREEN)
    assert set(shop.states().values()) == {"created"}


def test_what_a_task_has_made_that_did_not_come_to_its_end_is_started(shop: Shop) -> None:
    shop.deploy()
    for one in shop.docker.containers:
        one.state = "created"  # as if it had been killed before
    assert told(shop.plan(auto_start=False)) == []
    assert set(told(shop.plan())) == {f"Container shop-{name}-1 started" for name in ("job", "db", "web")}
    shop.deploy(JOB, DB, GREEN)
    assert shop.states()["shop-web-1"] == "running"


def test_stopping_and_starting_need_no_template(shop: Shop) -> None:
    shop.deploy()
    shop.docker.calls.clear()
    found = shop.bare("stopped")
    assert found is not None
    assert found.status is State.STOPPED
    assert [call.name for call in shop.docker.writes] == ["shop-web-1", "shop-db-1"]
    assert told(shop.plan(state="stopped", content=None)) == []
    found = shop.bare("started")
    assert found is not None
    assert found.status is State.RUNNING
    assert told(shop.plan(state="started", content=None)) == []


def test_a_job_that_has_done_its_work_is_not_started_again_beside_others(shop: Shop) -> None:
    shop.deploy()
    shop.docker.named("shop-job-1").exit_code = 0
    assert told(shop.plan(state="started")) == []


@pytest.mark.parametrize("state", ["started", "stopped", "present"])
def test_without_a_template_there_has_to_be_a_deployment(shop: Shop, state: str) -> None:
    with pytest.raises(ContainerNotFoundError, match="no deployment shop"):
        shop.bare(state)


def test_absent_removes_all_but_the_volumes(shop: Shop) -> None:
    shop.deploy()
    assert shop.bare("absent") is None
    assert (shop.states(), shop.network_names(), set(shop.docker.volumes)) == ({}, set(), {"shop_data"})
    assert told(shop.plan(state="absent", content=None)) == []
    assert told(shop.plan(state="absent", remove_volumes=True)) == ["Volume shop_data removed"]
    shop.bare("absent", remove_volumes=True)
    assert shop.docker.volumes == {}


def test_what_the_template_has_no_more_goes_but_its_data_stays(shop: Shop) -> None:
    shop.deploy()
    alone = replace(WEB, depends_on=())
    plan = shop.plan(alone, volumes=())
    assert told(plan) == [
        "Container shop-web-1 recreated",
        "Container shop-job-1 removed",
        "Container shop-db-1 removed",
    ]
    assert any("shop_data" in words for words in plan.warnings)
    shop.deployer.execute(plan)
    assert set(shop.states()) == {"shop-web-1"}
    assert set(shop.docker.volumes) == {"shop_data"}
    shop.deploy(alone, volumes=(), remove_volumes=True)
    assert shop.docker.volumes == {}


def test_replicas_come_and_go(shop: Shop) -> None:
    free = replace(WEB, ports=(), depends_on=())
    shop.deploy(free, replicas=3)
    assert set(shop.states()) == {"shop-web-1", "shop-web-2", "shop-web-3"}
    assert told(shop.plan(free)) == ["Container shop-web-3 removed", "Container shop-web-2 removed"]
    shop.deploy(free)
    assert shop.states() == {"shop-web-1": "running"}


def test_a_paused_container_runs_when_it_is_started_and_can_be_stopped(shop: Shop) -> None:
    shop.deploy()
    shop.docker.pause("shop-web-1")
    assert told(shop.plan(state="started")) == ["Container shop-web-1 started"]
    shop.bare("started")
    assert shop.states()["shop-web-1"] == "running"
    shop.docker.pause("shop-web-1")
    shop.bare("stopped")
    assert shop.states()["shop-web-1"] == "exited"


def test_who_is_to_restart_with_another_is_made_anew_with_it(shop: Shop) -> None:
    shop.deploy()
    web = replace(WEB, depends_on=(Dependency("db", restart=True),))
    shop.deploy(JOB, DB, web)
    assert told(shop.plan(JOB, replace(DB, user="1000"), web)) == [
        "Container shop-db-1 recreated",
        "Container shop-web-1 recreated",
    ]


def test_anonymous_volumes_are_carried_over(shop: Shop) -> None:
    cached = replace(WEB, depends_on=(), mounts=(MountSpec(MountType.VOLUME, "/cache"),))
    shop.deploy(cached, volumes=())
    before = shop.docker.named("shop-web-1").volumes["/cache"]
    shop.deploy(replace(cached, environment={"A": "1"}), volumes=())
    assert shop.docker.named("shop-web-1").volumes["/cache"] == before
    shop.bare("absent")
    assert shop.docker.volumes == {}


def test_files_are_put_into_a_container_before_its_start(shop: Shop) -> None:
    service = replace(
        WEB,
        depends_on=(),
        files=(FileMount("conf", "/etc/app/conf"), FileMount("token", "/run/secrets/token", secret=True)),
    )
    shop.deploy(service, files=(FileSpec("conf", b"a=1"), FileSpec("token", b"geheim", secret=True)))
    assert shop.docker.named("shop-web-1").files == {"/etc/app/conf": b"a=1", "/run/secrets/token": b"geheim"}
    verbs = [call.verb for call in shop.docker.writes]
    assert verbs.index("put") < verbs.index("start")


def test_further_networks_are_connected_before_the_start(shop: Shop) -> None:
    shop.deploy(replace(WEB, depends_on=(), networks=(*NETWORKS, NetworkAttachment("back", aliases=("front",)))))
    assert shop.docker.named("shop-web-1").networks["shop_back"]["Aliases"] == ["shop-web-1", "web", "front"]
    verbs = [call.verb for call in shop.docker.writes]
    assert verbs.index("connect") < verbs.index("start")


def test_a_changed_network_is_made_anew_with_those_that_are_on_it(shop: Shop) -> None:
    shop.deploy()
    plan = shop.plan(networks=(NetworkSpec("default", internal=True),))
    assert told(plan)[0] == "Network shop_default recreated"
    assert len(plan.changes) == 4
    shop.deployer.execute(plan)
    (network,) = [one for one in shop.docker.networks.values() if one["Name"] == "shop_default"]
    assert network["Internal"]


def test_who_shares_a_namespace_is_made_anew_with_its_owner(shop: Shop) -> None:
    side = replace(JOB, name="side", network_mode="service:db", networks=())
    shop.deploy(DB, side)
    assert told(shop.plan(replace(DB, user="1000"), side)) == [
        "Container shop-db-1 recreated",
        "Container shop-side-1 recreated",
    ]


def test_all_that_is_deployed_is_listed_by_name(shop: Shop) -> None:
    shop.deploy()
    shop.docker.add("stranger")
    shop.docker.add("other-1", labels={"nekzus.io/service": "other"})
    assert [one.name for one in shop.deployer.deployed()] == ["other", "shop"]
    assert [one.name for one in shop.deployer.deployed("shop")] == ["shop"]
    assert shop.deployer.deployed("nothing") == ()
