# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One object that a deployment is made of: what it is, what we say of it, and where it stands in the order. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..shape import mapping, number, objects, text, text_mapping
from ..toolbox.deployment import HOME_LABEL, NAME_LABEL, TEMPLATE_LABEL
from ..types import Control
from .kinds import (
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEFINITION,
    DEPLOYMENT,
    JOB,
    NAMESPACE,
    POD,
    ROLE,
    ROLE_BINDING,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    VOLUME_CLAIM,
    WORKLOADS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .kinds import Resource

# The count that the template wants, whatever it has.
WANTED = "nekzus.io/wanted-replicas"
_VOLUME = "persistentvolumes"
# What pods need, or are measured by, so that it is there before the first one.
_FIRST = (
    *(NAMESPACE.rule, DEFINITION.rule, "priorityclasses.scheduling.k8s.io", "runtimeclasses.node.k8s.io"),
    *("networkpolicies.networking.k8s.io", "resourcequotas", "limitranges", SERVICE_ACCOUNT.rule),
    *(CLUSTER_ROLE.rule, CLUSTER_ROLE_BINDING.rule, ROLE.rule, ROLE_BINDING.rule, CONFIG_MAP.rule, SECRET.rule),
    *("csidrivers.storage.k8s.io", "storageclasses.storage.k8s.io", _VOLUME, VOLUME_CLAIM.rule, SERVICE.rule),
)
_ORDER = {rule: place for place, rule in enumerate(_FIRST)}
_WORKLOADS = frozenset(resource.rule for resource in (POD, *WORKLOADS))
_LAST = len(_FIRST) + 1
# What the API server asks pods by: before they are up, it would refuse what it has to ask them about.
_SERVED_BY_PODS = frozenset(
    f"{plural}.admissionregistration.k8s.io"
    for plural in ("validatingwebhookconfigurations", "mutatingwebhookconfigurations")
) | {"apiservices.apiregistration.k8s.io"}

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Piece:
    """An object of a deployment: its kind, and what we say of it; of a custom kind that has one, its ``scale`` too."""

    resource: Resource
    document: Mapping[str, Any]
    scale: Mapping[str, Any] | None = None

    @property
    def namespace(self) -> str:
        """Its namespace, empty for what belongs to the cluster."""
        return text(self.document, "metadata", "namespace")

    @property
    def name(self) -> str:
        """Its name."""
        return text(self.document, "metadata", "name")

    @property
    def key(self) -> Key:
        """What tells it apart: its kind whatever the version, its namespace and its name."""
        return self.resource.rule, self.namespace, self.name

    @property
    def title(self) -> str:
        """How a message names it: ``Deployment prod/web``."""
        return f"{self.resource.kind} " + "/".join(part for part in (self.namespace, self.name) if part)

    @property
    def rank(self) -> int:
        """Where it stands in the order in which objects are made; they are removed the other way round."""
        return _ORDER.get(self.resource.rule, _LAST - 1 if self.is_workload else _LAST)

    @property
    def is_needed(self) -> bool:
        """Tell whether it has to be there before pods are."""
        return self.rank < _LAST - 1

    @property
    def is_served_by_pods(self) -> bool:
        """Tell whether the API server asks pods for it, which have to be up by then."""
        return self.resource.rule in _SERVED_BY_PODS

    @property
    def is_workload(self) -> bool:
        """Tell whether it makes pods."""
        return self.resource.rule in _WORKLOADS or self.resource.control is Control.SCALE

    @property
    def scales(self) -> bool:
        """Tell whether its object has a count of replicas, that we may set."""
        return self.resource.control is Control.SCALE and not self.resource.custom

    @property
    def replaces_pods(self) -> bool:
        """Tell whether a change of its template makes its pods anew."""
        return self.resource.rule in (DEPLOYMENT.rule, STATEFUL_SET.rule, DAEMON_SET.rule)

    @property
    def suspends(self) -> bool:
        """Tell whether it is stopped by suspending it, on every server."""
        return self.resource.rule == CRON_JOB.rule

    @property
    def runs_at_once(self) -> bool:
        """Tell whether it runs as soon as it is made: then it is made when its turn comes."""
        return self.resource.rule in (JOB.rule, DAEMON_SET.rule, POD.rule)

    @property
    def is_kept(self) -> bool:
        """Tell whether data goes with it, be it that of others: it stays unless that is asked for."""
        return self.resource.rule in (VOLUME_CLAIM.rule, _VOLUME, NAMESPACE.rule, DEFINITION.rule)

    @property
    def wanted(self) -> int:
        """How many replicas the template wants: one if it does not say."""
        found = number(self.document, "spec", "replicas")
        return 1 if found is None else found

    def saying(self, **parts: Any) -> Piece:
        """Return it with parts of its document replaced."""
        return replace(self, document={**self.document, **parts})

    def noting(self, **annotations: str | None) -> Piece:
        """Return it with annotations of ours, ``replicas`` for ``nekzus.io/replicas``; None takes one away."""
        metadata = mapping(self.document, "metadata")
        notes = text_mapping(metadata, "annotations")
        for word, value in annotations.items():
            name = f"nekzus.io/{word.replace('_', '-')}"
            notes.pop(name, None)
            if value is not None:
                notes[name] = value
        kept = {key: value for key, value in metadata.items() if key != "annotations"}
        return self.saying(metadata={**kept, **({"annotations": notes} if notes else {})})


def labelled(piece: Piece, name: str, template: str, *, home: str) -> Piece:
    """Return it with the labels of everything that a deployment is made of, its pods' template included."""
    labels = {NAME_LABEL: name, "app.kubernetes.io/managed-by": "nekzus.runtime"}
    if piece.namespace != home:
        labels[HOME_LABEL] = home
    if template:
        labels[TEMPLATE_LABEL] = template
    metadata = mapping(piece.document, "metadata")
    usual = {"app.kubernetes.io/name": piece.name[:63].rstrip("-._"), "app.kubernetes.io/instance": name}
    own = {**usual, **text_mapping(metadata, "labels"), **labels}
    found = piece.saying(metadata={**metadata, "labels": own})
    spec = mapping(piece.document, "spec")
    pods = mapping(spec, "template")
    if not piece.is_workload or not pods:
        return found
    said = {**spec, "template": _marked(pods, name)}
    # The claims that a StatefulSet makes are known by the label only.
    if "volumeClaimTemplates" in spec:
        said["volumeClaimTemplates"] = [_marked(one, name) for one in objects(spec, "volumeClaimTemplates")]
    return found.saying(spec=said)


def _marked(template: Mapping[str, Any], name: str) -> dict[str, Any]:
    metadata = mapping(template, "metadata")
    return {**template, "metadata": {**metadata, "labels": {**mapping(metadata, "labels"), NAME_LABEL: name}}}


def is_of(document: Mapping[str, Any], name: str, home: str) -> bool:
    """Tell whether an object belongs to the deployment of a name and namespace."""
    labels = text_mapping(document, "metadata", "labels")
    place = text(document, "metadata", "namespace")
    return labels.get(NAME_LABEL) == name and labels.get(HOME_LABEL, place or home) == home
