# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The daemons and clusters of an inventory, as a user writes them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import load_config
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidConfigError,
    RuntimeNotFoundError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory.endpoints import (
    implied_endpoints,
    parse_endpoints,
    restricted,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.types import RuntimeType

DOCKER, KUBERNETES = RuntimeType.DOCKER, RuntimeType.KUBERNETES


def parse(*documents: Any, **env: str) -> Any:
    return parse_endpoints(list(documents), env=env)


@pytest.mark.parametrize(
    ("document", "kind", "place"),
    [
        ({"docker_host": "/a.sock"}, DOCKER, "unix:///a.sock"),
        ({"docker": {"socket_path": "tcp://a:2375"}}, DOCKER, "tcp://a:2375"),
        ({"docker": None}, DOCKER, "unix:///env.sock"),
        ({"docker": {}}, DOCKER, "unix:///env.sock"),
        ({"docker": {"timeout": "5s"}, "docker_host": "/a.sock"}, DOCKER, "unix:///a.sock"),
        ({"kubeconfig": "~/a.yml"}, KUBERNETES, ("~/a.yml", "")),
        ({"context": "prod"}, KUBERNETES, ("/env.yml", "prod")),
        ({"kubernetes": None}, KUBERNETES, ("/env.yml", "")),
        ({"kubernetes": {"kubeconfig": "/a.yml"}, "context": "prod"}, KUBERNETES, ("/a.yml", "prod")),
    ],
)
def test_an_endpoint_has_the_keys_of_one_runtime(document: dict[str, Any], kind: RuntimeType, place: Any) -> None:
    (endpoint,) = parse({"name": "edge", **document}, DOCKER_HOST="unix:///env.sock", KUBECONFIG="/env.yml")
    assert (endpoint.name, endpoint.type, endpoint.named) == ("edge", kind, True)
    config = endpoint.config
    assert config.primary is kind
    found = config.docker.socket_path if kind is DOCKER else (config.kubernetes.kubeconfig, config.kubernetes.context)
    assert found == place
    assert not config.warnings


def test_what_only_the_environment_says_is_told_apart() -> None:
    env = {"DOCKER_HOST": "tcp://a:2376", "DOCKER_TLS_VERIFY": "1", "HOME": "/home/me"}
    (endpoint,) = parse({"name": "edge", "docker": {"timeout": "5s"}}, **env)
    assert endpoint.config.docker.socket_path == "tcp://a:2376"
    assert endpoint.config.docker.tls.ca_path == "/home/me/.docker/ca.pem"
    assert (endpoint.said.docker.tls, endpoint.said.docker.timeout) == (None, 5)


@pytest.mark.parametrize(
    ("documents", "message", "hint"),
    [
        ([], "endpoints must be a list of at least one endpoint", "name: edge"),
        (["edge"], r"endpoints\[0\] must be a dictionary, not a str", "its keys are name"),
        ([None], r"endpoints\[0\] has no name", "name: edge"),
        ([{"docker_host": "/a"}], r"endpoints\[0\] has no name", "name: edge"),
        ([{"name": "a"}], r"endpoints\[0\] is neither a daemon nor a cluster", "docker_host or some of kubernetes"),
        ([{"name": "a", "docker": {}, "context": "b"}], r"endpoints\[0\] is both", "give it one of"),
        ([{"name": "a", "dokcer": {}}], r"endpoints\[0\]\.dokcer is not a key", r"did you mean docker\?"),
        ([{"name": "a b", "docker": {}}], r"endpoints\[0\]\.name is not a name", "letters"),
        ([{"name": "{{ a }}", "docker": {}}], r"endpoints\[0\]\.name is not a name", "letters"),
        ([{"name": 1, "docker": {}}], r"endpoints\[0\]\.name must be a text", "quotes"),
        ([{"name": "a", "docker": {"sokcet_path": 1}}], r"endpoints\.a\.docker\.sokcet_path is", "socket_path"),
        ([{"name": "a", "docker": {"tls": {"client_key": "k"}}}], r"endpoints\.a\.docker\.tls has only", "both"),
        ([{"name": "a", "docker": "/a"}], r"endpoints\.a\.docker must be a dictionary", "socket_path"),
        ([{"name": "a", "docker_host": "a"}], r"endpoints\.a\.docker_host is not the address", "unix:"),
        ([{"name": "a", "context": 1}], r"endpoints\.a\.context must be a text", "quotes"),
        ([{"name": "a", "kubernetes": {"host": "a"}}], r"endpoints\.a\.kubernetes\.host is not the URL", "https"),
        ([{"name": "a", "docker": {}}, {"name": "a", "context": "b"}], r"endpoints\[1\]\.name is a once", r"\[0\]"),
    ],
)
def test_what_cannot_be_is_refused_by_the_key(documents: list[Any], message: str, hint: str) -> None:
    with pytest.raises(InvalidConfigError, match=message) as refusal:
        parse(*documents)
    assert re.search(hint, str(refusal.value.hint))


def test_no_list_is_refused() -> None:
    with pytest.raises(InvalidConfigError, match="endpoints must be a list"):
        parse_endpoints({"name": "edge", "docker": {}}, env={})


def test_an_endpoint_that_is_switched_off_is_left_out_but_keeps_its_name() -> None:
    off = {"name": "edge", "docker": {"enabled": False}}
    assert [one.name for one in parse(off, {"name": "lab", "docker": {}})] == ["lab"]
    with pytest.raises(InvalidConfigError, match="once more"):
        parse(off, {"name": "edge", "docker": {}})


def test_without_endpoints_each_usable_runtime_is_one_of_its_own_name() -> None:
    config = load_config()
    found = implied_endpoints(config, config, is_usable=lambda _kind: True)
    assert [(one.name, one.type, one.named) for one in found] == [
        ("docker", DOCKER, False),
        ("kubernetes", KUBERNETES, False),
    ]
    assert [one.name for one in implied_endpoints(config, config, is_usable=DOCKER.__eq__)] == ["docker"]


def test_the_endpoints_of_one_runtime_are_those_of_its_type() -> None:
    endpoints = parse({"name": "a", "docker": {}}, {"name": "b", "context": "b"})
    assert restricted(endpoints, None) == endpoints
    assert [one.name for one in restricted(endpoints, KUBERNETES)] == ["b"]
    with pytest.raises(RuntimeNotFoundError, match="no kubernetes is enabled"):
        restricted(endpoints[:1], KUBERNETES)
