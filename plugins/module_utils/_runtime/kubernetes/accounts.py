# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Accounts of a cluster: ServiceAccounts, the roles they are bound to, and their tokens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..accounts.order import TokenKind
from ..accounts.plan import AccountPlan, Credentials
from ..errors import ApiError, ConflictError, ContainerNotFoundError, InvalidTargetError, PermissionDeniedError
from ..object_change import ObjectAction
from ..shape import number, text
from . import rbac
from .claims import read_claims
from .kinds import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, NAMESPACE, ROLE, ROLE_BINDING, SECRET, SERVICE_ACCOUNT
from .kubeconfig import compose, token_of
from .secret_token import await_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..accounts.order import AccountOrder
    from ..interfaces import Clock
    from ..object_change import ObjectChange
    from .kinds import Resource
    from .rbac import Piece
    from .seam import KubernetesClient


class KubernetesAccounts:
    """The AccountManager of Kubernetes."""

    def __init__(self, client: KubernetesClient, *, namespaces: Sequence[str], clock: Clock) -> None:
        """Take the client to ask, the namespaces to keep to (none: all), and the clock to wait by."""
        self._client = client
        self._namespaces = tuple(namespaces)
        self._clock = clock

    def plan(self, order: AccountOrder) -> AccountPlan:
        """Look at the account and at all that it has been granted: five requests where nothing is missing."""
        settled = self._settled(order)
        found, warnings = self._granted(settled)
        found += self._identity(settled)
        wanted = rbac.wanted_pieces(settled)
        changes = rbac.compare(found, wanted)
        self._check_room(changes)
        return AccountPlan(settled, changes, rbac.record_of(settled), warnings)

    def execute(self, plan: AccountPlan) -> None:
        """One request for each change, in their order."""
        for change in plan.changes:
            resource = rbac.RESOURCES[change.kind]
            if change.after is None:
                self._remove(resource, change)
            else:
                # The uid keeps a change from hitting a successor, and who is in the way is told and not overrun.
                metadata = {**change.after["metadata"], **({"uid": change.uid} if change.uid else {})}
                body = {**change.after, "metadata": metadata}
                force = change.action is ObjectAction.CHANGED
                self._client.apply(resource, change.namespace or "", change.name, body, force=force)

    def credentials(self, order: AccountOrder, kept: Mapping[str, Any] | None, *, issue: bool) -> Credentials | None:
        """Return a kubeconfig with the token that is kept while it is fresh, else with a new one."""
        if order.token is TokenKind.LASTING:
            secret = await_token(self._client, order, clock=self._clock, patient=issue)
            return Credentials(self._compose(order, secret), None) if secret else None
        return self._kept(order, kept) or (self._issued(order) if issue else None)

    def _settled(self, order: AccountOrder) -> AccountOrder:
        """Return the order with the account's namespace. Raises for what is outside of the namespaces to keep to."""
        settled = replace(order, namespace=order.namespace or self._client.namespace)
        if not settled.namespace:
            hint = f"set namespace to one of {', '.join(self._namespaces)}"
            raise InvalidTargetError("nothing says which namespace the account is in", hint=hint)
        if self._namespaces and settled.everywhere:
            hint = "name namespaces, or leave runtimes.kubernetes.namespaces empty"
            raise InvalidTargetError("all_namespaces is more than runtimes.kubernetes.namespaces", hint=hint)
        for namespace in (settled.namespace, *settled.namespaces):
            if self._namespaces and namespace not in self._namespaces:
                message = f"the namespace {namespace} is not one of runtimes.kubernetes.namespaces"
                raise InvalidTargetError(message, hint=f"name some of {', '.join(self._namespaces)}")
        return settled

    def _identity(self, order: AccountOrder) -> list[Piece]:
        """Return the ServiceAccount that is there, and the secret that it says has its lasting token."""
        account = self._own(order, SERVICE_ACCOUNT, order.namespace, order.name)
        noted = text(account.document, "metadata", "annotations", rbac.TOKEN_NOTE) if account else ""
        is_lasting = TokenKind.LASTING.value in (noted, order.token.value if order.present else "")
        secret = self._own(order, SECRET, order.namespace, rbac.token_secret_name(order)) if is_lasting else None
        return [piece for piece in (account, secret) if piece]

    def _granted(self, order: AccountOrder) -> tuple[list[Piece], tuple[str, ...]]:
        """Return the roles and bindings of an account, and a warning when some may be where we cannot look."""
        found: list[Piece] = []
        unseen: list[str] = []
        for resource in (ROLE, ROLE_BINDING):
            found += self._everywhere(order, resource, unseen)
        for resource in () if self._namespaces else (CLUSTER_ROLE, CLUSTER_ROLE_BINDING):
            found += self._everywhere(order, resource, unseen)
        known = {piece.key for piece in found}
        for piece in rbac.wanted_pieces(order):
            if piece.key not in known and piece.resource not in (SERVICE_ACCOUNT, SECRET):
                self._own(order, piece.resource, piece.namespace, piece.name)
        told = "what the account was granted elsewhere cannot be seen, and stays as it is"
        return found, (f"{told}: {unseen[0]}",) if unseen else ()

    def _everywhere(self, order: AccountOrder, resource: Resource, unseen: list[str]) -> list[Piece]:
        try:
            return self._listed(order, resource, self._namespaces or ("",))
        except PermissionDeniedError as error:
            if self._namespaces or order.everywhere:
                raise
            unseen.append(error.hint or error.message)
            return self._listed(order, resource, order.namespaces if resource.namespaced else ())

    def _listed(self, order: AccountOrder, resource: Resource, namespaces: Iterable[str]) -> list[Piece]:
        def convert(document: dict[str, Any]) -> Piece:
            return rbac.Piece(resource, document)

        found: list[Piece] = []
        for namespace in namespaces:
            found += self._client.list(resource, namespace, convert=convert, labels=rbac.selector(order)).items
        return [piece for piece in found if rbac.is_ours(piece, order)]

    def _own(self, order: AccountOrder, resource: Resource, namespace: str, name: str) -> Piece | None:
        """Return an object of ours, or None when there is none. Raises ConflictError for one of somebody else."""
        try:
            piece = rbac.Piece(resource, self._client.get(resource, namespace, name))
        except ContainerNotFoundError:
            return None
        if not rbac.is_ours(piece, order):
            where = f" in namespace {namespace}" if namespace else ""
            message = f"there is a {resource.kind} {name}{where} that this collection has not made for it"
            raise ConflictError(message, hint="it is left as it is: give the account another name, or remove that one")
        return piece

    def _check_room(self, changes: Iterable[ObjectChange]) -> None:
        """Raise for namespaces in which nothing can be made, as far as we may know."""
        for namespace in dict.fromkeys(one.namespace for one in changes if one.action is ObjectAction.CREATED):
            if namespace:
                self._check_namespace(namespace)

    def _check_namespace(self, namespace: str) -> None:
        try:
            found = self._client.get(NAMESPACE, "", namespace)
        except ContainerNotFoundError as error:
            hint = "make it first, or correct the name"
            raise InvalidTargetError(f"there is no namespace {namespace}", hint=hint) from error
        except PermissionDeniedError:
            return
        if text(found, "status", "phase") == "Terminating":
            raise ConflictError(f"the namespace {namespace} is being deleted", hint="wait until it is gone")

    def _remove(self, resource: Resource, change: ObjectChange) -> None:
        try:
            self._client.delete(resource, change.namespace or "", change.name, uid=change.uid)
        except ContainerNotFoundError:
            return

    def _compose(self, order: AccountOrder, token: str) -> dict[str, Any]:
        return compose(order, self._client.endpoint, token)

    def _kept(self, order: AccountOrder, kept: Mapping[str, Any] | None) -> Credentials | None:
        """Return what is kept if it is what we would make now, for the account that is there now, and is fresh."""
        token = token_of(kept) if kept else ""
        claims = read_claims(token)
        if not claims or claims.user != order.user or not claims.is_fresh(self._clock.time()):
            return None
        composed = self._compose(order, token)
        try:
            account = self._client.get(SERVICE_ACCOUNT, order.namespace, order.name)
        except ContainerNotFoundError:
            return None
        if composed != kept or text(account, "metadata", "uid") != claims.uid:
            return None
        return Credentials(composed, _moment(claims.expires))

    def _issued(self, order: AccountOrder) -> Credentials:
        wish = {"expirationSeconds": order.lifetime}
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": wish}
        answer = self._client.create(SERVICE_ACCOUNT, order.namespace, body, name=order.name, subresource="token")
        token = text(answer, "status", "token")
        if not token:
            raise ApiError("the cluster gave no token", hint="see the log of the API server, or use token=lasting")
        claims = read_claims(token)
        given = min(number(answer, "spec", "expirationSeconds") or order.lifetime, order.lifetime)
        told = f"the cluster gives no token for longer than {given} s, token_lifetime is {order.lifetime} s"
        expires = _moment(claims.expires if claims else self._clock.time() + given)
        return Credentials(self._compose(order, token), expires, (told,) if given < order.lifetime else ())


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), timezone.utc)
