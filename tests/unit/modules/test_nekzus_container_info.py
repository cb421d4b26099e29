# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_container_info, through its real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun


def test_everything_is_listed_stopped_ones_included(container_info: ModuleRun, docker: FakeDocker) -> None:
    web = docker.add("web", labels={"motto": "{{ 1 + 1 }}"}, image="nginx:1.27")
    docker.add("db", state="exited")
    result = container_info().success
    assert result["changed"] is False
    assert [one["name"] for one in result["containers"]] == ["db", "web"]
    assert result["containers"][1] == {
        "address": "docker/web",
        "id": web.id,
        "short_id": web.id[:12],
        "runtime": "docker",
        "namespace": "",
        "name": "web",
        "image": "nginx:1.27",
        "state": "running",
        "status": "Up 2 hours",
        "created": "2023-11-14T22:13:20Z",
        "ports": [],
        "labels": {"motto": "{{ 1 + 1 }}"},
        "owner": None,
        "compose_project": None,
        "node": None,
        "restarts": None,
        "ready": True,
    }
    assert [call.verb for call in docker.calls] == ["version", "list"]


def test_stopped_ones_can_be_left_out(container_info: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    docker.add("db", state="exited")
    docker.add("cache", state="paused")
    assert [one["name"] for one in container_info(all=False).success["containers"]] == ["cache", "web"]


def test_a_named_one_is_returned_though_it_is_stopped(container_info: ModuleRun, docker: FakeDocker) -> None:
    docker.add("db", state="exited")
    assert [one["name"] for one in container_info(all=False, name="db").success["containers"]] == ["db"]


def test_a_list_as_a_text_has_blanks_and_lines(container_info: ModuleRun, docker: FakeDocker) -> None:
    for name, state in (("web", "running"), ("db", "exited"), ("cache", "paused"), ("queue", "running")):
        docker.add(name, state=state)
    filters = {"status": "running, stopped", "name": "web\ndb\nqueue\n"}
    result = container_info(filters=filters, exclude="nothing, queue").success
    assert [one["name"] for one in result["containers"]] == ["db", "web"]


def test_a_list_of_choices_that_is_empty_is_refused(container_info: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    assert container_info(filters={"status": " "}).failure["code"] == "invalid_config"


def test_nothing_is_no_error(container_info: ModuleRun) -> None:
    result = container_info(filters={"name": ["nothing"]}).success
    assert result["containers"] == []
    assert "warnings" not in result


def test_details_are_there_when_asked_for(container_info: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web", env=("A=1", "DB_PASSWORD=hunter2hunter2"), restart_count=4)
    outcome = container_info(name="web", details=True)
    (one,) = outcome.success["containers"]
    assert one["config"]["env"] == {"A": "1", "DB_PASSWORD": "********"}
    assert one["config"]["cmd"] == ["sleep"]
    assert one["config"]["args"] == ["1000"]
    assert one["network_settings"]["mode"] == "bridge"
    assert one["mounts"] == []
    assert one["restarts"] == 4
    assert "raw" not in one
    assert "hunter2" not in outcome.everything


def test_the_runtimes_own_object_is_there_when_asked_for(container_info: ModuleRun, docker: FakeDocker) -> None:
    web = docker.add("web", env=("DB_PASSWORD=hunter2hunter2",))
    outcome = container_info(name="web", raw=True)
    (one,) = outcome.success["containers"]
    assert one["raw"]["Id"] == web.id
    assert one["raw"]["Config"]["Env"] == ["DB_PASSWORD=********"]
    assert "config" not in one
    assert "hunter2" not in outcome.everything


def test_a_missing_one_fails_and_the_others_are_still_returned(container_info: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    outcome = container_info(names=["wbe", "web"])
    assert outcome.failure == {
        "code": "container_not_found",
        "message": "docker: cannot inspect wbe: there is no such container",
        "runtime": "docker",
        "op": "inspect",
        "target": "wbe",
        "hint": "did you mean web?",
    }
    assert [one["name"] for one in outcome.result["containers"]] == ["web"]


def test_check_mode_reads_as_ever(container_info: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    assert [one["name"] for one in container_info(check=True).success["containers"]] == ["web"]


def test_reading_never_writes(container_info: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    container_info(details=True, raw=True)
    assert docker.writes == []
