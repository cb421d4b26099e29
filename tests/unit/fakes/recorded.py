# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that answer with what real servers have answered, and take every change without making it."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ContainerNotFoundError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import call as api
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.seam import Collection
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import text
from ansible_collections.nekzus.runtime.tests.unit.fakes import kubernetes_objects as objects
from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_logs import Pieces, cut, stamped
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_refusals import NOT_FOUND, refusal, unknown
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_store import Document, selected

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterator, Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.logs.log import LogSpan
    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock

FIXTURES = Path(__file__).parents[1] / "fixtures"
# The namespace of what was recorded, and the secret that was planted there.
NAMESPACE, SECRET = "nkz-record", "hunter2hunter2"


def recorded(name: str) -> Any:
    """Return what a real server has answered."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


class RecordedDocker(FakeDocker):
    """A daemon whose containers are recorded."""

    def __init__(self, engine: str, clock: FakeClock) -> None:
        """Take ``docker`` or ``podman``."""
        super().__init__(clock)
        self._entries = recorded(f"{engine}_list")
        self._inspected = {one["Id"]: one for one in recorded(f"{engine}_inspect").values()}
        self._sample = recorded("docker_stats_cgroup2" if engine == "docker" else "podman_stats")["sample"]

    def list_containers(self, *, labels: Any = ()) -> builtins.list[Document]:
        """All of them."""
        del labels
        return deepcopy([one for one in self._entries if one["Id"] in self._inspected])

    def inspect_container(self, identifier: str) -> Document:
        """By its id, or the beginning of it."""
        for one in self._inspected.values():
            if identifier and one["Id"].startswith(identifier):
                return dict(deepcopy(one))
        raise ContainerNotFoundError(f"No such container: {identifier}", hint="list them")

    def stats(self, identifier: str) -> Document:
        """Alike for all."""
        del identifier
        return dict(deepcopy(self._sample))

    def inspect_image(self, name: str) -> Document:
        """Any."""
        return {"Id": f"sha256:{name}", "Config": {"Env": ["PATH=/bin"], "Cmd": ["sh"], "Entrypoint": None}}


class RecordedCluster:
    """A KubernetesClient over recorded objects."""

    identity = "recorded"
    namespace = NAMESPACE

    def __init__(self, clock: FakeClock) -> None:
        """Take a clock, which a watch lets pass."""
        found = recorded("kubernetes")
        self.endpoint: Document = {"server": "https://recorded:6443"}
        self._objects: dict[str, builtins.list[Document]] = found["objects"]
        self._documents: dict[str, Document] = found["discovery"]
        self._clock = clock

    def dry_run(self) -> RecordedCluster:
        """Return this one: no change is made."""
        return self

    def get(self, resource: Resource, namespace: str, name: str, *, subresource: str = "") -> Document:
        """By its name."""
        for one in self._of(resource, namespace):
            if text(one, "metadata", "name") == name:
                return objects.scale(resource, one) if subresource else one
        raise refusal(api.Call("GET", resource, namespace, name), NOT_FOUND, "NotFound", f'"{name}" not found')

    def list(  # noqa: PLR0913 - see the protocol
        self,
        resource: Resource,
        namespace: str = "",
        *,
        convert: Callable[[Document], Any],
        labels: str = "",
        fields: str = "",
        metadata_only: bool = False,
        one_page: bool = False,
    ) -> Collection[Any]:
        """All that fit."""
        del metadata_only, one_page
        found = [one for one in self._of(resource, namespace) if selected(one, labels=labels, fields=fields)]
        return Collection([convert(one) for one in found], "1")

    def patch(self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], **more: Any) -> Document:
        """Return it as it was."""
        del body, more
        return self.get(resource, namespace, name)

    def apply(self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], **more: Any) -> Document:
        """Return it as it was, or the body."""
        del more
        there = [one for one in self._of(resource, namespace) if text(one, "metadata", "name") == name]
        return there[0] if there else deepcopy(dict(body))

    def create(self, resource: Resource, namespace: str, body: Mapping[str, Any], **more: Any) -> Document:
        """Return the body."""
        del resource, namespace, more
        return {**deepcopy(dict(body)), "status": {"allowed": True}}

    def delete(self, resource: Resource, namespace: str, name: str, **more: Any) -> None:
        """Do nothing."""

    def watch(self, resource: Resource, namespace: str, *, seconds: int, **more: Any) -> Iterator[tuple[str, Document]]:
        """Yield all as changed, and let the time pass."""
        del more
        for one in self._of(resource, namespace):
            yield "MODIFIED", one
        self._clock.sleep(seconds)

    def open_logs(self, namespace: str, pod: str, container: str, *, span: LogSpan, **more: Any) -> Pieces:
        """Write the same for each."""
        del namespace, pod, container, more
        return Pieces(cut(stamped("one\ntwo\n"), span), (), self._clock)

    def discover(self, path: str) -> Document:
        """Return a document about the server."""
        if path not in self._documents:
            raise unknown(api.Call("GET", None, name=path))
        return dict(deepcopy(self._documents[path]))

    def close(self) -> None:
        """There is nothing to close."""

    def _of(self, resource: Resource, namespace: str) -> builtins.list[Document]:
        there = self._objects.get(resource.kind, [])
        return deepcopy([one for one in there if namespace in ("", text(one, "metadata", "namespace"))])
