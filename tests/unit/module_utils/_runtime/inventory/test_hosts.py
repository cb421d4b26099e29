# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The names and groups of containers as hosts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory.endpoints import Endpoint
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory.hosts import (
    RESERVED,
    Host,
    host_of,
    unique_names,
    valid_name,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Owner, RuntimeType, State
from ansible_collections.nekzus.runtime.tests.unit.fakes.subject import container

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import Container

CONFIG = load_config()
OWNER = Owner("Deployment", "web", "apps/v1")


def endpoint(name: str, *, named: bool = True) -> Endpoint:
    return Endpoint(name, RuntimeType.DOCKER, CONFIG, CONFIG, named=named)


def pod(name: str, *, kind: str = "", namespace: str = "prod") -> Container:
    made = container(name, runtime=RuntimeType.KUBERNETES)
    address = "/".join(part for part in ("kubernetes", namespace, kind, name) if part)
    return replace(made, address=address, namespace=namespace, owner=OWNER)


@pytest.mark.parametrize(
    ("thing", "own"),
    [
        (container("web"), "web"),
        (container("a.b_c-d"), "a.b_c-d"),
        (pod("web-0"), "web-0.prod"),
        (pod("web", kind="deployment"), "web.deployment.prod"),
        (pod("web", kind="rollout.example.com"), "web.rollout.example.com.prod"),
    ],
)
def test_a_host_is_called_as_its_container_and_with_the_name_of_its_endpoint(thing: Container, own: str) -> None:
    assert host_of(thing, endpoint("docker", named=False), {}).name == own
    host = host_of(thing, endpoint("edge"), {"a": 1})
    assert (host.name, host.full_name, host.variables) == (f"{own}.edge", f"{own}.edge", {"a": 1})


def test_the_groups_say_runtime_endpoint_state_namespace_owner_and_project() -> None:
    assert host_of(container("web", state=State.STOPPED), endpoint("edge"), {}).groups == (
        "docker",
        "endpoint_edge",
        "state_stopped",
    )
    assert host_of(replace(pod("web-0"), compose_project="shop"), endpoint("edge"), {}).groups == (
        "kubernetes",
        "endpoint_edge",
        "state_running",
        "namespace_prod",
        "owner_deployment_web",
        "compose_shop",
    )


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("web", "web"),
        (" web ", "web"),
        ("a/b:c", "a_b_c"),
        ("{{ lookup('pipe', 'x') }}", "___lookup__pipe____x_____"),
        ("!all,&x", "_all__x"),
        ("...", ""),
        ("größe.1", "größe.1"),
    ],
)
def test_the_name_of_a_host_is_no_pattern_no_port_and_no_template(text: str, valid: str) -> None:
    assert valid_name(text) == valid


def names(*wanted: str, reserved: frozenset[str] = frozenset()) -> list[str]:
    hosts = [Host(name, f"{name}.{number}", (), {}) for number, name in enumerate(wanted)]
    return unique_names(hosts, wanted, reserved=reserved)


def test_a_name_that_is_one_host_alone_stays() -> None:
    assert names("a", "b") == ["a", "b"]


def test_a_name_of_several_hosts_is_none_of_theirs() -> None:
    assert names("a", "b", "a") == ["a.0", "b", "a.2"]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_container_becomes_what_ansible_means_by_a_name(name: str) -> None:
    (found,) = names(name)
    assert found not in RESERVED
    assert found == f"{name}.0".replace(":", "_")


def test_no_host_has_the_name_of_a_group() -> None:
    assert names("web", reserved=frozenset(("web", "web.0"))) == ["web.0.2"]


def test_a_full_name_that_another_host_has_is_numbered() -> None:
    assert names("a", "a", "a.1") == ["a.0", "a.1.2", "a.1"]


def test_hosts_that_have_the_same_full_name_are_numbered() -> None:
    hosts = [Host("a", "a.edge", (), {})] * 3
    assert unique_names(hosts, ["a", "a", "a"], reserved=()) == ["a.edge", "a.edge.2", "a.edge.3"]
