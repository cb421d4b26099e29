# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens of an OpenID provider: the library renews them, with modules that nothing has imported before."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import threading
from base64 import b64encode, urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .certificates import Authority

from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import document  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterator

TREE = Path(__file__).parents[2] / ".cache" / "collections"
RENEWED = "renewed.by.provider"
SCRIPT = """
import json, sys, time
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.client import connect
before = "oauthlib" in sys.modules
client = connect(KubernetesConfig(kubeconfig=json.load(sys.stdin)), clock=time)
print(json.dumps([before, client.discover("/version"), "oauthlib" in sys.modules]))
"""


class Provider(BaseHTTPRequestHandler):
    """Is provider and API server in one: it gives new tokens, and tells who asks it what."""

    def do_GET(self) -> None:
        """Say where tokens are given, and to all else who asks."""
        if self.path.endswith("/.well-known/openid-configuration"):
            self._answer({"token_endpoint": f"https://{self.headers['Host']}/token"})
        else:
            self._answer({"told": self.headers["Authorization"]})

    def do_POST(self) -> None:
        """Give a token for the one of before."""
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert "refresh_token=old" in sent
        self._answer({"id_token": RENEWED, "refresh_token": "new", "access_token": "a", "token_type": "Bearer"})

    def _answer(self, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def provider(authority: Authority) -> Iterator[str]:
    """Yield the address of a provider."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    context = authority.server("127.0.0.1")
    context.verify_mode = ssl.CERT_NONE
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def expired() -> str:
    """Return an unsigned token of long ago."""
    parts = ({"alg": "none"}, {"exp": 1_000_000_000, "sub": "me"})
    return ".".join([*(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "s"])


def test_an_expired_token_of_a_provider_is_renewed(provider: str, authority: Authority) -> None:
    trust = b64encode(authority.path.read_bytes()).decode()
    known = {"idp-issuer-url": provider, "idp-certificate-authority-data": trust}
    ours = {"client-id": "me", "client-secret": "s", "id-token": expired(), "refresh-token": "old"}
    user: dict[str, Any] = {"auth-provider": {"name": "oidc", "config": {**known, **ours}}}
    kubeconfig = document("c", **user)
    kubeconfig["clusters"][0]["cluster"] = {"server": provider, "certificate-authority-data": trust}
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", SCRIPT],
        input=json.dumps(kubeconfig),
        env={"PYTHONPATH": str(TREE)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    before, told, after = json.loads(done.stdout)
    assert (before, told, after) == (False, {"told": f"Bearer {RENEWED}"}, True)
