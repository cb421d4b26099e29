# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an API server refuses: the Status that it answers with, as the client translates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.translate import refused
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.shape import mapping, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.call import Call

BAD_REQUEST, NOT_FOUND, CONFLICT, GONE, INVALID = 400, 404, 409, 410, 422


def refusal(asked: Call, code: int, reason: str, message: str, **more: Any) -> NekzusError:
    """Return the error that an answer with a Status is."""
    resource = asked.resource
    details = {"name": asked.name, "group": resource.group, "kind": resource.plural, **more} if resource else {}
    status = {"kind": "Status", "status": "Failure", "reason": reason, "message": message, "code": code}
    return refused(code, {**status, "details": details}, {}, asked)


def unknown(asked: Call) -> NekzusError:
    """Return the error for a path that the server does not know."""
    return refused(NOT_FOUND, b"404 page not found", {}, asked)


def reviewed(review: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the verb, the group and the resource of which a review asks whether they are granted."""
    asked = mapping(review, "spec", "resourceAttributes")
    subresource = text(asked, "subresource")
    resource = text(asked, "resource") + (f"/{subresource}" if subresource else "")
    return text(asked, "verb"), text(asked, "group"), resource
