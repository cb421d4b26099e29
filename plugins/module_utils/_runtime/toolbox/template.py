# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A template: a Compose file or Kubernetes manifests, with variables, and what it says of itself. Pure."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Union

from ..errors import InvalidTemplateError
from ..mask import MASK
from ..shape import mapping, text, text_mapping
from ..types import Word
from .compose import LABELS, MAIN_LABEL, parse_project
from .compose_network import SIZE_LABEL
from .document import Problems
from .node import Node
from .variables import Interpolation, find_variables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .compose import Settings
    from .document import Document, Path
    from .spec import Project
    from .variables import Variable

    Rendered = Union[Project, tuple[Mapping[str, Any], ...]]

# A value that is masked, a flag with one (--password=x), and an address with a password.
_MASKED = re.compile(rf"(^|[=:]){re.escape(MASK)}($|@)")
_DESCRIBED = "env."
# What Compose itself takes, and the keys that bring in files which take more.
_OF_COMPOSE, _ELSEWHERE = "COMPOSE_", ("env_file", "extends", "include")
_FIELDS = ("name", "category", "description", "icon", "tags", "documentation", "website", "notes")
_REQUIRED = ("name", "category", "description")


class TemplateKind(Word):
    """What a template is written as."""

    COMPOSE = "compose"
    MANIFESTS = "manifests"


@dataclass(frozen=True)
class TemplateLabels:
    """What a template says of itself, in labels ``nekzus.toolbox.*`` of a service or annotations of a manifest."""

    name: str = ""
    category: str = ""
    description: str = ""
    icon: str = ""
    tags: tuple[str, ...] = ()
    documentation: str = ""
    website: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Template:
    """A template that was read. ``title`` is where from, for messages; ``files`` are beside it, by path."""

    title: str
    kind: TemplateKind
    documents: tuple[Document, ...] = field(repr=False)
    labels: TemplateLabels
    variables: tuple[Variable, ...]
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def render(self, settings: Settings) -> tuple[Rendered, tuple[str, ...]]:
        """Return the project, or the manifests, and warnings. Raises InvalidTemplateError with all that is wrong."""
        filled: list[Any] = []
        missing: dict[str, str] = {}
        unset: dict[str, None] = {}
        for document in self.documents:
            problems = Problems(document)
            filling = Interpolation(settings.values, problems, braces_only=self.kind is TemplateKind.MANIFESTS)
            filled.append(filling.fill(document.data))
            problems.check()
            missing.update(filling.missing)
            unset.update(filling.unset)
        _check_missing(missing)
        empty = f"variables without a value are empty: {', '.join(sorted(unset))}"
        warnings: tuple[str, ...] = (empty,) if unset else ()
        if self.kind is TemplateKind.MANIFESTS:
            return _manifests(filled, self.documents), (*warnings, *self._unused(settings.given, ()))
        project = parse_project(filled[0], replace(settings, files=self.files), Problems(self.documents[0]))
        warnings += self._unused(settings.given, [name for service in project.services for name in service.environment])
        return replace(project, services=tuple(map(_plain, project.services))), (*warnings, *project.warnings)

    def _unused(self, given: Mapping[str, str], taken: Iterable[str]) -> tuple[str, ...]:
        """Return what is said of values that nothing takes: a name may be misspelled, and a default in its place."""
        data = [document.data for document in self.documents]
        names = {*(one.name for one in self.variables), *taken, *_sources(data)}
        unused = [name for name in given if name not in names and not name.startswith(_OF_COMPOSE)]
        # What other files take nobody knows here.
        if not unused or any(key in _ELSEWHERE for key in _keys(data)):
            return ()
        near = {name: difflib.get_close_matches(name, sorted(names), n=1) for name in unused}
        told = (f"{name} ({near[name][0]} may be meant)" if near[name] else name for name in unused)
        return (f"env: the template takes no {', '.join(told)}",)


def read_template(documents: Sequence[Document], *, title: str, files: Mapping[str, bytes] | None = None) -> Template:
    """Return a template of the documents of a file. Raises InvalidTemplateError for what is none."""
    kept = tuple(document for document in documents if document.data is not None)
    if not kept:
        raise InvalidTemplateError(f"{title} is empty", hint="write a Compose file or Kubernetes manifests")
    kind = _kind(kept)
    if kind is TemplateKind.COMPOSE and len(kept) > 1:
        raise InvalidTemplateError(f"{title} has {len(kept)} documents", hint="a Compose file is a single one")
    variables = find_variables([document.data for document in kept], braces_only=kind is TemplateKind.MANIFESTS)
    labels, descriptions = _labels(kept, kind)
    described = tuple(replace(one, description=descriptions.get(one.name, one.description)) for one in variables)
    return Template(title, kind, kept, labels, described, files or {})


def check_catalogued(template: Template) -> None:
    """Raise InvalidTemplateError when a template lacks what a catalogue shows."""
    missing = [f"{LABELS}{key}" for key in _REQUIRED if not getattr(template.labels, key)]
    if missing:
        raise InvalidTemplateError(f"{template.title} lacks {', '.join(missing)}", hint="give a service these labels")


def _kind(documents: Sequence[Document]) -> TemplateKind:
    """Tell Compose from manifests: each of those has its apiVersion and kind."""
    if all(mapping(one.data).get("kind") or mapping(one.data).get("apiVersion") for one in documents):
        return TemplateKind.MANIFESTS
    first = documents[0]
    if mapping(first.data).get("services") is not None or mapping(first.data).get("version") is not None:
        return TemplateKind.COMPOSE
    bad = next(one for one in documents if not mapping(one.data).get("kind"))
    hint = "a Compose file has services, each manifest has apiVersion and kind"
    raise InvalidTemplateError(f"{bad.where(())}: this is neither a Compose file nor a manifest", hint=hint)


def _labels(documents: Sequence[Document], kind: TemplateKind) -> tuple[TemplateLabels, Mapping[str, str]]:
    found: dict[str, str] = {}
    for document in documents:
        problems = Problems(document)
        for path, labels in _labelled(document, kind, problems):
            for key, value in labels.items():
                if key.startswith(LABELS) and key not in (MAIN_LABEL, SIZE_LABEL):
                    found[key[len(LABELS) :]] = value
                    _check_label(key, (*path, key), problems)
        problems.check()
    tags = tuple(filter(None, (tag.strip() for tag in found.get("tags", "").split(","))))
    texts = {key: found[key] for key in _FIELDS if key in found and key != "tags"}
    descriptions = {key[len(_DESCRIBED) :]: text for key, text in found.items() if key.startswith(_DESCRIBED)}
    return TemplateLabels(**texts, tags=tags), descriptions


def _labelled(document: Document, kind: TemplateKind, problems: Problems) -> list[tuple[Path, Mapping[str, str]]]:
    if kind is TemplateKind.MANIFESTS:
        place = ("metadata", "annotations")
        return [((*path, *place), text_mapping(item, *place)) for path, item in _items(document.data)]
    services = Node(mapping(document.data, "services"), ("services",), problems)
    found = [(name, item.get("labels")) for name, item in services.entries() if item.is_mapping]
    return [(("services", name, "labels"), item.text_pairs()) for name, item in found]


def _check_label(key: str, path: Path, problems: Problems) -> None:
    name = key[len(LABELS) :]
    if name not in _FIELDS and not name.startswith(_DESCRIBED):
        near = difflib.get_close_matches(name, _FIELDS, n=1)
        hint = f"{LABELS}{near[0]} may be meant" if near else f"there are {', '.join(_FIELDS)}, env.NAME and main"
        problems.add(path, "this label is not known", hint)


def _sources(data: Any) -> Iterator[str]:
    """Yield the variables of which configs and secrets are made."""
    for document in data:
        for section in ("configs", "secrets"):
            yield from (text(item, "environment") for item in mapping(document, section).values())


def _keys(data: Any) -> Iterator[str]:
    """Yield every key of a document."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield str(key)
            yield from _keys(value)
    elif isinstance(data, list):
        for item in data:
            yield from _keys(item)


def _check_missing(missing: Mapping[str, str]) -> None:
    if missing:
        told = ", ".join(f"{name} ({why})" if why else name for name, why in missing.items())
        raise InvalidTemplateError(f"variables without a value: {told}", hint=f"give {', '.join(missing)} in env")


def _manifests(filled: Sequence[Any], documents: Sequence[Document]) -> tuple[Mapping[str, Any], ...]:
    """Return the manifests, those of lists one by one.

    Raises for one without kind, apiVersion or name, and for what an export has masked, which would become a password.
    """
    found: list[Mapping[str, Any]] = []
    for data, document in zip(filled, documents):
        problems = Problems(document)
        for _path, item in _items(data):
            node = Node(item, (), problems)
            for keys in (("apiVersion",), ("kind",), ("metadata", "name")):
                part = node
                for key in keys:
                    part = part.get(key)
                if not isinstance(part.value, str) or not part.value:
                    part.bad("this has to be a text")
            found.append(item)
        for path in _masked(data):
            problems.add(path, "this is masked", "write the value, or export with include_secret_values")
        problems.check()
    return tuple(found)


def _items(data: Any) -> Iterator[tuple[Path, Any]]:
    """Yield the manifests of a document, with their paths: those of a list, or the one that it is."""
    items = data.get("items") if str(data.get("kind", "")).endswith("List") else None
    if isinstance(items, list):
        yield from ((("items", number), item) for number, item in enumerate(items))
    else:
        yield (), data


def _masked(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield where in a document a mask stands for a secret; a line of stars is none."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _masked(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _masked(item, (*path, number))
    elif isinstance(value, str) and _MASKED.search(value):
        yield path


def _plain(service: Any) -> Any:
    """Return a service without the labels that are about the template: what is deployed has labels of its own."""
    return replace(service, labels={key: text for key, text in service.labels.items() if not key.startswith(LABELS)})
