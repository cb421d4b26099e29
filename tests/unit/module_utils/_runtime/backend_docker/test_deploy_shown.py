# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a diff shows of a container that is made anew: what has changed, and nothing that has not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import FileMount
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import FileSpec, NetworkSpec

from .shop import WEB, Shop

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import DeployPlan

MOUNTS = (FileMount("conf", "/etc/app/my conf"), FileMount("token", "/run/secrets/token", secret=True))
SERVED = replace(WEB, depends_on=(), files=MOUNTS)
FILES = (FileSpec("conf", b"a=1"), FileSpec("token", b"geheimsache", secret=True))


@pytest.fixture
def shop() -> Shop:
    """Return a daemon with a container that has files."""
    found = Shop()
    found.deploy(SERVED, files=FILES)
    return found


def changed(plan: DeployPlan) -> dict[str, tuple[Any, Any]]:
    """Return what is shown differently of the one container that changes."""
    (change,) = plan.changes
    before, after = change.before or {}, change.after or {}
    keys = sorted({*before, *after})
    return {key: (before.get(key), after.get(key)) for key in keys if before.get(key) != after.get(key)}


def test_files_that_stay_the_same_are_no_change(shop: Shop) -> None:
    plan = shop.plan(replace(SERVED, environment={"COLOUR": "green"}), files=FILES)
    assert changed(plan) == {"Env": ({"COLOUR": "blue"}, {"COLOUR": "green"})}


def test_a_file_that_changes_is_shown_by_its_checksum(shop: Shop) -> None:
    ((before, after),) = changed(shop.plan(SERVED, files=(FileSpec("conf", b"a=2"), FILES[1]))).values()
    assert [line.rpartition(" ")[0] for line in (*before, *after)] == ["/etc/app/my conf 0:0 444"] * 2
    assert before != after


@pytest.mark.parametrize(
    ("files", "path", "told"),
    [
        ((FILES[0], FileSpec("token", b"neues-geheimnis", secret=True)), "/run/secrets/token", ["(changed)"]),
        # That the path was among the files before shows already that something has changed.
        ((FileSpec("conf", b"token=geheim", holds_secret=True), FILES[1]), "/etc/app/my conf", []),
    ],
    ids=["a secret", "a config that holds one"],
)
def test_of_a_secret_file_its_path_is_shown_alone(
    shop: Shop, files: tuple[FileSpec, ...], path: str, told: list[str]
) -> None:
    plan = shop.plan(SERVED, files=files)
    (change,) = plan.changes
    assert change.after
    assert path in change.after["Secrets"]
    assert [line for line in change.after["Secrets"] if not line.startswith("/")] == told
    assert not [line for line in change.after.get("Files", ()) if line.startswith(path)]
    labels = shop.docker.named("shop-web-1").labels
    checksums = [file.summary.rpartition(" ")[2] for file in plan_files(shop)]
    assert [word for word in checksums if word in str(labels)] == checksums[:1]


def test_of_a_secret_that_changes_it_is_shown_that_it_does() -> None:
    shop, before = Shop(), {"COLOUR": "blue", "DB_PASSWORD": "hunter2hunter2"}
    secret = replace(SERVED, environment=before, secret=frozenset({"DB_PASSWORD"}))
    shop.deploy(secret, files=FILES)
    other = replace(secret, environment={**before, "DB_PASSWORD": "hunter3hunter3"})
    plan = shop.plan(other, files=FILES)
    shown = ({"COLOUR": "blue", "DB_PASSWORD": "********"}, {"COLOUR": "blue", "DB_PASSWORD": "******** (changed)"})
    assert changed(plan) == {"Env": shown}
    assert "hunter" not in str([(one.before, one.after) for one in plan.changes])


def plan_files(shop: Shop) -> tuple[Any, ...]:
    """Return the files of the container as they were put there."""
    (step,) = shop.plan(SERVED, files=FILES).handle.steps.containers  # type: ignore[attr-defined]
    return tuple(step.wanted.files)


def test_what_a_daemon_adds_is_no_change(shop: Shop) -> None:
    web = shop.docker.named("shop-web-1")
    host = web.body["HostConfig"]
    web.body = {**web.body, "HostConfig": {**host, "RestartPolicy": {**host["RestartPolicy"], "MaximumRetryCount": 0}}}
    plan = shop.plan(replace(SERVED, environment={"COLOUR": "green"}), files=FILES)
    assert set(changed(plan)) == {"Env"}


def test_of_a_network_what_changes_is_shown(shop: Shop) -> None:
    plan = shop.plan(SERVED, files=FILES, networks=(NetworkSpec("default", internal=True),))
    (change,) = [one for one in plan.changes if one.kind == "Network"]
    assert (change.before, change.after) == ({"Driver": "bridge"}, {"Driver": "bridge", "Internal": True})
    shop.deployer.execute(plan)
    (change,) = [one for one in shop.plan(SERVED, files=FILES).changes if one.kind == "Network"]
    assert (change.before, change.after) == ({"Driver": "bridge", "Internal": True}, {"Driver": "bridge"})
