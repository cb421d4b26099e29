# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWX would not take of assets, told in words. Pure."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from . import awx_shape as shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Assets = dict[str, list[dict[str, Any]]]


def complaints(assets: Assets) -> list[str]:
    """Return what is wrong with assets."""
    return [
        *(f"{each} is nothing that is imported" for each in assets if each not in shape.RESOURCES),
        *(
            f"{kind} {asset.get('name')}: {words}"
            for kind, listed in assets.items()
            if kind in shape.RESOURCES
            for asset in listed
            for words in _asset(asset, shape.RESOURCES[kind], _keys(assets))
        ),
    ]


def _keys(assets: Assets) -> list[dict[str, Any]]:
    return [*shape.THERE_BEFORE, *(asset.get("natural_key", {}) for listed in assets.values() for asset in listed)]


def _asset(asset: dict[str, Any], resource: shape.Resource, known: Sequence[dict[str, Any]]) -> Iterator[str]:
    fields = {key: value for key, value in asset.items() if key not in ("natural_key", "related", *resource.references)}
    yield from _typed(fields, resource.required, resource.optional)
    for name, kind in resource.references.items():
        key = asset.get(name, {})
        yield from (f"{name}: {words}" for words in _natural_key(key, kind))
        if key not in known:
            yield f"{name} is none that there is"
    key = asset.get("natural_key", {})
    yield from (f"natural_key: {words}" for words in _natural_key(key, resource.word))
    yield from (
        f"natural_key has another {name}" for name in resource.key if name in asset and key.get(name) != asset[name]
    )
    if resource.word == "credential_type":
        yield from credential_type(asset)
    for name, value in asset.get("related", {}).items():
        yield from (f"{name}: {words}" for words in _related(value, resource.related.get(name, ""), known))


def _related(value: Any, kind: str, known: Sequence[dict[str, Any]]) -> Iterator[str]:
    if kind == "survey_spec":
        yield from survey(value)
    elif kind:
        for each in value:
            yield from _asset(each, shape.RESOURCES[kind], known)
    else:
        yield "is not related"


def _natural_key(key: Mapping[str, Any], kind: str) -> Iterator[str]:
    """Tell what a natural key lacks: it has the type, and all parts, which are texts or natural keys."""
    if key.get("type") != kind:
        yield f"is of {key.get('type')}, not of {kind}"
    elif set(key) != {"type", *shape.KEYS[kind]}:
        yield f"has {', '.join(key)}"
    else:
        for part in shape.KEYS[kind]:
            if isinstance(key[part], dict):
                yield from (f"{part} {words}" for words in _natural_key(key[part], part))


def _typed(fields: Mapping[str, Any], required: Mapping[str, type], optional: Mapping[str, type]) -> Iterator[str]:
    yield from (f"{name} is missing" for name in required if name not in fields)
    for name, value in fields.items():
        expected = {**required, **optional}.get(name)
        if expected is None:
            yield f"{name} is not a field"
        elif not is_exactly(value, expected):
            yield f"{name} is not a {expected.__name__}"


def is_exactly(value: object, kind: type) -> bool:
    """Tell whether a value is of a JSON type: true is no number, whatever Python says."""
    return isinstance(value, kind) and isinstance(value, bool) == (kind is bool)


def credential_type(asset: Mapping[str, Any]) -> Iterator[str]:
    """Tell what AWX would not take of a credential type."""
    if asset["kind"] not in shape.KINDS:
        yield f"kind is {asset['kind']}"
    yield from _typed(asset["inputs"], {}, shape.INPUTS)
    fields = asset["inputs"].get("fields", [])
    for each in fields:
        yield from (f"field {each.get('id')}: {words}" for words in _field(each))
    names = [str(each.get("id")) for each in fields]
    yield from (f"field {name} is there twice" for name in sorted({name for name in names if names.count(name) > 1}))
    yield from (
        f"{name} is required, and no field" for name in asset["inputs"].get("required", []) if name not in names
    )
    yield from _injectors(asset["injectors"], names)


def _field(each: Mapping[str, Any]) -> Iterator[str]:
    optional = {**shape.FIELD_OPTIONAL, "default": shape.FIELD_TYPES.get(str(each.get("type")), str)}
    yield from _typed(each, shape.FIELD_REQUIRED, optional)
    if not re.fullmatch(shape.NAME, str(each.get("id"))) or each.get("id") == shape.RESERVED_FIELD:
        yield "its name cannot be one"
    if each.get("type") not in shape.FIELD_TYPES:
        yield f"type is {each.get('type')}"
    if each.get("type") != "string":
        yield from (f"{key} is of texts only" for key in shape.OF_TEXTS_ONLY if key in each)


def _injectors(injectors: Mapping[str, Mapping[str, str]], fields: Sequence[str]) -> Iterator[str]:
    yield from (f"{kind} is no injector" for kind in injectors if kind not in shape.INJECTORS)
    files = injectors.get("file", {})
    for name in files:
        if not re.fullmatch(shape.MANY_FILES, name) and list(files) != [shape.ONE_FILE]:
            yield f"file {name} is neither the only one nor one of many"
    for name, template in injectors.get("env", {}).items():
        if not re.fullmatch(shape.NAME, name) or not template.isascii():
            yield f"env {name} is none"
        if name.startswith(shape.FORBIDDEN_PREFIX) or name in shape.FORBIDDEN:
            yield f"env {name} may not be set"
    for kind, named in injectors.items():
        for name, template in named.items():
            yield from (f"{kind} {name}: {words}" for words in _template(template, fields, files))


def _template(template: str, fields: Sequence[str], files: Mapping[str, str]) -> Iterator[str]:
    """Tell which fields and files a template uses that there are not."""
    names = {name.partition(".")[2]: "FILE" for name in files}
    tower = SimpleNamespace(filename=names.get("") or SimpleNamespace(**names)) if files else SimpleNamespace()
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    try:
        environment.from_string(template).render({**dict.fromkeys(fields, "EXAMPLE"), "tower": tower})
    except TemplateError as error:
        yield str(error)


def survey(spec: Mapping[str, Any]) -> Iterator[str]:
    """Tell what AWX would not take of a survey."""
    yield from _typed(spec, shape.SURVEY, {})
    questions = spec.get("spec", [])
    if not questions:
        yield "asks nothing"
    variables = [each.get("variable") for each in questions]
    yield from (
        f"{name} is asked for twice" for name in sorted({name for name in variables if variables.count(name) > 1})
    )
    for each in questions:
        yield from (f"question {each.get('variable')}: {words}" for words in _question(each))


def _question(each: Mapping[str, Any]) -> Iterator[str]:
    said = {key: value for key, value in each.items() if key not in shape.QUESTION_OPTIONAL}
    yield from _typed(said, shape.QUESTION_REQUIRED, {})
    kind, choices = each.get("type"), each.get("choices", [])
    if kind not in shape.QUESTION_TYPES:
        yield f"type is {kind}"
        return
    yield from (f"{key} is not an int" for key in ("min", "max") if not is_exactly(each.get(key, 0), int))
    if kind in shape.OF_CHOICES and (not choices or not all(isinstance(choice, str) for choice in choices)):
        yield "has no choices"
    if "default" in each:
        yield from (f"default {words}" for words in wrong_answer(each, each["default"]))


def wrong_answer(question: Mapping[str, Any], answer: Any) -> Iterator[str]:
    """Tell what AWX would not take of an answer."""
    kind: str = question["type"]
    expected: Any = shape.QUESTION_TYPES[kind]
    if not isinstance(answer, expected) or isinstance(answer, bool):
        yield f"{answer!r} is not of the type {kind}"
        return
    if kind in shape.OF_CHOICES:
        wrong = [each for each in ([answer] if isinstance(answer, str) else answer) if each not in question["choices"]]
        yield from (f"{each} is not one of the choices" for each in wrong)
    size = len(answer) if kind in shape.OF_LENGTHS else answer if kind in shape.OF_NUMBERS else None
    if size is not None and not question.get("min", size) <= size <= question.get("max", size):
        yield f"{answer!r} is too small or too large"
