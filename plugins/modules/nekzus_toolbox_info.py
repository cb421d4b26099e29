# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_toolbox_info
short_description: List the templates of a catalogue, and what is deployed of templates
version_added: 0.5.0
description:
  - Lists the catalogue, with the variables that each template takes, and what M(nekzus.runtime.nekzus_toolbox_deploy)
    has deployed on a runtime.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._attributes
  - nekzus.runtime._attributes.read_only
attributes:
  async:
    description: Can be run with C(async).
    support: full
options:
  service_name:
    description: Only the deployment of that name.
    type: str
  namespaces:
    description: Only deployments in these namespaces (Kubernetes). By default those in O(namespace), else all.
    type: list
    elements: str
  services:
    description: Whether to list what is deployed, which asks the runtime.
    type: bool
    default: true
  catalog:
    description: Whether to list the catalogue.
    type: bool
    default: true
  catalog_dir:
    description:
      - The folder of the catalogue on the controller, with a folder for each service. By default that of the role
        P(nekzus.runtime.toolbox#role).
    type: str
  definitions:
    description: The texts of the templates by their names. By default they are read from O(catalog_dir).
    type: dict
seealso:
  - module: nekzus.runtime.nekzus_toolbox_deploy
"""

EXAMPLES = r"""
- name: See what can be deployed, and with which variables
  nekzus.runtime.nekzus_toolbox_info:
    services: false
  register: toolbox

- name: See what is deployed on Docker
  nekzus.runtime.nekzus_toolbox_info:
    runtime: docker
    catalog: false

- name: See one deployment on Kubernetes
  nekzus.runtime.nekzus_toolbox_info:
    service_name: shop
    namespace: prod
    catalog: false
"""

RETURN = r"""
catalog:
  description: The templates of the catalogue, by name. Empty with O(catalog=false).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: What O(nekzus.runtime.nekzus_toolbox_deploy#module:service) takes.
      type: str
      sample: vaultwarden
    kind:
      description: V(compose) for both runtimes, V(manifests) for Kubernetes alone.
      type: str
      sample: compose
    name:
      description: What it is called.
      type: str
      sample: Vaultwarden
    category:
      description: What it is for, in a word.
      type: str
      sample: security
    description:
      description: What it is.
      type: str
    icon:
      description: The URL of a picture.
      type: str
    tags:
      description: Words to find it by.
      type: list
      elements: str
    documentation:
      description: The URL of its documentation.
      type: str
    website:
      description: The URL of its project.
      type: str
    notes:
      description: What a user should know.
      type: str
    variables:
      description: The variables that it takes.
      type: list
      elements: dict
      contains:
        name:
          description: The name.
          type: str
          sample: ADMIN_TOKEN
        type:
          description: What it holds, V(password), V(number), V(url) or V(text).
          type: str
          sample: password
        required:
          description: Whether it has to be given.
          type: bool
        default:
          description: What it is otherwise. None when there is none, or when that depends on others.
          type: str
        description:
          description: What it is for.
          type: str
services:
  description: What is deployed, by name, as M(nekzus.runtime.nekzus_toolbox_deploy) returns it.
  returned: success
  type: list
  elements: dict
failure:
  description: Why it failed, to branch on.
  returned: failure
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
      sample: list
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
    details:
      description: Facts for whoever digs deeper.
      type: dict
      returned: when there is more to tell
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.toolbox import toolbox_report
from ..module_utils._runtime.toolbox.keeper import ToolboxKeeper
from ..module_utils._runtime.toolbox.query import parse_toolbox_query
from ..module_utils._template_source import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTIONS = ("runtime",)
ARGUMENTS: dict[str, dict[str, Any]] = {
    "service_name": {"type": "str"},
    "namespaces": {"type": "list", "elements": "str"},
    "services": {"type": "bool", "default": True},
    "catalog": {"type": "bool", "default": True},
    # A path on the controller, of which this host knows nothing.
    "catalog_dir": {"type": "str"},
    "definitions": {"type": "dict"},
}
CONCEALED = ("definitions",)


def run(params: Mapping[str, Any], role: ToolboxKeeper) -> dict[str, Any]:
    """Return the catalogue, and what is deployed."""
    query = parse_toolbox_query(params)
    catalogue = load_catalogue(params) if query.catalogue else {}
    return toolbox_report(catalogue, role.deployed(query) if query.services else ())


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS, concealed=CONCEALED)
    with opened_runtimes(module) as runtimes:
        finish(module, run(module.params, ToolboxKeeper(runtimes)))


if __name__ == "__main__":
    main()
