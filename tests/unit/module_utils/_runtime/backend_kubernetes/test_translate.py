# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers of an API server, and real exceptions on the way to it, mean."""

from __future__ import annotations

import socket
import ssl
from http.client import RemoteDisconnected
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError, NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import client as seam
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.call import Call
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, POD
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.translate import refused, translate
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_objects import ROLLOUT

if TYPE_CHECKING:
    from pathlib import Path

    from ansible_collections.nekzus.runtime.tests.unit.fakes.clock import FakeClock
    from ansible_collections.nekzus.runtime.tests.unit.fakes.daemon import PlainServer

urllib3_errors = pytest.importorskip("urllib3.exceptions")
GET = Call("GET", POD, "prod", "web")
PATCH = Call("PATCH", DEPLOYMENT, "prod", "web")
SERVER = "https://cluster:6443"


def said(code: int, message: str = "it is so.", **fields: Any) -> dict[str, Any]:
    return {"kind": "Status", "status": "Failure", "code": code, "message": message, **fields}


NOT_GRANTED = 'pods "web" is forbidden: User "jane" cannot get resource "pods" in API group "" in the namespace "prod"'
ANONYMOUS = (
    'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope'
)
ADMISSION = 'admission webhook "policy.example.com" denied the request: no.'
NOT_THERE = {"reason": "NotFound", "details": {"name": "web", "kind": "pods"}}


@pytest.mark.parametrize(
    ("code", "body", "call", "expected", "words"),
    [
        (401, said(401, "Unauthorized"), GET, "permission_denied", "does not accept the credentials"),
        (403, said(403, NOT_GRANTED), GET, "permission_denied", "grant get on pods in namespace prod"),
        (403, said(403, NOT_GRANTED), PATCH, "permission_denied", "grant patch on deployments.apps in namespace prod"),
        (403, said(403, ANONYMOUS), GET, "permission_denied", "forbidden to who has not logged in"),
        (403, said(403, ADMISSION), PATCH, "permission_denied", "denied the request: no"),
        (404, said(404, 'pods "web" not found', **NOT_THERE), GET, "container_not_found", 'pods "web" not found'),
        (404, b"404 page not found", GET, "unsupported", "no pods in v1"),
        (404, said(404, "the server could not find the requested resource", reason="NotFound"), GET, "unsupported", ""),
        (404, b"404 page not found", Call("GET", None, name="/apis/x/v1"), "unsupported", "no /apis/x/v1"),
        (404, b"404 page not found", Call("GET", ROLLOUT, "prod"), "unsupported", "rollouts.example.com"),
        (409, said(409, "the object has been modified"), PATCH, "conflict", "has been modified"),
        (410, said(410, "too old resource version"), GET, "conflict", "list again"),
        (422, said(422, "Deployment is invalid"), PATCH, "api_error", "Deployment is invalid"),
        (429, said(429, "slow down"), GET, "runtime_unavailable", "busy: slow down"),
        (503, b"no", GET, "runtime_unavailable", "busy: no"),
        (500, said(500, "etcd:\n  leader  changed."), GET, "api_error", "etcd: leader changed (HTTP 500)"),
        (502, b"<html><h1>Bad  Gateway</h1></html>", GET, "api_error", "Bad Gateway (HTTP 502)"),
        (418, b"", GET, "api_error", "HTTP 418"),
        (400, b"fetch http://me:t0p-s3cret@proxy", GET, "api_error", "http://me:********@proxy"),
        (500, b"[1]", GET, "api_error", "(HTTP 500)"),
        (500, b"\xff\xfe", GET, "api_error", "(HTTP 500)"),
    ],
)
def test_an_answer_has_the_meaning_of_its_status(code: int, body: Any, call: Call, expected: str, words: str) -> None:
    error = refused(code, body, {}, call)
    assert error.code == expected
    assert words in str(error)
    assert (error.runtime, bool(error.hint)) == ("kubernetes", True)
    assert "\n" not in str(error)
    assert "t0p-s3cret" not in str(error)


def test_a_missing_rule_is_told_in_its_parts() -> None:
    call = Call("PATCH", ROLLOUT, "prod", "web", "scale")
    assert refused(403, said(403, NOT_GRANTED), {}, call).details == {
        "verb": "patch",
        "user": "jane",
        "group": "example.com",
        "resource": "rollouts/scale",
        "namespace": "prod",
    }


def test_what_is_wrong_with_an_object_is_told_field_by_field() -> None:
    causes = [{"field": "spec.replicas", "message": "must be >= 0"}]
    error = refused(422, said(422, "invalid", details={"causes": causes}), {}, PATCH)
    assert error.details == {"causes": ["spec.replicas: must be >= 0"]}


@pytest.mark.parametrize(
    ("code", "call", "transient"),
    [
        (429, GET, True),
        (503, PATCH, True),
        (503, Call("POST", POD, "prod"), True),
        (502, PATCH, True),
        (504, Call("POST", POD, "prod"), False),
        (500, Call("POST", POD, "prod"), False),
        (409, PATCH, False),
        (404, GET, False),
    ],
)
def test_what_may_pass_by_itself_is_known(code: int, call: Call, *, transient: bool) -> None:
    assert refused(code, said(code), {}, call).transient is transient


@pytest.mark.parametrize(("header", "seconds"), [("7", 7.0), ("0", 0.0), ("soon", None), ("", None), ("-1", None)])
def test_the_server_says_when_to_come_again(header: str, seconds: float | None) -> None:
    assert refused(429, b"", {"Retry-After": header}, GET).retry_after == seconds


def test_a_long_answer_is_cut() -> None:
    assert len(str(refused(500, b"x" * 100_000, {}, GET))) < 700


def test_our_own_errors_pass_as_they_are() -> None:
    error = ConflictError("no")
    assert translate(error, GET, server=SERVER) is error


def wrapped(error: Exception) -> Exception:
    """Return an error as urllib3 raises it once it gives up."""
    found: Exception = urllib3_errors.MaxRetryError(None, "/api", error)
    return found


@pytest.mark.parametrize(
    ("error", "code", "words", "transient"),
    [
        (wrapped(ConnectionRefusedError(111, "refused")), "runtime_unavailable", "nothing answers at", True),
        (wrapped(socket.gaierror(-2, "unknown")), "runtime_unavailable", "cannot be resolved", False),
        (TimeoutError("timed out"), "runtime_unavailable", "no answer", False),
        (urllib3_errors.ReadTimeoutError(None, "/", "slow"), "runtime_unavailable", "no answer", False),
        (wrapped(ssl.SSLCertVerificationError("self-signed")), "runtime_unavailable", "TLS with", False),
        (urllib3_errors.ProxyError("down", OSError("x")), "runtime_unavailable", "the proxy on the way", False),
        (urllib3_errors.ProtocolError("x", RemoteDisconnected("x")), "runtime_unavailable", "broke", True),
        (ConnectionResetError(104, "reset"), "runtime_unavailable", "broke", True),
        (urllib3_errors.IncompleteRead(3, 7), "runtime_unavailable", "broke", True),
        (urllib3_errors.LocationParseError("x"), "invalid_config", "is not the address", False),
        (FileNotFoundError(2, "No such file or directory"), "invalid_config", "credentials cannot be read", False),
        (ValueError("Expecting value"), "runtime_unavailable", "is not Kubernetes", False),
        (RuntimeError("of a library's future"), "runtime_unavailable", "RuntimeError", False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_exception_has_the_meaning_of_its_cause(error: Exception, code: str, words: str, *, transient: bool) -> None:
    found = translate(error, GET, server="https://me:t0p-s3cret@cluster:6443")
    assert (found.code, found.transient, found.runtime) == (code, transient, "kubernetes")
    assert words in str(found)
    assert found.hint
    assert "t0p-s3cret" not in str(found)


def test_a_connection_that_breaks_during_a_creation_is_not_passing() -> None:
    assert not translate(ConnectionResetError(), Call("POST", POD, "prod"), server=SERVER).transient


def refusal_of(clock: FakeClock, **config: Any) -> NekzusError:
    pytest.importorskip("kubernetes")
    with pytest.raises(NekzusError) as refusal:
        seam.connect(KubernetesConfig(timeout=1, **config), clock=clock).get(POD, "prod", "web")
    assert refusal.value.hint
    return refusal.value


def test_real_mistakes_are_told_apart(clock: FakeClock, server: PlainServer, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    junk = tmp_path / "junk.pem"
    junk.write_text("no certificate", encoding="utf-8")
    told = {
        "closed": refusal_of(clock, host="https://127.0.0.1:9"),
        "no TLS": refusal_of(clock, host=f"https://127.0.0.1:{port}"),
        "no host": refusal_of(clock, host="https://nowhere.invalid:6443"),
        "no scheme": refusal_of(clock, host="cluster:6443"),
        "no port": refusal_of(clock, host="https://cluster:99999"),
        "junk": refusal_of(clock, host=f"https://127.0.0.1:{port}", ca_cert=str(junk)),
    }
    assert {what: error.code for what, error in told.items()} == {
        "closed": "runtime_unavailable",
        "no TLS": "runtime_unavailable",
        "no host": "runtime_unavailable",
        "no scheme": "invalid_config",
        "no port": "invalid_config",
        "junk": "runtime_unavailable",
    }
    assert "TLS with" in str(told["no TLS"])
    assert "cannot be resolved" in str(told["no host"])
    assert "NO_CERTIFICATE" in str(told["junk"])
