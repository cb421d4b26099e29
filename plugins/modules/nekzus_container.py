# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_container
short_description: Start, stop, restart and pause containers on Docker and Kubernetes
version_added: 0.1.0
description:
  - Brings one container, several, or a selection into a state, the same way on Docker and on Kubernetes.
  - It never creates anything. A target that is not there is an error with the nearest names.
  - Several targets are changed at once, within a bound, and each has a result of its own. When some fail, the others
    are still done, and the task fails at the end with all results.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._target
  - nekzus.runtime._wait
  - nekzus.runtime._attributes
attributes:
  check_mode:
    support: full
    details:
      - Kubernetes is asked for each change as a dry run, so that what the account may not do, or an admission rule
        refuses, fails as it would. That takes the same rights as the change.
  diff_mode:
    support: full
options:
  state:
    description:
      - V(started) runs it, and lets a paused one go on.
      - V(stopped) ends it, and keeps it so that it can be started again.
      - On Kubernetes what controls a pod is what is stopped and started. Its replica count is remembered in the
        annotation C(nekzus.io/replicas) and set to 0, Jobs and CronJobs are suspended. The name of a pod that is gone
        since then still finds it. A pod without a controller is deleted, and RV(results[].manifest) has what it was.
      - V(restarted) ends and runs it, and is always a change. A stopped one is started.
      - V(paused) freezes it. Docker only.
    type: str
    required: true
    choices: [started, stopped, restarted, paused]
  all:
    description:
      - Whether all containers of the runtime are meant. Has to be said aloud, and goes with O(exclude).
      - With O(namespace), all of that namespace, which alone selects nothing.
      - A selection, this one too, leaves out Kubernetes' own namespaces (C(kube-system) and the like) unless they are
        named.
    type: bool
    default: false
  timeout:
    description:
      - How many seconds, from 1 to 300, a process gets to end by itself before it is killed.
      - Without it, 10 on Docker, and on Kubernetes what the pod itself says (C(terminationGracePeriodSeconds)).
    type: int
  force:
    description:
      - Whether to kill at once, without the grace of O(timeout).
      - Also deletes a pod without a controller whose secrets could not be shown in RV(results[].manifest).
    type: bool
    default: false
  max_concurrent:
    description:
      - How many containers are changed at the same time, at most. V(1) does one after the other.
      - A container without a health check that runs again, and only has to show that it stays up, does not count.
    type: int
    default: 5
  continue_on_error:
    description:
      - Whether to go on with the others when one fails. The task fails at the end in any case.
      - With V(false), nothing is begun when a target is missing, and nothing more after the first failure.
    type: bool
    default: true
  replicas:
    description:
      - How many replicas a workload is started with, instead of as many as it had when it was stopped. Never fewer than
        it has.
    type: int
  restart_method:
    description:
      - How a Kubernetes workload is restarted. V(rollout) replaces its pods under the rules of its controller,
        V(recreate) deletes them.
      - V(auto) deletes a pod that was named, and rolls out a workload that was named or has pods in a selection. Where
        there is no rollout (a bare ReplicaSet, a custom resource, the strategy C(OnDelete)) it deletes the pods, with a
        warning.
    type: str
    choices: [auto, rollout, recreate]
    default: auto
seealso:
  - module: nekzus.runtime.nekzus_container_info
"""

EXAMPLES = r"""
- name: Stop one container
  nekzus.runtime.nekzus_container:
    name: web
    state: stopped

- name: Restart three, one after the other, each healthy before the next
  nekzus.runtime.nekzus_container:
    names: [web-1, web-2, web-3]
    state: restarted
    max_concurrent: 1
    continue_on_error: false

- name: Stop everything of a Compose project but its database
  nekzus.runtime.nekzus_container:
    filters:
      compose_project: [shop]
    exclude: ["*db*"]
    state: stopped
    timeout: 30

- name: Start what carries a label on a remote daemon
  nekzus.runtime.nekzus_container:
    label_selectors: [tier=backend]
    state: started
    docker_host: ssh://admin@10.0.0.5

- name: Stop a Deployment of Kubernetes, whatever it has of pods
  nekzus.runtime.nekzus_container:
    name: prod/deployment/web
    state: stopped

- name: Start it again with as many replicas as it had, and wait until all are ready
  nekzus.runtime.nekzus_container:
    name: prod/deployment/web
    state: started
    wait_timeout: 300

- name: Roll out everything of a team anew, three workloads at a time
  nekzus.runtime.nekzus_container:
    namespaces: [prod, staging]
    label_selectors: [team=shop]
    state: restarted
    max_concurrent: 3

- name: Go on when a container does not exist
  nekzus.runtime.nekzus_container:
    name: maybe
    state: stopped
  register: result
  failed_when: result.failed and result.failure.code != 'container_not_found'
"""

RETURN = r"""
results:
  description: What became of each target, in the order of the targets; a selection's by name.
  returned: when containers could be looked for, whether or not some failed
  type: list
  elements: dict
  contains:
    address:
      description: The target as every module of the collection accepts it.
      type: str
      sample: docker/web
    id:
      description: The runtime's own identifier, none for a target that was not found.
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
    subject:
      description:
        - The address of what is changed for it, the container's own, or that of the workload that controls the pod.
          Results with the same one are one change. None for a target that was not found.
      type: str
      sample: kubernetes/prod/deployment/web
    owner:
      description: The topmost controller of a pod (C(kind), C(name), C(api_version)), none on Docker.
      type: dict
    owner_chain:
      description: All controllers, from the pod's own to the topmost.
      type: list
      elements: dict
    changed:
      description: Whether anything was changed.
      type: bool
    success:
      description: Whether it is as asked for. None when it was not attempted because another target had failed.
      type: bool
    state_before:
      description: The state before.
      type: str
      sample: running
    state_after:
      description: The state after, none when it cannot be told.
      type: str
      sample: stopped
    replicas_before:
      description: The replicas of a workload before.
      type: int
    replicas_after:
      description: The replicas of a workload after.
      type: int
    failure:
      description: Why it failed, as RV(failure), none otherwise.
      type: dict
    manifest:
      description: What a pod without a controller was, to create it from again, when it was deleted; none otherwise.
      type: dict
    warnings:
      description: What the user should know about this change.
      type: list
      elements: str
failure:
  description: The failure of the first target that failed, or of the whole task.
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
      sample: stop
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
    details:
      description:
        - What was found out, such as C(exit_code), the last lines of the log as C(logs), and on Kubernetes the last
          C(events) of the C(pod).
      type: dict
      returned: when there is more to tell
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.lifecycle import lifecycle_report
from ..module_utils._runtime.lifecycle.lifecycle import Lifecycle
from ..module_utils._runtime.lifecycle.order import parse_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..module_utils._runtime.lifecycle.lifecycle import BulkOperator

SECTIONS = ("runtime", "target", "wait")
ARGUMENTS: dict[str, dict[str, Any]] = {
    "state": {"type": "str", "required": True, "choices": ["started", "stopped", "restarted", "paused"]},
    "all": {"type": "bool", "default": False},
    "timeout": {"type": "int"},
    "force": {"type": "bool", "default": False},
    "max_concurrent": {"type": "int", "default": 5},
    "continue_on_error": {"type": "bool", "default": True},
    "replicas": {"type": "int"},
    "restart_method": {"type": "str", "choices": ["auto", "rollout", "recreate"], "default": "auto"},
}


def run(params: Mapping[str, Any], role: BulkOperator, *, check_mode: bool) -> dict[str, Any]:
    """Bring what the task speaks of into the state it asks for, or predict that."""
    order = parse_order(params)
    return lifecycle_report(role.predict(order) if check_mode else role.carry_out(order))


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS)
    with opened_runtimes(module) as runtimes:
        finish(module, run(module.params, Lifecycle(runtimes), check_mode=module.check_mode))


if __name__ == "__main__":
    main()
