# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nekzus_toolbox_deploy refuses, and how it fails: a code, one sentence, a hint, and nothing half-made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ApiError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import IMAGE, NAME, SECRET, SHOP, shop

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

WANTED: dict[str, Any] = {"service_name": NAME, "definition": SHOP, "env": {"DB_PASSWORD": SECRET}}
CHECK = pytest.mark.parametrize("check", [False, True], ids=["done", "predicted"])
WEB: dict[str, Any] = {"image": IMAGE}


def of_web(**keys: Any) -> dict[str, Any]:
    return {"service_name": NAME, "definition": {"services": {"web": {**WEB, **keys}}}}


# What is refused before the runtime is asked: the options, the code, and what the message or the hint names.
CASES: dict[str, tuple[dict[str, Any], str, tuple[str, ...]]] = {
    "nothing to deploy": ({"service_name": NAME}, "invalid_config", ("service", "src", "definition")),
    "nothing to call it by": ({"definition": {"services": {"web": WEB}}}, "invalid_target", ("service_name",)),
    "a name that is none": (
        {"service_name": "My Shop", "definition": {"services": {"web": WEB}}},
        "invalid_target",
        ("My Shop", "a-z"),
    ),
    "a name that is too long": (
        {"service_name": "a" * 64, "definition": {"services": {"web": WEB}}},
        "invalid_target",
        ("63",),
    ),
    "a template that nobody has read": ({"service": "grafana"}, "invalid_config", ("nekzus.runtime",)),
    "an empty template": ({**WANTED, "definition": ""}, "invalid_template", ("empty",)),
    "no template": ({**WANTED, "definition": {"greeting": 1}}, "invalid_template", ("neither", "services")),
    "YAML that is none": (
        {**WANTED, "definition": "services:\n  web: [busybox\n"},
        "invalid_template",
        ("line 3, column 1", "no YAML"),
    ),
    "YAML with a tab": (
        {**WANTED, "definition": "services:\n\tweb: {}\n"},
        "invalid_template",
        ("line 2, column 1", "tabs"),
    ),
    "a key that is there twice": (
        {**WANTED, "definition": "services:\n  web: {}\n  web: {}\n"},
        "invalid_template",
        ("line 3, column 3", "web", "twice"),
    ),
    "a tag of Python's": (
        {**WANTED, "definition": "services: !!python/object/apply:os.system [id]\n"},
        "invalid_template",
        ("line 1, column 11", "python/object"),
    ),
    "a key that is not known": (
        {**WANTED, "definition": f"services:\n  web:\n    image: {IMAGE}\n    imgae: x\n"},
        "invalid_template",
        ("line 4, column 5", "services.web.imgae", "image"),
    ),
    "two keys that are not known": (of_web(imgae="x", comand="y"), "invalid_template", ("imgae", "comand")),
    "a key that nothing does": (of_web(gpus="all", provider={"type": "x"}), "invalid_template", ("provider",)),
    "all variables that are missing": (
        {"service_name": NAME, "definition": shop(web={"environment": {"A": "${API_TOKEN:?of the API}"}})},
        "invalid_template",
        ("DB_PASSWORD", "of the database", "API_TOKEN", "of the API"),
    ),
    "a variable that is written wrongly": (of_web(command="${A"), "invalid_template", ("services.web.command",)),
    "privileged": (of_web(privileged=True), "invalid_template", ("services.web.privileged", "allow_privileged")),
    "all that takes the host at once": (
        of_web(network_mode="host", pid="host", cap_add=["SYS_ADMIN"], devices=["/dev/sda"]),
        "invalid_template",
        ("network_mode=host", "pid=host", "SYS_ADMIN", "/dev/sda"),
    ),
    "the socket of Docker": (
        of_web(volumes=["/var/run/docker.sock:/var/run/docker.sock"]),
        "invalid_template",
        ("/var/run/docker.sock", "allowed_paths"),
    ),
    "a dependency in a circle": (
        {
            "service_name": NAME,
            "definition": {"services": {"a": {**WEB, "depends_on": ["b"]}, "b": {**WEB, "depends_on": ["a"]}}},
        },
        "invalid_template",
        ("a", "b"),
    ),
    "a port that is none": ({**WANTED, "port": 70000}, "invalid_config", ("70000", "65535")),
    "no replicas": ({**WANTED, "replicas": 0}, "invalid_config", ("replicas", "state=stopped")),
    "no time to wait": ({**WANTED, "wait_timeout": 0}, "invalid_config", ("wait_timeout",)),
    "a path of the host that is none": ({**WANTED, "allowed_paths": ["srv"]}, "invalid_config", ("srv",)),
    "a path that climbs": ({**WANTED, "project_dir": "/srv/../etc"}, "invalid_config", ("/srv/../etc",)),
    "volumes to remove of nothing": (
        {"service_name": NAME, "state": "started", "remove_volumes": True},
        "invalid_config",
        ("remove_volumes",),
    ),
    "a file that is no text": ({**WANTED, "files": {"a": 1}}, "invalid_config", ("files", "a")),
    "a file that is no base64": ({**WANTED, "files": {"a": "base64:???"}}, "invalid_config", ("base64",)),
    "a namespace that is none": ({**WANTED, "namespace": "Prod_1"}, "invalid_target", ("Prod_1",)),
    "a state that is none": ({**WANTED, "state": "running"}, "invalid_config", ("running", "absent")),
    "an option that is none": ({**WANTED, "serivce": "x"}, "invalid_config", ("serivce",)),
    "a number that is none": ({**WANTED, "port": "http"}, "invalid_config", ("port",)),
}


@pytest.mark.parametrize("wrong", CASES)
@CHECK
def test_it_is_refused_before_anything_is_asked(
    deploy: ModuleRun, docker: FakeDocker, wrong: str, *, check: bool
) -> None:
    options, code, words = CASES[wrong]
    outcome = deploy(check=check, **options)
    failure = outcome.failure
    assert failure["code"] == code, outcome.result["msg"]
    told = f"{failure['message']} {failure['hint']}"
    assert [word for word in words if word not in told] == [], told
    assert failure["hint"]
    assert "\n" not in outcome.result["msg"]
    assert [str(call) for call in docker.calls] == []


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(of_web(privileged=True), id="privileged"),
        pytest.param(of_web(volumes=["/srv/web:/srv"]), id="a path of the host"),
    ],
)
def test_what_takes_the_host_is_deployed_when_the_task_allows_it(
    deploy: ModuleRun, docker: FakeDocker, options: dict[str, Any]
) -> None:
    assert deploy(**options).failure["code"] == "invalid_template"
    assert deploy(**options, allow_privileged=True).success["changed"] is True
    assert docker.named("shop-web-1").state == "running"


def test_folders_of_the_host_can_be_allowed_one_by_one(deploy: ModuleRun) -> None:
    options = of_web(volumes=["/srv/web:/srv", "/srv/webdav:/dav"])
    failure = deploy(**options, allowed_paths=["/srv/web"]).failure
    assert "/srv/webdav" in failure["message"]
    assert "/srv/web," not in failure["message"]
    assert deploy(**options, allowed_paths=["/srv/web", "/srv/webdav"]).success["changed"] is True


def test_what_is_in_the_way_is_named(deploy: ModuleRun, docker: FakeDocker) -> None:
    docker.add("shop-web-1")
    outcome = deploy(**WANTED)
    assert (outcome.failure["code"], outcome.failure["op"], outcome.failure["target"]) == ("conflict", "deploy", NAME)
    assert "container shop-web-1" in outcome.failure["message"]
    assert docker.writes == []


@pytest.mark.parametrize("state", ["started", "stopped"])
def test_what_is_not_deployed_is_told(deploy: ModuleRun, state: str) -> None:
    failure = deploy(service_name=NAME, state=state).failure
    assert failure["code"] == "container_not_found"
    assert failure["op"] == {"started": "start", "stopped": "stop"}[state]
    assert "there is no deployment shop" in failure["message"]


def test_what_does_not_come_up_is_told_with_its_last_lines_and_removed_again(
    deploy: ModuleRun, docker: FakeDocker
) -> None:
    docker.scripts["shop-web-1"] = {"exits_after": 0, "exit_code": 3, "logs": "no such table\n"}
    failure = deploy(**WANTED).failure
    assert failure["code"] == "not_ready"
    assert "shop-web-1" in failure["message"]
    assert "what was made was removed again" in failure["message"]
    assert failure["details"]["exit_code"] == 3
    assert "no such table" in failure["details"]["logs"]
    assert docker.containers == []


def test_what_gets_ready_too_late_is_a_timeout(deploy: ModuleRun, docker: FakeDocker) -> None:
    docker.scripts["shop-db-1"] = {"health": ((0, "starting"),)}
    began = docker.clock.monotonic()
    failure = deploy(**WANTED, wait_timeout=5).failure
    assert failure["code"] == "timeout"
    assert "after 5 s" in failure["message"]
    assert docker.containers == []
    assert docker.clock.monotonic() - began < 10


@CHECK
def test_a_daemon_that_does_not_answer_is_told(deploy: ModuleRun, docker: FakeDocker, *, check: bool) -> None:
    docker.fail("list", RuntimeUnavailableError("nothing answers at x", runtime="docker", hint="start it"))
    failure = deploy(check=check, **WANTED).failure
    assert (failure["code"], failure["hint"]) == ("runtime_unavailable", "start it")
    assert docker.closed


@pytest.mark.parametrize("verb", ["list networks", "inspect image", "create network", "create", "start"])
def test_a_daemon_that_breaks_midway_leaves_nothing(deploy: ModuleRun, docker: FakeDocker, verb: str) -> None:
    docker.fail(verb, ApiError("no space left on device", hint="make some"))
    failure = deploy(**WANTED).failure
    assert (failure["code"], failure["hint"]) == ("api_error", "make some")
    assert docker.containers == []
    assert docker.volumes == {}


def test_an_image_that_cannot_be_had_is_named(deploy: ModuleRun, docker: FakeDocker) -> None:
    failure = deploy(**of_web(image="nothing:1")).failure
    assert failure["code"] == "not_ready"
    assert "nothing:1" in failure["message"]
    assert docker.containers == []


def test_manifests_are_not_for_docker(deploy: ModuleRun, docker: FakeDocker) -> None:
    manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n"
    failure = deploy(service_name=NAME, definition=manifest).failure
    assert failure["code"] == "unsupported"
    assert "runtime=kubernetes" in failure["hint"]
    assert docker.writes == []
