# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The seam to Kubernetes over the kubernetes library's connection and credentials.

The only file of the backend that knows the library, of whose API and model classes it touches none: they cost most
of the time of a big list. It returns plain JSON-shaped data and raises our errors.
"""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING, Any, Callable, TypeVar

from ..errors import ConflictError, MissingLibraryError, RuntimeUnavailableError
from ..late_import import imported_late
from ..response_stream import ResponseStream
from ..retry import ATTEMPTS, FEW_ATTEMPTS, PATIENT_ATTEMPTS, retrying
from ..shape import number, objects, text
from .account import Account, Library, load_account
from .call import APPLY, FIELD_MANAGER, Call, as_object, log_query, read_object, split_lines
from .kinds import POD
from .seam import Collection
from .translate import refused, translate

try:
    # Which renew the tokens of one kind of user.
    with imported_late("oauthlib", "oauthlib.oauth2", "requests_oauthlib", "kubernetes.client.api_client"):
        import kubernetes.client.configuration
        import kubernetes.client.rest
        import kubernetes.config.incluster_config
        import kubernetes.config.kube_config
        import urllib3
except ImportError as error:
    IMPORT_ERROR: str = str(error)
else:
    IMPORT_ERROR = ""

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..config import KubernetesConfig
    from ..errors import NekzusError
    from ..interfaces import Clock
    from ..logs.log import ByteStream, LogSpan
    from .kinds import Resource
    from .seam import KubernetesClient

Item = TypeVar("Item")
PAGE = 500
# The API takes a patch as the fields to change: https://www.rfc-editor.org/rfc/rfc7386
_MERGE = "application/merge-patch+json"
# https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
_OK = range(200, 300)


class RestClient:
    """A KubernetesClient over the library's connection pool."""

    def __init__(self, pool: Any, account: Account, *, timeout: float, clock: Clock, is_dry: bool = False) -> None:
        """Take the library's connection pool (untyped, for it may be absent) and whose it is; seconds.

        One that ``is_dry`` asks for all changes as dry runs.
        """
        self.namespace = account.namespace
        self._pool = pool
        self._account = account
        self._server = account.server
        self._headers = account.headers
        self._timeout = timeout
        self._clock = clock
        self._has_answered = False
        self._is_dry = is_dry

    def dry_run(self) -> RestClient:
        """See the protocol."""
        return RestClient(self._pool, self._account, timeout=self._timeout, clock=self._clock, is_dry=True)

    @property
    def identity(self) -> str:
        """See the protocol; the library may have to renew a token."""
        return self._told(lambda: self._account.identity)

    @property
    def endpoint(self) -> dict[str, Any]:
        """See the protocol."""
        return self._told(lambda: self._account.endpoint)

    def _told(self, ask: Callable[[], Item]) -> Item:
        try:
            return ask()
        except Exception as error:
            raise translate(error, Call("GET", None), server=self._server) from error

    def get(self, resource: Resource, namespace: str, name: str, *, subresource: str = "") -> dict[str, Any]:
        """One request, repeated when it may help."""
        return self._json(Call("GET", resource, namespace, name, subresource))

    def list(  # noqa: PLR0913 - see the protocol
        self,
        resource: Resource,
        namespace: str = "",
        *,
        convert: Callable[[dict[str, Any]], Item],
        labels: str = "",
        fields: str = "",
        metadata_only: bool = False,
        one_page: bool = False,
    ) -> Collection[Item]:
        """One request for every 500 objects; begun anew when the server has forgotten where it was."""
        query = {"limit": str(PAGE), "labelSelector": labels, "fieldSelector": fields}
        call = Call("GET", resource, namespace, query=query, accept=_METADATA if metadata_only else "")

        for _attempt in range(ATTEMPTS):
            try:
                return self._pages(call, convert, one_page=one_page)
            except ConflictError:  # noqa: PERF203 - the server has forgotten where it was
                continue
        return self._pages(call, convert, one_page=one_page)

    def _pages(self, call: Call, convert: Callable[[dict[str, Any]], Item], *, one_page: bool) -> Collection[Item]:
        found: list[Item] = []
        page = self._json(call)
        while True:
            found.extend(convert(dict(item)) for item in objects(page, "items"))
            following = text(page, "metadata", "continue")
            if one_page or not following:
                return Collection(found, text(page, "metadata", "resourceVersion"), complete=not following)
            page = self._json(call.following(following))

    def patch(
        self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], *, subresource: str = ""
    ) -> dict[str, Any]:
        """One request; setting the same fields twice is setting them once."""
        return self._json(Call("PATCH", resource, namespace, name, subresource, body=body, content=_MERGE))

    def apply(
        self, resource: Resource, namespace: str, name: str, body: Mapping[str, Any], *, force: bool = False
    ) -> dict[str, Any]:
        """One request; applying twice is applying once."""
        query = {"fieldManager": FIELD_MANAGER, "force": "true" if force else ""}
        whole = {"apiVersion": resource.api_version, "kind": resource.kind, **body}
        return self._json(Call("PATCH", resource, namespace, name, query=query, body=whole, content=APPLY))

    def create(
        self, resource: Resource, namespace: str, body: Mapping[str, Any], *, name: str = "", subresource: str = ""
    ) -> dict[str, Any]:
        """One request, never repeated when its fate is not known."""
        return self._json(Call("POST", resource, namespace, name, subresource, body=body))

    def delete(self, resource: Resource, namespace: str, name: str, *, uid: str, grace: int | None = None) -> None:
        """One request; the uid keeps a second one from hitting a successor."""
        body: dict[str, Any] = {"preconditions": {"uid": uid}, "propagationPolicy": "Background"}
        if grace is not None:
            body["gracePeriodSeconds"] = grace
        self._json(Call("DELETE", resource, namespace, name, body=body))

    def watch(  # noqa: PLR0913 - see the protocol
        self, resource: Resource, namespace: str, *, version: str, seconds: int, labels: str = "", fields: str = ""
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """One request that lasts until the server ends it."""
        query = {"watch": "1", "labelSelector": labels, "fieldSelector": fields}
        query.update({"resourceVersion": version, "timeoutSeconds": str(seconds)})
        call = Call("GET", resource, namespace, query=query)
        try:
            response = self._send(call, patience=seconds)
            try:
                for line in split_lines(response.stream()):
                    event = read_object(line)
                    told = as_object(event.get("object"))
                    if text(event, "type") == "ERROR":
                        raise refused(number(told, "code") or 0, told, {}, call)
                    yield text(event, "type"), told
            finally:
                response.close()
        except Exception as error:
            raise translate(error, call, server=self._server) from error

    def open_logs(  # noqa: PLR0913 - see the protocol
        self,
        namespace: str,
        pod: str,
        container: str,
        *,
        span: LogSpan,
        previous: bool = False,
        follow: float | None = None,
    ) -> ByteStream:
        """One request that lasts until the log ends; repeated until it begins."""
        query = log_query(container, span, previous=previous, follow=follow is not None)
        call = Call("GET", POD, namespace, pod, "log", query=query)

        def meant(error: Exception) -> NekzusError | None:
            is_silent = follow is not None and isinstance(error, urllib3.exceptions.ReadTimeoutError)
            return None if is_silent else translate(error, call, server=self._server)

        return ResponseStream(self._repeat(call, lambda: self._begin(call, patience=follow or 0)), meant)

    def discover(self, path: str) -> dict[str, Any]:
        """One request."""
        return self._json(Call("GET", None, name=path))

    def close(self) -> None:
        """Close the library's pool."""
        self._pool.clear()

    def _json(self, call: Call) -> dict[str, Any]:
        """Return the object of an answer. The garbage collector would look through a big one again and again."""
        asked = call.as_dry_run if self._is_dry else call
        body = self._repeat(asked, lambda: self._once(asked))
        collecting = gc.isenabled()
        gc.disable()
        try:
            return read_object(body)
        except ValueError as error:
            raise translate(error, asked, server=self._server) from error
        finally:
            if collecting:
                gc.enable()

    def _repeat(self, call: Call, ask: Callable[[], Item]) -> Item:
        # A group of kinds may have a server of its own, which we can do without.
        if call.resource and call.resource.optional:
            return retrying(ask, clock=self._clock, attempts=FEW_ATTEMPTS)
        attempts = PATIENT_ATTEMPTS if self._has_answered and call.resource else ATTEMPTS
        try:
            return retrying(ask, clock=self._clock, attempts=attempts)
        except RuntimeUnavailableError:
            # It was waited for as long as makes sense, which no other request needs to do again.
            self._has_answered = False
            raise

    def _once(self, call: Call) -> bytes:
        try:
            response = self._send(call)
            body: bytes = response.read()
            response.release_conn()
        except Exception as error:
            raise translate(error, call, server=self._server) from error
        return body

    def _begin(self, call: Call, *, patience: float) -> Any:
        try:
            return self._send(call, patience=patience)
        except Exception as error:
            raise translate(error, call, server=self._server) from error

    def _send(self, call: Call, *, patience: float = 0) -> Any:
        """Return the answer, its body yet to be read. Raises for one that is not good."""
        body = None if call.body is None else json.dumps(call.body)
        headers = {**self._headers, **self._account.credentials, **call.headers}
        timeout = urllib3.Timeout(connect=self._timeout, read=self._timeout + patience)
        response = self._pool.request(
            call.method,
            self._server + call.url,
            body=body,
            headers=headers,
            timeout=timeout,
            # We repeat ourselves, and know what may be repeated.
            retries=False,
            preload_content=False,
        )
        self._has_answered = True
        if response.status not in _OK:
            raise refused(response.status, response.read(), response.headers, call)
        return response


def connect(config: KubernetesConfig, *, clock: Clock) -> KubernetesClient:
    """Return a client for the cluster and the account that a configuration means. No request is made.

    Raises MissingLibraryError without the library, InvalidConfigError for a kubeconfig that cannot be used, and
    RuntimeUnavailableError when nothing says where the cluster is.
    """
    if IMPORT_ERROR:
        raise MissingLibraryError(
            f"the Python library kubernetes cannot be imported ({IMPORT_ERROR})",
            op="connect to",
            target="the cluster",
            hint=f"install it for the Python that runs the module: {sys.executable} -m pip install kubernetes",
        )
    library = Library(
        configuration=kubernetes.client.configuration.Configuration,
        merger=kubernetes.config.kube_config.KubeConfigMerger,
        loader=kubernetes.config.kube_config.KubeConfigLoader,
        in_cluster=kubernetes.config.incluster_config.load_incluster_config,
    )
    account = load_account(config, library)
    pool = kubernetes.client.rest.RESTClientObject(account.configuration).pool_manager
    return RestClient(pool, account, timeout=config.timeout, clock=clock)
