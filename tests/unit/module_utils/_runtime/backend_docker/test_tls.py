# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS to a daemon: who is trusted, under which name, and who we are there."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import DockerConfig, TLSConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker.client import connect
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import RuntimeUnavailableError
from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import TlsDaemon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("docker")
x509 = pytest.importorskip("cryptography.x509")
hashes = pytest.importorskip("cryptography.hazmat.primitives.hashes")
serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
elliptic = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ec")

NAME = "daemon.example"


def write_certificate(folder: Path, name: str, *alternatives: Any) -> None:
    """Write a self-signed certificate and its key."""
    key = elliptic.generate_private_key(elliptic.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(list(alternatives)), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(encoding))
    (folder / f"{name}.key").write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))


@pytest.fixture(scope="module")
def certs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with certificates of a daemon known by name, one known by address, and a client."""
    folder = tmp_path_factory.mktemp("certs")
    write_certificate(folder, NAME, x509.DNSName(NAME))
    write_certificate(folder, "local", x509.IPAddress(ip_address("127.0.0.1")))
    write_certificate(folder, "client", x509.DNSName("client"))
    return folder


@pytest.fixture
def daemon(certs: Path, request: pytest.FixtureRequest) -> Iterator[TlsDaemon]:
    """Return a daemon with the certificate that a test names; it wants the client's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certs / f"{request.param}.pem", certs / f"{request.param}.key")
    context.load_verify_locations(certs / "client.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with TlsDaemon(context) as running:
        yield running


@pytest.fixture(autouse=True, params=["", "client.pem"], ids=["plain", "with REQUESTS_CA_BUNDLE"])
def _bundle(certs: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let the environment name an authority or none: what the task says wins."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    if request.param:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certs / request.param))


def ask(daemon: TlsDaemon, certs: Path, **tls: Any) -> None:
    paths = {"client_cert": str(certs / "client.pem"), "client_key": str(certs / "client.key"), **tls}
    client = connect(DockerConfig(socket_path=daemon.url, tls=TLSConfig(**paths), timeout=5), clock=FakeClock())
    client.version()
    client.close()


@pytest.mark.parametrize("daemon", ["local"], indirect=True)
def test_a_daemon_with_a_trusted_certificate_of_its_address_answers(daemon: TlsDaemon, certs: Path) -> None:
    ask(daemon, certs, ca_path=str(certs / "local.pem"))
    assert daemon.asked("GET /version") == 2


@pytest.mark.parametrize("daemon", [NAME], indirect=True)
def test_a_certificate_of_another_name_is_accepted_when_that_is_expected(daemon: TlsDaemon, certs: Path) -> None:
    ask(daemon, certs, ca_path=str(certs / f"{NAME}.pem"), hostname=NAME)
    assert daemon.asked("GET /version") == 2


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("daemon", [NAME], indirect=True)
def test_any_certificate_is_accepted_when_none_is_verified(daemon: TlsDaemon, certs: Path) -> None:
    ask(daemon, certs, validate_certs=False)
    assert daemon.asked("GET /version") == 2


@pytest.mark.parametrize(
    ("daemon", "ca", "hostname"),
    [
        pytest.param(NAME, NAME, "", id="another name than the address"),
        pytest.param(NAME, NAME, "other.example", id="another name than expected"),
        pytest.param("local", NAME, "", id="another authority"),
    ],
    indirect=["daemon"],
)
def test_a_certificate_that_does_not_fit_is_refused(daemon: TlsDaemon, certs: Path, ca: str, hostname: str) -> None:
    with pytest.raises(RuntimeUnavailableError, match="TLS with") as refusal:
        ask(daemon, certs, ca_path=str(certs / f"{ca}.pem"), hostname=hostname)
    assert "runtimes.docker.tls" in str(refusal.value.hint)
    assert refusal.value.transient is False
    assert daemon.requests == []


@pytest.mark.parametrize("daemon", ["local"], indirect=True)
def test_a_daemon_that_wants_a_client_certificate_refuses_without(daemon: TlsDaemon, certs: Path) -> None:
    with pytest.raises(RuntimeUnavailableError):
        ask(daemon, certs, ca_path=str(certs / "local.pem"), client_cert="", client_key="")
    assert daemon.requests == []
