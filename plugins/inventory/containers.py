# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Containers and pods of any number of daemons and clusters as hosts: Ansible's side of it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: containers
short_description: Use containers on Docker and pods on Kubernetes as an inventory
version_added: 0.4.0
description:
  - Makes a host of each container of Docker daemons and of each pod of Kubernetes clusters, any number of them, which
    are asked side by side.
  - Listing takes one request of a daemon, and one of a cluster for every 500 pods.
  - The file has to be called C(*.nekzus.yml) or C(*.containers.yml), or end in C(.yaml) instead.
  - Every option can also be set by a variable of the command line, C(nekzus_inventory_) and its name, or in the
    environment, C(NEKZUS_INVENTORY_) and its name in capitals. The file wins over the variable, that over the
    environment. Options may be templates, with the variables of the command line.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime.addresses
  - nekzus.runtime._target.selection
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
  - nekzus.runtime._inventory
options:
  plugin:
    description: The name of this plugin.
    type: str
    required: true
    choices: [nekzus.runtime.containers]
  endpoints:
    description:
      - The daemons and clusters, each with a name and the keys of one runtime.
      - Without it, the containers are those of O(runtimes), with O(docker_host), O(kubeconfig) and O(context) as in all
        modules - those of the Docker daemon, and those of the Kubernetes cluster when it is enabled, or there is a
        kubeconfig, a credential or the account of a pod. Their names are then V(docker) and V(kubernetes).
      - An endpoint that does not answer is left out with a warning. It takes no longer than its own C(timeout). When
        none answers, the inventory fails.
      - In the environment, as JSON, E(NEKZUS_INVENTORY_ENDPOINTS).
    type: list
    elements: dict
    suboptions:
      name:
        description: Its name, which hosts and a group have as well.
        type: str
        required: true
      docker:
        description: A Docker daemon, with the keys of O(runtimes.docker).
        type: dict
      docker_host:
        description: Where the Docker daemon is, as in O(docker_host).
        type: str
      kubernetes:
        description: A Kubernetes cluster, with the keys of O(runtimes.kubernetes).
        type: dict
      kubeconfig:
        description: The kubeconfig of a cluster, as in O(kubeconfig).
        type: raw
      context:
        description: The context of the kubeconfig, as in O(context).
        type: str
  strict_endpoints:
    description:
      - Whether the inventory fails when one endpoint does not answer. Where hosts that are missing are deleted, as
        AWX does it when told to overwrite, this keeps those of a daemon that is only down.
    type: bool
    default: false
  runtime:
    description: List containers of this runtime only.
    type: str
    choices: [auto, docker, kubernetes]
    default: auto
  namespaces:
    description:
      - List what is in these Kubernetes namespaces. Docker containers have none, and are listed all the same.
  include_stopped:
    description:
      - Whether to list containers that are stopped, and workloads of Kubernetes that have no pods, each of them as one
        host. V(filters.status=stopped) lists them too.
      - No task can run inside of them - of a workload, C(kubectl) waits a minute for a pod - and a cluster is asked
        several times more for them.
    type: bool
    default: false
  details:
    description:
      - Whether to inspect each container, which takes one request each on Docker, and add C(nekzus_config),
        C(nekzus_network_settings) and C(nekzus_mounts).
    type: bool
    default: false
  hostname:
    description:
      - The name of a host, as a template over its variables, for example V({{ nekzus_name }}-{{ nekzus_endpoint }}).
        What is no letter, digit, C(_), C(.) or C(-) becomes C(_).
      - The default is V(web) for a Docker container, V(web-0.prod) for a pod of a namespace, and
        V(web.deployment.prod) for a workload that has no pods. Where O(endpoints) have names, that of the endpoint
        follows, as in V(web.edge).
      - Containers for which the template has the same name get the default one with that of the endpoint, so does one
        called as V(localhost), V(all) or another group.
    type: str
  connection:
    description:
      - How tasks reach the hosts.
      - V(exec) lets them run inside the containers, by P(community.docker.docker_api#connection) and
        P(kubernetes.core.kubectl#connection) of the collections community.docker and kubernetes.core, which have to be
        installed for it, C(kubectl) as well. Tokens are not written into the inventory, the connections take them from
        the environment (E(K8S_AUTH_API_KEY)) or from files.
      - V(none) sets nothing.
    type: str
    choices: [none, exec]
    default: none
notes:
  - A host has the fields that M(nekzus.runtime.nekzus_container_info) returns as variables that begin with C(nekzus_),
    and C(nekzus_endpoint). All are plain JSON. What a container says of itself, its labels for example, is never a
    template.
  - The groups are V(docker), V(kubernetes), C(state_*), C(endpoint_*), C(namespace_*), C(owner_*) with the kind and
    name of the controller (V(owner_deployment_web)), and C(compose_*).
  - What is read is kept by the cache plugin when every endpoint has answered, until an option or a kubeconfig says
    something else.
seealso:
  - module: nekzus.runtime.nekzus_container_info
"""

EXAMPLES = r"""
---
# The Docker daemon of this machine, and the cluster of its kubeconfig
plugin: nekzus.runtime.containers

---
# Two daemons and two clusters, tasks run inside the containers
plugin: nekzus.runtime.containers
connection: exec
endpoints:
  - name: edge
    docker:
      socket_path: tcp://10.0.0.5:2376
      tls: {ca_path: ~/edge/ca.pem, client_cert: ~/edge/cert.pem, client_key: ~/edge/key.pem}
      timeout: 5s
  - name: lab
    docker_host: ssh://admin@10.0.0.6
  - name: prod
    kubernetes:
      kubeconfig: ~/.kube/prod
      namespaces: [shop, mail]
  - name: staging
    context: staging

---
# What belongs to the shop, grouped by a label
plugin: nekzus.runtime.containers
label_selectors: [app.kubernetes.io/part-of=shop]
exclude: ["*-test"]
hostname: "{{ nekzus_name }}"
keyed_groups:
  - key: nekzus_labels['tier'] | default('other')
    prefix: tier
compose:
  shop_is_ready: nekzus_ready

---
# Kept for ten minutes
plugin: nekzus.runtime.containers
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/inventory
cache_timeout: 600
"""

import os
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleError, AnsibleUndefinedVariable
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.vars import combine_vars

from ..module_utils._runtime.inventory.hosts import Host, unique_names, valid_name
from ..plugin_utils._options import check_written, option_values, structure
from ..plugin_utils._plugin import ansible_errors
from ..plugin_utils._roster import Order, Roster, parse_order, take_roster
from ..plugin_utils._trust import as_template, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ENDINGS = tuple(f"{name}.{kind}" for name in ("nekzus", "containers") for kind in ("yml", "yaml"))


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """The inventory plugin."""

    NAME = "nekzus.runtime.containers"

    def verify_file(self, path: str) -> bool:
        """Tell whether a file is one of ours by its name."""
        name = os.path.basename(path)  # noqa: PTH119 - a source need not be a path
        ours = name in _ENDINGS or name.endswith(tuple(f".{ending}" for ending in _ENDINGS))
        return ours and bool(super().verify_file(path))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:  # noqa: FBT001, FBT002 - Ansible's
        """Fill the inventory with what the endpoints have, or the cache has of them."""
        super().parse(inventory, loader, path, cache)
        config = self._read_config_data(path)
        self.templar.available_variables = dict(self._vars or {})
        with ansible_errors():
            check_written(config, self.option_definitions)
            order = parse_order(option_values(self, self.templar, env=os.environ), env=os.environ)
            self._populate(self._roster(order, path, cache=cache).hosts)

    def _roster(self, order: Order, path: str, *, cache: bool) -> Roster:
        """Return the hosts: from the cache, if it may be asked and has them, or else from the endpoints."""
        keeps = bool(self.get_option("cache"))
        key = f"{self.get_cache_key(path)}_{order.key}" if keeps else ""
        if keeps and cache:
            with suppress(KeyError, TypeError):  # it is not there, or was kept by another version
                return Roster.of(self.cache[key])
        roster = take_roster(order)
        for warning in (*order.warnings, *roster.warnings):
            self.display.warning(warning)
        if keeps and roster.complete:
            self.cache[key] = roster.record()
        return roster

    def _populate(self, hosts: Sequence[Host]) -> None:
        """Add all hosts with their variables and groups, then what a user constructs of them.

        In this order: a variable that is set for a name becomes that of a group, if there is one so called.
        """
        constructed = {
            name: as_template(structure(self, name, env=os.environ)) for name in ("compose", "groups", "keyed_groups")
        }
        inventory: Any = self.inventory
        variables = [as_text(host.variables) for host in hosts]
        groups = [[self._sanitize_group_name(group) for group in host.groups] for host in hosts]
        reserved = {*inventory.groups, *(constructed["groups"] or ()), *chain.from_iterable(groups)}
        names = self._names(hosts, variables, reserved=reserved)
        for name, own in zip(names, variables):
            inventory.add_host(name)
            for key, value in own.items():
                inventory.set_variable(name, key, value)
        for name, its_groups in zip(names, groups):
            for group in its_groups:
                inventory.add_host(name, group=inventory.add_group(group))
        strict = self.get_option("strict")
        for name, own in zip(names, variables):
            self._set_composite_vars(constructed["compose"], own, name, strict=strict)
            self._add_host_to_composed_groups(constructed["groups"], own, name, strict=strict)
            self._add_host_to_keyed_groups(constructed["keyed_groups"], own, name, strict=strict)

    def _compose(self, template: Any, variables: Any, *others: Any, **more: Any) -> Any:
        """Return what Ansible makes of an expression, of which nothing is evaluated once more."""
        return as_text(super()._compose(template, variables, *others, **more))

    def _names(self, hosts: Sequence[Host], variables: Sequence[Mapping[str, Any]], *, reserved: set[str]) -> list[str]:
        wanted = [self._wanted_name(host, own) for host, own in zip(hosts, variables)]
        names = unique_names(hosts, wanted, reserved=reserved)
        others = [(before, after) for before, after in zip(wanted, names) if before != after]
        if others:
            before, after = others[0]
            self.display.warning(
                f"the name {before} is taken or not one container's alone, which is called {after} instead"
                f" ({len(others)} containers in all). Hint: set hostname to a template that tells them apart."
            )
        return names

    def _wanted_name(self, host: Host, variables: Mapping[str, Any]) -> str:
        template = self.get_option("hostname")
        if not template:
            return valid_name(host.name)
        extra = self._vars if self.get_option("use_extra_vars") else {}
        self.templar.available_variables = combine_vars(variables, extra or {})
        try:
            return valid_name(str(self.templar.template(template))) or valid_name(host.name)
        except AnsibleUndefinedVariable as error:
            if self.get_option("strict"):
                raise AnsibleError(f"cannot tell the hostname of {host.full_name}: {error}") from error
            return valid_name(host.name)
