# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What the containers of a service may do, as a pod says it. Pure.

https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..shape import whole

if TYPE_CHECKING:
    from ..toolbox.spec import ServiceSpec
    from .told import Told


def container_security(service: ServiceSpec, *, key: str, told: Told) -> dict[str, Any]:
    """Return the securityContext of the container."""
    found: dict[str, Any] = {}
    user, _colon, group = service.user.partition(":")
    for part, value in (("runAsUser", user), ("runAsGroup", group)):
        number = _number(value, key=f"{key}.user", told=told)
        if number is not None:
            found[part] = number
    if service.privileged:
        found["privileged"] = True
    if service.read_only:
        found["readOnlyRootFilesystem"] = True
    capabilities = {
        part: _names(names) for part, names in (("add", service.cap_add), ("drop", service.cap_drop)) if names
    }
    if capabilities:
        found["capabilities"] = capabilities
    for option in service.security_opt:
        _option(option, found, key=f"{key}.security_opt", told=told)
    return found


def pod_security(service: ServiceSpec, *, has_claims: bool, key: str, told: Told) -> dict[str, Any]:
    """Return the securityContext of the pod; storage is given to the group that a number as user says."""
    found: dict[str, Any] = {}
    groups = [_number(group, key=f"{key}.group_add", told=told) for group in service.group_add]
    if groups:
        found["supplementalGroups"] = [group for group in groups if group is not None]
    if service.sysctls:
        found["sysctls"] = [{"name": name, "value": value} for name, value in service.sysctls.items()]
    user, _colon, group = service.user.partition(":")
    owner = whole(group or user)
    if has_claims and owner:
        found.update(fsGroup=owner, fsGroupChangePolicy="OnRootMismatch")
    return found


def _number(value: str, *, key: str, told: Told) -> int | None:
    """Return a user or group as a number: a cluster cannot look names up in an image."""
    found = whole(value)
    if found is not None:
        return found
    if value == "root":
        return 0
    if value:
        told.refuse(key, f"{value} is a name, a cluster takes numbers")
    return None


def _names(capabilities: tuple[str, ...]) -> list[str]:
    return [name.upper().replace("CAP_", "") for name in capabilities]


def _option(option: str, found: dict[str, Any], *, key: str, told: Told) -> None:
    name, _separator, value = option.replace("=", ":", 1).partition(":")
    if name == "no-new-privileges":
        if value.lower() != "false":
            found["allowPrivilegeEscalation"] = False
    elif name == "seccomp" and value == "unconfined":
        found["seccompProfile"] = {"type": "Unconfined"}
    elif value in ("unconfined", "disable"):
        told.warn(key, f"{option} is not heeded, the node's own rules hold")
    else:
        told.refuse(key, f"{option} is a profile of the host")
