# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_stats
short_description: Measure CPU, memory, network and block I/O of containers on Docker and Kubernetes
version_added: 0.3.0
description:
  - Returns what one container, several, a selection, or all of a runtime use now, in the same form whichever runtime
    has them. All are measured side by side.
  - On Docker the numbers are those of C(docker stats). On Kubernetes they come from the metrics API, which Metrics
    Server serves. When it cannot tell, the task succeeds with unknown numbers and a warning that says what to do.
  - A workload such as V(prod/deployment/web) is the sum of its pods.
  - A number that is not known is none. A V(0) was measured.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._target
  - nekzus.runtime._attributes
  - nekzus.runtime._attributes.read_only
options:
  all:
    description: Whether a selection includes containers that are stopped, which have no numbers.
    type: bool
    default: false
  sort_by:
    description:
      - Sort by the greatest of this first - cores used, bytes of memory used, bytes over the network, bytes from and to
        disks, or number of processes. What is not known comes last.
      - Without it, and without O(top), results come in the order of the names, a selection's by name.
    type: str
    choices: [cpu, memory, network, block_io, pids]
  top:
    description: Return only so many, by O(sort_by), or by V(cpu).
    type: int
  require_metrics:
    description:
      - Whether the task fails with the code V(metrics_unavailable) when a container that runs has no numbers, because
        the cluster has no Metrics Server, or not yet a sample of it.
    type: bool
    default: false
notes:
  - Pod metrics are kept for C(metrics_cache_ttl) of O(runtimes), 30 seconds without, in a private directory of the user
    that runs the module (C($XDG_CACHE_HOME/nekzus) or C(~/.cache/nekzus)), so that tasks of one play ask once.
seealso:
  - module: nekzus.runtime.nekzus_container_info
  - module: nekzus.runtime.nekzus_logs
"""

EXAMPLES = r"""
- name: Measure one container
  nekzus.runtime.nekzus_stats:
    name: web
  register: usage

- name: Fail when it is about to run out of memory
  ansible.builtin.assert:
    that: usage.stats[0].memory.usage_percent < 90

- name: Find the ten hungriest pods of a namespace
  nekzus.runtime.nekzus_stats:
    namespace: prod
    sort_by: memory
    top: 10
  register: hungriest

- name: Measure a container of each runtime at once
  nekzus.runtime.nekzus_stats:
    names: [docker/db, kubernetes/prod/deployment/web]

- name: Wait until a new pod has numbers
  nekzus.runtime.nekzus_stats:
    name: prod/web-0
  register: usage
  until: usage.metrics_available
  retries: 12
  delay: 10
"""

RETURN = r"""
stats:
  description: What each uses.
  returned: when containers could be looked for, whether or not some failed
  type: list
  elements: dict
  contains:
    address:
      description: The container as every module of the collection accepts it.
      type: str
      sample: docker/web
    id:
      description: The runtime's own identifier, 64 hexadecimal digits on Docker, the pod's name on Kubernetes.
      type: str
    short_id:
      description: The beginning of the identifier.
      type: str
    runtime:
      description: The runtime that has it.
      type: str
    namespace:
      description: The Kubernetes namespace, empty on Docker.
      type: str
    name:
      description: The name.
      type: str
    state:
      description: One of V(running), V(stopped), V(paused), V(restarting), V(pending), V(failed).
      type: str
    cpu:
      description: CPU.
      type: dict
      contains:
        usage_percent:
          description: The share in use of what C(percent_of) names. Of V(core) and V(request) it can be above 100.
          type: float
        percent_of:
          description: >-
            V(core) on Docker, where 100 is one core in full use. On Kubernetes V(limit), without one V(request),
            without either the V(allocatable) CPU of the node.
          type: str
        cores_used:
          description: The cores in use.
          type: float
        cores_total:
          description: The cores it could use, its limit on Kubernetes, else those of the host or node.
          type: float
    memory:
      description: Memory, without the page cache.
      type: dict
      contains:
        usage_percent:
          description: The share in use of what C(percent_of) names.
          type: float
        percent_of:
          description: V(limit), on Kubernetes without one V(request), without either V(allocatable).
          type: str
        used_bytes:
          description: The bytes in use.
          type: int
        limit_bytes:
          description: The bytes it can use, its limit, else those of the host or node.
          type: int
        available_bytes:
          description: The bytes left to it.
          type: int
    network:
      description: Bytes over all networks since the start (C(rx_bytes), C(tx_bytes)). Not known on Kubernetes.
      type: dict
      contains:
        rx_bytes:
          description: Bytes received.
          type: int
        tx_bytes:
          description: Bytes sent.
          type: int
    block_io:
      description: Bytes from and to block devices since the start. Not known on Kubernetes.
      type: dict
      contains:
        read_bytes:
          description: Bytes read.
          type: int
        write_bytes:
          description: Bytes written.
          type: int
    pids:
      description: The number of processes and threads. Not known on Kubernetes.
      type: int
    containers:
      description: The share of each container, of a pod or of all pods of a workload.
      type: list
      elements: dict
      contains:
        name:
          description: The name of the container.
          type: str
        pod:
          description: The pod it is in, empty on Docker.
          type: str
        cpu:
          description: CPU, with the fields above.
          type: dict
        memory:
          description: Memory, with the fields above.
          type: dict
    timestamp:
      description: When it was measured, in UTC. None when it was not, as of a container that is stopped.
      type: str
      sample: "2026-01-31T12:00:00Z"
    window_seconds:
      description: How long CPU was measured.
      type: float
metrics_available:
  description: Whether everything that runs has numbers.
  returned: when containers could be looked for, whether or not some failed
  type: bool
cached:
  description: Whether numbers of Kubernetes came from an earlier task, see C(metrics_cache_ttl) of O(runtimes).
  returned: when containers could be looked for, whether or not some failed
  type: bool
failure:
  description: >-
    Why the first of the named containers that failed could not be measured, or why numbers are missing that
    O(require_metrics) requires.
  returned: failure
  type: dict
  contains:
    code:
      description: A stable word to branch on.
      type: str
      sample: container_not_found
    message:
      description: What is wrong, in one sentence.
      type: str
    runtime:
      description: The runtime.
      type: str
    op:
      description: What was tried.
      type: str
      sample: measure
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.stats import stats_report
from ..module_utils._runtime.request import parse_request
from ..module_utils._runtime.stats.monitor import Monitor, ranked
from ..module_utils._runtime.stats.ranking import SortKey, parse_ranking

if TYPE_CHECKING:
    from collections.abc import Mapping


SECTIONS = ("runtime", "target")
ARGUMENTS: dict[str, dict[str, Any]] = {
    "all": {"type": "bool", "default": False},
    "sort_by": {"type": "str", "choices": [key.value for key in SortKey]},
    "top": {"type": "int"},
    "require_metrics": {"type": "bool", "default": False},
}


def run(params: Mapping[str, Any], role: Monitor) -> dict[str, Any]:
    """Measure what the task speaks of, and put it in order."""
    request, ranking = parse_request(params, include_stopped=params["all"]), parse_ranking(params)
    return stats_report(ranked(role.measure(request), ranking), require=params["require_metrics"])


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS)
    with opened_runtimes(module) as runtimes:
        finish(module, run(module.params, Monitor(runtimes)))


if __name__ == "__main__":
    main()
