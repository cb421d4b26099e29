# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task can get wrong by itself. There is no engine here: all of it is refused before one is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .controller import INFO, MODULE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .controller import Controller, Run

# What is wrong: the module, its arguments, the code of the failure, and what its message names.
CASES: Mapping[str, tuple[str, dict[str, Any], str, tuple[str, ...]]] = {
    "a grace of no seconds": (MODULE, {"name": "web", "timeout": 0}, "invalid_config", ("timeout is 0", "300")),
    "a grace of 301 seconds": (MODULE, {"name": "web", "timeout": 301}, "invalid_config", ("timeout is 301", "300")),
    "a duration that is none": (
        INFO,
        {"name": "web", "runtimes": {"docker": {"timeout": "soon"}}},
        "invalid_config",
        ("runtimes.docker.timeout", "'soon'", "1m30s"),
    ),
    "a key that runtimes does not have": (
        INFO,
        {"name": "web", "runtimes": {"dokcer": {}}},
        "invalid_config",
        ("dokcer",),
    ),
    "a key that a section of runtimes does not have": (
        INFO,
        {"name": "web", "runtimes": {"docker": {"sokcet_path": "/run/docker.sock"}}},
        "invalid_config",
        ("sokcet_path", "docker"),
    ),
    "Docker with a namespace": (
        MODULE,
        {"name": "web", "runtime": "docker", "namespace": "prod"},
        "invalid_target",
        ("namespace",),
    ),
    "Docker with a path": (
        MODULE,
        {"name": "prod/web", "runtime": "docker"},
        "invalid_target",
        ("prod/web", "runtime=docker"),
    ),
    "a name that climbs": (MODULE, {"name": "../../etc"}, "invalid_target", ("../../etc",)),
    "a name with a space": (MODULE, {"name": "my web"}, "invalid_target", ("'my web'", "Docker")),
    "a name with a letter that is not ASCII": (MODULE, {"name": "wéb"}, "invalid_target", ("'wéb'", "Docker")),
    "no name at all": (MODULE, {"names": []}, "invalid_target", ("no container",)),
    "a runtime that is switched off": (
        MODULE,
        {"name": "docker/web", "runtimes": {"docker": {"enabled": False}}},
        "runtime_not_found",
        ("runtimes.docker.enabled",),
    ),
    "an address that is none": (INFO, {"name": "web", "docker_host": "localhost"}, "invalid_config", ("tcp://",)),
}


@pytest.fixture(scope="module")
def run(controller: Controller) -> Run:
    """Run all of them in one play."""
    nowhere = {"docker_host": "unix:///nowhere/docker.sock"}
    state = {MODULE: {"state": "stopped"}, INFO: {}}
    return controller.play(
        [
            {"name": name, module: {**nowhere, **state[module], **arguments}}
            for name, (module, arguments, _code, _words) in CASES.items()
        ]
    )


@pytest.mark.parametrize("wrong", CASES)
def test_it_is_refused_with_a_code_and_named(wrong: str, run: Run) -> None:
    _module, _arguments, code, words = CASES[wrong]
    task = run.task(wrong)
    assert task.failure["code"] == code, task.result["msg"]
    assert [word for word in words if word not in task.result["msg"]] == [], task.result["msg"]
    assert task.failure["hint"]
    assert not task.result["changed"]
    assert "nowhere" not in task.result["msg"]
