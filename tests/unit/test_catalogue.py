# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every entry of the catalogue can be read, says what it is, and is deployed with care."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.docker import render as docker
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes import render as kubernetes
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.compose import Settings
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import ToolboxState, Wish
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import MountType
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.template import (
    Template,
    check_catalogued,
    read_template,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.variables import VariableType
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import read_documents

if TYPE_CHECKING:
    from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import Project, ServiceSpec

ROLE = Path(__file__).resolve().parents[2] / "roles" / "toolbox"
CATALOGUE = ROLE / "files" / "catalog"
ENTRIES = sorted(folder.name for folder in CATALOGUE.iterdir())
# What is for Kubernetes alone, as manifests.
MANIFESTS = ["dozzle-kubernetes"]
COMPOSE = [entry for entry in ENTRIES if entry not in MANIFESTS]
# What says which release it is; latest, stable and the like say nothing.
PINNED = re.compile(r"[^:]+:v?\d[\w.-]*")
CATEGORIES = {
    "automation",
    "development",
    "files",
    "media",
    "monitoring",
    "network",
    "notes",
    "productivity",
    "security",
}
# What the module says itself.
SAID = {"SERVICE_NAME", "BASE_URL", "APP_PORT"}
# Passwords of what the entry itself brings, and of others that it can do without.
OPTIONAL = {"OIDC_CLIENT_SECRET", "OIDC_AUTH_URI", "OIDC_TOKEN_URI", "SMTP_PASSWORD"}


def template(entry: str) -> Template:
    file = CATALOGUE / entry / ("manifests.yaml" if entry in MANIFESTS else "compose.yaml")
    return read_template(read_documents(file.read_text(encoding="utf-8"), name=entry), title=entry)


def values(entry: str) -> dict[str, str]:
    needed = {one.name: f"planted{len(one.name)}" for one in template(entry).variables if one.required}
    return {"SERVICE_NAME": entry, **needed}


def rendered(entry: str, **settings: Any) -> Any:
    found, warnings = template(entry).render(Settings(name=entry, values=values(entry), **settings))
    assert warnings == ()
    return found


def project(entry: str, **settings: Any) -> Project:
    found: Project = rendered(entry, **settings)
    return found


def main(found: Project) -> ServiceSpec:
    (service,) = (service for service in found.services if service.name == found.main)
    return service


def test_the_catalogue_has_the_services_that_are_promised() -> None:
    assert ENTRIES == [
        "adguard-home",
        "dozzle",
        "dozzle-kubernetes",
        "gitea",
        "grafana",
        "many-notes",
        "memos",
        "n8n",
        "outline",
        "photoprism",
        "syncthing",
        "vaultwarden",
        "vikunja",
    ]


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_says_what_it_is(entry: str) -> None:
    found = template(entry)
    check_catalogued(found)
    labels = found.labels
    assert labels.category in CATEGORIES
    assert labels.icon
    assert labels.tags
    assert labels.documentation.startswith("https://")


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_describes_its_variables(entry: str) -> None:
    assert [one.name for one in template(entry).variables if not one.description and one.name not in SAID] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_secret_has_no_default(entry: str) -> None:
    secrets = [one for one in template(entry).variables if one.type is VariableType.PASSWORD]
    assert [one.name for one in secrets if not one.required and one.name not in OPTIONAL] == []
    assert [one.name for one in secrets if one.default] == []


@pytest.mark.parametrize("entry", COMPOSE)
def test_an_entry_renders_without_warnings(entry: str) -> None:
    assert main(project(entry)).name == entry


@pytest.mark.parametrize("entry", COMPOSE)
def test_a_daemon_has_something_for_all_of_an_entry(entry: str) -> None:
    found = docker.render(project(entry), Wish(name=entry, state=ToolboxState.PRESENT))
    assert found.warnings == ()
    assert len(found.containers) == len(project(entry).services)


@pytest.mark.parametrize("entry", COMPOSE)
def test_a_cluster_has_something_for_all_of_an_entry(entry: str) -> None:
    found = kubernetes.render(project(entry))
    # Where it is published is about a daemon's host.
    assert len(found.warnings) == (entry == "syncthing")
    kinds = [document["kind"] for document in found.documents]
    assert kinds.count("Deployment") == kinds.count("Service") == len(project(entry).services)


@pytest.mark.parametrize("entry", COMPOSE)
def test_what_is_kept_belongs_to_who_writes_it(entry: str) -> None:
    for document in kubernetes.render(project(entry)).documents:
        if document["kind"] == "Deployment":
            pod = document["spec"]["template"]["spec"]
            user = pod["containers"][0].get("securityContext", {}).get("runAsUser", 0)
            assert bool(user) == ("fsGroup" in pod.get("securityContext", {}))


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_image_is_pinned(entry: str) -> None:
    text = next((CATALOGUE / entry).iterdir()).read_text(encoding="utf-8")
    images = re.findall(r"^ +image: (\S+)$", text, re.MULTILINE)
    assert images
    assert [image for image in images if not PINNED.fullmatch(image)] == []


@pytest.mark.parametrize("entry", COMPOSE)
def test_each_container_is_checked_limited_and_comes_back(entry: str) -> None:
    for service in project(entry).services:
        assert service.healthcheck
        assert service.healthcheck.test[0] in ("CMD", "CMD-SHELL")
        assert service.healthcheck.start_period
        assert service.resources.memory
        assert service.resources.cpus
        assert service.restart.name == "unless-stopped"


@pytest.mark.parametrize("entry", COMPOSE)
def test_what_is_kept_is_in_a_volume_whose_size_is_said(entry: str) -> None:
    found = project(entry)
    used = {mount.source for service in found.services for mount in service.mounts if mount.type is MountType.VOLUME}
    assert used == {volume.key for volume in found.volumes}
    assert [volume.key for volume in found.volumes if not volume.size] == []


@pytest.mark.parametrize("entry", COMPOSE)
def test_only_dozzle_has_something_of_the_host(entry: str) -> None:
    binds = [mount.source for service in project(entry).services for mount in service.mounts if mount.type == "bind"]
    assert binds == (["/var/run/docker.sock"] if entry == "dozzle" else [])
    assert not any(service.privileged or service.network_mode for service in project(entry).services)


@pytest.mark.parametrize("entry", COMPOSE)
def test_the_port_of_a_task_is_the_one_that_a_browser_needs(entry: str) -> None:
    default = main(project(entry)).ports
    told = main(project(entry, port=18080)).ports
    assert told[0].published == 18080
    assert [port.published for port in told[1:]] == [port.published for port in default[1:]]


def test_no_two_entries_want_the_same_port() -> None:
    ports = [
        port.published
        for entry in COMPOSE
        for port in {(port.published, port.protocol): port for port in main(project(entry)).ports}.values()
        if port.protocol == "tcp" and port.published
    ]
    assert len(ports) >= len(COMPOSE) - 1
    assert sorted(ports) == sorted(set(ports))


@pytest.mark.parametrize("entry", COMPOSE)
def test_only_main_containers_publish_ports_and_others_are_waited_for(entry: str) -> None:
    found = project(entry)
    others = [service for service in found.services if service.name != found.main]
    assert [service.name for service in others if service.ports] == []
    assert {service.name for service in others} == {each.service for each in main(found).depends_on}
    assert {each.condition.value for each in main(found).depends_on} <= {"service_healthy"}


def test_the_readme_has_every_entry_and_what_it_needs() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (.*?) \| (.*?) \|", (ROLE / "README.md").read_text("utf-8"), re.MULTILINE)
    told = {entry: (image, re.findall(r"`(\w+)`", needs)) for entry, image, needs in rows}
    wanted = {}
    for entry in ENTRIES:
        text = next((CATALOGUE / entry).iterdir()).read_text(encoding="utf-8")
        images = re.findall(r"^ +image: (\S+)$", text, re.MULTILINE)
        needed = [one.name for one in template(entry).variables if one.required]
        wanted[entry] = (", ".join(f"`{image}`" for image in images), needed)
    assert told == wanted
