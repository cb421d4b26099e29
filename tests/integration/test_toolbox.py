# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One template, the same on every engine: deployed, of use, unchanged the second time, predicted, and removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .engine import IMAGE
from .kubernetes_engine import KubernetesEngine
from .manifests import IMAGE as POD_IMAGE
from .yard import prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .controller import Controller
    from .engine import Engine

SECRET = "tiefes-geheimnis"  # noqa: S105 - the story's own
DEPLOY = "nekzus.runtime.nekzus_toolbox_deploy"


@pytest.fixture
def variables(engine: Engine, controller: Controller) -> Iterator[dict[str, Any]]:
    """Return what the story is given; on a cluster there is a disk for it."""
    name = prefix_of(f"story toolbox on {engine.name}")
    # Podman publishes ports by rules of the kernel, which the scripts leave alone.
    outside = engine.name == "docker"
    given = {"engine_options": engine.options, "name": name, "image": IMAGE, "space": "", "outside": outside}
    if not isinstance(engine, KubernetesEngine):
        yield given
        remove = {**engine.options, "service_name": name, "state": "absent", "remove_volumes": True}
        controller.play([{"name": "remove", DEPLOY: remove}])
        return
    volume = {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "capacity": {"storage": "1Gi"},
            "claimRef": {"namespace": engine.space.namespace, "name": f"{name}-data"},
            "hostPath": {"path": f"/tmp/{name}", "type": "DirectoryOrCreate"},  # noqa: S108 - of a node
        },
    }
    path = f"/api/v1/persistentvolumes/{name}"
    engine.cluster.delete(path)
    engine.cluster.create(volume)
    yield {**given, "image": POD_IMAGE, "space": engine.space.namespace}
    engine.cluster.delete(path)


def test_a_template_has_the_same_life_on_every_engine(
    controller: Controller, variables: dict[str, Any], engine: Engine
) -> None:
    run = controller.story("toolbox", variables, "-vvvv", "--diff")
    assert (run.recap["ok"], run.recap["changed"]) == (18 if variables["outside"] else 17, 7)
    assert [line for line in run.output.splitlines() if SECRET in line] == []
    # The job is predicted at its end.
    foretold, made = (
        [(one["address"], one["state"]) for one in run.task(name).result["service"]["containers"]]
        for name in ("Predict what will be made", "Deploy it")
    )
    assert foretold == made
    assert run.task("Deploy it").result["service"]["runtime"] == (
        "kubernetes" if engine.name == "kubernetes" else "docker"
    )
