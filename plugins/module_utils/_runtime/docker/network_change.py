# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Making a network, or making it anew as it should be, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ConflictError
from ..shape import mapping, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .seam import DockerClient
    from .steps import ObjectStep

# What of a network's inspection it can be made of again.
_FIELDS = ("Name", "Driver", "Options", "Internal", "Attachable", "EnableIPv6", "IPAM", "Labels")


class NetworkChange:
    """One network that is made, instead of one that is there if there is one."""

    def __init__(self, client: DockerClient, step: ObjectStep) -> None:
        """Take the client, and the step."""
        self._client = client
        self._step = step
        self._made = ""
        self._before: Mapping[str, Any] = {}
        self._endpoints: dict[str, Mapping[str, Any]] = {}

    def make(self) -> None:
        """Make it. Containers of the one before have stopped: it has theirs no more."""
        if self._step.present:
            self._remove(self._step.present.id)
        if self._step.wanted:
            try:
                self._made = self._client.create_network(self._step.wanted.body)
            except ConflictError as error:
                hint = "another task is changing this deployment: run it again when that is done"
                raise ConflictError(f"the network {self._step.name} was made meanwhile", hint=hint) from error

    def _remove(self, identifier: str) -> None:
        """Remove the network of before, remembering which containers were on it and how."""
        self._before = self._client.inspect_network(identifier)
        for record in self._client.list_containers():
            networks = mapping(record, "NetworkSettings", "Networks")
            if self._step.name in networks:
                container = text(record, "Id")
                document = self._client.inspect_container(container)
                self._endpoints[container] = mapping(document, "NetworkSettings", "Networks", self._step.name)
                self._client.disconnect_network(identifier, container)
        self._client.remove_network(identifier)

    def take_back(self) -> None:
        """Remove what was made, and make again what was there, with the containers that were on it."""
        if self._made:
            self._client.remove_network(self._made)
        if not self._before:
            return
        try:
            made = self._client.create_network({key: self._before[key] for key in _FIELDS if self._before.get(key)})
        except ConflictError:  # it was not removed
            made = text(self._before, "Id")
        for container, endpoint in self._endpoints.items():
            aliases = [alias for alias in texts(endpoint, "Aliases") if not container.startswith(alias)]
            fields = {"Aliases": aliases, "IPAMConfig": mapping(endpoint, "IPAMConfig")}
            self._client.connect_network(made, container, {key: value for key, value in fields.items() if value})
