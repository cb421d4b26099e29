# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The runtimes configuration: defaults, the document, the environment and a task's shortcuts become one value. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable, NoReturn

from .duration import parse_duration
from .errors import InvalidConfigError
from .target import check_namespace
from .types import RuntimeType

DEFAULT_SOCKET = "unix:///var/run/docker.sock"
_DOCKER_SCHEMES = ("unix", "tcp", "ssh", "http", "https")
_TRUE = frozenset(("1", "true", "yes", "on", "y", "t"))
_FALSE = frozenset(("0", "false", "no", "off", "n", "f", ""))


@dataclass(frozen=True)
class TLSConfig:
    """How a Docker daemon and its client prove who they are. Paths are files where the module runs."""

    ca_path: str = ""
    client_cert: str = ""
    client_key: str = ""
    validate_certs: bool = True
    hostname: str = ""


@dataclass(frozen=True)
class DockerConfig:
    """Where the Docker daemon is. ``socket_path`` is a URL, ``timeout`` seconds, ``tls`` None for none."""

    enabled: bool = True
    socket_path: str = DEFAULT_SOCKET
    tls: TLSConfig | None = None
    timeout: float = 60.0


@dataclass(frozen=True)
class KubernetesConfig:
    """Where the cluster is and who we are there. Durations are seconds; ``enabled`` None is to be found out."""

    enabled: bool | None = None
    kubeconfig: str | Mapping[str, Any] = field(default="", repr=False)
    context: str = ""
    host: str = ""
    api_key: str = field(default="", repr=False)
    ca_cert: str = ""
    client_cert: str = ""
    client_key: str = ""
    validate_certs: bool = True
    proxy: str = ""
    impersonate_user: str = ""
    namespaces: tuple[str, ...] = ()
    metrics_server: bool = True
    metrics_cache_ttl: float = 30.0
    timeout: float = 30.0


@dataclass(frozen=True)
class RuntimesConfig:
    """Every runtime a task may use; ``warnings`` are for the user."""

    primary: RuntimeType = RuntimeType.DOCKER
    docker: DockerConfig = field(default_factory=DockerConfig)
    kubernetes: KubernetesConfig = field(default_factory=KubernetesConfig)
    warnings: tuple[str, ...] = ()


def load_config(
    document: Mapping[str, Any] | None = None,
    *,
    shortcuts: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
) -> RuntimesConfig:
    """Return the configuration of a task. The nearest wins: shortcut, document, environment, default.

    ``document`` is the ``runtimes`` option, ``shortcuts`` the flat options ``docker_host``, ``kubeconfig``
    and ``context``, ``env`` the environment. Raises InvalidConfigError that names the key.
    """
    shortcuts, env = shortcuts or {}, env or {}
    values = _read("runtimes", document, _DOCUMENT)
    docker = _read("runtimes.docker", values.pop("docker", None), _DOCKER)
    kubernetes = _read("runtimes.kubernetes", values.pop("kubernetes", None), _KUBERNETES)
    _overlay(docker, {"socket_path": ("docker_host", shortcuts.get("docker_host"))}, _DOCKER)
    _overlay(kubernetes, {key: (key, shortcuts.get(key)) for key in ("kubeconfig", "context")}, _KUBERNETES)
    config = RuntimesConfig(
        primary=values.get("primary", RuntimeType.DOCKER),
        docker=_docker(docker, env),
        kubernetes=_kubernetes(kubernetes, env),
    )
    return RuntimesConfig(config.primary, config.docker, config.kubernetes, _warnings(config))


def _warnings(config: RuntimesConfig) -> tuple[str, ...]:
    enabled = config.docker.enabled if config.primary is RuntimeType.DOCKER else config.kubernetes.enabled
    if enabled is False:
        return (f"runtimes.primary is {config.primary}, which runtimes.{config.primary}.enabled switches off",)
    return ()


def _docker(values: dict[str, Any], env: Mapping[str, str]) -> DockerConfig:
    tls = _read("runtimes.docker.tls", values.pop("tls", None), _TLS)
    _overlay(values, {"socket_path": ("DOCKER_HOST", env.get("DOCKER_HOST"))}, _DOCKER, replace=False)
    values.setdefault("socket_path", DEFAULT_SOCKET)
    remote = not values["socket_path"].startswith(("unix://", "ssh://"))
    if remote and env.get("DOCKER_TLS_VERIFY"):
        # The same three files that the docker command line reads.
        folder = env.get("DOCKER_CERT_PATH") or f"{env.get('HOME', '')}/.docker"
        for key, name in (("ca_path", "ca.pem"), ("client_cert", "cert.pem"), ("client_key", "key.pem")):
            tls.setdefault(key, f"{folder}/{name}")
    if bool(tls.get("client_cert")) != bool(tls.get("client_key")):
        _refuse("runtimes.docker.tls", "has only one of client_cert and client_key", "give both")
    return DockerConfig(tls=TLSConfig(**tls) if tls else None, **values)


# Who says where the cluster is in one of these ways must not be mixed up with the other way from the environment.
_BY_FILE = {"kubeconfig": ("K8S_AUTH_KUBECONFIG", "KUBECONFIG"), "context": ("K8S_AUTH_CONTEXT",)}
_BY_ADDRESS = {
    "host": ("K8S_AUTH_HOST",),
    "api_key": ("K8S_AUTH_API_KEY",),
    "ca_cert": ("K8S_AUTH_SSL_CA_CERT",),
    "client_cert": ("K8S_AUTH_CERT_FILE",),
    "client_key": ("K8S_AUTH_KEY_FILE",),
}
_EITHER_WAY = {
    "validate_certs": ("K8S_AUTH_VERIFY_SSL",),
    "proxy": ("K8S_AUTH_PROXY",),
    "impersonate_user": ("K8S_AUTH_IMPERSONATE_USER",),
}


def _kubernetes(values: dict[str, Any], env: Mapping[str, str]) -> KubernetesConfig:
    by_file = any(key in values for key in _BY_FILE)
    by_address = any(key in values for key in _BY_ADDRESS)
    sources: dict[str, tuple[str, ...]] = dict(_EITHER_WAY)
    if not by_address:
        sources.update(_BY_FILE)
    if not by_file:
        sources.update(_BY_ADDRESS)
    for key, names in sources.items():
        for name in names:
            _overlay(values, {key: (name, env.get(name))}, _KUBERNETES, replace=False)
    return KubernetesConfig(**values)


Parser = Callable[[str, Any], Any]


def _read(path: str, document: Any, parsers: Mapping[str, Parser]) -> dict[str, Any]:
    """Return the parsed values of a section; None and "" mean not given."""
    if document is None:
        return {}
    if not isinstance(document, Mapping):
        _refuse(path, f"must be a dictionary, not {document!r}", f"its keys are {', '.join(parsers)}")
    for key in document:
        if key not in parsers:
            near = difflib.get_close_matches(str(key), parsers, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(parsers)}"
            _refuse(f"{path}.{key}", "is not a key", hint)
    return {key: parsers[key](f"{path}.{key}", value) for key, value in document.items() if value not in (None, "", {})}


def _overlay(
    values: dict[str, Any],
    sources: Mapping[str, tuple[str, Any]],
    parsers: Mapping[str, Parser],
    *,
    replace: bool = True,
) -> None:
    """Put values from elsewhere (key: its name there, and the value) over or under the ones that are there."""
    for key, (name, value) in sources.items():
        if value not in (None, "", {}) and (replace or key not in values):
            values[key] = parsers[key](name, value)


def _refuse(path: str, message: str, hint: str) -> NoReturn:
    error = f"{path} {message}"
    raise InvalidConfigError(error, hint=hint)


def _text(path: str, value: Any) -> str:
    if not isinstance(value, str):
        _refuse(path, f"must be a text, not {value!r}", "write it in quotes")
    return value


def _secret(path: str, value: Any) -> str:
    if not isinstance(value, str):
        _refuse(path, "must be a text", "write it in quotes")
    return value


def _boolean(path: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in _TRUE | _FALSE:
        _refuse(path, f"must be true or false, not {value!r}", "use true or false")
    return word in _TRUE


def _duration(path: str, value: Any) -> float:
    try:
        return parse_duration(value)
    except ValueError as error:
        raise InvalidConfigError(f"{path}: {error}", hint="write 30s, 1m30s, 500ms, or a number of seconds") from error


def _timeout(path: str, value: Any) -> float:
    seconds = _duration(path, value)
    if not seconds:
        _refuse(path, "must be more than 0", "write 30s, 1m30s, 500ms, or a number of seconds")
    return seconds


def _runtime(path: str, value: Any) -> RuntimeType:
    words = [item.value for item in RuntimeType]
    if value not in words:
        _refuse(path, f"must be one of {', '.join(words)}, not {value!r}", "use docker or kubernetes")
    return RuntimeType(value)


def _namespaces(path: str, value: Any) -> tuple[str, ...]:
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        _refuse(path, f"must be a list of names, not {value!r}", "write [prod, staging]")
    return tuple(check_namespace(name) for name in names if name)


def _socket(path: str, value: Any) -> str:
    text = _text(path, value).strip()
    scheme, separator, rest = text.partition("://")
    if not separator and text.startswith("/"):
        return f"unix://{text}"
    if scheme not in _DOCKER_SCHEMES or not rest:
        hint = "write unix:///var/run/docker.sock, tcp://HOST:2376 or ssh://USER@HOST"
        _refuse(path, f"is not the address of a Docker daemon: {value!r}", hint)
    return text


def _kubeconfig(path: str, value: Any) -> Any:
    if not isinstance(value, (str, Mapping)):
        _refuse(path, "must be a path or a dictionary", "give the path of a kubeconfig, or its content")
    return value


def _section(_path: str, value: Any) -> Any:
    return value


_DOCUMENT: Mapping[str, Parser] = {"primary": _runtime, "docker": _section, "kubernetes": _section}
_DOCKER: Mapping[str, Parser] = {
    "enabled": _boolean,
    "socket_path": _socket,
    "tls": _section,
    "timeout": _timeout,
}
_TLS: Mapping[str, Parser] = {
    "ca_path": _text,
    "client_cert": _text,
    "client_key": _text,
    "validate_certs": _boolean,
    "hostname": _text,
}
_KUBERNETES: Mapping[str, Parser] = {
    "enabled": _boolean,
    "kubeconfig": _kubeconfig,
    "context": _text,
    "host": _text,
    "api_key": _secret,
    "ca_cert": _text,
    "client_cert": _text,
    "client_key": _text,
    "validate_certs": _boolean,
    "proxy": _text,
    "impersonate_user": _text,
    "namespaces": _namespaces,
    "metrics_server": _boolean,
    "metrics_cache_ttl": _duration,
    "timeout": _timeout,
}
