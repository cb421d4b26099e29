# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every entry of the catalogue is taken by real engines and a real cluster, with the image of the tests instead."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from .controller import ROOT
from .engine import IMAGE
from .kubernetes_engine import KubernetesEngine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .controller import Controller, Run
    from .engine import Engine

DEPLOY = "nekzus.runtime.nekzus_toolbox_deploy"
CATALOGUE = ROOT / "roles" / "toolbox" / "files" / "catalog"
ENTRIES = sorted(folder.name for folder in CATALOGUE.iterdir())
KUBE_IMAGE = os.environ.get("NEKZUS_TEST_KUBE_IMAGE", "busybox:stable")
NEEDED = re.compile(r"\$\{([A-Z_]+):\?")
PLANTED = "planted-0123456789"


class Entry:
    """One entry, deployed on an engine without being started, for the image has nothing of what it would run."""

    def __init__(self, controller: Controller, engine: Engine, entry: str) -> None:
        """Take where, and which."""
        self._controller = controller
        image = KUBE_IMAGE if engine.name == "kubernetes" else IMAGE
        text = next((CATALOGUE / entry).iterdir()).read_text(encoding="utf-8")
        space = engine.space if isinstance(engine, KubernetesEngine) else None
        # One of them has objects of the whole cluster, which the engine's own options keep out.
        options = space.options if space else engine.options
        self._options: dict[str, Any] = {**options, "service_name": f"nkz-{entry}"}
        self._template = {
            "definition": re.sub(r"(?m)^( +image: )\S+$", rf"\g<1>{image}", text),
            "env": {
                **dict.fromkeys(NEEDED.findall(text), PLANTED),
                **({"NAMESPACE": space.namespace} if space else {}),
                "DNS_PORT": "15353",
            },
            "auto_start": False,
            "allow_privileged": entry.startswith("dozzle"),
        }

    def deploy(self, *arguments: str) -> Run:
        """Deploy it."""
        return self._task(self._template, *arguments)

    def remove(self) -> Run:
        """Remove it with its volumes."""
        return self._task({"state": "absent", "remove_volumes": True})

    def _task(self, options: Mapping[str, Any], *arguments: str) -> Run:
        return self._controller.play([{"name": "it", DEPLOY: {**self._options, **options}}], *arguments)


@pytest.fixture
def entry(controller: Controller, engine: Engine, name: str) -> Iterator[Entry]:
    if name == "dozzle-kubernetes" and engine.name != "kubernetes":
        pytest.skip("it is for Kubernetes alone")
    found = Entry(controller, engine, name)
    found.remove()
    yield found
    found.remove()


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_is_predicted_made_kept_and_removed(entry: Entry) -> None:
    predicted = entry.deploy("--check", "--diff")
    made = entry.deploy("--diff")
    again = entry.deploy()
    removed = entry.remove()
    for run in (predicted, made, again, removed):
        assert run.task("it").status != "failed", run.output[-3000:]
        assert PLANTED not in run.output
    assert [run.task("it").result["changed"] for run in (predicted, made, again, removed)] == [True, True, False, True]
    assert predicted.task("it").result["changes"] == made.task("it").result["changes"]
    assert made.task("it").result["service"]["status"] == "stopped"
