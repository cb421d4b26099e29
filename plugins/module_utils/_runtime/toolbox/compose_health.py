# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The health check, the restart policy and the limits of a service. Pure.

https://github.com/compose-spec/compose-spec/blob/main/05-services.md and deploy.md beside it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .parts import DeviceRequest, HealthCheck, Resources, RestartPolicy, Ulimit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .node import Node

_RESTART = re.compile(r"(?P<name>no|always|unless-stopped|on-failure)(:(?P<retries>\d{1,18}))?", re.ASCII)
# The words of Swarm for the same.
_CONDITIONS = {"none": "no", "on-failure": "on-failure", "any": "always"} | {
    word: word for word in ("no", "always", "unless-stopped")
}
_HEALTH_KEYS = ("test", "interval", "timeout", "retries", "start_period", "start_interval", "disable")
_LIMIT_KEYS = ("cpus", "memory", "pids")
_DEVICE_KEYS = ("driver", "count", "device_ids", "capabilities", "options")
_TESTS = ("CMD", "CMD-SHELL", "NONE")


def read_health(node: Node) -> HealthCheck | None:
    """Return what ``healthcheck`` says."""
    if not node:
        return None
    node.check_keys(_HEALTH_KEYS)
    if node.get("disable").flag():
        return HealthCheck(("NONE",))
    return HealthCheck(
        _test(node.get("test")),
        node.get("interval").seconds(),
        node.get("timeout").seconds(),
        node.get("retries").whole(),
        node.get("start_period").seconds(),
        node.get("start_interval").seconds(),
    )


def _test(node: Node) -> tuple[str, ...]:
    if isinstance(node.value, str):
        return ("CMD-SHELL", node.text())
    words = node.texts()
    if words and words[0] not in _TESTS:
        node.bad(f"the first word is none of {', '.join(_TESTS)}", "begin the list with CMD, or write one line")
    return words


def read_restart(node: Node, deploy: Node) -> RestartPolicy:
    """Return what ``restart`` says, else what ``deploy.restart_policy`` does."""
    if node:
        # Ansible's own YAML takes no for false.
        word = "no" if node.value is False else node.text()
        found = _RESTART.fullmatch(word)
        if not found:
            node.bad("this is none of no, always, unless-stopped, on-failure and on-failure:NUMBER")
            return RestartPolicy()
        retries = found.group("retries")
        return RestartPolicy(found.group("name"), int(retries) if retries else None)
    policy = deploy.get("restart_policy")
    if not policy:
        return RestartPolicy()
    condition = policy.get("condition").choice(list(_CONDITIONS)) or "any"
    return RestartPolicy(_CONDITIONS[condition], policy.get("max_attempts").whole())


def read_resources(node: Node, deploy: Node) -> Resources:
    """Return the limits of a service: those of ``deploy.resources``, and where that is silent the older keys."""
    resources = deploy.get("resources")
    resources.check_keys(("limits", "reservations"))
    limits, kept = resources.get("limits"), resources.get("reservations")
    limits.check_keys(_LIMIT_KEYS)
    kept.check_keys((*_LIMIT_KEYS, "devices", "generic_resources"))

    def first(new: Node, old: Node) -> Node:
        return new or old

    return Resources(
        cpus=first(limits.get("cpus"), node.get("cpus")).number(),
        memory=first(limits.get("memory"), node.get("mem_limit")).size(),
        pids=first(limits.get("pids"), node.get("pids_limit")).whole(),
        reserved_cpus=kept.get("cpus").number(),
        reserved_memory=first(kept.get("memory"), node.get("mem_reservation")).size(),
        memory_swap=node.get("memswap_limit").size(),
        memory_swappiness=node.get("mem_swappiness").whole(),
        shm_size=node.get("shm_size").size(),
        cpu_shares=node.get("cpu_shares").whole(),
        cpu_period=_micro(node.get("cpu_period")),
        cpu_quota=_micro(node.get("cpu_quota")),
        cpuset=node.get("cpuset").text(),
    )


def _micro(node: Node) -> int | None:
    """Return microseconds, of a number of them or of a duration."""
    if isinstance(node.value, str) and not node.value.lstrip("-").isdigit():
        seconds = node.seconds()
        return None if seconds is None else int(seconds * 1_000_000)
    return node.whole()


def read_device_requests(node: Node, deploy: Node) -> tuple[DeviceRequest, ...]:
    """Return the GPUs and the like of ``deploy.resources.reservations.devices`` and of ``gpus``."""
    found = [_device_request(item) for item in deploy.get("resources").get("reservations").get("devices").items()]
    gpus = node.get("gpus")
    if gpus.value == "all":
        found.append(DeviceRequest(count=-1, capabilities=("gpu",)))
    else:
        found += [_device_request(item, "gpu") for item in gpus.items()]
    return tuple(found)


def _device_request(node: Node, *more: str) -> DeviceRequest:
    node.check_keys(_DEVICE_KEYS)
    count, ids = node.get("count"), node.get("device_ids").texts()
    wanted = -1 if count.value == "all" or (not count and not ids) else count.whole()
    capabilities = (*node.get("capabilities").texts(), *more)
    return DeviceRequest(
        node.get("driver").text(), wanted, ids, tuple(dict.fromkeys(capabilities)), node.get("options").text_pairs()
    )


def read_ulimits(node: Node) -> Iterator[Ulimit]:
    """Yield what ``ulimits`` says: one number, or soft and hard."""
    for name, item in node.entries():
        if item.is_mapping:
            item.check_keys(("soft", "hard"))
            soft, hard = item.get("soft").whole(), item.get("hard").whole()
            if soft is None or hard is None:
                item.bad("soft and hard are both needed")
                continue
        else:
            soft = hard = item.whole()
            if soft is None or hard is None:
                continue
        yield Ulimit(name, soft, hard)
