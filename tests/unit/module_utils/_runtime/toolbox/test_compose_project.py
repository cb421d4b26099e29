# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole Compose file: its order, its networks and volumes, what extends what, and what the task says of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError, NekzusError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import PortSpec
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import NetworkSpec, VolumeSpec

from .composing import project_of


def services(**found: Any) -> dict[str, Any]:
    return {"services": {name: {"image": name, **keys} for name, keys in found.items()}}


def test_services_come_after_what_they_depend_on_and_else_as_in_the_file() -> None:
    data = services(web={"depends_on": ["api"]}, api={"depends_on": ["db", "cache"]}, cache={}, db={}, lone={})
    assert [one.name for one in project_of(data).services] == ["cache", "db", "api", "web", "lone"]


def test_a_circle_is_told_with_its_members() -> None:
    data = services(
        a={"depends_on": ["b"]}, b={"links": ["c"]}, c={"network_mode": "service:a"}, d={"depends_on": ["a"]}
    )
    with pytest.raises(InvalidTemplateError, match="in a circle: a -> b -> c -> a"):
        project_of(data)


def test_profiles_leave_services_out_unless_they_are_asked_for() -> None:
    data = services(web={}, debug={"profiles": ["debug"]}, extra={"profiles": ["x", "debug"]})
    assert [one.name for one in project_of(data).services] == ["web"]
    assert [one.name for one in project_of(data, profiles=("x",)).services] == ["web", "extra"]
    assert [one.name for one in project_of(data, profiles=("*",)).services] == ["web", "debug", "extra"]
    with pytest.raises(InvalidTemplateError, match="there is no service debug"):
        project_of(services(web={"depends_on": ["debug"]}, debug={"profiles": ["debug"]}))
    with pytest.raises(InvalidTemplateError, match="every service has a profile"):
        project_of(services(web={"profiles": ["x"]}))


def test_only_what_is_used_of_networks_and_volumes_is_made() -> None:
    data = {
        **services(web={"volumes": ["data:/data"], "networks": ["back"]}, db={}),
        "networks": {
            "back": {
                "internal": True,
                "driver": "bridge",
                "ipam": {"driver": "default", "config": [{"subnet": "10.1.0.0/16", "gateway": "10.1.0.1"}]},
            },
            "unused": None,
        },
        "volumes": {
            "data": {
                "driver": "local",
                "driver_opts": {"type": "nfs"},
                "labels": {"nekzus.toolbox.size": "5Gi", "a": "b"},
            },
            "unused": {},
        },
    }
    project = project_of(data)
    assert project.networks == (
        NetworkSpec("default"),
        NetworkSpec(
            "back",
            driver="bridge",
            internal=True,
            ipam_driver="default",
            pools=({"subnet": "10.1.0.0/16", "gateway": "10.1.0.1"},),
        ),
    )
    assert project.volumes == (
        VolumeSpec("data", driver="local", driver_opts={"type": "nfs"}, labels={"a": "b"}, size=5 * 2**30),
    )


@pytest.mark.parametrize(
    ("value", "external", "name"),
    [
        ({"external": True}, True, "data"),
        ({"external": True, "name": "x"}, True, "x"),
        ({"external": {"name": "x"}}, True, "x"),
        ({"name": "x"}, False, "x"),
        (None, False, ""),
    ],
)
def test_what_is_there_already_is_known_by_its_name(*, value: Any, external: bool, name: str) -> None:
    data = {
        **services(web={"volumes": ["data:/x"], "networks": ["data"]}),
        "volumes": {"data": value},
        "networks": {"data": value},
    }
    project = project_of(data)
    assert (project.volumes[0].external, project.volumes[0].name) == (external, name)
    assert (project.networks[0].external, project.networks[0].name) == (external, name)


def test_services_extend_others_of_the_file() -> None:
    base = {
        "environment": ["A=1", "B=1"],
        "ports": ["1:1"],
        "command": ["x"],
        "healthcheck": {"test": ["CMD", "a"], "retries": 2},
    }
    own = {
        "extends": {"service": "base"},
        "environment": {"B": 2},
        "ports": ["2:2"],
        "command": ["y"],
        "healthcheck": {"test": ["CMD", "b"]},
    }
    data = {"services": {"base": {"image": "i", **base}, "web": own, "more": {"extends": "web"}}}
    found = {one.name: one for one in project_of(data).services}["web"]
    assert found.image == "i"
    assert found.environment == {"A": "1", "B": "2"}
    assert found.ports == (PortSpec(1, 1), PortSpec(2, 2))
    assert found.command == ("y",)
    assert found.healthcheck is not None
    assert (found.healthcheck.test, found.healthcheck.retries) == (("CMD", "b"), 2)
    assert {one.name: one for one in project_of(data).services}["more"].ports == found.ports


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("nobody", "there is no service nobody"),
        ({"service": "web", "file": "x.yaml"}, "another file is not supported"),
        ("web", "extend each other in a circle: web -> web"),
    ],
)
def test_what_cannot_be_extended_is_told(value: Any, words: str) -> None:
    with pytest.raises(InvalidTemplateError, match=re.escape(words)):
        project_of(services(web={"extends": value}))


def test_the_main_service_is_the_marked_one_else_that_of_the_name_else_the_first_with_a_port() -> None:
    marked = {"labels": {"nekzus.toolbox.main": "true"}}
    assert project_of(services(a={"ports": ["1"]}, shop={}, b=marked)).main == "b"
    assert project_of(services(a={"ports": ["1"]}, shop={})).main == "shop"
    assert project_of(services(x={}, a={"ports": ["1"]})).main == "a"
    assert project_of(services(x={}, y={})).main == "x"


def test_image_port_and_replicas_of_the_task_are_those_of_the_main_service() -> None:
    data = services(web={"ports": ["80:80", "81:81"]}, db={})
    found = project_of(data, image="other:2", port=9000, replicas=3)
    assert (found.services[0].image, found.services[0].replicas, found.services[1].image) == ("other:2", 3, "db")
    assert found.services[0].ports == (PortSpec(80, 9000), PortSpec(81, 81))
    with pytest.raises(InvalidTemplateError, match="the main service publishes none"):
        project_of(services(db={}), port=9000)


def test_labels_about_the_template_are_not_those_of_the_container() -> None:
    data = services(web={"labels": {"nekzus.toolbox.name": "Web", "own": "x"}})
    assert project_of(data).services[0].labels == {"own": "x"}


def test_volumes_of_another_service_come_with_it() -> None:
    data = {
        **services(web={"volumes_from": ["db:ro"], "volumes": ["/own"]}, db={"volumes": ["data:/data", "/own"]}),
        "volumes": {"data": None},
    }
    web = project_of(data).services[1]
    assert [(one.target, one.source, one.read_only) for one in web.mounts] == [
        ("/own", "", False),
        ("/data", "data", True),
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"services": {}}, "services: there is no service"),
        ({"services": []}, "services: there is no service"),
        ({"services": {"a": "x"}}, "services.a: a service has to be a mapping"),
        ({"services": {"a b": {"image": "x"}}}, "services.a b: the name of a service"),
        ({"services": {"a": {"image": "x"}}, "include": ["y"]}, "include: this key is not supported"),
        ({"services": {"a": {"image": "x"}}, "service": {}}, "service: this key is not known"),
        ({"services": {"a": {"image": "x"}}, "volumes": []}, "volumes: this has to be a mapping"),
        ({"services": {"a": {"image": "x"}}, "volumes": {"v": {"size": 1}}}, "volumes.v.size: this key is not known"),
        (
            {"services": {"a": {"image": "x"}}, "networks": {"v": {"ipam": {"config": [{"range": 1}]}}}},
            "networks.v.ipam.config[0].range",
        ),
    ],
)
def test_a_file_that_is_no_project_is_told(data: Any, words: str) -> None:
    with pytest.raises(NekzusError, match=re.escape(words)):
        project_of(data)
