# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_runtime_info
short_description: Tell which container runtimes answer, what they can do, and what they allow
version_added: 0.2.0
description:
  - Returns, for Docker and for Kubernetes, whether it answers, its version, and what it can do.
  - A runtime that is not there, or that cannot be reached, is no error. It is said to be not available, and why.
  - On request it asks the cluster what the task's account may do, operation by operation of this collection, and
    returns the role that would grant what is missing, ready to be applied.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._attributes
  - nekzus.runtime._attributes.read_only
options:
  permissions:
    description:
      - Whether to ask what is allowed. It takes about 66 small requests for each namespace.
      - Asking needs no right of its own, and changes nothing.
    type: bool
    default: false
  features:
    description:
      - What O(permissions) is about, as M(nekzus.runtime.nekzus_account) grants it. Without it, all that the
        collection does.
    type: list
    elements: str
    choices: [read, lifecycle, stats, export, toolbox]
    version_added: 0.4.0
  namespaces:
    description:
      - The namespaces that O(permissions) is about. O(namespace) is a short way to name one.
      - Without either, those in O(runtimes.kubernetes.namespaces), else the whole cluster.
    type: list
    elements: str
seealso:
  - module: nekzus.runtime.nekzus_account
  - module: nekzus.runtime.nekzus_container
  - module: nekzus.runtime.nekzus_container_info
"""

EXAMPLES = r"""
- name: See what there is
  nekzus.runtime.nekzus_runtime_info:
  register: found

- name: End the play on hosts where no runtime answers
  ansible.builtin.meta: end_host
  when: found.runtimes | selectattr('available') | length == 0

- name: Look at Docker alone, and say why it does not answer
  nekzus.runtime.nekzus_runtime_info:
    runtime: docker
  register: docker
  failed_when: docker.failed or not docker.runtimes[0].available

- name: Pause where that can be done, else stop
  nekzus.runtime.nekzus_container:
    name: web
    state: "{{ 'paused' if docker.runtimes[0].capabilities.paused else 'stopped' }}"

- name: Ask what the account may do in a namespace
  nekzus.runtime.nekzus_runtime_info:
    runtime: kubernetes
    namespace: prod
    permissions: true
  register: account

- name: Have the role that reading and measuring take, as far as the account lacks it
  nekzus.runtime.nekzus_runtime_info:
    runtime: kubernetes
    namespace: prod
    permissions: true
    features: [read, stats]
  register: reader

- name: Show what it may not do
  ansible.builtin.debug:
    msg: "{{ account.runtimes[0].permissions.operations | rejectattr('allowed') }}"

- name: Write down the role that an administrator has to apply
  ansible.builtin.copy:
    content: "{{ account.runtimes[0].permissions.role | to_nice_yaml }}"
    dest: /tmp/nekzus-role.yml
    mode: "0644"
  when: account.runtimes[0].permissions.role is not none
"""

RETURN = r"""
primary:
  description: The runtime of targets that do not say theirs.
  returned: success
  type: str
  sample: docker
runtimes:
  description: The runtimes, Docker first; with O(runtime) that one alone.
  returned: success
  type: list
  elements: dict
  contains:
    type:
      description: The runtime, as O(runtime) names it.
      type: str
      sample: docker
    available:
      description: Whether it answers.
      type: bool
    enabled:
      description: Whether the configuration lets tasks use it. None when they may as soon as it can be reached.
      type: bool
    error:
      description: Why it is not available, or its permissions cannot be told, in words with a hint. None otherwise.
      type: str
      sample: "docker: nothing answers at unix:///var/run/docker.sock. Hint: see whether the daemon runs."
    failure:
      description: The same to branch on, none otherwise.
      type: dict
      contains:
        code:
          description: A stable word to branch on.
          type: str
          sample: runtime_unavailable
        message:
          description: What is wrong, in one sentence.
          type: str
        runtime:
          description: The runtime.
          type: str
        op:
          description: What was tried.
          type: str
          sample: connect to
        target:
          description: What it was tried on.
          type: str
        hint:
          description: What to do about it.
          type: str
        details:
          description: What was found out.
          type: dict
          returned: when there is more to tell
    name:
      description:
        - What it calls itself, V(Docker Engine), V(Podman Engine), V(Kubernetes), or a distribution of Kubernetes that
          its version tells, such as V(K3s), V(RKE2), V(Amazon EKS) and V(Google GKE).
      type: str
      sample: Docker Engine
    version:
      description: Its version, on Kubernetes without the leading C(v). None when it is not available.
      type: str
      sample: 20.10.24
    api_version:
      description: The version of its API.
      type: str
      sample: "1.41"
    capabilities:
      description: What it can do, the same words for every runtime. None when it is not available.
      type: dict
      contains:
        started:
          description: Whether containers can be started.
          type: bool
        stopped:
          description: Whether containers can be stopped and started again.
          type: bool
        restarted:
          description: Whether containers can be restarted.
          type: bool
        paused:
          description: Whether containers can be paused.
          type: bool
        replicas:
          description: Whether there are workloads of several replicas, that can be started with another count.
          type: bool
        rollout:
          description: Whether a restart can replace a workload pod by pod.
          type: bool
        suspend_jobs:
          description: Whether Jobs can be stopped and started. It takes Kubernetes 1.22.
          type: bool
        suspend_cron_jobs:
          description: Whether CronJobs can be stopped and started.
          type: bool
        owners:
          description: Whether containers have controllers.
          type: bool
        namespaces:
          description: Whether containers are in namespaces.
          type: bool
        permissions:
          description: Whether it can be asked what is allowed. None can where who may use it may do all, as on Docker.
          type: bool
    permissions:
      description: What is allowed. None when it was not asked for, or cannot be asked.
      type: dict
      contains:
        namespaces:
          description: The namespaces that were asked about, empty for the whole cluster.
          type: list
          elements: str
        operations:
          description: What the collection can do, each allowed if it is so in all of the namespaces.
          type: list
          elements: dict
          contains:
            name:
              description:
                - V(list), V(inspect), V(stats) and V(logs) are for reading, V(wait) for waiting until a change is
                  there.
                - V(stop_and_start_deployments), V(roll_out_deployments) and their likes are for workloads of that kind,
                  and V(stop_with_grace) for stopping them with a C(timeout) or C(force).
                - V(restart_pods) is for pods that a workload replaces, V(stop_pods) and V(recreate_pods) for stopping
                  and restarting pods that have no controller.
                - V(export) is for writing workloads and their Services down, V(export_secrets) and its likes for what
                  else belongs to them - V(export_config_maps), V(export_volume_claims), V(export_service_accounts),
                  V(export_ingresses) and V(export_autoscalers).
                - V(deploy) is for deploying Compose files, V(deploy_manifests) for the further kinds that manifests
                  have most. Those of kinds that are not among them take the same of theirs.
                - V(warn_of_autoscalers) is for the warning that a HorizontalPodAutoscaler scales a workload as well.
              type: str
            allowed:
              description: Whether nothing is missing for it.
              type: bool
            missing:
              description: The rules that are missing for it.
              type: list
              elements: dict
              contains:
                verb:
                  description: The verb.
                  type: str
                  sample: patch
                group:
                  description: The API group, empty for the core group.
                  type: str
                  sample: apps
                resource:
                  description: The resource, with its subresource if it is about that.
                  type: str
                  sample: deployments
        role:
          description:
            - The role that grants exactly what is missing. None when nothing is.
            - It is a C(Role) when the question was about one namespace, else a C(ClusterRole). To take effect it has to
              be applied, and bound to the account.
            - It is named C(nekzus-runtime). Where a role of that name grants something already, give it another name.
          type: dict
failure:
  description: Why the options do not fit, as RV(runtimes[].failure).
  returned: failure
  type: dict
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.runtimes import runtime_report
from ..module_utils._runtime.census import parse_inquiry, survey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..module_utils._runtime.interfaces import RuntimeDirectory

SECTIONS = ("runtime",)
ARGUMENTS: dict[str, dict[str, Any]] = {
    "permissions": {"type": "bool", "default": False},
    "features": {"type": "list", "elements": "str", "choices": ["read", "lifecycle", "stats", "export", "toolbox"]},
    "namespaces": {"type": "list", "elements": "str"},
}


def run(params: Mapping[str, Any], role: RuntimeDirectory) -> dict[str, Any]:
    """Find out what the task asks of the runtimes."""
    return runtime_report(survey(role, parse_inquiry(params)))


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS)
    with opened_runtimes(module) as runtimes:
        finish(module, run(module.params, runtimes))


if __name__ == "__main__":
    main()
