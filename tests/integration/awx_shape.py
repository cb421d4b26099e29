# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX takes, as data: resources as `awx import` reads them, credential types and surveys as its API accepts them.

Taken from AWX 24: awxkit/api/pages (fields and natural keys), awx/main/fields.py and awx/api/serializers.py (credential
types), awx/api/views JobTemplateSurveySpec and awx/main/models/mixins.py (surveys).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Resource:
    """One kind of asset: what one of it is called, what its natural key is made of, and its fields.

    A reference is a field (of this kind of asset), which is written as the natural key of the other.
    """

    word: str
    key: tuple[str, ...]
    required: Mapping[str, type]
    optional: Mapping[str, type] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, str] = field(default_factory=dict)


_ASKED = ("credential", "diff_mode", "inventory", "job_type", "limit", "skip_tags", "tags", "variables", "verbosity")
RESOURCES: Mapping[str, Resource] = {
    "organizations": Resource("organization", ("name",), {"name": str}, {"description": str}),
    "credential_types": Resource(
        "credential_type",
        ("name", "kind"),
        {"name": str, "kind": str, "inputs": dict, "injectors": dict},
        {"description": str},
    ),
    "execution_environments": Resource(
        "execution_environment", ("name",), {"name": str, "image": str}, {"description": str, "pull": str}
    ),
    "projects": Resource(
        "project",
        ("organization", "name"),
        {"name": str, "scm_type": str, "scm_url": str},
        {"description": str, "scm_branch": str, "scm_clean": bool, "scm_update_on_launch": bool},
        references={"organization": "organization"},
    ),
    "inventory": Resource(
        "inventory",
        ("organization", "name"),
        {"name": str},
        {"description": str, "kind": str, "variables": str},
        references={"organization": "organization"},
        related={"hosts": "hosts"},
    ),
    "hosts": Resource(
        "host", ("name", "inventory"), {"name": str}, {"description": str, "enabled": bool, "variables": str}
    ),
    "inventory_sources": Resource(
        "inventory_source",
        ("organization", "name", "inventory"),
        {"name": str, "source": str},
        {
            "description": str,
            "source_path": str,
            "overwrite": bool,
            "overwrite_vars": bool,
            "update_on_launch": bool,
        },
        references={"inventory": "inventory", "source_project": "project"},
    ),
    "job_templates": Resource(
        "job_template",
        ("organization", "name"),
        {"name": str, "job_type": str, "playbook": str},
        {"description": str, "survey_enabled": bool, **{f"ask_{each}_on_launch": bool for each in _ASKED}},
        references={
            "inventory": "inventory",
            "project": "project",
            "execution_environment": "execution_environment",
        },
        related={"survey_spec": "survey_spec"},
    ),
}
KEYS: Mapping[str, tuple[str, ...]] = {resource.word: resource.key for resource in RESOURCES.values()}
# What there is before: AWX comes with the organization, the walk-through makes the execution environment.
THERE_BEFORE = (
    {"name": "Default", "type": "organization"},
    {"name": "nekzus.runtime", "type": "execution_environment"},
)

# Credential types. What people make is of these kinds.
KINDS = ("cloud", "net")
INPUTS = {"fields": list, "required": list}
FIELD_REQUIRED: Mapping[str, type] = {"id": str, "label": str, "type": str}
FIELD_OPTIONAL: Mapping[str, type] = {
    "help_text": str,
    "secret": bool,
    "multiline": bool,
    "format": str,
    "choices": list,
}
FIELD_TYPES: Mapping[str, type] = {"string": str, "boolean": bool}
OF_TEXTS_ONLY = ("secret", "multiline", "format", "choices")
NAME = r"[a-zA-Z_][a-zA-Z0-9_]*"
RESERVED_FIELD = "tower"
INJECTORS = ("file", "env", "extra_vars")
ONE_FILE, MANY_FILES = "template", rf"template\.{NAME}"
# Variables that a credential may not set.
FORBIDDEN_PREFIX = "ANSIBLE_"
FORBIDDEN = (
    "PATH",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "JOB_ID",
    "INVENTORY_ID",
    "REST_API_URL",
    "REST_API_TOKEN",
    "AWX_HOST",
)

# Surveys.
SURVEY: Mapping[str, type] = {"name": str, "description": str, "spec": list}
QUESTION_REQUIRED: Mapping[str, type] = {
    "question_name": str,
    "question_description": str,
    "required": bool,
    "type": str,
    "variable": str,
}
QUESTION_OPTIONAL = ("min", "max", "default", "choices", "new_question")
QUESTION_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "text": str,
    "textarea": str,
    "password": str,
    "integer": int,
    "float": (float, int),
    "multiplechoice": str,
    "multiselect": list,
}
OF_CHOICES, OF_LENGTHS, OF_NUMBERS = (
    ("multiplechoice", "multiselect"),
    ("text", "textarea", "password"),
    ("integer", "float"),
)
