# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The labels by which a deployment is known on Docker, and what they say.

Those of Compose are the ones that the docker command knows projects by; none of them is in its specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

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
