# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What there is of a deployment, and of others under the names that it would take."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import ConflictError, ContainerNotFoundError, UnsupportedError
from ..shape import text
from ..toolbox.deployment import HOME_LABEL, NAME_LABEL
from ..types import Control
from .kinds import CONFIG_MAP, DEPLOYMENT, JOB, SECRET, SERVICE, VOLUME_CLAIM
from .owners import controller_of
from .piece import Piece, is_of
from .record import RECORD_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .kinds import Resource
    from .piece import Key
    from .reader import Reader
    from .record import Record
    from .seam import KubernetesClient

# What a Compose project becomes.
OWN = (CONFIG_MAP, SECRET, VOLUME_CLAIM, SERVICE, DEPLOYMENT, JOB)
_LABELS = ("metadata", "labels")
# What the cluster makes of every Service, with its labels.
_MIRRORED = frozenset(("endpoints", "endpointslices.discovery.k8s.io"))


class Finder:
    """Finds the objects of deployments."""

    def __init__(self, client: KubernetesClient, reader: Reader) -> None:
        """Take the client to ask, and what knows older versions of kinds."""
        self._client = client
        self._reader = reader

    def find(self, name: str, namespace: str, record: Record | None, wanted: Sequence[Piece]) -> dict[Key, Piece]:
        """Return the objects of a deployment that are there: a list for each kind that it has, or may have."""
        places = {(resource.rule, namespace): resource for resource in OWN}
        for noted in record.objects if record else ():
            # The note says how it is called, the cluster what can be done with it.
            resource = self._reader.kinds.of(noted.resource.api_version, noted.resource.kind) or noted.resource
            places.setdefault((noted.resource.rule, noted.namespace), resource)
        for piece in wanted:
            places.setdefault((piece.resource.rule, piece.namespace), piece.resource)
        found: dict[Key, Piece] = {}
        for (_rule, place), resource in places.items():
            listed = self._listed(resource, place, name)
            found.update((piece.key, piece) for piece in listed if is_of(piece.document, name, namespace))
        known = {one.key for one in record.objects} if record else set()
        known |= {piece.key for piece in wanted}
        return {key: piece for key, piece in found.items() if piece.resource.rule not in _MIRRORED or key in known}

    @staticmethod
    def check_going(pieces: Iterable[Piece]) -> None:
        """Raise ConflictError when one of these is about to go."""
        found = [one.title for one in pieces if text(one.document, "metadata", "deletionTimestamp")]
        if found:
            raise ConflictError(f"{', '.join(found)} is being deleted", hint="wait until it is gone, and try again")

    def _listed(self, resource: Resource, namespace: str, name: str) -> list[Piece]:
        def read(served: Resource) -> list[Piece]:
            def convert(document: dict[str, Any]) -> Piece:
                return Piece(served, document)

            found = self._client.list(served, namespace, convert=convert, labels=f"{NAME_LABEL}={name}").items
            has_scale = served.custom and served.control is Control.SCALE
            return [replace(piece, scale=self._scale(piece)) for piece in found] if has_scale else found

        try:
            found = self._reader.served(resource, read)
        except UnsupportedError:  # the kind comes with the template, or has gone with all that was of it
            return []
        return [
            piece for piece in found if not text(piece.document, *_LABELS, RECORD_LABEL) and not _is_made_by_one(piece)
        ]

    def _scale(self, piece: Piece) -> dict[str, Any] | None:
        try:
            return self._client.get(piece.resource, piece.namespace, piece.name, subresource="scale")
        except ContainerNotFoundError:  # it has gone meanwhile
            return None

    def check_foreign(self, name: str, namespace: str, pieces: Iterable[Piece]) -> None:
        """Raise ConflictError that names all that is in the way of these pieces, none of which is of the deployment."""
        found = [told for told in (self._foreign(name, namespace, piece) for piece in pieces) if told]
        if found:
            hint = "it is left as it is: use another service_name or a namespace of its own, or remove it"
            raise ConflictError(f"there is already {', '.join(found)}", hint=hint)

    def _foreign(self, name: str, namespace: str, piece: Piece) -> str:
        try:
            document = self._client.get(piece.resource, piece.namespace, piece.name)
        except (ContainerNotFoundError, UnsupportedError):
            return ""
        if is_of(document, name, namespace):
            return ""
        other, home = (text(document, *_LABELS, label) for label in (NAME_LABEL, HOME_LABEL))
        owner = f"{home}/{other}" if home else other
        return f"a {piece.title} " + (f"of the deployment {owner}" if owner else "that this collection has not made")


def _is_made_by_one(piece: Piece) -> bool:
    """Tell whether it is what a workload of the deployment has made, and goes with that: it has the same labels."""
    return piece.is_workload and controller_of(piece.document) is not None
