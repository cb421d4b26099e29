# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task asks of an account: who it is, what it may do where, and how it proves that. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..duration import parse_duration
from ..errors import InvalidConfigError
from ..feature import Feature, parse_features
from ..listed import texts
from ..target import check_namespace, check_object_name
from ..types import RuntimeType, Word

if TYPE_CHECKING:
    from collections.abc import Mapping

# It is in labels, whose values have no more: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/
NAME_LENGTH = 63
# What the API takes: https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
SHORTEST, LONGEST = 600, 2**32


class TokenKind(Word):
    """A token that ends by itself, or one that is good for as long as it is there."""

    EXPIRING = "expiring"
    LASTING = "lasting"


@dataclass(frozen=True)
class AccountOrder:
    """What a task asks for. ``namespace`` is the account's own, empty until the credentials' context says it.

    It may act in ``namespaces``, or with ``everywhere`` in all of them. An expiring token is good for ``lifetime``
    seconds. Its kubeconfig goes to the file ``dest`` (empty: to none), and if ``returned`` into the result.
    """

    name: str
    runtime: RuntimeType | None = None
    namespace: str = ""
    present: bool = True
    features: tuple[Feature, ...] = ()
    namespaces: tuple[str, ...] = ()
    everywhere: bool = False
    token: TokenKind = TokenKind.EXPIRING
    lifetime: int = 86400
    dest: str = ""
    returned: bool = False

    @property
    def path(self) -> str:
        """The account as messages print it."""
        return "/".join(part for part in (self.namespace, self.name) if part)

    @property
    def user(self) -> str:
        """Who the account is to the API server."""
        return f"system:serviceaccount:{self.namespace}:{self.name}"


def parse_account_order(params: Mapping[str, Any], *, hidden: bool) -> AccountOrder:
    """Return what a task's options ask; ``hidden`` is whether nothing prints its result.

    Raises InvalidTargetError for names that cannot be, and InvalidConfigError for what cannot be asked for.
    """
    word, namespace = params.get("runtime") or "auto", params.get("namespace") or ""
    meant = RuntimeType.KUBERNETES if namespace else None
    order = AccountOrder(
        name=check_object_name(params["name"], length=NAME_LENGTH),
        runtime=meant if word == "auto" else RuntimeType(word),
        namespace=check_namespace(namespace) if namespace else "",
        present=params["state"] == "present",
        features=parse_features(params),
        namespaces=tuple(dict.fromkeys(map(check_namespace, texts(params, "namespaces")))),
        everywhere=bool(params["all_namespaces"]),
        token=TokenKind(params["token"]),
        lifetime=_lifetime(params["token_lifetime"]),
        dest=params.get("kubeconfig_dest") or "",
        returned=bool(params["return_kubeconfig"]),
    )
    _check(order, hidden=hidden)
    return order


def _lifetime(value: Any) -> int:
    try:
        seconds = int(parse_duration(value))
    except ValueError as error:
        raise InvalidConfigError(f"token_lifetime: {error}", hint="write 24h, 90m, or a number of seconds") from error
    if not SHORTEST <= seconds <= LONGEST:
        message = f"token_lifetime: {value} is not between 10 minutes and {LONGEST} seconds"
        raise InvalidConfigError(message, hint="write 24h, or ask for a lasting token")
    return seconds


def _check(order: AccountOrder, *, hidden: bool) -> None:
    if order.returned and not hidden:
        hint = "set no_log: true on the task, or have it written to kubeconfig_dest instead"
        raise InvalidConfigError("return_kubeconfig would let the account's token be printed", hint=hint)
    if not order.present:
        return
    if not order.features:
        hint = f"name some of features={','.join(Feature)}, or say state=absent"
        raise InvalidConfigError("nothing says what the account is for", hint=hint)
    if order.everywhere and order.namespaces:
        message = f"the task says all_namespaces and namespaces={','.join(order.namespaces)}"
        raise InvalidConfigError(message, hint="give one of them")
    if not order.everywhere and not order.namespaces:
        hint = "name namespaces, or say all_namespaces=true"
        raise InvalidConfigError("nothing says where the account may act", hint=hint)
