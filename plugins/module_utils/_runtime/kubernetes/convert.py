# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What Kubernetes' objects say, in the core's words. Pure.

The shapes are those of https://kubernetes.io/docs/reference/kubernetes-api/ (Pod, and the pod templates of workloads).
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from ..details import ContainerConfig, ContainerDetails, Mount, Network, NetworkSettings, Process, Resources
from ..mask import MASK, mask_command, mask_text, mask_value, secret_values
from ..shape import flag, mapping, number, objects, text, text_mapping, texts
from ..types import Container, ContainerID, Owner, Port, RuntimeType
from .owners import apparent_owner
from .pod import read_pod
from .quantity import cores, size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .owners import Reference
    from .workload import Workload

# What Compose calls the project of a container, pods that come of a Compose file have too.
COMPOSE_PROJECT = "com.docker.compose.project"
_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"


def container(document: Mapping[str, Any]) -> Container:
    """Return the container of a pod's object."""
    pod = read_pod(document)
    spec = mapping(document, "spec")
    return Container(
        address=str(ContainerID(RuntimeType.KUBERNETES, pod.name, pod.namespace)),
        id=pod.name,
        short_id=pod.name,
        runtime=RuntimeType.KUBERNETES,
        namespace=pod.namespace,
        name=pod.name,
        image=_image(spec),
        state=pod.state,
        status=pod.status,
        created=_moment(text(document, "metadata", "creationTimestamp")),
        ports=_ports(spec, text(document, "status", "podIP") or None),
        labels=text_mapping(document, "metadata", "labels"),
        compose_project=text_mapping(document, "metadata", "labels").get(COMPOSE_PROJECT),
        owner=_owner(apparent_owner(document)),
        node=text(spec, "nodeName") or None,
        restarts=pod.restarts,
        ready=pod.ready,
        process=pod.containers[0].name if pod.containers else "",
        handle=pod,
    )


def workload_container(workload: Workload) -> Container:
    """Return the one container that stands for a workload, whatever pods it has."""
    identity = ContainerID(RuntimeType.KUBERNETES, workload.name, workload.namespace, workload.resource.word)
    spec = pod_spec(workload.document)
    return Container(
        address=str(identity),
        id=workload.name,
        short_id=workload.name,
        runtime=RuntimeType.KUBERNETES,
        namespace=workload.namespace,
        name=workload.name,
        image=_image(spec),
        state=workload.state,
        status=workload.status,
        created=_moment(text(workload.document, "metadata", "creationTimestamp")),
        ports=_ports(spec, None),
        labels=workload.labels,
        compose_project=workload.labels.get(COMPOSE_PROJECT),
        # It stands for its pods: what selects them by their owner selects it when they are gone.
        owner=owner(workload),
        ready=workload.is_up and not workload.is_stopped,
        handle=workload,
    )


def pod_spec(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the specification of pods in an object: its own, that of its template, or of its Job's template."""
    spec = mapping(document, "spec")
    if "containers" in spec:
        return spec
    job = mapping(spec, "jobTemplate", "spec")
    return mapping(job or spec, "template", "spec")


def owner(workload: Workload) -> Owner:
    """Return a workload as the owner it is to its pods."""
    return Owner(workload.resource.kind, workload.name, workload.resource.api_version)


def _owner(reference: Reference | None) -> Owner | None:
    return Owner(reference.kind, reference.name, reference.api_version) if reference else None


def _image(spec: Mapping[str, Any]) -> str:
    containers = objects(spec, "containers")
    return text(containers[0], "image") if containers else ""


def _moment(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except ValueError:
        return None


def _ports(spec: Mapping[str, Any], address: str | None) -> tuple[Port, ...]:
    found = {
        Port(
            ip=text(port, "hostIP") or address,
            private_port=number(port, "containerPort") or 0,
            public_port=number(port, "hostPort"),
            protocol=(text(port, "protocol") or "TCP").lower(),
        )
        for each in objects(spec, "containers")
        for port in objects(each, "ports")
    }
    return tuple(sorted(found, key=lambda port: (port.private_port, port.protocol, port.public_port or 0)))


def details(document: Mapping[str, Any]) -> ContainerDetails:
    """Return what the object of a pod or a workload says of how it is set up, with secrets masked."""
    spec = pod_spec(document)
    secrets = environment_secrets(document)
    processes = tuple(_process(each, spec, secrets) for each in objects(spec, "containers"))
    first = processes[0] if processes else Process("", "", {}, (), (), "", "")
    pod = read_pod(document) if "containers" in mapping(document, "spec") else None
    return ContainerDetails(
        restarts=pod.restarts if pod else None,
        ready=pod.ready if pod else None,
        config=ContainerConfig(first.env, first.cmd, first.args, first.user, first.working_dir, processes),
        network_settings=_network_settings(document, spec),
        mounts=tuple(_mounts(spec)),
        raw=masked(document),
    )


def _plain_env(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the variables whose values stand in the object itself."""
    spec = pod_spec(document)
    for each in objects(spec, "initContainers") + objects(spec, "containers") + objects(spec, "ephemeralContainers"):
        for variable in objects(each, "env"):
            if "value" in variable:
                yield text(variable, "name"), text(variable, "value")


def _process(each: Mapping[str, Any], spec: Mapping[str, Any], secrets: tuple[str, ...]) -> Process:
    context = {**mapping(spec, "securityContext"), **mapping(each, "securityContext")}
    user = number(context, "runAsUser")
    line = _command_line(each, secrets)
    return Process(
        name=text(each, "name"),
        image=text(each, "image"),
        env={text(variable, "name"): _value(variable) for variable in objects(each, "env")},
        cmd=line["command"],
        args=line["args"],
        user="" if user is None else str(user),
        working_dir=text(each, "workingDir"),
        limits=_resources(mapping(each, "resources", "limits")),
        requests=_resources(mapping(each, "resources", "requests")),
    )


def _value(variable: Mapping[str, Any]) -> str:
    """Return a variable's value, masked, or where it comes from: ``secret db, key password``."""
    if "value" in variable:
        return mask_value(text(variable, "name"), text(variable, "value"))
    source = mapping(variable, "valueFrom")
    for key, word in (("secretKeyRef", "secret"), ("configMapKeyRef", "config map")):
        if key in source:
            return f"({word} {text(source, key, 'name')}, key {text(source, key, 'key')})"
    for key, path in (("fieldRef", "fieldPath"), ("resourceFieldRef", "resource")):
        if key in source:
            return f"(field {text(source, key, path)})"
    return ""


def _resources(values: Mapping[str, Any]) -> Resources:
    return Resources(cores(values.get("cpu")), size(values.get("memory")))


def _network_settings(document: Mapping[str, Any], spec: Mapping[str, Any]) -> NetworkSettings:
    address = text(document, "status", "podIP") or None
    mode = "host" if flag(spec, "hostNetwork") else "pod"
    return NetworkSettings(
        mode=mode,
        hostname=text(spec, "hostname") or text(document, "metadata", "name"),
        ip_address=address,
        networks=(Network(mode, address, None, None),) if address else (),
    )


def _mounts(spec: Mapping[str, Any]) -> Iterator[Mount]:
    volumes = {text(volume, "name"): volume for volume in objects(spec, "volumes")}
    for each in objects(spec, "containers"):
        for mount in objects(each, "volumeMounts"):
            name = text(mount, "name")
            kind, source = _source(volumes.get(name, {}))
            yield Mount(kind, name, source, text(mount, "mountPath"), flag(mount, "readOnly"))


def _source(volume: Mapping[str, Any]) -> tuple[str, str]:
    """Return the kind of a volume and what it holds: a claim, a path, the name of a Secret."""
    kind = next((key for key in volume if key != "name"), "")
    content = mapping(volume, kind)
    names = ("claimName", "secretName", "name", "path", "server", "driver")
    return kind, next((text(content, key) for key in names if text(content, key)), "")


def masked(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with its secrets hidden: those of its environments and command lines, wherever they stand."""
    hidden: dict[str, Any] = _masked(document, environment_secrets(document))
    return hidden


def secret_names(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what would be hidden: the names of variables, ``the command line of NAME``, or that there is more."""
    found = {name for name, value in _plain_env(document) if mask_value(name, value) != value}
    for each in objects(pod_spec(document), "initContainers") + objects(pod_spec(document), "containers"):
        if any(_command_line(each, ())[key] != texts(each, key) for key in ("command", "args")):
            found.add(f"the command line of {text(each, 'name')}")
    if not found and masked(document) != document:
        found.add("the passwords in its manifest")
    return tuple(sorted(found))


def environment_secrets(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values that must not show in a log line, unmasked: never for a result."""
    # One by one: containers may have variables of one name.
    found = {value for name, content in _plain_env(document) for value in secret_values({name: content})}
    return tuple(sorted(found, key=len, reverse=True))


def _masked(value: Any, secrets: tuple[str, ...], key: str = "") -> Any:
    if isinstance(value, dict):
        if isinstance(value.get("name"), str) and isinstance(value.get("value"), str):
            return {**value, "value": mask_text(mask_value(value["name"], value["value"]), secrets)}
        hidden = {name: _masked(each, secrets, name) for name, each in value.items()}
        lines = _command_line(value, secrets).items()
        lists = {name: list(words) for name, words in lines if isinstance(value.get(name), list)}
        return {**hidden, **{name: words for name, words in lists.items() if len(words) == len(value[name])}}
    if isinstance(value, list):
        return [_masked(each, secrets) for each in value]
    if not isinstance(value, str) or key == "image":
        return value
    return _masked_applied(value, secrets) if key == _LAST_APPLIED else mask_text(value, secrets)


def _command_line(each: Mapping[str, Any], secrets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return a container's command and arguments, masked as one: a flag may be in one and its value in the other."""
    command = texts(each, "command")
    length = len(command)
    words = [mask_text(word, secrets) for word in mask_command((*command, *texts(each, "args")))]
    return {"command": tuple(words[:length]), "args": tuple(words[length:])}


def _masked_applied(written: str, secrets: tuple[str, ...]) -> str:
    """Return the manifest that kubectl keeps in an annotation, with its secrets hidden."""
    try:
        document = json.loads(written)
        hidden = _masked(document, secrets)
        return written if hidden == document else json.dumps(hidden)
    except RecursionError:  # no manifest is nested so deeply
        return MASK
    except ValueError:
        return mask_text(written, secrets)
