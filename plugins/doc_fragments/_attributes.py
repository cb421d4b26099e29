# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of the attributes that all modules have."""

from __future__ import annotations


class ModuleDocFragment:
    """What a module supports of Ansible."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying the target.
  diff_mode:
    description: Will return details on what has changed, or would change in C(check_mode), when in diff mode.
  action_group:
    description: Use C(group/nekzus.runtime.nekzus) in C(module_defaults) to set defaults for all modules.
    support: full
    membership:
      - nekzus.runtime.nekzus
"""

    READ_ONLY = r"""
options: {}
attributes:
  check_mode:
    support: full
    details: It only reads.
  diff_mode:
    support: none
    details: It changes nothing.
"""
