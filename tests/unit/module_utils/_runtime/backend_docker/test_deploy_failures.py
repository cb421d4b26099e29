# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying on Docker when something goes wrong: what was made goes again, and what was there is back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    NekzusError,
    NotReadyError,
    RuntimeUnavailableError,
    WaitTimeoutError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import RestartPolicy
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import NetworkSpec

from .shop import DB, GREEN, JOB, WEB, Shop, told

DIES = {"exits_after": 0.1, "exit_code": 3, "logs": "no table geheimsache\n"}


@pytest.fixture
def shop() -> Shop:
    """Return an empty daemon."""
    return Shop()


def test_a_first_deployment_that_fails_is_removed_again(shop: Shop) -> None:
    shop.docker.scripts["shop-web-1"] = DIES
    with pytest.raises(NotReadyError, match=r"shop-web-1: .*exit code 3.*what was made was removed again") as failure:
        shop.deploy()
    assert (shop.states(), shop.network_names(), shop.docker.volumes) == ({}, set(), {})
    assert failure.value.details["exit_code"] == 3


def test_an_update_that_fails_leaves_what_was_there(shop: Shop) -> None:
    shop.deploy()
    before = shop.ids(), shop.states()
    shop.docker.scripts["shop-web-1"] = DIES
    with pytest.raises(NotReadyError, match="what was there before is back"):
        shop.deploy(JOB, replace(DB, user="1000"), GREEN)
    assert (shop.ids(), shop.states()) == before
    assert (shop.network_names(), set(shop.docker.volumes)) == ({"shop_default"}, {"shop_data"})
    shop.docker.scripts["shop-web-1"] = {}
    shop.deploy(JOB, replace(DB, user="1000"), GREEN)
    assert set(shop.ids()) == set(before[0])


def test_a_changed_network_is_made_back_when_the_update_fails(shop: Shop) -> None:
    shop.deploy()
    before = shop.ids(), shop.states()
    shop.docker.scripts["shop-web-1"] = DIES
    with pytest.raises(NotReadyError):
        shop.deploy(networks=(NetworkSpec("default", internal=True),))
    assert (shop.ids(), shop.states()) == before
    (network,) = [one for one in shop.docker.networks.values() if one["Name"] == "shop_default"]
    assert not network.get("Internal")
    assert shop.docker.named("shop-web-1").networks["shop_default"]["Aliases"] == ["shop-web-1", "web"]


def test_what_goes_is_back_when_the_update_fails(shop: Shop) -> None:
    shop.deploy()
    before = shop.ids(), shop.states()
    shop.docker.scripts["shop-web-1"] = DIES
    with pytest.raises(NotReadyError):
        shop.deploy(replace(GREEN, depends_on=()))
    assert (shop.ids(), shop.states()) == before


def test_a_job_that_others_wait_for_has_to_end_well(shop: Shop) -> None:
    shop.docker.scripts["shop-job-1"] = DIES
    with pytest.raises(NotReadyError, match="shop-job-1: it has failed, exit code") as caught:
        shop.deploy()
    assert "wait" not in (caught.value.hint or "")
    assert shop.states() == {}


def test_a_health_check_that_never_passes_ends_in_a_timeout(shop: Shop) -> None:
    shop.docker.scripts["shop-db-1"] = {"health": ((0, "starting"),)}
    with pytest.raises(
        WaitTimeoutError, match="shop-db-1: it is not running after 30 s, its health check says starting"
    ):
        shop.deploy()
    assert shop.states() == {}


def test_what_always_restarts_may_not_end(shop: Shop) -> None:
    shop.docker.scripts["shop-web-1"] = {"exits_after": 0.1, "exit_code": 0}
    with pytest.raises(NotReadyError):
        shop.deploy(JOB, DB, replace(WEB, restart=RestartPolicy("always")))
    shop.deploy()


def test_without_waiting_what_dies_later_is_no_failure(shop: Shop) -> None:
    shop.docker.scripts["shop-web-1"] = DIES
    shop.deploy(wait=False)
    assert set(shop.states()) == {"shop-job-1", "shop-db-1", "shop-web-1"}


def test_a_port_that_is_taken_is_named(shop: Shop) -> None:
    shop.docker.taken_ports.add("8080")
    with pytest.raises(ConflictError, match="shop-web-1: port 8080 is taken"):
        shop.deploy()
    assert shop.states() == {}


@pytest.mark.parametrize("verb", ["create", "create network", "create volume", "start", "stop", "rename"])
def test_an_update_is_taken_back_wherever_the_daemon_fails(shop: Shop, verb: str) -> None:
    shop.deploy()
    before = shop.ids(), shop.states()
    shop.docker.fail(verb, ApiError("out of space"))
    values = {"networks": (NetworkSpec("default", internal=True),)}
    changed = (JOB, replace(DB, user="1000"), GREEN)
    if verb == "create volume":
        shop.bare("absent", remove_volumes=True)
        before = {}, {}
    with pytest.raises(NekzusError, match="out of space"):
        shop.deploy(*changed, **values)
    assert (shop.ids(), shop.states()) == before


def test_what_cannot_be_taken_back_is_told(shop: Shop) -> None:
    shop.docker.scripts["shop-web-1"] = DIES
    shop.docker.fail("remove network", ApiError("no"), nth=0)
    with pytest.raises(NotReadyError, match="not all could be taken back"):
        shop.deploy()


def test_the_loser_of_two_first_deployments_leaves_the_winner_alone(shop: Shop) -> None:
    plan = shop.plan()
    shop.deploy()
    before = shop.ids(), shop.states()
    with pytest.raises(ConflictError, match="meanwhile"):
        shop.deployer.execute(plan)
    assert (shop.ids(), shop.states()) == before
    assert (shop.network_names(), set(shop.docker.volumes)) == ({"shop_default"}, {"shop_data"})


def test_the_loser_of_two_updates_leaves_the_winner_alone(shop: Shop) -> None:
    shop.deploy()
    plan = shop.plan(JOB, DB, GREEN)
    shop.deploy(JOB, DB, replace(GREEN, user="1000"))
    before = shop.ids(), shop.states()
    with pytest.raises(ConflictError, match="changed meanwhile"):
        shop.deployer.execute(plan)
    assert (shop.ids(), shop.states()) == before


def test_the_loser_in_the_middle_of_an_update_leaves_the_winner_alone(shop: Shop) -> None:
    shop.deploy()
    plan = shop.plan(JOB, DB, GREEN)

    def meet() -> None:
        with pytest.raises(ConflictError, match="changed meanwhile"):
            shop.deployer.execute(plan)

    shop.docker.before("create", meet, name="shop-web-1")
    shop.deploy(JOB, DB, replace(GREEN, user="1000"))
    assert set(shop.states()) == {"shop-job-1", "shop-db-1", "shop-web-1"}
    assert shop.states()["shop-web-1"] == "running"


def test_what_a_killed_task_left_is_put_right(shop: Shop) -> None:
    shop.deploy()
    web = shop.docker.named("shop-web-1")
    web.name, web.state = "shop-web-1-nekzus-before", "exited"
    plan = shop.plan()
    assert told(plan) == ["Container shop-web-1 recreated"]
    shop.deployer.execute(plan)
    assert shop.states()["shop-web-1"] == "running"
    assert len(shop.ids()) == 3


def test_secrets_are_nowhere_in_what_is_told(shop: Shop) -> None:
    shop.docker.scripts["shop-web-1"] = DIES
    plan = shop.plan(secrets=("geheimsache",))
    assert "geheim" not in repr(plan)
    assert "geheim" not in repr([(change.before, change.after) for change in plan.changes])
    with pytest.raises(NotReadyError) as failure:
        shop.deployer.execute(plan)
    assert "geheim" not in str(failure.value) + repr(failure.value.failure())


def test_variables_that_are_secrets_without_a_telling_name_stay_masked(shop: Shop) -> None:
    quiet = replace(WEB, depends_on=(), environment={"SEED": "geheimsache"}, secret=frozenset({"SEED"}))
    found = shop.deploy(quiet)
    assert found is not None
    assert found.env == {"SEED": "********"}
    plan = shop.plan(replace(quiet, environment={"SEED": "neues-geheimnis"}))
    assert "geheim" not in repr([(change.before, change.after) for change in plan.changes])


@pytest.mark.parametrize("answered", [True, False], ids=["before it was done", "after it was done"])
def test_a_container_that_may_have_been_made_is_not_said_to_be_removed(shop: Shop, *, answered: bool) -> None:
    def lose() -> None:
        if not answered:
            shop.docker.add("shop-web-1", state="created")
        raise RuntimeUnavailableError("the connection broke", transient=True)

    shop.docker.before("create", lose, name="shop-web-1")
    words = "what was made was removed again" if answered else "not all could be taken back, look at shop"
    with pytest.raises(RuntimeUnavailableError, match=words):
        shop.deploy()
    assert shop.states() == ({} if answered else {"shop-web-1": "created"})


@pytest.mark.parametrize("answered", [True, False], ids=["before it was done", "after it was done"])
def test_a_container_that_may_have_been_put_aside_is_not_said_to_be_back(shop: Shop, *, answered: bool) -> None:
    shop.deploy()

    def lose() -> None:
        if not answered:
            shop.docker.named("shop-web-1").name = "shop-web-1-aside"
        raise RuntimeUnavailableError("the connection broke", transient=True)

    shop.docker.before("rename", lose, name="shop-web-1")
    words = "what was there before is back" if answered else "not all could be taken back, look at shop"
    with pytest.raises(RuntimeUnavailableError, match=words):
        shop.deploy(JOB, DB, GREEN)
    assert ("shop-web-1" in shop.states()) is answered
