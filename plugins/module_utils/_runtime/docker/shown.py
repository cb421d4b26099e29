# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a diff shows of the objects of a deployment, without secrets. Pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..mask import MASK, mask_command, mask_env, mask_text, secret_values, split_env
from ..shape import mapping, text, text_mapping, texts

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .render import WantedContainer, WantedObject
    from .snapshot import PresentObject

# Labels that differ whenever anything else does.
_NOISE = ("com.docker.compose.", "nekzus.io/", "app.kubernetes.io/")
_COMMANDS = ("Cmd", "Entrypoint")


def shown_wanted(wanted: WantedContainer, *, secrets: Sequence[str]) -> dict[str, Any]:
    """Return what a container will be made like."""
    body = {**wanted.body, "Files": [file.summary for file in wanted.files if not _is_secret(wanted, file.path)]}
    hidden = [file.path for file in wanted.files if _is_secret(wanted, file.path)]
    shown = _shown(body, wanted.spec.secret, (*secrets, *wanted.secrets))
    return {**shown, **({"Secrets": hidden} if hidden else {})}


def _is_secret(wanted: WantedContainer, path: str) -> bool:
    return any(mount.secret and mount.target == path for mount in wanted.spec.files)


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
    body["HostConfig"] = {key: host[key] for key in sorted(keys) if host.get(key)}
    return _shown(
        body, wanted.spec.secret, (*secrets, *wanted.secrets, *secret_values(split_env(texts(config, "Env"))))
    )


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
    masked: dict[str, Any] = _without({key: value for key, value in shown.items() if value}, tuple(secrets))
    return masked


def _without(value: Any, secrets: tuple[str, ...]) -> Any:
    """Return a document with secrets hidden wherever they stand."""
    if isinstance(value, str):
        return mask_text(value, secrets)
    if isinstance(value, dict):
        return {key: _without(item, secrets) for key, item in value.items()}
    return [_without(item, secrets) for item in value] if isinstance(value, (list, tuple)) else value


def shown_object(wanted: WantedObject) -> dict[str, Any]:
    """Return what a network or volume will be made like."""
    labels = {key: value for key, value in wanted.body["Labels"].items() if not key.startswith(_NOISE)}
    body = {key: value for key, value in wanted.body.items() if key not in ("Labels", "Name")}
    if "DriverOpts" in body:
        body["DriverOpts"] = mask_env(body["DriverOpts"])
    return json.loads(json.dumps({**body, **({"Labels": labels} if labels else {})}))  # type: ignore[no-any-return]


def shown_labels(present: PresentObject) -> dict[str, Any]:
    """Return what is known of a network or volume that is there."""
    labels = {key: value for key, value in present.labels.items() if not key.startswith(_NOISE)}
    return {"Labels": labels} if labels else {}


def image_of(document: Mapping[str, Any]) -> str:
    """Return the id of the image of an inspected container."""
    return text(document, "Image")
