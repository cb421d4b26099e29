# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What there is to know of each runtime a task may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import InvalidTargetError, NekzusError
from .feature import parse_features
from .listed import restriction
from .roles.survey import SURVEYOR
from .target import check_namespace
from .types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .feature import Feature
    from .interfaces import RuntimeDirectory
    from .permissions import Permissions, RuntimeDescription


@dataclass(frozen=True)
class Inquiry:
    """What a task wants to know: of one runtime or of all, and whether what is allowed in which namespaces.

    ``features`` are what that is about, none for all that the collection does.
    """

    runtime: RuntimeType | None = None
    permissions: bool = False
    namespaces: tuple[str, ...] = ()
    features: tuple[Feature, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What was found out about a runtime. Without a description it is not available, and ``error`` says why.

    ``enabled`` is what the configuration says, None where it leaves that to whether it can be reached.
    """

    type: RuntimeType
    enabled: bool | None = None
    description: RuntimeDescription | None = None
    permissions: Permissions | None = None
    error: NekzusError | None = None


@dataclass(frozen=True)
class Census:
    """The findings in the order of the runtime types, and which of them is the primary."""

    findings: tuple[Finding, ...]
    primary: RuntimeType


def parse_inquiry(params: Mapping[str, Any]) -> Inquiry:
    """Return what a task's options ask, before anything is asked of a runtime.

    Raises InvalidTargetError for namespaces that cannot be, or that contradict each other.
    """
    word = params.get("runtime") or "auto"
    namespace = params.get("namespace") or ""
    named = tuple(dict.fromkeys(restriction(params, "namespaces")))
    if namespace and named and namespace not in named:
        message = f"the task says namespace={namespace} and namespaces={','.join(named)}"
        raise InvalidTargetError(message, hint="give one of them")
    return Inquiry(
        runtime=None if word == "auto" else RuntimeType(word),
        permissions=bool(params.get("permissions")),
        namespaces=tuple(map(check_namespace, named or ((namespace,) if namespace else ()))),
        features=parse_features(params),
    )


def survey(runtimes: RuntimeDirectory, inquiry: Inquiry) -> Census:
    """Return what is known of each runtime; one that cannot be opened or does not answer is a finding too."""
    meant = [inquiry.runtime] if inquiry.runtime else list(RuntimeType)
    return Census(tuple(_finding(runtimes, kind, inquiry) for kind in meant), runtimes.primary_type)


def _finding(runtimes: RuntimeDirectory, kind: RuntimeType, inquiry: Inquiry) -> Finding:
    enabled = runtimes.enabled(kind)
    description = None
    try:
        surveyor = runtimes.get(kind).role(SURVEYOR)
        description = surveyor.describe()
        permissions = surveyor.permissions(inquiry.namespaces, inquiry.features) if inquiry.permissions else None
    except NekzusError as error:
        return Finding(kind, enabled, description, error=error.within(runtime=str(kind)))
    return Finding(kind, enabled, description, permissions)
