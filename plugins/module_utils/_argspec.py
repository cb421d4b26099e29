# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The options that modules share, each written once, in sections named as the documentation fragments are."""

from __future__ import annotations

from typing import Any

from ._runtime.types import RuntimeType, State

Spec = dict[str, dict[str, Any]]


def _text() -> dict[str, Any]:
    return {"type": "str"}


def _texts() -> dict[str, Any]:
    return {"type": "list", "elements": "str"}


def _section(options: Spec) -> dict[str, Any]:
    return {"type": "dict", "options": options}


_RUNTIMES: Spec = {
    "primary": {"type": "str", "choices": [item.value for item in RuntimeType]},
    "docker": _section(
        {
            "enabled": {"type": "bool"},
            "socket_path": _text(),
            "tls": _section(
                {
                    "ca_path": {"type": "path"},
                    "client_cert": {"type": "path"},
                    # The path of a key, not a key.
                    "client_key": {"type": "path", "no_log": False},
                    "validate_certs": {"type": "bool"},
                    "hostname": _text(),
                }
            ),
            "timeout": _text(),
        }
    ),
    "kubernetes": _section(
        {
            "enabled": {"type": "bool"},
            "kubeconfig": {"type": "raw"},
            "context": _text(),
            "host": _text(),
            "api_key": {"type": "str", "no_log": True},
            "ca_cert": {"type": "path"},
            "client_cert": {"type": "path"},
            "client_key": {"type": "path", "no_log": False},
            "validate_certs": {"type": "bool"},
            "proxy": _text(),
            "impersonate_user": _text(),
            "namespaces": _texts(),
            "metrics_server": {"type": "bool"},
            "metrics_cache_ttl": _text(),
            "timeout": _text(),
        }
    ),
}

ADDRESSES: Spec = {
    "docker_host": _text(),
    "kubeconfig": {"type": "raw"},
    "context": _text(),
    "runtimes": _section(_RUNTIMES),
}

RUNTIME: Spec = {
    "runtime": {"type": "str", "choices": ["auto", *(item.value for item in RuntimeType)], "default": "auto"},
    "namespace": _text(),
    **ADDRESSES,
}

SELECTION: Spec = {
    "label_selectors": _texts(),
    "filters": _section(
        {
            "status": {"type": "list", "elements": "str", "choices": [item.value for item in State]},
            "name": _texts(),
            "image": _texts(),
            "label": _texts(),
            "compose_project": _texts(),
            "owner_kind": _texts(),
        }
    ),
    "namespaces": _texts(),
    "exclude": _texts(),
}

TARGET: Spec = {
    "name": {"type": "str", "aliases": ["id"]},
    "names": _texts(),
    **SELECTION,
}

WAIT: Spec = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
}

# Of the options of a section, those of which a task may give only one.
EXCLUSIVE: dict[str, list[tuple[str, ...]]] = {"target": [("name", "names")]}
SECTIONS: dict[str, Spec] = {"runtime": RUNTIME, "target": TARGET, "wait": WAIT}
