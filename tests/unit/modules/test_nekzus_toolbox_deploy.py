# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_toolbox_deploy, through its real main(), on a daemon."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import IMAGE, NAME, SECRET, SHOP, shop

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

WANTED: dict[str, Any] = {"service_name": NAME, "definition": SHOP, "env": {"DB_PASSWORD": SECRET}}
BARE: dict[str, Any] = {"service_name": NAME}
TEXT = f"""
services:
  web:
    image: {IMAGE}
    environment:
      NAME: $SERVICE_NAME
      URL: ${{BASE_URL:-nowhere}}
      PORT: "${{APP_PORT:-none}}"
    ports: ["80"]
"""


def test_a_template_is_deployed_and_told_whole(deploy: ModuleRun, docker: FakeDocker) -> None:
    result = deploy(**WANTED).success
    common = {"image": IMAGE, "state": "running", "status": "Up 2 hours", "ready": True, "replicas": None}
    assert result["service"] == {
        "name": NAME,
        "runtime": "docker",
        "namespace": "",
        "template": "",
        "status": "running",
        "image": IMAGE,
        "containers": [
            {"service": "db", "address": "docker/shop-db-1", "name": "shop-db-1", **common},
            {"service": "web", "address": "docker/shop-web-1", "name": "shop-web-1", **common},
        ],
        "endpoints": [
            {"service": "db", "host": "localhost", "port": 5432, "protocol": "udp", "url": None},
            {"service": "web", "host": "localhost", "port": 8080, "protocol": "tcp", "url": "http://localhost:8080"},
        ],
        "volumes": ["shop_data"],
        "env": {"COLOUR": "blue", "DB_PASSWORD": "********"},
    }
    assert result["changes"] == [
        {"kind": "Network", "namespace": None, "name": "shop_default", "action": "created"},
        {"kind": "Volume", "namespace": None, "name": "shop_data", "action": "created"},
        {"kind": "Container", "namespace": None, "name": "shop-db-1", "action": "created"},
        {"kind": "Container", "namespace": None, "name": "shop-web-1", "action": "created"},
    ]
    assert result["changed"] is True
    assert "diff" not in result
    assert {one.name: one.state for one in docker.containers} == {"shop-db-1": "running", "shop-web-1": "running"}
    assert docker.closed


def test_the_same_again_changes_nothing(deploy: ModuleRun, docker: FakeDocker) -> None:
    first = deploy(**WANTED).success
    written = len(docker.writes)
    for state in ("present", "started"):
        again = deploy(**WANTED, state=state).success
        assert (again["changed"], again["changes"]) == (False, [])
        assert again["service"] == first["service"]
    assert len(docker.writes) == written


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"env": {"DB_PASSWORD": SECRET, "COLOUR": "green"}}, id="a value"),
        pytest.param({"definition": shop(cache={})}, id="one more"),
        pytest.param({"definition": shop(without="web")}, id="one less"),
        pytest.param({"image": "nginx"}, id="an image that has to be pulled"),
        pytest.param({"replicas": 2, "definition": shop(web={"ports": []})}, id="replicas"),
        pytest.param({"port": 9090}, id="a port"),
        pytest.param({"state": "stopped"}, id="stopped"),
        pytest.param({"state": "absent", "remove_volumes": True}, id="absent"),
    ],
)
def test_check_mode_predicts_and_writes_nothing(deploy: ModuleRun, docker: FakeDocker, change: dict[str, Any]) -> None:
    docker.registry["nginx"] = "sha256:one"
    deploy(**WANTED)
    written = len(docker.writes)
    predicted = deploy(check=True, diff=True, **{**WANTED, **change}).success
    assert len(docker.writes) == written
    done = deploy(diff=True, **{**WANTED, **change}).success
    assert predicted["changed"] is done["changed"] is True
    assert (predicted["changes"], predicted["diff"]) == (done["changes"], done["diff"])
    for key in ("status", "image", "endpoints", "volumes", "env"):
        assert (predicted["service"] or {}).get(key) == (done["service"] or {}).get(key), key
    again = deploy(check=True, **{**WANTED, **change}).success
    assert (again["changed"], again["changes"]) == (False, [])


def test_a_first_deployment_is_predicted_too(deploy: ModuleRun, docker: FakeDocker) -> None:
    predicted = deploy(check=True, **WANTED).success
    assert docker.writes == []
    done = deploy(**WANTED).success
    assert predicted["changes"] == done["changes"]
    assert predicted["service"]["endpoints"] == done["service"]["endpoints"]


def test_the_diff_has_what_changes_and_nothing_else(deploy: ModuleRun) -> None:
    deploy(**WANTED)
    outcome = deploy(diff=True, **{**WANTED, "env": {"DB_PASSWORD": SECRET, "COLOUR": "green"}})
    diff = outcome.success["diff"]
    assert set(diff["before"]) == set(diff["after"]) == {"Container shop-web-1"}
    before, after = diff["before"]["Container shop-web-1"], diff["after"]["Container shop-web-1"]
    assert {key for key in after if before.get(key) != after[key]} == {"Env"}
    assert before["Env"] == {"COLOUR": "blue", "DB_PASSWORD": "********"}
    assert after["Env"] == {"COLOUR": "green", "DB_PASSWORD": "********"}
    unchanged = deploy(diff=True, **{**WANTED, "env": {"DB_PASSWORD": SECRET, "COLOUR": "green"}}).success
    assert unchanged["diff"] == {"before": {}, "after": {}}


def test_the_diff_has_all_that_goes(deploy: ModuleRun) -> None:
    deploy(**WANTED)
    diff = deploy(**BARE, state="absent", remove_volumes=True, diff=True).success["diff"]
    assert diff["after"] == {}
    assert set(diff["before"]) == {
        "Container shop-db-1",
        "Container shop-web-1",
        "Network shop_default",
        "Volume shop_data",
    }


def test_it_is_stopped_started_and_removed_without_its_template(deploy: ModuleRun, docker: FakeDocker) -> None:
    deploy(**WANTED)
    for state, status, action in (("stopped", "stopped", "stopped"), ("started", "running", "started")):
        result = deploy(**BARE, state=state).success
        assert result["service"]["status"] == status
        assert {one["action"] for one in result["changes"]} == {action}
        assert deploy(**BARE, state=state).success["changed"] is False
    removed = deploy(**BARE, state="absent").success
    assert (removed["changed"], removed["service"]) == (True, None)
    assert set(docker.volumes) == {"shop_data"}
    again = deploy(**BARE, state="absent").success
    assert (again["changed"], again["changes"], again["service"]) == (False, [], None)
    assert deploy(**BARE, state="absent", remove_volumes=True).success["changes"] == [
        {"kind": "Volume", "namespace": None, "name": "shop_data", "action": "removed"}
    ]


def test_what_is_new_is_not_started_when_the_task_says_so(deploy: ModuleRun) -> None:
    assert deploy(**WANTED, auto_start=False).success["service"]["status"] == "stopped"
    assert deploy(**WANTED).success["changed"] is False
    assert deploy(**BARE, state="started").success["service"]["status"] == "running"


def test_variables_come_from_the_options_unless_the_task_gives_them(deploy: ModuleRun) -> None:
    given = deploy(service_name="demo", definition=TEXT, base_url="https://demo.example", port=8181).success["service"]
    assert given["env"] == {"NAME": "demo", "URL": "https://demo.example", "PORT": "8181"}
    assert [one["port"] for one in given["endpoints"]] == [8181]
    own = {"APP_PORT": 1, "BASE_URL": "x", "SERVICE_NAME": "y"}
    told = deploy(service_name="demo", definition=TEXT, port=8181, env=own).success["service"]
    assert told["env"] == {"NAME": "y", "URL": "x", "PORT": "1"}


def test_warnings_are_ansibles(deploy: ModuleRun) -> None:
    definition = {"services": {"web": {"image": IMAGE, "environment": {"A": "$NOBODY_GIVES_IT"}}}}
    outcome = deploy(service_name="demo", definition=definition)
    assert outcome.success["changed"] is True
    assert outcome.warnings == ["variables without a value are empty: NOBODY_GIVES_IT"]
    assert "warnings" not in deploy(**WANTED).success


def test_values_may_be_of_any_type_of_yaml(deploy: ModuleRun) -> None:
    definition = {"services": {"web": {"image": IMAGE, "environment": {"N": "$N", "B": "$B", "F": "$F"}}}}
    env = deploy(service_name="demo", definition=definition, env={"N": 7, "B": True, "F": 1.5}).success["service"][
        "env"
    ]
    assert env == {"N": "7", "B": "true", "F": "1.5"}


def test_files_beside_a_template_are_put_into_its_containers(deploy: ModuleRun, docker: FakeDocker) -> None:
    definition = {
        "services": {"web": {"image": IMAGE, "configs": [{"source": "conf", "target": "/etc/web.conf"}]}},
        "configs": {"conf": {"file": "./web.conf"}},
    }
    for written in ("a = 1\n", "base64:YSA9IDEK"):
        assert deploy(service_name="demo", definition=definition, files={"web.conf": written}).success
        assert docker.named("demo-web-1").files == {"/etc/web.conf": b"a = 1\n"}
    changed = deploy(service_name="demo", definition=definition, files={"web.conf": "a = 2\n"}).success
    assert [one["action"] for one in changed["changes"]] == ["recreated"]


def test_the_template_is_in_no_log(deploy: ModuleRun) -> None:
    outcome = deploy(service_name="demo", definition=TEXT, files={"x": "the content of x"})
    assert outcome.success["invocation"]["module_args"]["definition"] == "(not shown)"
    assert "definition=(not shown)" in outcome.log[0]
    assert "the content of x" not in outcome.everything
    assert json.dumps(TEXT)[5:30] not in outcome.everything
