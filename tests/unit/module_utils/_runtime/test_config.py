# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runtimes configuration: who says what, and who wins. Its keys are in test_settings."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import (
    DEFAULT_SOCKET,
    DockerConfig,
    KubernetesConfig,
    RuntimesConfig,
    TLSConfig,
    load_config,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidConfigError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType

SECRET = "t0p-s3cret"  # noqa: S105 - a test's
# Under names of no meaning, as AWX writes them.
FILES = TLSConfig("/env/tmp1", "/env/tmp2", "/env/tmp3")
BY_FILE = {
    "NEKZUS_DOCKER_CA_PATH": FILES.ca_path,
    "NEKZUS_DOCKER_CLIENT_CERT": FILES.client_cert,
    "NEKZUS_DOCKER_CLIENT_KEY": FILES.client_key,
}
FOLDER = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs"}


def test_nothing_said_is_the_defaults() -> None:
    config = load_config()
    assert config == RuntimesConfig()
    assert (config.primary, config.warnings) == (RuntimeType.DOCKER, ())
    assert config.docker == DockerConfig(enabled=True, socket_path=DEFAULT_SOCKET, tls=None, timeout=60.0)
    assert (config.kubernetes.enabled, config.kubernetes.timeout, config.kubernetes.metrics_cache_ttl) == (None, 30, 30)


@pytest.mark.parametrize("empty", [None, "", {}])
def test_what_is_empty_is_not_said(empty: Any) -> None:
    document = {"primary": empty, "docker": {"socket_path": empty, "tls": empty}, "kubernetes": {"host": empty}}
    assert load_config(document) == RuntimesConfig()


@pytest.mark.parametrize(
    ("shortcut", "document", "environment", "expected"),
    [
        ("/a.sock", "/b.sock", "unix:///c.sock", "unix:///a.sock"),
        ("", "/b.sock", "unix:///c.sock", "unix:///b.sock"),
        ("", "", "unix:///c.sock", "unix:///c.sock"),
        ("", "", "", DEFAULT_SOCKET),
    ],
)
def test_the_nearest_says_where_docker_is(shortcut: str, document: str, environment: str, expected: str) -> None:
    config = load_config(
        {"docker": {"socket_path": document}},
        shortcuts={"docker_host": shortcut},
        env={"DOCKER_HOST": environment},
    )
    assert config.docker.socket_path == expected


@pytest.mark.parametrize(
    ("key", "variables"),
    [
        ("kubeconfig", ["K8S_AUTH_KUBECONFIG", "KUBECONFIG"]),
        ("context", ["K8S_AUTH_CONTEXT"]),
        ("host", ["K8S_AUTH_HOST"]),
        ("api_key", ["K8S_AUTH_API_KEY"]),
        ("ca_cert", ["K8S_AUTH_SSL_CA_CERT"]),
        ("client_cert", ["K8S_AUTH_CERT_FILE"]),
        ("client_key", ["K8S_AUTH_KEY_FILE"]),
        ("proxy", ["K8S_AUTH_PROXY"]),
        ("impersonate_user", ["K8S_AUTH_IMPERSONATE_USER"]),
    ],
)
def test_every_variable_is_read_and_the_document_wins(key: str, variables: list[str]) -> None:
    for variable in variables:
        assert getattr(load_config(env={variable: "https://environment"}).kubernetes, key) == "https://environment"
    everything = {variable: f"https://{number}" for number, variable in enumerate(variables)}
    assert getattr(load_config(env=everything).kubernetes, key) == "https://0"
    document = {"kubernetes": {key: "https://document"}}
    assert getattr(load_config(document, env=everything).kubernetes, key) == "https://document"


@pytest.mark.parametrize("key", ["kubeconfig", "context"])
def test_a_shortcut_wins_over_the_document(key: str) -> None:
    config = load_config({"kubernetes": {key: "document"}}, shortcuts={key: "shortcut"}, env={"KUBECONFIG": "x"})
    assert getattr(config.kubernetes, key) == "shortcut"


@pytest.mark.parametrize(("word", "expected"), [("False", False), ("no", False), ("True", True), ("", True)])
def test_certificates_are_verified_as_the_environment_says(word: str, *, expected: bool) -> None:
    assert load_config(env={"K8S_AUTH_VERIFY_SSL": word}).kubernetes.validate_certs is expected


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"shortcuts": {"kubeconfig": "/mine"}}, id="a kubeconfig"),
        pytest.param({"shortcuts": {"context": "mine"}}, id="a context"),
        pytest.param({"document": {"kubernetes": {"kubeconfig": {"users": []}}}}, id="a kubeconfig's content"),
    ],
)
def test_who_names_a_kubeconfig_is_not_sent_to_the_environments_host(said: dict[str, Any]) -> None:
    env = {"K8S_AUTH_HOST": "https://other", "K8S_AUTH_API_KEY": SECRET, "K8S_AUTH_PROXY": "http://proxy"}
    kubernetes = load_config(**said, env=env).kubernetes
    assert (kubernetes.host, kubernetes.api_key, kubernetes.proxy) == ("", "", "http://proxy")


def test_who_names_a_host_does_not_get_the_environments_kubeconfig() -> None:
    env = {"KUBECONFIG": "/other", "K8S_AUTH_CONTEXT": "other", "K8S_AUTH_API_KEY": SECRET}
    kubernetes = load_config({"kubernetes": {"host": "https://mine"}}, env=env).kubernetes
    assert (kubernetes.kubeconfig, kubernetes.context, kubernetes.api_key) == ("", "", SECRET)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param({}, None, id="not asked for"),
        pytest.param({"DOCKER_CERT_PATH": "/certs"}, None, id="files alone"),
        pytest.param(
            {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs"},
            TLSConfig("/certs/ca.pem", "/certs/cert.pem", "/certs/key.pem"),
            id="with files",
        ),
        pytest.param(
            {"DOCKER_TLS_VERIFY": "1", "HOME": "/home/me"},
            TLSConfig("/home/me/.docker/ca.pem", "/home/me/.docker/cert.pem", "/home/me/.docker/key.pem"),
            id="with the files of the docker command line",
        ),
    ],
)
def test_tls_comes_from_the_environment(environment: dict[str, str], expected: TLSConfig | None) -> None:
    assert load_config(env={"DOCKER_HOST": "tcp://host:2376", **environment}).docker.tls == expected


@pytest.mark.parametrize("socket", ["/var/run/docker.sock", "unix:///x.sock", "ssh://me@host"])
def test_tls_of_the_environment_is_for_tcp_only(socket: str) -> None:
    env = {**FOLDER, "DOCKER_HOST": "tcp://host:2376"}
    assert load_config(shortcuts={"docker_host": socket}, env=env).docker.tls is None
    assert load_config(shortcuts={"docker_host": socket}, env={**env, **BY_FILE}).docker.tls is None


def test_the_document_wins_over_the_environments_files_one_by_one() -> None:
    env = {"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/certs", "DOCKER_HOST": "tcp://host:2376"}
    tls = load_config({"docker": {"tls": {"ca_path": "/mine", "hostname": "h"}}}, env=env).docker.tls
    assert tls == TLSConfig("/mine", "/certs/cert.pem", "/certs/key.pem", hostname="h")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        pytest.param(BY_FILE, FILES, id="file by file"),
        pytest.param({**BY_FILE, **FOLDER}, FILES, id="files win over a folder"),
        pytest.param(
            {"NEKZUS_DOCKER_CA_PATH": "/ca", **FOLDER},
            TLSConfig("/ca"),
            id="and are not mixed with those of the folder",
        ),
        pytest.param(dict.fromkeys(BY_FILE, ""), None, id="empty ones are none"),
        pytest.param(
            {**dict.fromkeys(BY_FILE, ""), **FOLDER},
            TLSConfig("/certs/ca.pem", "/certs/cert.pem", "/certs/key.pem"),
            id="and do not stand before a folder",
        ),
        pytest.param({"NEKZUS_DOCKER_VALIDATE_CERTS": "True"}, TLSConfig(), id="verified by the system's authorities"),
        pytest.param({"NEKZUS_DOCKER_VALIDATE_CERTS": "False"}, TLSConfig(validate_certs=False), id="not verified"),
        pytest.param({"DOCKER_TLS_HOSTNAME": "h"}, None, id="a name alone"),
        pytest.param(
            {"NEKZUS_DOCKER_CA_PATH": "/ca", "DOCKER_TLS_HOSTNAME": "h"}, TLSConfig("/ca", hostname="h"), id="a name"
        ),
    ],
)
def test_tls_comes_from_the_environment_file_by_file(environment: dict[str, str], expected: TLSConfig | None) -> None:
    assert load_config(env={"DOCKER_HOST": "tcp://host:2376", **environment}).docker.tls == expected


def test_the_document_wins_over_the_environments_files_whichever_way_they_come() -> None:
    document = {"docker": {"tls": {"ca_path": "/mine", "validate_certs": True, "hostname": "mine"}}}
    env = {
        **BY_FILE,
        "NEKZUS_DOCKER_VALIDATE_CERTS": "no",
        "DOCKER_TLS_HOSTNAME": "h",
        "DOCKER_HOST": "tcp://host:2376",
    }
    expected = TLSConfig("/mine", FILES.client_cert, FILES.client_key, validate_certs=True, hostname="mine")
    assert load_config(document, env=env).docker.tls == expected


def test_a_word_of_the_environment_that_is_neither_true_nor_false_is_refused_by_its_name() -> None:
    env = {"DOCKER_HOST": "tcp://host:2376", "NEKZUS_DOCKER_VALIDATE_CERTS": "maybe"}
    with pytest.raises(InvalidConfigError, match="NEKZUS_DOCKER_VALIDATE_CERTS must be true or false"):
        load_config(env=env)


@pytest.mark.parametrize("half", ["NEKZUS_DOCKER_CLIENT_CERT", "NEKZUS_DOCKER_CLIENT_KEY"])
def test_half_a_client_certificate_of_the_environment_is_refused(half: str) -> None:
    with pytest.raises(InvalidConfigError, match=r"runtimes\.docker\.tls has only one"):
        load_config(env={"DOCKER_HOST": "tcp://host:2376", half: "/x"})


@pytest.mark.parametrize("half", ["client_cert", "client_key"])
def test_half_a_client_certificate_is_refused(half: str) -> None:
    with pytest.raises(InvalidConfigError, match=r"runtimes\.docker\.tls has only one"):
        load_config({"docker": {"tls": {half: "/x"}}})


@pytest.mark.parametrize(
    ("document", "warnings"),
    [
        ({"primary": "docker", "docker": {"enabled": False}}, 1),
        ({"primary": "kubernetes", "kubernetes": {"enabled": False}}, 1),
        ({"primary": "kubernetes"}, 0),
        ({"primary": "docker", "kubernetes": {"enabled": False}}, 0),
        ({"docker": {"enabled": False}}, 1),
    ],
)
def test_a_primary_that_is_switched_off_is_warned_of(document: dict[str, Any], warnings: int) -> None:
    config = load_config(document)
    assert len(config.warnings) == warnings
    assert all(f"runtimes.{config.primary}.enabled" in warning for warning in config.warnings)


def test_a_configuration_does_not_print_its_secrets() -> None:
    document = {"kubernetes": {"api_key": SECRET, "kubeconfig": {"users": [{"token": SECRET}]}}}
    config = load_config(document)
    assert config.kubernetes == KubernetesConfig(api_key=SECRET, kubeconfig={"users": [{"token": SECRET}]})
    assert SECRET not in repr(config)


def test_files_below_home_are_found_there() -> None:
    tls = {"ca_path": "~/ca.pem", "client_cert": "/cert.pem", "client_key": "~me/key.pem"}
    config = load_config({"docker": {"tls": tls}, "kubernetes": {"ca_cert": "~/ca.pem"}}, env={"HOME": "/home/me"})
    assert config.docker.tls == TLSConfig("/home/me/ca.pem", "/cert.pem", "~me/key.pem")
    assert config.kubernetes.ca_cert == "/home/me/ca.pem"


@pytest.mark.parametrize(
    ("document", "shortcuts", "key"),
    [
        ({"docker": {"socket": "/a"}}, {}, "here.docker.socket"),
        ({"docker": {"tls": {"ca": "/a"}}}, {}, "here.docker.tls.ca"),
        ({"docker": {"tls": {"client_key": "/a"}}}, {}, "here.docker.tls"),
        ({"kubernetes": {"host": "a"}}, {}, "here.kubernetes.host"),
        ({}, {"docker_host": "a"}, "here.docker_host"),
        ({}, {"context": 1}, "here.context"),
    ],
)
def test_the_key_that_is_wrong_is_named_where_it_stands(
    document: dict[str, Any], shortcuts: dict[str, Any], key: str
) -> None:
    with pytest.raises(InvalidConfigError) as refusal:
        load_config(document, shortcuts=shortcuts, place="here")
    assert str(refusal.value).startswith(f"{key} ")
