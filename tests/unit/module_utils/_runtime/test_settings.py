# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keys of the runtimes configuration, each with good and bad values."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidConfigError, NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType


def value_at(path: str, value: Any) -> Any:
    """Return what a configuration has at a path such as ``docker.tls.hostname`` after it was set."""
    document: Any = value
    for key in reversed(path.split(".")):
        document = {key: document}
    if path in ("docker.tls.client_cert", "docker.tls.client_key"):
        document["docker"]["tls"].setdefault("client_cert", "/cert")
        document["docker"]["tls"].setdefault("client_key", "/key")
    found: Any = load_config(document)
    for key in path.split("."):
        found = getattr(found, key)
    return found


BOOLEANS = [
    "docker.enabled",
    "docker.tls.validate_certs",
    "kubernetes.enabled",
    "kubernetes.validate_certs",
    "kubernetes.metrics_server",
]
TEXTS = [
    "docker.tls.ca_path",
    "docker.tls.client_cert",
    "docker.tls.client_key",
    "docker.tls.hostname",
    "kubernetes.kubeconfig",
    "kubernetes.context",
    "kubernetes.api_key",
    "kubernetes.ca_cert",
    "kubernetes.client_cert",
    "kubernetes.client_key",
    "kubernetes.proxy",
    "kubernetes.impersonate_user",
]
DURATIONS = ["docker.timeout", "kubernetes.timeout", "kubernetes.metrics_cache_ttl"]


@pytest.mark.parametrize("path", BOOLEANS)
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("True", True),
        ("yes", True),
        (1, True),
        (False, False),
        ("false", False),
        ("no", False),
        (0, False),
    ],
)
def test_a_switch_is_on_or_off(path: str, value: Any, *, expected: bool) -> None:
    assert value_at(path, value) is expected


@pytest.mark.parametrize("path", TEXTS)
def test_a_text_is_taken_as_it_is(path: str) -> None:
    assert value_at(path, "some text") == "some text"


@pytest.mark.parametrize("path", DURATIONS)
@pytest.mark.parametrize(("value", "seconds"), [("45s", 45), ("1m30s", 90), ("500ms", 0.5), (7, 7), ("7", 7)])
def test_a_duration_is_read(path: str, value: Any, seconds: float) -> None:
    assert value_at(path, value) == seconds


def test_a_cache_can_be_switched_off_and_a_timeout_cannot() -> None:
    assert value_at("kubernetes.metrics_cache_ttl", 0) == 0
    for path in ("docker.timeout", "kubernetes.timeout"):
        with pytest.raises(InvalidConfigError, match="more than 0"):
            value_at(path, "0s")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("primary", "kubernetes", RuntimeType.KUBERNETES),
        ("docker.socket_path", "/run/x.sock", "unix:///run/x.sock"),
        ("docker.socket_path", "unix:///run/x.sock", "unix:///run/x.sock"),
        ("docker.socket_path", "tcp://host:2375", "tcp://host:2375"),
        ("docker.socket_path", "ssh://me@host", "ssh://me@host"),
        ("docker.socket_path", "https://host", "https://host"),
        ("docker.socket_path", " tcp://host:2375 ", "tcp://host:2375"),
        ("kubernetes.host", " https://10.0.0.1:6443 ", "https://10.0.0.1:6443"),
        ("kubernetes.host", "http://[::1]:8001", "http://[::1]:8001"),
        ("kubernetes.kubeconfig", {"users": []}, {"users": []}),
        ("kubernetes.namespaces", ["prod", "test"], ("prod", "test")),
        ("kubernetes.namespaces", "prod, test", ("prod", "test")),
        ("kubernetes.namespaces", [], ()),
    ],
)
def test_a_value_is_read(path: str, value: Any, expected: Any) -> None:
    assert value_at(path, value) == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((path, "perhaps") for path in BOOLEANS),
        *((path, 5) for path in TEXTS),
        *((path, "soon") for path in DURATIONS),
        *((path, "-5s") for path in DURATIONS),
        ("primary", "podman"),
        ("primary", 5),
        ("docker", "tcp://host"),
        ("docker", ["x"]),
        ("docker.tls", "yes"),
        ("kubernetes", 5),
        ("docker.socket_path", "ftp://host"),
        ("docker.socket_path", "run/docker.sock"),
        ("docker.socket_path", "tcp://"),
        ("docker.socket_path", "tcp://host:port"),
        ("docker.socket_path", "tcp://host:65536"),
        ("docker.socket_path", 5),
        ("kubernetes.host", "10.0.0.1:6443"),
        ("kubernetes.host", "https://"),
        ("kubernetes.host", "https://host:port"),
        ("kubernetes.host", 5),
        ("kubernetes.kubeconfig", ["x"]),
        ("kubernetes.kubeconfig", "apiVersion: v1\nkind: Config\n"),
        ("kubernetes.namespaces", 5),
        ("kubernetes.namespaces", [5]),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_key(path: str, value: Any) -> None:
    with pytest.raises(InvalidConfigError) as refusal:
        value_at(path, value)
    assert f"runtimes.{path}" in str(refusal.value)
    assert refusal.value.hint


def test_a_bad_namespace_is_refused_by_the_name_of_its_key() -> None:
    with pytest.raises(NekzusError, match="Prod") as refusal:
        value_at("kubernetes.namespaces", ["Prod"])
    assert refusal.value.code == "invalid_config"
    assert "runtimes.kubernetes.namespaces" in str(refusal.value)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("podman", "the keys are primary, docker, kubernetes"),
        ("dokcer", "did you mean docker?"),
        ("docker.socket", "did you mean socket_path?"),
        ("docker.tls.ca_pth", "did you mean ca_path?"),
        ("kubernetes.namespace", "did you mean namespaces?"),
        ("kubernetes.xyz", "the keys are enabled, kubeconfig"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(path: str, hint: str) -> None:
    with pytest.raises(InvalidConfigError, match="is not a key") as refusal:
        value_at(path, "x")
    assert f"runtimes.{path}" in str(refusal.value)
    assert str(refusal.value.hint).startswith(hint)


@pytest.mark.parametrize(
    ("shortcuts", "env", "name"),
    [
        ({"docker_host": "x"}, {}, "docker_host"),
        ({}, {"DOCKER_HOST": "x"}, "DOCKER_HOST"),
        ({"kubeconfig": 5}, {}, "kubeconfig"),
        ({}, {"K8S_AUTH_VERIFY_SSL": "perhaps"}, "K8S_AUTH_VERIFY_SSL"),
    ],
)
def test_a_bad_value_from_elsewhere_is_refused_by_its_name_there(
    shortcuts: dict[str, Any], env: dict[str, str], name: str
) -> None:
    with pytest.raises(InvalidConfigError) as refusal:
        load_config(shortcuts=shortcuts, env=env)
    assert refusal.value.message.startswith(name)


@pytest.mark.parametrize("path", ["kubernetes.api_key", "kubernetes.kubeconfig"])
def test_a_bad_secret_is_not_repeated(path: str) -> None:
    with pytest.raises(InvalidConfigError) as refusal:
        value_at(path, ["t0p-s3cret"])
    assert "t0p-s3cret" not in str(refusal.value)


def test_the_text_of_a_kubeconfig_is_not_repeated() -> None:
    with pytest.raises(InvalidConfigError, match="from_yaml") as refusal:
        value_at("kubernetes.kubeconfig", "users:\n- user: {token: t0p-s3cret}\n")
    assert "t0p-s3cret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("path", "address"),
    [("docker.socket_path", "ftp://me:t0p-s3cret@host"), ("kubernetes.host", "ftp://me:t0p-s3cret@host")],
)
def test_the_password_of_a_bad_address_is_not_repeated(path: str, address: str) -> None:
    with pytest.raises(InvalidConfigError) as refusal:
        value_at(path, address)
    assert "t0p-s3cret" not in str(refusal.value)
