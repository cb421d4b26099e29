# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of every module on servers whose answers are damaged, and what has to be true of whatever they return."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._argspec import SECTIONS
from ansible_collections.nekzus.runtime.plugins.module_utils._results.containers import host_variables
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import as_json
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.keeper import AccountKeeper
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.runtime import DockerRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.exports.scribe import Scribe
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.feature import Feature
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.fleet import Fleet
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import NAMESPACE
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.runtime import KubernetesRuntime
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.lifecycle.lifecycle import Lifecycle
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.reader import LogReader
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.request import parse_request
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.roles.survey import SURVEYOR
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats.monitor import Monitor
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.keeper import ToolboxKeeper
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import State
from ansible_collections.nekzus.runtime.tests.unit.contract.docker_backend import DockerBackend
from ansible_collections.nekzus.runtime.tests.unit.contract.kubernetes_backend import KubernetesBackend
from ansible_collections.nekzus.runtime.tests.unit.documented import PACKAGE, documentation
from ansible_collections.nekzus.runtime.tests.unit.fakes import deploying
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.damage import Damaged, Wound
from ansible_collections.nekzus.runtime.tests.unit.fakes.recorded import RecordedCluster, RecordedDocker
from ansible_collections.nekzus.runtime.tests.unit.fakes.selector import OneRuntime

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.interfaces import Runtime

SECRET = deploying.SECRET
_EVERYTHING = ["services", "config_maps", "secrets", "volume_claims", "service_accounts", "ingresses", "autoscalers"]
_TYPES: Mapping[str, Any] = {"str": str, "int": int, "bool": bool, "float": (int, float), "list": list, "dict": dict}
# What says that nobody has thought of it.
_SURPRISE = "please report this"


@dataclass(frozen=True)
class Task:
    """A module and its options; ``deployed`` is whether there is a deployment before."""

    module: str
    options: Mapping[str, Any] = field(default_factory=dict)
    deployed: bool = False
    check: bool = False


READING = {
    "details": Task("nekzus_container_info", {"details": True, "raw": True}),
    "inventory": Task("inventory"),
    "measuring": Task("nekzus_stats"),
    "logs": Task("nekzus_logs", {"all": True, "all_containers": True}),
    "writing down": Task("nekzus_export", {"all": True, "include": _EVERYTHING}),
    "a plan": Task("nekzus_container", {"all": True, "state": "restarted"}, check=True),
    "the runtime": Task("runtime"),
}
_ACCOUNT = {"name": "bot", "features": ["read"], "namespaces": ["default"], "return_kubeconfig": True}
_SHORT = {"wait_timeout": 5}
CHANGING = {
    "names": Task("nekzus_container_info", {"names": ["web", "old", "gone"], "details": True}),
    "measuring one": Task("nekzus_stats", {"name": "web"}),
    "waiting for a line": Task("nekzus_logs", {"name": "web", "wait_for": "two", **_SHORT}),
    **{
        state: Task("nekzus_container", {"names": ["web", "old"], "state": state, **_SHORT})
        for state in ("started", "stopped", "restarted", "paused")
    },
    "recreating": Task(
        "nekzus_container", {"name": "web", "state": "restarted", "restart_method": "recreate", **_SHORT}
    ),
    "deploying": Task("nekzus_toolbox_deploy", _SHORT),
    "deploying again": Task("nekzus_toolbox_deploy", {"env": {"COLOUR": "green"}, **_SHORT}, deployed=True),
    "stopping a deployment": Task("nekzus_toolbox_deploy", {"state": "stopped", **_SHORT}, deployed=True),
    "removing": Task("nekzus_toolbox_deploy", {"state": "absent", "remove_volumes": True, **_SHORT}, deployed=True),
    "deployments": Task("nekzus_toolbox_info", deployed=True),
    **{
        f"an account with a token that is {kind}": Task("nekzus_account", {**_ACCOUNT, "token": kind})
        for kind in ("expiring", "lasting")
    },
    "writing a deployment down": Task("nekzus_export", {"all": True, "include": _EVERYTHING}, deployed=True),
}
LIVE = ("docker", "kubernetes")
RECORDED = ("recorded docker", "recorded podman", "recorded cluster")


def perform(server: str, task: Task, *wounds: Wound) -> tuple[Any, list[Any]]:
    """Return what a task returns, the failure of one that raises, and what the server has answered before its wounds.

    Raises what nobody has translated.
    """
    client, clock = _client(server, task, wounds)
    runtime: Runtime = (DockerRuntime if "docker" in server or "podman" in server else KubernetesRuntime)(
        client, clock=clock
    )
    try:
        return _run(task, runtime, clock), client.answers
    except NekzusError as error:
        return {"failed": True, "msg": str(error), "failure": error.failure()}, client.answers


@cache
def answers(server: str, task: str) -> tuple[Any, ...]:
    """Return what a healthy server answers to a task."""
    return tuple(perform(server, {**READING, **CHANGING}[task])[1])


def _client(server: str, task: Task, wounds: Sequence[Wound]) -> tuple[Damaged, FakeClock]:
    if server.startswith("recorded"):
        clock = FakeClock()
        engine = server.rpartition(" ")[2]
        inner: Any = RecordedCluster(clock) if engine == "cluster" else RecordedDocker(engine, clock)
        return Damaged(inner, wounds), clock
    backend = DockerBackend() if server == "docker" else KubernetesBackend()
    backend.create(
        "web", env=(f"DB_PASSWORD={SECRET}", "PLAIN=v"), labels={"a": "b"}, logs="one\ntwo\n", project="shops"
    )
    backend.create("old", State.STOPPED)
    if isinstance(backend, KubernetesBackend):
        backend.cluster.add(NAMESPACE, {"metadata": {"name": "default"}})
    if task.deployed:
        deploying.carry_out(backend.runtime, deploying.shop_order())
    return Damaged(backend.docker if isinstance(backend, DockerBackend) else backend.kubernetes, wounds), backend.clock


def _run(task: Task, runtime: Runtime, clock: FakeClock) -> dict[str, Any]:
    runtimes: Any = OneRuntime(runtime)
    if task.module == "runtime":
        described = as_json(runtime.role(SURVEYOR).describe())
        return {**described, "permissions": as_json(runtime.role(SURVEYOR).permissions(("default",), tuple(Feature)))}
    if task.module == "inventory":
        views = Fleet(runtimes).view(parse_request(_params("nekzus_container_info", {})), inspect=True).views
        shown = [host_variables(view, endpoint="here", details=True) for view in views if not view.error]
        return {"containers": [{key.partition("_")[2]: value for key, value in one.items()} for one in shown]}
    run, params = import_module(f"{PACKAGE}.modules.{task.module}").run, _params(task.module, task.options)
    found: dict[str, Any]
    if task.module == "nekzus_toolbox_deploy":
        order = deploying.order_of if "state" in task.options else deploying.shop_order
        found = run(order(**task.options), ToolboxKeeper(runtimes), check_mode=task.check)
    elif task.module == "nekzus_logs":
        found = run(params, LogReader(runtimes, clock=clock), check_mode=task.check)
    elif task.module == "nekzus_account":
        found = run(params, AccountKeeper(runtimes), check_mode=task.check, hidden=True)
    elif task.module in ("nekzus_container", "nekzus_export"):
        role = Lifecycle if task.module == "nekzus_container" else Scribe
        found = run(params, role(runtimes), check_mode=task.check)
    else:
        roles = {"nekzus_container_info": Fleet, "nekzus_stats": Monitor, "nekzus_toolbox_info": ToolboxKeeper}
        found = run(params, roles[task.module](runtimes))
    return found


def _params(module: str, given: Mapping[str, Any]) -> dict[str, Any]:
    found = import_module(f"{PACKAGE}.modules.{module}")
    spec = {name: option for section in found.SECTIONS for name, option in SECTIONS[section].items()}
    defaults = {name: option.get("default") for name, option in {**spec, **found.ARGUMENTS}.items()}
    return {**defaults, **given, **({"catalog": False} if module == "nekzus_toolbox_info" else {})}


def check(task: Task, result: Mapping[str, Any], *, hidden: bool = True) -> None:
    """See that a result prints, is as documented, fails with a code and a hint if it does, and tells no secret."""
    printed = json.dumps(result)
    assert _SURPRISE not in printed
    assert not hidden or SECRET not in printed
    failure = result.get("failure")
    if failure:
        assert failure["code"]
        assert failure["message"]
        assert failure["hint"]
        assert "\n" not in failure["message"]
    documented = {"inventory": "nekzus_container_info", "runtime": ""}.get(task.module, task.module)
    if documented:
        assert list(misfits(result, documentation(documented, "RETURN"))) == []


def misfits(value: Mapping[str, Any], fields: Mapping[str, Any]) -> list[str]:
    """Return the fields whose values are not of the type that is documented."""
    found = []
    for name, documented in fields.items():
        one = value.get(name)
        if one is None:
            continue
        kind = _TYPES.get(documented["type"])
        is_bool = isinstance(one, bool) and documented["type"] != "bool"
        if kind and (is_bool or not isinstance(one, kind)):
            found.append(f"{name} is {one!r}")
            continue
        inner = documented.get("contains") or {}
        for each in one if isinstance(one, list) else [one]:
            if isinstance(each, dict):
                found.extend(f"{name}.{told}" for told in misfits(each, inner))
            elif isinstance(one, list) and not isinstance(each, _TYPES.get(documented.get("elements", ""), object)):
                found.append(f"{name} has {each!r}")
    return found
