# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The kinds of objects we know, what the API calls them, and how to learn of others. Pure, given a way to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable

from ..errors import ApiError, InvalidTargetError, RuntimeUnavailableError, UnsupportedError
from ..shape import objects, text, texts
from ..types import Control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Discover = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Resource:
    """A kind of object and where the API keeps it.

    ``control`` is how one is started and stopped: SCALE for what has replicas, FOREIGN for a kind that has not.
    ``older`` is the version that servers had before ``api_version``, where they may still be met. An ``optional`` one
    has a server of its own, which a cluster may lack.
    """

    kind: str
    plural: str
    api_version: str
    control: Control = Control.FOREIGN
    short: str = ""
    namespaced: bool = True
    custom: bool = False
    older: str = ""
    optional: bool = False

    @property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return self.api_version.rpartition("/")[0]

    @property
    def word(self) -> str:
        """The kind as an address names it: ``deployment``, ``rollout.argoproj.io``."""
        return f"{self.kind.lower()}.{self.group}" if self.custom else self.kind.lower()

    @property
    def rule(self) -> str:
        """The resource as RBAC names it: ``pods``, ``deployments.apps``."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(self, namespace: str = "", name: str = "", subresource: str = "") -> str:
        """Return the path below the server's address; without a namespace that of all namespaces."""
        root = f"/apis/{self.api_version}" if self.group else f"/api/{self.api_version}"
        place = f"/namespaces/{namespace}" if namespace and self.namespaced else ""
        return root + place + "".join(f"/{part}" for part in (self.plural, name, subresource) if part)


POD = Resource("Pod", "pods", "v1", Control.POD, "po")
DEPLOYMENT = Resource("Deployment", "deployments", "apps/v1", Control.SCALE, "deploy")
STATEFUL_SET = Resource("StatefulSet", "statefulsets", "apps/v1", Control.SCALE, "sts")
DAEMON_SET = Resource("DaemonSet", "daemonsets", "apps/v1", Control.DAEMON, "ds")
REPLICA_SET = Resource("ReplicaSet", "replicasets", "apps/v1", Control.SCALE, "rs")
REPLICATION_CONTROLLER = Resource("ReplicationController", "replicationcontrollers", "v1", Control.SCALE, "rc")
JOB = Resource("Job", "jobs", "batch/v1", Control.SUSPEND)
CRON_JOB = Resource("CronJob", "cronjobs", "batch/v1", Control.SUSPEND, "cj", older="batch/v1beta1")
NAMESPACE = Resource("Namespace", "namespaces", "v1", namespaced=False)
NODE = Resource("Node", "nodes", "v1", namespaced=False)
EVENT = Resource("Event", "events", "v1")
AUTOSCALER = Resource("HorizontalPodAutoscaler", "horizontalpodautoscalers", "autoscaling/v1")
SERVICE_ACCOUNT = Resource("ServiceAccount", "serviceaccounts", "v1")
SERVICE = Resource("Service", "services", "v1")
SECRET = Resource("Secret", "secrets", "v1")
CONFIG_MAP = Resource("ConfigMap", "configmaps", "v1")
VOLUME_CLAIM = Resource("PersistentVolumeClaim", "persistentvolumeclaims", "v1")
INGRESS = Resource("Ingress", "ingresses", "networking.k8s.io/v1")
DEFINITION = Resource(
    "CustomResourceDefinition", "customresourcedefinitions", "apiextensions.k8s.io/v1", namespaced=False
)
_RBAC = "rbac.authorization.k8s.io/v1"
ROLE = Resource("Role", "roles", _RBAC)
ROLE_BINDING = Resource("RoleBinding", "rolebindings", _RBAC)
CLUSTER_ROLE = Resource("ClusterRole", "clusterroles", _RBAC, namespaced=False)
CLUSTER_ROLE_BINDING = Resource("ClusterRoleBinding", "clusterrolebindings", _RBAC, namespaced=False)
POD_METRICS = Resource("PodMetrics", "pods", "metrics.k8s.io/v1beta1", optional=True)
ACCESS_REVIEW = Resource(
    "SelfSubjectAccessReview", "selfsubjectaccessreviews", "authorization.k8s.io/v1", namespaced=False
)

_KNOWN = (
    *(POD, DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB, NAMESPACE),
    *(SERVICE_ACCOUNT, SERVICE, SECRET, CONFIG_MAP, VOLUME_CLAIM, INGRESS, DEFINITION),
    *(ROLE, ROLE_BINDING, CLUSTER_ROLE, CLUSTER_ROLE_BINDING),
)
WORKLOADS = (DEPLOYMENT, STATEFUL_SET, DAEMON_SET, REPLICA_SET, REPLICATION_CONTROLLER, JOB, CRON_JOB)
_NAMED = (POD, *WORKLOADS)
# Of these groups are the kinds that Kubernetes itself brings: none but those above has replicas.
_OWN_SUFFIX = ".k8s.io"
_OWN_GROUPS = frozenset(("", "apps", "batch", "autoscaling", "policy", "extensions"))


def is_own_group(group: str) -> bool:
    """Tell whether a group belongs to Kubernetes itself."""
    return group in _OWN_GROUPS or group.endswith(_OWN_SUFFIX)


class Kinds:
    """Finds the resource of a kind: those of Kubernetes by heart, custom ones by asking once."""

    def __init__(self, discover: Discover) -> None:
        """Take the way to ask: a discovery path (``/apis``, ``/apis/GROUP/VERSION``) to its document."""
        self._discover = discover
        self._learned: dict[str, tuple[Resource, ...]] = {}

    def owner(self, api_version: str, kind: str) -> Resource | None:
        """Return the resource of an owner reference, or None for a kind that the server does not have."""
        group = api_version.rpartition("/")[0]
        for resource in (*_NAMED, NODE):
            if (resource.kind, resource.group) == (kind, group):
                return replace(resource, api_version=api_version)
        if is_own_group(group):
            return None
        return next((one for one in self.version(api_version) if one.kind == kind), None)

    def of(self, api_version: str, kind: str) -> Resource | None:
        """Return the resource of an object that says what it is, or None for a kind that the server does not have."""
        group = api_version.rpartition("/")[0]
        for resource in _KNOWN:
            if (resource.kind, resource.group) == (kind, group):
                return replace(resource, api_version=api_version)
        return next((one for one in self._every(api_version) if one.kind == kind), None)

    def named(self, word: str) -> Resource:
        """Return the resource that a target calls ``deployment``, ``deploy``, ``deployments`` or ``foo.example.com``.

        Raises InvalidTargetError for a word that no kind with replicas has.
        """
        for resource in _NAMED:
            if word in (resource.kind.lower(), resource.plural, resource.short, resource.rule, resource.word):
                return resource
        kind, _dot, group = word.partition(".")
        known = [one for one in self.custom(group) if kind in (one.kind.lower(), one.plural, one.short)]
        if len(known) == 1:
            return known[0]
        if known:
            listed = ", ".join(one.word for one in known)
            raise InvalidTargetError(f"several kinds are called {word}", hint=f"name one of {listed}")
        listed = ", ".join(one.word for one in WORKLOADS)
        hint = f"name one of pod, {listed}, or a custom kind that can be scaled, as KIND.GROUP"
        raise InvalidTargetError(f"the cluster has no kind {word!r} that runs containers", hint=hint)

    def custom(self, group: str = "") -> Iterator[Resource]:
        """Yield the custom kinds that can be scaled, of one group or of all, each in its preferred version."""
        for found in objects(self._discover("/apis"), "groups"):
            name = text(found, "name")
            if not is_own_group(name) and group in ("", name):
                version = text(found, "preferredVersion", "groupVersion")
                yield from (one for one in self.version(version) if one.control is Control.SCALE)

    def version(self, api_version: str) -> tuple[Resource, ...]:
        """Return the namespaced kinds of one version of a group."""
        return tuple(one for one in self._every(api_version) if one.namespaced)

    def _every(self, api_version: str) -> tuple[Resource, ...]:
        """Return the kinds of one version of a group, those of the whole cluster too."""
        if api_version not in self._learned:
            try:
                root = "/apis" if "/" in api_version else "/api"
                document = self._discover(f"{root}/{api_version}")
            # The group is gone, or its own server does not answer.
            except (UnsupportedError, RuntimeUnavailableError, ApiError):
                document = {}
            self._learned[api_version] = tuple(_resources(api_version, document))
        return self._learned[api_version]


def _resources(api_version: str, document: Mapping[str, Any]) -> Iterator[Resource]:
    """Yield the kinds of an APIResourceList: https://kubernetes.io/docs/reference/using-api/api-concepts/."""
    entries = objects(document, "resources")
    scalable = {text(entry, "name")[: -len("/scale")] for entry in entries if text(entry, "name").endswith("/scale")}
    for entry in entries:
        plural = text(entry, "name")
        if "/" not in plural:
            control = Control.SCALE if plural in scalable else Control.FOREIGN
            short = next(iter(texts(entry, "shortNames")), "")
            kept = entry.get("namespaced") is True
            yield Resource(text(entry, "kind"), plural, api_version, control, short, namespaced=kept, custom=True)
