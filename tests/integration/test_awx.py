# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Job templates, launched as AWX does it: by ansible-runner, with what credentials inject and surveys answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .awx import AWX, Credential
from .awx_office import PREFIX, RULES, TYPES, Office, Place
from .certificates import Authority
from .kubernetes_yard import KubernetesYard
from .proxy import Proxy
from .service_account import kubeconfig_of, make_account

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .cluster import Cluster
    from .controller import Controller
    from .engine import DockerEngine
    from .space import Space
    from .yard import Yard

SHOWN = "Show what became of each container"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Have an authority for the daemon and its clients."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def front(one_engine: DockerEngine, authority: Authority) -> Iterator[Proxy]:
    """Put TLS in front of the engine, which wants a certificate of its clients, and has one of its own name."""
    with Proxy(one_engine.url, tls=authority.server("engine.example"), port=0) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def tls(front: Proxy, authority: Authority) -> Credential:
    """Enter what a client of that engine has."""
    pair = authority.issue("client")
    return AWX.credential(
        TYPES["tls"],
        docker_host=front.url,
        ca_cert=authority.path.read_text(),
        client_cert=pair.certificate.read_text(),
        client_key=pair.key.read_text(),
        hostname="engine.example",
    )


@pytest.fixture(scope="module")
def token_of_space(space: Space) -> str:
    """Make an account that may do in the namespace what the playbooks do."""
    return make_account(space, "awx", RULES)


@pytest.fixture(scope="module")
def kubeconfig(space: Space, token_of_space: str, tmp_path_factory: pytest.TempPathFactory) -> Credential:
    """Enter the kubeconfig of the account."""
    file = kubeconfig_of(space, token_of_space, tmp_path_factory.mktemp("kubeconfig") / "config")
    return AWX.credential(TYPES["kubeconfig"], kubeconfig=Path(file).read_text())


@pytest.fixture(scope="module")
def token(cluster: Cluster, token_of_space: str) -> Credential:
    """Enter the address, the token of the account, and the cluster's authority."""
    return AWX.credential(
        TYPES["token"],
        host=cluster.configuration.host,
        api_key=token_of_space,
        ca_cert=Path(str(cluster.configuration.ssl_ca_cert)).read_text(),
    )


@pytest.fixture(params=list(TYPES))
def office(request: pytest.FixtureRequest, controller: Controller) -> Iterator[Office]:
    """Take every type of credential in turn."""
    credential: Credential = request.getfixturevalue(request.param)
    key = request.node.nodeid
    if request.param == "tls":
        engine: DockerEngine = request.getfixturevalue("one_engine")
        yard: Yard = engine.yard(key)
        answers = {"fleet_runtime": "docker", "fleet_globs": yard.name("*")}
    else:
        space: Space = request.getfixturevalue("space")
        yard = KubernetesYard(space, key)
        answers = {"fleet_namespaces": space.namespace, "fleet_globs": f"{space.namespace}/{yard.name('*')}"}
    yard.clear()
    yield Office(controller, credential, yard, answers)
    yard.clear()


def test_a_fleet_is_listed_stopped_started_restarted_and_changed(office: Office) -> None:
    office.yard.run("web", "db")

    listed = office.launch("list")
    assert listed.status == "successful", listed.stdout
    assert len(listed.run.task("Show them").result["msg"]) == 3

    stopped = office.launch("stop_fleet", fleet_exclude="*-db*", fleet_timeout=2)
    assert stopped.status == "successful", stopped.stdout
    assert [row.partition(": ")[2] for row in stopped.run.task(SHOWN).result["msg"]] == ["running -> stopped"]
    assert office.yard.states() == {"web": "stopped", "db": "running"}

    started = office.launch("start_fleet")
    assert started.status == "successful", started.stdout
    assert office.yard.states() == {"web": "running", "db": "running"}

    before = office.yard.runs()
    restarted = office.launch("restart", fleet_max_concurrent=1)
    assert restarted.status == "successful", restarted.stdout
    assert {name for name, run in office.yard.runs().items() if run != before[name]} == {"web", "db"}

    changed = office.launch("change_fleet", fleet_state="stopped", fleet_timeout=2)
    assert changed.status == "successful", changed.stdout
    assert office.yard.states() == {"web": "stopped", "db": "stopped"}


def test_what_is_maintained_runs_again(office: Office, tmp_path: Path) -> None:
    office.yard.run("web")
    before, tasks = office.yard.runs(), tmp_path / "tasks.yml"
    tasks.write_text("[{name: work, ansible.builtin.debug: {msg: at work}}]")
    told: dict[str, Any] = {"tasks": str(tasks), "timeout": 2, "state_dir": str(tmp_path / "state")}
    told["label_selectors"] = f"nekzus-test-of={office.yard.prefix}"
    told["namespaces"] = office.answers.get("fleet_namespaces", "")
    ended = replace(office, answers={}).launch("maintenance", **{f"maintenance_{key}": told[key] for key in told})
    assert ended.status == "successful", ended.stdout
    assert ended.run.task("work").result["msg"] == "at work"
    assert office.yard.states() == {"web": "running"}
    assert office.yard.runs() != before


def test_a_fleet_is_measured_and_its_logs_are_collected(office: Office, tmp_path: Path) -> None:
    office.yard.run("web", script="echo here I am; trap 'exit 0' TERM; while :; do sleep 0.1; done")

    measured = office.launch("stats", fleet_top=1)
    assert measured.status == "successful", measured.stdout
    rows = measured.run.task("Show them").result["msg"]
    assert rows[0].startswith("CONTAINER")
    assert office.yard.name("web") in rows[1]

    collected = office.launch("collect_logs", logs_dest=str(tmp_path), logs_since="1h")
    assert collected.status == "successful", collected.stdout
    (log,) = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert "here I am" in log.read_text()


def test_what_is_injected_is_in_files_of_their_own_for_their_owner_alone(tls: Credential, tmp_path: Path) -> None:
    environment = tls.inject(tmp_path)
    names = ("NEKZUS_DOCKER_CA_PATH", "NEKZUS_DOCKER_CLIENT_CERT", "NEKZUS_DOCKER_CLIENT_KEY")
    files = [Path(environment[name]) for name in names]
    assert len(set(files)) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert [file.read_text() for file in files] == [
        tls.inputs[name] for name in ("ca_cert", "client_cert", "client_key")
    ]


def test_a_field_that_is_empty_is_not_there(tls: Credential, token: Credential, tmp_path: Path) -> None:
    address = replace(tls, inputs={"docker_host": "tcp://engine.example:2376"})
    given = {name: value for name, value in address.inject(tmp_path).items() if value}
    assert given == {"DOCKER_HOST": "tcp://engine.example:2376", "NEKZUS_DOCKER_VALIDATE_CERTS": "True"}
    bare = replace(token, inputs={**token.inputs, "ca_cert": ""}).inject(tmp_path)
    assert (bare["K8S_AUTH_SSL_CA_CERT"], bare["K8S_AUTH_VERIFY_SSL"]) == ("", "True")


@pytest.fixture
def docker_office(controller: Controller, tls: Credential, one_yard: Yard) -> Office:
    """Take the engine behind TLS, with a container."""
    one_yard.run("web")
    return Office(controller, tls, one_yard, {"fleet_globs": one_yard.name("*")})


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({}, "successful", id="as it is"),
        pytest.param({"hostname": ""}, "failed", id="another name"),
        pytest.param({"hostname": "", "insecure": True}, "successful", id="not verified"),
        pytest.param({"ca_cert": "", "insecure": True}, "successful", id="no authority, not verified"),
        pytest.param({"client_cert": "", "client_key": ""}, "failed", id="no client certificate"),
        pytest.param({"client_key": ""}, "failed", id="half a client certificate"),
    ],
)
def test_each_field_of_a_docker_credential_counts(docker_office: Office, change: dict[str, Any], status: str) -> None:
    credential = docker_office.credential
    job = docker_office.launch("list", replace(credential, inputs={**credential.inputs, **change}), verbosity=4)
    assert job.status == status, job.stdout
    if status == "failed":
        failure = job.run.task("List the containers").failure
        assert failure["code"] in ("runtime_unavailable", "invalid_config")
        assert "tls" in failure["hint"] or "give both" in failure["hint"]


@pytest.fixture
def place(controller: Controller, space: Space, token: Credential, request: pytest.FixtureRequest) -> Iterator[Place]:
    """Take a namespace of the cluster, with a workload."""
    yard = KubernetesYard(space, request.node.nodeid)
    yard.clear()
    yard.create("web")
    yield Place(Office(controller, token, yard, {"fleet_namespaces": space.namespace}), space)
    yard.clear()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({}, "successful", id="as it is"),
        pytest.param({"ca_cert": ""}, "failed", id="another authority"),
        pytest.param({"ca_cert": "", "insecure": True}, "successful", id="not verified"),
        pytest.param({"api_key": "not-a-token-of-that-cluster"}, "failed", id="another token"),
    ],
)
def test_each_field_of_a_kubernetes_credential_counts(place: Place, change: dict[str, Any], status: str) -> None:
    credential = replace(place.office.credential, inputs={**place.office.credential.inputs, **change})
    job = place.office.launch("list", credential, verbosity=4)
    assert job.status == status, job.stdout
    if status == "failed":
        assert job.run.task("List the containers").failure["code"] in ("runtime_unavailable", "permission_denied")


# The type that AWX comes with, as jobs see it: whether to verify is a word, and the authority comes only with True.
@pytest.mark.parametrize("verify", ["True", "False"])
def test_the_token_credential_that_awx_comes_with_is_understood(place: Place, verify: str) -> None:
    own = place.office.credential
    injectors = {
        "file": {"template": "{{ ca_cert }}"} if verify == "True" else {},
        "env": {"K8S_AUTH_HOST": "{{ host }}", "K8S_AUTH_API_KEY": "{{ api_key }}", "K8S_AUTH_VERIFY_SSL": verify}
        | ({"K8S_AUTH_SSL_CA_CERT": "{{ tower.filename }}"} if verify == "True" else {}),
    }
    job = place.office.launch("list", replace(own, type={**own.type, "injectors": injectors}))
    assert job.status == "successful", job.stdout
    assert place.office.yard.name("web") in job.run.task("Show them").result["msg"][1]


def test_credentials_of_both_runtimes_are_used_side_by_side(
    docker_office: Office, place: Place, tls: Credential, token: Credential
) -> None:
    web, there = docker_office.yard.name("web"), place.office.yard.name("web")
    for runtime, named, found in (
        ("docker", web, f"docker/{web}"),
        ("kubernetes", f"{place.space.namespace}/deployment/{there}", f"deployment/{there}"),
    ):
        answers = {"fleet_runtime": runtime, "fleet_names": named}
        job = AWX.launch(docker_office.controller, PREFIX + "list", tls, token, answers=answers)
        assert job.status == "successful", job.stdout
        assert found in job.run.task("Show them").result["msg"][1]


@pytest.mark.parametrize("name", ["list", "stop_fleet", "stats", "collect_logs", "export"])
def test_answers_that_are_left_empty_are_as_if_not_given(docker_office: Office, name: str, tmp_path: Path) -> None:
    survey = AWX.template(PREFIX + name)["related"]["survey_spec"]["spec"]
    empty = {each["variable"]: "" for each in survey if each["type"] == "text" and not each["required"]}
    dest = {each["variable"]: str(tmp_path) for each in survey if each["variable"].endswith("_dest")}
    answers = {**empty, "fleet_runtime": "docker", **docker_office.answers, **dest}
    job = replace(docker_office, answers=answers).launch(name)
    assert job.status == "successful", job.stdout


def test_an_account_is_made_that_the_other_job_templates_can_use(place: Place, tmp_path: Path) -> None:
    administrator = AWX.credential(TYPES["kubeconfig"], kubeconfig=place.space.kubeconfig.read_text())
    file, namespace = tmp_path / "reader", place.space.namespace
    office = replace(place.office, credential=administrator, answers={"kubernetes_rbac_name": "reader"})
    made = office.launch(
        "kubernetes_rbac",
        kubernetes_rbac_namespace=namespace,
        kubernetes_rbac_namespaces=namespace,
        kubernetes_rbac_kubeconfig_dest=str(file),
    )
    assert made.status == "successful", made.stdout
    reader = AWX.credential(TYPES["kubeconfig"], kubeconfig=file.read_text())
    assert place.office.launch("list", reader).status == "successful"
    refused = place.office.launch("start_fleet", reader)
    assert refused.status == "failed"
    assert "permission_denied" in refused.stdout
    gone = office.launch("kubernetes_rbac", kubernetes_rbac_namespace=namespace, kubernetes_rbac_state="absent")
    assert gone.status == "successful", gone.stdout


def test_an_inventory_source_has_the_containers_of_its_credential(docker_office: Office, place: Place) -> None:
    there = place.office.yard
    there.run("pod")
    engine = AWX.synchronise(docker_office.controller, "nekzus.runtime Docker", docker_office.credential)
    assert docker_office.yard.name("web") in {each["nekzus_name"] for each in engine.values()}
    assert {each["nekzus_runtime"] for each in engine.values()} == {"docker"}
    namespaces = {"NEKZUS_INVENTORY_NAMESPACES": place.space.namespace}
    cluster = AWX.synchronise(
        place.office.controller, "nekzus.runtime Kubernetes", place.office.credential, **namespaces
    )
    assert any(each["nekzus_name"].startswith(there.name("pod")) for each in cluster.values())
    assert {each["nekzus_runtime"] for each in cluster.values()} == {"kubernetes"}
