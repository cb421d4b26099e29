# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options in the TARGET section of the argument specification."""

from __future__ import annotations


class ModuleDocFragment:
    """Which containers a task speaks of, by name or by what they are. ``SELECTION`` is the latter alone."""

    NAMES = r"""
options:
  name:
    description:
      - One container.
      - V(web), V(docker/web), a Docker id or the unique beginning of one, V(prod/web) or V(kubernetes/prod/web) for a
        pod or workload of a namespace, V(prod/deployment/web) or V(prod/rollout.argoproj.io/web) for a workload of a
        kind.
      - On Kubernetes a name without a namespace is one of O(namespace), else of the context's namespace.
      - Mutually exclusive with O(names) and with a selection.
    type: str
    aliases: [id]
  names:
    description: Several containers, each as in O(name). Results come in this order.
    type: list
    elements: str
"""

    SELECTION = r"""
options:
  label_selectors:
    description:
      - Select containers by label, as Kubernetes writes it - V(app=web), V(tier!=db), V(env in (test,stage\)), V(app),
        V(!app). All of them have to hold.
    type: list
    elements: str
  filters:
    description:
      - Select containers by what they are. All filters have to hold; of a filter's values, one.
    type: dict
    suboptions:
      status:
        description: The state.
        type: list
        elements: str
        choices: [running, stopped, paused, restarting, pending, failed]
      name:
        description: The name, as a glob such as V(web-*). With a namespace or runtime too, V(prod/web-*).
        type: list
        elements: str
      image:
        description: The image, as a glob. Without a tag it finds every tag.
        type: list
        elements: str
      label:
        description:
          - A label as C(docker ps --filter label=) takes it, V(key) or V(key=value). The value may hold anything.
        type: list
        elements: str
      compose_project:
        description: The Compose project.
        type: list
        elements: str
      owner_kind:
        description: The kind of the controller, V(Deployment) for example. Docker containers have none.
        type: list
        elements: str
  namespaces:
    description: Select what is in these Kubernetes namespaces.
    type: list
    elements: str
  exclude:
    description: Leave out containers whose name fits one of these globs, whether they were named or selected.
    type: list
    elements: str
"""

    DOCUMENTATION: str = NAMES + SELECTION.partition("options:\n")[2]
