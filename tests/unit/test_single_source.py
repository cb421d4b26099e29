# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said twice agrees: options and their documentation, results and the dataclasses, groups and files."""

from __future__ import annotations

import dataclasses
import importlib
import re
from typing import Any

import pytest
import yaml
from ansible_collections.nekzus.runtime.plugins.module_utils import _argspec
from ansible_collections.nekzus.runtime.plugins.module_utils._results.values import IDENTITY as IDENTIFYING
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime import (
    capability,
    census,
    config,
    details,
    errors,
    feature,
    object_change,
    permissions,
    settings,
    types,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts import order as account_order
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts import plan as account_plan
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import access
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.stats import ranking, usage
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox import deployment, template, variables
from ansible_collections.nekzus.runtime.tests.unit.documented import (
    PACKAGE,
    ROOT,
    Document,
    documentation,
    fragment,
    shape_of,
    source,
)

MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("nekzus_*.py"))


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


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("nekzus_container", "state"), types.Desired),
        (("nekzus_container", "restart_method"), types.RestartMethod),
        (("nekzus_stats", "sort_by"), ranking.SortKey),
        (("nekzus_account", "features"), feature.Feature),
        (("nekzus_account", "token"), account_order.TokenKind),
        (("nekzus_runtime_info", "features"), feature.Feature),
        (("nekzus_toolbox_deploy", "state"), deployment.ToolboxState),
    ],
)
def test_the_choices_of_an_option_are_the_words_of_the_core(option: tuple[str, str], words: Any) -> None:
    module, name = option
    assert importlib.import_module(f"{PACKAGE}.modules.{module}").ARGUMENTS[name]["choices"] == [
        word.value for word in words
    ]


IDENTITY = set(IDENTIFYING)
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
        ("nekzus_toolbox_deploy", ["service"], fields(deployment.Deployed)),
        ("nekzus_toolbox_deploy", ["service", "containers"], fields(deployment.DeployedContainer)),
        ("nekzus_toolbox_deploy", ["service", "endpoints"], fields(deployment.Endpoint)),
        ("nekzus_toolbox_deploy", ["changes"], fields(object_change.ObjectChange)),
        ("nekzus_toolbox_deploy", ["failure"], set(FAILURE)),
        ("nekzus_toolbox_info", ["catalog"], fields(template.TemplateLabels) | {"id", "kind", "variables"}),
        ("nekzus_toolbox_info", ["catalog", "variables"], fields(variables.Variable)),
        ("nekzus_toolbox_info", ["failure"], set(FAILURE)),
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


@pytest.mark.parametrize(
    ("module", "path", "words"),
    [
        ("nekzus_toolbox_deploy", ["changes", "action"], object_change.ObjectAction),
        ("nekzus_toolbox_info", ["catalog", "kind"], template.TemplateKind),
        ("nekzus_toolbox_info", ["catalog", "variables", "type"], variables.VariableType),
    ],
)
def test_the_words_of_a_result_are_documented(module: str, path: list[str], words: Any) -> None:
    contained: Document = documentation(module, "RETURN")
    for step in path[:-1]:
        contained = contained[step]["contains"]
    described = str(contained[path[-1]]["description"])
    assert set(re.findall(r"V\((\w+)\)", described)) == {word.value for word in words}


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
