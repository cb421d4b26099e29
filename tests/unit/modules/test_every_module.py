# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every module does alike: errors, configuration, secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import errors
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import OTHER_MODULES

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome
    from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

SECRET = "t0p-s3cret-t0ken"  # noqa: S105 - a test's
KUBECONFIG = {
    "current-context": "prod",
    "users": [
        {"name": "me", "user": {"token": SECRET}},
        {"name": "you", "user": {"client-key-data": SECRET + "-data", "password": SECRET + "-word"}},
    ],
}

REQUIRED = {
    "nekzus_container": {"state": "started"},
    "nekzus_toolbox_deploy": {"service_name": "shop", "state": "absent"},
}


def run(module: ModuleRun, **options: Any) -> Outcome:
    """Run a module with what it requires, naming a container only to one that takes it."""
    if module.name in OTHER_MODULES and "names" not in options:
        options.pop("name", None)
    return module(**{**REQUIRED.get(module.name, {}), **options})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        pytest.param({"nmae": "web"}, "nmae", id="unknown option"),
        pytest.param({"name": "web", "runtime": "lxc"}, "value of runtime must be one of", id="bad choice"),
        pytest.param({"name": "web", "runtimes": {"podman": {}}}, "podman", id="unknown runtime in the document"),
        pytest.param({"name": "web", "runtimes": ["docker"]}, "dictionary requested", id="a list of runtimes"),
        pytest.param({"name": "web", "runtimes": {"kubernetes": ["x"]}}, "dictionary", id="list of a runtime"),
        pytest.param({"name": "web", "runtimes": {"docker": {"sockt": "/x"}}}, "sockt", id="unknown key"),
        pytest.param({"name": "web", "runtimes": {"primary": "lxc"}}, "primary", id="bad primary"),
        pytest.param(
            {"name": "web", "runtimes": {"docker": {"timeout": "1x"}}}, "runtimes.docker.timeout", id="duration"
        ),
        pytest.param({"name": "web", "docker_host": "ftp://x"}, "docker_host", id="bad address"),
        pytest.param({"name": "web", "kubeconfig": 5}, "kubeconfig", id="bad kubeconfig"),
    ],
)
def test_bad_options_have_a_failure_too(
    any_module: ModuleRun, docker: FakeDocker, options: dict[str, Any], words: str
) -> None:
    outcome = run(any_module, **options)
    assert outcome.failure["code"] == "invalid_config"
    assert words in outcome.failure["message"]
    assert outcome.failure["hint"]
    assert docker.calls == []


EVERY_ERROR = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.NekzusError)]


@pytest.mark.parametrize("kind", [pytest.param(one, id=one.__name__) for one in EVERY_ERROR])
def test_every_error_of_a_connection_is_a_failure_with_its_code(
    target_module: ModuleRun, docker: FakeDocker, kind: type[errors.NekzusError]
) -> None:
    docker.fail("version", kind("it is so", runtime="docker", hint="do this"))
    outcome = run(target_module, name="web")
    assert outcome.failure["code"] == kind.code
    assert outcome.failure["hint"] == "do this"
    assert "it is so" in outcome.result["msg"]


def test_a_selection_on_a_daemon_that_does_not_answer_fails(target_module: ModuleRun, docker: FakeDocker) -> None:
    docker.fail("list", errors.RuntimeUnavailableError("nothing answers at x", runtime="docker", hint="start it"))
    outcome = run(target_module, filters={"name": ["web"]})
    assert outcome.failure["code"] == "runtime_unavailable"
    assert outcome.result["msg"] == "docker: nothing answers at x. Hint: start it."
    assert docker.closed


def test_a_runtime_that_is_switched_off_is_not_found(target_module: ModuleRun, docker: FakeDocker) -> None:
    outcome = run(target_module, name="docker/web", runtimes={"primary": "docker", "docker": {"enabled": False}})
    assert outcome.failure["code"] == "runtime_not_found"
    assert "runtimes.docker.enabled" in outcome.failure["hint"]
    assert outcome.warnings == ["runtimes.primary is docker, which runtimes.docker.enabled switches off"]
    assert docker.calls == []


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        pytest.param({}, {}, "unix:///var/run/docker.sock", id="default"),
        pytest.param({}, {"DOCKER_HOST": "tcp://env:1"}, "tcp://env:1", id="environment"),
        pytest.param(
            {"runtimes": {"docker": {"socket_path": "tcp://doc:1"}}},
            {"DOCKER_HOST": "tcp://env:1"},
            "tcp://doc:1",
            id="document over environment",
        ),
        pytest.param(
            {"docker_host": "tcp://flat:1", "runtimes": {"docker": {"socket_path": "tcp://doc:1"}}},
            {"DOCKER_HOST": "tcp://env:1"},
            "tcp://flat:1",
            id="shortcut over document",
        ),
        pytest.param({"docker_host": ""}, {"DOCKER_HOST": "tcp://env:1"}, "tcp://env:1", id="an empty survey answer"),
    ],
)
def test_the_daemons_address_comes_from_the_nearest(
    any_module: ModuleRun,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    environment: dict[str, str],
    expected: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    any_module.docker.add("web")
    assert run(any_module, name="web", **options).success
    assert [config.socket_path for config in any_module.configs] == [expected]


def test_tls_comes_from_the_environment(any_module: ModuleRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://env:2376")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", "/certs")
    any_module.docker.add("web")
    assert run(any_module, name="web").success
    tls = any_module.configs[0].tls
    assert tls is not None
    assert (tls.ca_path, tls.client_cert, tls.client_key) == ("/certs/ca.pem", "/certs/cert.pem", "/certs/key.pem")


LEAKS: list[Any] = [
    pytest.param({"runtimes": {"kubernetes": {"api_key": SECRET}}}, id="api_key"),
    pytest.param({"kubeconfig": KUBECONFIG}, id="kubeconfig"),
    pytest.param({"runtimes": {"kubernetes": {"kubeconfig": KUBECONFIG}}}, id="kubeconfig in the document"),
]


@pytest.mark.parametrize("options", LEAKS)
def test_secrets_are_neither_printed_nor_logged(any_module: ModuleRun, options: dict[str, Any]) -> None:
    any_module.docker.add("web")
    outcome = run(any_module, name="web", **options)
    assert outcome.success
    assert outcome.log
    assert "runtime=auto" in outcome.log[0]
    assert SECRET not in outcome.everything


@pytest.mark.parametrize("options", LEAKS)
def test_secrets_are_not_printed_by_a_failure(target_module: ModuleRun, options: dict[str, Any]) -> None:
    outcome = run(target_module, name="web", **options)
    assert outcome.failure["code"] == "container_not_found"
    assert SECRET not in outcome.everything


@pytest.mark.parametrize("options", LEAKS)
@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param({"nmae": "web"}, id="unknown option"),
        pytest.param({"runtime": "lxc"}, id="bad choice"),
        pytest.param({"name": "web", "names": ["web"]}, id="mutually exclusive"),
    ],
)
def test_secrets_are_not_printed_when_the_options_do_not_fit(
    any_module: ModuleRun, options: dict[str, Any], mistake: dict[str, Any]
) -> None:
    outcome = run(any_module, **mistake, **options)
    assert outcome.failure["code"] == "invalid_config"
    assert SECRET not in outcome.everything


def test_the_text_of_a_kubeconfig_is_neither_printed_nor_logged(any_module: ModuleRun) -> None:
    written = f"users:\n- user: {{token: {SECRET}}}\n"
    for options in ({"kubeconfig": written}, {"runtimes": {"kubernetes": {"kubeconfig": written}}}):
        outcome = run(any_module, name="web", **options)
        assert outcome.failure["code"] == "invalid_config"
        assert SECRET not in outcome.everything


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"docker_host": f"ssh://me:{SECRET}@host"}, id="docker_host"),
        pytest.param({"runtimes": {"docker": {"socket_path": f"tcp://me:{SECRET}@host:1"}}}, id="socket_path"),
        pytest.param({"runtimes": {"kubernetes": {"proxy": f"http://me:{SECRET}@proxy:3128"}}}, id="proxy"),
    ],
)
def test_the_password_of_an_address_is_neither_printed_nor_logged(
    any_module: ModuleRun, options: dict[str, Any]
) -> None:
    any_module.docker.add("web")
    assert SECRET not in run(any_module, name="web", **options).everything


@pytest.mark.parametrize("variable", ["K8S_AUTH_API_KEY", "K8S_AUTH_PROXY"], ids=["token", "address with a password"])
def test_secrets_of_the_environment_are_not_printed(
    any_module: ModuleRun, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, f"http://me:{SECRET}@proxy" if "PROXY" in variable else SECRET)
    assert SECRET not in run(any_module, name="prod/web").everything


def test_the_connection_is_closed_whatever_happens(target_module: ModuleRun, docker: FakeDocker) -> None:
    assert run(target_module, name="nothing").failure
    assert docker.closed
