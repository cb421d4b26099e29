# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Which containers a task speaks of, as its options say it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from .errors import InvalidTargetError
from .listed import texts
from .selection import Selection, parse_selection
from .target import Target, check_namespace, parse_target
from .types import RuntimeType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Request:
    """``targets`` by name, or else all that ``selection`` matches on ``runtime``; its excludes hold for both."""

    targets: tuple[Target, ...] = ()
    selection: Selection = field(default_factory=Selection)
    runtime: RuntimeType | None = None


def parse_request(
    params: Mapping[str, Any], *, everything: bool | None = None, include_stopped: bool = True
) -> Request:
    """Return what a task's options speak of, before anything is asked of a runtime.

    ``everything`` is whether the task said that it means all containers; None when it need not say so.
    Raises InvalidTargetError when the options name nothing, or contradict each other, and InvalidConfigError for a list
    that is given as the text of one.
    """
    word = params.get("runtime") or "auto"
    runtime = None if word == "auto" else RuntimeType(word)
    namespace = check_namespace(params["namespace"]) if params.get("namespace") else ""
    selection = parse_selection(params, include_stopped=include_stopped)
    named = texts(params, "names") if params.get("names") is not None else params.get("name")
    if named is None:
        # A namespace alone may be a default of the play: it must not come to mean all that is in it.
        if everything is False and selection.is_empty:
            hint = "give name, names, label_selectors, filters or namespaces, or say all=true"
            raise InvalidTargetError("the task names no container", hint=hint)
        return _selected(selection, runtime, namespace)
    _check_named(named, selection, everything=bool(everything))
    names = [named] if isinstance(named, str) else named
    targets = tuple(parse_target(name, runtime=runtime, namespace=namespace) for name in names)
    return Request(targets, selection, runtime)


def _check_named(named: str | Sequence[Any], selection: Selection, *, everything: bool) -> None:
    if not named:
        hint = "name at least one container; to skip the task when there is none, use when"
        raise InvalidTargetError("the task names no container", hint=hint)
    if everything or not selection.is_empty:
        raise InvalidTargetError(
            "the task both names containers and selects some",
            hint="give name or names, or else a selection; exclude goes with either",
        )


def _selected(selection: Selection, runtime: RuntimeType | None, namespace: str) -> Request:
    """Bring a selection, the runtime and the namespace together: a namespace means Kubernetes."""
    namespaces = selection.namespaces or ((namespace,) if namespace else ())
    if namespace and namespace not in namespaces:
        message = f"the task says namespace={namespace} and namespaces={','.join(namespaces)}"
        raise InvalidTargetError(message, hint="give one of them")
    if not namespaces:
        return Request((), selection, runtime)
    if runtime is RuntimeType.DOCKER:
        hint = "leave namespace and namespaces away, or set runtime to kubernetes"
        raise InvalidTargetError("Docker has no namespaces", hint=hint)
    return Request((), replace(selection, namespaces=namespaces), RuntimeType.KUBERNETES)
