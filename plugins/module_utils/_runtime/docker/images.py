# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The images that a daemon has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ContainerNotFoundError, NotReadyError
from ..shape import text

if TYPE_CHECKING:
    from .seam import DockerClient


def find_image(client: DockerClient, name: str) -> str:
    """Return the id of an image, or nothing when the daemon does not have it."""
    try:
        return text(client.inspect_image(name), "Id")
    except ContainerNotFoundError:
        return ""


def image_missing(name: str) -> NotReadyError:
    """Return the error for an image that is not there and not to be pulled."""
    hint = "pull or load it, or let pull_policy be missing"
    return NotReadyError(f"the image {name} is not there, and the template says never to pull it", hint=hint)
