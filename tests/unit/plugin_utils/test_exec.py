# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables with which tasks run inside containers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidConfigError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory.endpoints import (
    Endpoint,
    parse_endpoints,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType
from ansible_collections.nekzus.runtime.plugins.plugin_utils._exec import cautions, connection_variables
from ansible_collections.nekzus.runtime.tests.unit.fakes.subject import container

SECRET = "t0p-s3cret"  # noqa: S105 - a test's
FILES = {"ca_path": "/ca.pem", "client_cert": "/cert.pem", "client_key": "/key.pem"}
IN_DOCKER = {"ansible_connection": "community.docker.docker_api", "ansible_host": "web"}
IN_A_POD = {
    "ansible_connection": "kubernetes.core.kubectl",
    "ansible_kubectl_namespace": "prod",
    "ansible_kubectl_pod": "web-0",
    "ansible_kubectl_container": "app",
    "ansible_kubectl_validate_certs": "",
}
# What the environment says of another cluster is not for one that is known by its file.
BY_FILE = {**IN_A_POD, "ansible_kubectl_host": "", "ansible_kubectl_token": ""}


def endpoint(env: dict[str, str] | None = None, **keys: Any) -> Endpoint:
    (found,) = parse_endpoints([{"name": "edge", **keys}], env=env or {})
    return found


def variables(env: dict[str, str] | None = None, **keys: Any) -> dict[str, Any]:
    one = endpoint(env, **keys)
    if one.type is RuntimeType.DOCKER:
        return connection_variables(one)(container("web"))
    pod = replace(container("web-0", runtime=RuntimeType.KUBERNETES), address="kubernetes/prod/web-0", process="app")
    return connection_variables(one)(pod)


@pytest.mark.parametrize(
    ("docker", "expected"),
    [
        ({"socket_path": "/a.sock"}, {"docker_host": "unix:///a.sock"}),
        (
            {"socket_path": "tcp://a:2376", "tls": FILES},
            {"docker_host": "tcp://a:2376", "validate_certs": True, **FILES},
        ),
        (
            {"socket_path": "tcp://a:2376", "tls": {"ca_path": "~/ca.pem", "hostname": "b"}},
            {"docker_host": "tcp://a:2376", "validate_certs": True, "ca_path": "/home/ca.pem", "tls_hostname": "b"},
        ),
        (
            {"socket_path": "tcp://a:2376", "tls": {"validate_certs": False}},
            {"docker_host": "tcp://a:2376", "tls": True},
        ),
        ({"socket_path": f"ssh://me:{SECRET}@a"}, {}),
    ],
)
def test_a_docker_container_is_reached_where_it_was_found(docker: dict[str, Any], expected: dict[str, Any]) -> None:
    own = {f"ansible_docker_{key}": value for key, value in expected.items() if key != "docker_host"}
    if "docker_host" in expected:
        own["ansible_docker_docker_host"] = expected["docker_host"]
    assert variables({"HOME": "/home"}, docker=docker) == {**IN_DOCKER, **own}


def test_what_the_environment_says_of_tls_is_left_there_but_that_it_is_used() -> None:
    env = {"DOCKER_HOST": "tcp://a:2376", "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "/tmp/of/this/job"}  # noqa: S108
    assert variables(env, docker=None) == {
        **IN_DOCKER,
        "ansible_docker_docker_host": "tcp://a:2376",
        "ansible_docker_validate_certs": True,
    }


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"kubeconfig": "/a.yml"}, {**BY_FILE, "ansible_kubectl_kubeconfig": "/a.yml"}),
        ({"context": "prod"}, {**BY_FILE, "ansible_kubectl_context": "prod"}),
        ({"kubernetes": None}, IN_A_POD),
        (
            {"kubernetes": {"host": "https://a:6443", "ca_cert": "/ca", "client_cert": "/cert", "client_key": "/key"}},
            {
                **IN_A_POD,
                "ansible_kubectl_host": "https://a:6443",
                "ansible_kubectl_ca_cert": "/ca",
                "ansible_kubectl_client_cert": "/cert",
                "ansible_kubectl_client_key": "/key",
            },
        ),
        (
            {"kubernetes": {"context": "prod", "validate_certs": False, "impersonate_user": "me"}},
            {
                **BY_FILE,
                "ansible_kubectl_context": "prod",
                "ansible_kubectl_extra_args": "--insecure-skip-tls-verify=true --as=me",
            },
        ),
        (
            {"kubernetes": {"proxy": "http://proxy:3128"}},
            {**IN_A_POD, "ansible_kubectl_local_env_vars": {"HTTPS_PROXY": "http://proxy:3128"}},
        ),
        ({"kubernetes": {"proxy": f"http://me:{SECRET}@proxy"}}, IN_A_POD),
    ],
)
def test_a_pod_is_reached_where_it_was_found(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    env = {"K8S_AUTH_HOST": "https://other:1", "K8S_AUTH_API_KEY": SECRET, "KUBECONFIG": "/env.yml"}
    assert variables(env, **keys) == expected


def test_a_kubeconfig_below_home_is_found_by_kubectl_which_knows_no_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert variables(kubeconfig="~/a.yml")["ansible_kubectl_kubeconfig"] == "/home/me/a.yml"


def test_of_a_workload_any_pod_is_taken() -> None:
    idle = replace(container("web", runtime=RuntimeType.KUBERNETES), address="kubernetes/prod/deployment/web")
    found = connection_variables(endpoint(context="prod"))(idle)
    assert found["ansible_kubectl_pod"] == "deployment/web"
    assert "ansible_kubectl_container" not in found


def test_a_token_is_not_written_and_its_user_is_told() -> None:
    one = endpoint(kubernetes={"host": "https://a:1", "api_key": SECRET})
    assert SECRET not in str(variables(kubernetes={"host": "https://a:1", "api_key": SECRET}))
    (caution,) = cautions(one)
    assert caution.startswith("endpoint edge: its api_key is not written")
    assert "K8S_AUTH_API_KEY" in caution
    assert SECRET not in caution
    assert cautions(endpoint(context="prod")) == cautions(endpoint(docker=None)) == ()


def test_a_kubeconfig_that_is_no_file_is_refused() -> None:
    with pytest.raises(InvalidConfigError, match="endpoint edge: a kubeconfig that is no file") as refusal:
        connection_variables(endpoint(kubeconfig={"users": [{"user": {"token": SECRET}}]}))
    assert refusal.value.hint
    assert SECRET not in str(refusal.value)
