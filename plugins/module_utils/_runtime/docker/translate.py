# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an exception of the SDK, its HTTP library or the system means. The one place that turns them into our errors.

Exceptions are recognised by name and attribute, so that nothing has to be imported.
"""

from __future__ import annotations

import getpass
import grp
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ..causes import causes, innermost, one_line, tls_words
from ..errors import (
    ApiError,
    ConflictError,
    ContainerNotFoundError,
    InvalidConfigError,
    MissingLibraryError,
    NekzusError,
    PermissionDeniedError,
    RuntimeUnavailableError,
)
from ..shape import whole

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNTIME = "docker"
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _CONFLICT, _BUSY = 400, 401, 403, 404, 409, (429, 503)
_SERVER_ERROR = 500
# What Podman (4.3) says with it when a container is removed while it looks at it.
_VANISHED = "no such container"
# What Docker and Podman say, with status 400, 403 or 500, of a state that does not allow it.
_CONFLICT_WORDS = (
    *("is not paused", "container state improper", "already in use", "already exists", "same name as its current name"),
    *("port is already allocated", "has active endpoints", "is being used", "has associated containers"),
)
# Which it may do with one that is gone: https://github.com/moby/moby/issues/42119
_IS_ON_IT = "take containers off the network; with none on it the daemon counts wrong, until it is restarted"
_START_IT = "start it (systemctl start docker), or say where it is with docker_host or DOCKER_HOST"


def translate(error: BaseException, *, address: str) -> NekzusError:
    """Return our error for any exception met while talking to the daemon at ``address``."""
    if isinstance(error, NekzusError):
        return error
    chain = list(causes(error))
    for link in chain:
        status = getattr(getattr(link, "response", None), "status_code", None)
        if isinstance(status, int):
            return _http(link, status)
    translated = _transport(chain, address)
    translated.runtime = RUNTIME
    return translated


def _http(error: BaseException, status: int) -> NekzusError:
    explanation = _explanation(error)
    if status in _BUSY:
        retry_after = _retry_after(error)
        message = f"the daemon is busy: {explanation}"
        hint = "try again, or lower max_concurrent"
        return RuntimeUnavailableError(message, runtime=RUNTIME, hint=hint, transient=True, retry_after=retry_after)
    if status == _NOT_FOUND or (status == _SERVER_ERROR and _VANISHED in explanation):
        return ContainerNotFoundError(
            explanation, runtime=RUNTIME, hint="list what is there with nekzus_container_info"
        )
    if status == _CONFLICT or any(words in explanation for words in _CONFLICT_WORDS):
        hint = _IS_ON_IT if "has active endpoints" in explanation else "see what state it is in, and try again"
        return ConflictError(explanation, runtime=RUNTIME, hint=hint)
    if status in (_UNAUTHORIZED, _FORBIDDEN):
        hint = "check the authorization plugin of the daemon, and the TLS client certificate"
        return PermissionDeniedError(explanation, runtime=RUNTIME, hint=hint)
    if status == _BAD_REQUEST and "HTTPS server" in explanation:
        hint = "set runtimes.docker.tls, or DOCKER_TLS_VERIFY and DOCKER_CERT_PATH"
        return InvalidConfigError("the daemon speaks TLS and the task does not", runtime=RUNTIME, hint=hint)
    return ApiError(f"{explanation} (HTTP {status})", runtime=RUNTIME, hint="see the daemon's log")


def _explanation(error: BaseException) -> str:
    """Return the daemon's own words as one line, or those of the HTTP status when it answers with a page."""
    words = str(getattr(error, "explanation", None) or "")
    if not words or words.lstrip().startswith("<"):
        words = getattr(getattr(error, "response", None), "reason", None) or "no explanation"
    return one_line(words)


def _retry_after(error: BaseException) -> float | None:
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", None) or {}
    return whole(headers.get("Retry-After", ""))


def _transport(chain: list[BaseException], address: str) -> NekzusError:
    for meaning in _MEANINGS:
        cause = innermost(chain, meaning.names)
        if cause:
            return meaning.build(cause, address)
    error = chain[0]
    words = one_line(error)
    if "ended prematurely" in words:  # urllib3, of a body
        return _broken(error, address)
    if "Not supported URL scheme" in words:
        return MissingLibraryError(
            "the Python library docker is too old for the library requests beside it",
            hint="upgrade docker to 7.1 or later for the Python that runs the module",
        )
    if "Invalid bind address" in words:
        hint = "write unix:///var/run/docker.sock, tcp://HOST:2376 or ssh://USER@HOST"
        return InvalidConfigError(f"{address} is not the address of a Docker daemon", hint=hint)
    if "paramiko" in words:
        return MissingLibraryError(
            "the Python library paramiko, which ssh:// needs, cannot be imported",
            hint="install docker[ssh] for the Python that runs the module",
        )
    return RuntimeUnavailableError(f"{type(error).__name__} at {address}: {words}", hint="see the daemon's log")


class _Meaning:
    """Names of exception classes, and the error they mean."""

    def __init__(self, *names: str, build: Callable[[Any, str], NekzusError]) -> None:
        self.names = frozenset(names)
        self.build = build


def _no_socket(_error: Any, address: str) -> NekzusError:
    return RuntimeUnavailableError(f"there is no Docker daemon at {address}", hint=_START_IT)


def _refused(_error: Any, address: str) -> NekzusError:
    return RuntimeUnavailableError(f"nothing answers at {address}", hint=_START_IT)


def _denied(_error: Any, address: str) -> NekzusError:
    path = address.partition("://")[2]
    user = _user()
    message = f"user {user} may not use {address}"
    group = _group_of(path)
    hint = "run the task with become: true"
    if group:
        hint = f"add {user} to the group {group}, which owns the socket, or {hint}"
    return PermissionDeniedError(message, hint=hint)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a uid without a name, as in many containers
        return str(os.geteuid())


def _group_of(path: str) -> str:
    """Return the group of a socket, or nothing when it may not be looked at or lets no group in."""
    try:
        found = Path(path).stat()
        return grp.getgrgid(found.st_gid).gr_name if found.st_mode & stat.S_IWGRP else ""
    except (KeyError, OSError):
        return ""


def _unresolved(_error: Any, address: str) -> NekzusError:
    return RuntimeUnavailableError(f"the host name in {address} cannot be resolved", hint="check docker_host")


def _timed_out(_error: Any, address: str) -> NekzusError:
    hint = "see whether the daemon is busy, or raise runtimes.docker.timeout"
    return RuntimeUnavailableError(f"no answer from {address} in time", hint=hint)


def _no_docker(_error: Any, address: str) -> NekzusError:
    return RuntimeUnavailableError(f"what answers at {address} is not Docker", hint="check docker_host and DOCKER_HOST")


def _untrusted(error: Any, address: str) -> NekzusError:
    hint = "check runtimes.docker.tls: ca_path, hostname, client_cert and client_key"
    return RuntimeUnavailableError(f"TLS with {address} failed: {tls_words(error)}", hint=hint)


def _bad_tls(error: Any, _address: str) -> NekzusError:
    words = str(error).replace("TLS configurations should map the Docker CLI client configurations.", "")
    hint = "check the paths in runtimes.docker.tls, or DOCKER_CERT_PATH"
    return InvalidConfigError(f"the TLS material cannot be used: {one_line(words)}", hint=hint)


def _broken(_error: Any, address: str) -> NekzusError:
    hint = "see whether the daemon restarted, and try again"
    return RuntimeUnavailableError(f"the connection to {address} broke", hint=hint, transient=True)


def _ssh(error: Any, address: str) -> NekzusError:
    hint = "check that ssh to that host works without a question: key, user and known_hosts"
    return RuntimeUnavailableError(f"ssh to {address} failed: {one_line(error)}", hint=hint)


# The first that fits any link of the chain decides: urllib3 wraps a refused connection into a timeout, among others.
_MEANINGS = (
    _Meaning("TLSParameterError", build=_bad_tls),
    _Meaning("SSLError", "SSLCertVerificationError", build=_untrusted),
    _Meaning("FileNotFoundError", build=_no_socket),
    _Meaning("PermissionError", build=_denied),
    _Meaning("ConnectionRefusedError", "NoValidConnectionsError", build=_refused),
    _Meaning("gaierror", "NameResolutionError", build=_unresolved),
    _Meaning("SSHException", "AuthenticationException", "BadHostKeyException", build=_ssh),
    # socket.timeout is a class of its own before Python 3.10.
    _Meaning("Timeout", "TimeoutError", "timeout", "ConnectTimeoutError", "ReadTimeoutError", build=_timed_out),
    _Meaning("JSONDecodeError", "KeyError", build=_no_docker),
    _Meaning(
        "ConnectionResetError",
        "ConnectionAbortedError",
        "BrokenPipeError",
        "RemoteDisconnected",
        "IncompleteRead",
        build=_broken,
    ),
)
