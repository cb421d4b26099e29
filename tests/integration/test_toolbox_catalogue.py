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
    from .controller import Controller, Run
    from .engine import Engine

DEPLOY = "nekzus.runtime.nekzus_toolbox_deploy"
CATALOGUE = ROOT / "roles" / "toolbox" / "files" / "catalog"
ENTRIES = sorted(folder.name for folder in CATALOGUE.iterdir())
KUBE_IMAGE = os.environ.get("NEKZUS_TEST_KUBE_IMAGE", "busybox:stable")
NEEDED = re.compile(r"\$\{([A-Z_]+):\?")
PLANTED = "planted-0123456789"


STEPS = ("clear", "predict", "make", "keep", "remove")


def options_of(engine: Engine, entry: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how an entry is spoken of on an engine, and how it is made: not started, the image has nothing to run."""
    space = engine.space if isinstance(engine, KubernetesEngine) else None
    image = KUBE_IMAGE if space else IMAGE
    text = next((CATALOGUE / entry).iterdir()).read_text(encoding="utf-8")
    # One of them has objects of the whole cluster, which the engine's own options keep out.
    options = {**(space.options if space else engine.options), "service_name": f"nkz-{entry}"}
    template = {
        "definition": re.sub(r"(?m)^( +image: )\S+$", rf"\g<1>{image}", text),
        "env": {
            **dict.fromkeys(NEEDED.findall(text), PLANTED),
            **({"NAMESPACE": space.namespace} if space else {}),
            "DNS_PORT": "15353",
        },
        "auto_start": False,
        "allow_privileged": entry.startswith("dozzle"),
    }
    return options, template


def entries_for(engine: Engine) -> list[str]:
    """Return the entries that are for an engine."""
    return [entry for entry in ENTRIES if entry != "dozzle-kubernetes" or engine.name == "kubernetes"]


@pytest.fixture(scope="module")
def run(controller: Controller, engine: Engine) -> Run:
    """Take all entries through their lives, in one play."""
    tasks = []
    for entry in entries_for(engine):
        options, template = options_of(engine, entry)
        remove = {**options, "state": "absent", "remove_volumes": True}
        for step in STEPS:
            what = remove if step in ("clear", "remove") else {**options, **template}
            tasks.append({"name": f"{step} {entry}", "check_mode": step == "predict", DEPLOY: what})
    return controller.play(tasks, "--diff")


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_is_predicted_made_kept_and_removed(run: Run, engine: Engine, entry: str) -> None:
    if entry not in entries_for(engine):
        pytest.skip("it is for Kubernetes alone")
    cleared, predicted, made, kept, removed = (run.task(f"{step} {entry}") for step in STEPS)
    for task in (cleared, predicted, made, kept, removed):
        assert task.status != "failed", task.result["msg"]
    assert [task.result["changed"] for task in (predicted, made, kept, removed)] == [True, True, False, True]
    assert predicted.result["changes"] == made.result["changes"]
    assert made.result["service"]["status"] == "stopped"


def test_no_secret_of_an_entry_shows(run: Run) -> None:
    assert [line for line in run.output.splitlines() if PLANTED in line] == []
