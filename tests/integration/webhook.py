# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A webhook that has a say in the Deployments of a namespace, and that nobody serves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .cluster import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .space import Space

KIND = "ValidatingWebhookConfiguration"


@contextmanager
def unserved_webhook(
    space: Space, *, version: str = "v1", side_effects: str = "None", policy: str = "Fail"
) -> Iterator[str]:
    """Have Deployments admitted by a service that is not there; ``policy`` is what is done without its word."""
    name, api_version = f"{space.namespace}.nekzus.test", f"admissionregistration.k8s.io/{version}"
    path = path_of("v1", "Namespace", name=space.namespace)
    space.cluster.patch(path, {"metadata": {"labels": {"nekzus-test-hook": space.namespace}}})
    body = {
        "name": name,
        "clientConfig": {"service": {"namespace": space.namespace, "name": "nobody", "path": "/"}},
        "rules": [
            {"apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["*"], "resources": ["deployments"]},
        ],
        "namespaceSelector": {"matchLabels": {"nekzus-test-hook": space.namespace}},
        "failurePolicy": policy,
        "sideEffects": side_effects,
        "admissionReviewVersions": ["v1"],
        "timeoutSeconds": 1,
    }
    metadata = {"name": space.namespace}
    space.cluster.create({"apiVersion": api_version, "kind": KIND, "metadata": metadata, "webhooks": [body]})
    try:
        yield name
    finally:
        space.cluster.delete(path_of(api_version, KIND, name=space.namespace))
