# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a template wants of a cluster: its objects, in which order they start, and which is the main one. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..shape import mapping, objects, text, text_mapping
from ..toolbox.spec import Project
from .kinds import CONFIG_MAP, SECRET, SERVICE
from .names import fit
from .piece import labelled
from .render import NAME, render
from .template_pieces import check_pieces, read_manifests

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..toolbox.deployment import Wish
    from .piece import Key, Piece
    from .template_pieces import Lookup

CHECKSUM = "nekzus.io/checksum"
SALT = "nekzus.io/salt"


@dataclass(frozen=True)
class Wanted:
    """The objects of a template. ``order`` are the names of workloads in the waves in which they start."""

    pieces: tuple[Piece, ...]
    order: tuple[tuple[str, ...], ...] = ()
    main: str = ""
    warnings: tuple[str, ...] = ()


def wanted_of(wish: Wish, *, namespace: str, lookup: Lookup) -> Wanted:
    """Return what the template of a wish wants, labelled as the deployment's.

    Raises InvalidTemplateError and UnsupportedError for what cannot be had.
    """
    if isinstance(wish.content, Project):
        rendering = render(wish.content)
        rendered = read_manifests(rendering.documents, namespace=namespace, lookup=lookup)
        pieces = _with_published(rendered, wish.content)
        order, main = rendering.order, rendering.main
        warnings = (*wish.content.warnings, *rendering.warnings)
    else:
        pieces = read_manifests(wish.content or (), namespace=namespace, lookup=lookup)
        check_pieces(pieces, allow_privileged=wish.allow_privileged, allowed_paths=wish.allowed_paths)
        order, main, warnings = (), _main_of(pieces, wish.name), ()
    return Wanted(
        tuple(labelled(piece, wish.name, wish.template, home=wish.namespace) for piece in pieces), order, main, warnings
    )


def _with_published(pieces: Sequence[Piece], project: Project) -> tuple[Piece, ...]:
    """Return the objects of a project with a note on its Services of the ports that the template publishes."""
    published = {
        fit(service.name): " ".join(f"{one.published}/{one.protocol}" for one in service.ports if one.published)
        for service in project.services
    }
    labels = {piece.key: text(piece.document, "metadata", "labels", NAME) for piece in pieces}
    return tuple(
        piece.noting(published=published.get(labels[piece.key], "")) if piece.resource == SERVICE else piece
        for piece in pieces
    )


def _main_of(pieces: Sequence[Piece], name: str) -> str:
    """Return the workload that a user means: the one of the deployment's name, else the first that has a count."""
    workloads = sorted((one for one in pieces if one.is_workload), key=lambda one: not one.scales)
    names = [one.name for one in workloads]
    return name if name in names else next(iter(names), "")


def with_checksums(pieces: Sequence[Piece], present: Mapping[Key, Piece]) -> tuple[Piece, ...]:
    """Return the objects of a project with what makes pods anew when a file or a secret value of theirs changes.

    The checksum is keyed with a salt that only who may read the Secret knows: nobody else can try passwords on it.
    """
    salted = [_salted(piece, present.get(piece.key)) for piece in pieces]
    sources = {(one.resource.rule, one.name): one for one in salted if one.resource in (CONFIG_MAP, SECRET)}
    return tuple(_checked(piece, sources) for piece in salted)


def _salted(piece: Piece, present: Piece | None) -> Piece:
    if piece.resource != SECRET:
        return piece
    kept = text(present.document, "metadata", "annotations", SALT) if present else ""
    return piece.noting(salt=kept or secrets.token_hex(16))


def _checked(piece: Piece, sources: Mapping[tuple[str, str], Piece]) -> Piece:
    spec = mapping(piece.document, "spec")
    pods = mapping(spec, "template")
    used = [sources[key] for key in _references(mapping(pods, "spec")) if key in sources]
    if not piece.is_workload or not used:
        return piece
    salts = [text(one.document, "metadata", "annotations", SALT) for one in used]
    content = [{key: one.document.get(key) for key in ("data", "binaryData")} for one in used]
    written = json.dumps(content, sort_keys=True).encode()
    checksum = hmac.new("".join(salts).encode(), written, hashlib.sha256).hexdigest()
    metadata = mapping(pods, "metadata")
    annotations = {**text_mapping(metadata, "annotations"), CHECKSUM: checksum}
    template = {**pods, "metadata": {**metadata, "annotations": annotations}}
    return piece.saying(spec={**spec, "template": template})


def _references(spec: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the ConfigMaps and Secrets that pods are made with, by rule and name, once each."""
    found: dict[tuple[str, str], None] = {}
    for volume in objects(spec, "volumes"):
        found[CONFIG_MAP.rule, text(volume, "configMap", "name")] = None
        found[SECRET.rule, text(volume, "secret", "secretName")] = None
    for each in objects(spec, "containers"):
        for variable in objects(each, "env"):
            found[SECRET.rule, text(variable, "valueFrom", "secretKeyRef", "name")] = None
            found[CONFIG_MAP.rule, text(variable, "valueFrom", "configMapKeyRef", "name")] = None
    return sorted(found)
