# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of an API server that tells its version and what it allows, behind the seam of the real one."""

from __future__ import annotations

from threading import Barrier, Lock
from typing import TYPE_CHECKING, Any, cast

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import ACCESS_REVIEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import KubernetesClient

Rule = tuple[str, str, str, str]


class ApiServer:
    """Tells its version and answers reviews. ``denied`` are verb, group, resource and namespace."""

    def __init__(self, version: Any = None, *, denied: Sequence[Rule] = (), error: NekzusError | None = None) -> None:
        """Take what ``/version`` holds and what is not allowed, or the error that answers every review."""
        self.asked: list[Rule] = []
        self.paths: list[str] = []
        self.closed = False
        self.together: Barrier | None = None
        self._version = version
        self._denied = set(denied)
        self._error = error
        self._lock = Lock()

    @property
    def client(self) -> KubernetesClient:
        """The seam to it."""
        return cast("KubernetesClient", self)

    def discover(self, path: str) -> Any:
        """Return the version document."""
        self.paths.append(path)
        return self._version

    def create(self, resource: Resource, namespace: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a review, and nothing else."""
        assert (resource, namespace) == (ACCESS_REVIEW, "")
        if self._error:
            raise self._error
        if self.together:
            self.together.wait(timeout=5)
        asked = body["spec"]["resourceAttributes"]
        name = "/".join(part for part in (asked["resource"], asked["subresource"]) if part)
        rule = (asked["verb"], asked["group"], name, asked["namespace"])
        with self._lock:
            self.asked.append(rule)
        return {"kind": resource.kind, "spec": body["spec"], "status": {"allowed": rule not in self._denied}}

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True
