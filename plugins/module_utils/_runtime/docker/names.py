# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a deployment's objects are called and how they are labelled, as Compose does it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..toolbox.deployment import NAME_LABEL, TEMPLATE_LABEL
from .labels import MANAGER, MANAGER_LABEL, PROJECT, VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..toolbox.deployment import Wish
    from ..toolbox.spec import NetworkSpec, ServiceSpec, VolumeSpec

# What the one before is called while its successor is tried.
ASIDE = "-nekzus-before"
# The form of these labels is that of Compose 2.
_LABEL_VERSION = "2"


def container_name(project: str, service: ServiceSpec, number: int) -> str:
    """Return the name of a container."""
    return service.container_name or f"{project}-{service.name}-{number}"


def object_name(project: str, spec: NetworkSpec | VolumeSpec) -> str:
    """Return the name of a network or volume; one that is external has no name of the project's."""
    return spec.name or (spec.key if spec.external else f"{project}_{spec.key}")


def shared_labels(wish: Wish) -> dict[str, str]:
    """Return what is on everything that a deployment is made of."""
    labels = {NAME_LABEL: wish.name, MANAGER_LABEL: MANAGER, PROJECT: wish.name, VERSION: _LABEL_VERSION}
    return {**labels, TEMPLATE_LABEL: wish.template} if wish.template else labels


def dependency_label(service: ServiceSpec) -> str:
    """Return what a service depends on as one text, which ``labels.read_dependencies`` reads."""
    return ",".join(f"{one.service}:{one.condition}:{str(one.restart).lower()}" for one in service.depends_on)


def is_of(labels: Mapping[str, str], name: str) -> bool:
    """Tell whether what has these labels is of the deployment so called."""
    return labels.get(NAME_LABEL) == name
