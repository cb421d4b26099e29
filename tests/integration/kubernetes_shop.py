# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client and a server of a page, as tests deploy them in a cluster."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .yard import LIVES

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (  # isort: skip
    Dependency,
    FileMount,
    PortSpec,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import FileSpec  # isort: skip

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import ServiceSpec

    from .kubernetes_deployment import KubernetesDeployment

SECRET = "geheimsache"  # noqa: S105 - the tests' own
PARTS: dict[str, Any] = {
    "files": (FileSpec("page", b"hello\n"), FileSpec("token", SECRET.encode(), secret=True)),
}
FILES = (FileMount("page", "/data/page"), FileMount("token", "/run/secrets/token", secret=True))


def shop(place: KubernetesDeployment) -> tuple[ServiceSpec, ServiceSpec]:
    """Return a client, and what serves a page."""
    client = place.service("client", environment={"API_TOKEN": SECRET}, secret=frozenset({"API_TOKEN"}))
    web = place.service(
        "web",
        f"httpd -p 8080 -h /data; {LIVES}",
        files=FILES,
        ports=(PortSpec(8080, 80),),
        depends_on=(Dependency("client"),),
    )
    return client, web


def running(service: ServiceSpec, script: str) -> ServiceSpec:
    """Return a service with another script."""
    return replace(service, command=("sh", "-c", script))


def serves(place: KubernetesDeployment) -> bool:
    """Tell whether the shop is of use."""
    found = place.deployer.deployed(place.name, (place.space.namespace,))[0]
    return place.fetch("client", found.endpoints[0].host) == "hello\n"
