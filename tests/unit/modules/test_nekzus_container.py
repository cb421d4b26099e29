# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""nekzus_container, through its real main()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun


def test_one_container_is_stopped_and_the_result_says_so(container: ModuleRun, docker: FakeDocker) -> None:
    web = docker.add("web")
    result = container(name="web", state="stopped").success
    assert result["changed"] is True
    assert result["results"] == [
        {
            "address": "docker/web",
            "id": web.id,
            "runtime": "docker",
            "namespace": "",
            "name": "web",
            "subject": "docker/web",
            "owner": None,
            "owner_chain": [],
            "changed": True,
            "success": True,
            "state_before": "running",
            "state_after": "stopped",
            "replicas_before": None,
            "replicas_after": None,
            "failure": None,
            "manifest": None,
            "warnings": [],
        }
    ]
    assert docker.state_of("web") == "exited"
    assert docker.closed


def test_the_second_time_is_no_change(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    assert container(name="web", state="stopped").success["changed"] is True
    assert container(name="web", state="stopped").success["changed"] is False
    assert [str(call) for call in docker.writes] == ["stop web"]


def test_the_id_alias_names_a_container(container: ModuleRun, docker: FakeDocker) -> None:
    web = docker.add("web")
    assert container(id=web.id[:12], state="stopped").success["results"][0]["name"] == "web"


@pytest.mark.parametrize("state", ["started", "stopped", "restarted", "paused"])
@pytest.mark.parametrize("word", ["created", "running", "paused", "exited", "restarting", "dead"])
def test_check_mode_predicts_what_is_done_and_writes_nothing(
    container: ModuleRun, docker: FakeDocker, state: str, word: str
) -> None:
    # A stop is looked at before, in which time its policy could start it.
    docker.add("web", state=word, crashes=int(word == "restarting" and state != "stopped"))
    predicted = container(check=True, diff=True, name="web", state=state)
    assert docker.writes == []
    assert docker.state_of("web") == word
    is_stopped = state == "stopped" and word in ("running", "paused", "restarting")
    assert [call.verb for call in docker.calls] == ["version", "list", *(["inspect"] if is_stopped else [])]
    done = container(diff=True, name="web", state=state)
    for result in (predicted.result, done.result):
        result.pop("invocation")
    assert predicted.code == done.code
    assert predicted.result == done.result


def test_a_grace_is_handed_to_the_daemon(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    container(name="web", state="stopped", timeout=42)
    assert [(call.verb, call.detail) for call in docker.writes] == [("stop", 42)]


def test_force_kills_at_once(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    container(name="web", state="restarted", timeout=42, force=True)
    assert [(call.verb, call.detail) for call in docker.writes] == [("restart", 0)]


def test_a_diff_shows_states_in_diff_mode(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    docker.add("db", state="exited")
    result = container(diff=True, names=["web", "db"], state="stopped").success
    assert result["diff"] == {
        "before": {"docker/web": {"state": "running"}},
        "after": {"docker/web": {"state": "stopped"}},
    }


def test_there_is_no_diff_otherwise(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    assert "diff" not in container(name="web", state="stopped").success


def test_some_that_fail_fail_the_task_with_all_results(container: ModuleRun, docker: FakeDocker) -> None:
    for name in ("a", "b", "c"):
        docker.add(name)
    docker.fail("stop", ApiError("it is broken (HTTP 500)", hint="see the log"), name="b", nth=0)
    outcome = container(names=["a", "nothing", "b", "c"], state="stopped")
    assert outcome.failure["code"] == "container_not_found"
    assert outcome.result["changed"] is True
    assert [one["success"] for one in outcome.result["results"]] == [True, False, False, True]
    assert [one["failure"] and one["failure"]["code"] for one in outcome.result["results"]] == [
        None,
        "container_not_found",
        "api_error",
        None,
    ]
    assert outcome.result["msg"].startswith(
        "2 of 4 targets failed: nothing (container_not_found), b (api_error). The first: docker: cannot stop nothing: "
    )


def test_a_single_failure_is_told_as_it_is(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web-1")
    outcome = container(name="web-2", state="started")
    assert outcome.result["msg"] == (
        "docker: cannot start web-2: there is no such container. Hint: did you mean web-1?"
    )
    assert outcome.failure == {
        "code": "container_not_found",
        "message": "docker: cannot start web-2: there is no such container",
        "runtime": "docker",
        "op": "start",
        "target": "web-2",
        "hint": "did you mean web-1?",
    }


def test_many_failures_are_counted_and_the_first_ones_listed(container: ModuleRun) -> None:
    outcome = container(names=[f"x{number}" for number in range(5)], state="started")
    assert outcome.result["msg"].startswith(
        "5 of 5 targets failed: x0 (container_not_found), x1 (container_not_found), x2 (container_not_found), 2 more. "
    )


def test_a_failed_start_has_its_details(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web", state="exited", exits_after=0, exit_code=3, logs="no such file\n")
    outcome = container(name="web", state="started")
    assert outcome.failure["code"] == "not_ready"
    assert outcome.failure["details"] == {"status": "exited", "exit_code": 3, "logs": ["no such file"]}
    assert outcome.result["changed"] is True


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        pytest.param({}, "invalid_target", "the task names no container", id="nothing is named"),
        pytest.param({"exclude": ["db"]}, "invalid_target", "names no container", id="exclude alone is no selection"),
        pytest.param({"names": []}, "invalid_target", "names no container", id="no names"),
        pytest.param({"name": ""}, "invalid_target", "names no container", id="an empty name"),
        pytest.param({"name": "web", "all": True}, "invalid_target", "both", id="a name and all"),
        pytest.param(
            {"name": "web", "label_selectors": ["a=b"]}, "invalid_target", "both", id="a name and a selection"
        ),
        pytest.param({"name": "web", "names": ["db"]}, "invalid_config", "mutually exclusive", id="name and names"),
        pytest.param({"name": "we b"}, "invalid_target", "not a name that Docker allows", id="a name with a space"),
        pytest.param({"name": "{{ x }}"}, "invalid_target", "not a name", id="template syntax"),
        pytest.param({"label_selectors": ["=x"]}, "invalid_target", "not a label selector", id="a bad selector"),
        pytest.param({"name": "web", "timeout": 0}, "invalid_config", "timeout is 0", id="timeout 0"),
        pytest.param({"name": "web", "timeout": 301}, "invalid_config", "timeout is 301", id="timeout 301"),
        pytest.param({"name": "web", "timeout": "soon"}, "invalid_config", "timeout", id="timeout is no number"),
        pytest.param({"name": "web", "wait_timeout": 0}, "invalid_config", "wait_timeout is 0", id="wait_timeout 0"),
        pytest.param({"name": "web", "max_concurrent": 0}, "invalid_config", "max_concurrent is 0", id="bound 0"),
        pytest.param({"name": "web", "replicas": 0}, "invalid_config", "replicas is 0", id="replicas 0"),
        pytest.param({"name": "web", "state": "absent"}, "invalid_config", "value of state must be", id="bad state"),
        pytest.param({"name": "web", "state": None}, "invalid_config", "state", id="no state"),
        pytest.param({"name": "web", "restart_method": "x"}, "invalid_config", "restart_method", id="bad method"),
        pytest.param({"filters": {"status": ["up"]}}, "invalid_config", "status", id="bad status filter"),
        pytest.param({"filters": {"nmae": ["up"]}}, "invalid_config", "nmae", id="unknown filter"),
        pytest.param({"name": "prod/web", "runtime": "docker"}, "invalid_target", "runtime=docker", id="contradiction"),
        pytest.param({"name": "docker/web", "namespace": "prod"}, "invalid_target", "namespace", id="Docker namespace"),
        pytest.param({"namespaces": ["prod"], "runtime": "docker"}, "invalid_target", "no namespaces", id="namespaces"),
    ],
)
def test_bad_input_is_refused_before_any_request(
    container: ModuleRun, docker: FakeDocker, options: dict[str, Any], code: str, words: str
) -> None:
    docker.add("web")
    outcome = container(**{"state": "stopped", **options})
    assert outcome.failure["code"] == code
    assert words in outcome.result["msg"]
    assert outcome.failure["hint"]
    assert docker.calls == []


def test_all_has_to_be_said(container: ModuleRun, docker: FakeDocker) -> None:
    for name in ("a", "b", "keep-me"):
        docker.add(name)
    result = container(all=True, exclude=["keep-*"], state="stopped").success
    assert [one["name"] for one in result["results"]] == ["a", "b"]
    assert docker.state_of("keep-me") == "running"


def test_an_empty_selection_warns_and_changes_nothing(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web")
    outcome = container(filters={"name": ["nothing-*"]}, state="stopped")
    assert (outcome.success["changed"], outcome.success["results"]) == (False, [])
    assert outcome.warnings == ["no container matches the selection, nothing was done"]
    assert docker.writes == []


def test_a_warning_of_one_change_is_ansibles_warning(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web", auto_remove=True)
    outcome = container(name="web", state="stopped")
    assert len(outcome.warnings) == 1
    assert outcome.success["results"][0]["warnings"] == outcome.warnings


def test_a_label_that_looks_like_a_template_stays_as_it_is(container: ModuleRun, docker: FakeDocker) -> None:
    docker.add("web", labels={"motto": "{{ 1 + 1 }}"})
    result = container(filters={"label": ["motto={{ 1 + 1 }}"]}, state="stopped").success
    assert [one["name"] for one in result["results"]] == ["web"]


def test_a_cluster_that_nothing_speaks_of_fails_its_targets_and_the_others_are_still_done(
    container: ModuleRun, docker: FakeDocker
) -> None:
    pytest.importorskip("kubernetes")
    docker.add("web")
    outcome = container(names=["prod/web", "web"], state="stopped")
    assert outcome.failure["code"] == "runtime_unavailable"
    assert outcome.failure["runtime"] == "kubernetes"
    assert [one["success"] for one in outcome.result["results"]] == [False, True]
