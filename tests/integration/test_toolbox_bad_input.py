# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task about templates can get wrong by itself. There is no engine here: it is refused before one is asked."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .controller import Controller, Run

DEPLOY = "nekzus.runtime.nekzus_toolbox_deploy"
INFO = "nekzus.runtime.nekzus_toolbox_info"
# Where the templates of these tests are, beside the playbook.
FOLDER = "bad"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 9)
)
FILES: Mapping[str, bytes] = {
    "big.yaml": b"# " + b"x" * (10 * 1024 * 1024),
    "bomb.yaml": b"services: {web: {image: x}}\n" + BOMB.encode(),
    "deep.yaml": b"services: " + b"[" * 5000,
    "latin.yaml": "services: {wéb: {image: x}}".encode("latin-1"),
    "tab.yaml": b"services:\n\tweb: {}\n",
    "open.yaml": b"services:\n  web: [busybox\n",
    "key.yaml": b"services:\n  web:\n    image: x\n    imgae: y\n    comand: z\n",
    "tag.yaml": b"services: !!python/object/apply:os.system ['touch /tmp/nkz-evaluated']\n",
    "needs.yaml": b"services: {web: {image: '${IMAGE:?which one}', environment: {A: '${TOKEN:?}'}}}\n",
    "empty.yaml": b"\n",
    "other.yaml": b"greeting: hello\n",
    "host.yaml": b"services: {web: {image: x, privileged: true, volumes: ['/etc:/etc']}}\n",
    "twice.yaml": b"services: {}\n---\nservices: {}\n",
    "nothing/readme.txt": b"no template\n",
    "linked/compose.yaml": b"services: {web: {image: x}}\n",
    "catalog/broken/compose.yaml": b"services: [\n",
}

# What is wrong: the module, its arguments, the code of the failure, and what its message or its hint names.
CASES: Mapping[str, tuple[str, dict[str, Any], str, tuple[str, ...]]] = {
    "a service that is nearly one": (DEPLOY, {"service": "grafna"}, "invalid_target", ("'grafna'", "grafana")),
    "a service that is none": (DEPLOY, {"service": "0815"}, "invalid_target", ("'0815'", "vaultwarden")),
    "a catalogue that is not there": (
        DEPLOY,
        {"service": "web", "catalog_dir": f"{FOLDER}/nowhere"},
        "invalid_template",
        ("catalog_dir",),
    ),
    "two templates": (DEPLOY, {"service": "memos", "src": "x.yaml"}, "invalid_config", ("service and src",)),
    "three templates": (
        DEPLOY,
        {"service": "memos", "src": "x.yaml", "definition": "x"},
        "invalid_config",
        ("service and src and definition",),
    ),
    "no template": (DEPLOY, {}, "invalid_config", ("service, src or definition",)),
    "a path that climbs": (DEPLOY, {"src": "../../../etc/passwd"}, "invalid_target", ("../../../etc/passwd",)),
    "a path that climbs and comes back": (
        DEPLOY,
        {"src": f"{FOLDER}/../{FOLDER}/key.yaml"},
        "invalid_target",
        ("outside of the project", "catalog_dir"),
    ),
    "a path of the controller": (DEPLOY, {"src": "/etc/passwd"}, "invalid_target", ("/etc/passwd", "outside")),
    "a link that leads out": (DEPLOY, {"src": f"{FOLDER}/link.yaml"}, "invalid_target", ("link.yaml", "outside")),
    "a file beside the template that leads out": (
        DEPLOY,
        {"src": f"{FOLDER}/linked"},
        "invalid_template",
        ("linked/secrets", "leads out"),
    ),
    "a file that is not there": (DEPLOY, {"src": f"{FOLDER}/x.yaml"}, "invalid_target", ("no template", "x.yaml")),
    "a folder without a template": (DEPLOY, {"src": f"{FOLDER}/nothing"}, "invalid_template", ("compose.yaml",)),
    "a pipe": (DEPLOY, {"src": f"{FOLDER}/pipe.yaml"}, "invalid_template", ("pipe.yaml", "no file")),
    "a file of 10 MB": (DEPLOY, {"src": f"{FOLDER}/big.yaml"}, "invalid_template", ("10485762", "1048576")),
    "a file that grows when it is read": (DEPLOY, {"src": f"{FOLDER}/bomb.yaml"}, "invalid_template", ("100000",)),
    "a file that is nested too deep": (DEPLOY, {"src": f"{FOLDER}/deep.yaml"}, "invalid_template", ("100 levels",)),
    "a file that is not UTF-8": (DEPLOY, {"src": f"{FOLDER}/latin.yaml"}, "invalid_template", ("UTF-8",)),
    "a tab": (DEPLOY, {"src": f"{FOLDER}/tab.yaml"}, "invalid_template", ("tab.yaml, line 2, column 1", "tabs")),
    "a bracket that is not closed": (
        DEPLOY,
        {"src": f"{FOLDER}/open.yaml"},
        "invalid_template",
        ("open.yaml, line 3, column 1",),
    ),
    "keys that are not known": (
        DEPLOY,
        {"src": f"{FOLDER}/key.yaml"},
        "invalid_template",
        ("services.web.imgae", "key.yaml, line 4, column 5", "image", "services.web.comand", "command"),
    ),
    "a tag of Python's": (DEPLOY, {"src": f"{FOLDER}/tag.yaml"}, "invalid_template", ("line 1, column 11",)),
    "variables without a value": (
        DEPLOY,
        {"src": f"{FOLDER}/needs.yaml"},
        "invalid_template",
        ("IMAGE (which one)", "TOKEN", "env"),
    ),
    "an empty file": (DEPLOY, {"src": f"{FOLDER}/empty.yaml"}, "invalid_template", ("empty.yaml is empty",)),
    "a file about something else": (DEPLOY, {"src": f"{FOLDER}/other.yaml"}, "invalid_template", ("other.yaml",)),
    "two Compose files in one": (DEPLOY, {"src": f"{FOLDER}/twice.yaml"}, "invalid_template", ("2 documents",)),
    "a template that takes the host": (
        DEPLOY,
        {"src": f"{FOLDER}/host.yaml"},
        "invalid_template",
        ("services.web.privileged", "/etc", "allow_privileged"),
    ),
    "a name that is none": (
        DEPLOY,
        {"definition": "services: {web: {image: x}}", "service_name": "My Shop"},
        "invalid_target",
        ("My Shop", "a-z"),
    ),
    "a port that is none": (
        DEPLOY,
        {"definition": "services: {web: {image: x}}", "port": 70000},
        "invalid_config",
        ("70000", "65535"),
    ),
    "a state that is none": (DEPLOY, {"state": "running"}, "invalid_config", ("running", "absent")),
    "an option that is none": (DEPLOY, {"serivce": "memos"}, "invalid_config", ("serivce",)),
    "variables that are a list": (DEPLOY, {"env": [1], "state": "absent"}, "invalid_config", ("env",)),
    "a catalogue to list that is not there": (
        INFO,
        {"catalog_dir": f"{FOLDER}/nowhere"},
        "invalid_template",
        ("catalog_dir",),
    ),
    "a catalogue with a broken template": (
        INFO,
        {"catalog_dir": f"{FOLDER}/catalog"},
        "invalid_template",
        ("broken, line 2, column 1",),
    ),
    "a namespace that is none": (INFO, {"catalog": False, "namespaces": ["A_b"]}, "invalid_target", ("A_b",)),
}


def lay_out(folder: Path) -> None:
    """Write the templates, and what is no file."""
    for name, content in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "link.yaml").symlink_to("/etc/passwd")
    (folder / "linked" / "secrets").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.yaml")


@pytest.fixture(scope="module")
def run(controller: Controller) -> Run:
    """Run all of them in one play."""
    lay_out(controller.home / FOLDER)
    common = {DEPLOY: {"service_name": "shop"}, INFO: {}}
    return controller.play(
        [
            {"name": name, module: {"docker_host": "unix:///nowhere/docker.sock", **common[module], **arguments}}
            for name, (module, arguments, _code, _words) in CASES.items()
        ]
    )


@pytest.mark.parametrize("wrong", CASES)
def test_it_is_refused_with_a_code_and_named(wrong: str, run: Run) -> None:
    _module, _arguments, code, words = CASES[wrong]
    task = run.task(wrong)
    message = task.result["msg"]
    assert task.failure["code"] == code, message
    told = f"{task.failure['message']} {task.failure['hint']}"
    assert [word for word in words if word not in told] == [], message
    assert task.failure["hint"]
    assert "\n" not in message
    assert len(message) < 600
    assert not task.result.get("changed")
    assert "docker.sock" not in message


def test_no_content_of_the_controller_is_told(run: Run) -> None:
    assert "root:" not in run.output
    assert "evaluated" not in run.output
