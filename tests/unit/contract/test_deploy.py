# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One template on every runtime: what is made of it, that it is made once, and that it goes again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ContainerNotFoundError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.mask import MASK
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.object_change import ObjectAction
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.deployment import DEPLOYER
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import (
    IMAGE,
    NAME,
    carry_out,
    changes_of,
    order_of,
    predict,
    shop,
    shop_order,
)

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.keeper import Tended
    from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Backend

ZOO = {"services": {"ape": {"image": IMAGE}}}


def deploy(backend: Backend, **options: Any) -> Tended:
    """Carry out what a task with the template asks."""
    return carry_out(backend.runtime, shop_order(**options))


def turn(backend: Backend, state: str, **options: Any) -> Tended:
    """Do what takes no template."""
    return carry_out(backend.runtime, order_of(state=state, **options))


def states(told: Tended) -> dict[str, State]:
    """Return what becomes of each service."""
    return {one.service: one.state for one in told.record.containers} if told.record else {}


def test_a_prediction_reads_only_and_tells_what_will_be(backend: Backend) -> None:
    told = predict(backend.runtime, shop_order())
    assert backend.changed_names == []
    assert backend.traces() == set()
    assert told.plan.first
    assert told.record
    assert (told.record.status, states(told)) == (State.RUNNING, {"db": State.RUNNING, "web": State.RUNNING})


def test_a_deployment_is_made_of_a_template_and_told(backend: Backend) -> None:
    predicted = predict(backend.runtime, shop_order())
    done = deploy(backend)
    assert changes_of(done) == changes_of(predicted)
    record = done.record
    assert record
    assert (record.name, record.runtime, record.image) == (NAME, backend.runtime.type, IMAGE)
    assert (record.status, states(done)) == (State.RUNNING, {"db": State.RUNNING, "web": State.RUNNING})
    assert [one.ready for one in record.containers] == [True, True]
    assert record.env == {"COLOUR": "blue", "DB_PASSWORD": MASK}
    assert [(one.service, one.port, one.protocol) for one in record.endpoints] == [
        ("db", 5432, "udp"),
        ("web", 8080, "tcp"),
    ]
    assert [one.url for one in record.endpoints] == [None, f"http://{record.endpoints[1].host}:8080"]
    assert len(record.volumes) == 1


def test_what_a_prediction_tells_is_there_then(backend: Backend) -> None:
    predicted, done = predict(backend.runtime, shop_order()).record, deploy(backend).record
    assert predicted
    assert done
    for key in ("name", "runtime", "namespace", "template", "status", "image", "volumes", "env"):
        assert getattr(predicted, key) == getattr(done, key), key
    assert [(one.address, one.state) for one in predicted.containers] == [
        (one.address, one.state) for one in done.containers
    ]


def test_containers_are_told_in_the_same_order_by_every_run(backend: Backend) -> None:
    order = shop_order(definition=shop(aaa={"command": ["sleep", "1000"]}))
    told = [predict(backend.runtime, order), carry_out(backend.runtime, order), carry_out(backend.runtime, order)]
    orders = [[one.name for one in each.record.containers] for each in told if each.record]
    assert orders == [orders[0]] * 3


def test_what_does_its_work_and_ends_is_predicted_at_its_end(backend: Backend) -> None:
    backend.script(NAME, "seed", exits_after=1)
    depends_on = {"depends_on": {"seed": {"condition": "service_completed_successfully"}}}
    order = shop_order(definition=shop(seed={"command": ["true"], "ports": ["9000:9000"]}, web=depends_on))
    predicted, done = predict(backend.runtime, order), carry_out(backend.runtime, order)
    assert states(predicted) == states(done)
    assert states(done)["seed"] is State.STOPPED
    assert predicted.record
    assert done.record
    assert predicted.record.status is done.record.status is State.RUNNING
    assert {one.service: one.ready for one in predicted.record.containers} == {
        one.service: one.ready for one in done.record.containers
    }
    assert states(predict(backend.runtime, order)) == states(done)


def test_who_depends_on_another_is_started_when_that_is_healthy(backend: Backend) -> None:
    backend.script(NAME, "db", health=((0, "starting"), (5, "healthy")))
    began = backend.clock.monotonic()
    deploy(backend)
    assert backend.clock.monotonic() - began >= 5


def test_the_same_again_changes_nothing_and_writes_nothing(backend: Backend) -> None:
    deploy(backend)
    written = len(backend.changed_names)
    told = deploy(backend)
    assert changes_of(told) == []
    assert len(backend.changed_names) == written
    assert told.record == backend.runtime.role(DEPLOYER).deployed(NAME)[0]


@pytest.mark.parametrize(
    "change",
    [
        {"env": {"COLOUR": "green"}},
        {"definition": shop(db={"user": "1000"})},
        {"definition": shop(cache={"command": ["sleep", "1000"]})},
        {"definition": shop(without="web")},
        {"state": "stopped"},
        {"state": "absent"},
        {"state": "absent", "remove_volumes": True},
    ],
    ids=["a value", "a key", "one more", "one less", "stopped", "absent", "absent with its volumes"],
)
def test_a_change_is_predicted_made_and_then_there(backend: Backend, change: dict[str, Any]) -> None:
    deploy(backend)
    before = backend.traces()
    written = len(backend.changed_names)
    predicted = predict(backend.runtime, shop_order(**change))
    assert len(backend.changed_names) == written
    assert backend.traces() == before
    done = deploy(backend, **change)
    assert changes_of(done) == changes_of(predicted) != []
    assert states(done) == states(predicted)
    assert changes_of(deploy(backend, **change)) == []


def test_only_the_service_that_changes_is_touched(backend: Backend) -> None:
    deploy(backend)
    told = deploy(backend, env={"COLOUR": "green"})
    assert [one.name for one in told.plan.changes] == [backend.made_name(NAME, "web")]
    assert told.record
    assert told.record.env["COLOUR"] == "green"


def test_a_deployment_is_stopped_and_started_without_its_template(backend: Backend) -> None:
    deploy(backend)
    for state, expected, action in (
        ("stopped", State.STOPPED, ObjectAction.STOPPED),
        ("started", State.RUNNING, ObjectAction.STARTED),
    ):
        told = turn(backend, state)
        assert told.record
        assert told.record.status is expected
        assert {one.action for one in told.plan.changes} == {action}
        assert changes_of(turn(backend, state)) == []
    assert changes_of(deploy(backend)) == []


def test_what_is_stopped_stays_so_until_it_is_started(backend: Backend) -> None:
    deploy(backend, auto_start=False)
    assert set(states(turn(backend, "stopped")).values()) == {State.STOPPED}
    assert set(states(deploy(backend, env={"COLOUR": "green"})).values()) == {State.STOPPED}
    assert set(states(deploy(backend, env={"COLOUR": "green"}, state="started")).values()) == {State.RUNNING}


def test_absent_leaves_data_alone_and_nothing_when_that_may_go_too(backend: Backend) -> None:
    made = deploy(backend).record
    assert made
    told = turn(backend, "absent")
    assert (told.record, backend.runtime.role(DEPLOYER).deployed()) == (None, ())
    (left,) = backend.traces()
    assert left.split()[1:] == list(made.volumes)
    assert changes_of(turn(backend, "absent")) == []
    assert [one.action for one in turn(backend, "absent", remove_volumes=True).plan.changes] == [ObjectAction.REMOVED]
    assert backend.traces() == set()
    assert changes_of(turn(backend, "absent", remove_volumes=True)) == []


def test_what_runs_goes_before_what_it_needs(backend: Backend) -> None:
    deploy(backend)
    names = [one.name for one in turn(backend, "absent", remove_volumes=True).plan.changes]
    assert set(names[:2]) == {backend.made_name(NAME, service) for service in ("web", "db")}
    assert len(names) > 2


def test_a_service_that_left_the_template_goes_and_its_data_stays(backend: Backend) -> None:
    deploy(backend)
    alone = shop(without="db", web={"depends_on": {}})
    del alone["volumes"]
    told = deploy(backend, definition=alone)
    assert set(states(told)) == {"web"}
    assert any("data" in warning for warning in told.warnings)
    volumes = [trace for trace in backend.traces() if "data" in trace]
    assert len(volumes) == 1
    told = deploy(backend, definition=alone, remove_volumes=True)
    assert [one.action for one in told.plan.changes] == [ObjectAction.REMOVED]
    assert [trace for trace in backend.traces() if "data" in trace] == []


@pytest.mark.parametrize("state", ["started", "stopped"])
def test_what_is_not_deployed_is_neither_started_nor_stopped(backend: Backend, state: str) -> None:
    with pytest.raises(ContainerNotFoundError, match="no deployment shop") as caught:
        turn(backend, state)
    assert caught.value.hint
    assert backend.changed_names == []


def test_all_deployments_are_listed_by_name(backend: Backend) -> None:
    backend.create("stranger")
    deploy(backend, service_name="zoo", definition=ZOO)
    deploy(backend)
    listed = backend.runtime.role(DEPLOYER).deployed()
    assert [(one.name, one.status) for one in listed] == [(NAME, State.RUNNING), ("zoo", State.RUNNING)]
    assert [one.name for one in backend.runtime.role(DEPLOYER).deployed("zoo")] == ["zoo"]
    assert backend.runtime.role(DEPLOYER).deployed("nothing") == ()


def test_removing_one_deployment_leaves_another_alone(backend: Backend) -> None:
    deploy(backend, service_name="zoo", definition=ZOO)
    before = backend.traces()
    deploy(backend)
    turn(backend, "absent", remove_volumes=True)
    assert backend.traces() == before
    assert [one.status for one in backend.runtime.role(DEPLOYER).deployed()] == [State.RUNNING]


def test_endpoints_that_are_predicted_are_those_that_are_then(backend: Backend) -> None:
    deploy(backend)
    order = shop_order(env={"COLOUR": "green"})
    predicted, done = predict(backend.runtime, order).record, carry_out(backend.runtime, order).record
    assert predicted
    assert done
    assert predicted.endpoints == done.endpoints != ()
