# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The objects that make an account and grant it what it is for, and how they differ from those that are there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..accounts.order import TokenKind
from ..accounts.plan import AccountRecord, FeatureGrant
from ..object_change import ObjectAction, ObjectChange
from ..shape import mapping, text, text_mapping
from . import access
from .kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING, SECRET, SERVICE_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..accounts.order import AccountOrder
    from ..feature import Feature
    from .kinds import Resource

# https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
_MANAGER, _OURS = "app.kubernetes.io/managed-by", "nekzus.runtime"
_NAME, _HOME = "nekzus.io/account", "nekzus.io/account-namespace"
# Which kind of token it has stands on the account, so that secrets are looked at only where there is one of ours.
TOKEN_NOTE = "nekzus.io/token"  # noqa: S105 - a name
_GROUP = "rbac.authorization.k8s.io"
# https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets
_TOKEN_OF, _TOKEN_TYPE = "kubernetes.io/service-account.name", "kubernetes.io/service-account-token"
# In the order in which they are made; they are removed in the other direction.
RESOURCES = {one.kind: one for one in (SERVICE_ACCOUNT, SECRET, ROLE, CLUSTER_ROLE, ROLE_BINDING, CLUSTER_ROLE_BINDING)}
_RANKS = {kind: rank for rank, kind in enumerate(RESOURCES)}
# What we say of objects, and what we show of them: none of it is a secret.
_SAID = ("automountServiceAccountToken", "type", "rules", "roleRef", "subjects")
_OWN_METADATA = ("nekzus.io/", _MANAGER, _TOKEN_OF)
# A binding cannot be brought to mean another role.
_FIXED = "roleRef"


@dataclass(frozen=True)
class Piece:
    """One object of an account, as it is or shall be."""

    resource: Resource
    document: Mapping[str, Any]

    @property
    def namespace(self) -> str:
        """Where it is; empty for one of the whole cluster."""
        return text(self.document, "metadata", "namespace")

    @property
    def name(self) -> str:
        """How it is called."""
        return text(self.document, "metadata", "name")

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from all others."""
        return self.resource.kind, self.namespace, self.name

    @property
    def shown(self) -> dict[str, Any]:
        """What there is of it that we would say."""
        metadata: dict[str, Any] = {"name": self.name, **({"namespace": self.namespace} if self.namespace else {})}
        for key in ("labels", "annotations"):
            own = text_mapping(self.document, "metadata", key)
            own = {name: value for name, value in own.items() if name.startswith(_OWN_METADATA)}
            metadata.update({key: own} if own else {})
        said = {key: self.document[key] for key in _SAID if key in self.document}
        return {"apiVersion": self.resource.api_version, "kind": self.resource.kind, "metadata": metadata, **said}


def selector(order: AccountOrder) -> str:
    """Return the label selector of what an account has been granted."""
    return ",".join(f"{key}={value}" for key, value in _labels(order).items())


def is_ours(piece: Piece, order: AccountOrder) -> bool:
    """Tell whether an object is one that we made for an account; one that was copied has another name."""
    labels = text_mapping(piece.document, "metadata", "labels")
    named = piece.resource in (SERVICE_ACCOUNT, SECRET) or piece.name.startswith(_role_name(order, ""))
    return named and labels.items() >= _labels(order).items()


def token_secret_name(order: AccountOrder) -> str:
    """Return the name of the secret that has the lasting token of an account."""
    return f"{order.name}-nekzus-token"


def wanted_pieces(order: AccountOrder) -> tuple[Piece, ...]:
    """Return the objects that an account consists of: a role and its binding for each feature in each namespace."""
    if not order.present:
        return ()
    account = _piece(order, SERVICE_ACCOUNT, order.namespace, order.name, {"automountServiceAccountToken": False})
    noted = _annotated(account, {TOKEN_NOTE: order.token.value})
    return (noted, *_secret(order), *(piece for feature in order.features for piece in _grant(order, feature)))


def _secret(order: AccountOrder) -> Iterator[Piece]:
    if order.token is TokenKind.LASTING:
        secret = _piece(order, SECRET, order.namespace, token_secret_name(order), {"type": _TOKEN_TYPE})
        yield _annotated(secret, {_TOKEN_OF: order.name})


def _grant(order: AccountOrder, feature: Feature) -> Iterator[Piece]:
    role, binding = (CLUSTER_ROLE, CLUSTER_ROLE_BINDING) if order.everywhere else (ROLE, ROLE_BINDING)
    name = _role_name(order, feature)
    subject = {"kind": SERVICE_ACCOUNT.kind, "name": order.name, "namespace": order.namespace}
    reference = {"apiGroup": _GROUP, "kind": role.kind, "name": name}
    for namespace in ("",) if order.everywhere else order.namespaces:
        yield _piece(order, role, namespace, name, {"rules": access.rules_of(feature, everywhere=order.everywhere)})
        yield _piece(order, binding, namespace, name, {"roleRef": reference, "subjects": [subject]})


def _role_name(order: AccountOrder, feature: str) -> str:
    """Return a name that no other account has: a namespace has no colon."""
    return f"nekzus:{order.namespace}:{order.name}:{feature}"


def _labels(order: AccountOrder) -> dict[str, str]:
    return {_MANAGER: _OURS, _NAME: order.name, _HOME: order.namespace}


def _piece(order: AccountOrder, resource: Resource, namespace: str, name: str, fields: Mapping[str, Any]) -> Piece:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), "labels": _labels(order)}
    return Piece(resource, {"metadata": metadata, **fields})


def _annotated(piece: Piece, annotations: Mapping[str, str]) -> Piece:
    metadata = {**piece.document["metadata"], "annotations": dict(annotations)}
    return Piece(piece.resource, {**piece.document, "metadata": metadata})


def compare(found: Sequence[Piece], wanted: Sequence[Piece]) -> tuple[ObjectChange, ...]:
    """Return what has to change, first of all what goes away: rights are taken before others are given."""
    there, meant = ({piece.key: piece for piece in pieces} for pieces in (found, wanted))
    fixed = {key for key, piece in meant.items() if key in there and _is_fixed(there[key], piece)}
    gone = [piece for key, piece in there.items() if key not in meant or key in fixed]
    removed = [_change(ObjectAction.REMOVED, piece, before=piece) for piece in sorted(gone, key=_rank, reverse=True)]
    kept = {key: piece for key, piece in there.items() if key not in fixed}
    made = [
        _change(
            ObjectAction.CHANGED if piece.key in kept else ObjectAction.CREATED,
            piece,
            before=kept.get(piece.key),
            after=piece,
        )
        for piece in sorted(wanted, key=_rank)
        if piece.key not in kept or not covers(kept[piece.key].document, piece.document)
    ]
    return (*removed, *made)


def _rank(piece: Piece) -> int:
    return _RANKS[piece.resource.kind]


def _is_fixed(found: Piece, wanted: Piece) -> bool:
    return mapping(found.document, _FIXED) != mapping(wanted.document, _FIXED)


def _change(
    action: ObjectAction, piece: Piece, *, before: Piece | None = None, after: Piece | None = None
) -> ObjectChange:
    return ObjectChange(
        kind=piece.resource.kind,
        namespace=piece.namespace or None,
        name=piece.name,
        action=action,
        before=before.shown if before else None,
        after=after.shown if after else None,
        uid=text(before.document, "metadata", "uid") if before else "",
    )


def covers(found: Any, wanted: Any) -> bool:
    """Tell whether an object is as it is wanted, whatever others have said of it besides."""
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            key in found and covers(found[key], value) for key, value in wanted.items()
        )
    return bool(found == wanted)


def record_of(order: AccountOrder) -> AccountRecord | None:
    """Return what an account is when all is as it is asked for."""
    if not order.present:
        return None
    grants = [
        FeatureGrant(feature, tuple(access.rules_of(feature, everywhere=order.everywhere)))
        for feature in order.features
    ]
    return AccountRecord(
        name=order.name,
        namespace=order.namespace,
        user=order.user,
        features=order.features,
        namespaces=order.namespaces,
        all_namespaces=order.everywhere,
        operations=access.allowed_by(order.features),
        grants=tuple(grants),
    )
