# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guides show is there: options, choices, values, roles, inventories, playbooks."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.nekzus.runtime.plugins.module_utils import _argspec
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.labels import parse_labels
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.target import parse_target
from ansible_collections.nekzus.runtime.tests.unit.guides import (
    GUIDES,
    ROOT,
    Call,
    Example,
    ad_hoc_calls,
    documents,
    examples,
    module_calls,
    playbook_calls,
    role_calls,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

Options = dict[str, Any]
COLLECTION = "nekzus.runtime"
GROUP = f"group/{COLLECTION}.nekzus"
LANGUAGES = {"yaml+jinja", "console", "text"}
EXAMPLES = [example for guide in GUIDES for example in examples(guide)]
YAML = [example for example in EXAMPLES if example.language == "yaml+jinja"]
# What is looked for in a template, as against written in one.
CONDITIONS = ("when", "until", "failed_when", "changed_when", "that")


def text_of(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def specification(module: str) -> Options:
    """Return the options of a module of ours, or of all together."""
    sections = _argspec.SECTIONS
    if module == GROUP:
        return sections["runtime"]
    loaded = importlib.import_module(f"ansible_collections.nekzus.runtime.plugins.modules.{module}")
    merged = {name: option for section in loaded.SECTIONS for name, option in sections[section].items()}
    return {**merged, **loaded.ARGUMENTS}


def aliases_of(options: Mapping[str, Any]) -> Options:
    return {alias: option for option in options.values() for alias in option.get("aliases") or ()}


def faults(given: Mapping[str, Any], options: Mapping[str, Any], *, path: str = "") -> Iterator[str]:
    """Tell of each value that is given whether there is such an option, and whether it has that choice."""
    known = {**options, **aliases_of(options)}
    for name, value in given.items():
        if name not in known:
            yield f"there is no option {path}{name}"
            continue
        option, nested = known[name], known[name].get("options") or known[name].get("suboptions")
        if isinstance(value, dict) and nested:
            yield from faults(value, nested, path=f"{path}{name}.")
        choices = option.get("choices")
        several = value.split(",") if isinstance(value, str) and option.get("type") == "list" else value
        for each in several if isinstance(several, list) else [several]:
            if choices and "{{" not in str(each) and each not in choices:
                yield f"{path}{name} is none of {', '.join(map(str, choices))}: {each}"
    yield from (
        f"{path}{name} is missing" for name, each in options.items() if each.get("required") and name not in given
    )


def all_faults(calls: list[Call], options_of: Any) -> list[str]:
    return [
        f"{call.place}: {call.name}: {fault}" for call in calls for fault in faults(call.options, options_of(call.name))
    ]


@cache
def documented(kind: str, *names: str) -> Any:
    """Return what ansible-doc tells of plugins, merged from all fragments."""
    env = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".cache" / "collections")}
    command = [sys.executable, "-m", "ansible.cli.doc", "--json", "--type", kind, *names]
    return json.loads(subprocess.run(command, env=env, capture_output=True, check=True, text=True).stdout)  # noqa: S603 - our own words


def documented_options(kind: str, *names: str) -> dict[str, Options]:
    return {name: found["doc"]["options"] for name, found in documented(kind, *sorted(names)).items()}


def is_ours(name: str) -> bool:
    return name.startswith((f"{COLLECTION}.", f"group/{COLLECTION}."))


def own(name: str) -> Options:
    return specification(name if name == GROUP else name.removeprefix(f"{COLLECTION}."))


def test_the_index_has_every_guide() -> None:
    sections = yaml.safe_load(text_of(ROOT / "docs" / "docsite" / "extra-docs.yml"))["sections"]
    listed = [name for section in sections for name in section["toctree"]]
    assert sorted(listed) == [each.stem for each in GUIDES]


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.stem)
def test_a_guide_begins_with_something_to_paste(file: Path) -> None:
    first = examples(file)[0]
    assert first.line < 20
    assert first.language in LANGUAGES - {"text"}
    assert COLLECTION in first.text


def test_every_block_says_what_it_is() -> None:
    assert {example.language for example in EXAMPLES} == LANGUAGES


@pytest.mark.parametrize("example", YAML, ids=str)
def test_an_example_is_valid(example: Example) -> None:
    assert [document for document in documents(example) if document]
    for condition, text in templates(documents(example)):
        jinja2.Environment(autoescape=True).parse(f"{{{{ {text} }}}}" if condition else text)


def templates(node: Any, *, condition: bool = False) -> Iterator[tuple[bool, str]]:
    """Yield the texts of an example, and whether each is an expression by itself."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from templates(value, condition=key in CONDITIONS)
    elif isinstance(node, list):
        for value in node:
            yield from templates(value, condition=condition)
    elif isinstance(node, str):
        yield condition, node


@pytest.mark.parametrize("example", YAML, ids=str)
def test_an_example_uses_options_that_exist(example: Example) -> None:
    assert all_faults([call for call in module_calls(example) if is_ours(call.name)], own) == []


@pytest.mark.parametrize("example", YAML, ids=str)
def test_an_example_gives_values_that_are_taken(example: Example) -> None:
    for call in module_calls(example):
        if is_ours(call.name):
            assert complaints(call, own(call.name)) == []


def complaints(call: Call, options: Options) -> list[str]:
    """Return what the module itself would say of the values that are no templates."""
    plain = {name: value for name, value in call.options.items() if "{{" not in str(value)}
    optional = {name: {**option, "required": False} for name, option in options.items()}
    checked = ArgumentSpecValidator(optional).validate(plain)
    values = checked.validated_parameters
    parse_labels(values.get("label_selectors") or ())
    for name in (*(values.get("names") or ()), *([values["name"]] if "names" in options and values["name"] else [])):
        parse_target(name)
    return list(checked.error_messages)


def test_commands_give_values_that_are_taken() -> None:
    for file in (*GUIDES, ROOT / "README.md"):
        for call in ad_hoc_calls(text_of(file), file.name):
            assert complaints(call, specification(call.name)) == []


def test_commands_use_options_that_exist() -> None:
    calls = [call for file in (*GUIDES, ROOT / "README.md") for call in ad_hoc_calls(text_of(file), file.name)]
    assert len(calls) > 20
    assert all_faults(calls, lambda name: listed(specification(name))) == []


def listed(options: Options) -> Options:
    """Return options as a command gives them: of a list of choices it names some with commas, of a number a text."""
    return {name: {key: each for key, each in option.items() if key != "elements"} for name, option in options.items()}


def test_what_users_have_today_uses_options_that_exist() -> None:
    calls = [call for example in YAML for call in module_calls(example)]
    peers = [call for call in calls if call.name.startswith(("community.docker.", "kubernetes.core."))]
    options = documented_options("module", *{call.name for call in peers})
    assert len(options) > 5
    assert all_faults(peers, options.__getitem__) == []


def test_plays_set_defaults_that_the_peers_have() -> None:
    calls = [call for example in YAML for call in module_calls(example)]
    groups = {"group/community.docker.docker": "community.docker.docker_container"}
    groups["group/kubernetes.core.k8s"] = "kubernetes.core.k8s_info"
    given = {call.name: call.options for call in calls if call.name.startswith("group/") and not is_ours(call.name)}
    options = documented_options("module", *groups.values())
    assert set(given) == set(groups)
    assert [name for group in groups for name in given[group] if name not in options[groups[group]]] == []


def test_roles_are_given_variables_that_exist() -> None:
    calls = [call for example in YAML for call in role_calls(example)]
    assert {call.name for call in calls} == {f"{COLLECTION}.{role.name}" for role in (ROOT / "roles").iterdir()}
    assert all_faults(calls, role_options) == []


def role_options(name: str) -> Options:
    file = ROOT / "roles" / name.removeprefix(f"{COLLECTION}.") / "meta" / "argument_specs.yml"
    options: Options = yaml.safe_load(text_of(file))["argument_specs"]["main"]["options"]
    return options


def test_inventories_use_options_that_exist() -> None:
    plugin = f"{COLLECTION}.containers"
    sources = [source for example in YAML for source in documents(example) if isinstance(source, dict)]
    calls = [Call(str(source), plugin, source) for source in sources if source.get("plugin") == plugin]
    assert calls
    assert all_faults(calls, documented_options("inventory", plugin).__getitem__) == []
    for call in calls:
        parse_labels(call.options.get("label_selectors") or ())


def test_every_example_is_tasks_or_plays_or_an_inventory_or_defaults() -> None:
    known = {"plugin", "module_defaults"}
    loaded = [document for example in YAML for document in documents(example)]
    assert [each for each in loaded if not isinstance(each, list) and not known & set(each)] == []


def test_commands_run_playbooks_that_exist_with_variables_they_have() -> None:
    calls = [call for file in (*GUIDES, ROOT / "README.md") for call in playbook_calls(text_of(file), file.name)]
    assert calls
    for call in calls:
        source = text_of(ROOT / "playbooks" / f"{call.name}.yml")
        if "change_fleet.yml" in source:
            source += text_of(ROOT / "playbooks" / "change_fleet.yml")
        assert [name for name in call.options if f"{name} | default(" not in source] == []


def test_a_planted_fault_is_found() -> None:
    text = "- nekzus.runtime.nekzus_container:\n    nam: web\n    state: gone\n    filters: {status: [well]}\n"
    found = all_faults(module_calls(Example("planted", 1, "yaml+jinja", text)), own)
    assert [fault.partition("nekzus_container: ")[2].partition(" of ")[0] for fault in found] == [
        "there is no option nam",
        "state is none",
        "filters.status is none",
    ]
    command = "ansible localhost -m nekzus.runtime.nekzus_logs -a 'nam=web'"
    assert all_faults(ad_hoc_calls(command, "planted"), specification) == [
        "planted: nekzus_logs: there is no option nam"
    ]
