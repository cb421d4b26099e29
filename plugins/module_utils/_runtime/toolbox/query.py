# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a task asks about templates and deployments. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..listed import restriction
from ..target import check_namespace
from ..types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class ToolboxQuery:
    """Whether the ``catalogue`` is asked for, and which ``services``: all, of a ``name``, in some ``namespaces``."""

    catalogue: bool
    services: bool
    runtime: RuntimeType | None = None
    name: str = ""
    namespaces: tuple[str, ...] = ()


def parse_toolbox_query(params: Mapping[str, Any]) -> ToolboxQuery:
    """Return what a task's options ask. Raises InvalidTargetError for what is no namespace."""
    word = params.get("runtime") or "auto"
    own = [params["namespace"]] if params.get("namespace") else []
    namespaces = tuple(dict.fromkeys(check_namespace(name) for name in (*own, *restriction(params, "namespaces"))))
    meant = RuntimeType.KUBERNETES if namespaces else None
    return ToolboxQuery(
        catalogue=bool(params["catalog"]),
        services=bool(params["services"]),
        runtime=meant if word == "auto" else RuntimeType(word),
        name=params.get("service_name") or "",
        namespaces=namespaces,
    )
