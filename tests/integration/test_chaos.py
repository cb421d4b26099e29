# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In any weather nothing is lost, nothing hangs, nothing is said to be done that is not, and no secret shows.

NEKZUS_CHAOS_RUNS is how many seeds each operation gets, 3 by default; ``make chaos`` gives them many more. A seed that
found something is named in the failure: NEKZUS_CHAOS_SEED begins with it.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable

import pytest

from .deeds import SECRET, ClusterScene, DockerScene
from .kubernetes_engine import KubernetesEngine
from .storm import FAULTS, Storm

from ansible_collections.nekzus.runtime.tests.unit.modules.module_process import run_main  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .deeds import Deed, Scene
    from .engine import Engine

RUNS = int(os.environ.get("NEKZUS_CHAOS_RUNS", "3"))
FIRST = int(os.environ.get("NEKZUS_CHAOS_SEED", "1"))
# Of all requests. The next tries of one that fails meet the same weather.
SHARE = 0.25
# What a task may take at the most: its own waiting, and that of its tries.
LONGEST = 90
CODES = frozenset(
    {
        "api_error",
        "conflict",
        "container_not_found",
        "metrics_unavailable",
        "not_ready",
        "runtime_unavailable",
        "timeout",
    }
)


class HangError(Exception):
    """A task goes on for longer than it may."""


@contextmanager
def ended_after(seconds: int) -> Iterator[None]:
    """Raise HangError when what is done takes longer."""

    def end(_signal: int, _frame: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def violation(deed: Deed, options: Mapping[str, Any], patch: pytest.MonkeyPatch) -> str:
    """Do a deed, and return what is wrong with how it ended, nothing when all is well."""
    told = {"_ansible_check_mode": False, "_ansible_diff": True, "_ansible_no_log": False}
    try:
        with ended_after(LONGEST), patch.context() as patched:
            outcome = run_main(deed.module, {**told, **options, **deed.arguments}, patched)
    except HangError:
        return f"it hangs for more than {LONGEST} s"
    if SECRET in outcome.everything:
        return "it shows the secret"
    if "Traceback" in outcome.everything or "exception" in outcome.result:
        return f"it shows a traceback: {outcome.everything[-2000:]}"
    failure = outcome.result.get("failure")
    if outcome.code and (not failure or failure["code"] not in CODES):
        return f"it fails with {failure or outcome.result}"
    return deed.verdict(not outcome.code)


@pytest.fixture
def scene(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Scene]:
    if isinstance(engine, KubernetesEngine):
        yield ClusterScene(engine.space)
        return
    made: Scene = DockerScene(engine, engine.yard(request.node.nodeid))  # type: ignore[arg-type]
    yield made
    made.clear()


def test_whatever_happens_to_requests_nothing_is_lost(
    engine: Engine, scene: Scene, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    faults: Counter[str] = Counter()
    found: list[str] = []
    begun = time.monotonic()
    deeds = scene.deeds()
    for seed in range(FIRST, FIRST + RUNS):
        for number, deed in enumerate(deeds):
            scene.prepare(stopped=deed.stopped)
            storm = Storm(seed * len(deeds) + number, share=SHARE)
            with engine.proxy(storm) as proxy:
                wrong = violation(deed, engine.through(proxy), monkeypatch)
            faults.update(storm.faults)
            if wrong:
                found.append(f"{deed.name}, seed {seed}: {wrong} ({dict(storm.faults)})")
    runs, seconds = RUNS * len(deeds), round(time.monotonic() - begun)
    counts = ", ".join(f"{name} {count}" for name, count in faults.items())
    told = f"{runs} runs in {seconds} s, {faults.total()} faults ({counts}), {len(found)} violations"
    record_property("chaos", f"{engine.name}: {told}")
    assert found == []
    assert faults.total() > runs // 4  # or it was no weather
    assert len(FAULTS) > RUNS or set(faults) == set(FAULTS)
