# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said twice agrees: options and their documentation, results and the dataclasses, groups and files."""

from __future__ import annotations

import dataclasses
import importlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils import _argspec, _result
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import (
    account_order,
    account_plan,
    capability,
    census,
    config,
    details,
    endpoints,
    errors,
    feature,
    object_change,
    permissions,
    ranking,
    settings,
    types,
    usage,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import access

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "ansible_collections.nekzus.runtime.plugins"
MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("nekzus_*.py"))
SHAPE = ("type", "elements", "choices", "default", "aliases", "required")
Document = dict[str, Any]


def documentation(module: str, part: str = "DOCUMENTATION") -> Document:
    loaded: Document = yaml.safe_load(getattr(importlib.import_module(f"{PACKAGE}.modules.{module}"), part))
    return loaded


def fragment(section: str) -> Document:
    source = importlib.import_module(f"{PACKAGE}.doc_fragments._{section}").ModuleDocFragment
    options: Document = yaml.safe_load(source.DOCUMENTATION)["options"]
    return options


def shape_of(option: Document, nested: str) -> Document:
    """Return what a specification and its documentation have in common of an option."""
    shape: Document = {key: option[key] for key in SHAPE if option.get(key) not in (None, False, [])}
    if option.get("type") == "bool" and "default" in option:
        shape["default"] = option["default"]
    if option.get(nested):
        shape["options"] = {name: shape_of(each, nested) for name, each in option[nested].items()}
    return shape


@pytest.mark.parametrize("section", sorted(_argspec.SECTIONS))
def test_a_section_of_options_is_documented_by_the_fragment_of_its_name(section: str) -> None:
    specified = {name: shape_of(option, "options") for name, option in _argspec.SECTIONS[section].items()}
    documented = {name: shape_of(option, "suboptions") for name, option in fragment(section).items()}
    assert documented == specified


def test_every_fragment_of_options_has_its_section() -> None:
    fragments = {file.stem.lstrip("_") for file in (ROOT / "plugins" / "doc_fragments").glob("_*.py")}
    assert fragments - {"attributes", "inventory"} - {"_init__"} == set(_argspec.SECTIONS)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_names_its_sections_as_it_names_its_fragments(module: str) -> None:
    named = documentation(module)["extends_documentation_fragment"]
    fragments = [name.rpartition("._")[2] for name in named if "._attributes" not in name]
    assert list(importlib.import_module(f"{PACKAGE}.modules.{module}").SECTIONS) == fragments


@pytest.mark.parametrize("module", MODULES)
def test_a_module_documents_the_options_it_specifies(module: str) -> None:
    specified = importlib.import_module(f"{PACKAGE}.modules.{module}").ARGUMENTS
    documented = documentation(module)["options"]
    assert {name: shape_of(option, "suboptions") for name, option in documented.items()} == {
        name: shape_of(option, "options") for name, option in specified.items()
    }


def test_the_runtimes_option_has_the_keys_that_the_configuration_reads() -> None:
    tree = _argspec.RUNTIME["runtimes"]["options"]
    assert set(tree) == set(settings.DOCUMENT)
    assert set(tree["docker"]["options"]) == set(settings.DOCKER) == fields(config.DockerConfig)
    assert set(tree["docker"]["options"]["tls"]["options"]) == set(settings.TLS) == fields(config.TLSConfig)
    assert set(tree["kubernetes"]["options"]) == set(settings.KUBERNETES) == fields(config.KubernetesConfig)


def fields(dataclass: Any) -> set[str]:
    return {field.name for field in dataclasses.fields(dataclass) if not field.metadata.get("internal")}


def test_the_documentation_names_the_environment_variables_that_are_read() -> None:
    read = set(re.findall(r'"((?:K8S_AUTH|(?:NEKZUS_)?DOCKER)_[A-Z_]+|KUBECONFIG)"', source("_runtime/config.py")))
    named = set(re.findall(r"E\((\w+)\)", source("../doc_fragments/_runtime.py")))
    assert named == read


def source(path: str) -> str:
    return (ROOT / "plugins" / "module_utils" / path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("nekzus_container", "state"), types.Desired),
        (("nekzus_container", "restart_method"), types.RestartMethod),
        (("nekzus_stats", "sort_by"), ranking.SortKey),
        (("nekzus_account", "features"), feature.Feature),
        (("nekzus_account", "token"), account_order.TokenKind),
        (("nekzus_runtime_info", "features"), feature.Feature),
    ],
)
def test_the_choices_of_an_option_are_the_words_of_the_core(option: tuple[str, str], words: Any) -> None:
    module, name = option
    assert importlib.import_module(f"{PACKAGE}.modules.{module}").ARGUMENTS[name]["choices"] == [
        word.value for word in words
    ]


IDENTITY = set(_result.IDENTITY)
FAILURE = errors.NekzusError("planted", details={"planted": 1}).failure()


@pytest.mark.parametrize(
    ("module", "path", "keys"),
    [
        ("nekzus_account", ["account"], fields(account_plan.AccountRecord) | {"token_expires"}),
        ("nekzus_account", ["account", "grants"], fields(account_plan.FeatureGrant)),
        ("nekzus_account", ["changes"], fields(object_change.ObjectChange)),
        ("nekzus_account", ["failure"], set(FAILURE)),
        ("nekzus_container", ["results"], fields(types.LifecycleResult)),
        ("nekzus_container", ["failure"], set(FAILURE)),
        (
            "nekzus_container_info",
            ["containers"],
            fields(types.Container) | fields(details.ContainerDetails),
        ),
        ("nekzus_container_info", ["containers", "ports"], fields(types.Port)),
        ("nekzus_container_info", ["containers", "config"], fields(details.ContainerConfig)),
        ("nekzus_container_info", ["containers", "network_settings"], fields(details.NetworkSettings)),
        ("nekzus_container_info", ["failure"], set(FAILURE) - {"details"}),
        (
            "nekzus_runtime_info",
            ["runtimes"],
            (fields(census.Finding) | fields(permissions.RuntimeDescription) | {"available", "failure"})
            - {"description"},
        ),
        ("nekzus_stats", ["stats"], IDENTITY | fields(usage.Usage)),
        ("nekzus_stats", ["stats", "cpu"], fields(usage.CpuUsage)),
        ("nekzus_stats", ["stats", "memory"], fields(usage.MemoryUsage)),
        ("nekzus_stats", ["stats", "network"], fields(usage.NetworkUsage)),
        ("nekzus_stats", ["stats", "block_io"], fields(usage.BlockIO)),
        ("nekzus_stats", ["stats", "containers"], fields(usage.ProcessUsage)),
        ("nekzus_stats", ["failure"], set(FAILURE) - {"details"}),
        ("nekzus_logs", ["failure"], set(FAILURE)),
        ("nekzus_runtime_info", ["runtimes", "capabilities"], {word.value for word in capability.Capability}),
        ("nekzus_runtime_info", ["runtimes", "failure"], set(FAILURE)),
        ("nekzus_runtime_info", ["runtimes", "permissions"], fields(permissions.Permissions)),
        ("nekzus_runtime_info", ["runtimes", "permissions", "operations"], fields(permissions.Operation)),
        ("nekzus_runtime_info", ["runtimes", "permissions", "operations", "missing"], fields(permissions.Grant)),
    ],
)
def test_a_result_is_documented_field_by_field(module: str, path: list[str], keys: set[str]) -> None:
    contained: Document = documentation(module, "RETURN")
    for step in path:
        contained = contained[step]["contains"]
    assert set(contained) == keys


@pytest.mark.parametrize(
    ("path", "dataclass"),
    [
        (["containers", "config", "containers"], details.Process),
        (["containers", "network_settings", "networks"], details.Network),
        (["containers", "mounts"], details.Mount),
        (["containers", "owner"], types.Owner),
    ],
)
def test_a_nested_result_is_documented_in_words(path: list[str], dataclass: Any) -> None:
    contained = documentation("nekzus_container_info", "RETURN")
    for step in path[:-1]:
        contained = contained[step]["contains"]
    named = set(re.findall(r"C\((\w+)\)", contained[path[-1]]["description"]))
    shared = fields(details.ContainerConfig) if dataclass is details.Process else set()
    assert named == fields(dataclass) - shared


def test_what_percentages_are_of_is_documented() -> None:
    stats = documentation("nekzus_stats", "RETURN")["stats"]["contains"]
    words = [stats[key]["contains"]["percent_of"]["description"] for key in ("cpu", "memory")]
    assert {word for text in words for word in re.findall(r"V\((\w+)\)", text)} == {word.value for word in usage.Basis}


def test_the_operations_that_permissions_are_about_are_documented() -> None:
    contained = documentation("nekzus_runtime_info", "RETURN")["runtimes"]["contains"]["permissions"]["contains"]
    words = " ".join(contained["operations"]["contains"]["name"]["description"])
    named = set(re.findall(r"V\((\w+)\)", words))
    told = set(access.OPERATIONS)
    assert named <= told
    per_kind = ("stop_and_start_", "roll_out_")
    assert {name for name in told if not name.startswith(per_kind)} <= named


def test_the_action_group_has_every_module() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert runtime["action_groups"]["nekzus"] == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_examples_use_options_that_exist(module: str) -> None:
    loaded = importlib.import_module(f"{PACKAGE}.modules.{module}")
    known = {name for section in loaded.SECTIONS for name in _argspec.SECTIONS[section]} | set(loaded.ARGUMENTS)
    used = [task for task in yaml.safe_load(loaded.EXAMPLES) if f"nekzus.runtime.{module}" in task]
    assert used
    assert {name for task in used for name in task[f"nekzus.runtime.{module}"] or {}} <= known


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
