# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster, as its owner has it: what tests do behind the collection's back."""

from __future__ import annotations

import http.client
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import urllib3
import yaml
from kubernetes.client import Configuration
from kubernetes.client.rest import RESTClientObject
from kubernetes.config import load_kube_config

from .proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .rule import Chooser

# What belongs to the cluster and not to a namespace.
_OF_THE_CLUSTER = frozenset(
    ("Namespace", "Node", "PersistentVolume", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding")
)
_ACCEPTED = range(200, 300)
_NOT_FOUND, _CONFLICT = 404, 409


class RefusedError(Exception):
    """The API server does not do it."""

    def __init__(self, status: int, words: str) -> None:
        """Take the HTTP status and what the server says."""
        super().__init__(f"{status}: {words}")
        self.status = status


def path_of(api_version: str, kind: str, namespace: str = "", name: str = "") -> str:
    """Return where the API keeps an object, or without a name all of its kind."""
    root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    place = "" if kind in _OF_THE_CLUSTER or not namespace else f"/namespaces/{namespace}"
    plural = kind.lower() + ("es" if kind.endswith("s") else "s")
    return f"{root}{place}/{plural}" + (f"/{name}" if name else "")


def selector(labels: Mapping[str, str]) -> str:
    """Return labels as a query has them."""
    return ",".join(f"{key}={value}" for key, value in labels.items())


class Cluster:
    """Calls the API with all rights. Bodies and answers are plain JSON."""

    def __init__(self, kubeconfig: Path) -> None:
        """Take the kubeconfig of an administrator. Raises OSError or an error of urllib3 when nothing answers."""
        self.kubeconfig = kubeconfig
        self.configuration = Configuration()
        load_kube_config(str(kubeconfig), client_configuration=self.configuration)
        # Many threads make things at once.
        self.configuration.connection_pool_maxsize = 16
        self._pool = RESTClientObject(self.configuration).pool_manager
        version: dict[str, str] = self.call("GET", "/version")
        self.version = tuple(int(re.sub(r"\D", "", version[part])) for part in ("major", "minor"))

    @property
    def credentials(self) -> dict[str, str]:
        """The headers that say who we are; a client certificate says it besides."""
        settings = dict[str, Any](self.configuration.auth_settings()).values()
        return {one["key"]: one["value"] for one in settings if one["in"] == "header" and one["value"]}

    def call(self, method: str, path: str, body: Any = None, *, content: str = "application/json", **query: Any) -> Any:
        """Make a request and return the answer. Raises RefusedError."""
        answer = self._pool.request(
            method,
            f"{self.configuration.host}{path}" + (f"?{urlencode(query)}" if query else ""),
            body=None if body is None else json.dumps(body),
            headers={**self.credentials, "Content-Type": content},
            timeout=30.0,
        )
        document = json.loads(answer.data) if answer.headers.get("Content-Type") == "application/json" else {}
        if answer.status not in _ACCEPTED:
            raise RefusedError(answer.status, document.get("message") or answer.data.decode("utf-8", "replace"))
        return document

    def create(self, manifest: Mapping[str, Any]) -> dict[str, Any]:
        """Create an object and return it."""
        namespace = manifest["metadata"].get("namespace", "")
        made: dict[str, Any] = self.call("POST", path_of(manifest["apiVersion"], manifest["kind"], namespace), manifest)
        return made

    def find(self, path: str) -> dict[str, Any] | None:
        """Return an object, or None when there is none."""
        try:
            found: dict[str, Any] = self.call("GET", path)
        except RefusedError as error:
            if error.status != _NOT_FOUND:
                raise
            return None
        return found

    def items(self, path: str, labels: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
        """Return the objects that have these labels."""
        found: list[dict[str, Any]] = self.call("GET", path, labelSelector=selector(labels or {}))["items"]
        return found

    def patch(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change fields of an object; None removes one."""
        changed: dict[str, Any] = self.call("PATCH", path, body, content="application/merge-patch+json")
        return changed

    def delete(self, path: str, *, grace: int | None = None, labels: Mapping[str, str] | None = None) -> None:
        """Delete an object, or all that have these labels, and what they own; what is not there is no matter."""
        body: dict[str, Any] = {"propagationPolicy": "Background"}
        if grace is not None:
            body["gracePeriodSeconds"] = grace
        try:
            self.call("DELETE", path, body, **({"labelSelector": selector(labels)} if labels else {}))
        except RefusedError as error:
            # A namespace that is being deleted is in conflict with that.
            if error.status not in (_NOT_FOUND, _CONFLICT):
                raise

    def account(self, file: Path, **changes: Any) -> Path:
        """Write a kubeconfig like ours but for ``namespace``, ``server``, ``ca`` (data) or ``user``, and return it."""
        document = yaml.safe_load(self.kubeconfig.read_text(encoding="utf-8"))
        (context,) = [each for each in document["contexts"] if each["name"] == document["current-context"]]
        (cluster,) = [each for each in document["clusters"] if each["name"] == context["context"]["cluster"]]
        (user,) = [each for each in document["users"] if each["name"] == context["context"]["user"]]
        context["context"]["namespace"] = changes.get("namespace", "default")
        cluster["cluster"]["server"] = changes.get("server", cluster["cluster"]["server"])
        if "ca" in changes:
            cluster["cluster"]["certificate-authority-data"] = changes["ca"]
        user["user"] = changes.get("user", user["user"])
        file.write_text(
            yaml.safe_dump({**document, "contexts": [context], "clusters": [cluster], "users": [user]}),
            encoding="utf-8",
        )
        return file


class ApiProxy(Proxy):
    """A proxy in front of an API server: plain HTTP on a port, and whoever comes is the administrator."""

    def __init__(self, cluster: Cluster, *rules: Chooser, port: int = 0, page: int | None = None) -> None:
        """Take the cluster and what shall go wrong; lists come in pages of ``page`` objects, however large one asks."""
        super().__init__("", *rules, port=port)
        self._page = page
        self.credentials = {**self.credentials, **cluster.credentials}
        self._cluster = cluster

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def rewritten(self, path: str) -> str:
        """Make pages smaller."""
        return re.sub(r"\blimit=\d+", f"limit={self._page}", path) if self._page else path

    def connect(self) -> http.client.HTTPConnection:
        """Return a new connection to the API server."""
        return connect(self._cluster.configuration)


def connect(configuration: Configuration) -> http.client.HTTPConnection:
    """Return a connection to an API server, with TLS as a kubeconfig says it."""
    address = urllib3.util.parse_url(configuration.host)
    context = urllib3.util.ssl_.create_urllib3_context()
    context.load_verify_locations(configuration.ssl_ca_cert)
    if configuration.cert_file:
        context.load_cert_chain(configuration.cert_file, configuration.key_file)
    return http.client.HTTPSConnection(address.host or "", address.port, context=context, timeout=600)
