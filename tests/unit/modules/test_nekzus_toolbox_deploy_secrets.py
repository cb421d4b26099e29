# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret of a template is in anything that nekzus_toolbox_deploy lets out, whatever becomes of the task."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ApiError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import DEPLOYMENT, SECRET
from ansible_collections.nekzus.runtime.tests.unit.fakes.deploying import IMAGE, NAME
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes_pods import Life
from ansible_collections.nekzus.runtime.tests.unit.modules.module_run import ModuleRun

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.tests.unit.fakes.docker import FakeDocker

PLANTED = "pl4nted-s3cret"
ENCODED = base64.b64encode(PLANTED.encode()).decode()


def of_web(*, env: dict[str, Any] | None = None, top: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """Return the options for a service with these keys."""
    definition = {"services": {"web": {"image": IMAGE, **keys}}, **(top or {})}
    return {"service_name": NAME, "definition": definition, "env": env or {}}


# Where a secret comes from, and where it goes to.
WAYS: dict[str, dict[str, Any]] = {
    "a variable that is called so": of_web(env={"DB_PASSWORD": PLANTED}, environment={"DB_PASSWORD": "$DB_PASSWORD"}),
    "a variable that the template uses for one": of_web(
        env={"SEED": PLANTED}, environment={"API_TOKEN": "$SEED", "COLOUR": "blue"}
    ),
    "a variable under another name": of_web(env={"API_TOKEN": PLANTED}, environment={"SEED": "$API_TOKEN"}),
    "a part of a value": of_web(env={"DB_PASSWORD": PLANTED}, environment={"A": "user=me password=$DB_PASSWORD"}),
    "the password of an address": of_web(env={"DB": f"postgres://me:{PLANTED}@db/x"}, environment={"DB": "$DB"}),
    "a word of a command": of_web(env={"API_TOKEN": PLANTED}, command=["serve", "--token", "$API_TOKEN"]),
    "a label": of_web(env={"API_TOKEN": PLANTED}, labels={"a": "b $API_TOKEN"}),
    "a health check": of_web(
        env={"API_TOKEN": PLANTED}, healthcheck={"test": ["CMD", "check", "--header", "Bearer $API_TOKEN"]}
    ),
    "what stands in the template": of_web(environment={"DB_PASSWORD": PLANTED}),
    "a value that is not used": of_web(env={"DB_PASSWORD": PLANTED}),
    "the content of a secret": of_web(top={"secrets": {"key": {"content": PLANTED}}}, secrets=["key"]),
    "a variable in a secret": of_web(
        env={"SEED": PLANTED}, top={"secrets": {"key": {"environment": "SEED"}}}, secrets=["key"]
    ),
    "a file that is a secret": {
        **of_web(top={"secrets": {"key": {"file": "./key"}}}, secrets=["key"]),
        "files": {"key": f"base64:{ENCODED}"},
    },
    "a variable in a config": of_web(
        env={"API_TOKEN": PLANTED}, top={"configs": {"conf": {"content": "token=${API_TOKEN}"}}}, configs=["conf"]
    ),
}
# What is not in what is deployed, or was given as it is.
UNCHANGED = ("a value that is not used", "a file that is a secret")
# What the runtime itself keeps as a secret, whole.
KEPT = (
    "a variable that is called so",
    "a variable that the template uses for one",
    "a variable under another name",
    "what stands in the template",
)
RUNTIMES = pytest.mark.parametrize("runtime", ["docker", "kubernetes"])
WAY = pytest.mark.parametrize("way", WAYS)


@pytest.fixture
def kubernetes(docker: FakeDocker) -> FakeKubernetes:
    return FakeKubernetes(docker.clock)


@pytest.fixture
def deploy(docker: FakeDocker, kubernetes: FakeKubernetes, monkeypatch: pytest.MonkeyPatch) -> ModuleRun:
    return ModuleRun("nekzus_toolbox_deploy", docker, monkeypatch, kubernetes)


def leaks(text: str) -> list[str]:
    return [word for word in (PLANTED, ENCODED) if word in text]


@RUNTIMES
@WAY
def test_nothing_tells_it_when_all_is_well(deploy: ModuleRun, way: str, runtime: str) -> None:
    options = {**WAYS[way], "runtime": runtime, "diff": True}
    told = [deploy(check=True, **options), deploy(**options), deploy(image="busybox:other", check=True, **options)]
    told += [deploy(service_name=NAME, state=state, runtime=runtime, diff=True) for state in ("stopped", "absent")]
    assert [one.success["changed"] for one in told] == [True] * 5
    assert [leaks(one.everything) for one in told] == [[]] * 5


@RUNTIMES
@WAY
def test_nothing_tells_it_when_it_changes(deploy: ModuleRun, way: str, runtime: str) -> None:
    options = {**WAYS[way], "runtime": runtime}
    deploy(**options)
    later = json.loads(json.dumps(options).replace(PLANTED, "another-v4lue"))
    outcome = deploy(check=True, diff=True, **later)
    assert outcome.success["changed"] is (way not in UNCHANGED)
    assert leaks(outcome.everything) == []
    assert "another-v4lue" not in outcome.everything


@RUNTIMES
@WAY
def test_nothing_tells_it_when_the_container_does(
    deploy: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes, way: str, runtime: str
) -> None:
    words = f"cannot log in with {PLANTED}\n"
    docker.scripts["shop-web-1"] = {"exits_after": 0, "exit_code": 3, "logs": words}
    kubernetes.cluster.lives["default", "shop-web"] = Life(ready_after=1, exits_after=0, exit_code=3, logs=words)
    outcome = deploy(**WAYS[way], runtime=runtime, diff=True)
    assert outcome.failure["code"] == "not_ready"
    assert "cannot log in" in str(outcome.failure)
    assert leaks(outcome.everything) == []


@RUNTIMES
@pytest.mark.parametrize("way", KEPT)
def test_nothing_tells_it_when_the_container_does_without_its_template(
    deploy: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes, way: str, runtime: str
) -> None:
    deploy(**WAYS[way], runtime=runtime)
    deploy(service_name=NAME, state="stopped", runtime=runtime)
    words = f"cannot log in with {PLANTED}\n"
    for one in docker.containers:
        one.exits_after, one.exit_code, one.logs = 0, 3, words
    kubernetes.cluster.lives["default", "shop-web"] = Life(ready_after=1, exits_after=0, exit_code=3, logs=words)
    outcome = deploy(service_name=NAME, state="started", runtime=runtime)
    assert outcome.failure["code"] == "not_ready"
    assert "cannot log in" in str(outcome.failure)
    assert leaks(outcome.everything) == []


@RUNTIMES
@WAY
def test_nothing_tells_it_when_the_runtime_does(
    deploy: ModuleRun, docker: FakeDocker, kubernetes: FakeKubernetes, way: str, runtime: str
) -> None:
    error = ApiError(f"invalid value: {PLANTED}", details={"body": [PLANTED]})
    docker.fail("create", error)
    kubernetes.fail("APPLY", error, kind=DEPLOYMENT.plural)
    outcome = deploy(**WAYS[way], runtime=runtime, diff=True)
    assert outcome.failure["code"] == "api_error"
    assert leaks(outcome.everything) == []


@pytest.mark.parametrize(
    "mistake",
    [
        pytest.param({"port": 70000}, id="a value"),
        pytest.param({"state": "running"}, id="a choice"),
        pytest.param({"serivce": "x"}, id="an option"),
        pytest.param({"service_name": "Not A Name"}, id="a name"),
    ],
)
@WAY
def test_nothing_tells_it_when_the_task_is_wrong(deploy: ModuleRun, way: str, mistake: dict[str, Any]) -> None:
    outcome = deploy(**{**WAYS[way], **mistake})
    assert outcome.failure["hint"]
    assert leaks(outcome.everything) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"services:\n  web:\n    environment: [DB_PASSWORD={PLANTED}\n", id="no YAML"),
        pytest.param(f"services:\n  web:\n    environment: {{DB_PASSWORD: [{PLANTED}]}}\n", id="no value"),
        pytest.param(f"services:\n  web:\n    imgae: x\n    environment: {{DB_PASSWORD: {PLANTED}}}\n", id="a key"),
        pytest.param(f"greeting: {{password: {PLANTED}}}\n", id="no template"),
    ],
)
def test_nothing_tells_it_when_the_template_is_wrong(deploy: ModuleRun, text: str) -> None:
    outcome = deploy(service_name=NAME, definition=text)
    assert outcome.failure["code"] == "invalid_template"
    assert leaks(outcome.everything) == []


def test_a_cluster_has_it_in_secrets_only_and_their_salt_is_not_told(
    deploy: ModuleRun, kubernetes: FakeKubernetes
) -> None:
    outcome = deploy(**WAYS["a variable that is called so"], runtime="kubernetes", diff=True)
    assert outcome.success["changed"] is True
    (secret,) = kubernetes.cluster.store.all(SECRET)
    assert secret["data"] == {"DB_PASSWORD": ENCODED}
    assert secret["metadata"]["annotations"]["nekzus.io/salt"] not in outcome.everything
    kept = kubernetes.cluster.store._objects
    others = [document for rule in kept if rule != SECRET.rule for document in kept[rule].values()]
    assert others
    assert [document["metadata"]["name"] for document in others if leaks(str(document))] == []


def test_values_that_are_no_secrets_are_told(deploy: ModuleRun) -> None:
    options = of_web(env={"COLOUR": "blue", "SIZE": 80}, environment={"COLOUR": "$COLOUR", "SIZE": "$SIZE"})
    outcome = deploy(**options, diff=True)
    assert outcome.success["service"]["env"] == {"COLOUR": "blue", "SIZE": "80"}
    assert outcome.result["diff"]["after"]["Container shop-web-1"]["Env"] == {"COLOUR": "blue", "SIZE": "80"}


def test_who_inspects_it_sees_no_secret_either_whatever_its_variable_is_called(
    deploy: ModuleRun, docker: FakeDocker, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(**of_web(env={"API_TOKEN": PLANTED}, environment={"SEED": "$API_TOKEN", "COLOUR": "blue"}))
    info = ModuleRun("nekzus_container_info", docker, monkeypatch)(name="shop-web-1", details=True, raw=True)
    (container,) = info.success["containers"]
    assert container["config"]["env"] == {"SEED": "********", "COLOUR": "blue"}
    assert leaks(info.everything) == []
