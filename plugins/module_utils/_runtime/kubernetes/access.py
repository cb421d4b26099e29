# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What the collection does for a user in a cluster, and the rules of access that each of it takes. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..feature import Feature
from ..permissions import Grant, Operation, Permissions
from .kinds import (
    AUTOSCALER,
    CLUSTER_ROLE,
    CONFIG_MAP,
    CRON_JOB,
    DAEMON_SET,
    DEPLOYMENT,
    EVENT,
    INGRESS,
    JOB,
    NODE,
    POD,
    POD_METRICS,
    REPLICA_SET,
    REPLICATION_CONTROLLER,
    ROLE,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    VOLUME_CLAIM,
    WORKLOADS,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from .kinds import Resource

_ROLE_NAME = "nekzus-runtime"
# In the order in which roles usually have them.
_VERBS = ("get", "list", "watch", "create", "patch", "delete")


def _grants(resource: Resource, *verbs: str, subresource: str = "") -> tuple[Grant, ...]:
    plural = f"{resource.plural}/{subresource}" if subresource else resource.plural
    return tuple(Grant(verb, resource.group, plural) for verb in verbs)


def _looking(verb: str) -> tuple[Grant, ...]:
    return tuple(grant for resource in (POD, *WORKLOADS) for grant in _grants(resource, verb))


def _keeping(*resources: Resource) -> tuple[Grant, ...]:
    return tuple(grant for one in resources for grant in _grants(one, "get", "list", "create", "patch", "delete"))


_LOGS = _grants(POD, "get", subresource="log")
_SCALED = (DEPLOYMENT, STATEFUL_SET, REPLICA_SET, REPLICATION_CONTROLLER)
_SUSPENDED = (JOB, CRON_JOB)
_ROLLED_OUT = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET)
# What a Compose file becomes, and what manifests have besides.
_COMPOSED = (DEPLOYMENT, JOB, SERVICE, CONFIG_MAP, SECRET, VOLUME_CLAIM)
_FURTHER = (STATEFUL_SET, DAEMON_SET, CRON_JOB, INGRESS)
# Custom kinds that can be scaled are not among these: which there are, each cluster says for itself.
OPERATIONS: Mapping[str, tuple[Grant, ...]] = {
    "list": _looking("list"),
    "inspect": _looking("get"),
    "logs": _grants(POD, "get", "list") + _LOGS,
    # To list nodes, for what shares are of where there is no limit, is no right in a namespace and can be done without.
    "stats": _grants(POD, "list") + _grants(POD_METRICS, "list"),
    "wait": _grants(POD, "list", "watch") + _grants(EVENT, "list") + _LOGS,
    **{f"stop_and_start_{one.plural}": _grants(one, "get", "patch") for one in (*_SCALED, *_SUSPENDED)},
    "stop_with_grace": _grants(POD, "list", "delete"),
    "stop_pods": _grants(POD, "get", "delete"),
    **{f"roll_out_{one.plural}": _grants(one, "get", "patch") for one in _ROLLED_OUT},
    "restart_pods": _grants(POD, "get", "list", "delete"),
    "recreate_pods": _grants(POD, "get", "create", "delete"),
    "warn_of_autoscalers": _grants(AUTOSCALER, "list"),
    "export": _looking("get") + _grants(SERVICE, "list"),
    "export_config_maps": _grants(CONFIG_MAP, "get"),
    "export_secrets": _grants(SECRET, "get"),
    "export_volume_claims": _grants(VOLUME_CLAIM, "get"),
    "export_service_accounts": _grants(SERVICE_ACCOUNT, "get"),
    "export_ingresses": _grants(SERVICE, "list") + _grants(INGRESS, "list"),
    "export_autoscalers": _grants(AUTOSCALER, "list"),
    # Manifests of other kinds take the same of those.
    "deploy": _keeping(*_COMPOSED),
    "deploy_manifests": _keeping(*_FURTHER),
}
_FINDING = ("list", "inspect")
_EXPORTING = tuple(name for name in OPERATIONS if name.partition("_")[0] == "export")
_DEPLOYING = ("deploy", "deploy_manifests")
_OTHERS = (*_FINDING, "logs", "stats", *_EXPORTING, *_DEPLOYING)
FEATURES: Mapping[Feature, tuple[str, ...]] = {
    Feature.READ: (*_FINDING, "logs"),
    Feature.LIFECYCLE: (*_FINDING, *(name for name in OPERATIONS if name not in _OTHERS)),
    Feature.STATS: (*_FINDING, "stats"),
    Feature.EXPORT: (*_FINDING, *_EXPORTING),
    Feature.TOOLBOX: (*_FINDING, "wait", *_DEPLOYING),
}
# What can be done without, and be granted for the whole cluster only.
_ACROSS: Mapping[Feature, tuple[Grant, ...]] = {Feature.STATS: _grants(NODE, "list")}


def operations_of(features: Sequence[Feature] = ()) -> dict[str, tuple[Grant, ...]]:
    """Return the operations of some features, without any of all that the collection does, and the rules of each."""
    named = {name for feature in features or Feature for name in FEATURES[feature]}
    return {name: grants for name, grants in OPERATIONS.items() if name in named}


def every_grant(features: Sequence[Feature] = ()) -> tuple[Grant, ...]:
    """Return each rule that any operation of some features takes, once."""
    return tuple(dict.fromkeys(grant for grants in operations_of(features).values() for grant in grants))


def allowed_by(features: Sequence[Feature]) -> tuple[str, ...]:
    """Return the operations for which the rules of some features are enough, be they of these features or not."""
    held = set(every_grant(features))
    return tuple(name for name, grants in operations_of(tuple(Feature)).items() if held.issuperset(grants))


def rules_of(feature: Feature, *, everywhere: bool) -> list[dict[str, Any]]:
    """Return what a role has to say for a feature, in a namespace or ``everywhere``."""
    return _rules((*every_grant((feature,)), *(_ACROSS.get(feature, ()) if everywhere else ())))


def review(grant: Grant, namespace: str) -> dict[str, Any]:
    """Return the SelfSubjectAccessReview that asks for a rule in a namespace, or without one in all of them."""
    resource, _slash, subresource = grant.resource.partition("/")
    asked = {"verb": grant.verb, "group": grant.group, "resource": resource, "subresource": subresource}
    return {"spec": {"resourceAttributes": {**asked, "namespace": namespace}}}


def judge(namespaces: Sequence[str], missing: Collection[Grant], features: Sequence[Feature] = ()) -> Permissions:
    """Return what is allowed in all of these namespaces (none: in the whole cluster) when these rules are missing."""
    operations = tuple(_operation(name, grants, missing) for name, grants in operations_of(features).items())
    lacking = [grant for grant in every_grant(features) if grant in missing]
    return Permissions(tuple(namespaces), operations, _role(namespaces, lacking) if lacking else None)


def _operation(name: str, grants: Sequence[Grant], missing: Collection[Grant]) -> Operation:
    lacking = tuple(grant for grant in grants if grant in missing)
    return Operation(name, allowed=not lacking, missing=lacking)


def _role(namespaces: Sequence[str], missing: Sequence[Grant]) -> dict[str, Any]:
    """Return what grants the missing: a Role in the only namespace, else a ClusterRole to be bound where it should."""
    single = len(namespaces) == 1
    return {
        "apiVersion": ROLE.api_version,
        "kind": (ROLE if single else CLUSTER_ROLE).kind,
        "metadata": {"name": _ROLE_NAME, **({"namespace": namespaces[0]} if single else {})},
        "rules": _rules(missing),
    }


def _rules(grants: Sequence[Grant]) -> list[dict[str, Any]]:
    """Return rules that grant exactly this: one for all resources of a group that take the same verbs."""
    verbs: dict[tuple[str, str], set[str]] = {}
    for grant in grants:
        verbs.setdefault((grant.group, grant.resource), set()).add(grant.verb)
    resources: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (group, resource), held in verbs.items():
        resources.setdefault((group, tuple(verb for verb in _VERBS if verb in held)), []).append(resource)
    return [
        {"apiGroups": [group], "resources": names, "verbs": list(needed)}
        for (group, needed), names in resources.items()
    ]
