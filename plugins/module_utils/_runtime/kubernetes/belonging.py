# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What belongs to a workload: what it names, what leads to it, and what scales it. Pure.

https://kubernetes.io/docs/concepts/workloads/pods/#pod-templates
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import InvalidTargetError
from ..labels import parse_labels
from ..shape import flag, mapping, objects, text, text_mapping
from . import convert
from .kinds import CONFIG_MAP, POD, SECRET, SERVICE_ACCOUNT, STATEFUL_SET, VOLUME_CLAIM

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from .kinds import Resource
    from .piece import Piece

# Where a pod's specification names another object, and by which key: volumes, their sources, and variables.
_NAMED_BY: Mapping[str, tuple[Resource, tuple[str, ...]]] = {
    "configMap": (CONFIG_MAP, ("name",)),
    "configMapKeyRef": (CONFIG_MAP, ("name",)),
    "configMapRef": (CONFIG_MAP, ("name",)),
    "azureFile": (SECRET, ("secretName",)),
    "nodePublishSecretRef": (SECRET, ("name",)),
    "secret": (SECRET, ("secretName", "name")),
    "secretKeyRef": (SECRET, ("name",)),
    "secretRef": (SECRET, ("name",)),
    "persistentVolumeClaim": (VOLUME_CLAIM, ("claimName",)),
}
# What every namespace has of its own.
_EVERYWHERE = {
    SERVICE_ACCOUNT.kind: ("default",),
    CONFIG_MAP.kind: ("kube-root-ca.crt", "openshift-service-ca.crt"),
}
# Every pod of a StatefulSet has its name as a label: a Service may lead to one of them.
_POD_NAME = "statefulset.kubernetes.io/pod-name"


@dataclass(frozen=True)
class Need:
    """An object that another one names. Without an ``optional`` one that works as well."""

    resource: Resource
    name: str
    optional: bool = False


def needs_of(piece: Piece) -> tuple[Need, ...]:
    """Return what a workload's pods are made with, of a blueprint: each once, but for what every namespace has."""
    spec = convert.pod_spec(piece.document) or mapping(piece.document, "spec")
    found = list(_named(mapping(piece.document, "spec") if piece.resource.custom else spec))
    found += pull_secrets(spec)
    account = text(spec, "serviceAccountName")
    return distinct([*found, Need(SERVICE_ACCOUNT, account)])


def pull_secrets(holder: Mapping[str, Any]) -> list[Need]:
    """Return the secrets with which images are pulled: without those of them that are missing it is tried as well."""
    return [Need(SECRET, text(one, "name"), optional=True) for one in objects(holder, "imagePullSecrets")]


def certificates(ingress: Mapping[str, Any]) -> list[Need]:
    """Return the secrets of an Ingress."""
    return [Need(SECRET, text(one, "secretName"), optional=True) for one in objects(ingress, "spec", "tls")]


def distinct(needs: Iterable[Need]) -> tuple[Need, ...]:
    """Return each object once: it is optional where all say so."""
    found: dict[tuple[str, str], Need] = {}
    for need in needs:
        key = need.resource.rule, need.name
        if need.name and need.name not in _EVERYWHERE.get(need.resource.kind, ()):
            found[key] = need if not need.optional else found.get(key, need)
    return tuple(found.values())


def _named(value: Any) -> Iterator[Need]:
    if isinstance(value, list):
        for one in value:
            yield from _named(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key in _NAMED_BY and isinstance(one, dict):
                resource, keys = _NAMED_BY[key]
                name = next((text(one, word) for word in keys if text(one, word)), "")
                yield Need(resource, name, flag(one, "optional"))
            yield from _named(one)


def pod_labels(piece: Piece, selector: str = "") -> dict[str, str]:
    """Return the labels of a workload's pods; of a kind without a template those that its ``selector`` is about."""
    if piece.resource.rule == POD.rule:
        return text_mapping(piece.document, "metadata", "labels")
    spec = mapping(piece.document, "spec")
    template = mapping(mapping(spec, "jobTemplate", "spec") or spec, "template")
    if template or not selector:
        return text_mapping(template, "metadata", "labels")
    try:
        requirements = parse_labels([selector])
    except InvalidTargetError:  # a custom kind says of its pods what it likes
        return {}
    return {one.key: one.values[0] for one in requirements if one.operator == "in" and len(one.values) == 1}


def serves(service: Mapping[str, Any], piece: Piece, labels: Mapping[str, str]) -> bool:
    """Tell whether a Service leads to pods with these labels of a workload, or gives those of a StatefulSet names."""
    name = text(service, "metadata", "name")
    is_set = piece.resource.rule == STATEFUL_SET.rule
    if is_set and name == text(piece.document, "spec", "serviceName"):
        return True
    selector = text_mapping(service, "spec", "selector")
    base, _dash, number = selector.get(_POD_NAME, "").rpartition("-")
    known = {**labels, _POD_NAME: selector[_POD_NAME]} if is_set and base == piece.name and number.isdigit() else labels
    return bool(selector) and all(known.get(key) == value for key, value in selector.items())


def leads_to(ingress: Mapping[str, Any], services: Collection[str]) -> bool:
    """Tell whether an Ingress leads to one of these Services."""
    backends = [mapping(ingress, "spec", "defaultBackend")]
    for rule in objects(ingress, "spec", "rules"):
        backends += [mapping(path, "backend") for path in objects(rule, "http", "paths")]
    return any(text(one, "service", "name") in services for one in backends)


def scales(autoscaler: Mapping[str, Any], piece: Piece) -> bool:
    """Tell whether a HorizontalPodAutoscaler sets the count of a workload."""
    target = mapping(autoscaler, "spec", "scaleTargetRef")
    group = text(target, "apiVersion").rpartition("/")[0]
    return (text(target, "kind"), group, text(target, "name")) == (
        piece.resource.kind,
        piece.resource.group,
        piece.name,
    )
