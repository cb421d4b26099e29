# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the options in the WAIT section of the argument specification."""

from __future__ import annotations


class ModuleDocFragment:
    """Whether and how long to wait."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until what was asked for is there - the state reached and, with a health check, healthy.
      - On Kubernetes, until all wanted replicas are ready and the old pods are gone.
      - Waiting ends early, with the reason, the last log lines and the last events, when it will never be.
    type: bool
    default: true
  wait_timeout:
    description: How many seconds to wait for each container.
    type: int
    default: 120
"""
