# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What real exceptions mean: provoked where that can be done, else built as the libraries build them."""

from __future__ import annotations

import os
import socket
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig, TLSConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.translate import translate
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError, NekzusError
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import Daemon

docker_errors = pytest.importorskip("docker.errors")
requests_errors = pytest.importorskip("requests.exceptions")
urllib3_errors = pytest.importorskip("urllib3.exceptions")
urllib3_connections = pytest.importorskip("urllib3.connection")
ADDRESS = "tcp://host:2375"


def refusal_of(clock: FakeClock, **config: Any) -> NekzusError:
    with pytest.raises(NekzusError) as refusal:
        seam.connect(DockerConfig(timeout=2, **config), clock=clock)
    assert refusal.value.runtime == "docker"
    assert refusal.value.hint
    assert "Traceback" not in str(refusal.value)
    return refusal.value


@pytest.mark.parametrize(
    ("status", "message", "code", "words"),
    [
        (404, "No such container: web", "container_not_found", "No such container: web"),
        (409, "Container web is not running.", "conflict", "Container web is not running"),
        (401, "authorization denied by plugin", "permission_denied", "authorization denied"),
        (403, "authorization denied by plugin", "permission_denied", "authorization denied"),
        (429, "slow down", "runtime_unavailable", "busy: slow down"),
        (503, "no", "runtime_unavailable", "busy: no"),
        (500, "driver failed:\n  port is  taken", "api_error", "driver failed: port is taken (HTTP 500)"),
        (400, "client version 1.99 is too new", "api_error", "too new (HTTP 400)"),
        (400, "Client sent an HTTP request to an HTTPS server.", "invalid_config", "speaks TLS"),
        (500, "fetch http://me:t0p-s3cret@registry", "api_error", "http://me:********@registry"),
        # What Docker 20.10 and Podman 4.3 say with status 500 is a conflict all the same.
        (500, "Container 18948b95bb7f is not paused", "conflict", "is not paused"),
        (400, "Renaming a container with the same name as its current name", "conflict", "same name"),
        (403, "error while removing network: network a has active endpoints", "conflict", "until it is restarted"),
        (500, "network name a already used: network already exists", "conflict", "already exists"),
        (500, "Bind for 0.0.0.0:80 failed: port is already allocated", "conflict", "0.0.0.0:80"),
        (500, "listen tcp4 :80: bind: address already in use", "conflict", "address already in use"),
        (500, 'the container name "a" is already in use by 166edc', "conflict", "already in use"),
        (500, '"6f3f" is already paused: container state improper', "conflict", "already paused"),
        (500, "unable to restart a container in a paused or unknown state: container state improper", "conflict", ""),
    ],
)
def test_an_answer_of_the_daemon_means(  # noqa: PLR0913 - the columns of the table
    daemon: Daemon, clock: FakeClock, *, status: int, message: str, code: str, words: str
) -> None:
    client = seam.connect(DockerConfig(socket_path=daemon.url, timeout=5), clock=clock)
    daemon.answer("POST /containers/web/restart", Answer(status, {"message": message}))
    with pytest.raises(NekzusError) as refusal:
        client.restart("web", grace=1)
    assert refusal.value.code == code
    assert words in str(refusal.value)
    assert refusal.value.runtime == "docker"
    assert refusal.value.hint
    assert "t0p-s3cret" not in str(refusal.value)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("soon", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)])
def test_a_busy_daemons_pause_is_read(daemon: Daemon, clock: FakeClock, header: str, seconds: float | None) -> None:
    client = seam.connect(DockerConfig(socket_path=daemon.url, timeout=5), clock=clock)
    daemon.answer("POST /containers/web/restart", Answer(503, {"message": "x"}, {"Retry-After": header}))
    with pytest.raises(NekzusError) as refusal:
        client.restart("web", grace=1)
    assert (refusal.value.transient, refusal.value.retry_after) == (True, seconds)


def test_a_socket_that_is_not_there(clock: FakeClock, tmp_path: Path) -> None:
    error = refusal_of(clock, socket_path=f"unix://{tmp_path}/none")
    assert error.code == "runtime_unavailable"
    assert f"there is no Docker daemon at unix://{tmp_path}/none" in str(error)
    assert "docker_host" in str(error.hint)


def test_a_socket_that_nobody_listens_on(clock: FakeClock, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "s"))
    error = refusal_of(clock, socket_path=f"unix://{tmp_path}/s")
    assert (error.code, error.transient) == ("runtime_unavailable", False)
    assert "nothing answers" in str(error)


def test_a_port_that_nobody_listens_on(clock: FakeClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = refusal_of(clock, socket_path=f"tcp://127.0.0.1:{port}")
    assert error.code == "runtime_unavailable"
    assert f"nothing answers at tcp://127.0.0.1:{port}" in str(error)


def test_a_plain_port_where_tls_is_expected(clock: FakeClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        import threading  # noqa: PLC0415 - of this one test

        def answer() -> None:
            connection, _peer = server.accept()
            connection.recv(100)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        error = refusal_of(clock, socket_path=address, tls=TLSConfig())
    assert error.code == "runtime_unavailable"
    assert f"TLS with {address} failed" in str(error)
    assert "runtimes.docker.tls" in str(error.hint)


def test_an_address_that_is_none_is_a_bad_configuration(clock: FakeClock) -> None:
    error = refusal_of(clock, socket_path="tcp://host:1?x")
    assert error.code == "invalid_config"
    assert "tcp://HOST" in str(error.hint)


def wrapped(inner: Exception) -> Exception:
    """Wrap as requests and urllib3 do what happens to a connection."""
    error: Exception = requests_errors.ConnectionError(urllib3_errors.ProtocolError("Connection aborted.", inner))
    return error


def sdk_wrapped(inner: Exception) -> Exception:
    """Wrap as the SDK does what happens while it asks for the version."""
    cause = wrapped(inner)
    error: Exception = docker_errors.DockerException(f"Error while fetching server API version: {cause}")
    error.__cause__ = error.__context__ = cause
    return error


@pytest.mark.parametrize("wrap", [wrapped, sdk_wrapped, lambda error: error], ids=["requests", "SDK", "bare"])
@pytest.mark.parametrize(
    ("inner", "code", "words", "transient"),
    [
        (FileNotFoundError(2, "No such file or directory"), "runtime_unavailable", "there is no Docker daemon", False),
        (PermissionError(13, "Permission denied"), "permission_denied", "may not use", False),
        (ConnectionRefusedError(111, "Connection refused"), "runtime_unavailable", "nothing answers", False),
        (ConnectionResetError(104, "Connection reset by peer"), "runtime_unavailable", "broke", True),
        (BrokenPipeError(32, "Broken pipe"), "runtime_unavailable", "broke", True),
        (RemoteDisconnected("Remote end closed connection"), "runtime_unavailable", "broke", True),
        (socket.timeout("timed out"), "runtime_unavailable", "in time", False),
        (socket.gaierror(-2, "Name or service not known"), "runtime_unavailable", "cannot be resolved", False),
        (OSError(113, "No route to host"), "runtime_unavailable", "No route to host", False),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_happens_to_a_connection_means(
    wrap: Any, inner: Exception, code: str, words: str, *, transient: bool
) -> None:
    error = translate(wrap(inner), address=ADDRESS)
    assert (error.code, error.transient, error.runtime) == (code, transient, "docker")
    assert words in str(error)
    assert error.hint


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (requests_errors.ReadTimeout("Read timed out."), "in time"),
        (requests_errors.ConnectTimeout("timed out"), "in time"),
        (requests_errors.SSLError("certificate verify failed: self-signed certificate"), "self-signed"),
        (requests_errors.ChunkedEncodingError("x", urllib3_errors.IncompleteRead(1, 2)), "broke"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_what_requests_raises_means(error: Exception, words: str) -> None:
    translated = translate(error, address=ADDRESS)
    assert translated.code == "runtime_unavailable"
    assert words in str(translated)


def test_a_name_that_cannot_be_resolved() -> None:
    connection = urllib3_connections.HTTPConnection("nowhere", 1)
    reason = urllib3_errors.NameResolutionError("nowhere", connection, socket.gaierror(-2, "Name not known"))
    error = requests_errors.ConnectionError(urllib3_errors.MaxRetryError(None, "/version", reason))
    assert "the host name in tcp://nowhere:1 cannot be resolved" in str(translate(error, address="tcp://nowhere:1"))


def test_a_socket_without_permission_names_the_group_that_has_it(tmp_path: Path) -> None:
    import grp  # noqa: PLC0415 - of this one test

    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        path.chmod(0o660)
        error = translate(wrapped(PermissionError(13, "Permission denied")), address=f"unix://{path}")
        group = grp.getgrgid(os.stat(path).st_gid).gr_name  # noqa: PTH116 - as simple as that
        assert f"to the group {group}" in str(error.hint)
        path.chmod(0o600)
        error = translate(wrapped(PermissionError(13, "Permission denied")), address=f"unix://{path}")
    assert error.hint == "run the task with become: true"
    assert error.code == "permission_denied"


def test_what_ssh_says_is_told() -> None:
    paramiko = pytest.importorskip("paramiko")
    refused = paramiko.ssh_exception.NoValidConnectionsError({("127.0.0.1", 22): ConnectionRefusedError(111, "no")})
    for error, words in (
        (paramiko.AuthenticationException("Authentication failed."), "ssh to ssh://me@host failed: Authentication"),
        (paramiko.SSHException("Server 'host' not found in known_hosts"), "not found in known_hosts"),
        (refused, "nothing answers at ssh://me@host"),
    ):
        translated = translate(error, address="ssh://me@host")
        assert translated.code == "runtime_unavailable"
        assert words in str(translated)


def test_ssh_without_paramiko_is_a_missing_library() -> None:
    error = docker_errors.DockerException("Install paramiko package to enable ssh:// support")
    translated = translate(error, address="ssh://host")
    assert translated.code == "missing_library"
    assert "docker[ssh]" in str(translated.hint)


def test_an_sdk_too_old_for_its_requests_is_a_missing_library() -> None:
    error = docker_errors.DockerException(
        "Error while fetching server API version: Not supported URL scheme http+docker"
    )
    assert translate(error, address=ADDRESS).code == "missing_library"


def test_an_error_of_ours_stays_as_it_is() -> None:
    error = ConflictError("x")
    assert translate(error, address=ADDRESS) is error


def test_what_nobody_knows_is_unavailable_with_its_words_and_no_password() -> None:
    error = translate(RuntimeError("at http://me:t0p-s3cret@host"), address=ADDRESS)
    assert error.code == "runtime_unavailable"
    assert "RuntimeError" in str(error)
    assert "t0p-s3cret" not in str(error)


def test_exceptions_that_hold_each_other_are_walked_once() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__cause__ = second, first
    assert translate(first, address=ADDRESS).code == "runtime_unavailable"
