# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of Sphinx's configuration: links into Ansible's own documentation, without asking for what it has."""

import zlib
from pathlib import Path

_INVENTORY = Path(__file__).with_name("ansible.inv")
# What the pages that antsibull-docs makes refer to, and where it is there.
_LABELS = {
    "ansible_configuration_settings": ("reference_appendices/config.html", "Ansible configuration settings"),
    "common_return_values": ("reference_appendices/common_return_values.html", "Common return values"),
}
_ENTRIES = "".join(f"{label} std:label -1 {page}#$ {title}\n" for label, (page, title) in _LABELS.items())
_HEADER = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: devel\n# compressed using zlib\n"
_INVENTORY.write_bytes(_HEADER.encode() + zlib.compress(_ENTRIES.encode()))

intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/devel/", str(_INVENTORY))}
