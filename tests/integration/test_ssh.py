# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine on another host, reached through ssh as the docker command line does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .conftest import cleared, missing
from .controller import INFO, MODULE
from .sshd import Sshd, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .controller import Controller, Run
    from .engine import DockerEngine
    from .yard import Yard


@pytest.fixture(scope="module")
def place(one_engine: DockerEngine, request: pytest.FixtureRequest) -> Iterator[Yard]:
    """Give them one place."""
    yield from cleared(one_engine.yard(request.node.nodeid))


@pytest.fixture(scope="module")
def played(
    controller: Controller, one_engine: DockerEngine, place: Yard, tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Try all ways in one play."""
    if why_not := Sshd.why_not():
        missing("ssh", why_not)
    place.run("web")
    with Sshd(tmp_path_factory.mktemp("sshd"), environment={"DOCKER_HOST": one_engine.url}) as sshd:
        # The SDK reads everything in ssh's configuration but the port.
        far = f"ssh://far:{sshd.port}"
        stop: dict[str, Any] = {"name": place.name("web"), "state": "stopped", "docker_host": far}
        silent = {**stop, "docker_host": f"ssh://root@127.0.0.1:{free_port()}"}
        tasks: list[dict[str, Any]] = [
            {"name": "unknown host", MODULE: stop, "environment": {"HOME": sshd.home("careful", known=False)}},
            {
                "name": "refused key",
                MODULE: stop,
                "environment": {"HOME": sshd.home("stranger", key=sshd.new_key("strange"))},
            },
            {"name": "silent host", MODULE: silent, "environment": {"HOME": sshd.home("early")}},
            {"name": "stop", MODULE: stop, "environment": {"HOME": sshd.home("friend")}},
            {
                "name": "look",
                INFO: {"name": place.name("web"), "docker_host": f"ssh://root@far:{sshd.port}"},
                "environment": {"HOME": sshd.home("neighbour")},
            },
        ]
        return controller.play(tasks)


def test_a_container_is_stopped_and_seen_through_ssh(played: Run, place: Yard) -> None:
    assert played.task("stop").result["changed"]
    assert played.task("stop").result["results"][0]["state_after"] == "stopped"
    assert [one["state"] for one in played.task("look").result["containers"]] == ["stopped"]
    assert place.state("web") == "stopped"


@pytest.mark.parametrize(
    ("way", "words", "remedy"),
    [
        ("unknown host", "ssh to ssh://far:", "known_hosts"),
        ("refused key", "ssh to ssh://far:", "key"),
        ("silent host", "nothing answers at ssh://root@127.0.0.1:", "DOCKER_HOST"),
    ],
)
def test_a_way_that_is_closed_is_told_with_a_remedy(way: str, words: str, remedy: str, played: Run) -> None:
    failure = played.task(way).failure
    assert failure["code"] == "runtime_unavailable"
    assert words in failure["message"]
    assert remedy in failure["hint"]
    assert played.task(way).result["results"][0]["success"] is False
