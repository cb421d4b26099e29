# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said twice of the inventory agrees: its options, where they come from, and their documentation."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils import _argspec
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import settings
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.inventory import endpoints
from ansible_collections.nekzus.runtime.tests.unit.documented import (
    PACKAGE,
    Document,
    fragment,
    shape_of,
    source,
)

# What the fragments of Ansible itself say of constructing; it has sources of its own for the cache.
CONSTRUCTED = {"compose", "groups", "keyed_groups", "strict", "leading_separator", "use_extra_vars"}
SHARED = {"addresses": ("_runtime", _argspec.ADDRESSES), "selection": ("_target", _argspec.SELECTION)}


def inventory(part: str = "DOCUMENTATION") -> Any:
    return yaml.safe_load(getattr(importlib.import_module(f"{PACKAGE}.inventory.containers"), part))


@pytest.mark.parametrize("name", sorted(SHARED))
def test_the_inventory_documents_what_it_shares_by_the_fragment_that_modules_use(name: str) -> None:
    file, section = SHARED[name]
    source = importlib.import_module(f"{PACKAGE}.doc_fragments.{file}").ModuleDocFragment
    documented = yaml.safe_load(getattr(source, name.upper()))["options"]
    assert {key: shape_of(option, "suboptions") for key, option in documented.items()} == {
        key: shape_of(option, "options") for key, option in section.items()
    }
    whole = yaml.safe_load(source.DOCUMENTATION)["options"]
    assert {key: whole[key] for key in documented} == documented
    assert f"nekzus.runtime.{file}.{name}" in inventory()["extends_documentation_fragment"]


def test_the_inventory_says_only_more_of_what_it_shares() -> None:
    shared = {key for _file, section in SHARED.values() for key in section}
    again = {key: set(option) for key, option in inventory()["options"].items() if key in shared}
    assert again == {"namespaces": {"description"}}


def test_every_option_of_the_inventory_comes_from_a_variable_and_the_environment_too() -> None:
    shared = {key: option for _file, section in SHARED.values() for key, option in section.items()}
    documented: Document = {**shared, **inventory()["options"]}
    sources = fragment("inventory")
    assert set(sources) == set(documented) - {"plugin"} | CONSTRUCTED
    text = source("../doc_fragments/_inventory.py")
    for name, option in sources.items():
        assert option["vars"] == [{"name": f"nekzus_inventory_{name}"}]
        variable = f"NEKZUS_INVENTORY_{name.upper()}"
        if "env" in option:
            assert option == {"vars": option["vars"], "env": [{"name": variable}]}
        else:
            assert f"E({variable})" in text
    # Ansible reads no structures from the environment, the plugin does.
    kinds = {name: documented.get(name, {}).get("elements") or documented.get(name, {}).get("type") for name in sources}
    structures = {name for name, kind in kinds.items() if kind == "dict"} | {"compose", "groups", "keyed_groups"}
    assert {name for name, option in sources.items() if "env" not in option} == structures


def test_an_endpoint_has_the_documented_keys() -> None:
    documented = inventory()["options"]["endpoints"]["suboptions"]
    assert set(documented) == set(settings.ENDPOINT)
    assert {key for key, option in documented.items() if option["type"] == "dict"} == set(settings.DOCUMENT) - {
        "primary"
    }


def test_the_examples_of_the_inventory_use_options_that_exist() -> None:
    known = set(fragment("inventory")) | set(inventory()["options"])
    cached = {"cache", "cache_plugin", "cache_connection", "cache_timeout"}
    source = importlib.import_module(f"{PACKAGE}.inventory.containers").EXAMPLES
    examples = list(yaml.safe_load_all(source))
    assert {key for example in examples for key in example} <= known | cached
    for example in examples:
        if "endpoints" in example:
            endpoints.parse_endpoints(example["endpoints"], env={})
