# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_export
short_description: Write down containers so that they can be made again, on Docker and Kubernetes
version_added: 0.5.0
description:
  - Containers of Docker become a Compose file, whoever made them and however they were made. What their images say
    already, and what the daemon fills in by itself, is left out. Secrets become variables, dollars are doubled.
  - Pods and workloads of Kubernetes become manifests of the workload that owns them, with its Services and with as much
    of what belongs to it as O(include) says. What the server has set is left out, so that they apply to an empty
    namespace.
  - Both are templates for M(nekzus.runtime.nekzus_toolbox_deploy), and can be given to C(docker compose) and to
    C(kubectl apply).
  - What cannot be written down is told in a warning that names it, never left out in silence.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._target
  - nekzus.runtime._attributes
options:
  all:
    description: Whether all containers of the runtime are meant. Has to be said aloud.
    type: bool
    default: false
  include:
    description:
      - What of Kubernetes to write down beside the workload, as far as it belongs to it - its Services, the ConfigMaps,
        Secrets and claims that its pods refer to, its ServiceAccount, Ingresses to its Services, and its autoscalers.
      - On Docker, volumes and networks always come with the containers.
    type: list
    elements: str
    choices: [services, config_maps, secrets, volume_claims, service_accounts, ingresses, autoscalers]
    default: [services]
  include_secret_values:
    description:
      - Whether to write down the values of secrets. Without it, those of Docker are empty in the file of variables, and
        those of Kubernetes are masked.
      - Needs O(dest). Values are never returned.
    type: bool
    default: false
  external:
    description:
      - Whether the Compose file takes the volumes and networks that are there, with what is in them. They have to be
        there when it is deployed.
      - Without it the file declares them, so that new ones are made where it is deployed. Nothing of what is in the
        volumes goes with them.
      - It is about Docker alone.
    type: bool
    default: true
  dest:
    description:
      - Write to this file where the module runs, instead of returning the text. It is written atomically, with mode
        V(0600), and only when it changes.
      - It is a folder when it ends with a slash or is one already. A Compose file is C(compose.yml) in it, manifests
        are one file for each namespace, named by it.
      - Variables of a Compose file are in C(.env) in the folder, or beside the file with the ending C(.env).
    type: path
attributes:
  check_mode:
    support: full
    details: It reads, but writes no file.
  diff_mode:
    support: none
    details: What is written may have secrets in it.
notes:
  - Neither what is in volumes and claims is written down, nor roles that are bound to a ServiceAccount.
  - A namespace that is selected is told by what runs in it, and by what is stopped. A CronJob whose next Job is yet to
    come is neither - name it.
seealso:
  - module: nekzus.runtime.nekzus_toolbox_deploy
  - module: nekzus.runtime.nekzus_container_info
"""

EXAMPLES = r"""
- name: Write down a container as a Compose file
  nekzus.runtime.nekzus_export:
    name: docker/web
  register: web

- name: Show it
  ansible.builtin.debug:
    msg: "{{ web.exports[0].content }}"

- name: Keep a whole Compose project in a folder, with the passwords in its file .env
  nekzus.runtime.nekzus_export:
    runtime: docker
    filters:
      compose_project: [shop]
    include_secret_values: true
    dest: /var/backups/shop/

- name: Keep a Deployment, its Services and all that it refers to as manifests
  nekzus.runtime.nekzus_export:
    name: prod/deployment/web
    include: [services, config_maps, secrets, volume_claims, service_accounts, ingresses, autoscalers]
    dest: /var/backups/web.yml

- name: Export what runs in a namespace, and read it here
  nekzus.runtime.nekzus_export:
    namespaces: [prod]
  register: prod

- name: Deploy it in another one
  nekzus.runtime.nekzus_toolbox_deploy:
    service_name: copy
    definition: "{{ prod.exports[0].content }}"
    namespace: staging
"""

RETURN = r"""
exports:
  description: One entry for what is of Docker, and one for each namespace of Kubernetes.
  returned: when containers could be looked for, whether or not some failed
  type: list
  elements: dict
  contains:
    runtime:
      description: The runtime.
      type: str
    namespace:
      description: The Kubernetes namespace, empty on Docker. It is not in the manifests.
      type: str
    subjects:
      description: What is written down, as every module of the collection accepts it.
      type: list
      elements: str
      sample: [docker/web]
    variables:
      description: The names of the variables that stand for secrets in a Compose file.
      type: list
      elements: str
      sample: [DB_PASSWORD]
    content:
      description: The Compose file or the manifests, as YAML. Never a template.
      returned: without O(dest)
      type: str
    dest:
      description: The file.
      returned: with O(dest)
      type: str
    variables_dest:
      description: The file of the variables.
      returned: with O(dest), when there are any
      type: str
failure:
  description: Why the first target that failed could not be written down.
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
      sample: export
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.export import export_report
from ..module_utils._runtime.exports.order import parse_export_order
from ..module_utils._runtime.exports.scribe import Scribe
from ..module_utils._runtime.request import parse_request

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTIONS = ("runtime", "target")
_KINDS = ["services", "config_maps", "secrets", "volume_claims", "service_accounts", "ingresses", "autoscalers"]
ARGUMENTS: dict[str, dict[str, Any]] = {
    "all": {"type": "bool", "default": False},
    "include": {"type": "list", "elements": "str", "choices": _KINDS, "default": ["services"]},
    "include_secret_values": {"type": "bool", "default": False},
    "external": {"type": "bool", "default": True},
    "dest": {"type": "path"},
}


def run(params: Mapping[str, Any], role: Scribe, *, check_mode: bool) -> dict[str, Any]:
    """Write down what the task speaks of, and put it into files if it asks for that."""
    request, order = parse_request(params, everything=params["all"]), parse_export_order(params)
    return export_report(role.write_down(request, order.choice), order=order, write=not check_mode)


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS)
    with opened_runtimes(module) as runtimes:
        finish(module, run(module.params, Scribe(runtimes), check_mode=module.check_mode))


if __name__ == "__main__":
    main()
