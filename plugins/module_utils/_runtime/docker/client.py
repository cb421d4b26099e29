# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The seam to Docker over the Docker SDK's low-level client.

The only file of the backend that knows the SDK. It returns plain JSON-shaped data and raises our errors.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Callable, TypeVar, cast

from ..causes import causes, innermost, one_line
from ..errors import ContainerNotFoundError, MissingLibraryError, NekzusError, NotReadyError, RuntimeUnavailableError
from ..late_import import imported_late
from ..mask import mask_urls
from ..response_stream import ResponseStream
from ..retry import retrying
from ..shape import text
from .object_calls import ObjectCalls, document, entries
from .query import log_query
from .translate import RUNTIME, translate

try:
    # Which takes as long as all the rest of it, and ssh:// alone needs.
    with imported_late("paramiko"):
        import docker
        import docker.errors
        import docker.tls
        import requests.adapters
except ImportError as error:
    IMPORT_ERROR: str = str(error)
else:
    IMPORT_ERROR = ""

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ..config import DockerConfig, TLSConfig
    from ..interfaces import Clock
    from ..logs.log import ByteStream, LogSpan
    from .seam import DockerClient

Value = TypeVar("Value")

# Containers are sampled side by side: connections beyond the pool's would be thrown away, with a warning each.
_CONNECTIONS = 128
# A followed log of which nothing has come for as long as it is followed, and these seconds, has ended.
_GRACE = 2.0
_NO_MORE = frozenset(("ReadTimeout", "ReadTimeoutError"))


class SdkClient(ObjectCalls):
    """A DockerClient over the SDK's APIClient."""

    def __init__(self, api: Any, *, address: str, clock: Clock) -> None:
        """Take an open APIClient (untyped, for the SDK may be absent) and the address for messages."""
        self._api = api
        self._address = address
        self._clock = clock

    def list_containers(self, *, labels: Sequence[str] = ()) -> list[dict[str, Any]]:
        """One request; the daemon filters by label."""
        filters = {"label": list(labels)} if labels else None
        return entries(self._repeat(lambda: self._api.containers(all=True, filters=filters)))

    def inspect_container(self, identifier: str) -> dict[str, Any]:
        """One request."""
        return document(self._repeat(lambda: self._api.inspect_container(identifier)))

    def start(self, identifier: str) -> None:
        """One request, repeated when the connection breaks: starting twice is starting once."""
        self._repeat(lambda: self._api.start(identifier))

    def stop(self, identifier: str, *, grace: int | None) -> None:
        """One request that lasts as long as the stop; stopping twice is stopping once."""
        self._repeat(lambda: self._api.stop(identifier, timeout=grace))

    def restart(self, identifier: str, *, grace: int) -> None:
        """One request that lasts as long as the restart, never repeated."""
        self._once(lambda: self._api.restart(identifier, timeout=grace))

    def pause(self, identifier: str) -> None:
        """One request."""
        self._repeat(lambda: self._api.pause(identifier))

    def unpause(self, identifier: str) -> None:
        """One request."""
        self._repeat(lambda: self._api.unpause(identifier))

    def stats(self, identifier: str) -> dict[str, Any]:
        """One request. The SDK's own call knows ``one-shot`` only of late; without it the answer takes 2 s."""

        def ask() -> dict[str, Any]:
            answer = self._get(f"/containers/{identifier}/stats", {"stream": "false", "one-shot": "true"})
            # Podman sends nothing for one that does not run.
            return document(answer.json() if answer.content.strip() else {})

        return self._repeat(ask)

    def open_logs(self, identifier: str, *, span: LogSpan, follow: float | None = None) -> ByteStream:
        """One request. The SDK's own call makes two, and does not tell stdout from stderr."""
        query, patience = log_query(span, follow=follow is not None), None if follow is None else follow + _GRACE
        path = f"/containers/{identifier}/logs"

        def is_end(error: BaseException) -> bool:
            return follow is not None and innermost(list(causes(error)), _NO_MORE) is not None

        def meaning(error: Exception) -> NekzusError | None:
            return None if is_end(error) else translate(error, address=self._address)

        try:
            answer = self._repeat(lambda: self._get(path, query, stream=True, patience=patience))
        except NekzusError as error:
            if is_end(error):  # Podman does not begin to answer before there is a line
                return _Nothing()
            raise
        return ResponseStream(answer.raw, meaning)

    def request(
        self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Any = None, again: bool = True
    ) -> Any:
        """Make a request of the API through the SDK's session; an answer without content is None."""
        data = {"data": body} if isinstance(body, bytes) else {"json": body}
        headers = {"Content-Type": "application/x-tar"} if isinstance(body, bytes) else None

        def ask() -> Any:
            # What a daemon makes takes as long as it takes, unpacking an archive for example.
            answer = self._api.request(
                method, self._url(path), params=query, headers=headers, timeout=self._api.timeout, **data
            )
            _check(answer)
            # Podman says OK where Docker says nothing.
            return answer.json() if answer.content.lstrip()[:1] in (b"{", b"[") else None

        return self._repeat(ask) if again else self._once(ask)

    def pull_image(self, name: str, *, platform: str = "") -> None:
        """One request, that lasts as long as the pull, with the login that the docker command has for the registry."""
        try:
            messages = self._once(
                lambda: list(self._api.pull(name, stream=True, decode=True, platform=platform or None))
            )
        except RuntimeUnavailableError:
            raise
        except NekzusError as error:
            raise _not_pulled(name, error.message) from error
        for message in entries(messages):  # a stream that began well tells of what failed later
            if message.get("error"):
                raise _not_pulled(name, str(message["error"]))

    def ask_registry(self, name: str) -> str:
        """One request, with the login that the docker command has for the registry."""
        return text(self._of_registry(name, lambda: self._api.inspect_distribution(name)), "Descriptor", "digest")

    def _of_registry(self, name: str, call: Callable[[], Value]) -> Value:
        try:
            return self._once(call)
        except RuntimeUnavailableError:
            raise
        except NekzusError as error:
            raise _not_pulled(name, error.message) from error

    def version(self) -> dict[str, Any]:
        """One request."""
        return document(self._repeat(self._api.version))

    def info(self) -> dict[str, Any]:
        """One request."""
        return document(self._repeat(self._api.info))

    def close(self) -> None:
        """Close the SDK's session."""
        self._once(self._api.close)

    def _get(self, path: str, query: Mapping[str, str], *, stream: bool = False, patience: float | None = None) -> Any:
        """Make a request through the session that the SDK's client is; ``patience`` is how long to wait for more."""
        timeout = (self._api.timeout, patience or self._api.timeout)
        answer = self._api.get(self._url(path), params=query, stream=stream, timeout=timeout)
        _check(answer)
        return answer

    def _url(self, path: str) -> str:
        return f"{self._api.base_url}/v{self._api.api_version}{path}"

    def _repeat(self, call: Callable[[], Value]) -> Value:
        return retrying(lambda: self._once(call), clock=self._clock)

    def _once(self, call: Callable[[], Value]) -> Value:
        try:
            return call()
        except Exception as error:
            raise translate(error, address=self._address) from error


def _check(answer: Any) -> None:
    """Raise what the SDK raises when an answer says that the request failed."""
    try:
        answer.raise_for_status()
    except requests.exceptions.HTTPError as error:
        docker.errors.create_api_error_from_http_exception(error)  # raises


def _not_pulled(name: str, words: str) -> NotReadyError:
    hint = "check the name of the image and the login for its registry, or bring the image to the daemon"
    return NotReadyError(f"the image {name} cannot be pulled: {one_line(words)}", runtime=RUNTIME, hint=hint)


class _Nothing:
    """A ByteStream of which nothing comes."""

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        """There is nothing to end."""


def connect(config: DockerConfig, *, clock: Clock) -> DockerClient:
    """Open a client, agreeing on an API version with the daemon (one request).

    Raises MissingLibraryError without the SDK, else as ``translate`` does.
    """
    address = mask_urls(config.socket_path)
    if IMPORT_ERROR:
        raise MissingLibraryError(
            f"the Python library docker cannot be imported ({IMPORT_ERROR})",
            op="connect to",
            target=address,
            hint=f"install it for the Python that runs the module: {sys.executable} -m pip install docker",
        )
    try:
        api = docker.APIClient(
            base_url=config.socket_path,
            version="auto",
            timeout=cast("int", config.timeout),  # requests takes fractions
            tls=_tls(config.tls) if config.tls else False,
            max_pool_size=_CONNECTIONS,
        )
    except Exception as error:
        raise _not_connected(error, address=address).within(op="connect to", target=address) from error
    return SdkClient(api, address=address, clock=clock)


def _not_connected(error: Exception, *, address: str) -> NekzusError:
    """Return what an exception of the first request means, which asks for the daemon's version."""
    translated = translate(error, address=address)
    if isinstance(translated, ContainerNotFoundError):
        message, hint = f"what answers at {address} is not Docker", "check docker_host and DOCKER_HOST"
        return RuntimeUnavailableError(message, runtime=translated.runtime, hint=hint)
    return translated


def _tls(config: TLSConfig) -> Any:
    """Return the SDK's TLS configuration, holding to what the task says of names and of authorities."""

    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            if config.hostname:
                kwargs.update(assert_hostname=config.hostname, server_hostname=config.hostname)
            super().init_poolmanager(*args, **kwargs)

        def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
            # By itself requests lets REQUESTS_CA_BUNDLE win: https://github.com/psf/requests/issues/3829
            kwargs["verify"] = config.validate_certs and (config.ca_path or kwargs["verify"])
            return super().send(request, *args, **kwargs)

    class AdaptedTLSConfig(docker.tls.TLSConfig):
        def configure_client(self, client: Any) -> None:
            super().configure_client(client)
            client.mount("https://", Adapter())

    return AdaptedTLSConfig(
        client_cert=(config.client_cert, config.client_key) if config.client_cert else None,
        ca_cert=config.ca_path or None,
        verify=config.validate_certs,
    )
