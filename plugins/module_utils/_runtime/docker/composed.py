# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A container as a service of a Compose file: what ``body.py`` renders, read the other way. Pure.

What its image says already, and what the daemon fills in by itself, is left out.
https://docs.docker.com/reference/api/engine/ (ContainerInspect, ImageInspect) and
https://github.com/compose-spec/compose-spec/blob/main/05-services.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import flag, mapping, number, objects, text, text_mapping, texts
from ..toolbox.deployment import NAME_LABEL, TEMPLATE_LABEL
from . import convert
from .composed_host import composed_host
from .composed_mounts import composed_mounts
from .composed_network import composed_network
from .labels import (
    ENDS_LABEL,
    FILES_LABEL,
    IDLE_LABEL,
    MAIN_LABEL,
    MANAGER_LABEL,
    SECRET_FILES_LABEL,
    SECRETS_LABEL,
    secret_variables,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..toolbox.placeholders import Placeholders
    from .found import FoundContainer

_OURS = frozenset(
    {NAME_LABEL, TEMPLATE_LABEL, MANAGER_LABEL, MAIN_LABEL, ENDS_LABEL, IDLE_LABEL, SECRETS_LABEL}
    | {FILES_LABEL, SECRET_FILES_LABEL}
)
_COMPOSE = "com.docker.compose."
_NANO = 10**9
_NO_CHECK = ("NONE",)


def composed(
    one: FoundContainer, *, daemon: Mapping[str, Any], services: Mapping[str, str], placeholders: Placeholders
) -> dict[str, Any]:
    """Return the service.

    ``daemon`` is what the daemon says of itself, whose defaults are not written down; ``services`` are the names of
    the services that are written into the same file, by the ids of their containers.
    """
    image = mapping(one.image, "Config")
    config = mapping(one.document, "Config")
    service: dict[str, Any] = {
        "image": text(config, "Image"),
        "container_name": one.name,
        **_process(one, config, image, placeholders),
        "environment": _environment(one, config, placeholders),
        "labels": placeholders.labels(one.service, _labels(config, image)),
        "healthcheck": _health(one, config, image, placeholders),
        **_ports(one.document, image),
        **composed_network(one, services=services),
        **composed_mounts(one),
        **composed_host(mapping(one.document, "HostConfig"), daemon=daemon, services=services),
    }
    return {key: value for key, value in service.items() if value not in (None, "", [], {}) or _is_said(key, value)}


def _is_said(key: str, value: Any) -> bool:
    """Tell whether an empty value says something: that there is no entrypoint where the image has one."""
    return key in ("command", "entrypoint") and value == []


def _process(
    one: FoundContainer, config: Mapping[str, Any], image: Mapping[str, Any], placeholders: Placeholders
) -> dict[str, Any]:
    entrypoint, command = _entrypoint(one.document, texts(image, "Entrypoint")), texts(config, "Cmd")
    is_own = entrypoint != texts(image, "Entrypoint") or (not command and bool(texts(image, "Cmd")))
    # An entrypoint of one's own takes the command of the image away.
    is_said = bool(command) if is_own else command != texts(image, "Cmd")
    hostname, domain = text(config, "Hostname"), text(config, "Domainname")
    grace = number(config, "StopTimeout")
    fields = {
        "entrypoint": placeholders.words(one.service, entrypoint, "entrypoint") if is_own else None,
        "command": placeholders.words(one.service, command, "command") if is_said else None,
        "user": _unless(text(config, "User"), text(image, "User")),
        "working_dir": _unless(text(config, "WorkingDir"), text(image, "WorkingDir")),
        # Containers that share the network of another or of the host have its name.
        "hostname": hostname if hostname != one.id[:12] and _has_own_name(one.document) else "",
        "domainname": domain,
        "mac_address": text(config, "MacAddress"),
        "tty": flag(config, "Tty") or None,
        "stdin_open": flag(config, "OpenStdin") or None,
        "stop_signal": _unless(text(config, "StopSignal"), text(image, "StopSignal") or "SIGTERM"),
        "stop_grace_period": None if grace is None else f"{grace}s",
    }
    return {key: value for key, value in fields.items() if value not in (None, "")}


def _entrypoint(document: Mapping[str, Any], usual: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of the entrypoint; Podman tells them as one text."""
    words = texts(document, "Config", "Entrypoint")
    if len(words) == 1 and convert.is_podmans(document):
        return usual if words[0] == " ".join(usual) else tuple(words[0].split())
    return words


def _has_own_name(document: Mapping[str, Any]) -> bool:
    mode = text(document, "HostConfig", "NetworkMode")
    return mode != "host" and not mode.startswith("container:")


def _unless(value: str, usual: str) -> str:
    return "" if value == usual else value


def _environment(one: FoundContainer, config: Mapping[str, Any], placeholders: Placeholders) -> dict[str, str]:
    own = convert.own_environment(one.document, one.image)
    return placeholders.environment(one.service, own, secret_variables(text_mapping(config, "Labels")))


def _labels(config: Mapping[str, Any], image: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels that the image does not have and that no deployment has put there."""
    given = text_mapping(image, "Labels")
    return {
        name: value
        for name, value in text_mapping(config, "Labels").items()
        if given.get(name) != value and name not in _OURS and not name.startswith(_COMPOSE)
    }


def _health(
    one: FoundContainer, config: Mapping[str, Any], image: Mapping[str, Any], placeholders: Placeholders
) -> dict[str, Any]:
    check = mapping(config, "Healthcheck")
    if not check or check == mapping(image, "Healthcheck"):
        return {}
    if texts(check, "Test") == _NO_CHECK:
        return {"disable": True}
    times = {"interval": "Interval", "timeout": "Timeout", "start_period": "StartPeriod"}
    times["start_interval"] = "StartInterval"
    found: dict[str, Any] = {"test": placeholders.words(one.service, texts(check, "Test"), "healthcheck")}
    found.update({key: _seconds(number(check, name) or 0) for key, name in times.items()})
    found["retries"] = number(check, "Retries") or None
    return {key: value for key, value in found.items() if value}


def _seconds(nanoseconds: int) -> str:
    """Return a duration as Compose writes it: 30s, 1.5s."""
    return f"{nanoseconds / _NANO:.9f}".rstrip("0").rstrip(".") + "s" if nanoseconds else ""


def _ports(document: Mapping[str, Any], image: Mapping[str, Any]) -> dict[str, list[str]]:
    published = [
        _port(target, binding)
        for target in sorted(mapping(document, "HostConfig", "PortBindings"))
        for binding in objects(document, "HostConfig", "PortBindings", target)
    ]
    bound = frozenset(mapping(document, "HostConfig", "PortBindings"))
    exposed = frozenset(mapping(document, "Config", "ExposedPorts"))
    if flag(document, "HostConfig", "PublishAllPorts"):
        return {"ports": [*published, *map(_bare, sorted(exposed - bound))]}
    own = exposed - bound - frozenset(mapping(image, "ExposedPorts"))
    return {"ports": published, "expose": list(map(_bare, sorted(own)))}


def _port(target: str, binding: Mapping[str, Any]) -> str:
    """Return a port in the short form: 8080:80, 127.0.0.1:53:53/udp, 80 for any free one."""
    address, place = text(binding, "HostIp"), text(binding, "HostPort")
    place = "" if place == "0" else place
    address = "" if address == "0.0.0.0" else address  # noqa: S104 - all addresses need no word
    host = f"[{address}]:" if ":" in address else f"{address}:" if address else ""
    return f"{host}{place}:{_bare(target)}" if host or place else _bare(target)


def _bare(port: str) -> str:
    return port.removesuffix("/tcp")
