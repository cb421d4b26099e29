# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compose files as the tests write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import Settings
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.document import Document
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import read_template
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import read_documents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import ServiceSpec


def project_of(data: Any, *, files: Mapping[str, bytes] | None = None, **settings: Any) -> Project:
    """Return the project of a Compose file, given as text or as data."""
    documents = read_documents(data, name="compose.yaml") if isinstance(data, str) else [Document("compose.yaml", data)]
    values: dict[str, Any] = {"name": "shop", "folder": "/srv/shop", **settings}
    project, _warnings = read_template(documents, title="compose.yaml", files=files).render(Settings(**values))
    assert isinstance(project, Project)
    return project


def service_of(
    *, top: Mapping[str, Any] | None = None, files: Mapping[str, bytes] | None = None, **keys: Any
) -> ServiceSpec:
    """Return the service of a file with that service alone, whose keys these are."""
    data = {"services": {"web": {"image": "image", **keys}}, **(top or {})}
    (service,) = project_of(data, files=files).services
    return service
