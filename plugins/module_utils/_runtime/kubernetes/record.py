# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The note of what a deployment is made of, kept in a ConfigMap beside it, and the turn of who changes it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import ConflictError, ContainerNotFoundError, NekzusError, RuntimeUnavailableError
from ..shape import mapping, text
from ..toolbox.deployment import NAME_LABEL, TEMPLATE_LABEL
from .kinds import CONFIG_MAP, Resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .piece import Piece
    from .seam import KubernetesClient

RECORD_LABEL = "nekzus.io/record"
_SUFFIX = ".nekzus"
_TURN = "nekzus.io/turn"
_BUSY = "somebody else is changing this deployment"
_BUSY_HINT = "wait until that is done, and try again"


@dataclass(frozen=True)
class Noted:
    """An object that a deployment has, or may have."""

    resource: Resource
    namespace: str
    name: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it apart, as a piece's."""
        return self.resource.rule, self.namespace, self.name


@dataclass(frozen=True)
class Record:
    """What is noted of a deployment. ``main`` is the name of its main workload; ``version`` guards the note.

    ``begun`` tells that its first deployment has begun and has not come to its end.
    """

    name: str
    namespace: str
    template: str = ""
    main: str = ""
    objects: tuple[Noted, ...] = ()
    begun: bool = False
    version: str = ""
    uid: str = field(default="", compare=False)

    @property
    def title(self) -> str:
        """The name of the ConfigMap."""
        return f"{self.name}{_SUFFIX}"

    @property
    def data(self) -> dict[str, str]:
        """What the ConfigMap holds."""
        listed = [
            {"apiVersion": one.resource.api_version, "kind": one.resource.kind, "plural": one.resource.plural}
            | ({"namespace": one.namespace} if one.resource.namespaced else {})
            | {"name": one.name}
            for one in sorted(self.objects, key=lambda one: one.key)
        ]
        found = {"main": self.main, "objects": json.dumps(listed, indent=1), "template": self.template}
        return {**found, "begun": "true" if self.begun else "false"}


def noted(pieces: Sequence[Piece]) -> tuple[Noted, ...]:
    """Return what is to be noted of pieces."""
    return tuple(Noted(piece.resource, piece.namespace, piece.name) for piece in pieces)


def read_record(document: Mapping[str, Any]) -> Record:
    """Return what a ConfigMap notes; what somebody has spoilt is as if it was not there."""
    data, metadata = mapping(document, "data"), mapping(document, "metadata")
    try:
        listed = json.loads(text(data, "objects") or "[]")
    except (ValueError, RecursionError):
        listed = []
    found = tuple(_noted(one) for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()
    return Record(
        name=text(metadata, "labels", NAME_LABEL) or text(metadata, "name").removesuffix(_SUFFIX),
        namespace=text(metadata, "namespace"),
        template=text(data, "template"),
        main=text(data, "main"),
        objects=found,
        begun=text(data, "begun") == "true",
        version=text(metadata, "resourceVersion"),
        uid=text(metadata, "uid"),
    )


def _noted(one: Mapping[str, Any]) -> Noted:
    namespaced = "namespace" in one
    resource = Resource(text(one, "kind"), text(one, "plural"), text(one, "apiVersion"), namespaced=namespaced)
    return Noted(resource, text(one, "namespace"), text(one, "name"))


class Keeper:
    """Keeps the note. Who writes it first has the turn; whoever planned on an earlier one is refused."""

    def __init__(self, client: KubernetesClient) -> None:
        """Take the client to ask."""
        self._client = client

    def find(self, namespace: str, name: str) -> Record | None:
        """Return what is noted of a deployment, or None. Raises ConflictError for a ConfigMap that is not ours."""
        try:
            document = self._client.get(CONFIG_MAP, namespace, f"{name}{_SUFFIX}")
        except ContainerNotFoundError:
            return None
        if text(document, "metadata", "labels", NAME_LABEL) != name:
            message = f"there is a ConfigMap {namespace}/{name}{_SUFFIX} that this collection has not made"
            raise ConflictError(message, hint="remove it, or deploy under another name")
        return read_record(document)

    def every(self, namespaces: Sequence[str], name: str = "") -> list[Record]:
        """Return what is noted of all deployments, or those of one name, in some namespaces (none: in all)."""
        labels = RECORD_LABEL + (f",{NAME_LABEL}={name}" if name else "")
        found: list[Record] = []
        for namespace in namespaces or ("",):
            found += self._client.list(CONFIG_MAP, namespace, convert=read_record, labels=labels).items
        return sorted(found, key=lambda one: (one.namespace, one.name))

    def check(self, record: Record) -> None:
        """Raise ConflictError when somebody else has written the note since."""
        try:
            document = self._client.get(CONFIG_MAP, record.namespace, record.title)
        except ContainerNotFoundError:
            document = {}
        if text(document, "metadata", "resourceVersion") != record.version:
            raise ConflictError(_BUSY, hint=_BUSY_HINT)

    def write(self, record: Record) -> Record:
        """Write the note and return it as it is then. Raises ConflictError when somebody else has written it since."""
        labels = {NAME_LABEL: record.name, RECORD_LABEL: "true", "app.kubernetes.io/managed-by": "nekzus.runtime"}
        if record.template:
            labels[TEMPLATE_LABEL] = record.template
        turn = secrets.token_hex(8)
        metadata: dict[str, Any] = {"name": record.title, "labels": labels, "annotations": {_TURN: turn}}
        body = {"metadata": metadata, "data": record.data}
        try:
            if not record.version:
                whole = {"apiVersion": "v1", "kind": CONFIG_MAP.kind, **body}
                whole["metadata"] = {**metadata, "namespace": record.namespace}
                return read_record(self._client.create(CONFIG_MAP, record.namespace, whole))
            metadata["resourceVersion"] = record.version
            return read_record(self._client.patch(CONFIG_MAP, record.namespace, record.title, body))
        except (ConflictError, ContainerNotFoundError, RuntimeUnavailableError) as error:
            # An answer may be lost on its way: then what is refused is the same once more.
            written = self._written(record, turn) if error.may_be_done else None
            if written:
                return written
            if isinstance(error, RuntimeUnavailableError):
                raise
            raise ConflictError(_BUSY, hint=_BUSY_HINT) from error

    def _written(self, record: Record, turn: str) -> Record | None:
        """Return the note if it is the one that was written in this turn."""
        try:
            document = self._client.get(CONFIG_MAP, record.namespace, record.title)
        except NekzusError:
            return None
        return read_record(document) if text(document, "metadata", "annotations", _TURN) == turn else None

    def remove(self, record: Record) -> None:
        """Forget a deployment; one that is forgotten already, or made anew by somebody else, is no matter."""
        try:
            self._client.delete(CONFIG_MAP, record.namespace, record.title, uid=record.uid)
        except ContainerNotFoundError:
            return
        except ConflictError:
            there = self.find(record.namespace, record.name)
            if there and there.uid == record.uid:
                raise
