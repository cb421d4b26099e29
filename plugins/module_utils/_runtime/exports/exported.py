# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is written down of containers so that they can be made again. No behaviour, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..types import Word

if TYPE_CHECKING:
    from collections.abc import Mapping


class ExportKind(Word):
    """What is written down of a workload beside itself, where a runtime has such a thing."""

    SERVICES = "services"
    CONFIG_MAPS = "config_maps"
    SECRETS = "secrets"
    VOLUME_CLAIMS = "volume_claims"
    SERVICE_ACCOUNTS = "service_accounts"
    INGRESSES = "ingresses"
    AUTOSCALERS = "autoscalers"


@dataclass(frozen=True)
class ExportChoice:
    """What to write down. Without ``secret_values`` the values of secrets are masked, or placeholders.

    What is ``external`` are the volumes and networks that containers of a daemon have: they have to be there when the
    containers are made again. Otherwise they are declared, so that new ones are made.
    """

    kinds: frozenset[ExportKind] = frozenset({ExportKind.SERVICES})
    secret_values: bool = False
    external: bool = True


@dataclass(frozen=True)
class Exported:
    """The documents that make it again, in the order in which they are applied.

    ``variables`` are what the documents' placeholders stand for, as an env file has them: the values are secrets, empty
    ones when they are not to be told. ``subjects`` are the addresses of what was exported.
    """

    documents: tuple[Mapping[str, Any], ...] = field(repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    subjects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
