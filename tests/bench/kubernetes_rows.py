# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Work on a real cluster."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

from ..integration.controller import INFO, MODULE
from ..integration.manifests import NEVER_SCHEDULED, deployment, pod_spec
from ..integration.space import LONG_PATIENCE
from ..integration.yard import poll
from .docker_field import EMPTY, IDLE, printed
from .kubernetes_ground import ENDED, Rollouts, Stops, changed_by, ground
from .race import Contestant
from .row import Row, Start
from .verdict import Goal, faster, requests_within, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .kubernetes_ground import Ground
    from .run import Command
    from .section import Entry
    from .setting import Setting

RESTARTED = 50
APP = "web"
LOGS = "nekzus.runtime.nekzus_logs"
WRITES = f"seq 1000 | sed 's,^,line ,'; {IDLE}"
BY_POD, BY_NAME = "nekzus_container, by a pod", "nekzus_container, by namespace/deployment/name"
ONE_TASK, PEER = "nekzus_container, one task", "k8s, one task"
# What a task may take longer than an empty one when it has next to nothing to do.
SHORT_SECONDS = 0.3
SHORT = f"at most {SHORT_SECONDS:g} s over an empty module"
# Why it takes longer when it does: than a peer, and than an empty one.
PACKING = (
    "Where the time of a short task goes is told above: a module of ours alone takes less time, and Ansible more to "
    "read and pack the files that go with it, which speak to both runtimes."
)
BEGINNING = (
    "In each play Ansible reads and packs the files that go with a module, which speak to both runtimes, and Python "
    "compiles those that it takes in and imports the connection and credentials of the library of Kubernetes."
)
# With which kubectl restarts: a change of the template, which the controller answers with new pods.
RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"


@contextlib.contextmanager
def _one(setting: Setting) -> Iterator[Start]:
    with _running(setting, IDLE) as (made, pod):
        theirs = {"kind": "Pod", "namespace": made.namespace, "name": pod}
        yield Start(
            [
                made.field.ours(
                    "nekzus_container_info",
                    INFO,
                    {"name": f"{made.namespace}/{pod}"},
                    unless="result.containers | length == 1",
                ),
                made.field.task(
                    "k8s_info", "kubernetes.core.k8s_info", theirs, unless="result.resources | length == 1"
                ),
                made.field.empty(),
                made.field.client(
                    "kubectl get pod", "kubectl", "get", "pod", pod, "-o", "json", done=printed(1, of='"status"')
                ),
            ],
            made.field.track,
        )


@contextlib.contextmanager
def _log(setting: Setting) -> Iterator[Start]:
    with _running(setting, WRITES) as (made, pod):
        theirs = {"namespace": made.namespace, "name": pod, "tail_lines": 100}
        lines = "result.log_lines | select | list | length == 100"
        yield Start(
            [
                made.field.ours("nekzus_logs", LOGS, {"name": f"{made.namespace}/{pod}"}, unless=lines),
                made.field.task("k8s_log", "kubernetes.core.k8s_log", theirs, unless=lines),
                made.field.empty(),
                made.field.client("kubectl logs", "kubectl", "logs", pod, "--tail=100", done=printed(100, of="line ")),
            ],
            made.field.track,
        )


@contextlib.contextmanager
def _running(setting: Setting, script: str) -> Iterator[tuple[Ground, str]]:
    with ground(setting, deployment(APP, 1, pod_spec(script))) as made:
        made.space.await_ready(APP)
        (pod,) = made.space.pod_names(APP)
        yield made, pod


@contextlib.contextmanager
def _stop(stops: Stops, setting: Setting) -> Iterator[Start]:
    with ground(setting, deployment(APP, 0, pod_spec(IDLE))) as made:
        checks: dict[str, Any] = {"before": partial(stops.before, made.space, APP), "done": stops.done}
        theirs = {"kind": "Deployment", "namespace": made.namespace, "name": APP, "replicas": 0, "wait": True}
        scales = "kubectl scale deployment/web --replicas=0 && kubectl wait --for=delete pod -l app=web --timeout=60s"

        def by_pod(kubeconfig: str) -> Command:
            (pod,) = made.space.pod_names(APP)
            return stop(kubeconfig, name=f"{made.namespace}/{pod}")

        def by_name(kubeconfig: str) -> Command:
            return stop(kubeconfig, name=f"{made.namespace}/deployment/{APP}")

        def stop(kubeconfig: str, *, name: str) -> Command:
            options = {"runtime": "kubernetes", "kubeconfig": kubeconfig, "name": name, "state": "stopped"}
            return setting.playing.tasks({MODULE: options}, ENDED)

        yield Start(
            [
                Contestant(BY_POD, by_pod, **checks),
                Contestant(BY_NAME, by_name, **checks),
                made.field.task("k8s_scale", "kubernetes.core.k8s_scale", theirs, **checks),
                made.field.empty(),
                made.field.client("kubectl scale, and wait", "sh", "-c", scales, **checks),
            ],
            made.field.track,
        )


@contextlib.contextmanager
def _restart(setting: Setting) -> Iterator[Start]:
    with _many(setting) as (made, names):
        rollouts = Rollouts(made.space)
        checks: dict[str, Any] = {"before": rollouts.before, "done": rollouts.done}
        ours = {"names": _addresses(made, names), "state": "restarted", "wait": False}
        annotated = {"metadata": {"annotations": {RESTARTED_AT: "{{ now(utc=true).isoformat() }}"}}}
        theirs = _patches(made, names, {"template": annotated})
        resources = [f"deployment/{name}" for name in names]
        yield Start(
            [
                made.field.ours(ONE_TASK, MODULE, ours, **checks),
                made.field.task(PEER, "kubernetes.core.k8s", theirs, **checks),
                made.field.empty(),
                made.field.client("kubectl rollout restart", "kubectl", "rollout", "restart", *resources, **checks),
            ],
            made.field.track,
        )


@contextlib.contextmanager
def _no_change(setting: Setting) -> Iterator[Start]:
    with _many(setting) as (made, names):
        rollouts = Rollouts(made.space)
        client: dict[str, Any] = {"before": rollouts.before, "done": rollouts.untouched}
        checks = {**client, "unless": "result is not changed"}
        ours = {"names": _addresses(made, names), "state": "started", "wait": False}
        theirs = _patches(made, names, {"replicas": 1})
        resources = [f"deployment/{name}" for name in names]
        yield Start(
            [
                made.field.ours(ONE_TASK, MODULE, ours, **checks),
                made.field.task(PEER, "kubernetes.core.k8s", theirs, **checks),
                made.field.empty(),
                made.field.client("kubectl scale", "kubectl", "scale", "--replicas=1", *resources, **client),
            ],
            made.field.track,
        )


@contextlib.contextmanager
def _many(setting: Setting) -> Iterator[tuple[Ground, Sequence[str]]]:
    """Make Deployments whose pods no node takes, so that what is measured is the asking and no start of a process."""
    names = [f"{APP}-{number}" for number in range(RESTARTED)]
    fields: dict[str, Any] = {"strategy": {"type": "Recreate"}, "revisionHistoryLimit": 1}
    idle = [deployment(name, 1, pod_spec(pod=NEVER_SCHEDULED), **fields) for name in names]
    with ground(setting, *idle) as made:
        path = made.space.path("Pod")
        poll(lambda: len(made.space.cluster.items(path)) == RESTARTED, "all have a pod", seconds=LONG_PATIENCE)
        yield made, names


def _addresses(made: Ground, names: Sequence[str]) -> list[str]:
    return [f"{made.namespace}/deployment/{name}" for name in names]


def _patches(made: Ground, names: Sequence[str], spec: dict[str, Any]) -> dict[str, Any]:
    """Return the options with which the module of kubernetes.core changes something of all of them."""
    told = [
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": made.namespace},
            "spec": spec,
        }
        for name in names
    ]
    return {"state": "patched", "definition": told}


def entries() -> Sequence[Entry]:
    """Return the rows."""
    stops = Stops()
    return [
        Row(
            "Read one pod",
            "One pod is looked up by its name. Where requests are counted, nobody has anything in a cache.",
            _one,
            [
                Goal(SHORT, within("nekzus_container_info", SHORT_SECONDS, over=EMPTY), BEGINNING),
                Goal("one request, so that nothing is discovered", requests_within("nekzus_container_info", 1)),
                Goal("faster than the module of kubernetes.core", faster("nekzus_container_info", "k8s_info"), PACKING),
            ],
        ),
        Row(
            "Read the log of one pod",
            "The last 100 of the 1,000 lines that a container has written. Where requests are counted, nobody has "
            "anything in a cache.",
            _log,
            [
                Goal(SHORT, within("nekzus_logs", SHORT_SECONDS, over=EMPTY), BEGINNING),
                Goal("faster than the module of kubernetes.core", faster("nekzus_logs", "k8s_log"), PACKING),
            ],
        ),
        Row(
            "Stop one Deployment",
            "It has one pod, which ends at once when it is told to, and all wait until it is gone. Ours finds the "
            "Deployment by the name of the pod, too. A play of ours has a second task, which says what time it is.",
            partial(_stop, stops),
            [
                Goal("by a pod three reads and one change, then a watch", partial(changed_by, name=BY_POD, reads=3)),
                Goal("by its name one read and one change, then a watch", partial(changed_by, name=BY_NAME, reads=1)),
                Goal(
                    "the next task begins within 0.3 s of the end of the pod",
                    lambda _results: stops.late(0.3),
                    "In it is what ansible-core does between two tasks; the module itself waits for an event of the "
                    "API.",
                ),
                Goal("faster than the module of kubernetes.core", faster(BY_POD, "k8s_scale")),
            ],
        ),
        Row(
            f"Restart {RESTARTED} Deployments",
            "Nobody waits for the new pods, which no node takes. Ours asks for five at a time.",
            _restart,
            [
                Goal("at most 4 s", within(ONE_TASK, 4.0)),
                Goal("faster than the module of kubernetes.core", faster(ONE_TASK, PEER)),
            ],
        ),
        Row(
            f"Start {RESTARTED} Deployments that are started",
            "There is nothing to do, and nothing may be done.",
            _no_change,
            [
                Goal(SHORT, within(ONE_TASK, SHORT_SECONDS, over=EMPTY), BEGINNING),
                Goal("faster than the module of kubernetes.core", faster(ONE_TASK, PEER)),
            ],
        ),
    ]
