# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a token says of itself. Nothing here tells whether it is true: that is for the API server. Pure."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

from ..shape import mapping, number, text

_PARTS = 3
# The last second of the calendar.
LATEST = 253_402_300_799


@dataclass(frozen=True)
class Claims:
    """Who a token is for, and from when until when; seconds since 1970."""

    user: str
    uid: str
    issued: int
    expires: int

    def is_fresh(self, now: float) -> bool:
        """Tell whether at least half of its time is left."""
        return now <= self.expires - (self.expires - self.issued) / 2


def read_claims(token: str) -> Claims | None:
    """Return what a token of an account says, or None: https://www.rfc-editor.org/rfc/rfc7519#section-3."""
    parts = token.split(".")
    if len(parts) != _PARTS:
        return None
    try:
        document = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    issued, expires = number(document, "iat"), number(document, "exp")
    if issued is None or expires is None or not 0 <= issued <= expires <= LATEST:
        return None
    uid = text(mapping(document, "kubernetes.io"), "serviceaccount", "uid")
    return Claims(text(document, "sub"), uid, issued, expires)
