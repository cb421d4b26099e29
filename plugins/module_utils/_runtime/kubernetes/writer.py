# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Writing one object that a deployment is made of."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..errors import ContainerNotFoundError
from ..shape import mapping, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .piece import Piece
    from .seam import KubernetesClient


class Writer:
    """Applies, changes and deletes pieces, each with one request."""

    def __init__(self, client: KubernetesClient) -> None:
        """Take the client to write by."""
        self._client = client

    def apply(self, piece: Piece, *, uid: str = "", force: bool = False) -> dict[str, Any]:
        """Say of an object what the piece says, and return it as it is then; a ``uid`` guards its successors."""
        metadata = {**mapping(piece.document, "metadata"), **({"uid": uid} if uid else {})}
        body = {**piece.document, "metadata": metadata}
        return self._client.apply(piece.resource, piece.namespace, piece.name, body, force=force)

    def patch(self, piece: Piece, body: Mapping[str, Any]) -> None:
        """Merge ``body`` into an object."""
        self._client.patch(piece.resource, piece.namespace, piece.name, body)

    def delete(self, piece: Piece) -> None:
        """Delete an object, unless it has gone or is another one by now."""
        with suppress(ContainerNotFoundError):
            uid = text(piece.document, "metadata", "uid")
            self._client.delete(piece.resource, piece.namespace, piece.name, uid=uid)
