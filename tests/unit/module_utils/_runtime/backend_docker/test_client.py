# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The seam over the real SDK, against a real HTTP server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig, TLSConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    ContainerNotFoundError,
    MissingLibraryError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import BROKEN, Answer

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.seam import DockerClient
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Daemon

Call = Callable[["DockerClient"], object]
DONE = Answer(204)


@pytest.fixture
def client(daemon: Daemon, clock: FakeClock) -> DockerClient:
    pytest.importorskip("docker")
    return seam.connect(DockerConfig(socket_path=daemon.url, timeout=5), clock=clock)


@pytest.fixture
def brief(daemon: Daemon, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> DockerClient:
    pytest.importorskip("docker")
    monkeypatch.setattr(seam, "_GRACE", 0.0)
    return seam.connect(DockerConfig(socket_path=daemon.url, timeout=0.1), clock=clock)


def test_connecting_is_one_request(client: DockerClient, daemon: Daemon) -> None:
    assert client
    assert [request.path for request in daemon.requests] == ["/version"]


def test_the_list_has_stopped_ones_and_is_filtered_by_label_on_the_daemon(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/json", Answer(body=[{"Id": "a"}]))
    assert client.list_containers(labels=["app=web", "tier"]) == [{"Id": "a"}]
    query = daemon.requests[-1].query
    assert query["all"] == ["1"]
    assert json.loads(query["filters"][0]) == {"label": ["app=web", "tier"]}


def test_an_inspection_is_returned_as_it_is(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/json", Answer(body={"Id": "a", "State": None}))
    assert client.inspect_container("a") == {"Id": "a", "State": None}


WRITES: list[object] = [
    pytest.param(lambda client: client.start("a"), "start", {}, id="start"),
    pytest.param(lambda client: client.stop("a", grace=7), "stop", {"t": ["7"]}, id="stop"),
    pytest.param(lambda client: client.restart("a", grace=0), "restart", {"t": ["0"]}, id="restart"),
    pytest.param(lambda client: client.pause("a"), "pause", {}, id="pause"),
    pytest.param(lambda client: client.unpause("a"), "unpause", {}, id="unpause"),
]


@pytest.mark.parametrize(("call", "verb", "query"), WRITES)
def test_a_change_is_one_request(
    client: DockerClient, daemon: Daemon, call: Call, verb: str, query: dict[str, list[str]]
) -> None:
    daemon.answer(f"POST /containers/a/{verb}", DONE)
    call(client)
    assert [(one.method, one.path, one.query) for one in daemon.requests[1:]] == [
        ("POST", f"/containers/a/{verb}", query)
    ]


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_what_is_there_already_is_no_error(client: DockerClient, daemon: Daemon, verb: str) -> None:
    daemon.answer(f"POST /containers/a/{verb}", Answer(304))
    client.start("a") if verb == "start" else client.stop("a", grace=1)
    assert daemon.asked(f"POST /containers/a/{verb}") == 1


@pytest.mark.parametrize(
    ("call", "what"),
    [
        pytest.param(lambda client: client.list_containers(), "GET /containers/json", id="list"),
        pytest.param(lambda client: client.inspect_container("a"), "GET /containers/a/json", id="inspect"),
        pytest.param(lambda client: client.version(), "GET /version", id="version"),
        pytest.param(lambda client: client.stats("a"), "GET /containers/a/stats", id="stats"),
        pytest.param(lambda client: client.open_logs("a", span=LogSpan()), "GET /containers/a/logs", id="logs"),
        pytest.param(lambda client: client.start("a"), "POST /containers/a/start", id="start"),
        pytest.param(lambda client: client.stop("a", grace=1), "POST /containers/a/stop", id="stop"),
        pytest.param(lambda client: client.pause("a"), "POST /containers/a/pause", id="pause"),
        pytest.param(lambda client: client.unpause("a"), "POST /containers/a/unpause", id="unpause"),
    ],
)
def test_a_broken_connection_is_tried_again_where_twice_is_once(
    client: DockerClient, daemon: Daemon, clock: FakeClock, call: Call, what: str
) -> None:
    before = daemon.asked(what)
    daemon.answer(what, BROKEN, BROKEN, Answer(200, {}))
    call(client)
    assert daemon.asked(what) - before == 3
    assert clock.sleeps == [0.25, 0.5]


def test_a_broken_connection_is_not_tried_again_for_a_restart(
    client: DockerClient, daemon: Daemon, clock: FakeClock
) -> None:
    daemon.answer("POST /containers/a/restart", BROKEN)
    with pytest.raises(RuntimeUnavailableError, match="broke"):
        client.restart("a", grace=1)
    assert daemon.asked("POST /containers/a/restart") == 1
    assert clock.sleeps == []


def test_a_connection_that_stays_broken_is_unavailable_after_four_attempts(
    client: DockerClient, daemon: Daemon
) -> None:
    daemon.answer("GET /containers/json", BROKEN)
    with pytest.raises(RuntimeUnavailableError, match="broke") as refusal:
        client.list_containers()
    assert daemon.asked("GET /containers/json") == 4
    assert refusal.value.runtime == "docker"
    assert refusal.value.hint


def test_a_busy_daemon_is_asked_again_when_it_says(client: DockerClient, daemon: Daemon, clock: FakeClock) -> None:
    busy = Answer(503, {"message": "too many"}, {"Retry-After": "3"})
    daemon.answer("POST /containers/a/start", busy, Answer(429, {"message": "slow"}), DONE)
    client.start("a")
    assert clock.sleeps == [3.0, 0.5]


def test_a_conflict_is_not_tried_again(client: DockerClient, daemon: Daemon, clock: FakeClock) -> None:
    daemon.answer("POST /containers/a/pause", Answer(409, {"message": "Container a is not running."}))
    with pytest.raises(ConflictError, match="Container a is not running"):
        client.pause("a")
    assert clock.sleeps == []


@pytest.mark.parametrize(
    ("span", "query"),
    [
        pytest.param(LogSpan(), {"tail": ["all"]}, id="all"),
        pytest.param(LogSpan(tail=10), {"tail": ["10"]}, id="the last lines"),
        pytest.param(LogSpan(tail=0), {"tail": ["0"]}, id="none"),
        pytest.param(
            LogSpan(since="2026-01-31T12:00:00.123456789Z", until="2026-01-31T12:00:01.000000001Z"),
            {"tail": ["all"], "since": ["1769860800.123456789"], "until": ["1769860801.000000001"]},
            id="to the nanosecond",
        ),
    ],
)
def test_a_log_is_one_request_for_both_streams_with_moments(
    client: DockerClient, daemon: Daemon, span: LogSpan, query: dict[str, list[str]]
) -> None:
    daemon.answer("GET /containers/a/logs", Answer(body=b"what comes"))
    assert b"".join(client.open_logs("a", span=span)) == b"what comes"
    assert daemon.requests[1:] == [daemon.requests[-1]]
    assert daemon.requests[-1].query == {"stdout": ["1"], "stderr": ["1"], "timestamps": ["1"], **query}


def test_a_followed_log_comes_as_it_is_written(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/logs", Answer(chunks=(b"one", b"two")))
    assert list(client.open_logs("a", span=LogSpan(), follow=5.0)) == [b"one", b"two"]
    assert daemon.requests[-1].query["follow"] == ["1"]


def test_a_followed_log_of_which_nothing_comes_any_more_has_ended(brief: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/logs", Answer(chunks=(b"one",), pause=1.0))
    assert list(brief.open_logs("a", span=LogSpan(), follow=0.1)) == [b"one"]
    with pytest.raises(RuntimeUnavailableError, match="in time"):
        list(brief.open_logs("a", span=LogSpan()))


def test_a_followed_log_may_begin_late_or_never(brief: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/logs", Answer(chunks=(b"one",), seconds=1.0))
    stream = brief.open_logs("a", span=LogSpan(), follow=0.1)
    stream.close()
    assert list(stream) == []
    with pytest.raises(RuntimeUnavailableError, match="in time"):
        brief.open_logs("a", span=LogSpan())


def test_a_log_that_breaks_is_an_error(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/logs", Answer(chunks=(b"one",), breaks=True))
    pieces = iter(client.open_logs("a", span=LogSpan()))
    assert next(pieces) == b"one"
    with pytest.raises(RuntimeUnavailableError, match="broke"):
        next(pieces)


def test_a_log_that_cannot_be_read_says_why(client: DockerClient, daemon: Daemon) -> None:
    message = "configured logging driver does not support reading"
    daemon.answer("GET /containers/a/logs", Answer(501, {"message": message}))
    with pytest.raises(NekzusError, match=message):
        client.open_logs("a", span=LogSpan())


def test_a_sample_is_one_request_for_the_present_alone(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/stats", Answer(body={"read": "2026-01-31T12:00:00Z"}))
    assert client.stats("a") == {"read": "2026-01-31T12:00:00Z"}
    assert daemon.requests[-1].query == {"stream": ["false"], "one-shot": ["true"]}


def test_podmans_silence_about_what_does_not_run_is_an_empty_sample(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/stats", Answer(body=b""))
    assert client.stats("a") == {}


def test_a_sample_of_what_is_gone_is_not_found(client: DockerClient, daemon: Daemon) -> None:
    daemon.answer("GET /containers/a/stats", Answer(404, {"message": "No such container: a"}))
    with pytest.raises(ContainerNotFoundError, match="No such container"):
        client.stats("a")


def test_a_client_can_be_closed(client: DockerClient) -> None:
    client.close()


def test_a_daemon_that_does_not_answer_in_time_is_unavailable(daemon: Daemon, clock: FakeClock) -> None:
    daemon.answer("GET /version", Answer(seconds=5))
    with pytest.raises(RuntimeUnavailableError, match=r"no answer from .* in time") as refusal:
        seam.connect(DockerConfig(socket_path=daemon.url, timeout=0.1), clock=clock)
    assert (refusal.value.op, refusal.value.target) == ("connect to", daemon.url)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(body=b"<html>hello</html>", headers={"Content-Type": "text/html"}), id="a page"),
        pytest.param(Answer(404, b"<html>not found</html>", {"Content-Type": "text/html"}), id="a page not found"),
        pytest.param(Answer(body=b""), id="nothing"),
    ],
)
def test_a_server_that_is_no_docker_is_unavailable(daemon: Daemon, clock: FakeClock, answer: Answer) -> None:
    daemon.answer("GET /version", answer)
    with pytest.raises(NekzusError) as refusal:
        seam.connect(DockerConfig(socket_path=daemon.url, timeout=1), clock=clock)
    assert refusal.value.code == "runtime_unavailable"
    assert "<html" not in str(refusal.value)
    assert daemon.url in str(refusal.value)


def test_tls_material_that_is_not_there_is_a_bad_configuration(clock: FakeClock) -> None:
    tls = TLSConfig(ca_path="/nowhere/ca.pem", client_cert="/nowhere/cert.pem", client_key="/nowhere/key.pem")
    with pytest.raises(NekzusError, match="TLS material") as refusal:
        seam.connect(DockerConfig(socket_path="tcp://127.0.0.1:1", tls=tls), clock=clock)
    assert refusal.value.code == "invalid_config"


SCRIPT = """
import sys
sys.modules["docker"] = None
import conftest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.client import connect
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
import time
try:
    connect(DockerConfig(), clock=time)
except NekzusError as error:
    print(error.code)
    print(error)
"""


def test_a_missing_library_is_told_with_the_interpreter() -> None:
    unit = Path(__file__).parents[3]
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", SCRIPT],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(unit)},
    )
    code, message = done.stdout.splitlines()
    assert code == "missing_library"
    assert "the Python library docker cannot be imported" in message
    assert f"{sys.executable} -m pip install docker" in message


def test_a_missing_library_is_an_error_before_any_connection(monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> None:
    monkeypatch.setattr(seam, "IMPORT_ERROR", "No module named 'docker'")
    with pytest.raises(MissingLibraryError) as refusal:
        seam.connect(DockerConfig(socket_path="tcp://me:t0p-s3cret@host"), clock=clock)
    assert "t0p-s3cret" not in str(refusal.value)
