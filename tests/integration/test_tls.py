# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine behind a port: with TLS that wants a certificate of its clients, with TLS gone wrong, and without."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from .certificates import OVER, SOON, Authority
from .controller import INFO
from .proxy import Proxy

if TYPE_CHECKING:
    from .controller import Controller, Run
    from .engine import DockerEngine


@pytest.fixture(scope="module")
def run(controller: Controller, one_engine: DockerEngine, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Try all ways in one play."""
    folder = tmp_path_factory.mktemp("certs")
    ours, others = Authority(folder), Authority(tmp_path_factory.mktemp("others"))
    ours.issue("cert")
    # The names that the docker command line looks for in DOCKER_CERT_PATH.
    (folder / "cert-key.pem").rename(folder / "key.pem")
    tls = {"ca_path": f"{folder}/ca.pem", "client_cert": f"{folder}/cert.pem", "client_key": f"{folder}/key.pem"}
    stranger, old = others.issue("stranger"), ours.issue("old", hours=OVER)
    with ExitStack() as stack:
        good, misnamed, expired, early, alone, plain = (
            stack.enter_context(Proxy(one_engine.url, tls=context, port=0))
            for context in (
                ours.server("127.0.0.1"),
                ours.server("engine.example"),
                ours.server("127.0.0.1", hours=OVER),
                ours.server("127.0.0.1", hours=SOON),
                ours.server("127.0.0.1", alone=True),
                None,
            )
        )
        ways: dict[str, tuple[Proxy, dict[str, Any]]] = {
            "right": (good, tls),
            "wrong authority": (good, {**tls, "ca_path": str(others.path)}),
            "unverified": (good, {**tls, "ca_path": str(others.path), "validate_certs": False}),
            "wrong host": (misnamed, tls),
            "expired": (expired, tls),
            "expired, and verified": (expired, {**tls, "validate_certs": True}),
            "expired, unverified": (expired, {**tls, "validate_certs": False}),
            "not yet valid": (early, tls),
            "self-signed": (alone, tls),
            "self-signed, unverified": (alone, {**tls, "validate_certs": False}),
            "expired client certificate": (
                good,
                {**tls, "client_cert": str(old.certificate), "client_key": str(old.key)},
            ),
            "host is told": (misnamed, {**tls, "hostname": "engine.example"}),
            "no client certificate": (good, {"ca_path": tls["ca_path"]}),
            "strange client certificate": (
                good,
                {**tls, "client_cert": str(stranger.certificate), "client_key": str(stranger.key)},
            ),
            "no such file": (good, {**tls, "ca_path": f"{folder}/none.pem"}),
            "plain to TLS": (good, {}),
            "TLS to plain": (plain, tls),
            "plain": (plain, {}),
        }
        tasks: list[dict[str, Any]] = [
            {"name": name, INFO: {"all": False, "runtimes": {"docker": {"socket_path": proxy.url, "tls": options}}}}
            for name, (proxy, options) in ways.items()
        ]
        environment = {"DOCKER_HOST": good.url, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": str(folder)}
        tasks.append({"name": "environment", INFO: {"all": False}, "environment": environment})
        tasks.append({"name": "no such host", INFO: {"docker_host": "tcp://engine.invalid:2376"}})
        return controller.play(tasks)


@pytest.mark.parametrize(
    "way",
    [
        *("right", "unverified", "expired, unverified", "self-signed, unverified", "host is told", "plain"),
        "environment",
    ],
)
def test_the_engine_is_reached(way: str, run: Run) -> None:
    task = run.task(way)
    assert task.status == "ok", task.result
    assert isinstance(task.result["containers"], list)


@pytest.mark.parametrize(
    ("way", "code", "words", "remedy"),
    [
        ("wrong authority", "runtime_unavailable", "certificate in certificate chain", "ca_path"),
        ("wrong host", "runtime_unavailable", "127.0.0.1", "hostname"),
        ("expired", "runtime_unavailable", "certificate has expired", "ca_path"),
        ("expired, and verified", "runtime_unavailable", "certificate has expired", "ca_path"),
        ("not yet valid", "runtime_unavailable", "certificate is not yet valid", "ca_path"),
        ("self-signed", "runtime_unavailable", "signed certificate", "ca_path"),
        ("expired client certificate", "runtime_unavailable", "TLS with tcp://127.0.0.1", "client_cert"),
        ("no client certificate", "runtime_unavailable", "TLS with tcp://127.0.0.1", "client_cert"),
        ("strange client certificate", "runtime_unavailable", "TLS with tcp://127.0.0.1", "client_cert"),
        ("no such file", "invalid_config", "ca_cert", "runtimes.docker.tls"),
        ("plain to TLS", "invalid_config", "speaks TLS", "runtimes.docker.tls"),
        ("TLS to plain", "runtime_unavailable", "TLS with tcp://127.0.0.1", "runtimes.docker.tls"),
        ("no such host", "runtime_unavailable", "engine.invalid", "docker_host"),
    ],
)
def test_what_is_wrong_is_told_with_a_remedy(way: str, code: str, words: str, remedy: str, run: Run) -> None:
    failure = run.task(way).failure
    assert (failure["code"], failure["runtime"]) == (code, "docker")
    assert words in failure["message"]
    assert remedy in failure["hint"]
