# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_container_info
short_description: List and inspect containers on Docker and Kubernetes
version_added: 0.1.0
description:
  - Returns one container, several, a selection, or all of a runtime, stopped ones included, in the same form whichever
    runtime has them.
  - A container that is named and is not there is an error with the nearest names. To look for one that may not be
    there, use O(filters), whose result may be empty.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._target
  - nekzus.runtime._attributes
  - nekzus.runtime._attributes.read_only
options:
  all:
    description: Whether a selection includes containers that are stopped.
    type: bool
    default: true
  details:
    description:
      - Whether to inspect each container, and return RV(containers[].config), RV(containers[].network_settings) and
        RV(containers[].mounts) as well.
    type: bool
    default: false
  raw:
    description: Whether to return the runtime's own object of each container as RV(containers[].raw), secrets masked.
    type: bool
    default: false
seealso:
  - module: nekzus.runtime.nekzus_container
"""

EXAMPLES = r"""
- name: List all containers
  nekzus.runtime.nekzus_container_info:
  register: fleet

- name: Show which are not ready
  ansible.builtin.debug:
    msg: "{{ fleet.containers | rejectattr('ready') | map(attribute='name') }}"

- name: Look into one
  nekzus.runtime.nekzus_container_info:
    name: web
    details: true

- name: Look for a container that may not be there
  nekzus.runtime.nekzus_container_info:
    filters:
      name: [web]
  register: found

- name: Find what runs an old image
  nekzus.runtime.nekzus_container_info:
    filters:
      image: ["nginx:1.1*"]
      status: [running]
  register: old

- name: Restart exactly those
  nekzus.runtime.nekzus_container:
    names: "{{ old.containers | map(attribute='address') }}"
    state: restarted
  when: old.containers | length > 0
"""

RETURN = r"""
containers:
  description: The containers, in the order of the names; a selection's by name.
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
    image:
      description: The image.
      type: str
    state:
      description: One of V(running), V(stopped), V(paused), V(restarting), V(pending), V(failed).
      type: str
    status:
      description: The runtime's own words on the state.
      type: str
      sample: Up 2 hours (healthy)
    created:
      description: When it was created, in UTC.
      type: str
      sample: "2026-01-31T12:00:00Z"
    ports:
      description: Its ports. C(public_port) is none when a port is not published.
      type: list
      elements: dict
      contains:
        ip:
          description: The address of the host it is published on.
          type: str
        private_port:
          description: The port in the container.
          type: int
        public_port:
          description: The port on the host.
          type: int
        protocol:
          description: V(tcp), V(udp) or V(sctp).
          type: str
    labels:
      description: Its labels, as they are. Never a template.
      type: dict
    owner:
      description: The controller of a pod (C(kind), C(name), C(api_version)), none on Docker.
      type: dict
    compose_project:
      description: The Compose project it belongs to, if any.
      type: str
    node:
      description: The node of a pod, none on Docker.
      type: str
    restarts:
      description: How often the runtime restarted it, none when that is not known without O(details).
      type: int
    ready:
      description: >-
        Whether it runs and, with a health check, is healthy. None when it runs and the runtime's list does not tell its
        health, as Podman's; O(details) finds it out.
      type: bool
    config:
      description: How it was set up, secrets masked.
      returned: when O(details=true)
      type: dict
      contains:
        env:
          description: The environment.
          type: dict
        cmd:
          description: The executable, as a list.
          type: list
          elements: str
        args:
          description: The arguments of the executable.
          type: list
          elements: str
        user:
          description: The user, empty for the image's.
          type: str
        working_dir:
          description: The working directory.
          type: str
        containers:
          description: >-
            Every container of a pod, one on Docker, each with C(name), C(image), the fields above, and of CPU in
            cores and memory in bytes what it may use at most (C(limits)) and what is set aside for it (C(requests)).
          type: list
          elements: dict
    network_settings:
      description: Where it can be reached.
      returned: when O(details=true)
      type: dict
      contains:
        mode:
          description: The network mode.
          type: str
        hostname:
          description: The host name inside.
          type: str
        ip_address:
          description: The first address it has.
          type: str
        networks:
          description: Its networks, each with C(name), C(ip_address), C(gateway), C(mac_address) and C(aliases).
          type: list
          elements: dict
    mounts:
      description: Its mounts, each with C(type), C(name), C(source), C(destination) and C(read_only).
      returned: when O(details=true)
      type: list
      elements: dict
    raw:
      description: The runtime's own object, secrets masked.
      returned: when O(raw=true)
      type: dict
failure:
  description: Why the first of the named containers that failed was not found.
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
      sample: inspect
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.containers import container_report
from ..module_utils._runtime.fleet import Fleet
from ..module_utils._runtime.request import parse_request

if TYPE_CHECKING:
    from collections.abc import Mapping


SECTIONS = ("runtime", "target")
ARGUMENTS: dict[str, dict[str, Any]] = {
    "all": {"type": "bool", "default": True},
    "details": {"type": "bool", "default": False},
    "raw": {"type": "bool", "default": False},
}


def run(params: Mapping[str, Any], role: Fleet) -> dict[str, Any]:
    """Find what the task speaks of, and look into each as far as it asks for."""
    request = parse_request(params, include_stopped=params["all"])
    overview = role.view(request, inspect=params["details"] or params["raw"])
    return container_report(overview, details=params["details"], raw=params["raw"])


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS)
    with opened_runtimes(module) as runtimes:
        finish(module, run(module.params, Fleet(runtimes)))


if __name__ == "__main__":
    main()
