# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom both runtimes trust over TLS: nobody who cannot show that he is the one meant, unless the task says so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import (
    DockerConfig,
    KubernetesConfig,
    TLSConfig,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import client as docker
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as kubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import TlsDaemon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.nekzus.runtime.tests.integration.certificates import Authority

pytest.importorskip("docker")
pytest.importorskip("kubernetes")
certificates = pytest.importorskip("ansible_collections.nekzus.runtime.tests.integration.certificates")
HERE = "127.0.0.1"


class Trust(NamedTuple):
    """The files of a client: whom it trusts, and its own certificate."""

    authority: str
    certificate: str
    key: str


def ask_docker(server: TlsDaemon, trust: Trust, *, verify: bool | None) -> None:
    """Ask a daemon for its version."""
    told: dict[str, Any] = {} if verify is None else {"validate_certs": verify}
    tls = TLSConfig(ca_path=trust.authority, client_cert=trust.certificate, client_key=trust.key, **told)
    client = docker.connect(DockerConfig(socket_path=server.url, tls=tls, timeout=5), clock=FakeClock())
    client.version()
    client.close()


def ask_kubernetes(server: TlsDaemon, trust: Trust, *, verify: bool | None) -> None:
    """Ask an API server for its version."""
    told: dict[str, Any] = {} if verify is None else {"validate_certs": verify}
    config = KubernetesConfig(
        host=server.url.replace("tcp://", "https://"),
        ca_cert=trust.authority,
        client_cert=trust.certificate,
        client_key=trust.key,
        timeout=5,
        **told,
    )
    client = kubernetes.connect(config, clock=FakeClock())
    client.discover("/version")
    client.close()


ASK: dict[str, Callable[..., None]] = {"docker": ask_docker, "kubernetes": ask_kubernetes}
every_runtime = pytest.mark.parametrize("runtime", ASK)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the authority that is trusted."""
    made: Authority = certificates.Authority(tmp_path_factory.mktemp("ours"))
    return made


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return one that is not."""
    made: Authority = certificates.Authority(tmp_path_factory.mktemp("others"))
    return made


@pytest.fixture
def server(ours: Authority, others: Authority, request: pytest.FixtureRequest) -> Iterator[TlsDaemon]:
    """Return a server with the certificate that a test names. It wants one of ours of its clients."""
    contexts = {
        "right": lambda: ours.server(HERE),
        "expired": lambda: ours.server(HERE, hours=certificates.OVER),
        "not yet valid": lambda: ours.server(HERE, hours=certificates.SOON),
        "self-signed": lambda: ours.server(HERE, alone=True),
        "of another name": lambda: ours.server("somewhere.example"),
        "of another authority": lambda: others.server(HERE),
    }
    context = contexts[request.param]()
    context.load_verify_locations(ours.path)
    with TlsDaemon(context) as running:
        yield running


def trust_of(trusted: Authority, signer: Authority, **options: Any) -> Trust:
    """Return whom a client trusts, with a certificate of its own."""
    pair = signer.issue("client", **options)
    return Trust(str(trusted.path), str(pair.certificate), str(pair.key))


@every_runtime
@pytest.mark.parametrize("server", ["right"], indirect=True)
def test_who_shows_that_he_is_the_one_meant_is_trusted(server: TlsDaemon, ours: Authority, runtime: str) -> None:
    ASK[runtime](server, trust_of(ours, ours), verify=None)
    assert server.asked("GET /version") >= 1


BAD = {
    "expired": "certificate has expired",
    "not yet valid": "certificate is not yet valid",
    "self-signed": "self-signed certificate|self signed certificate",
    "of another name": "127.0.0.1",
    "of another authority": "certificate verify failed|unable to get local issuer certificate|self.signed certificate",
}


@every_runtime
@pytest.mark.parametrize(("server", "words"), BAD.items(), ids=BAD, indirect=["server"])
@pytest.mark.parametrize("verify", [None, True], ids=["by default", "when that is said"])
def test_what_does_not_show_it_is_refused(
    server: TlsDaemon, words: str, ours: Authority, runtime: str, *, verify: bool | None
) -> None:
    with pytest.raises(RuntimeUnavailableError, match=words) as refusal:
        ASK[runtime](server, trust_of(ours, ours), verify=verify)
    failure = refusal.value.failure()
    assert (failure["code"], failure["runtime"]) == ("runtime_unavailable", runtime)
    assert "TLS with " in failure["message"]
    assert "client_cert" in failure["hint"]
    assert refusal.value.transient is False
    assert server.requests == []


@every_runtime
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("server", BAD, indirect=True)
def test_it_is_spoken_to_only_when_the_task_says_so(server: TlsDaemon, ours: Authority, runtime: str) -> None:
    ASK[runtime](server, trust_of(ours, ours), verify=False)
    assert server.asked("GET /version") >= 1


@every_runtime
@pytest.mark.parametrize("server", ["right"], indirect=True)
@pytest.mark.parametrize("client", ["of another authority", "expired", "not yet valid", "self-signed", "none"])
def test_a_client_that_the_server_does_not_accept_is_told_so(
    server: TlsDaemon, client: str, ours: Authority, others: Authority, runtime: str
) -> None:
    trust = {
        "of another authority": lambda: trust_of(ours, others),
        "expired": lambda: trust_of(ours, ours, hours=certificates.OVER),
        "not yet valid": lambda: trust_of(ours, ours, hours=certificates.SOON),
        "self-signed": lambda: trust_of(ours, ours, alone=True),
        "none": lambda: Trust(str(ours.path), "", ""),
    }[client]()
    with pytest.raises(RuntimeUnavailableError) as refusal:
        ASK[runtime](server, trust, verify=None)
    # What the server says may come too late to be read.
    assert re.search("does not accept|hung up|the connection to .* broke", refusal.value.message)
    assert refusal.value.hint
    assert server.requests == []
