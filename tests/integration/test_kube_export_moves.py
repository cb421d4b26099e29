# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A playbook moves what is in a namespace to another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .disks import disks
from .estate import RUNNING, SECRETS, belongings, scaling, ways_in, workloads
from .space import Space
from .yard import each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .cluster import Cluster
    from .controller import Controller

EXPORT, DEPLOY = "nekzus.runtime.nekzus_export", "nekzus.runtime.nekzus_toolbox_deploy"
EVERYTHING = (*("services", "config_maps", "secrets", "volume_claims", "service_accounts", "ingresses", "autoscalers"),)
# A Job that never ends is never deployed, and a CronJob whose time has not come is not listed.
LEFT_OUT = ("Job", "CronJob")


@pytest.fixture(scope="module")
def estate(cluster: Cluster, space: Space) -> Iterator[Space]:
    """Have everything in a namespace that runs for good."""
    with disks(cluster, space.namespace, 4) as storage:
        kept = [one for one in workloads(storage, "batch/v1") if one["kind"] not in LEFT_OUT]
        space.make(*belongings(storage))
        space.make(*kept, *ways_in(scaling(cluster.version)))
        each(space.await_ready, [app for app in RUNNING if app != "work"])
        yield space


@pytest.fixture(scope="module")
def other(cluster: Cluster) -> Iterator[Space]:
    """Have an empty namespace."""
    place = Space(cluster, "kube-export-move")
    yield place.open()
    place.close()


def task(space: Space, **options: Any) -> dict[str, Any]:
    """Return a task that exports all of a namespace."""
    selected = {key: value for key, value in space.options.items() if key != "namespace"}
    return {EXPORT: {**selected, "namespaces": [space.namespace], "include": list(EVERYTHING), **options}}


def test_a_namespace_is_kept_in_a_file_and_deployed_in_another_one(
    controller: Controller, estate: Space, other: Space, tmp_path: Path
) -> None:
    keeping = task(estate, include_secret_values=True, dest=f"{tmp_path}/")
    file = tmp_path / f"{estate.namespace}.yml"
    template = {"service_name": "moved", "definition": f"{{{{ lookup('file', '{file}') }}}}", "wait_timeout": 120}
    run = controller.play(
        [
            {"name": "keep", **keeping},
            {"name": "keep again", **keeping},
            {"name": "deploy", DEPLOY: {**other.options, **template}},
        ]
    )
    assert [one.status for one in run.tasks] == ["ok"] * 3, [one.result.get("msg") for one in run.tasks]
    assert [one.result["changed"] for one in run.tasks] == [True, False, True]
    assert file.stat().st_mode & 0o777 == 0o600
    assert not [secret for secret in SECRETS if secret in json.dumps([one.result for one in run.tasks])]
    found = {app: other.ready(app) for app in RUNNING if app != "work"}
    assert found == dict.fromkeys(found, 1)


def test_without_the_values_of_secrets_the_manifests_are_shown(controller: Controller, estate: Space) -> None:
    (shown,) = controller.play([{"name": "show", **task(estate)}]).tasks
    (exported,) = shown.result["exports"]
    assert exported["namespace"] == estate.namespace
    kinds = [one["kind"] for one in yaml.safe_load_all(exported["content"])]
    assert kinds.count("Secret") == 3
    assert not [secret for secret in SECRETS if secret in json.dumps(shown.result)]
    assert sum("must be filled in" in one for one in shown.result["warnings"]) == 4
