# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""One service of a Compose file. Pure.

https://github.com/compose-spec/compose-spec/blob/main/05-services.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .compose_health import read_device_requests, read_health, read_resources, read_restart, read_ulimits
from .compose_mounts import read_mounts, read_tmpfs
from .compose_network import read_attachments
from .compose_ports import read_exposed, read_ports
from .node import Node
from .parts import Condition, Dependency, Device, Logging, PullPolicy
from .spec import ServiceSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

# Keys that are a field of the same name and are taken so.
_TAKEN = {
    "annotations": Node.text_pairs,
    "cap_add": Node.texts,
    "cap_drop": Node.texts,
    "cgroup": Node.text,
    "cgroup_parent": Node.text,
    "command": Node.words,
    "container_name": Node.text,
    "device_cgroup_rules": Node.texts,
    "dns": Node.texts,
    "dns_opt": Node.texts,
    "dns_search": Node.texts,
    "domainname": Node.text,
    "entrypoint": Node.words,
    "group_add": Node.texts,
    "hostname": Node.text,
    "init": Node.flag_or_none,
    "ipc": Node.text,
    "isolation": Node.text,
    "labels": Node.text_pairs,
    "mac_address": Node.text,
    "network_mode": Node.text,
    "oom_kill_disable": Node.flag,
    "oom_score_adj": Node.whole,
    "pid": Node.text,
    "platform": Node.text,
    "privileged": Node.flag,
    "read_only": Node.flag,
    "runtime": Node.text,
    "security_opt": Node.texts,
    "stdin_open": Node.flag,
    "stop_grace_period": Node.seconds,
    "stop_signal": Node.text,
    "storage_opt": Node.text_pairs,
    "sysctls": Node.text_pairs,
    "tty": Node.flag,
    "user": Node.text,
    "userns_mode": Node.text,
    "uts": Node.text,
    "working_dir": Node.text,
}
# Keys that others than this file, or functions below, read.
_READ = frozenset(
    {
        "configs",
        "cpu_period",
        "cpu_quota",
        "cpu_shares",
        "cpus",
        "cpuset",
        "depends_on",
        "deploy",
        "devices",
        "env_file",
    }
    | {"environment", "expose", "external_links", "extra_hosts", "gpus", "healthcheck", "image", "links", "logging"}
    | {"log_driver", "log_opt", "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "networks"}
    | {"pids_limit", "ports", "profiles", "pull_policy", "restart", "scale", "secrets", "shm_size", "tmpfs", "ulimits"}
    | {"volumes", "volumes_from", "extends"}
)
# What cannot be had on any runtime, and what to do instead.
_REFUSED = {
    "blkio_config": "leave it out, or set such limits on the host",
    "build": "build the image, push it to where the runtime can pull it, and name it with image",
    "cpu_count": "it is for Windows, use cpus",
    "cpu_percent": "it is for Windows, use cpus",
    "cpu_rt_period": "leave it out",
    "cpu_rt_runtime": "leave it out",
    "credential_spec": "it is for Windows",
    "label_file": "write the labels under labels",
    "models": "leave it out",
    "post_start": "put it into the command, or into a service of its own",
    "pre_stop": "handle the stop signal in the container",
    "provider": "leave it out",
    "use_api_socket": "mount the socket with volumes",
}
# What is about working with the docker command, or about Swarm.
_SET_ASIDE = {
    "attach": "it is about the output of docker compose up",
    "develop": "it is about developing an image",
}
_SWARM = frozenset(("endpoint_mode", "labels", "mode", "placement", "rollback_config", "update_config"))
_DEPLOY = frozenset(("replicas", "resources", "restart_policy"))
_PULLS = {"always": PullPolicy.ALWAYS, "missing": PullPolicy.MISSING, "if_not_present": PullPolicy.MISSING} | {
    "never": PullPolicy.NEVER,
    "": PullPolicy.MISSING,
}
_AMOUNT, _MOST_REPLICAS = 3, 1000
KEYS = frozenset((*_TAKEN, *_READ, *_REFUSED, *_SET_ASIDE))


def read_service(
    node: Node, environment: Mapping[str, str], secret: frozenset[str], warnings: list[str]
) -> ServiceSpec:
    """Return a service without its files; what it cannot have is noted, what is not heeded becomes a warning."""
    node.check_keys(KEYS)
    for key, hint in _REFUSED.items():
        if node.get(key):
            node.get(key).bad("this key is not supported", f"{key}: {hint}")
    for key, reason in _SET_ASIDE.items():
        if node.get(key):
            warnings.append(f"services.{node.key}.{key} is not heeded: {reason}")
    deploy = _deploy(node, warnings)
    if not node.get("image") and not node.get("build"):
        node.bad("image is missing")
    values: dict[str, Any] = {key: take(node.get(key)) for key, take in _TAKEN.items() if node.get(key)}
    return ServiceSpec(
        name=node.key,
        image=node.get("image").text(),
        keys=tuple(key for key, item in node.entries() if item and not key.startswith("x-")),
        environment=environment,
        secret=secret,
        ports=read_ports(node.get("ports")),
        expose=read_exposed(node.get("expose")),
        mounts=(*read_mounts(node.get("volumes")), *read_tmpfs(node.get("tmpfs"))),
        networks=read_attachments(node),
        depends_on=_dependencies(node),
        links=_links(node.get("links")),
        external_links=_links(node.get("external_links")),
        healthcheck=read_health(node.get("healthcheck")),
        restart=read_restart(node.get("restart"), deploy),
        replicas=_replicas(node, deploy),
        resources=read_resources(node, deploy),
        device_requests=read_device_requests(node, deploy),
        ulimits=tuple(read_ulimits(node.get("ulimits"))),
        extra_hosts=_extra_hosts(node.get("extra_hosts")),
        devices=tuple(_device(item) for item in node.get("devices").items()),
        logging=_logging(node),
        pull_policy=_pull_policy(node.get("pull_policy")),
        **values,
    )


def _deploy(node: Node, warnings: list[str]) -> Node:
    deploy = node.get("deploy")
    deploy.check_keys(_DEPLOY | _SWARM)
    told = [key for key in sorted(_SWARM) if deploy.get(key)]
    # What is there in any case needs no word.
    if told == ["mode"] and deploy.get("mode").value == "replicated":
        return deploy
    warnings.extend(f"services.{node.key}.deploy.{key} is not heeded: it is about Swarm" for key in told)
    return deploy


def _replicas(node: Node, deploy: Node) -> int:
    wanted = deploy.get("replicas") or node.get("scale")
    count = wanted.whole()
    if count is None:
        return 1
    if not 0 <= count <= _MOST_REPLICAS:
        wanted.bad(f"this has to be between 0 and {_MOST_REPLICAS}")
        return 1
    return count


def _dependencies(node: Node) -> tuple[Dependency, ...]:
    """Return what ``depends_on`` says, and what links and shared namespaces need anyway."""
    found: dict[str, Dependency] = {}
    wanted = node.get("depends_on")
    if wanted.is_mapping:
        for name, item in wanted.entries():
            item.check_keys(("condition", "required", "restart"))
            word = item.get("condition").choice([one.value for one in Condition]) or Condition.STARTED.value
            required = item.get("required").flag_or_none() is not False
            found[name] = Dependency(name, Condition(word), required, item.get("restart").flag())
    else:
        found = {name: Dependency(name) for name in wanted.texts()}
    others = [service for service, _alias in _links(node.get("links"))]
    for key in ("network_mode", "ipc", "pid"):
        kind, _colon, name = node.get(key).text().partition(":")
        others += [name] if kind == "service" else []
    for item in node.get("volumes_from").items():
        others += [item.text().partition(":")[0]]
    return tuple({**{name: Dependency(name) for name in others}, **found}.values())


def _links(node: Node) -> tuple[tuple[str, str], ...]:
    halves = [text.partition(":") for text in node.texts()]
    return tuple((service, alias or service) for service, _colon, alias in halves)


def _extra_hosts(node: Node) -> tuple[tuple[str, str], ...]:
    """Return names and addresses, of ``name=address``, ``name:address``, or a mapping to one address or some."""
    if node.is_mapping:
        return tuple((name, _address(text)) for name, item in node.entries() for text in item.texts())
    found = []
    for item in node.items():
        text = item.text()
        name, separator, address = text.partition("=" if "=" in text else ":")
        if not separator or not address:
            item.bad("this is no host", "write name=address")
        found.append((name.strip(), _address(address)))
    return tuple(found)


def _address(text: str) -> str:
    return text.strip().strip("[]")


def _device(node: Node) -> Device:
    if node.is_mapping:
        node.check_keys(("source", "target", "permissions"))
        source = node.get("source").text()
        return Device(source, node.get("target").text() or source, node.get("permissions").text() or "rwm")
    parts = node.text().split(":")
    if len(parts) > _AMOUNT:
        node.bad("this is no device", "write /dev/x:/dev/y:rwm")
    return Device(parts[0], parts[1] if len(parts) > 1 else parts[0], parts[2] if len(parts) > _AMOUNT - 1 else "rwm")


def _logging(node: Node) -> Logging | None:
    logging = node.get("logging")
    if logging:
        logging.check_keys(("driver", "options"))
        return Logging(logging.get("driver").text(), logging.get("options").text_pairs())
    if node.get("log_driver") or node.get("log_opt"):
        return Logging(node.get("log_driver").text(), node.get("log_opt").text_pairs())
    return None


def _pull_policy(node: Node) -> PullPolicy:
    word = node.text()
    if word.startswith(("every_", "daily", "weekly", "refresh")):
        node.bad("pulling by the clock is not supported", "use always or missing")
        return PullPolicy.MISSING
    if word == "build":
        node.bad("this key is not supported", "build the image and name it with image")
        return PullPolicy.MISSING
    return _PULLS[node.choice(list(_PULLS))]
