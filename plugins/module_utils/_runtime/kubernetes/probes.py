# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The health check of a service as the probes of a container. Pure.

https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ What a daemon does with a container
that is not healthy is to say so, which is what a readiness probe does. No other probe restarts it: the startup probe,
which only asks more often, never gives up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..toolbox.parts import HealthCheck
    from .told import Told

# What Docker takes where a health check does not say it:
# https://docs.docker.com/reference/dockerfile/#healthcheck
INTERVAL, TIMEOUT, RETRIES = 30.0, 30.0, 3
# While a container starts it is asked more often, so that it counts as soon as it is well.
_STARTING = 5
# The largest number that the API takes.
_FOREVER = 2**31 - 1


def probes(check: HealthCheck | None, *, key: str, told: Told) -> dict[str, Any]:
    """Return the probes of a container, none without a test."""
    if check is None or check.test[:1] == ("NONE",):
        return {}
    if not check.test:
        told.warn(key, "a cluster does not know the test of an image, give it here")
        return {}
    kind, *words = check.test
    command = ["/bin/sh", "-c", *words] if kind == "CMD-SHELL" else words
    interval = _seconds(check.interval, INTERVAL)
    retries = RETRIES if check.retries is None else max(1, check.retries)
    probe: dict[str, Any] = {"exec": {"command": command}, "timeoutSeconds": _seconds(check.timeout, TIMEOUT)}
    often = min(interval, _seconds(check.start_interval, _STARTING))
    return {
        "startupProbe": {**probe, "periodSeconds": often, "failureThreshold": _FOREVER},
        "readinessProbe": {**probe, "periodSeconds": interval, "failureThreshold": retries},
    }


def _seconds(value: float | None, default: float) -> int:
    """Return whole seconds, one at least: the API knows no fractions, and 0 is no period."""
    return max(1, math.ceil(value or default))
