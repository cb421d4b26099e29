# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Kubernetes manifests as the pieces of a deployment, and what they may not have of the host. Pure, given the kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Optional

from ..errors import InvalidTemplateError, UnsupportedError
from ..shape import flag, mapping, objects, text, texts
from ..toolbox.guard import HINT, PATHS_HINT, dangerous, is_allowed_path
from ..types import Control
from .convert import pod_spec
from .kinds import DEFINITION, NAMESPACE, Resource
from .piece import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Lookup = Callable[[str, str], Optional[Resource]]

_HOST = ("hostNetwork", "hostPID", "hostIPC")
# What gives rights in the whole cluster.
_POWERS = ("ClusterRole", "ClusterRoleBinding")


def read_manifests(documents: Sequence[Mapping[str, Any]], *, namespace: str, lookup: Lookup) -> tuple[Piece, ...]:
    """Return the objects of documents, each in its own namespace or else in this one.

    Raises InvalidTemplateError for what is not an object, or is there twice, and UnsupportedError for kinds that the
    cluster has not and the template does not bring.
    """
    found: dict[tuple[str, str, str], Piece] = {}
    flat = list(_flat(documents))
    brought = {key: one for document in flat for key, one in _brought(document)}
    for document in flat:
        piece = _piece(document, namespace, lambda version, kind: brought.get((version, kind)) or lookup(version, kind))
        if piece.key in found:
            raise InvalidTemplateError(f"the template has the {piece.title} twice", hint="remove one of them")
        found[piece.key] = piece
    return tuple(found.values())


def comes_with(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Tell whether the kind or the namespace of a piece is one that others of the same template bring."""
    namespaces = {one.name for one in pieces if one.resource == NAMESPACE}
    return kind_comes_with(piece, pieces) or piece.namespace in namespaces


def kind_comes_with(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Tell whether the kind of a piece is one that others of the same template bring."""
    definitions = {
        key for one in pieces if one.resource.rule == DEFINITION.rule for key, _kind in _brought(one.document)
    }
    return (piece.resource.api_version, piece.resource.kind) in definitions


def _flat(documents: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for document in documents:
        if text(document, "kind") == "List" and text(document, "apiVersion") == "v1":
            yield from _flat(objects(document, "items"))
        elif document:
            yield document


def _brought(document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Resource]]:
    """Yield the kinds that a CustomResourceDefinition brings."""
    if text(document, "kind") != DEFINITION.kind:
        return
    spec = mapping(document, "spec")
    names = mapping(spec, "names")
    for version in objects(spec, "versions"):
        api_version = f"{text(spec, 'group')}/{text(version, 'name')}"
        namespaced = text(spec, "scope") != "Cluster"
        resource = Resource(text(names, "kind"), text(names, "plural"), api_version, namespaced=namespaced, custom=True)
        yield (api_version, resource.kind), resource


def _piece(document: Mapping[str, Any], namespace: str, lookup: Lookup) -> Piece:
    api_version, kind = text(document, "apiVersion"), text(document, "kind")
    metadata = mapping(document, "metadata")
    name = text(metadata, "name")
    if not api_version or not kind or not name:
        told = f"{kind or 'a document'} {name}".strip()
        hint = "every manifest has apiVersion, kind and metadata.name"
        raise InvalidTemplateError(f"{told} of the template is not a whole manifest", hint=hint)
    resource = lookup(api_version, kind)
    if not resource:
        hint = "install what brings the kind, or correct apiVersion and kind"
        raise UnsupportedError(f"the cluster has no kind {kind} in {api_version}, of which {name} is", hint=hint)
    if resource.control is Control.SCALE and "replicas" in mapping(document, "spec") and not resource.custom:
        _check_count(kind, name, mapping(document, "spec")["replicas"])
    place = {"namespace": text(metadata, "namespace") or namespace} if resource.namespaced else {}
    kept = {key: value for key, value in metadata.items() if key != "namespace"}
    body = {key: value for key, value in document.items() if key != "status"}
    return Piece(resource, {**body, "metadata": {**kept, **place}})


def _check_count(kind: str, name: str, count: Any) -> None:
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0):
        is_number = isinstance(count, str) and count.isdigit()
        hint = "write it without quotation marks" if is_number else "give a whole number"
        raise InvalidTemplateError(f"the replicas of {kind} {name} are {count!r}, not a whole number", hint=hint)


def check_pieces(pieces: Sequence[Piece], *, allow_privileged: bool, allowed_paths: Sequence[str]) -> None:
    """Raise InvalidTemplateError that names all that takes more of the host or cluster than a task has allowed."""
    if allow_privileged:
        return
    found = [f"{piece.resource.kind}/{piece.name}.{asked}" for piece in pieces for asked in _asked(piece.document)]
    found += [f"{piece.resource.kind}/{piece.name}" for piece in pieces if piece.resource.kind in _POWERS]
    paths = [
        f"{piece.resource.kind}/{piece.name}.hostPath={path}"
        for piece in pieces
        for path, read_only in _paths(piece)
        if not is_allowed_path(path, allowed_paths, read_only=read_only)
    ]
    if found or paths:
        message = f"the template takes more of the host than is allowed: {', '.join((*found, *paths))}"
        raise InvalidTemplateError(message, hint=HINT if found else PATHS_HINT)


def _containers(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    spec = pod_spec(document)
    return objects(spec, "initContainers") + objects(spec, "containers")


def _asked(document: Mapping[str, Any]) -> Iterator[str]:
    spec = pod_spec(document)
    yield from (key for key in _HOST if flag(spec, key))
    for each in _containers(document):
        context, name = mapping(each, "securityContext"), text(each, "name")
        if flag(context, "privileged"):
            yield f"{name}.privileged"
        yield from (f"{name}.capabilities={one}" for one in dangerous(texts(context, "capabilities", "add")))
        if text(context, "seccompProfile", "type") == "Unconfined":
            yield f"{name}.seccompProfile=Unconfined"


def _paths(piece: Piece) -> Iterator[tuple[str, bool]]:
    """Yield the folders of a node that are mounted, and whether none of its containers may write there."""
    spec = pod_spec(piece.document)
    volumes = {text(one, "name"): text(one, "hostPath", "path") for one in objects(spec, "volumes")}
    for name, path in volumes.items():
        if path:
            mounts = [one for each in _containers(piece.document) for one in objects(each, "volumeMounts")]
            yield path, all(flag(one, "readOnly") for one in mounts if text(one, "name") == name)
    if piece.resource.kind == "PersistentVolume" and text(piece.document, "spec", "hostPath", "path"):
        yield text(piece.document, "spec", "hostPath", "path"), False
