# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad days of the host that a module runs on: what is missing there, and what it is not allowed."""

from __future__ import annotations

import grp
import importlib.util
import os
import pwd
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import missing
from .controller import INFO, MODULE
from .process import run
from .proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .controller import Controller
    from .engine import DockerEngine

# The Docker SDK and all that it imports.
SDK = ("docker", "requests", "urllib3", "idna", "certifi", "charset_normalizer")


@dataclass(frozen=True)
class Stranger:
    """A user who may not use the socket: how a task becomes that user, and which group could."""

    name: str
    group: str
    task: dict[str, Any]


@pytest.fixture
def guarded(one_engine: DockerEngine) -> Iterator[Proxy]:
    """Guard a socket so that one group may use it, and the stranger is not in it."""
    with Proxy(one_engine.url) as proxy:
        if os.geteuid() == 0:
            os.chown(proxy.socket, 0, grp.getgrnam("daemon").gr_gid)
            proxy.socket.chmod(0o660)
        else:
            # For an owner only the owner's bits count.
            proxy.socket.chmod(0o060)
        yield proxy


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    """Become nobody; a user who is not root has to do without."""
    if os.geteuid() != 0:
        yield Stranger(pwd.getpwuid(os.geteuid()).pw_name, grp.getgrgid(os.getegid()).gr_name, {})
        return
    python = next(filter(usable_by_nobody, (sys.executable, "/usr/bin/python3")), None)
    if not python:
        missing("nobody", "the user nobody can run no Python here")
    # The user nobody cannot look into the venv, wherever it may be.
    libraries = Path(tempfile.mkdtemp(prefix="nkz-"))
    for name in SDK:
        spec = importlib.util.find_spec(name)
        assert spec
        assert spec.submodule_search_locations
        shutil.copytree(spec.submodule_search_locations[0], libraries / name)
    run("chmod", "-R", "a+rX", str(libraries))
    yield Stranger(
        "nobody",
        "daemon",
        {
            "become": True,
            "become_user": "nobody",
            "become_method": "ansible.builtin.su",
            "environment": {"PYTHONPATH": str(libraries)},
            "vars": {"ansible_become_flags": "-s /bin/sh", "ansible_python_interpreter": python},
        },
    )
    shutil.rmtree(libraries)


def usable_by_nobody(python: str) -> bool:
    code, _output = run("su", "nobody", "-s", "/bin/sh", "-c", f"{python} -c 'import ssl'", check=False)
    return code == 0


def test_a_socket_that_the_user_may_not_use_names_its_group(
    controller: Controller, guarded: Proxy, stranger: Stranger
) -> None:
    arguments = {"name": "web", "state": "stopped", "docker_host": guarded.url}
    failure = controller.play([{"name": "stop", MODULE: arguments, **stranger.task}]).task("stop").failure
    assert failure["code"] == "permission_denied"
    assert f"user {stranger.name} may not use {guarded.url}" in failure["message"]
    assert f"the group {stranger.group}" in failure["hint"]
    assert "become: true" in failure["hint"]
    assert guarded.requests == []


def test_a_socket_that_is_missing_or_dead_is_told_with_what_to_do(controller: Controller, tmp_path: Path) -> None:
    dead = tmp_path / "dead.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(dead))  # and nobody listens; relative, because the path of a socket is short
    arguments = {"name": "web", "state": "stopped", "docker_host": f"unix://{tmp_path}/none.sock"}
    played = controller.play(
        [
            {"name": "none.sock", MODULE: arguments},
            {"name": "dead.sock", INFO: {"docker_host": str(dead)}},
        ]
    )
    for name in ("none.sock", "dead.sock"):
        failure = played.task(name).failure
        assert failure["code"] == "runtime_unavailable"
        assert name in failure["message"]
        assert "DOCKER_HOST" in failure["hint"]
        assert failure["runtime"] == "docker"


def test_a_missing_library_names_itself_and_the_interpreter(controller: Controller, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare"))
    python = str(tmp_path / "bare" / "bin" / "python")
    task = {"name": "list", INFO: {}, "vars": {"ansible_python_interpreter": python}}
    failure = controller.play([task]).task("list").failure
    assert failure["code"] == "missing_library"
    assert "docker" in failure["message"]
    assert f"{python} -m pip install docker" in failure["hint"]
