# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A namespace of a real cluster with Deployments in it, and what is done and seen there beside the contestants."""

from __future__ import annotations

import contextlib
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from ..integration.cluster import ApiProxy
from ..integration.kubernetes_engine import open_cluster
from ..integration.space import PATIENCE, Space
from ..integration.yard import poll
from .kubernetes_field import KubernetesField
from .run import NotDoneError
from .spread import spread
from .track import Counter, Track
from .verdict import Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .race import Result
    from .run import Run
    from .setting import Setting

# What a stop leaves on a Deployment, so that it is started with as many replicas again.
_REMEMBERED = "nekzus.io/replicas"
# The last task of a play says when it begins.
ENDED = {"ansible.builtin.debug": {"msg": "ended {{ now(utc=true).timestamp() }}"}}
_ENDED = re.compile(r"ended (\d+\.\d+)")


@dataclass(frozen=True)
class Ground:
    """A namespace, and how commands are made for it."""

    space: Space
    field: KubernetesField

    @property
    def namespace(self) -> str:
        """Its name."""
        return self.space.namespace


@contextlib.contextmanager
def ground(setting: Setting, *manifests: Mapping[str, Any]) -> Iterator[Ground]:
    """Make objects in a namespace of their own, and remove it afterwards."""
    cluster = open_cluster()
    space = Space(cluster, "bench").open()
    try:
        space.make(*manifests)
        with tempfile.TemporaryDirectory() as folder:

            @contextlib.contextmanager
            def counter() -> Iterator[Counter]:
                with ApiProxy(cluster) as proxy:
                    file = Path(folder) / f"counted-{proxy.port}"
                    told = {"namespace": space.namespace, "server": proxy.url}
                    yield Counter(str(cluster.account(file, **told)), proxy.requests)

            yield Ground(space, KubernetesField(Track(str(space.kubeconfig), counter), setting.playing))
    finally:
        space.close()


class Stops:
    """A Deployment that runs before each run and is stopped after it; and how long after the end of its pod that was.

    Its pods are looked at fifty times a second.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._late: list[float] = []
        self._gone: float | None = None
        self._thread: Thread | None = None

    def before(self, space: Space, name: str) -> None:
        """Have it run, and look at it from then on."""
        told = {"metadata": {"annotations": {_REMEMBERED: None}}, "spec": {"replicas": 1}}
        self._gone = None
        space.cluster.patch(space.path("Deployment", name), told)
        poll(lambda: _is_up(space, name), f"{name} runs", seconds=PATIENCE)
        self._thread = Thread(target=self._look, args=(space, name), daemon=True)
        self._thread.start()

    def _look(self, space: Space, name: str) -> None:
        poll(lambda: not space.pods(name), f"the pod of {name} is gone", seconds=PATIENCE)
        self._gone = time.time()

    def done(self, run: Run) -> None:
        """Raise NotDoneError unless it has stopped; note how late that was said if the command says when."""
        assert self._thread
        self._thread.join()
        if self._gone is None:
            raise NotDoneError("it runs on")
        said = _ENDED.search(run.output)
        if said:
            self._late.append(float(said[1]) - self._gone)

    def late(self, seconds: float) -> Judgement:
        """Judge whether it was said within so many seconds of the end of the pod."""
        found = spread(self._late)
        return Judgement(f"{found.median:.2f} s ({found.least:.2f} to {found.most:.2f})", met=found.median <= seconds)


def _is_up(space: Space, name: str) -> bool:
    status = space.get("Deployment", name)["status"]
    return bool(status.get("readyReplicas")) and len(space.pods(name)) == 1


class Rollouts:
    """Looks whether each Deployment has been changed since it was last asked."""

    def __init__(self, space: Space) -> None:
        """Take where they are."""
        self._space = space
        self._generations: Mapping[str, int] = {}

    def before(self) -> None:
        """Note how they are."""
        self._generations = self._now()

    def done(self, _run: Run) -> None:
        """Raise NotDoneError unless all were changed since."""
        now = self._now()
        left = [name for name, generation in self._generations.items() if now[name] == generation]
        if left:
            raise NotDoneError(f"not restarted: {', '.join(left)}")

    def untouched(self, _run: Run) -> None:
        """Raise NotDoneError unless none was changed since."""
        if self._now() != self._generations:
            raise NotDoneError("something was changed that should have been left alone")

    def _now(self) -> Mapping[str, int]:
        found = self._space.cluster.items(self._space.path("Deployment"))
        return {one["metadata"]["name"]: one["metadata"]["generation"] for one in found}


def changed_by(results: Mapping[str, Result], name: str, *, reads: int) -> Judgement:
    """Judge whether one reads so often, changes once, and then watches without reading much."""
    requests = results[name].requests
    assert requests is not None, f"the requests of {name} are not counted"
    changes = [number for number, request in enumerate(requests) if not request.startswith("GET")]
    after = requests[changes[-1] + 1 :]
    watches = sum("watch=1" in request for request in after)
    figures = f"{changes[0]} reads, {len(changes)} changes, then {watches} watches and {len(after) - watches} reads"
    return Judgement(figures, met=changes == [reads] and watches > 0)
