# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every key of a service, in every form that Compose has for it, is what it says; all that does not fit is told."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose_service import KEYS
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    Condition,
    Dependency,
    NetworkAttachment,
)

from .composing import project_of, service_of
from .service_forms import FORMS

NET: dict[str, Any] = {"networks": {"back": None, "front": {}}}


@pytest.mark.parametrize(("key", "value", "field", "meant"), FORMS)
def test_a_key_is_read(key: str, value: Any, field: str, meant: Any) -> None:
    assert getattr(service_of(**{key: value}), field) == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (None, (NetworkAttachment("default"),)),
        (["back", "front"], (NetworkAttachment("back"), NetworkAttachment("front"))),
        ({"back": None}, (NetworkAttachment("back"),)),
        (
            {"back": {"aliases": ["a"], "ipv4_address": "10.0.0.5", "priority": 10, "driver_opts": {"x": 1}}},
            (NetworkAttachment("back", ("a",), "10.0.0.5", priority=10, driver_opts={"x": "1"}),),
        ),
    ],
)
def test_networks_are_read_in_both_forms(value: Any, meant: Any) -> None:
    assert service_of(top=NET, networks=value).networks == meant


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (["db"], (Dependency("db"),)),
        ({"db": {"condition": "service_healthy"}}, (Dependency("db", Condition.HEALTHY),)),
        (
            {"db": {"condition": "service_completed_successfully", "required": False, "restart": True}},
            (Dependency("db", Condition.COMPLETED, required=False, restart=True),),
        ),
        ({"db": {}}, (Dependency("db"),)),
    ],
)
def test_dependencies_are_read_in_both_forms(value: Any, meant: Any) -> None:
    project = project_of({"services": {"web": {"image": "i", "depends_on": value}, "db": {"image": "i"}}})
    assert [service.name for service in project.services] == ["db", "web"]
    assert project.services[1].depends_on == meant


@pytest.mark.parametrize(
    "key",
    [
        {"links": ["db:data"]},
        {"network_mode": "service:db"},
        {"ipc": "service:db"},
        {"pid": "service:db"},
        {"volumes_from": ["db"]},
    ],
)
def test_what_a_service_shares_with_another_is_a_dependency(key: dict[str, Any]) -> None:
    project = project_of({"services": {"web": {"image": "i", **key}, "db": {"image": "i"}}})
    assert project.services[1].depends_on == (Dependency("db"),)


def test_every_known_key_has_a_test_here_or_beside() -> None:
    beside = {
        "configs",
        "secrets",
        "environment",
        "env_file",
        "expose",
        "ports",
        "tmpfs",
        "volumes",
        "extends",
        "profiles",
    }
    read = {key for key, _value, _field, _meant in FORMS} | beside | {"image", "log_opt"}
    told = {"attach", "develop", "networks", "depends_on", "links", "volumes_from"} | set(REFUSED)
    assert read | told == KEYS


REFUSED = (
    "blkio_config",
    "build",
    "cpu_count",
    "cpu_percent",
    "cpu_rt_period",
    "cpu_rt_runtime",
    "credential_spec",
    "label_file",
    "models",
    "post_start",
    "pre_stop",
    "provider",
    "use_api_socket",
)


@pytest.mark.parametrize("key", REFUSED)
def test_a_key_that_cannot_be_had_is_refused_with_what_to_do(key: str) -> None:
    with pytest.raises(
        InvalidTemplateError, match=re.escape(f"services.web.{key}: this key is not supported")
    ) as caught:
        project_of({"services": {"web": {"image": "x", key: {"x": 1}}}})
    assert f"{key}: " in (caught.value.hint or "")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"imgae": "x"}, "services.web.imgae: this key is not known"),
    ({"image": ["x"]}, "services.web.image: this has to be a text"),
    ({"image": None}, "services.web: image is missing"),
    ({"command": "'open"}, "services.web.command: a quotation mark is not closed"),
    ({"privileged": "maybe"}, "services.web.privileged: this has to be true or false"),
    ({"privileged": []}, "services.web.privileged: this has to be true or false"),
    ({"cpus": "many"}, "services.web.cpus: this has to be a number"),
    ({"cpus": True}, "services.web.cpus: this has to be a number"),
    ({"scale": 1.5}, "services.web.scale: this has to be a whole number"),
    ({"scale": -1}, "services.web.scale: this has to be between 0 and 1000"),
    ({"deploy": {"replicas": 5000}}, "services.web.deploy.replicas: this has to be between 0 and 1000"),
    ({"mem_limit": "lots"}, "services.web.mem_limit: this has to be a size"),
    ({"mem_limit": "-5m"}, "services.web.mem_limit: this has to be a size"),
    ({"stop_grace_period": "soon"}, "services.web.stop_grace_period: this has to be a duration"),
    ({"restart": "sometimes"}, "services.web.restart: this is none of no, always"),
    (
        {"deploy": {"restart_policy": {"condition": "x"}}},
        "services.web.deploy.restart_policy.condition: x is not one of",
    ),
    ({"deploy": {"replica": 1}}, "services.web.deploy.replica: this key is not known"),
    ({"deploy": []}, "services.web.deploy: this has to be a mapping"),
    ({"healthcheck": {"test": ["curl"]}}, "services.web.healthcheck.test: the first word is none of"),
    ({"healthcheck": {"every": "1s"}}, "services.web.healthcheck.every: this key is not known"),
    ({"ulimits": {"nofile": {"soft": 1}}}, "services.web.ulimits.nofile: soft and hard are both needed"),
    ({"ulimits": {"nofile": "x"}}, "services.web.ulimits.nofile: this has to be a number"),
    ({"extra_hosts": ["host"]}, "services.web.extra_hosts[0]: this is no host"),
    ({"devices": ["a:b:c:d"]}, "services.web.devices[0]: this is no device"),
    ({"pull_policy": "sometimes"}, "services.web.pull_policy: sometimes is not one of"),
    ({"pull_policy": "daily"}, "services.web.pull_policy: pulling by the clock"),
    ({"pull_policy": "build"}, "services.web.pull_policy: this key is not supported"),
    ({"networks": ["nowhere"]}, "services.web.networks: the network nowhere is not declared"),
    ({"networks": ["a"], "network_mode": "host"}, "services.web.networks: networks and network_mode are both there"),
    ({"depends_on": ["nobody"]}, "services.web.depends_on: there is no service nobody"),
    ({"depends_on": {"web": {"condition": "x"}}}, "services.web.depends_on.web.condition: x is not one of"),
    ({"depends_on": ["web"]}, "services depend on each other in a circle: web -> web"),
    ({"volumes_from": ["nobody"]}, "services.web.volumes_from[0]: there is no service nobody"),
    ({"environment": 5}, "services.web.environment: this has to be a mapping"),
    ({"logging": {"drive": "x"}}, "services.web.logging.drive: this key is not known"),
]


@pytest.mark.parametrize(("keys", "words"), BAD)
def test_what_does_not_fit_is_told_with_its_path(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        service_of(**keys)


def test_everything_that_is_wrong_is_told_at_once_with_its_lines() -> None:
    text = "services:\n  web:\n    image: i\n    build: .\n    cpus: x\n    oops: 1\n"
    with pytest.raises(InvalidTemplateError) as caught:
        project_of(text)
    for words in (
        "build: this key is not supported (compose.yaml, line 4",
        "cpus: this has to be a number (compose.yaml, line 5",
    ):
        assert words in str(caught.value)
    assert "oops: this key is not known (compose.yaml, line 6, column 5)" in str(caught.value)


@pytest.mark.parametrize("key", ["endpoint_mode", "labels", "placement", "rollback_config", "update_config"])
def test_what_is_about_swarm_is_a_warning_that_names_it(key: str) -> None:
    project = project_of({"services": {"web": {"image": "i", "deploy": {key: {"x": 1}}}}})
    assert project.warnings == (f"services.web.deploy.{key} is not heeded: it is about Swarm",)


@pytest.mark.parametrize("key", ["attach", "develop"])
def test_what_is_about_the_docker_command_is_a_warning_that_names_it(key: str) -> None:
    (warning,) = project_of({"services": {"web": {"image": "i", key: True}}}).warnings
    assert warning.startswith(f"services.web.{key} is not heeded: ")


def test_what_is_swarm_by_default_needs_no_word_and_own_keys_are_let_be() -> None:
    service = {"image": "i", "deploy": {"mode": "replicated"}, "x-mine": 1}
    assert project_of({"services": {"web": service}, "x-all": {}, "version": "3"}).warnings == ()
