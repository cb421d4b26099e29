# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task asks of a deployment: its name, its runtime, its variables and which of them are secrets."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidConfigError,
    InvalidTargetError,
    InvalidTemplateError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.document import Document
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.order import (
    ToolboxOrder,
    parse_toolbox_order,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import read_template
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType

OPTIONS: dict[str, Any] = {
    "state": "present",
    "auto_start": True,
    "remove_volumes": False,
    "allow_privileged": False,
    "take_over": False,
    "wait": True,
    "wait_timeout": 120,
}
MANIFEST = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}, "stringData": {"password": "${PASS}"}}


def order(template: Any = None, **options: Any) -> ToolboxOrder:
    """Return the order of a task, with a template given as data."""
    read = read_template([Document("shop.yaml", template)], title="shop.yaml") if template else None
    return parse_toolbox_order({**OPTIONS, "service_name": "shop", **options}, read)


def of_web(**keys: Any) -> dict[str, Any]:
    return {"services": {"web": {"image": "image", **keys}}}


def wish(template: Any = None, **options: Any) -> Wish:
    return order(template, **options).wish()[0]


def environment(template: Any, **options: Any) -> dict[str, str]:
    """Return the variables of the one service."""
    content = wish(template, **options).content
    assert isinstance(content, Project)
    (service,) = content.services
    return dict(service.environment)


# Its name, and where it is.


@pytest.mark.parametrize(
    ("options", "name"),
    [
        pytest.param({"service_name": "mine", "service": "x"}, "mine", id="the task's"),
        pytest.param({"service_name": None, "service": "Adguard_Home"}, "adguard-home", id="the catalogue's"),
        pytest.param({"service_name": None}, "the-shop", id="the template's"),
        pytest.param({"service_name": "a" * 63}, "a" * 63, id="the longest"),
        pytest.param({"service_name": "0"}, "0", id="the shortest"),
    ],
)
def test_a_deployment_has_the_nearest_name(options: dict[str, Any], name: str) -> None:
    assert order(of_web(labels={"nekzus.toolbox.name": "The Shop!"}), **options).name == name


@pytest.mark.parametrize(
    ("name", "options", "found"),
    [
        ("my_shop", {}, "my-shop"),
        ("${WHO:-nobody}-shop", {}, "nobody-shop"),
        ("${WHO:-nobody}-shop", {"env": {"WHO": "ann"}}, "ann-shop"),
        ("other", {"service_name": "mine"}, "mine"),
    ],
)
def test_a_compose_file_may_name_its_project(name: str, options: dict[str, Any], found: str) -> None:
    told = order({"name": name, **of_web()}, **{"service_name": None, **options})
    assert (told.name, told.injected["SERVICE_NAME"]) == (found, found)


def test_a_project_is_not_named_by_a_variable_without_a_value() -> None:
    with pytest.raises(InvalidTargetError, match="nothing says what the deployment is called"):
        order({"name": "${WHO}", **of_web()}, service_name=None)


@pytest.mark.parametrize("value", [{"b": "c"}, ["b"]])
def test_a_variable_is_given_no_structure(value: Any) -> None:
    with pytest.raises(InvalidConfigError, match="no values for variables in env: A") as refusal:
        order(of_web(), env={"A": value, "B": 1})
    assert refusal.value.hint


@pytest.mark.parametrize("name", ["a" * 64, "-a", "a-", "A", "a_b", "a.b", "é", "a b", "a\n"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidTargetError, match="is no name for a deployment") as caught:
        order(of_web(), service_name=name)
    assert "63" in (caught.value.hint or "")


def test_without_any_name_that_is_told() -> None:
    with pytest.raises(InvalidTargetError, match="nothing says what the deployment is called"):
        order(of_web(), service_name="")


@pytest.mark.parametrize(
    ("options", "runtime"),
    [
        ({}, None),
        ({"runtime": "auto"}, None),
        ({"runtime": "docker"}, RuntimeType.DOCKER),
        ({"namespace": "prod"}, RuntimeType.KUBERNETES),
        ({"namespace": "prod", "runtime": "auto"}, RuntimeType.KUBERNETES),
        ({"namespace": ""}, None),
    ],
)
def test_a_namespace_means_kubernetes(options: dict[str, Any], runtime: RuntimeType | None) -> None:
    assert order(of_web(), **options).runtime is runtime


def test_what_is_no_namespace_is_refused() -> None:
    with pytest.raises(InvalidTargetError, match="Prod_1"):
        order(of_web(), namespace="Prod_1")


def test_only_what_is_deployed_already_needs_no_template() -> None:
    for state in ("started", "stopped", "absent"):
        assert wish(state=state).content is None
    with pytest.raises(InvalidConfigError, match="nothing says what to deploy") as caught:
        order()
    assert "service, src or definition" in (caught.value.hint or "")


def test_what_is_to_go_is_not_rendered() -> None:
    assert wish(of_web(command="${MISSING:?}"), state="absent").content is None


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"port": 0}, "port is 0"),
        ({"port": 65536}, "port is 65536"),
        ({"replicas": 0}, "replicas is 0"),
        ({"replicas": -1}, "replicas is -1"),
        ({"wait_timeout": 0}, "wait_timeout is 0"),
        ({"allowed_paths": ["/srv", "data"]}, "data is no whole path"),
        ({"allowed_paths": ["/srv/../etc"]}, "/srv/../etc is no whole path"),
        ({"project_dir": "srv"}, "srv is no whole path"),
    ],
)
def test_values_that_cannot_be_are_refused_with_a_hint(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidConfigError, match=words) as caught:
        order(of_web(), **options)
    assert caught.value.hint


@pytest.mark.parametrize("options", [{"port": 1}, {"port": 65535}, {"replicas": 1}, {"allowed_paths": ["/"]}])
def test_values_at_the_edge_are_taken(options: dict[str, Any]) -> None:
    assert order(of_web(), **options)


def test_volumes_are_removed_only_where_there_are_some_to_remove() -> None:
    for state in ("started", "stopped"):
        with pytest.raises(InvalidConfigError, match="remove_volumes has nothing to remove"):
            order(state=state, remove_volumes=True)
    assert wish(state="absent", remove_volumes=True).remove_volumes
    assert wish(of_web(), remove_volumes=True).remove_volumes


# What a wish has of it.


def test_a_wish_has_all_that_a_task_asks() -> None:
    given = {
        "state": "started",
        "namespace": "prod",
        "auto_start": False,
        "replicas": 3,
        "remove_volumes": True,
        "allow_privileged": True,
        "allowed_paths": ["/srv"],
        "take_over": True,
        "wait": False,
        "wait_timeout": 7,
    }
    found = wish(of_web(), service="web", **given)
    assert (found.name, found.template, found.state) == ("shop", "web", ToolboxState.STARTED)
    assert {key: getattr(found, key) for key in given} == {
        **given,
        "state": ToolboxState.STARTED,
        "allowed_paths": ("/srv",),
    }


def test_a_service_has_the_image_and_the_port_that_the_task_says() -> None:
    content = wish(of_web(ports=["80"]), image="other:2", port=8080).content
    assert isinstance(content, Project)
    (service,) = content.services
    assert service.image == "other:2"
    assert [(port.target, port.published) for port in service.ports] == [(80, 8080)]


def test_what_a_template_takes_of_the_host_is_refused_unless_the_task_allows_it() -> None:
    with pytest.raises(InvalidTemplateError, match=r"services\.web\.privileged"):
        wish(of_web(privileged=True))
    assert wish(of_web(privileged=True), allow_privileged=True).content


# Variables.


def test_variables_are_given_as_compose_prints_them() -> None:
    names = ("TEXT", "YES", "NUMBER", "HALF", "EMPTY")
    template = of_web(environment={name: f"${{{name}-unset}}" for name in (*names, "NONE")})
    env = {"TEXT": "a b", "YES": True, "NUMBER": 80, "HALF": 0.5, "EMPTY": "", "NONE": None}
    assert environment(template, env=env) == {
        "TEXT": "a b",
        "YES": "true",
        "NUMBER": "80",
        "HALF": "0.5",
        "EMPTY": "",
        "NONE": "unset",
    }


def test_the_task_gives_variables_before_we_do() -> None:
    names = ("SERVICE_NAME", "BASE_URL", "APP_PORT")
    template = of_web(environment={name: f"${{{name}-unset}}" for name in names}, ports=["80"])
    assert environment(template) == {"SERVICE_NAME": "shop", "BASE_URL": "unset", "APP_PORT": "unset"}
    ours = {"base_url": "https://shop", "port": 80}
    assert environment(template, **ours) == {"SERVICE_NAME": "shop", "BASE_URL": "https://shop", "APP_PORT": "80"}
    given = dict.fromkeys(names, "given")
    assert environment(template, env=given, **ours) == given


# Secrets.


@pytest.mark.parametrize(
    ("env", "template", "secrets"),
    [
        pytest.param({"DB_PASSWORD": "hunter2"}, of_web(), {"hunter2"}, id="by its name"),
        pytest.param({"COLOUR": "blue"}, of_web(), set(), id="no secret"),
        pytest.param({"DB_PASSWORD": "abc"}, of_web(), set(), id="too short to be looked for"),
        pytest.param({"DB": "redis://me:hunter2@db"}, of_web(), {"hunter2"}, id="in an address"),
        pytest.param({}, of_web(environment={"API_KEY": "literal"}), {"literal"}, id="in the template"),
        pytest.param({}, of_web(environment={"API_KEY": "$SEED"}), set(), id="the name of a variable"),
        pytest.param({"PASS": "long", "TOKEN": "longer"}, of_web(), {"longer", "long"}, id="several"),
    ],
)
def test_secrets_are_known_before_the_template_is_filled_in(
    env: dict[str, str], template: Any, secrets: set[str]
) -> None:
    found = order(template, env=env).secrets
    assert set(found) == secrets
    assert list(found) == sorted(found, key=len, reverse=True)


def test_what_the_template_uses_for_a_secret_is_one() -> None:
    assert "blue-eyes" in wish(of_web(environment={"API_TOKEN": "$SEED"}), env={"SEED": "blue-eyes"}).secrets
    content = {**of_web(secrets=["key"]), "secrets": {"key": {"content": "from ${SEED}"}}}
    assert "from blue-eyes" in wish(content, env={"SEED": "blue-eyes"}).secrets
    assert "blue-eyes" in wish(MANIFEST, env={"PASS": "blue-eyes"}).secrets


def test_neither_an_order_nor_a_wish_prints_a_secret() -> None:
    found = order(of_web(environment={"DB_PASSWORD": "$DB_PASSWORD"}), env={"DB_PASSWORD": "hunter2"})
    assert "hunter2" not in repr((found, found.wish()))
