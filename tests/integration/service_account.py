# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of a cluster that may do what they are granted and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .cluster import path_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from .space import Space

GROUP = "rbac.authorization.k8s.io"


def rule(resource: str, *verbs: str) -> dict[str, Any]:
    """Return a rule on a resource, written as RBAC's messages write it: ``deployments.apps``."""
    plural, _dot, group = resource.partition(".")
    return {"apiGroups": [group], "resources": [plural], "verbs": list(verbs)}


def make_account(space: Space, name: str, rules: Sequence[dict[str, Any]]) -> str:
    """Make an account in a namespace that may do this there, and return its token."""
    role = {"apiVersion": f"{GROUP}/v1", "kind": "Role", "metadata": {"name": name}, "rules": list(rules)}
    binding = {
        "apiVersion": f"{GROUP}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": space.namespace}],
        "roleRef": {"apiGroup": GROUP, "kind": "Role", "name": name},
    }
    space.make({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}, role, binding)
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    path = path_of("v1", "ServiceAccount", space.namespace, name)
    return str(space.cluster.call("POST", f"{path}/token", request)["status"]["token"])


def kubeconfig_of(space: Space, token: str, file: Path) -> str:
    """Write a kubeconfig for a token, and return its path."""
    return str(space.cluster.account(file, namespace=space.namespace, user={"token": token}))
