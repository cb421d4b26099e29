# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying when something is in the way or goes wrong: nothing half-made is left, and what served serves on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    ConflictError,
    InvalidTemplateError,
    NekzusError,
    NotReadyError,
    UnsupportedError,
    WaitTimeoutError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.deployment import DEPLOYER
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.contract.backend import Trait
from ansible_collections.nekzus.runtime.tests.unit.contract.backends import BACKENDS
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import (
    NAME,
    SECRET,
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

NEVER_HEALTHY = {"health": ((0, "starting"),)}
DIES = {**NEVER_HEALTHY, "exits_after": 0, "exit_code": 3, "logs": f"cannot log in with {SECRET}\n"}
MANIFEST = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "greeting"}, "data": {"text": "hello"}}
WITHOUT_MANIFESTS = [name for name, backend in BACKENDS.items() if Trait.ACCOUNTS not in backend.traits]


def deploy(backend: Backend, **options: Any) -> Tended:
    return carry_out(backend.runtime, shop_order(**options))


def readiness(told: Tended) -> list[bool | None]:
    assert told.record
    return [one.ready for one in told.record.containers]


def statuses(backend: Backend) -> dict[str, State]:
    (found,) = backend.runtime.role(DEPLOYER).deployed(NAME)
    return {one.service: one.state for one in found.containers}


def test_what_is_not_ours_is_in_the_way_and_stays_as_it_is(backend: Backend) -> None:
    foreign = backend.made_name(NAME, "web")
    backend.create(foreign)
    before = backend.look(foreign), backend.traces()
    for attempt in (predict, carry_out):
        with pytest.raises(ConflictError, match=foreign) as caught:
            attempt(backend.runtime, shop_order())
        assert "service_name" in (caught.value.hint or "")
    assert backend.changed_names == []
    assert (backend.look(foreign), backend.traces()) == before


def test_removing_a_deployment_never_takes_what_is_not_ours(backend: Backend) -> None:
    foreign = backend.made_name(NAME, "web")
    backend.create(foreign)
    assert changes_of(carry_out(backend.runtime, order_of(state="absent", remove_volumes=True))) == []
    assert backend.look(foreign).state is State.RUNNING


def test_a_first_deployment_that_fails_is_removed_again(backend: Backend) -> None:
    backend.script(NAME, "web", **DIES)
    with pytest.raises(NotReadyError, match=r"shop-web.*what was made was removed again") as caught:
        deploy(backend)
    assert backend.traces() == set()
    assert caught.value.hint
    assert backend.runtime.role(DEPLOYER).deployed() == ()
    backend.script(NAME, "web")
    assert deploy(backend).plan.first


def test_the_last_log_lines_are_told_without_the_secret(backend: Backend) -> None:
    backend.script(NAME, "web", **DIES)
    with pytest.raises(NotReadyError) as caught:
        deploy(backend)
    assert "cannot log in with ********" in str(caught.value.failure()["details"])
    assert SECRET not in str(caught.value.failure())


def test_what_never_gets_healthy_ends_in_a_timeout_and_is_removed_again(backend: Backend) -> None:
    backend.script(NAME, "db", **NEVER_HEALTHY)
    with pytest.raises(WaitTimeoutError, match="after 20 s"):
        deploy(backend, wait_timeout=20)
    assert backend.traces() == set()


def test_without_waiting_what_fails_later_is_no_failure(backend: Backend) -> None:
    backend.script(NAME, "web", **NEVER_HEALTHY)
    assert set(changes_of(deploy(backend, wait=False)))
    assert set(statuses(backend)) == {"db", "web"}


def test_an_update_that_fails_leaves_what_was_there(backend: Backend) -> None:
    deploy(backend)
    before = backend.traces()
    backend.script(NAME, "web", **DIES)
    with pytest.raises(NotReadyError, match="what was there before is back"):
        deploy(backend, env={"COLOUR": "green"})
    assert backend.traces() == before
    assert set(statuses(backend).values()) == {State.RUNNING}
    assert changes_of(predict(backend.runtime, shop_order())) == []


def test_a_service_that_came_with_a_failed_update_goes_again(backend: Backend) -> None:
    deploy(backend)
    before = backend.traces()
    backend.script(NAME, "cache", **DIES)
    with pytest.raises(NotReadyError, match="shop-cache"):
        deploy(backend, definition=shop(cache={"volumes": ["/x"]}, web={"depends_on": ["cache", "db"]}))
    assert backend.traces() == before
    assert set(statuses(backend)) == {"db", "web"}


def test_what_left_the_template_is_still_there_when_the_update_fails(backend: Backend) -> None:
    deploy(backend)
    before = backend.traces()
    backend.script(NAME, "web", **DIES)
    with pytest.raises(NotReadyError):
        deploy(backend, definition=shop(without="db", web={"depends_on": {}, "user": "1000"}))
    assert backend.traces() == before
    assert set(statuses(backend).values()) == {State.RUNNING}


def test_a_runtime_that_refuses_a_change_leaves_everything_as_it_was(backend: Backend) -> None:
    deploy(backend)
    before = backend.traces()

    def refuse() -> NoReturn:
        raise ApiError("no space left", hint="make some")

    backend.before_change(refuse, name=backend.made_name(NAME, "web"))
    with pytest.raises(ApiError, match=r"cannot deploy shop: .*no space left.*; what was there before is back"):
        deploy(backend, env={"COLOUR": "green"})
    assert backend.traces() == before


def test_a_plan_of_what_somebody_else_has_changed_since_is_not_carried_out(backend: Backend) -> None:
    deployer = backend.runtime.role(DEPLOYER)
    first, _warnings = shop_order().wish()
    plan = deployer.plan(first)
    deployer.execute(deployer.plan(first))
    before = backend.traces()
    with pytest.raises(ConflictError) as caught:
        deployer.execute(plan)
    assert caught.value.hint
    assert backend.traces() == before
    assert set(statuses(backend).values()) == {State.RUNNING}


def test_a_template_is_refused_before_anything_is_asked(backend: Backend) -> None:
    wrong = {"services": {"web": {"image": "busybox:stable", "privileged": True}}}
    with pytest.raises(InvalidTemplateError, match=r"cannot deploy shop: .*services\.web\.privileged"):
        deploy(backend, definition=wrong)
    assert backend.requests == []


@pytest.mark.parametrize("backend", WITHOUT_MANIFESTS, indirect=True)
def test_manifests_are_for_a_cluster(backend: Backend) -> None:
    with pytest.raises(UnsupportedError, match="manifests") as caught:
        deploy(backend, definition=[MANIFEST])
    assert caught.value.hint
    assert backend.changed_names == []


@pytest.mark.parametrize(
    "change", [{}, {"env": {"DB_PASSWORD": "another-secret"}}, {"state": "absent"}], ids=["made", "changed", "removed"]
)
def test_no_secret_is_in_what_is_told(backend: Backend, change: dict[str, Any]) -> None:
    if change:
        deploy(backend)
    told = deploy(backend, **change)
    assert told.plan.changes
    shown = repr((told, [(one.before, one.after) for one in told.plan.changes]))
    assert [word for word in (SECRET, "another-secret") if word in shown] == []


def test_no_secret_is_in_an_error_of_the_runtime(backend: Backend) -> None:
    for state in ("present", "stopped"):
        backend.fail_reads(ApiError(f"invalid value {SECRET}", hint="no"))
        with pytest.raises(NekzusError) as caught:
            deploy(backend, state=state)
        assert SECRET not in str(caught.value) + str(caught.value.failure())


@pytest.mark.parametrize("state", ["present", "started"])
def test_what_was_left_alone_is_waited_for_as_well(backend: Backend, state: str) -> None:
    backend.script(NAME, "web", health=((0, "starting"), (5, "healthy")))
    alone = shop(web={"depends_on": {}})
    deploy(backend, definition=alone, wait=False)
    assert readiness(deploy(backend, definition=alone, wait=False)) == [True, False]
    told = deploy(backend, definition=alone, state=state)
    assert (changes_of(told), readiness(told)) == ([], [True, True])
    # What is known to be up takes no request more than its prediction.
    before = len(backend.requests)
    predict(backend.runtime, shop_order(definition=alone, state=state))
    predicted = len(backend.requests)
    assert changes_of(deploy(backend, definition=alone, state=state)) == []
    assert len(backend.requests) - predicted == predicted - before


def test_what_was_left_alone_and_does_not_come_up_fails_and_is_left_alone(backend: Backend) -> None:
    backend.script(NAME, "web", **NEVER_HEALTHY)
    alone = shop(web={"depends_on": {}})
    deploy(backend, definition=alone, wait=False)
    before = backend.traces()
    with pytest.raises(WaitTimeoutError, match="web"):
        deploy(backend, definition=alone, wait_timeout=10)
    with pytest.raises(WaitTimeoutError) as caught:
        deploy(backend, definition=shop(web={"depends_on": {}}, db={"command": ["x"]}), wait_timeout=10)
    assert "back" not in caught.value.message
    # The pod of what was changed is another one.
    assert {one for one in backend.traces() ^ before if not one.startswith("Pod ")} == set()


def test_what_was_warned_of_is_told_when_it_fails_too(backend: Backend) -> None:
    backend.script(NAME, "web", **DIES)
    odd = shop(web={"deploy": {"resources": {"reservations": {"cpus": "0.1"}}}, "stop_signal": "SIGUSR1"})
    foretold = predict(backend.runtime, shop_order(definition=odd)).warnings
    assert foretold
    with pytest.raises(NekzusError) as caught:
        deploy(backend, definition=odd)
    assert caught.value.warnings == foretold
