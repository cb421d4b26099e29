# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that make containers, and what they are made of, against a real HTTP server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.client import connect
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ContainerNotFoundError,
    NotReadyError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import BROKEN, Answer

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.seam import DockerClient
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Daemon

pytest.importorskip("docker")
Call = Callable[["DockerClient"], object]
NOTHING, GONE = Answer(204), Answer(404, {"message": "no such thing"})


@pytest.fixture
def client(daemon: Daemon, clock: FakeClock) -> DockerClient:
    """Return a client that has connected."""
    return connect(DockerConfig(socket_path=daemon.url, timeout=2), clock=clock)


READS: list[tuple[Call, str, object, object]] = [
    (lambda c: c.inspect_image("a/b:1"), "GET /images/a/b%3A1/json", {"Id": "1"}, {"Id": "1"}),
    (lambda c: c.list_networks(), "GET /networks", [{"Id": "1"}], [{"Id": "1"}]),
    (lambda c: c.inspect_network("n"), "GET /networks/n", {"Id": "1"}, {"Id": "1"}),
    (lambda c: c.list_volumes(), "GET /volumes", {"Volumes": [{"Name": "v"}]}, [{"Name": "v"}]),
    (lambda c: c.list_volumes(), "GET /volumes", {"Volumes": None}, []),
    (lambda c: c.inspect_volume("v"), "GET /volumes/v", {"Name": "v"}, {"Name": "v"}),
    (lambda c: c.has_path("web", "/etc"), "HEAD /containers/web/archive", None, True),
]


@pytest.mark.parametrize("case", READS, ids=lambda case: case[1])
def test_a_read_is_one_request(client: DockerClient, daemon: Daemon, case: tuple[Call, str, object, object]) -> None:
    call, what, answer, found = case
    daemon.answer(what, Answer(body=answer))
    assert call(client) == found
    assert daemon.asked(what) == 1


def test_a_path_that_is_not_there_is_none(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("HEAD /containers/web/archive", GONE)
    assert not client.has_path("web", "/etc")


CHANGES: list[tuple[Call, str, dict[str, Any], object]] = [
    (
        lambda c: c.create_container("web", {"Image": "a"}, platform="linux/arm64"),
        "POST /containers/create",
        {"name": ["web"], "platform": ["linux/arm64"]},
        {"Image": "a"},
    ),
    (lambda c: c.rename_container("1", "web"), "POST /containers/1/rename", {"name": ["web"]}, None),
    (
        lambda c: c.remove_container("1", volumes=True),
        "DELETE /containers/1",
        {"force": ["true"], "v": ["true"]},
        None,
    ),
    (lambda c: c.put_archive("1", "/etc", b"tar"), "PUT /containers/1/archive", {"path": ["/etc"]}, b"tar"),
    (
        lambda c: c.create_network({"Name": "n"}),
        "POST /networks/create",
        {},
        {"Name": "n", "CheckDuplicate": True},
    ),
    (lambda c: c.remove_network("n"), "DELETE /networks/n", {}, None),
    (
        lambda c: c.connect_network("n", "1", {"Aliases": ["a"]}),
        "POST /networks/n/connect",
        {},
        {"Container": "1", "EndpointConfig": {"Aliases": ["a"]}},
    ),
    (
        lambda c: c.disconnect_network("n", "1"),
        "POST /networks/n/disconnect",
        {},
        {"Container": "1", "Force": True},
    ),
    (lambda c: c.create_volume({"Name": "v"}), "POST /volumes/create", {}, {"Name": "v"}),
    (lambda c: c.remove_volume("v"), "DELETE /volumes/v", {}, None),
]


@pytest.mark.parametrize("case", CHANGES, ids=lambda case: case[1])
def test_a_change_is_one_request(
    client: DockerClient, daemon: Daemon, case: tuple[Call, str, dict[str, Any], object]
) -> None:
    call, what, query, body = case
    daemon.answer(what, NOTHING)
    call(client)
    (request,) = [each for each in daemon.requests if f"{each.method} {each.path}" == what]
    assert (request.query, request.body) == (query, body)


def test_what_is_created_is_known_by_its_id(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("POST /containers/create", Answer(201, {"Id": "1", "Warnings": []}))
    daemon.answer("POST /networks/create", Answer(201, {"Id": "2"}))
    assert (client.create_container("web", {}), client.create_network({"Name": "n"})) == ("1", "2")


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda c: c.create_container("web", {}), "POST /containers/create"),
        (lambda c: c.rename_container("1", "web"), "POST /containers/1/rename"),
        (lambda c: c.create_network({"Name": "n"}), "POST /networks/create"),
        (lambda c: c.connect_network("n", "1", {}), "POST /networks/n/connect"),
    ],
)
def test_what_can_be_done_once_alone_is_not_tried_again(
    client: DockerClient, daemon: Daemon, call: Call, what: str
) -> None:
    daemon.answer(what, BROKEN)
    with pytest.raises(RuntimeUnavailableError):
        call(client)
    assert daemon.asked(what) == 1


@pytest.mark.parametrize(
    ("call", "what"),
    [
        (lambda c: c.remove_container("1", volumes=False), "DELETE /containers/1"),
        (lambda c: c.remove_network("n"), "DELETE /networks/n"),
        (lambda c: c.remove_volume("v"), "DELETE /volumes/v"),
    ],
)
def test_what_is_gone_is_removed(client: DockerClient, daemon: Daemon, call: Call, what: str) -> None:
    daemon.answer(what, BROKEN, GONE)
    call(client)
    assert daemon.asked(what) == 2


def test_podmans_words_for_nothing_are_nothing(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("POST /networks/n/connect", Answer(body=b"OK\n"))
    client.connect_network("n", "1", {})


def test_an_image_is_pulled_for_a_platform(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("POST /images/create", Answer(body={"status": "Pull complete"}))
    client.pull_image("a/b:1", platform="linux/arm64")
    (request,) = [each for each in daemon.requests if each.path == "/images/create"]
    assert request.query == {"fromImage": ["a/b"], "tag": ["1"], "platform": ["linux/arm64"]}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(404, {"message": "manifest unknown"}), id="at once"),
        pytest.param(Answer(500, {"message": "no route: manifest unknown"}), id="no registry"),
        pytest.param(
            Answer(chunks=(b'{"status": "Pulling"}\n', json.dumps({"error": "manifest unknown"}).encode())), id="later"
        ),
    ],
)
def test_an_image_that_cannot_be_pulled_is_named_with_the_reason(
    client: DockerClient, daemon: Daemon, answer: Answer
) -> None:
    daemon.answer("POST /images/create", answer)
    with pytest.raises(NotReadyError, match=r"the image a:1 cannot be pulled: .*manifest unknown") as failure:
        client.pull_image("a:1")
    assert failure.value.hint


def test_a_registry_tells_the_digest_of_an_image(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /distribution/a:1/json", Answer(body={"Descriptor": {"digest": "sha256:1"}}))
    assert client.ask_registry("a:1") == "sha256:1"
    with pytest.raises(NotReadyError, match="the image b:1"):
        client.ask_registry("b:1")


def test_a_daemon_that_goes_away_during_a_pull_is_unavailable(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("POST /images/create", BROKEN)
    with pytest.raises(RuntimeUnavailableError):
        client.pull_image("a:1")


def test_what_is_not_there_is_not_found(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /networks/n", GONE)
    with pytest.raises(ContainerNotFoundError):
        client.inspect_network("n")
