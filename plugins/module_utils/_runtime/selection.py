# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Which containers a task speaks of when it does not name them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from .labels import Requirement, parse_labels
from .listed import check_no_json, elements, restriction, texts
from .target import check_namespace
from .types import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .target import Target
    from .types import Container


@dataclass(frozen=True)
class Selection:
    """Conditions that all have to hold; an empty one does not restrict. Names, images and ``exclude`` are globs.

    ``include_stopped`` says whether containers count that do not run, ``include_system`` whether those of the
    runtime's own namespaces do when no namespace is named.
    """

    labels: tuple[Requirement, ...] = ()
    states: tuple[State, ...] = ()
    names: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    compose_projects: tuple[str, ...] = ()
    owner_kinds: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include_stopped: bool = True
    include_system: bool = True

    @property
    def is_empty(self) -> bool:
        """Tell whether it selects everything: what it leaves out does not make it a selection."""
        return self == Selection(
            exclude=self.exclude, include_stopped=self.include_stopped, include_system=self.include_system
        )

    def matches(self, container: Container) -> bool:
        """Tell whether a container fulfils every condition and is not excluded."""
        return (
            (self.include_stopped or container.state is not State.STOPPED)
            and all(requirement.matches(container.labels) for requirement in self.labels)
            and (not self.states or container.state in self.states)
            and (not self.names or _named(container, self.names))
            and (not self.images or _from_image(container, self.images))
            and (not self.compose_projects or container.compose_project in self.compose_projects)
            and (not self.owner_kinds or _owned(container, self.owner_kinds))
            and (not self.namespaces or container.namespace in self.namespaces)
            and not self.excludes(container)
        )

    def excludes(self, container: Container) -> bool:
        """Tell whether a container is left out by name."""
        return _named(container, self.exclude)

    def excludes_target(self, target: Target) -> bool:
        """Tell whether what was named, and is not there, is left out by the name that it was given."""
        return _fits((target.name, target.path, target.text), self.exclude)


def _named(container: Container, globs: Iterable[str]) -> bool:
    return _fits((container.name, container.address, f"{container.namespace}/{container.name}"), globs)


def _fits(names: tuple[str, ...], globs: Iterable[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs for name in names)


def _from_image(container: Container, globs: Iterable[str]) -> bool:
    """``nginx`` finds ``nginx:1.27`` too: a tag and a digest count only where the glob has one."""
    tagged = container.image.partition("@")[0]
    repository, colon, tag = tagged.rpartition(":")
    untagged = repository if colon and "/" not in tag else tagged
    return any(fnmatchcase(image, glob) for glob in globs for image in (container.image, tagged, untagged))


def _owned(container: Container, kinds: Iterable[str]) -> bool:
    return container.owner is not None and container.owner.kind.lower() in {kind.lower() for kind in kinds}


def parse_selection(params: Mapping[str, Any], *, include_stopped: bool = True) -> Selection:
    """Return the selection that a task's options describe.

    ``params`` has ``label_selectors``, ``namespaces``, ``exclude`` (lists) and ``filters`` (a dict), each
    of which may be missing or None. Raises InvalidTargetError for what can never match, and
    InvalidConfigError for a list that is given as the text of one.
    """
    filters: Mapping[str, Any] = params.get("filters") or {}
    selectors = params.get("label_selectors") or ()
    check_no_json("label_selectors", elements(selectors))
    return Selection(
        labels=parse_labels(selectors) + tuple(map(_label_filter, restriction(filters, "label"))),
        states=tuple(State(word) for word in restriction(filters, "status")),
        names=restriction(filters, "name"),
        images=restriction(filters, "image"),
        compose_projects=restriction(filters, "compose_project"),
        owner_kinds=restriction(filters, "owner_kind"),
        namespaces=tuple(map(check_namespace, restriction(params, "namespaces"))),
        exclude=texts(params, "exclude"),
        include_stopped=include_stopped,
    )


def _label_filter(text: str) -> Requirement:
    """``key`` or ``key=value`` as ``docker ps --filter label=`` takes it: the value may hold commas and ``=``."""
    key, equals, value = text.partition("=")
    return Requirement(key, "in", (value,)) if equals else Requirement(key, "exists")
