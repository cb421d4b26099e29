# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of where else the options of the inventory come from, which those of modules do not."""

from __future__ import annotations


class ModuleDocFragment:
    """The variables and the environment. What is a structure of its own comes from the environment as JSON."""

    DOCUMENTATION = r"""
options:
  docker_host:
    vars: [{name: nekzus_inventory_docker_host}]
    env: [{name: NEKZUS_INVENTORY_DOCKER_HOST}]
  kubeconfig:
    vars: [{name: nekzus_inventory_kubeconfig}]
    env: [{name: NEKZUS_INVENTORY_KUBECONFIG}]
  context:
    vars: [{name: nekzus_inventory_context}]
    env: [{name: NEKZUS_INVENTORY_CONTEXT}]
  strict_endpoints:
    vars: [{name: nekzus_inventory_strict_endpoints}]
    env: [{name: NEKZUS_INVENTORY_STRICT_ENDPOINTS}]
  runtime:
    vars: [{name: nekzus_inventory_runtime}]
    env: [{name: NEKZUS_INVENTORY_RUNTIME}]
  label_selectors:
    vars: [{name: nekzus_inventory_label_selectors}]
    env: [{name: NEKZUS_INVENTORY_LABEL_SELECTORS}]
  namespaces:
    vars: [{name: nekzus_inventory_namespaces}]
    env: [{name: NEKZUS_INVENTORY_NAMESPACES}]
  exclude:
    vars: [{name: nekzus_inventory_exclude}]
    env: [{name: NEKZUS_INVENTORY_EXCLUDE}]
  include_stopped:
    vars: [{name: nekzus_inventory_include_stopped}]
    env: [{name: NEKZUS_INVENTORY_INCLUDE_STOPPED}]
  details:
    vars: [{name: nekzus_inventory_details}]
    env: [{name: NEKZUS_INVENTORY_DETAILS}]
  hostname:
    vars: [{name: nekzus_inventory_hostname}]
    env: [{name: NEKZUS_INVENTORY_HOSTNAME}]
  connection:
    vars: [{name: nekzus_inventory_connection}]
    env: [{name: NEKZUS_INVENTORY_CONNECTION}]
  strict:
    vars: [{name: nekzus_inventory_strict}]
    env: [{name: NEKZUS_INVENTORY_STRICT}]
  leading_separator:
    vars: [{name: nekzus_inventory_leading_separator}]
    env: [{name: NEKZUS_INVENTORY_LEADING_SEPARATOR}]
  endpoints:
    vars: [{name: nekzus_inventory_endpoints}]
  runtimes:
    vars: [{name: nekzus_inventory_runtimes}]
  filters:
    vars: [{name: nekzus_inventory_filters}]
  compose:
    vars: [{name: nekzus_inventory_compose}]
  groups:
    vars: [{name: nekzus_inventory_groups}]
  keyed_groups:
    vars: [{name: nekzus_inventory_keyed_groups}]
  use_extra_vars:
    vars: [{name: nekzus_inventory_use_extra_vars}]
    env: [{name: NEKZUS_INVENTORY_USE_EXTRA_VARS}]
notes:
  - In the environment, E(NEKZUS_INVENTORY_ENDPOINTS), E(NEKZUS_INVENTORY_RUNTIMES), E(NEKZUS_INVENTORY_FILTERS),
    E(NEKZUS_INVENTORY_COMPOSE), E(NEKZUS_INVENTORY_GROUPS) and E(NEKZUS_INVENTORY_KEYED_GROUPS) are JSON.
"""
