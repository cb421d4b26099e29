# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Writing down what a task speaks of, on whichever runtimes it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import ContainerNotFoundError, NekzusError, UnsupportedError
from ..fleet import Fleet, Located
from ..roles.export import EXPORTER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..fleet import Missing
    from ..interfaces import RuntimeSelector
    from ..request import Request
    from ..types import RuntimeType
    from .exported import ExportChoice, Exported


@dataclass(frozen=True)
class Writing:
    """What was written down of the containers of one runtime, of one namespace where there are any, or an error.

    ``path`` names what it is about in messages.
    """

    path: str
    runtime_type: RuntimeType | None
    namespace: str = ""
    exported: Exported | None = None
    error: NekzusError | None = None


@dataclass(frozen=True)
class Writings:
    """Everything that was written down, and what a user should know."""

    writings: tuple[Writing, ...]
    warnings: tuple[str, ...] = ()


class Scribe:
    """Writes down containers of all runtimes of a task."""

    def __init__(self, runtimes: RuntimeSelector) -> None:
        """Take the runtimes."""
        self._fleet = Fleet(runtimes)

    def write_down(self, request: Request, choice: ExportChoice) -> Writings:
        """Return one writing for each runtime and namespace, and an error for each name that cannot be found."""
        told = self._told(request, choice)
        if request.targets or not any(isinstance(one.error, ContainerNotFoundError) for one in told.writings):
            return told
        return self._told(request, choice)  # a selected one has vanished meanwhile: what is there now is meant

    def _told(self, request: Request, choice: ExportChoice) -> Writings:
        sight = self._fleet.locate(request)
        missing = tuple(_missing(one) for one in sight.places if not isinstance(one, Located))
        groups: dict[tuple[RuntimeType, str], list[Located]] = {}
        for place in sight.places:
            if isinstance(place, Located):
                groups.setdefault((place.runtime.type, place.container.namespace), []).append(place)
        writings = (_writing(namespace, group, choice) for (_kind, namespace), group in groups.items())
        return Writings((*writings, *missing), sight.warnings)


def _missing(place: Missing) -> Writing:
    return Writing(place.target.path, place.runtime_type, error=place.error)


def _writing(namespace: str, group: Sequence[Located], choice: ExportChoice) -> Writing:
    runtime = group[0].runtime
    path = ", ".join(dict.fromkeys(one.path for one in group))
    try:
        exported = _exported(group, choice)
    except NekzusError as error:
        return Writing(path, runtime.type, namespace, error=error)
    return Writing(path, runtime.type, namespace, exported)


def _exported(group: Sequence[Located], choice: ExportChoice) -> Exported:
    """Return an export; of what was selected, not named, it leaves out with a warning what cannot be written down."""
    export = group[0].runtime.role(EXPORTER).export
    try:
        return export([one.container for one in group], choice)
    except UnsupportedError:
        if group[0].named or len(group) == 1:
            raise
    refusals = {one.path: _refusal(one, choice) for one in group}
    exported = export([one.container for one in group if not refusals[one.path]], choice)
    told = tuple(f"{path} is left out: {words}" for path, words in refusals.items() if words)
    return replace(exported, warnings=(*told, *exported.warnings))


def _refusal(one: Located, choice: ExportChoice) -> str:
    """Return why one cannot be written down, nothing when it can."""
    try:
        one.runtime.role(EXPORTER).export([one.container], choice)
    except UnsupportedError as error:
        return error.message
    return ""
