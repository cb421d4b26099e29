# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In any weather nothing is lost, nothing hangs, nothing is said to be done that is not, and no secret shows.

NEKZUS_CHAOS_RUNS is how many seeds each operation gets, 1 by default, and NEKZUS_CHAOS_SHARDS among how many processes
they are dealt; ``make chaos`` gives them many more. NEKZUS_CHAOS_MINUTES ends a shard with what it has done until then,
and NEKZUS_CHAOS_FOLDER is where each writes down what it has counted, as it goes. A seed that found something is named
in the failure: NEKZUS_CHAOS_SEED begins with it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Callable

import pytest

from .cluster_deeds import ClusterScene
from .docker_deeds import DockerScene
from .kubernetes_engine import KubernetesEngine
from .storm import FAULTS
from .trial import Trials

from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import Outcome  # isort: skip
from ansible_collections.nekzus.runtime.tests.unit.tally import Sheet  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .deeds import Scene
    from .engine import Engine

RUNS = int(os.environ.get("NEKZUS_CHAOS_RUNS", "1"))
FIRST = int(os.environ.get("NEKZUS_CHAOS_SEED", "1"))
SHARDS = int(os.environ.get("NEKZUS_CHAOS_SHARDS", "1"))
SECONDS = 60 * float(os.environ.get("NEKZUS_CHAOS_MINUTES", "inf"))
FOLDER = os.environ.get("NEKZUS_CHAOS_FOLDER")
# So many runs meet every fault there is.
MANY = 500


@pytest.fixture
def trials(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Trials:
    return Trials(engine, monkeypatch)


@pytest.fixture
def scene(engine: Engine, trials: Trials, request: pytest.FixtureRequest) -> Iterator[Scene]:
    if isinstance(engine, KubernetesEngine):
        made: Scene = ClusterScene(engine.space, trials.do)
    else:
        made = DockerScene(engine, engine.yard(request.node.nodeid), trials.do)  # type: ignore[arg-type]
    yield made
    made.clear()


@pytest.mark.parametrize("shard", range(SHARDS))
def test_whatever_happens_to_requests_nothing_is_lost(
    engine: Engine, scene: Scene, trials: Trials, shard: int, record_property: Callable[[str, object], None]
) -> None:
    deeds = scene.deeds()
    sheet = Sheet(engine.name, [deed.name for deed in deeds])
    end = time.monotonic() + SECONDS
    for seed in range(FIRST + shard, FIRST + RUNS, SHARDS):
        if time.monotonic() > end:
            break
        for deed in deeds:
            trials.run(deed, sheet.tallies[deed.name], seed=seed)
        if FOLDER:
            Path(FOLDER, f"{engine.name}-{shard}.json").write_text(sheet.text(), encoding="utf-8")
    record_property("chaos", sheet.text())
    whole = sheet.whole
    assert whole.violations == []
    assert whole.faults.total() > whole.runs // 4  # or it was no weather
    assert whole.runs < MANY or set(whole.faults) == set(FAULTS)


def test_what_is_said_to_be_done_and_is_not_is_found(scene: Scene) -> None:
    """Nothing is done, and told as if it was: every verdict has to object."""
    believed = []
    for deed in scene.deeds():
        deed.prepare()
        if not deed.verdict(Outcome(0, {}, "", [])):
            believed.append(deed.name)
    assert believed == []


def test_what_is_lost_is_found_when_a_task_fails(scene: Scene) -> None:
    deeds = {deed.name: deed for deed in scene.deeds()}
    overlooked = []
    for name, harm in scene.harms().items():
        deeds[name].prepare()
        harm()
        if not deeds[name].verdict(Outcome(1, {}, "", [])):
            overlooked.append(name)
    assert overlooked == []
