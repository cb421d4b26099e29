# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to a cluster that lead nowhere, and what is told of them."""

from __future__ import annotations

import base64
import http.server
import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from .certificates import OVER, SOON, Authority
from .cluster import path_of
from .controller import INFO, MODULE
from .service_account import make_account, rule
from .sshd import free_port

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from .controller import Controller, Run
    from .space import Space

SECRET = "hunter2-and-more"  # noqa: S105 - of a test


class Page(http.server.BaseHTTPRequestHandler):
    """Answers as a login page does."""

    def do_GET(self) -> None:
        """Answer."""
        body = b"<html>Please log in</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the standard library's signature
        """Print nothing."""


@pytest.fixture(scope="module")
def page() -> Iterator[str]:
    """Serve a page where an API server should be."""
    with serving() as url:
        yield url


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve the page, over TLS if there is a context, and yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def unverifiable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """Return ways to a page behind certificates that are not to be trusted, though their authority is."""
    ours = Authority(tmp_path_factory.mktemp("ours"))
    client = ours.issue("client")
    files = {"ca_cert": str(ours.path), "client_cert": str(client.certificate), "client_key": str(client.key)}
    contexts = {
        "expired": ours.server("127.0.0.1", hours=OVER),
        "not yet valid": ours.server("127.0.0.1", hours=SOON),
        "self-signed": ours.server("127.0.0.1", alone=True),
        "wrong host": ours.server("cluster.example"),
    }
    with ExitStack() as stack:
        hosts = {way: stack.enter_context(serving(context)) for way, context in contexts.items()}
        ways = {way: {**files, "host": host} for way, host in hosts.items()}
        yield {**ways, "expired, unverified": {**ways["expired"], "validate_certs": False}}


@pytest.fixture(scope="module")
def run(
    controller: Controller,
    space: Space,
    page: str,
    unverifiable: Mapping[str, dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    """Go all of them in one play."""
    folder = tmp_path_factory.mktemp("ways")
    (folder / "authority").mkdir()
    stranger = base64.b64encode(Authority(folder / "authority").path.read_bytes()).decode()
    ways: dict[str, Mapping[str, Any]] = {
        "wrong token": account(space, folder, user={"token": SECRET}),
        "token of nobody": account(space, folder, user={"token": _token_of_nobody(space)}),
        "anonymous": account(space, folder, user={}),
        "unreachable": account(space, folder, server=f"https://127.0.0.1:{free_port()}"),
        "no such host": account(space, folder, server="https://cluster.invalid:6443"),
        "strange authority": account(space, folder, ca=stranger),
        "a page": account(space, folder, server=page, user={"token": SECRET}),
        "missing context": {"kubeconfig": str(space.kubeconfig), "context": "moon"},
        "missing file": {"kubeconfig": str(folder / "nothing")},
        "broken YAML": {"kubeconfig": _file(folder, f"users:\n- name: a\n  user: {{token: {SECRET}\nclusters: [")},
        "no kubeconfig": {"kubeconfig": _file(folder, f"password: {SECRET}\n")},
        "a list": {"kubeconfig": _file(folder, "- one\n- two\n")},
        "failing plugin": account(space, folder, user={"exec": _plugin("sh", "-c", "echo no login >&2; exit 3")}),
        "missing plugin": account(space, folder, user={"exec": _plugin("nekzus-no-such-plugin")}),
        **{way: {"runtimes": {"kubernetes": options}} for way, options in unverifiable.items()},
        "no such certificate": {"runtimes": {"kubernetes": {"host": page, "ca_cert": str(folder / "ca.pem")}}},
    }
    tasks = [
        {"name": name, INFO: {"runtime": "kubernetes", "namespace": "default", **way}} for name, way in ways.items()
    ]
    options = {"runtime": "kubernetes", "kubeconfig": str(space.kubeconfig)}
    nowhere = f"{space.namespace}-typo"
    only = {"runtimes": {"kubernetes": {"namespaces": [space.namespace]}}}
    tasks += [
        {"name": "namespace of a target", MODULE: {**options, "name": f"{nowhere}/web", "state": "stopped"}},
        {"name": "namespace of a list", INFO: {**options, "namespaces": [nowhere]}},
        {"name": "closed to a target", INFO: {**options, **only, "name": "default/web"}},
        {"name": "closed to a list", INFO: {**options, **only, "namespaces": ["default"]}},
        {"name": "no way at all", INFO: {"runtime": "kubernetes"}},
    ]
    return controller.play(tasks, "-vvv")


def account(space: Space, folder: Path, **changes: Any) -> dict[str, str]:
    """Return the option for a kubeconfig that differs from a good one."""
    file = folder / f"kubeconfig-{len(list(folder.iterdir()))}"
    return {"kubeconfig": str(space.cluster.account(file, **changes))}


def _file(folder: Path, content: str) -> str:
    file = folder / f"file-{len(list(folder.iterdir()))}"
    file.write_text(content)
    return str(file)


def _plugin(*command: str) -> dict[str, Any]:
    return {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": command[0],
        "args": list(command[1:]),
        "interactiveMode": "Never",
    }


def _token_of_nobody(space: Space) -> str:
    """Return a token that was good once: who takes it away makes it expire."""
    token = make_account(space, "nobody", [rule("pods", "list")])
    space.cluster.delete(path_of("v1", "ServiceAccount", space.namespace, "nobody"))
    return token


@pytest.mark.parametrize(
    ("way", "code", "words", "remedy"),
    [
        ("wrong token", "permission_denied", "does not accept the credentials", "expired"),
        ("token of nobody", "permission_denied", "does not accept the credentials", "expired"),
        ("anonymous", "permission_denied", "", "credentials|log in"),
        ("unreachable", "runtime_unavailable", "nothing answers at https://127.0.0.1:", "kubeconfig"),
        ("no such host", "runtime_unavailable", "cluster.invalid", "kubeconfig"),
        ("strange authority", "runtime_unavailable", "TLS with https://", "certificate authority"),
        ("expired", "runtime_unavailable", "certificate has expired", "certificate authority"),
        ("not yet valid", "runtime_unavailable", "certificate is not yet valid", "certificate authority"),
        ("self-signed", "runtime_unavailable", "signed certificate", "certificate authority"),
        ("wrong host", "runtime_unavailable", "127.0.0.1", "certificate authority"),
        # It is spoken to.
        ("expired, unverified", "runtime_unavailable", "is not Kubernetes", "host"),
        ("a page", "runtime_unavailable", "is not Kubernetes", "kubeconfig"),
        ("missing context", "invalid_config", "no context moon", "its contexts are "),
        ("missing file", "invalid_config", "/nothing", "kubeconfig"),
        ("broken YAML", "invalid_config", "line ", "kubectl"),
        ("no kubeconfig", "invalid_config", "says no current context", "no contexts"),
        ("a list", "invalid_config", "cannot be used", "kubectl"),
        ("failing plugin", "invalid_config", "credentials", "exec plugin"),
        ("missing plugin", "invalid_config", "nekzus-no-such-plugin", "exec plugin"),
        ("no such certificate", "invalid_config", "ca.pem", "ca_cert"),
        ("namespace of a target", "container_not_found", "there is no namespace nkz-", "did you mean nkz-"),
        ("namespace of a list", "container_not_found", "there is no namespace nkz-", "did you mean nkz-"),
        ("closed to a target", "invalid_target", "default is not one of", "name one of nkz-"),
        ("closed to a list", "invalid_target", "default is not one of", "name one of nkz-"),
        ("no way at all", "runtime_unavailable", "nothing says where the cluster is", "KUBECONFIG"),
    ],
)
def test_what_is_wrong_is_told_with_a_remedy(way: str, code: str, words: str, remedy: str, run: Run) -> None:
    failure = run.task(way).failure
    assert (failure["code"], failure["runtime"]) == (code, "kubernetes"), failure
    assert words in failure["message"], failure
    assert any(word in failure["hint"] for word in remedy.split("|")), failure


def test_the_contexts_that_there_are_are_named(run: Run, space: Space) -> None:
    document = yaml.safe_load(space.kubeconfig.read_text())
    assert document["contexts"][0]["name"] in run.task("missing context").failure["hint"]


def test_nothing_printed_holds_a_secret(run: Run) -> None:
    assert SECRET not in run.output
