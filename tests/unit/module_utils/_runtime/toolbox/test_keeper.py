# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing a deployment to where a task wants it: on which runtime, what is asked of it, and how it fails."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError, InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.object_change import ObjectAction, ObjectChange
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.deployment import DEPLOYER
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import (
    Deployed,
    DeployedContainer,
    DeployPlan,
    ToolboxState,
    Wish,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.keeper import ToolboxKeeper
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.query import (
    ToolboxQuery,
    parse_toolbox_query,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType, State
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import SECRET, order_of, shop_order
from ansible_collections.nekzus.runtime.tests.unit.fakes.runtime import FakeRuntime, Runtimes

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANGE = ObjectChange("Container", None, "shop-web-1", ObjectAction.CREATED)


class FakeDeployer:
    """A Deployer that remembers what it was asked; ``errors`` are the answers to what fails."""

    def __init__(self, runtime: RuntimeType, *changes: ObjectChange) -> None:
        """Take the changes that every plan has."""
        self.asked: list[tuple[str, Any]] = []
        self.errors: dict[str, ApiError] = {}
        self._runtime = runtime
        self._changes = changes

    def plan(self, wish: Wish) -> DeployPlan:
        """Return a plan with warnings of its own."""
        self._ask("plan", wish)
        return DeployPlan(wish, self._changes, first=True, record=self._record("planned"), warnings=("of the runtime",))

    def execute(self, plan: DeployPlan) -> Deployed | None:
        """Return what is there then."""
        self._ask("execute", plan)
        return self._record("made")

    def deployed(self, name: str = "", namespaces: Sequence[str] = ()) -> tuple[Deployed, ...]:
        """Return one."""
        self._ask("deployed", (name, tuple(namespaces)))
        return (self._record("there"),)

    def _ask(self, what: str, about: Any) -> None:
        self.asked.append((what, about))
        if what in self.errors:
            raise self.errors[what]

    def _record(self, status: str) -> Deployed:
        return Deployed("shop", self._runtime, "", status, State.RUNNING, "")


def desk(*changes: ObjectChange) -> tuple[ToolboxKeeper, FakeDeployer, FakeDeployer]:
    """Return a keeper over Docker, which is the primary, and Kubernetes, and their deployers."""
    runtimes = [FakeRuntime([], runtime_type=kind) for kind in (RuntimeType.DOCKER, RuntimeType.KUBERNETES)]
    docker, kubernetes = (FakeDeployer(one.type, *changes) for one in runtimes)
    for runtime, deployer in zip(runtimes, (docker, kubernetes)):
        runtime.has(DEPLOYER, deployer)
    return ToolboxKeeper(Runtimes(*runtimes)), docker, kubernetes


def verbs(deployer: FakeDeployer) -> list[str]:
    return [what for what, _about in deployer.asked]


def test_a_prediction_plans_and_no_more() -> None:
    keeper, docker, _kubernetes = desk(CHANGE)
    told = keeper.predict(shop_order())
    assert verbs(docker) == ["plan"]
    assert told.record
    assert (told.record.template, told.plan.changes) == ("planned", (CHANGE,))


def test_what_is_done_is_what_was_planned() -> None:
    keeper, docker, _kubernetes = desk(CHANGE)
    told = keeper.carry_out(shop_order())
    assert verbs(docker) == ["plan", "execute"]
    assert docker.asked[1][1] is told.plan
    assert told.record
    assert told.record.template == "made"


def test_without_a_change_nothing_is_done() -> None:
    keeper, docker, _kubernetes = desk()
    told = keeper.carry_out(shop_order())
    assert verbs(docker) == ["plan"]
    assert told.record
    assert told.record.template == "planned"


@pytest.mark.parametrize(
    ("options", "on_kubernetes"), [({}, False), ({"runtime": "kubernetes"}, True), ({"namespace": "prod"}, True)]
)
def test_the_runtime_is_the_one_that_the_task_means(options: dict[str, Any], *, on_kubernetes: bool) -> None:
    keeper, docker, kubernetes = desk()
    keeper.predict(shop_order(**options))
    keeper.deployed(parse_toolbox_query({"catalog": False, "services": True, **options}))
    assert verbs(kubernetes if on_kubernetes else docker) == ["plan", "deployed"]
    assert verbs(docker if on_kubernetes else kubernetes) == []


def test_the_wish_has_the_template_filled_in_and_its_secrets() -> None:
    keeper, docker, _kubernetes = desk()
    keeper.predict(shop_order())
    ((_what, wish),) = docker.asked
    assert isinstance(wish, Wish)
    assert SECRET in wish.secrets
    assert "db" in repr(wish.content)


def test_warnings_of_the_template_and_of_the_runtime_are_told_once() -> None:
    keeper, _docker, _kubernetes = desk()
    told = keeper.predict(order_of(definition={"services": {"web": {"image": "x", "command": "$A $B $A"}}}))
    assert told.warnings == ("variables without a value are empty: A, B", "of the runtime")


@pytest.mark.parametrize(
    ("state", "verb"),
    [("present", "deploy"), ("started", "start"), ("stopped", "stop"), ("absent", "remove")],
)
@pytest.mark.parametrize("fails", ["plan", "execute"])
def test_a_failure_says_what_was_tried_on_what_and_where(state: str, verb: str, fails: str) -> None:
    keeper, docker, _kubernetes = desk(CHANGE)
    docker.errors[fails] = ApiError("it is so", hint="do this")
    with pytest.raises(ApiError) as caught:
        keeper.carry_out(shop_order(state=state))
    assert str(caught.value) == f"docker: cannot {verb} shop: it is so. Hint: do this."


def test_a_template_that_cannot_be_is_told_without_a_runtime() -> None:
    keeper, docker, _kubernetes = desk()
    with pytest.raises(InvalidTemplateError) as caught:
        keeper.carry_out(shop_order(definition={"services": {"web": {"image": "x", "privileged": True}}}))
    assert (caught.value.runtime, caught.value.op, caught.value.target) == (None, "deploy", "shop")
    assert docker.asked == []


def test_a_failure_tells_no_secret_and_keeps_its_cause() -> None:
    keeper, docker, _kubernetes = desk(CHANGE)
    cause = ValueError("x")
    docker.errors["execute"] = ApiError(f"bad {SECRET}", hint=f"not {SECRET}", details={"logs": [SECRET]})
    docker.errors["execute"].__cause__ = cause
    with pytest.raises(ApiError) as caught:
        keeper.carry_out(shop_order())
    assert SECRET not in str(caught.value.failure())
    assert caught.value.__cause__ is cause


def test_a_list_that_fails_says_so() -> None:
    keeper, docker, _kubernetes = desk()
    docker.errors["deployed"] = ApiError("it is so")
    with pytest.raises(ApiError, match="docker: cannot list what is deployed: it is so"):
        keeper.deployed(ToolboxQuery(catalogue=False, services=True))


def test_a_list_is_of_the_name_and_the_namespaces_that_the_task_says() -> None:
    keeper, _docker, kubernetes = desk()
    options = {"catalog": False, "services": True, "service_name": "shop", "namespace": "prod"}
    found = keeper.deployed(parse_toolbox_query({**options, "namespaces": ["dev", "prod"]}))
    assert [one.template for one in found] == ["there"]
    assert kubernetes.asked == [("deployed", ("shop", ("prod", "dev")))]


def test_what_is_asked_without_a_template_is_about_what_is_deployed() -> None:
    keeper, docker, _kubernetes = desk()
    keeper.predict(order_of(state="stopped"))
    ((_what, wish),) = docker.asked
    assert (wish.content, wish.name) == (None, "shop")


@pytest.mark.parametrize(("state", "settled"), [("present", False), ("started", False), ("stopped", True)])
def test_what_is_not_well_is_waited_for_unless_it_is_to_stop(state: str, *, settled: bool) -> None:
    failed = DeployedContainer("job", "kubernetes/a/job/job", "job", "x", State.FAILED, "Failed", ready=None)
    record = Deployed("shop", RuntimeType.KUBERNETES, "a", "", State.FAILED, "x", (failed,))
    plan = DeployPlan(Wish("shop", ToolboxState(state)), (), first=False, record=record)
    assert plan.is_settled is settled
    assert replace(plan, wish=replace(plan.wish, wait=False)).is_settled
