# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept of an inventory, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import POD
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import document, written
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import pod

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.inventory.inventory_run import InventoryRun

EDGE = {"name": "edge", "docker_host": "/edge.sock"}
LAB = {"name": "lab", "docker_host": "/lab.sock"}


@pytest.fixture
def kept(listed: InventoryRun, tmp_path: Path) -> dict[str, Any]:
    """Return the options of an inventory that is kept in files."""
    listed.docker("web", labels={"tier": "front"}, at="unix:///edge.sock")
    listed.docker("web", at="unix:///lab.sock")
    folder = str(tmp_path / "cache")
    return {"cache": True, "cache_plugin": "ansible.builtin.jsonfile", "cache_connection": folder, "endpoints": [EDGE]}


def requests(run: InventoryRun, at: str = "unix:///edge.sock") -> int:
    return len(run.fakes[at].calls)  # type: ignore[union-attr]


def test_a_second_run_asks_nothing_and_says_the_same(listed: InventoryRun, kept: dict[str, Any]) -> None:
    first = listed(**kept)
    assert listed(**kept) == first
    assert requests(listed) == 1


def test_a_run_that_shall_not_use_the_cache_renews_it(listed: InventoryRun, kept: dict[str, Any]) -> None:
    listed(**kept)
    listed.fakes["unix:///edge.sock"].add("db")  # type: ignore[union-attr]
    assert list(listed(**kept).hosts) == ["web.edge"]
    assert list(listed(may_use_cache=False, **kept).hosts) == ["db.edge", "web.edge"]
    assert list(listed(**kept).hosts) == ["db.edge", "web.edge"]
    assert requests(listed) == 2


def test_nothing_is_kept_unless_it_is_asked_for(listed: InventoryRun, kept: dict[str, Any], tmp_path: Path) -> None:
    for _run in range(2):
        listed(**{**kept, "cache": False})
    assert requests(listed) == 2
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"endpoints": [LAB]},
        {"endpoints": [EDGE, LAB]},
        {"endpoints": [{**EDGE, "name": "other"}]},
        {"filters": {"name": ["w*"]}},
        {"include_stopped": True},
        {"details": True},
        {"connection": "exec"},
    ],
)
def test_what_is_kept_is_not_taken_for_something_else(
    listed: InventoryRun, kept: dict[str, Any], change: dict[str, Any]
) -> None:
    listed.fakes["unix:///lab.sock"].add("only")  # type: ignore[union-attr]
    kept_hosts = listed(**kept)
    changed = listed(**{**kept, **change})
    alone = listed(**{**kept, **change, "cache": False})
    assert changed == alone
    assert listed(**kept) == kept_hosts


def test_names_and_what_is_constructed_are_not_kept(listed: InventoryRun, kept: dict[str, Any]) -> None:
    listed(**kept)
    found = listed(
        **kept, hostname="{{ nekzus_name }}", compose={"a": "nekzus_name"}, keyed_groups=[{"key": "nekzus_labels"}]
    )
    assert found.hosts["web"]["a"] == "web"
    assert found.groups["_tier_front"] == ["web"]
    assert requests(listed) == 1


def test_another_current_context_of_a_kubeconfig_is_another_inventory(
    listed: InventoryRun, kept: dict[str, Any], tmp_path: Path
) -> None:
    path = written(tmp_path / "kubeconfig", document("a"))
    listed.cluster(at=path).cluster.add(POD, pod("web"))
    kept["endpoints"] = [{"name": "prod", "kubeconfig": path}]
    for _run in range(2):
        listed(**kept)
    assert requests(listed, path) == 1
    written(tmp_path / "kubeconfig", document("b"))
    listed(**kept)
    assert requests(listed, path) == 2


def test_an_inventory_that_lacks_an_endpoint_is_not_kept(listed: InventoryRun, kept: dict[str, Any]) -> None:
    lab = listed.fakes["unix:///lab.sock"]
    listed.fakes["unix:///lab.sock"] = RuntimeUnavailableError("nothing answers")
    kept["endpoints"] = [EDGE, LAB]
    assert list(listed(**kept).hosts) == ["web.edge"]
    listed.fakes["unix:///lab.sock"] = lab
    assert list(listed(**kept).hosts) == ["web.edge", "web.lab"]
    assert list(listed(**kept).hosts) == ["web.edge", "web.lab"]
    assert (requests(listed), requests(listed, "unix:///lab.sock")) == (2, 1)


def test_what_another_version_has_kept_is_read_anew(listed: InventoryRun, kept: dict[str, Any], tmp_path: Path) -> None:
    first = listed(**kept)
    (file,) = (tmp_path / "cache").iterdir()
    for before, after in (("full_name", "fullest_name"), ("hosts", "guests")):
        file.write_text(file.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
        assert listed(**kept) == first
    assert requests(listed) == 3


def test_no_secret_is_kept(listed: InventoryRun, kept: dict[str, Any], tmp_path: Path) -> None:
    listed.docker("db", env=("DB_PASSWORD=s3cr3t-value",), at="unix:///edge.sock")
    listed.cluster()
    token = "t0p-s3cret-t0ken"  # noqa: S105 - a test's
    prod = {"name": "prod", "kubernetes": {"host": "https://prod:6443", "api_key": token}}
    listed(**{**kept, "endpoints": [EDGE, prod], "details": True, "connection": "exec"})
    (file,) = (tmp_path / "cache").iterdir()
    text = file.name + file.read_text(encoding="utf-8")
    assert "DB_PASSWORD" in text
    assert token not in text
    assert "s3cr3t-value" not in text
