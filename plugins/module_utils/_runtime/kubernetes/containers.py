# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Finding the containers of a Kubernetes cluster: pods, and the workloads that own them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .listing import Lister
from .reader import Reader
from .resolver import Resolver

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence

    from ..selection import Selection
    from ..target import Target
    from ..types import Found, Listing
    from .seam import KubernetesClient


class KubernetesFinder:
    """The Finder of Kubernetes."""

    def __init__(self, client: KubernetesClient, *, namespaces: Sequence[str]) -> None:
        """Take the client to ask, and the namespaces to keep to (none: all)."""
        self.reader = Reader(client)
        self._resolver = Resolver(client, self.reader, namespaces=namespaces)
        self._lister = Lister(client, self.reader, self._resolver, namespaces=namespaces)

    def find(self, targets: Sequence[Target]) -> builtins.list[Found]:
        """Return a container or the reason why there is none for each target: one request for one that is there."""
        return self._resolver.find(targets)

    def select(self, selection: Selection) -> Listing:
        """Return the containers that match, by namespace and name."""
        return self._lister.select(selection)
