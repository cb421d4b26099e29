# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploying Compose projects in a cluster: what is made, what is left alone, and what goes away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from .kubernetes_deployment import KubernetesDeployment
from .yard import LIVES

from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (  # isort: skip
    Condition,
    Dependency,
    FileMount,
    HealthCheck,
    MountSpec,
    MountType,
    PortSpec,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (  # isort: skip
    FileSpec,
    VolumeSpec,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import ServiceSpec

    from .space import Space

SECRET = "geheimsache"  # noqa: S105 - the test's own
FILES = (
    FileMount("page", "/data/page"),
    FileMount("token", "/run/secrets/token", secret=True, mode=0o400),
)
PARTS: dict[str, Any] = {
    "volumes": (VolumeSpec("kept"),),
    "files": (FileSpec("page", b"hello\n"), FileSpec("token", SECRET.encode(), secret=True)),
}


@pytest.fixture
def place(space: Space, request: pytest.FixtureRequest) -> Iterator[KubernetesDeployment]:
    """Give the test a deployment of its own."""
    found = KubernetesDeployment(space, request.node.nodeid)
    found.clear()
    found.provide("kept")
    yield found
    found.clear()


def shop(place: KubernetesDeployment) -> tuple[ServiceSpec, ServiceSpec]:
    """Return a database that is well after a moment, and what serves a page when it is."""
    db = place.service(
        "db",
        f"sleep 1; echo up >/kept/state; {LIVES}",
        mounts=(MountSpec(MountType.VOLUME, "/kept", "kept"),),
        healthcheck=HealthCheck(("CMD-SHELL", "grep up /kept/state"), interval=1, retries=30),
        environment={"DB_PASSWORD": SECRET},
        secret=frozenset({"DB_PASSWORD"}),
    )
    web = place.service(
        "web",
        f"httpd -p 8080 -h /data; {LIVES}",
        files=FILES,
        ports=(PortSpec(8080, 80),),
        environment={"COLOUR": "blue"},
        depends_on=(Dependency("db", Condition.HEALTHY),),
    )
    return db, web


def coloured(service: ServiceSpec, colour: str = "green") -> ServiceSpec:
    """Return a service that is changed in nothing that matters to it."""
    return replace(service, environment={**service.environment, "COLOUR": colour})


MADE = [
    "ConfigMap web-files",
    "Deployment db",
    "Deployment web",
    "PersistentVolumeClaim kept",
    "Secret db-secret",
    "Secret web-secret",
    "Service db",
    "Service web",
]


def test_a_template_becomes_a_service_and_goes_away_again(place: KubernetesDeployment) -> None:
    found = place.deploy(*shop(place), **PARTS)
    assert found is not None
    assert (found.status, found.volumes, found.env) == ("running", (f"{place.name}-kept",), {"COLOUR": "blue"})
    assert [(one.service, one.state, one.ready, one.replicas) for one in found.containers] == [
        ("db", "running", True, 1),
        ("web", "running", True, 1),
    ]
    (end,) = found.endpoints
    assert (end.service, end.port, end.protocol, end.url) == ("web", 80, "tcp", f"http://{end.host}:80")
    assert place.fetch("db", end.host) == "hello\n"
    assert place.run("web", "cat", "/run/secrets/token") == SECRET
    assert [name for name in place.objects() if "nekzus" not in name] == MADE
    place.deploy(state="absent")
    assert place.objects() == ["PersistentVolumeClaim kept"]
    assert place.ids("db", "web") == {"db": [], "web": []}
    assert place.told(state="absent") == []
    place.deploy(state="absent", remove_volumes=True)
    assert place.objects() == []
    assert place.told(state="absent", remove_volumes=True) == []


def test_a_second_run_changes_nothing_and_writes_nothing(place: KubernetesDeployment) -> None:
    place.deploy(*shop(place), **PARTS)
    before = place.versions()
    plan = place.plan(*shop(place), **PARTS)
    assert plan.changes == ()
    found = place.deployer.execute(plan)
    assert found is not None
    assert found.status == "running"
    assert place.versions() == before


def test_what_was_left_alone_is_waited_for_as_well(place: KubernetesDeployment) -> None:
    check = HealthCheck(("CMD-SHELL", "test -f /well"), interval=1, retries=30)
    web = place.service("web", f"sleep 3; touch /well; {LIVES}", healthcheck=check)
    place.deploy(web, wait=False)
    assert place.told(web) == []
    found = place.deploy(web)
    assert found
    assert [one.ready for one in found.containers] == [True]


def test_planning_tells_all_and_writes_nothing(place: KubernetesDeployment) -> None:
    plan = place.plan(*shop(place), **PARTS)
    assert (plan.first, place.objects()) == (True, [])
    told = place.told(*shop(place), **PARTS)
    assert sorted(told) == [f"{name} created" for name in MADE]
    assert place.objects() == []
    done = place.deployer.execute(plan)
    assert plan.record is not None
    assert done is not None
    assert [one.name for one in plan.record.containers] == [one.name for one in done.containers]


def test_only_the_service_that_changed_gets_new_pods(place: KubernetesDeployment) -> None:
    db, web = shop(place)
    place.deploy(db, web, **PARTS)
    before = place.ids("db", "web")
    assert place.told(db, coloured(web), **PARTS) == ["Deployment web changed"]
    found = place.deploy(db, coloured(web), **PARTS)
    after = place.ids("db", "web")
    assert after["db"] == before["db"]
    assert after["web"] != before["web"]
    assert found is not None
    assert found.env == {"COLOUR": "green"}
    assert place.told(db, coloured(web), **PARTS) == []


@pytest.mark.parametrize("which", ["page", "token"])
def test_a_file_that_changes_makes_the_pods_anew_that_have_it(place: KubernetesDeployment, which: str) -> None:
    place.deploy(*shop(place), **PARTS)
    before = place.ids("db", "web")
    files = tuple(replace(one, content=b"other\n") if one.key == which else one for one in PARTS["files"])
    parts = {**PARTS, "files": files}
    kind = "ConfigMap web-files" if which == "page" else "Secret web-secret"
    assert place.told(*shop(place), **parts) == [f"{kind} changed", "Deployment web changed"]
    place.deploy(*shop(place), **parts)
    after = place.ids("db", "web")
    assert after["db"] == before["db"]
    assert set(after["web"]).isdisjoint(before["web"])
    assert place.run("web", "cat", "/data/page" if which == "page" else "/run/secrets/token") == "other\n"
    assert place.told(*shop(place), **parts) == []


def test_a_secret_variable_that_changes_makes_the_pods_anew_that_have_it(place: KubernetesDeployment) -> None:
    db, web = shop(place)
    place.deploy(db, web, **PARTS)
    before = place.ids("db", "web")
    other = replace(db, environment={"DB_PASSWORD": "andere-sache"})
    plan = place.plan(other, web, secrets=(SECRET, "andere-sache"), **PARTS)
    assert [(one.kind, place.short(one.name), one.action) for one in plan.changes] == [
        ("Secret", "db-secret", "changed"),
        ("Deployment", "db", "changed"),
    ]
    told = repr([(one.before, one.after) for one in plan.changes])
    assert "(changed)" in told
    assert "YW5kZXJlLXNhY2hl" not in told
    assert "andere-sache" not in told
    place.deployer.execute(plan)
    after = place.ids("db", "web")
    assert after["web"] == before["web"]
    assert set(after["db"]).isdisjoint(before["db"])
    assert place.run("db", "sh", "-c", "echo $DB_PASSWORD") == "andere-sache\n"


def test_stopping_and_starting_need_no_template(place: KubernetesDeployment) -> None:
    db, web = shop(place)
    place.deploy(db, replace(web, replicas=2), **PARTS)
    place.deploy(state="stopped")
    assert place.ids("db", "web") == {"db": [], "web": []}
    assert place.told(state="stopped") == []
    assert place.told(db, replace(web, replicas=2), **PARTS) == []
    found = place.deploy(state="started")
    assert found is not None
    assert found.status == "running"
    assert (place.ready("db"), place.ready("web")) == (1, 2)
    assert place.told(state="started") == []
    assert place.told(db, replace(web, replicas=2), **PARTS) == []


def test_what_is_made_and_not_started_is_there_at_no_replicas(place: KubernetesDeployment) -> None:
    found = place.deploy(*shop(place), auto_start=False, **PARTS)
    assert found is not None
    assert found.status == "stopped"
    assert place.ids("db", "web") == {"db": [], "web": []}
    assert place.told(*shop(place), auto_start=False, **PARTS) == []
    started = place.deploy(*shop(place), state="started", **PARTS)
    assert started is not None
    assert started.status == "running"
    assert (place.ready("db"), place.ready("web")) == (1, 1)


def test_the_task_says_how_many_there_are_of_the_main_service(place: KubernetesDeployment) -> None:
    place.deploy(*shop(place), replicas=2, **PARTS)
    assert (place.ready("db"), place.ready("web")) == (1, 2)
    assert place.told(*shop(place), replicas=2, **PARTS) == []
    place.deploy(*shop(place), replicas=1, **PARTS)
    assert len(place.pods("web")) == 1


def test_the_count_that_somebody_else_has_set_is_left_alone(place: KubernetesDeployment) -> None:
    place.deploy(*shop(place), **PARTS)
    place.patch("Deployment", "web", {"spec": {"replicas": 2}})
    assert place.told(*shop(place), **PARTS) == []
    place.deploy(state="stopped")
    place.deploy(state="started")
    assert place.ready("web") == 2


def test_what_the_template_has_no_more_goes(place: KubernetesDeployment) -> None:
    db, web = shop(place)
    place.deploy(db, web, **PARTS)
    alone = replace(web, depends_on=())
    plan = place.plan(alone, **PARTS)
    assert any("kept" in warning and "stays" in warning for warning in plan.warnings)
    place.deployer.execute(plan)
    left = [name for name in place.objects() if "nekzus" not in name]
    assert left == [name for name in MADE if "db" not in name]
    assert place.ids("db") == {"db": []}
    assert place.ready("web") == 1
    assert place.told(alone, **PARTS) == []
