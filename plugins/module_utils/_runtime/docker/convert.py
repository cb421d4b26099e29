# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Docker's objects as the core's. Pure, and content with fields that are missing or null.

The shapes are those of https://docs.docker.com/reference/api/engine/ (ContainerList, ContainerInspect).
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..details import ContainerConfig, ContainerDetails, Mount, Network, NetworkSettings, Process, Resources
from ..mask import MASK, SEARCHABLE_LENGTH, mask_command, mask_env, mask_text, secret_values, split_env
from ..shape import flag, mapping, number, objects, text, text_mapping, texts
from ..types import Container, ContainerID, Port, RuntimeType, State
from .labels import secret_variables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SHORT_ID_LENGTH = 12
COMPOSE_PROJECT = "com.docker.compose.project"
# In microseconds, where a quota comes without a period.
DEFAULT_CPU_PERIOD = 100_000

# Docker's words, then those that only Podman's Docker-compatible API says.
_STATES: Mapping[str, State] = {
    "running": State.RUNNING,
    "paused": State.PAUSED,
    "restarting": State.RESTARTING,
    "created": State.STOPPED,
    "exited": State.STOPPED,
    "removing": State.STOPPED,
    "dead": State.FAILED,
    "configured": State.STOPPED,
    "initialized": State.STOPPED,
    # Ended, and Podman has yet to see whether its restart policy starts it again: exited follows, or running.
    "stopped": State.RESTARTING,
    "stopping": State.RUNNING,
}


# What is said of health where there is no check, and where it passes.
_WELL = ("", "none", "healthy")


def state_of(word: str) -> State:
    """Return the state for Docker's word; one that nobody has met yet is pending, its word stands in the status."""
    return _STATES.get(word.lower(), State.PENDING)


def container(record: Mapping[str, Any]) -> Container:
    """Return the container of an entry of a container list."""
    identifier = text(record, "Id")
    labels = text_mapping(record, "Labels")
    name = _name(texts(record, "Names")) or identifier[:SHORT_ID_LENGTH]
    state = state_of(text(record, "State"))
    status = text(record, "Status") or text(record, "State")
    return Container(
        address=str(ContainerID(RuntimeType.DOCKER, name)),
        id=identifier,
        short_id=identifier[:SHORT_ID_LENGTH],
        runtime=RuntimeType.DOCKER,
        namespace="",
        name=name,
        image=text(record, "Image"),
        state=state,
        status=status,
        created=_created(record.get("Created")),
        ports=_ports(record),
        labels=labels,
        compose_project=labels.get(COMPOSE_PROJECT),
        ready=_ready(record, state, status),
    )


def _ready(record: Mapping[str, Any], state: State, status: str) -> bool | None:
    if state is not State.RUNNING or "(unhealthy)" in status or "(health: starting)" in status:
        return False
    # An entry of Podman's list has the keys of an inspection, and tells nothing of health.
    return True if "Config" not in record or "(healthy)" in status else None


def _name(names: tuple[str, ...]) -> str:
    """Return the container's own name: a link's alias is listed too, as ``/other/alias``."""
    own = [name.lstrip("/") for name in names if "/" not in name.lstrip("/")]
    return own[0] if own else ""


def _created(value: Any) -> datetime | None:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return None
    try:
        return datetime.fromtimestamp(value, tz=timezone.utc)
    except (OverflowError, ValueError, OSError):  # no moment of a calendar
        return None


def _ports(record: Mapping[str, Any]) -> tuple[Port, ...]:
    found = {
        Port(text(port, "IP") or None, number(port, "PrivatePort") or 0, number(port, "PublicPort"), text(port, "Type"))
        for port in objects(record, "Ports")
    }
    return tuple(
        sorted(found, key=lambda port: (port.private_port, port.protocol, port.public_port or 0, port.ip or ""))
    )


def details(document: Mapping[str, Any]) -> ContainerDetails:
    """Return what a container's inspection says, with secrets masked."""
    process = _process(document)
    config = ContainerConfig(
        env=process.env,
        cmd=process.cmd,
        args=process.args,
        user=process.user,
        working_dir=process.working_dir,
        containers=(process,),
    )
    return ContainerDetails(
        restarts=number(document, "RestartCount"),
        ready=state_of(text(document, "State", "Status")) is State.RUNNING and health_of(document) in _WELL,
        config=config,
        network_settings=_network_settings(document),
        mounts=_mounts(document),
        raw=_masked(document),
    )


def health_of(document: Mapping[str, Any]) -> str:
    """Return the health check's word on an inspected container, empty when it has none."""
    return text(document, "State", "Health", "Status")


def environment(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables of an inspected container, unmasked: never for a result."""
    return split_env(texts(document, "Config", "Env"))


def own_secrets(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values of an inspected container that must not appear anywhere, longest first.

    Those of a deployment are known by a label too, whatever their variables are called.
    """
    variables = environment(document)
    named = {name: variables.get(name, "") for name in secret_variables(text_mapping(document, "Config", "Labels"))}
    found = {*secret_values(variables), *(value for value in named.values() if len(value) >= SEARCHABLE_LENGTH)}
    return tuple(sorted(found, key=len, reverse=True))


def _shown_environment(document: Mapping[str, Any]) -> dict[str, str]:
    named = secret_variables(text_mapping(document, "Config", "Labels"))
    return {name: MASK if name in named else value for name, value in mask_env(environment(document)).items()}


def own_environment(document: Mapping[str, Any], image: Mapping[str, Any]) -> dict[str, str]:
    """Return the variables that a container has neither of its image nor of Podman, which adds some at its start."""
    given = split_env(texts(image, "Config", "Env"))
    if is_podmans(document):
        home = "/root" if text(document, "Config", "User") in ("", "0", "root", "0:0") else "/"
        hostname = text(document, "Config", "Hostname")
        given = {"container": "podman", "HOSTNAME": hostname, "HOME": home, "TERM": "xterm", **given}
    return {name: value for name, value in environment(document).items() if given.get(name) != value}


def is_podmans(document: Mapping[str, Any]) -> bool:
    """Tell whether it is of Podman, which tells every container so; an inspection has no other sign of it."""
    return environment(document).get("container") == "podman"


def _process(document: Mapping[str, Any]) -> Process:
    path = text(document, "Path")
    line = _command(document, ((path,) if path else ()) + texts(document, "Args"))
    return Process(
        name=text(document, "Name").lstrip("/"),
        image=text(document, "Config", "Image"),
        env=_shown_environment(document),
        cmd=line[:1] if path else (),
        args=line[1:] if path else line,
        user=text(document, "Config", "User"),
        working_dir=text(document, "Config", "WorkingDir"),
        limits=Resources(_cpu_limit(document), _positive(document, "Memory")),
        requests=Resources(memory_bytes=_positive(document, "MemoryReservation")),
    )


def _cpu_limit(document: Mapping[str, Any]) -> float | None:
    """Return the cores it may use: https://docs.docker.com/engine/containers/resource_constraints/#cpu."""
    nano = _positive(document, "NanoCpus")
    if nano:
        return nano / 10**9
    quota = _positive(document, "CpuQuota")
    return quota / (_positive(document, "CpuPeriod") or DEFAULT_CPU_PERIOD) if quota else None


def _positive(document: Mapping[str, Any], key: str) -> int | None:
    """Return a limit; 0 and -1 say that there is none."""
    found = number(document, "HostConfig", key)
    return found if found and found > 0 else None


def _command(document: Mapping[str, Any], words: Sequence[str]) -> tuple[str, ...]:
    """Return a command line without secrets: neither those that it names, nor those of the environment."""
    secrets = own_secrets(document)
    return tuple(mask_text(word, secrets) for word in mask_command(words))


def _network_settings(document: Mapping[str, Any]) -> NetworkSettings:
    networks = tuple(
        _network(name, value) for name, value in sorted(mapping(document, "NetworkSettings", "Networks").items())
    )
    addresses = [network.ip_address for network in networks if network.ip_address]
    return NetworkSettings(
        mode=text(document, "HostConfig", "NetworkMode"),
        hostname=text(document, "Config", "Hostname"),
        ip_address=addresses[0] if addresses else None,
        networks=networks,
    )


def _network(name: str, value: Any) -> Network:
    return Network(
        name=name,
        ip_address=text(value, "IPAddress") or None,
        gateway=text(value, "Gateway") or None,
        mac_address=text(value, "MacAddress") or None,
        aliases=texts(value, "Aliases"),
    )


def _mounts(document: Mapping[str, Any]) -> tuple[Mount, ...]:
    mounts = (
        Mount(
            type=text(mount, "Type"),
            name=text(mount, "Name") or None,
            source=text(mount, "Source"),
            destination=text(mount, "Destination"),
            read_only=not flag(mount, "RW"),
        )
        for mount in objects(document, "Mounts")
    )
    return tuple(sorted(mounts, key=lambda mount: mount.destination))


def _masked(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inspection itself with the secrets of its environment hidden, there and where they are used."""
    config = dict(mapping(document, "Config"))
    if "Env" in config:
        config["Env"] = [f"{name}={value}" for name, value in _shown_environment(document).items()]
    for key in ("Cmd", "Entrypoint"):
        if isinstance(config.get(key), list):
            config[key] = list(_command(document, texts(config, key)))
    check = mapping(config, "Healthcheck")
    if isinstance(check.get("Test"), list):
        config["Healthcheck"] = {**check, "Test": list(_command(document, texts(check, "Test")))}
    masked: dict[str, Any] = {**document, "Config": config}
    if "Args" in document:
        masked["Args"] = list(_process(document).args)
    if objects(document, "State", "Health", "Log"):
        masked["State"] = {**mapping(document, "State"), "Health": _masked_health(document)}
    return masked


def _masked_health(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the health with what the probes wrote, where a connection's address with its password may stand."""
    secrets = own_secrets(document)
    probes = [
        {**probe, "Output": mask_text(text(probe, "Output"), secrets)}
        for probe in objects(document, "State", "Health", "Log")
    ]
    return {**mapping(document, "State", "Health"), "Log": probes}
