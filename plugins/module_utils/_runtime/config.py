# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The runtimes configuration: defaults, the document, the environment and a task's shortcuts become one value. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .settings import DOCKER, DOCUMENT, KUBERNETES, TLS, overlay, read_section, refuse
from .types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILES = frozenset(("ca_path", "ca_cert", "client_cert", "client_key"))
DEFAULT_SOCKET = "unix:///var/run/docker.sock"


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

    def section(self, runtime_type: RuntimeType) -> DockerConfig | KubernetesConfig:
        """Return what is said of one of them."""
        return self.docker if runtime_type is RuntimeType.DOCKER else self.kubernetes


def load_config(
    document: Mapping[str, Any] | None = None,
    *,
    shortcuts: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
    place: str = "",
) -> RuntimesConfig:
    """Return the configuration of a task. The nearest wins: shortcut, document, environment, default.

    ``document`` is the ``runtimes`` option, ``shortcuts`` the flat options ``docker_host``, ``kubeconfig``
    and ``context``, ``env`` the environment, ``place`` where document and shortcuts stand together, if they are no
    options of their own. Raises InvalidConfigError that names the key.
    """
    shortcuts, env = shortcuts or {}, env or {}
    path, flat = place or "runtimes", f"{place}." if place else ""
    values = read_section(path, document, DOCUMENT)
    docker = read_section(f"{path}.docker", values.pop("docker", None), DOCKER)
    kubernetes = read_section(f"{path}.kubernetes", values.pop("kubernetes", None), KUBERNETES)
    overlay(docker, {"socket_path": (f"{flat}docker_host", shortcuts.get("docker_host"))}, DOCKER)
    overlay(kubernetes, {key: (f"{flat}{key}", shortcuts.get(key)) for key in ("kubeconfig", "context")}, KUBERNETES)
    config = RuntimesConfig(
        primary=values.get("primary", RuntimeType.DOCKER),
        docker=_docker(f"{path}.docker", docker, env),
        kubernetes=_kubernetes(kubernetes, env),
    )
    return RuntimesConfig(config.primary, config.docker, config.kubernetes, _warnings(config))


def _warnings(config: RuntimesConfig) -> tuple[str, ...]:
    if config.section(config.primary).enabled is False:
        return (f"runtimes.primary is {config.primary}, which runtimes.{config.primary}.enabled switches off",)
    return ()


def _docker(path: str, values: dict[str, Any], env: Mapping[str, str]) -> DockerConfig:
    tls = read_section(f"{path}.tls", values.pop("tls", None), TLS)
    overlay(values, {"socket_path": ("DOCKER_HOST", env.get("DOCKER_HOST"))}, DOCKER, replace=False)
    values.setdefault("socket_path", DEFAULT_SOCKET)
    if not values["socket_path"].startswith(("unix://", "ssh://")):
        _tls_of_environment(tls, env)
    if bool(tls.get("client_cert")) != bool(tls.get("client_key")):
        refuse(f"{path}.tls", "has only one of client_cert and client_key", "give both")
    return DockerConfig(tls=TLSConfig(**_at_home(tls, env)) if tls else None, **values)


def _at_home(values: dict[str, Any], env: Mapping[str, str]) -> dict[str, Any]:
    """Return the values with the files below ``~`` where they are, as Ansible does it for a task alone."""
    files = [key for key in values if key in _FILES and values[key].startswith("~/")]
    return {**values, **{key: f"{env.get('HOME', '')}{values[key][1:]}" for key in files}}


# File by file, for who cannot put them into one folder: AWX writes each file of a credential where it likes.
_TLS_BY_FILE = {
    "ca_path": "NEKZUS_DOCKER_CA_PATH",
    "client_cert": "NEKZUS_DOCKER_CLIENT_CERT",
    "client_key": "NEKZUS_DOCKER_CLIENT_KEY",
    "validate_certs": "NEKZUS_DOCKER_VALIDATE_CERTS",
}
# The same three files that the docker command line reads.
_TLS_BY_FOLDER = {"ca_path": "ca.pem", "client_cert": "cert.pem", "client_key": "key.pem"}


def _tls_of_environment(tls: dict[str, Any], env: Mapping[str, str]) -> None:
    """Put what the environment says of TLS under what is said already: file by file, else as a folder."""
    if any(env.get(name) for name in _TLS_BY_FILE.values()):
        overlay(tls, {key: (name, env.get(name)) for key, name in _TLS_BY_FILE.items()}, TLS, replace=False)
    elif env.get("DOCKER_TLS_VERIFY"):
        folder = env.get("DOCKER_CERT_PATH") or f"{env.get('HOME', '')}/.docker"
        for key, name in _TLS_BY_FOLDER.items():
            tls.setdefault(key, f"{folder}/{name}")
    if tls:
        overlay(tls, {"hostname": ("DOCKER_TLS_HOSTNAME", env.get("DOCKER_TLS_HOSTNAME"))}, TLS, replace=False)


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
            overlay(values, {key: (name, env.get(name))}, KUBERNETES, replace=False)
    return KubernetesConfig(**_at_home(values, env))
