# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose account on which cluster a configuration means, as the real library reads kubeconfigs."""

from __future__ import annotations

import base64
import dataclasses
import json
import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import account as account_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.account import (
    is_somewhere,
    kubeconfig_digests,
    load_account,
)
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubeconfig import (
    LIBRARY,
    SECRET,
    document,
    load,
    refusal,
    token,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def in_default_place(home: Path) -> dict[str, Any]:
    written(home / ".kube" / "config", document())
    return {}


def in_a_file(home: Path) -> dict[str, Any]:
    return {"kubeconfig": written(home / "mine.yml", document())}


def below_home(home: Path) -> dict[str, Any]:
    written(home / "mine.yml", document())
    return {"kubeconfig": "~/mine.yml"}


def as_a_dictionary(_home: Path) -> dict[str, Any]:
    return {"kubeconfig": document()}


def as_json(home: Path) -> dict[str, Any]:
    return {"kubeconfig": written(home / "mine.json", json.dumps(document()))}


PLACES = [in_default_place, in_a_file, below_home, as_a_dictionary, as_json]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.replace("_", " "))
def test_a_kubeconfig_is_read_wherever_it_is(home: Path, place: Callable[[Path], dict[str, Any]]) -> None:
    account = load(**place(home))
    assert (account.server, account.namespace, token(account)) == ("https://prod:6443", "default", f"Bearer {SECRET}")
    assert account.headers == {"User-Agent": "nekzus.runtime"}


def test_of_several_files_the_first_that_names_a_thing_wins_and_missing_ones_are_passed_over(home: Path) -> None:
    first = written(home / "a.yml", document("prod", namespace="shop"))
    other = document("prod")
    other["clusters"][0]["cluster"]["server"] = "https://wrong:1"
    other["clusters"].append({"name": "test", "cluster": {"server": "https://test:6443"}})
    other["contexts"].append({"name": "test", "context": {"cluster": "test", "user": "prod", "namespace": "ci"}})
    second = written(home / "b.yml", other)
    several = f"{first}:{home}/nothing.yml:{second}"
    account = load(kubeconfig=several)
    assert (account.server, account.namespace) == ("https://prod:6443", "shop")
    account = load(kubeconfig=several, context="test")
    assert (account.server, account.namespace, token(account)) == ("https://test:6443", "ci", f"Bearer {SECRET}")


def test_a_missing_context_names_those_that_there_are() -> None:
    several = document()
    several["contexts"].append({"name": "test", "context": {"cluster": "prod", "user": "prod"}})
    error = refusal(kubeconfig=several, context="staging")
    assert (error.code, error.hint) == ("invalid_config", "its contexts are prod, test")
    assert "has no context staging" in str(error)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"current-context": ""}, "says no current context"),
        ({"current-context": "gone"}, "has no context gone"),
        ({"contexts": []}, "has no context prod"),
        ({"contexts": None}, "has no context prod"),
        ({"contexts": [{"name": "prod", "context": {"cluster": "gone", "user": "prod"}}]}, "cannot be used"),
        ({"clusters": []}, "cannot be used"),
        ({"clusters": None}, "cannot be used"),
        ({"contexts": [{"context": {}}]}, "cannot be used"),
        ({"contexts": "prod"}, "cannot be used"),
    ],
    ids=str,
)
@pytest.mark.parametrize("in_file", [False, True], ids=["dictionary", "file"])
def test_a_kubeconfig_that_cannot_be_used_says_what_is_wrong(
    home: Path, change: dict[str, Any], words: str, *, in_file: bool
) -> None:
    broken = {**document(), **change}
    error = refusal(kubeconfig=written(home / "broken.yml", broken) if in_file else broken)
    assert error.code == "invalid_config"
    assert words in str(error)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: [\n", "line 2"),
        ("a: b: c\n", "line 1"),
        ("just words", "cannot be used"),
        ("", "cannot be used"),
        ("[1, 2]", "cannot be used"),
        ("\x00", "cannot be used"),
        (f"token: {SECRET}\nx: [", "cannot be used"),
    ],
)
def test_a_broken_file_says_where_and_shows_nothing_of_it(home: Path, content: str, words: str) -> None:
    error = refusal(kubeconfig=written(home / "broken.yml", content))
    assert error.code == "invalid_config"
    assert str(home / "broken.yml") in str(error)
    assert words in str(error)


def test_a_folder_is_no_kubeconfig(home: Path) -> None:
    assert f"kubeconfig is a folder: {home}" in str(refusal(kubeconfig=str(home)))


def test_missing_files_are_named(home: Path) -> None:
    error = refusal(kubeconfig=f"{home}/a.yml:{home}/b.yml")
    assert error.code == "invalid_config"
    assert f"there is no kubeconfig {home}/a.yml, {home}/b.yml" in str(error)


def test_certificates_in_a_kubeconfig_become_files() -> None:
    content = base64.b64encode(b"-----BEGIN CERTIFICATE-----").decode()
    user = {"client-certificate-data": content, "client-key-data": content}
    configuration = load(kubeconfig=document(**user)).configuration
    for path in (configuration.cert_file, configuration.key_file):
        assert Path(path).read_text(encoding="utf-8") == "-----BEGIN CERTIFICATE-----"


@pytest.mark.parametrize("key", ["ca_cert", "client_cert", "client_key"])
def test_a_certificate_that_is_not_there_is_named(home: Path, key: str) -> None:
    error = refusal(host="https://x", **{key: str(home / "nothing.pem")})
    assert (error.code, str(home / "nothing.pem") in str(error)) == ("invalid_config", True)


def test_what_the_task_says_is_laid_over_the_kubeconfig(home: Path) -> None:
    path = written(home / "ca.pem", "x")
    account = load(
        kubeconfig=document(namespace="shop"),
        api_key="given",
        ca_cert=path,
        client_cert=path,
        client_key=path,
        proxy="http://proxy:3128",
        validate_certs=False,
        impersonate_user="jane",
    )
    configuration = account.configuration
    assert (account.server, account.namespace, token(account)) == ("https://prod:6443", "shop", "Bearer given")
    assert (configuration.ssl_ca_cert, configuration.cert_file, configuration.key_file) == (path, path, path)
    assert (configuration.proxy, configuration.verify_ssl) == ("http://proxy:3128", False)
    assert account.headers["Impersonate-User"] == "jane"


def test_a_host_is_taken_for_itself_and_no_kubeconfig_is_read(home: Path) -> None:
    written(home / ".kube" / "config", "broken: [")
    account = load(host="https://x:6443/", api_key="given")
    assert (account.server, account.namespace, token(account)) == ("https://x:6443", "default", "Bearer given")
    assert token(load(host="https://x:6443")) is None


@pytest.mark.parametrize(
    ("allowed", "context", "namespace"),
    [
        ((), "", "default"),
        ((), "shop", "shop"),
        (("shop", "prod"), "shop", "shop"),
        (("prod",), "shop", "prod"),
        (("prod", "staging"), "shop", ""),
        (("default", "prod"), "", "default"),
    ],
)
def test_the_namespace_is_the_contexts_where_that_is_allowed(
    allowed: tuple[str, ...], context: str, namespace: str
) -> None:
    assert load(kubeconfig=document(namespace=context), namespaces=allowed).namespace == namespace


def test_nothing_that_says_where_a_cluster_is_says_how_to() -> None:
    error = refusal()
    assert error.code == "runtime_unavailable"
    assert error.hint is not None
    assert "KUBECONFIG" in error.hint
    assert refusal(context="prod").code == "invalid_config"


@pytest.mark.parametrize(
    "said",
    [{"host": "https://a:1"}, {"kubeconfig": "/a"}, {"context": "a"}, {"api_key": "a"}, {"client_cert": "/a"}],
)
def test_a_cluster_is_somewhere_when_anything_is_said_of_it(said: dict[str, Any]) -> None:
    assert not is_somewhere(KubernetesConfig())
    assert is_somewhere(KubernetesConfig(**said))


def test_a_cluster_is_somewhere_when_there_is_a_kubeconfig_in_its_place_or_a_pod_around_us(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = home / "namespace"
    monkeypatch.setattr(account_of, "_POD_NAMESPACE", namespace)
    assert not is_somewhere(KubernetesConfig())
    namespace.touch()
    assert is_somewhere(KubernetesConfig())
    namespace.unlink()
    in_default_place(home)
    assert is_somewhere(KubernetesConfig())


def test_only_a_kubeconfig_that_would_be_read_has_a_digest(home: Path) -> None:
    in_default_place(home)
    path = written(home / "mine.yml", document())
    several = KubernetesConfig(kubeconfig=f"{path}:{home}/nothing.yml:~/.kube/config")
    assert len(kubeconfig_digests(KubernetesConfig())) == 1
    assert kubeconfig_digests(several) == kubeconfig_digests(KubernetesConfig()) * 2
    for config in (KubernetesConfig(host="https://a:1"), KubernetesConfig(kubeconfig=document())):
        assert kubeconfig_digests(config) == []


def test_what_another_thread_complains_of_is_not_said_of_a_kubeconfig(home: Path) -> None:
    def complaining_loader(**options: Any) -> Any:
        other = threading.Thread(target=lambda: logging.getLogger("other").error("it has failed"))
        other.start()
        other.join()
        return LIBRARY.loader(**options)

    in_default_place(home)
    account = load_account(KubernetesConfig(), dataclasses.replace(LIBRARY, loader=complaining_loader))
    assert token(account) == f"Bearer {SECRET}"
