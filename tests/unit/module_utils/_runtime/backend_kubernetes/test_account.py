# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose account on which cluster a configuration means, as the real library reads kubeconfigs."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.config import KubernetesConfig
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import account as accounts
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.account import (
    Account,
    Library,
    load_account,
)

if TYPE_CHECKING:
    from collections.abc import Callable

yaml = pytest.importorskip("yaml")
pytest.importorskip("kubernetes")
kube_config = pytest.importorskip("kubernetes.config.kube_config")
SECRET = "t0p-s3cret-t0ken"  # noqa: S105 - a test's
LIBRARY = Library(
    configuration=pytest.importorskip("kubernetes.client.configuration").Configuration,
    merger=kube_config.KubeConfigMerger,
    loader=kube_config.KubeConfigLoader,
    in_cluster=pytest.importorskip("kubernetes.config.incluster_config").load_incluster_config,
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty home, where nothing says where a cluster is."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def document(name: str = "prod", *, namespace: str = "", **user: Any) -> dict[str, Any]:
    """Return a kubeconfig with one context."""
    context = {"cluster": name, "user": name, **({"namespace": namespace} if namespace else {})}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}:6443"}}],
        "users": [{"name": name, "user": user or {"token": SECRET}}],
        "contexts": [{"name": name, "context": context}],
    }


def written(path: Path, content: Any) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return str(path)


def load(**config: Any) -> Account:
    return load_account(KubernetesConfig(**config), LIBRARY)


def token(account: Account) -> str | None:
    settings = account.configuration.auth_settings()
    return next((each["value"] for each in settings.values() if each["key"] == "authorization"), None)


def refusal(**config: Any) -> NekzusError:
    with pytest.raises(NekzusError) as refused:
        load(**config)
    assert refused.value.hint
    assert SECRET not in str(refused.value)
    return refused.value


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


def test_missing_files_are_named(home: Path) -> None:
    error = refusal(kubeconfig=f"{home}/a.yml:{home}/b.yml")
    assert error.code == "invalid_config"
    assert f"there is no kubeconfig {home}/a.yml, {home}/b.yml" in str(error)


def exec_user(home: Path, script: str) -> dict[str, Any]:
    """Return a user whose credentials a program prints."""
    path = written(home / "plugin.py", script)
    command = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "args": [path]}
    return {"exec": {**command, "interactiveMode": "Never"}}


CREDENTIAL = {
    "apiVersion": "client.authentication.k8s.io/v1",
    "kind": "ExecCredential",
    "status": {"token": SECRET},
}


def test_an_exec_plugin_is_run(home: Path) -> None:
    account = load(kubeconfig=document(**exec_user(home, f"print({json.dumps(CREDENTIAL)!r})")))
    assert token(account) == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("import sys; sys.exit('log in first')", id="fails"),
        pytest.param("print('no JSON')", id="prints nonsense"),
        pytest.param("print('{}')", id="prints something else"),
    ],
)
def test_an_exec_plugin_that_fails_is_an_error_and_not_nobody(home: Path, script: str) -> None:
    error = refusal(kubeconfig=document(**exec_user(home, script)))
    assert error.code == "invalid_config"
    assert "gives no credentials" in str(error)


def test_an_exec_plugin_that_is_not_there_is_an_error(home: Path) -> None:
    user = exec_user(home, "")
    user["exec"]["command"] = str(home / "nothing")
    assert "gives no credentials" in str(refusal(kubeconfig=document(**user)))


def test_a_token_that_the_task_gives_makes_up_for_a_plugin_that_fails(home: Path) -> None:
    account = load(kubeconfig=document(**exec_user(home, "exit(1)")), api_key="given")
    assert token(account) == "Bearer given"


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


@pytest.fixture
def pod_account(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place where a pod finds its own account."""
    incluster = pytest.importorskip("kubernetes.config.incluster_config")
    place = home / "serviceaccount"
    for name, content in {"token": SECRET, "ca.crt": "a certificate", "namespace": "jobs\n"}.items():
        written(place / name, content)
    monkeypatch.setattr(incluster, "SERVICE_TOKEN_FILENAME", str(place / "token"))
    monkeypatch.setattr(incluster, "SERVICE_CERT_FILENAME", str(place / "ca.crt"))
    monkeypatch.setattr(accounts, "_POD_NAMESPACE", place / "namespace")
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.96.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    return place


@pytest.mark.usefixtures("pod_account")
def test_in_a_pod_it_is_the_pods_own_account_unless_something_else_is_said(home: Path) -> None:
    own = pytest.importorskip("kubernetes.config.incluster_config")
    library = Library(
        LIBRARY.configuration,
        LIBRARY.merger,
        LIBRARY.loader,
        lambda client_configuration: own.InClusterConfigLoader(
            token_filename=own.SERVICE_TOKEN_FILENAME, cert_filename=own.SERVICE_CERT_FILENAME
        ).load_and_set(client_configuration),
    )
    account = load_account(KubernetesConfig(), library)
    assert (account.server, account.namespace) == ("https://10.96.0.1:443", "jobs")
    assert str(token(account)).lower() == f"bearer {SECRET}"
    assert load_account(KubernetesConfig(host="https://x"), library).server == "https://x"
    assert load_account(KubernetesConfig(kubeconfig=document()), library).server == "https://prod:6443"
    written(home / ".kube" / "config", document())
    assert load_account(KubernetesConfig(), library).server == "https://prod:6443"
