# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a diff shows of the objects of a deployment, without secrets. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..mask import MASK, mask_command, mask_env, split_env
from ..shape import mapping, text, text_mapping, texts
from ..toolbox.hiding import hidden
from .convert import own_secrets
from .labels import FILES_LABEL, HASH, SECRET_FILES_LABEL

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .render import WantedContainer, WantedObject
    from .snapshot import PresentObject

# Labels that differ whenever anything else does.
_NOISE = ("com.docker.compose.", "nekzus.io/", "app.kubernetes.io/")
# What is said of a network or volume when it is not as usual.
_MADE_LIKE = ("Driver", "Internal", "Attachable", "EnableIPv6")
_COMMANDS = ("Cmd", "Entrypoint")
_CHANGED = f"{MASK} (changed)"


def shown_wanted(wanted: WantedContainer, *, secrets: Sequence[str]) -> dict[str, Any]:
    """Return what a container will be made like."""
    body = {**wanted.body, **_files(text_mapping(wanted.body, "Labels"))}
    return _shown(body, wanted.spec.secret, (*secrets, *wanted.secrets))


def _files(labels: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what was put into a container with these labels."""
    return {
        "Files": labels.get(FILES_LABEL, "").splitlines(),
        "Secrets": labels.get(SECRET_FILES_LABEL, "").splitlines(),
    }


def shown_present(
    document: Mapping[str, Any], image: Mapping[str, Any], wanted: WantedContainer, *, secrets: Sequence[str]
) -> dict[str, Any]:
    """Return what an inspected container is made like, of that what is said of the ``wanted`` one.

    The environment and labels of its ``image`` are left out.
    """
    config, host = mapping(document, "Config"), mapping(document, "HostConfig")
    body: dict[str, Any] = {key: config[key] for key in (*wanted.body, "Env", "Labels") if config.get(key)}
    inherited = set(texts(image, "Config", "Env"))
    body["Env"] = [line for line in texts(config, "Env") if line not in inherited]
    keys = {*mapping(wanted.body, "HostConfig"), "Binds", "Mounts", "PortBindings"}
    said = mapping(wanted.body, "HostConfig")
    body["HostConfig"] = {key: _as_said(host[key], said.get(key)) for key in sorted(keys) if host.get(key)}
    body.update(_files(text_mapping(config, "Labels")))
    return _shown(body, wanted.spec.secret, (*secrets, *wanted.secrets, *own_secrets(document)))


def telling_secrets(
    before: Mapping[str, Any], after: Mapping[str, Any], document: Mapping[str, Any], wanted: WantedContainer
) -> Mapping[str, Any]:
    """Return what a container will be made like, with a word where a secret is another one than ``document`` has."""
    present, values = split_env(texts(document, "Config", "Env")), wanted.spec.environment
    others = {name: _CHANGED for name in wanted.spec.secret if present.get(name, values[name]) != values[name]}
    if others:
        return {**after, "Env": {**after["Env"], **others}}
    # Of secret files nothing is kept that would tell one from another.
    is_other = text_mapping(document, "Config", "Labels").get(HASH) != wanted.digest
    if after == before and is_other and "Secrets" in after:
        return {**after, "Secrets": [*after["Secrets"], "(changed)"]}
    return after


def _as_said(value: Any, said: Any) -> Any:
    """Return a value without what a daemon adds to it that says nothing."""
    if not isinstance(value, dict) or not isinstance(said, dict):
        return value
    return {key: item for key, item in value.items() if item or key in said}


def _shown(body: Mapping[str, Any], secret_names: Collection[str], secrets: Sequence[str]) -> dict[str, Any]:
    shown = {key: value for key, value in body.items() if key not in ("HostConfig", "NetworkingConfig") and value}
    if "Env" in shown:
        variables = mask_env(split_env(texts(body, "Env")))
        shown["Env"] = {name: MASK if name in secret_names else variables[name] for name in sorted(variables)}
    if "Labels" in shown:
        labels = text_mapping(body, "Labels")
        shown["Labels"] = {key: labels[key] for key in sorted(labels) if not key.startswith(_NOISE)}
    for key in _COMMANDS:
        if key in shown:
            shown[key] = list(mask_command(texts(body, key)))
    if isinstance(shown.get("Healthcheck"), dict) and texts(shown["Healthcheck"], "Test"):
        shown["Healthcheck"] = {**shown["Healthcheck"], "Test": list(mask_command(texts(shown["Healthcheck"], "Test")))}
    shown.update(mapping(body, "HostConfig"))
    masked: dict[str, Any] = hidden({key: value for key, value in shown.items() if value}, tuple(secrets))
    return masked


def shown_object(wanted: WantedObject) -> dict[str, Any]:
    """Return what a network or volume will be made like."""
    labels = {key: value for key, value in wanted.body["Labels"].items() if not key.startswith(_NOISE)}
    body = {key: value for key, value in wanted.body.items() if key not in ("Labels", "Name")}
    if "DriverOpts" in body:
        body["DriverOpts"] = mask_env(body["DriverOpts"])
    return json.loads(json.dumps({**body, **({"Labels": labels} if labels else {})}))  # type: ignore[no-any-return]


def shown_there(present: PresentObject, wanted: WantedObject | None) -> dict[str, Any]:
    """Return what a network or volume is made like, of that what a daemon does not say of every one."""
    labels = {key: value for key, value in present.labels.items() if not key.startswith(_NOISE)}
    said = {*_MADE_LIKE, *(wanted.body if wanted else ())} - {"Labels", "Name"}
    body = {key: present.record[key] for key in sorted(said) if present.record.get(key)}
    return {**body, **({"Labels": labels} if labels else {})}


def image_of(document: Mapping[str, Any]) -> str:
    """Return the id of the image of an inspected container."""
    return text(document, "Image")
