# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is Docker's own about changing containers: the exact requests, and labels filtered by the daemon."""

from __future__ import annotations

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.containers import DockerFinder
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.lifecycle import DockerOperator
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.options import LifecycleOptions
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.plan import lifecycle
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.memo import Memo
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container, Desired, State
from ansible_collections.nekzus.runtime.tests.unit.contract.docker_backend import DockerBackend
from ansible_collections.nekzus.runtime.tests.unit.contract.story import carry_out, named
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker


@pytest.mark.parametrize(
    ("state", "desired", "verbs"),
    [
        ("exited", Desired.STARTED, ["start"]),
        ("created", Desired.STARTED, ["start"]),
        ("paused", Desired.STARTED, ["unpause"]),
        ("running", Desired.STOPPED, ["stop"]),
        ("paused", Desired.STOPPED, ["unpause", "stop"]),
        ("running", Desired.RESTARTED, ["restart"]),
        ("paused", Desired.RESTARTED, ["unpause", "restart"]),
        ("exited", Desired.RESTARTED, ["start"]),
        ("running", Desired.PAUSED, ["pause"]),
    ],
)
def test_a_plan_is_carried_out_request_by_request(state: str, desired: Desired, verbs: list[str]) -> None:
    docker = FakeDocker()
    docker.add("web", state=state)
    (container,) = DockerFinder(docker).find([parse_target("web")])
    assert isinstance(container, Container)
    operator, options = DockerOperator(docker, clock=docker.clock), LifecycleOptions(timeout=7)
    subject = operator.subject(container, Memo())
    operator.execute(subject, lifecycle(subject, desired, options=options), options=options)
    assert [call.verb for call in docker.writes] == verbs
    assert {call.detail for call in docker.writes if call.verb in ("stop", "restart")} <= {7}


def test_a_plan_that_fails_half_way_tells_what_has_changed() -> None:
    backend = DockerBackend()
    backend.create("web", State.PAUSED)
    backend.docker.fail("stop", ApiError("it is broken (HTTP 500)"), nth=0)
    (result,) = carry_out(backend, Desired.STOPPED, named("web"))
    assert (result.success, result.changed) == (False, True)
    assert (result.state_before, result.state_after) == (State.PAUSED, State.RUNNING)


@pytest.mark.parametrize(
    ("selector", "filtered"),
    [
        ("app=web", ("app=web",)),
        ("app", ("app",)),
        ("app in (web)", ("app=web",)),
        ("app in (web,db)", ()),
        ("app!=db", ()),
        ("!tier", ()),
        ("app=web,tier!=db", ("app=web",)),
    ],
)
def test_the_daemon_filters_by_what_it_can_and_we_by_the_rest(selector: str, filtered: tuple[str, ...]) -> None:
    docker = FakeDocker()
    docker.add("web", labels={"app": "web"})
    docker.add("other", labels={"app": "db", "tier": "db"})
    listing = DockerFinder(docker).select(
        parse_request({"label_selectors": [selector], "filters": {"name": ["web"]}}).selection
    )
    assert [one.name for one in listing.containers] == ["web"]
    assert listing.warnings == ()
    assert docker.calls[0].detail == filtered


def test_closing_the_runtime_closes_the_client() -> None:
    docker = FakeDocker()
    DockerRuntime(docker, clock=docker.clock).close()
    assert docker.closed
