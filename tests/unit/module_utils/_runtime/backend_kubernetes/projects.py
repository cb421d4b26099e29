# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services rendered for a cluster, and what is found in the manifests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.render import Rendering, render
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import ServiceSpec


def rendered(*services: ServiceSpec, **parts: Any) -> Rendering:
    """Return the manifests of services."""
    return render(project(*services, **parts))


def found(rendering: Rendering, kind: str, name: str) -> Mapping[str, Any]:
    """Return the manifest of a kind and name."""
    (one,) = [each for each in rendering.documents if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return one


def names(rendering: Rendering, kind: str) -> list[str]:
    """Return the names of the manifests of a kind."""
    return [str(each["metadata"]["name"]) for each in rendering.documents if each["kind"] == kind]


def pod_of(service: ServiceSpec, **parts: Any) -> dict[str, Any]:
    """Return the specification of the pod of a service."""
    template = found(rendered(service, **parts), "Deployment", f"shop-{service.name}")["spec"]["template"]
    return dict(template["spec"])


def container_of(service: ServiceSpec, **parts: Any) -> dict[str, Any]:
    """Return the container of the pod of a service."""
    (only,) = pod_of(service, **parts)["containers"]
    return dict(only)


def warnings_of(service: ServiceSpec, **parts: Any) -> tuple[str, ...]:
    """Return what is told of a service."""
    return rendered(service, **parts).warnings
