# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What we ask of an API server: exactly the calls we use, in our verbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..logs.log import ByteStream, LogSpan
    from .kinds import Resource

Item = TypeVar("Item")


@dataclass(frozen=True)
class Collection(Generic[Item]):
    """The items of a list, and the ``version`` of the cluster's state that a watch can go on from.

    It is ``complete`` unless one page alone was wanted and there are more.
    """

    items: list[Item]
    version: str
    complete: bool = True


class KubernetesClient(Protocol):
    """What we ask of an API server. Every call raises NekzusError and nothing else.

    ``namespace`` is that of the credentials' context, for targets that name none. An empty namespace in a call
    means all of them. What a call returns is an object as the API sends it, without ``kind`` where it is in a list.
    """

    namespace: str

    @property
    def identity(self) -> str:
        """Who we are on which server, as a text that differs for any other, and tells no secret."""

    @property
    def endpoint(self) -> dict[str, Any]:
        """How we reach the server, as the cluster of a kubeconfig: the password of a proxy is in it, no token."""

    def dry_run(self) -> KubernetesClient:
        """Return a client whose changes go through all that the server checks, and are then not made.

        Each returns what there would be.
        """

    def get(self, resource: Resource, namespace: str, name: str, *, subresource: str = "") -> dict[str, Any]:
        """Return one object."""

    def list(  # noqa: PLR0913 - what a list takes
        self,
        resource: Resource,
        namespace: str = "",
        *,
        convert: Callable[[dict[str, Any]], Item],
        labels: str = "",
        fields: str = "",
        metadata_only: bool = False,
        one_page: bool = False,
    ) -> Collection[Item]:
        """Return what ``convert`` makes of each object, page by page so that no more than one page is in memory.

        With ``one_page`` of no more than the server tells at once.
        """

    def patch(
        self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], *, subresource: str = ""
    ) -> dict[str, Any]:
        """Change fields of an object (null removes one) and return it.

        With ``metadata.resourceVersion`` in the body, ConflictError when it has changed since.
        """

    def apply(
        self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], *, force: bool = False
    ) -> dict[str, Any]:
        """Make an object, or bring the one that is there to what we say of it, and return it (server-side apply).

        What we said of it before and do not say now goes away; what others said stays. Where they said something
        else, ConflictError, unless ``force`` makes it ours. With ``metadata.uid`` in the body, ConflictError when that
        one is not there any more.
        """

    def create(
        self, resource: Resource, namespace: str, body: Mapping[str, Any], *, name: str = "", subresource: str = ""
    ) -> dict[str, Any]:
        """Create an object, or a subresource of the one so named, and return it as it is stored."""

    def delete(self, resource: Resource, namespace: str, name: str, *, uid: str, grace: int | None = None) -> None:
        """Delete an object, if it is still the one with that uid; a pod gets ``grace`` seconds, None: its own."""

    def watch(  # noqa: PLR0913 - what a watch takes
        self, resource: Resource, namespace: str, *, version: str, seconds: int, labels: str = "", fields: str = ""
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield what happens (``ADDED MODIFIED DELETED BOOKMARK``, and the object) from a version on, for so long.

        Raises ConflictError when the version is too old to go on from: list again.
        """

    def open_logs(  # noqa: PLR0913 - what a log takes
        self,
        namespace: str,
        pod: str,
        container: str,
        *,
        span: LogSpan,
        previous: bool = False,
        follow: float | None = None,
    ) -> ByteStream:
        """Return what a container wrote, each line with its moment; with ``previous`` in its run before this one.

        With ``follow`` it goes on with what is written, and ends when nothing comes for so many seconds and a few.
        Where ``span`` ends is not heeded, and where it begins in whole seconds.
        """

    def discover(self, path: str) -> dict[str, Any]:
        """Return a document about the server itself: ``/version``, ``/apis``, ``/apis/GROUP/VERSION``."""

    def close(self) -> None:
        """Close the connections."""
