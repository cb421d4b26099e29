# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a deployment's objects are called and how they are labelled, as Compose does it. Pure.

The labels are those that the docker command knows projects by; none of them is in Compose's specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..toolbox.deployment import NAME_LABEL, TEMPLATE_LABEL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..toolbox.deployment import Wish
    from ..toolbox.spec import NetworkSpec, ServiceSpec, VolumeSpec

_COMPOSE = "com.docker.compose"
PROJECT, SERVICE, NUMBER = f"{_COMPOSE}.project", f"{_COMPOSE}.service", f"{_COMPOSE}.container-number"
HASH, IMAGE, DEPENDS_ON = f"{_COMPOSE}.config-hash", f"{_COMPOSE}.image", f"{_COMPOSE}.depends_on"
ONE_OFF, VERSION, FOLDER = f"{_COMPOSE}.oneoff", f"{_COMPOSE}.version", f"{_COMPOSE}.project.working_dir"
NETWORK, VOLUME = f"{_COMPOSE}.network", f"{_COMPOSE}.volume"
# The service that a user means by the deployment.
MAIN_LABEL = "nekzus.io/main"
# On containers that nothing starts again after they have done their work.
ENDS_LABEL = "nekzus.io/ends"
# On containers that were made without being started, because nobody wanted them to run. Without it one that never ran
# is what a task has left that did not come to its end.
IDLE_LABEL = "nekzus.io/idle"
# The names of the variables of a container whose values are secrets, whatever they are called.
SECRETS_LABEL = "nekzus.io/secrets"
# What was put into a container, a line for each: summaries of files, and the paths of those that are secrets.
FILES_LABEL, SECRET_FILES_LABEL = "nekzus.io/files", "nekzus.io/secret-files"
MANAGER_LABEL, MANAGER = "app.kubernetes.io/managed-by", "nekzus.runtime"
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
    """Return what a service depends on as one text, which ``read_dependencies`` reads."""
    return ",".join(f"{one.service}:{one.condition}:{str(one.restart).lower()}" for one in service.depends_on)


def read_dependencies(labels: Mapping[str, str]) -> dict[str, str]:
    """Return what a container's labels say that it depends on: conditions by service."""
    parts = (part.split(":") for part in labels.get(DEPENDS_ON, "").split(",") if part)
    return {words[0]: words[1] if len(words) > 1 else "" for words in parts}


def secret_variables(labels: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the variables of a container whose values nothing may print."""
    return frozenset(filter(None, labels.get(SECRETS_LABEL, "").split(",")))


def placed_paths(labels: Mapping[str, str]) -> list[str]:
    """Return where a template has put files into a container."""
    lines = [*labels.get(FILES_LABEL, "").splitlines(), *labels.get(SECRET_FILES_LABEL, "").splitlines()]
    return [line.split(" ", 1)[0] for line in lines]


def is_of(labels: Mapping[str, str], name: str) -> bool:
    """Tell whether what has these labels is of the deployment so called."""
    return labels.get(NAME_LABEL) == name
