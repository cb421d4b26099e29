# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Writing containers of a daemon down as a Compose file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ..bulk import run_bulk
from ..errors import ContainerNotFoundError
from ..exports.exported import Exported
from ..shape import mapping, text, text_mapping
from ..toolbox.placeholders import Placeholders
from ..types import State
from .composed import composed
from .composed_host import left_out
from .composed_mounts import composed_volume, named_volumes, nameless_places
from .composed_network import composed_network_object, has_both, has_fixed_address, networks_of
from .convert import state_of
from .found import FoundContainer
from .labels import SERVICE, placed_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..exports.exported import ExportChoice
    from ..types import Container
    from .seam import DockerClient

_AT_ONCE = 16


class DockerExporter:
    """The Exporter of Docker."""

    def __init__(self, client: DockerClient) -> None:
        """Take the client to ask."""
        self._client = client

    def export(self, containers: Sequence[Container], choice: ExportChoice) -> Exported:
        """Return one Compose file for all of them: a request for each and each of their images, and one for the daemon.

        Several containers of one service of a Compose project are a service each, called as themselves. Volumes and
        networks are asked for when they are to be declared.
        """
        meant = list({one.id: one for one in containers}.values())
        if not meant:
            return Exported(())
        documents = self._inspected(meant)
        images = {name: self._image(name) for name in dict.fromkeys(text(one, "Image") for one in documents)}
        found = _named([_found(one, images[text(one, "Image")]) for one in documents])
        placeholders = Placeholders()
        services = self._services(found, placeholders)
        document = {
            "services": services,
            "networks": self._networks(found, external=choice.external),
            "volumes": self._volumes(found, external=choice.external),
        }
        shown = placeholders.values if choice.secret_values else dict.fromkeys(placeholders.values, "")
        return Exported(
            documents=({key: value for key, value in document.items() if value},),
            variables=shown,
            subjects=tuple(one.address for one in meant),
            warnings=tuple(words for one in found for words in _warnings(one)),
        )

    def _inspected(self, containers: Sequence[Container]) -> list[dict[str, Any]]:
        outcomes = run_bulk(containers, lambda one: self._client.inspect_container(one.id), max_concurrent=_AT_ONCE)
        for one, outcome in zip(containers, outcomes):
            if outcome.error:
                raise outcome.error.within(target=one.address.partition("/")[2])
        return [outcome.value for outcome in outcomes if outcome.value is not None]

    def _image(self, identifier: str) -> dict[str, Any]:
        """Return an image, nothing of one that the daemon does not have any more."""
        try:
            return self._client.inspect_image(identifier)
        except ContainerNotFoundError:
            return {}

    def _services(self, found: Sequence[FoundContainer], placeholders: Placeholders) -> dict[str, Any]:
        daemon = self._client.info()
        names = {key: one.service for one in found for key in (one.id, one.name)}
        services: dict[str, Any] = {}
        for one in found:
            services[one.service] = composed(one, daemon=daemon, services=names, placeholders=placeholders)
        return services

    def _networks(self, found: Sequence[FoundContainer], *, external: bool) -> dict[str, Any]:
        names = dict.fromkeys(name for one in found for name in networks_of(one.document))
        if external:
            return {name: {"external": True} for name in names}
        fixed = {name for name in names if any(has_fixed_address(one.document, name) for one in found)}
        return {
            name: composed_network_object(self._client.inspect_network(name), with_pools=name in fixed)
            for name in names
        }

    def _volumes(self, found: Sequence[FoundContainer], *, external: bool) -> dict[str, Any]:
        names = dict.fromkeys(name for one in found for name in named_volumes(one.document))
        if external:
            return {name: {"external": True} for name in names}
        return {name: composed_volume(self._client.inspect_volume(name)) for name in names}


def _found(document: Mapping[str, Any], image: Mapping[str, Any]) -> FoundContainer:
    name = text(document, "Name").lstrip("/")
    service = text_mapping(document, "Config", "Labels").get(SERVICE, "") or name
    return FoundContainer(text(document, "Id"), name, service, document, image)


def _named(found: Sequence[FoundContainer]) -> list[FoundContainer]:
    """Return the containers with services that differ: one whose service has another's name is called as itself."""
    counts = Counter(one.service for one in found)
    return [one if counts[one.service] == 1 else one.called(one.name) for one in found]


def _warnings(one: FoundContainer) -> Iterator[str]:
    host = mapping(one.document, "HostConfig")
    fields = list(left_out(host))
    if fields:
        yield f"{one.name}: a Compose file cannot say {', '.join(fields)} of it"
    if not one.image:
        yield f"{one.name}: its image is not there any more, so that what it had of it is written down as its own"
    if text(one.document, "Config", "Image").startswith("sha256:"):
        yield f"{one.name}: its image has no name, only this daemon knows it"
    places = nameless_places(one.document)
    if places:
        yield f"{one.name}: what is in its volumes without a name, {', '.join(places)}, stays behind"
    if has_both(one.document):
        yield f"{one.name}: it is on the network bridge too, which a Compose file cannot say beside others"
    if state_of(text(one.document, "State", "Status")) in (State.STOPPED, State.FAILED):
        yield f"{one.name}: it does not run, which a Compose file cannot say: deploying it starts it"
    files = placed_paths(text_mapping(one.document, "Config", "Labels"))
    if files:
        yield f"{one.name}: the files that its template has put there are not in it: {', '.join(files)}"
