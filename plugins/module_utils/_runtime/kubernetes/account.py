# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Whose account on which cluster a configuration means: an address, a kubeconfig, or the pod we run in.

The kubernetes library reads and understands kubeconfigs; it is handed in, and its complaints are made ours here.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from base64 import b64encode
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ..errors import InvalidConfigError, NekzusError, RuntimeUnavailableError
from ..mask import find_secrets, mask_text
from ..shape import text
from ..user_path import user_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..config import KubernetesConfig

DEFAULT_NAMESPACE = "default"
DEFAULT_KUBECONFIG = "~/.kube/config"
_POD_NAMESPACE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")
_WHERE = "give kubeconfig, or runtimes.kubernetes.host and api_key, or set KUBECONFIG or K8S_AUTH_HOST"


@dataclass(frozen=True)
class Library:
    """What the kubernetes library does for us: its Configuration, KubeConfigMerger, KubeConfigLoader, in-cluster."""

    configuration: Callable[[], Any]
    merger: Callable[[str], Any]
    loader: Callable[..., Any]
    in_cluster: Callable[..., None]


@dataclass(frozen=True)
class Account:
    """A server, how to reach it, and who we are there. ``namespace`` is that of targets which name none."""

    configuration: Any
    namespace: str
    headers: Mapping[str, str]

    @property
    def server(self) -> str:
        """The server's URL."""
        return str(self.configuration.host).rstrip("/")

    @property
    def credentials(self) -> dict[str, str]:
        """The header that says who we are; the library renews a token that has expired."""
        settings = self.configuration.auth_settings()
        return {each["key"]: each["value"] for each in settings.values() if each["in"] == "header" and each["value"]}

    @property
    def endpoint(self) -> dict[str, Any]:
        """How the server is reached and known again, as the cluster of a kubeconfig that needs no other file."""
        ours = self.configuration
        told: dict[str, Any] = {"server": self.server}
        if not ours.verify_ssl:
            told["insecure-skip-tls-verify"] = True
        elif ours.ssl_ca_cert:
            told["certificate-authority-data"] = b64encode(Path(ours.ssl_ca_cert).read_bytes()).decode()
        others = {"tls-server-name": ours.tls_server_name, "proxy-url": ours.proxy}
        return {**told, **{key: value for key, value in others.items() if value}}

    @property
    def identity(self) -> str:
        """A text that is the same only for the same server, reached in the same way, and the same credentials."""
        ours = self.configuration
        files = [Path(path).read_bytes().hex() if path else "" for path in (ours.ssl_ca_cert, ours.cert_file)]
        told = [self.server, ours.proxy or "", *files, sorted({**self.headers, **self.credentials}.items())]
        return sha256(json.dumps(told).encode()).hexdigest()


def is_somewhere(config: KubernetesConfig) -> bool:
    """Tell whether anything says where a cluster is, or who we are there: else nobody has thought of one."""
    said = config.host or config.kubeconfig or config.context or config.api_key or config.client_cert
    return bool(said) or user_path(DEFAULT_KUBECONFIG).exists() or _POD_NAMESPACE.exists()


def kubeconfig_digests(config: KubernetesConfig) -> list[str]:
    """Return what tells the content of the kubeconfigs that would be read: another current context is another one."""
    if config.host or isinstance(config.kubeconfig, Mapping):
        return []
    digests = []
    for path in _paths(config):
        with suppress(OSError):  # it is told when it is to be used
            digests.append(sha256(path.read_bytes()).hexdigest())
    return digests


def _paths(config: KubernetesConfig) -> list[Path]:
    texts = str(config.kubeconfig or DEFAULT_KUBECONFIG).split(os.pathsep)
    return [user_path(path) for path in texts if path]


def load_account(config: KubernetesConfig, library: Library) -> Account:
    """Return the account of a configuration: the address given, else the kubeconfig, else the pod's own account.

    What the configuration says besides (token, certificates, proxy, whom to act as) wins over the kubeconfig.
    """
    configuration = library.configuration()
    if config.host:
        context_namespace = ""
    elif config.kubeconfig or user_path(DEFAULT_KUBECONFIG).exists():
        context_namespace = _load_kubeconfig(config, library, configuration)
    else:
        context_namespace = _load_pod_account(config, library, configuration)
    _overlay(config, configuration)
    headers = {"User-Agent": "nekzus.runtime"}
    if config.impersonate_user:
        headers["Impersonate-User"] = config.impersonate_user
    return Account(configuration, _namespace(config, context_namespace), headers)


def _overlay(config: KubernetesConfig, configuration: Any) -> None:
    if config.host:
        configuration.host = config.host
    if config.api_key:
        configuration.api_key = {"authorization": f"Bearer {config.api_key}"}
        configuration.refresh_api_key_hook = None
    for key, value in (
        ("ssl_ca_cert", config.ca_cert),
        ("cert_file", config.client_cert),
        ("key_file", config.client_key),
        ("proxy", config.proxy),
    ):
        if value:
            setattr(configuration, key, value)
    if not config.validate_certs:
        configuration.verify_ssl = False
    for path in (configuration.ssl_ca_cert, configuration.cert_file, configuration.key_file):
        if path and not Path(path).is_file():
            raise InvalidConfigError(f"there is no file {path}", hint="check ca_cert, client_cert and client_key")


def _namespace(config: KubernetesConfig, context_namespace: str) -> str:
    """Return the namespace of targets that name none; none of the allowed ones is more likely than another."""
    wanted = context_namespace or DEFAULT_NAMESPACE
    if not config.namespaces or wanted in config.namespaces:
        return wanted
    return config.namespaces[0] if len(config.namespaces) == 1 else ""


def _load_pod_account(config: KubernetesConfig, library: Library, configuration: Any) -> str:
    try:
        library.in_cluster(client_configuration=configuration)
        return _POD_NAMESPACE.read_text(encoding="utf-8").strip()
    except Exception as error:
        if config.context:
            message = f"there is no kubeconfig that could have the context {config.context}"
            raise InvalidConfigError(message, hint="give kubeconfig, or set KUBECONFIG") from error
        raise RuntimeUnavailableError("nothing says where the cluster is", hint=_WHERE) from error


def _load_kubeconfig(config: KubernetesConfig, library: Library, configuration: Any) -> str:
    """Load the kubeconfig and return its context's namespace."""
    where = _where(config)
    with _understood(where):
        document = _document(config, library)
        plain = _plain(document)
        names = [str(each["name"]) for each in plain.get("contexts") or ()]
        current = config.context or plain.get("current-context") or ""
    if current not in names:
        hint = f"its contexts are {', '.join(names)}" if names else "it has no contexts at all, give another one"
        message = f"{where} has no context {current}" if current else f"{where} says no current context"
        raise InvalidConfigError(message, hint=hint)
    with _understood(where), _complaints() as complaints:
        loader = library.loader(config_dict=document, active_context=current)
        loader.load_and_set(configuration)
        contexts = {each["name"]: each for each in plain["contexts"]}
        namespace = text(contexts[current], "context", "namespace")
    # The library only logs when an exec plugin fails, and goes on without credentials.
    if complaints and not config.api_key:
        told = mask_text("; ".join(complaints), find_secrets(plain))
        hint = "run the exec plugin of that user by hand, as the user that runs the module"
        raise InvalidConfigError(f"{where} gives no credentials: {told}", hint=hint)
    return namespace


def _where(config: KubernetesConfig) -> str:
    given = isinstance(config.kubeconfig, Mapping)
    return "the kubeconfig given" if given else f"kubeconfig {config.kubeconfig or DEFAULT_KUBECONFIG}"


def _document(config: KubernetesConfig, library: Library) -> Any:
    """Return the kubeconfig; of several files the first that names a thing wins, as kubectl has it."""
    if isinstance(config.kubeconfig, Mapping):
        return config.kubeconfig
    paths = _paths(config)
    there = [path for path in paths if path.is_file()]
    if not there:
        folders = [str(path) for path in paths if path.is_dir()]
        if folders:
            raise InvalidConfigError(f"kubeconfig is a folder: {', '.join(folders)}", hint="name the file in it")
        raise InvalidConfigError(f"there is no kubeconfig {', '.join(map(str, paths))}", hint=_WHERE)
    return library.merger(os.pathsep.join(map(str, there))).config


def _plain(document: Any) -> Any:
    """Return a kubeconfig as plain data: where files were brought together, the library wraps what it took."""
    value = getattr(document, "value", document)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, Mapping) else value


@contextmanager
def _understood(where: str) -> Iterator[None]:
    """Make an error of ours of anything that the library says of a kubeconfig it cannot use."""
    try:
        yield
    except NekzusError:
        raise
    except Exception as error:
        mark = getattr(error, "problem_mark", None)
        # The words of other errors may quote the file, secrets and all.
        words = f": line {mark.line + 1}, {getattr(error, 'problem', '')}" if mark else f": {_reason(error)}"
        raise InvalidConfigError(f"{where} cannot be used{words}", hint="see that kubectl can use it") from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "it cannot be read"
    if type(error).__name__ == "ConfigException":
        return " ".join(str(error).split()).rstrip(".")
    return "it has not the form of one"


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what the library writes into the root log, for us: other threads may load other kubeconfigs."""
    found: list[str] = []
    ours = threading.get_ident()

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread == ours:
                found.append(" ".join(record.getMessage().split()))

    collector = Collector(logging.ERROR)
    logging.getLogger().addHandler(collector)
    try:
        yield found
    finally:
        logging.getLogger().removeHandler(collector)
