# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the options of the inventory come from, and what is never a template."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.template import Templar
from ansible_collections.nekzus.runtime.plugins.plugin_utils._trust import as_template

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.inventory.inventory_run import InventoryRun

EDGE = {"name": "edge", "docker_host": "/edge.sock"}


@pytest.fixture
def edge(listed: InventoryRun) -> InventoryRun:
    """Have containers on a daemon that only the options say."""
    fake = listed.docker("web", "db", at="unix:///edge.sock")
    fake.add("old", state="exited")
    return listed


@pytest.mark.parametrize(
    ("option", "value", "hosts"),
    [
        ("docker_host", "/edge.sock", ["db", "web"]),
        ("runtimes", {"docker": {"socket_path": "/edge.sock"}}, ["db", "web"]),
        ("endpoints", [EDGE], ["db.edge", "web.edge"]),
    ],
)
def test_where_the_runtimes_are_can_be_said_by_variable_and_environment(
    edge: InventoryRun, monkeypatch: pytest.MonkeyPatch, option: str, value: Any, hosts: list[str]
) -> None:
    edge.extra = {f"nekzus_inventory_{option}": value}
    assert list(edge().hosts) == hosts
    edge.extra = {}
    monkeypatch.setenv(f"NEKZUS_INVENTORY_{option.upper()}", value if isinstance(value, str) else json.dumps(value))
    assert list(edge().hosts) == hosts


@pytest.mark.parametrize(
    ("option", "value", "text", "hosts"),
    [
        ("include_stopped", True, "true", ["db", "old", "web"]),
        ("exclude", ["web"], "web,other", ["db"]),
        ("filters", {"name": ["w*"]}, '{"name": ["w*"]}', ["web"]),
        ("hostname", "{{ nekzus_name }}x", "{{ nekzus_name }}x", ["dbx", "webx"]),
    ],
)
def test_what_is_listed_can_be_said_by_variable_and_environment(  # noqa: PLR0913, PLR0917 - a table
    edge: InventoryRun, monkeypatch: pytest.MonkeyPatch, option: str, value: Any, text: str, hosts: list[str]
) -> None:
    edge.extra = {f"nekzus_inventory_{option}": value}
    if option != "hostname":  # what the command line says is a template once it has come through Ansible's own reading
        assert list(edge(docker_host="/edge.sock").hosts) == hosts
    edge.extra = {}
    monkeypatch.setenv(f"NEKZUS_INVENTORY_{option.upper()}", text)
    assert list(edge(docker_host="/edge.sock").hosts) == hosts


def test_what_is_constructed_can_be_said_by_the_environment(
    edge: InventoryRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEKZUS_INVENTORY_COMPOSE", '{"a": "nekzus_name ~ 1"}')
    monkeypatch.setenv("NEKZUS_INVENTORY_GROUPS", '{"webs": "nekzus_name == \'web\'"}')
    monkeypatch.setenv("NEKZUS_INVENTORY_KEYED_GROUPS", '[{"key": "nekzus_name", "prefix": "n"}]')
    found = edge(docker_host="/edge.sock")
    assert found.hosts["web"]["a"] == "web1"
    assert found.groups["webs"] == found.groups["n_web"] == ["web"]


def test_the_file_wins_over_the_variable_and_that_over_the_environment(
    edge: InventoryRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEKZUS_INVENTORY_DOCKER_HOST", "/env.sock")
    monkeypatch.setenv("DOCKER_HOST", "unix:///docker.sock")
    for place in ("var", "env", "docker"):
        edge.docker(f"of-{place}", at=f"unix:///{place}.sock")
    assert list(edge().hosts) == ["of-env"]
    edge.extra = {"nekzus_inventory_docker_host": "/var.sock"}
    assert list(edge().hosts) == ["of-var"]
    assert list(edge(docker_host="/edge.sock").hosts) == ["db", "web"]
    edge.extra = {}
    monkeypatch.delenv("NEKZUS_INVENTORY_DOCKER_HOST")
    assert list(edge().hosts) == ["of-docker"]


def test_what_the_environment_has_to_say_in_json_says_so(edge: InventoryRun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEKZUS_INVENTORY_ENDPOINTS", "[{")
    with pytest.raises(AnsibleError, match=r"variable NEKZUS_INVENTORY_ENDPOINTS is not JSON\. Hint: write"):
        edge()


def test_options_may_be_templates_over_the_variables_of_the_command_line(edge: InventoryRun) -> None:
    edge.extra = {"place": "/edge.sock", "wanted": ["w*"]}
    endpoint = {"name": "edge", "docker": {"socket_path": "{{ place }}"}}
    assert list(edge(endpoints=[endpoint], filters={"name": "{{ wanted }}"}).hosts) == ["web.edge"]


PWN = "{{ lookup('pipe', 'touch PWNED') }}"


def test_what_a_container_says_is_never_evaluated(listed: InventoryRun, tmp_path: Path) -> None:
    text = PWN.replace("PWNED", str(tmp_path / "pwned"))
    labels = {"foo": text, text: "bar", "com.docker.compose.project": text, "half": "{", "plain": "x"}
    listed.docker("web", labels=labels)
    parent = "{{ nekzus_labels.foo }}"
    found = listed(
        details=True,
        hostname="{{ nekzus_labels.foo }}",
        compose={"a": "nekzus_labels.foo", "b": "nekzus_labels.half ~ nekzus_labels.foo", "c": "nekzus_labels"},
        groups={"has": "nekzus_labels.foo", "like": "nekzus_labels.foo is search('lookup')"},
        keyed_groups=[
            {"key": "nekzus_labels"},
            {"key": "nekzus_labels.foo", "parent_group": parent},
        ],
    )
    assert not (tmp_path / "pwned").exists()
    (name,) = found.hosts
    assert not set(name) & set("{}'() /")
    assert all(not set(group) & set("{}'() /") for group in found.groups)
    assert found.hosts[name]["nekzus_labels"] == labels
    assert (found.hosts[name]["a"], found.hosts[name]["b"], found.hosts[name]["c"]) == (text, "{" + text, labels)
    assert found.groups["like"] == [name]


def test_the_same_data_from_the_cache_is_never_evaluated(listed: InventoryRun, tmp_path: Path) -> None:
    text = PWN.replace("PWNED", str(tmp_path / "pwned"))
    fake = listed.docker("web", labels={"foo": text})
    kept: dict[str, Any] = {
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(tmp_path / "cache"),
    }
    for _run in range(2):
        data = InventoryData()
        found = listed(inventory=data, compose={"a": "nekzus_labels.foo"}, **kept)
        assert found.hosts["web"]["a"] == found.hosts["web"]["nekzus_labels"]["foo"] == text
        templar = Templar(loader=None, variables=data.hosts["web"].get_vars())
        assert templar.template(as_template("{{ a }} {{ nekzus_labels.foo }}")) == f"{text} {text}"
    assert [str(call) for call in fake.calls] == ["list"]
    assert not (tmp_path / "pwned").exists()
