# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a Docker daemon is, and Podman's service that speaks Docker's API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..capability import Capability, tell_capabilities
from ..permissions import RuntimeDescription
from ..shape import objects, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..feature import Feature
    from ..permissions import Permissions
    from .seam import DockerClient

_HELD = (Capability.STARTED, Capability.STOPPED, Capability.RESTARTED, Capability.PAUSED)


class DockerSurveyor:
    """The Surveyor of Docker."""

    def __init__(self, client: DockerClient) -> None:
        """Take the client to ask."""
        self._client = client

    def describe(self) -> RuntimeDescription:
        """Return what the daemon says of its version (one request)."""
        document = self._client.version()
        return RuntimeDescription(
            name=_name(document),
            version=text(document, "Version"),
            api_version=text(document, "ApiVersion"),
            capabilities=tell_capabilities(_HELD),
        )

    def permissions(self, _namespaces: Sequence[str], _features: Sequence[Feature] = ()) -> Permissions | None:
        """Return None: who may use the socket may do all."""
        return None


def _name(document: Mapping[str, Any]) -> str:
    """Return ``Docker Engine`` or ``Podman Engine``: Docker's own component is called just ``Engine``."""
    for component in objects(document, "Components"):
        name = text(component, "Name")
        if name.endswith(" Engine"):
            return name
    return "Docker Engine"
