# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of Sphinx's configuration: links into Ansible's own documentation, without asking for what it has."""

import zlib
from pathlib import Path

_INVENTORY = Path(__file__).with_name("ansible.inv")
_CONFIG = "reference_appendices/config.html"
# What the pages that antsibull-docs makes refer to: role, name, page and anchor there, and title.
_THERE = [
    ("label", "action_plugins", "plugins/action.html#action-plugins", "Action plugins"),
    ("label", "ansible_configuration_settings", f"{_CONFIG}#$", "Ansible configuration settings"),
    ("label", "common_return_values", "reference_appendices/common_return_values.html#$", "Common return values"),
]
_CACHE = ("ANSIBLE_CACHE_PLUGIN", *(f"ANSIBLE_CACHE_PLUGIN_{end}" for end in ("CONNECTION", "PREFIX", "TIMEOUT")))
_THERE += [("envvar", name, f"{_CONFIG}#envvar-$", "-") for name in _CACHE]
for _collection, _plugin in (("community.docker", "docker_api"), ("kubernetes.core", "kubectl")):
    _label = f"ansible_collections.{_collection}.{_plugin}_connection"
    _page = f"collections/{_collection.replace('.', '/')}/{_plugin}_connection.html"
    _THERE.append(
        ("label", _label, f"{_page}#{_label.replace('.', '-').replace('_', '-')}", f"{_collection}.{_plugin}")
    )
_ENTRIES = "".join(f"{name} std:{role} -1 {place} {title}\n" for role, name, place, title in _THERE)
_HEADER = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: devel\n# compressed using zlib\n"
_INVENTORY.write_bytes(_HEADER.encode() + zlib.compress(_ENTRIES.encode()))

intersphinx_mapping = {"ansible": ("https://docs.ansible.com/projects/ansible/devel/", str(_INVENTORY))}

_STATIC = Path(__file__).with_name("static")
_STATIC.mkdir(exist_ok=True)
_CSS = ".side-by-side td { vertical-align: top !important; }\n.side-by-side td > div { margin-bottom: 0; }\n"
(_STATIC / "guides.css").write_text(_CSS, encoding="utf-8")
html_static_path = [_STATIC.name]
html_css_files = ["guides.css"]
