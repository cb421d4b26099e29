# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of a cluster in memory: versions, merge patches, selectors, and what happened since when."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.labels import parse_labels
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import mapping, number, objects, text
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_fields import updated_fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import Resource

Document = dict[str, Any]
Value = TypeVar("Value")
EPOCH = 1_790_000_000


class Happened(NamedTuple):
    """One change: its version, ``ADDED MODIFIED DELETED``, and the object as it was then."""

    version: int
    word: str
    rule: str
    document: Document


def stamp(moment: float) -> str:
    """Return a moment of the fake clock as the API writes times."""
    return datetime.fromtimestamp(EPOCH + moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def copied(value: Value) -> Value:
    """Return a copy of JSON-shaped data, in a fraction of the time that any data would take."""
    made: Any = value
    # The class that nearly all have is asked for first.
    if isinstance(value, (dict, Mapping)):
        made = {key: copied(inner) for key, inner in value.items()}
    elif isinstance(value, (list, tuple)):
        made = [copied(inner) for inner in value]
    found: Value = made
    return found


def merged(target: Any, patch: Any) -> Any:
    """Return what a merge patch makes of a value: https://www.rfc-editor.org/rfc/rfc7386#section-2."""
    if not isinstance(patch, dict):
        return copied(patch)
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def listed(document: Mapping[str, Any], *, metadata_only: bool) -> Document:
    """Return an object as it is in a list, where it does not say its kind."""
    kept = {"metadata": document["metadata"]} if metadata_only else document
    return {key: copied(value) for key, value in kept.items() if key not in ("apiVersion", "kind")}


def selected(document: Mapping[str, Any], *, labels: str = "", fields: str = "") -> bool:
    """Tell whether an object fits a label selector and a field selector."""
    own = mapping(document, "metadata", "labels")
    return all(one.matches(own) for one in parse_labels([labels])) and all(
        _has_field(document, one) for one in _terms(fields)
    )


def _terms(fields: str) -> list[str]:
    return [term for term in fields.split(",") if term]


def _has_field(document: Mapping[str, Any], term: str) -> bool:
    path, negated, value = term.partition("!=")
    if not negated:
        path, _equals, value = term.partition("=")
    found: Any = document
    for key in path.split("."):
        found = (found or {}).get(key)
    return (str(found or "") == value) is not bool(negated)


class Store:
    """The objects, by rule (``deployments.apps``), namespace and name. Versions go up by one with each change.

    ``forgotten`` is the version before which nobody knows what happened; ``dropped`` are fields of a rule that this
    server does not know, as paths.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self.version = 1000
        self.forgotten = 0
        self.happened: list[Happened] = []
        self.dropped: dict[str, tuple[str, ...]] = {}
        # By rule, then by namespace and name.
        self._objects: dict[str, dict[tuple[str, str], Document]] = defaultdict(dict)
        # Who controls each of them, likewise.
        self._owners: dict[str, dict[tuple[str, str], str]] = defaultdict(dict)
        self._uids = 0

    def find(self, resource: Resource, namespace: str, name: str) -> Document | None:
        """Return an object, or None. Do not change it."""
        return self._objects[resource.rule].get(_key(resource, namespace, name))

    def all(self, resource: Resource, namespace: str = "") -> list[Document]:
        """Return the objects of a kind in the API's order: by namespace and name."""
        kept = self._objects[resource.rule]
        return [kept[key] for key in sorted(kept) if namespace in ("", key[0])]

    def owned(self, resource: Resource, owner: Mapping[str, Any]) -> list[Document]:
        """Return the objects of a kind that an object controls, oldest first."""
        uid = text(owner, "metadata", "uid")
        owners = self._owners[resource.rule]
        return [one for key, one in self._objects[resource.rule].items() if owners[key] == uid]

    def add(self, resource: Resource, document: Mapping[str, Any], *, moment: float) -> Document:
        """Store a new object and return it."""
        added = copied(dict(document))
        self._drop(resource, added)
        metadata = added.setdefault("metadata", {})
        self._uids += 1
        added.update(apiVersion=resource.api_version, kind=resource.kind)
        metadata.update(uid=f"uid-{self._uids}", creationTimestamp=stamp(moment), generation=1)
        return self._keep(resource, added, "ADDED")

    def change(self, resource: Resource, document: Mapping[str, Any], patch: Mapping[str, Any]) -> Document:
        """Merge a patch into an object and return it; what changes nothing makes no version."""
        after: Document = merged(document, patch)
        self._drop(resource, after)
        if document["metadata"].get("managedFields") and "managedFields" not in mapping(patch, "metadata"):
            after["metadata"] = {**after["metadata"], "managedFields": updated_fields(document, after)}
        if after == document:
            return dict(document)
        if after.get("spec") != document.get("spec"):
            after["metadata"] = {**after["metadata"], "generation": document["metadata"]["generation"] + 1}
        return self._keep(resource, after, "MODIFIED")

    def set_status(self, resource: Resource, document: Mapping[str, Any], status: Mapping[str, Any]) -> bool:
        """Replace an object's status; tell whether that changed anything."""
        current = self._objects[resource.rule][_key(resource, *_place(document))]
        if current.get("status") == status:
            return False
        self._keep(resource, {**current, "status": copied(dict(status))}, "MODIFIED")
        return True

    def remove(self, resource: Resource, document: Mapping[str, Any]) -> None:
        """Remove an object for good."""
        key = _key(resource, *_place(document))
        if key in self._objects[resource.rule]:
            self._keep(resource, self._objects[resource.rule][key], "DELETED")
            del self._objects[resource.rule][key]

    def since(self, version: int, resource: Resource) -> Iterator[Happened]:
        """Yield what happened to a kind after a version."""
        return (one for one in self.happened if one.version > version and one.rule == resource.rule)

    def _keep(self, resource: Resource, document: Document, word: str) -> Document:
        self.version += 1
        kept = json.loads(json.dumps(document))
        kept["metadata"]["resourceVersion"] = str(self.version)
        key = _key(resource, *_place(kept))
        self._objects[resource.rule][key], self._owners[resource.rule][key] = kept, _controller(kept)
        self.happened.append(Happened(self.version, word, resource.rule, kept))
        return dict(kept)

    def _drop(self, resource: Resource, document: Document) -> None:
        *path, last = self.dropped.get(resource.rule) or ("",)
        for key in path:
            document = document.get(key) or {}
        document.pop(last, None)


def _key(resource: Resource, namespace: str, name: str) -> tuple[str, str]:
    return namespace if resource.namespaced else "", name


def _place(document: Mapping[str, Any]) -> tuple[str, str]:
    return text(document, "metadata", "namespace"), text(document, "metadata", "name")


def _controller(document: Mapping[str, Any]) -> str:
    references = objects(document, "metadata", "ownerReferences")
    return next((text(one, "uid") for one in references if one.get("controller")), "")


def replicas_of(document: Mapping[str, Any]) -> int:
    """Return how many pods a workload wants: one unless it says so."""
    wanted = number(document, "spec", "replicas")
    return 1 if wanted is None else wanted
