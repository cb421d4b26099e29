# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Finding Docker containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import AmbiguousError, ContainerNotFoundError
from ..target import nearest_names
from ..types import Listing
from . import convert

if TYPE_CHECKING:
    import builtins
    from collections.abc import Sequence

    from ..labels import Requirement
    from ..selection import Selection
    from ..target import Target
    from ..types import Container, Found
    from .seam import DockerClient


class DockerFinder:
    """The Finder of Docker."""

    def __init__(self, client: DockerClient) -> None:
        """Take the client to ask."""
        self._client = client

    def find(self, targets: Sequence[Target]) -> builtins.list[Found]:
        """Return a container or the reason why there is none for each target: one request for all of them.

        The daemon would resolve names itself, one request each, but says nothing of the matches of an
        ambiguous prefix or of names nearby.
        """
        everything = [convert.container(record) for record in self._client.list_containers()]
        return [_resolve(target.name, everything) for target in targets]

    def select(self, selection: Selection) -> Listing:
        """Return the containers that match, by name: one request, filtered by label on the daemon."""
        labels = [text for text in map(_label_filter, selection.labels) if text]
        found = (convert.container(record) for record in self._client.list_containers(labels=labels))
        return Listing(tuple(sorted((one for one in found if selection.matches(one)), key=lambda one: one.name)))


def _label_filter(requirement: Requirement) -> str:
    """Return what the daemon can filter by, or nothing: equality and existence."""
    if requirement.operator == "exists":
        return requirement.key
    if requirement.operator == "in" and len(requirement.values) == 1:
        return f"{requirement.key}={requirement.values[0]}"
    return ""


def _resolve(name: str, containers: Sequence[Container]) -> Found:
    """Return the container of that id, else of that name, else whose id alone begins so, as the daemon would."""
    exact = [one for one in containers if one.id == name] or [one for one in containers if one.name == name]
    if exact:
        return exact[0]
    matches = [one for one in containers if one.id.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if matches:
        listed = ", ".join(f"{one.name} ({one.short_id})" for one in matches)
        return AmbiguousError(
            f"several ids begin with {name}: {listed}", hint="give more digits of the id, or the name"
        )
    hint = nearest_names(name, (one.name for one in containers))
    return ContainerNotFoundError("there is no such container", hint=hint)
