# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading of very many pods, and of more and more of them.

A node of a test machine has room for a hundred. So an API server of our own serves them: as JSON as a real one does, in
pages, each pod as large as it is there.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from ..integration.controller import INFO
from .curve import STRAIGHT, Curve, same_requests, straight
from .docker_field import printed
from .kubernetes_field import fleet
from .raw_kubernetes import PAGE
from .row import Row, Start
from .verdict import Goal, faster, peak_within, requests_within, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .section import Entry
    from .setting import Setting

PODS, SIZES = 5000, (100, 1000, 5000, 20_000)
OURS, STATS = "nekzus_container_info", "nekzus_stats"
PLENTY, PEER = "nekzus_container_info, and what is stopped", "k8s_info"
POD_LIST, METRICS = "/api/v1/pods", "/apis/metrics.k8s.io/v1beta1/pods"
# What tasks keep for those after them would be all that the others measure.
FRESH = {"runtimes": {"kubernetes": {"metrics_cache_ttl": 0}}}
SERVER = "The API server is one for benchmarks, which serves prepared pages of pods of 6 KB over plain HTTP."


@contextlib.contextmanager
def _list(setting: Setting) -> Iterator[Start]:
    found = f"result.containers | length == {PODS}"
    with fleet(setting, PODS) as made:
        yield Start(
            [
                made.ours(OURS, INFO, {"all": False}, unless=found),
                made.ours(PLENTY, INFO, {}, unless=found),
                made.empty(),
                made.task(
                    PEER, "kubernetes.core.k8s_info", {"kind": "Pod"}, unless=found.replace("containers", "resources")
                ),
                made.client("kubectl get pods -A", "kubectl", "get", "pods", "-A", done=printed(PODS, of="Running")),
                made.raw(POD_LIST, done=printed(PODS)),
            ],
            made.track,
        )


@contextlib.contextmanager
def _stats(setting: Setting) -> Iterator[Start]:
    measured = f"(result.stats | selectattr('cpu.usage_percent', 'number') | length) == {PODS}"
    with fleet(setting, PODS) as made:
        yield Start(
            [
                made.ours(STATS, f"nekzus.runtime.{STATS}", FRESH, unless=measured),
                made.empty(),
                made.client("kubectl top pods -A", "kubectl", "top", "pods", "-A", done=printed(PODS, of="web-")),
                made.raw(POD_LIST, METRICS, done=printed(2 * PODS)),
            ],
            made.track,
        )


@contextlib.contextmanager
def _more_to_list(setting: Setting, pods: int) -> Iterator[Start]:
    with fleet(setting, pods) as made:
        yield Start(
            [
                made.ours(OURS, INFO, {"all": False}, unless=f"result.containers | length == {pods}"),
                made.client("kubectl get pods -A", "kubectl", "get", "pods", "-A", done=printed(pods, of="Running")),
            ],
            made.track,
        )


@contextlib.contextmanager
def _more_to_measure(setting: Setting, pods: int) -> Iterator[Start]:
    measured = f"result.metrics_available and result.stats | length == {pods}"
    with fleet(setting, pods) as made:
        yield Start([made.ours(STATS, f"nekzus.runtime.{STATS}", FRESH, unless=measured)], made.track)


def pages(pods: int) -> int:
    """Return how many requests it takes to list so many."""
    return -(-pods // PAGE)


def entries() -> Sequence[Entry]:
    """Return the rows, and the curves."""
    return [
        Row(
            f"List {PODS:,} pods",
            f"All pods of a cluster, in all namespaces. {SERVER} Ours lists what is stopped too unless it is told not "
            "to, which the others do not; it returns what a container is, k8s_info returns whole objects.",
            _list,
            [
                Goal(
                    "the whole task at most 3 s",
                    within(OURS, 3.0),
                    "Most of what is above an empty module is spent by Python's JSON and by ansible-core, which looks "
                    "through each value of a result several times.",
                ),
                Goal("at most 150 MiB", peak_within(OURS, 150)),
                Goal("a request a page", requests_within(OURS, pages(PODS))),
                Goal("faster than the module of kubernetes.core", faster(OURS, PEER)),
            ],
        ),
        Row(
            f"Measure {PODS:,} pods",
            "CPU and memory of each, and of what they may use that is, for which the pods themselves are read; kubectl "
            f"prints what is used. Nothing is kept from run to run. {SERVER}",
            _stats,
            [Goal("a request for all numbers and one a page of pods", requests_within(STATS, pages(PODS) + 1))],
        ),
        Curve(
            "List pods",
            "All pods of a cluster.",
            SIZES,
            _more_to_list,
            [Goal(STRAIGHT, straight(OURS)), Goal("a request a page", same_requests(OURS, pages))],
        ),
        Curve(
            "Measure pods",
            "CPU and memory of all pods of a cluster.",
            SIZES,
            _more_to_measure,
            [
                Goal(STRAIGHT, straight(STATS)),
                Goal(
                    "a request for all numbers and one a page of pods",
                    same_requests(STATS, lambda pods: pages(pods) + 1),
                ),
            ],
        ),
    ]
