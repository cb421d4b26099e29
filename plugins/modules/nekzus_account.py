# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_account
short_description: Make accounts on a cluster that may do what this collection needs, and no more
version_added: 0.4.0
description:
  - Makes a ServiceAccount that may do what some features of this collection take, in some namespaces or in all, and
    gives it a kubeconfig. Takes away what it was granted earlier and is not to have any more.
  - Needs no other collection and no C(kubectl).
  - Kubernetes only. On Docker, where who may use the socket may do all, it fails with V(unsupported).
  - For each feature there is a Role and a RoleBinding in each namespace, or a ClusterRole and a ClusterRoleBinding,
    named C(nekzus:NAMESPACE:NAME:FEATURE) after the account. All objects have the label C(app.kubernetes.io/managed-by)
    with the value C(nekzus.runtime). An object of the same name without it is somebody else's and is never touched.
  - The role P(nekzus.runtime.kubernetes_rbac#role) makes an account and verifies it by asking the cluster.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._attributes
attributes:
  check_mode:
    support: full
    details: It only reads, and does not find out whether the cluster would refuse what it would do.
  diff_mode:
    support: full
    details: No token is in it.
options:
  name:
    description:
      - The name of the account, at most 63 characters.
      - It is in O(namespace), without it in that of the context of the kubeconfig.
      - An account that may deploy or look into secrets where it lives itself may come to more than it is granted. A
        namespace of its own, in which nothing runs, is the best place.
    type: str
    required: true
  state:
    description:
      - V(present) makes it what the task says, whatever it was before.
      - V(absent) removes it and all that it was granted, and its kubeconfig in O(kubeconfig_dest).
    type: str
    choices: [present, absent]
    default: present
  features:
    description:
      - What the account is for. Required for V(state=present).
      - V(read) lists, inspects and reads logs - M(nekzus.runtime.nekzus_container_info) and
        M(nekzus.runtime.nekzus_logs).
      - V(stats) measures - M(nekzus.runtime.nekzus_stats).
      - V(lifecycle) starts, stops and restarts - M(nekzus.runtime.nekzus_container).
      - V(export) writes workloads down with what belongs to them - M(nekzus.runtime.nekzus_export). It reads
        ConfigMaps, Secrets, PersistentVolumeClaims, ServiceAccounts, Services, Ingresses and
        HorizontalPodAutoscalers.
      - V(toolbox) deploys templates - M(nekzus.runtime.nekzus_toolbox_deploy) and
        M(nekzus.runtime.nekzus_toolbox_info). It reads, makes, changes and deletes Deployments, StatefulSets,
        DaemonSets, Jobs, CronJobs, Services, Ingresses, ConfigMaps, Secrets and PersistentVolumeClaims.
      - Each stands for itself. What it takes to find containers is in all of them.
    type: list
    elements: str
    choices: [read, lifecycle, stats, export, toolbox]
  namespaces:
    description:
      - Where the account may act. Either this or O(all_namespaces) is required for V(state=present).
      - With V(state=absent), where to look for what it was granted, if the task may not look into all namespaces.
    type: list
    elements: str
  all_namespaces:
    description:
      - Whether the account may act in the whole cluster. Has to be said aloud.
      - V(stats) then may list nodes too, of which it tells percentages of what has no limit.
    type: bool
    default: false
  token:
    description:
      - V(expiring) asks for a token that ends after O(token_lifetime). Nothing of it is kept in the cluster, and it
        ends with the account.
      - V(lasting) has the cluster keep a token in a Secret C(NAME-nekzus-token), which is good for as long as that is
        there. It is for what cannot renew its kubeconfig, such as a credential that is pasted somewhere.
    type: str
    choices: [expiring, lasting]
    default: expiring
  token_lifetime:
    description:
      - How long an expiring token is good, at least V(10m). Clusters may give less, which is a warning.
      - A later run renews the token in O(kubeconfig_dest) when less than half of its time is left.
    type: str
    default: 24h
  kubeconfig_dest:
    description:
      - The file, on the host that the module runs on, that gets the account's kubeconfig, with mode 0600. Folders that
        are missing are made.
      - A file with anything but the kubeconfig of this account is not overwritten.
    type: path
  return_kubeconfig:
    description:
      - Whether to return the account's kubeconfig, with its token. Needs C(no_log=true) on the task, so that nothing
        prints it. Without O(kubeconfig_dest) every run asks for a new token.
    type: bool
    default: false
notes:
  - A cluster lets nobody grant rights that he has not got. Who runs this has all rights of the features asked for, or
    has been granted C(escalate) and C(bind) on roles, as the error then says.
  - To see everything that the account was granted earlier takes C(list) on roles and bindings in all namespaces and of
    the cluster. Who may not do that gets a warning, and what the account has elsewhere stays. With
    O(runtimes.kubernetes.namespaces) the task looks into those alone, and into nothing of the whole cluster.
seealso:
  - module: nekzus.runtime.nekzus_runtime_info
"""

EXAMPLES = r"""
- name: Make an account that reads and measures what is in two namespaces
  nekzus.runtime.nekzus_account:
    name: monitor
    namespace: automation
    features: [read, stats]
    namespaces: [prod, staging]
    kubeconfig_dest: ~/.kube/monitor

- name: List as that account
  nekzus.runtime.nekzus_container_info:
    kubeconfig: ~/.kube/monitor
    namespaces: [prod, staging]

- name: Make one that starts and stops everything, with a token that does not end, and use it without a file
  nekzus.runtime.nekzus_account:
    name: operator
    namespace: automation
    features: [lifecycle]
    all_namespaces: true
    token: lasting
    return_kubeconfig: true
  register: operator
  no_log: true

- name: Stop as that account
  nekzus.runtime.nekzus_container:
    kubeconfig: "{{ operator.kubeconfig }}"
    name: prod/deployment/web
    state: stopped

- name: Remove an account and all that it was granted
  nekzus.runtime.nekzus_account:
    name: monitor
    namespace: automation
    state: absent
    kubeconfig_dest: ~/.kube/monitor
"""

RETURN = r"""
account:
  description: The account, in check mode as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: monitor
    namespace:
      description: Where it lives.
      type: str
      sample: automation
    user:
      description: Who it is to the API server.
      type: str
      sample: system:serviceaccount:automation:monitor
    features:
      description: What it is for.
      type: list
      elements: str
    namespaces:
      description: Where it may act. Empty when it may everywhere.
      type: list
      elements: str
    all_namespaces:
      description: Whether it may act in all namespaces.
      type: bool
    operations:
      description:
        - The operations of this collection for which its rights are enough, named as
          M(nekzus.runtime.nekzus_runtime_info) names them. Some may be of features that it does not have, where those
          take no other rights.
      type: list
      elements: str
    grants:
      description: What each of its features grants.
      type: list
      elements: dict
      contains:
        feature:
          description: The feature.
          type: str
          sample: read
        rules:
          description: Its rules, as a role has them.
          type: list
          elements: dict
    token_expires:
      description: When the token of its kubeconfig ends. None for one that lasts, and where none was asked for.
      type: str
      sample: "2026-01-31T12:00:00Z"
changes:
  description: What was changed in the cluster, or would be, in this order.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: The kind of the object.
      type: str
      sample: RoleBinding
    namespace:
      description: Its namespace. None for an object of the whole cluster.
      type: str
      sample: prod
    name:
      description: Its name.
      type: str
      sample: nekzus:automation:monitor:read
    action:
      description: What became of it, V(created), V(changed) or V(removed).
      type: str
      sample: created
kubeconfig_dest:
  description: The file that has the account's kubeconfig, its whole path. None without O(kubeconfig_dest).
  returned: success
  type: str
kubeconfig_changed:
  description: Whether the file in O(kubeconfig_dest) was written or removed, or would be.
  returned: success
  type: bool
kubeconfig:
  description: The account's kubeconfig. It is a secret.
  returned: with O(return_kubeconfig), in check mode only if no new token is needed
  type: dict
failure:
  description: Why it failed, to branch on.
  returned: failure
  type: dict
  contains:
    code:
      description: A stable word to branch on.
      type: str
      sample: permission_denied
    message:
      description: What is wrong, in one sentence.
      type: str
    runtime:
      description: The runtime.
      type: str
    op:
      description: What was tried.
      type: str
      sample: make
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
    details:
      description: The rule that is missing, in its parts.
      type: dict
      returned: when there is more to tell
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.account import account_report
from ..module_utils._runtime.accounts.keeper import AccountKeeper
from ..module_utils._runtime.accounts.order import parse_account_order

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTIONS = ("runtime",)
ARGUMENTS: dict[str, dict[str, Any]] = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "features": {"type": "list", "elements": "str", "choices": ["read", "lifecycle", "stats", "export", "toolbox"]},
    "namespaces": {"type": "list", "elements": "str"},
    "all_namespaces": {"type": "bool", "default": False},
    # What kind of token, not a token.
    "token": {"type": "str", "choices": ["expiring", "lasting"], "default": "expiring", "no_log": False},
    "token_lifetime": {"type": "str", "default": "24h", "no_log": False},
    "kubeconfig_dest": {"type": "path"},
    "return_kubeconfig": {"type": "bool", "default": False},
}


def run(params: Mapping[str, Any], role: AccountKeeper, *, check_mode: bool, hidden: bool) -> dict[str, Any]:
    """Make the account what the task says, or predict that; a result that is ``hidden`` may hold a secret."""
    order = parse_account_order(params, hidden=hidden)
    return account_report(role.predict(order) if check_mode else role.carry_out(order), show=order.returned)


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS)
    with opened_runtimes(module) as runtimes:
        role = AccountKeeper(runtimes)
        finish(module, run(module.params, role, check_mode=module.check_mode, hidden=module.no_log))


if __name__ == "__main__":
    main()
