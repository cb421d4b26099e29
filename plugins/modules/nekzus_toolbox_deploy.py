# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_toolbox_deploy
short_description: Make a running service of a template, on Docker or on Kubernetes, or remove it
version_added: 0.5.0
description:
  - Deploys a Compose file to Docker or to Kubernetes, or Kubernetes manifests to Kubernetes, with variables filled in.
    Waits until all of it is ready, and returns where it is reached.
  - Idempotent. Only what has changed is made again, and what the template does not have any more is removed.
  - A first deployment that fails is removed again. When an update fails, what was there before serves on.
  - Volumes are never removed unless O(remove_volumes) says so.
  - What is made has the label C(nekzus.io/service) with the name of the deployment, and what is not in its namespace
    C(nekzus.io/service-namespace). An object of the same name without them is somebody else's, and is never touched.
  - A Compose file with a key that the runtime has nothing for is refused, or there is a warning that names the key.
    Nothing is left out silently. See the guide on templates.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._attributes
attributes:
  check_mode:
    support: full
    details:
      - On Kubernetes it asks the server to try each change, which takes the same rights as the change itself.
  diff_mode:
    support: full
    details: Secrets are masked.
  async:
    description: Can be run with C(async).
    support: full
options:
  service:
    description:
      - The template of that name in the catalogue, see M(nekzus.runtime.nekzus_toolbox_info).
      - Only one of O(service), O(src) and O(definition) can be given. O(state=present) needs one, the other states do
        without it for what is deployed.
    type: str
  src:
    description:
      - A template on the controller, a file or a folder. A folder has a V(compose.yaml) or V(docker-compose.yml), else
        all its YAML files are manifests.
      - It is looked for in C(templates) and C(files) of the role and beside the playbook, and then where Ansible was
        started. A path may not lead out of these.
      - The files of a folder, and those that a file speaks of by their names, go with the template.
      - It is not a Jinja template. What varies are variables as Compose has them, see O(env).
    type: str
  definition:
    description:
      - The template itself - a text, a Compose file as a mapping, or manifests as a mapping or a list of mappings.
    type: raw
  files:
    description:
      - Files beside a O(definition), by their path - the text, or C(base64:) and the content in base64.
      - A relative path that a service mounts, or that a config, a secret or an C(env_file) names, is taken from these.
    type: dict
  catalog_dir:
    description:
      - The folder of the catalogue on the controller, with a folder for each service. By default that of the role
        P(nekzus.runtime.toolbox#role).
    type: str
  service_name:
    description:
      - What the deployment is called, at most 63 of a-z, 0-9 and -. By default O(service), or the name that the
        template has for itself - the label C(nekzus.toolbox.name), or C(name) of a Compose file.
      - On Docker it is the project of Compose, on Kubernetes names of objects begin with it.
    type: str
  state:
    description:
      - V(present) makes it what the template says. What is new is started, if O(auto_start) says so. What is there
        stays running or stopped.
      - V(started) sees to it that it runs as well.
      - V(stopped) sees to it that it is there and does not run.
      - V(absent) removes all that was made of it, volumes only with O(remove_volumes).
    type: str
    choices: [present, started, stopped, absent]
    default: present
  env:
    description:
      - The variables of the template. They are filled in as Compose does, C($VAR), C(${VAR:-default}),
        C(${VAR:?message}) and the others. In manifests it is C(${VAR}) and its forms only.
      - C(SERVICE_NAME), C(BASE_URL) and C(APP_PORT) come from O(service_name), O(base_url) and O(port) unless they are
        given here.
      - Values are hidden everywhere if the name of the variable says that it is a secret, such as C(DB_PASSWORD), or
        if the template uses it for one.
    type: dict
  base_url:
    description: The URL at which users reach the service, for the variable C(BASE_URL).
    type: str
  port:
    description: The port at which the main service of a Compose file is published, and the variable C(APP_PORT).
    type: int
  image:
    description: Another image for the main service of a Compose file.
    type: str
  replicas:
    description: How many of the main service of a Compose file there shall be.
    type: int
  profiles:
    description: The profiles of a Compose file that are active.
    type: list
    elements: str
  project_dir:
    description:
      - Where relative paths of a Compose file that services mount begin on the host of the Docker daemon. By default
        C(/var/lib/nekzus) and the name of the deployment.
    type: str
  auto_start:
    description: Whether V(state=present) starts what is new.
    type: bool
    default: true
  remove_volumes:
    description: Whether to remove volumes, with all data, that the template does not have any more or O(state=absent).
    type: bool
    default: false
  allow_privileged:
    description:
      - Whether the template may have more of the host than a container gets - privileged containers, namespaces,
        devices and paths of the host, the socket of Docker among them.
    type: bool
    default: false
  allowed_paths:
    description: Folders of the host that services may mount without O(allow_privileged).
    type: list
    elements: str
  take_over:
    description:
      - Whether fields of our objects that somebody else has set to something else become ours (Kubernetes), and whether
        containers of the names that the template has become part of the deployment, made anew with their volumes
        (Docker), but for those that were made with C(--rm). Otherwise that is a V(conflict) which names what is in the
        way.
    type: bool
    default: false
  wait:
    description:
      - Whether to wait until all is ready - running and, with a health check, healthy. Waiting ends early, with the
        reason and the last log lines, when it never will be.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait for all of it.
    type: int
    default: 120
notes:
  - Templates are read on the controller. The module runs on the host whose runtime it is about, or wherever that is
    reached from.
  - The host that the module runs on needs the Python library C(yaml) for templates that are text.
seealso:
  - module: nekzus.runtime.nekzus_toolbox_info
"""

EXAMPLES = r"""
- name: Deploy a service of the catalogue on Docker
  nekzus.runtime.nekzus_toolbox_deploy:
    service: vaultwarden
    env:
      ADMIN_TOKEN: "{{ vault_admin_token }}"
    port: 8222
  register: deployed

- name: Say where it is
  ansible.builtin.debug:
    msg: "{{ deployed.service.endpoints | map(attribute='url') | list }}"

- name: Deploy the same to Kubernetes
  nekzus.runtime.nekzus_toolbox_deploy:
    service: vaultwarden
    namespace: tools
    env:
      ADMIN_TOKEN: "{{ vault_admin_token }}"

- name: Deploy a Compose file of the project
  nekzus.runtime.nekzus_toolbox_deploy:
    src: shop/compose.yaml
    service_name: shop

- name: Deploy manifests
  nekzus.runtime.nekzus_toolbox_deploy:
    service_name: greeting
    namespace: tools
    definition: |
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: greeting
      data:
        text: ${GREETING:-hello}
    env:
      GREETING: good day

- name: Stop it, and keep it
  nekzus.runtime.nekzus_toolbox_deploy:
    service_name: shop
    state: stopped

- name: Remove it with its data
  nekzus.runtime.nekzus_toolbox_deploy:
    service_name: shop
    state: absent
    remove_volumes: true
"""

RETURN = r"""
service:
  description: The deployment, in check mode as it would be. None when it is absent.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: vaultwarden
    runtime:
      description: The runtime.
      type: str
      sample: docker
    namespace:
      description: Its namespace, empty on Docker.
      type: str
    template:
      description: The template it was made of, as far as that has a name.
      type: str
      sample: vaultwarden
    status:
      description: The worst state of its containers, one of the states of M(nekzus.runtime.nekzus_container_info).
      type: str
      sample: running
    image:
      description: The image of its main service.
      type: str
    containers:
      description: Its containers on Docker, its workloads on Kubernetes.
      type: list
      elements: dict
      contains:
        service:
          description: The service of the template.
          type: str
        address:
          description: Its address, as all modules of the collection take it.
          type: str
          sample: docker/vaultwarden-vaultwarden-1
        name:
          description: Its name.
          type: str
        image:
          description: Its image.
          type: str
        state:
          description: Its state.
          type: str
        status:
          description: Its state in the runtime's own words.
          type: str
        ready:
          description: Whether it is of use. None is unknown.
          type: bool
        replicas:
          description: How many pods it wants. None on Docker.
          type: int
    endpoints:
      description: Where it is reached. What is not known before it is there is left out in check mode.
      type: list
      elements: dict
      contains:
        service:
          description: The service of the template.
          type: str
        host:
          description: The host.
          type: str
        port:
          description: The port.
          type: int
        protocol:
          description: The protocol.
          type: str
          sample: tcp
        url:
          description: The URL, None for what is not the web.
          type: str
          sample: http://localhost:8222
    volumes:
      description: Its volumes on Docker, its claims on Kubernetes.
      type: list
      elements: str
    env:
      description: The environment of its main service, secrets masked.
      type: dict
changes:
  description: What was changed, or would be, in this order.
  returned: success
  type: list
  elements: dict
  contains:
    kind:
      description: The kind of the object.
      type: str
      sample: Container
    namespace:
      description: Its namespace. None where it has none.
      type: str
    name:
      description: Its name.
      type: str
      sample: vaultwarden-vaultwarden-1
    action:
      description:
        - What became of it, V(created), V(changed), V(recreated), V(removed), V(started) or V(stopped).
      type: str
      sample: created
failure:
  description: Why it failed, to branch on.
  returned: failure
  type: dict
  contains:
    code:
      description: A stable word to branch on.
      type: str
      sample: invalid_template
    message:
      description: What is wrong, in one sentence.
      type: str
    runtime:
      description: The runtime.
      type: str
    op:
      description: What was tried.
      type: str
      sample: deploy
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
    details:
      description: Facts for whoever digs deeper, such as the last log lines.
      type: dict
      returned: when there is more to tell
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.toolbox import deploy_report
from ..module_utils._runtime.toolbox.keeper import ToolboxKeeper
from ..module_utils._template_source import load_order

if TYPE_CHECKING:
    from ..module_utils._runtime.toolbox.order import ToolboxOrder

SECTIONS = ("runtime",)
ARGUMENTS: dict[str, dict[str, Any]] = {
    "service": {"type": "str"},
    "src": {"type": "str"},
    "definition": {"type": "raw"},
    "files": {"type": "dict"},
    # A path on the controller, of which this host knows nothing.
    "catalog_dir": {"type": "str"},
    "service_name": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "started", "stopped", "absent"], "default": "present"},
    # Its secrets are hidden one by one: to hide every value would blank each 80 and each true in all results.
    "env": {"type": "dict", "no_log": False},
    "base_url": {"type": "str"},
    "port": {"type": "int"},
    "image": {"type": "str"},
    "replicas": {"type": "int"},
    "profiles": {"type": "list", "elements": "str"},
    "project_dir": {"type": "str"},
    "auto_start": {"type": "bool", "default": True},
    "remove_volumes": {"type": "bool", "default": False},
    "allow_privileged": {"type": "bool", "default": False},
    "allowed_paths": {"type": "list", "elements": "str"},
    "take_over": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
}
# What of the variables is secret is known only when the template is read.
CONCEALED = ("definition", "env", "files")


def run(order: ToolboxOrder, role: ToolboxKeeper, *, check_mode: bool) -> dict[str, Any]:
    """Deploy what the task says, or predict that."""
    return deploy_report(role.predict(order) if check_mode else role.carry_out(order))


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS, concealed=CONCEALED)
    with opened_runtimes(module) as runtimes:
        order = load_order(module.params)
        module.no_log_values.update(order.secrets)
        finish(module, run(order, ToolboxKeeper(runtimes), check_mode=module.check_mode))


if __name__ == "__main__":
    main()
