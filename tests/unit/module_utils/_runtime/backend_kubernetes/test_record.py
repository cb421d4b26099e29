# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The note of a deployment, what was said of an object, whether one is of use, and where services are reached."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.deployed_record import record_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    DEFINITION,
    DEPLOYMENT,
    INGRESS,
    NAMESPACE,
    SECRET,
    SERVICE,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.readiness import is_of_use, trouble_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.record import (
    Keeper,
    Noted,
    Record,
    read_record,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.said import bare, said_by_us
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import Endpoint
from ansible_collections.nekzus.runtime.tests.unit.fakes.kubernetes import FakeKubernetes

GADGET = Resource("Gadget", "gadgets", "example.org/v1", custom=True)
RECORD = Record(
    "shop",
    "default",
    template="web",
    main="shop-web",
    objects=(Noted(DEPLOYMENT, "default", "shop-web"), Noted(NAMESPACE, "", "new")),
    begun=True,
)


@pytest.fixture
def api() -> FakeKubernetes:
    """Return an empty cluster."""
    return FakeKubernetes()


def test_a_note_is_read_as_it_was_written(api: FakeKubernetes) -> None:
    keeper = Keeper(api)
    written = keeper.write(RECORD)
    found = keeper.find("default", "shop")
    assert found == written
    assert found is not None
    assert {one.key for one in found.objects} == {one.key for one in RECORD.objects}
    assert replace(found, objects=RECORD.objects, version="") == RECORD
    assert keeper.every(("default",)) == keeper.every((), "shop") == [written]


def test_who_writes_on_an_older_note_is_refused(api: FakeKubernetes) -> None:
    first = Keeper(api).write(RECORD)
    Keeper(api).write(replace(first, template="other"))
    with pytest.raises(ConflictError, match="somebody else is changing this deployment"):
        Keeper(api).write(first)
    with pytest.raises(ConflictError, match="somebody else"):
        Keeper(api).write(RECORD)
    with pytest.raises(ConflictError, match="somebody else"):
        Keeper(api).check(first)


def test_a_note_that_is_gone_has_been_changed(api: FakeKubernetes) -> None:
    keeper = Keeper(api)
    first = keeper.write(RECORD)
    keeper.remove(first)
    assert keeper.find("default", "shop") is None
    with pytest.raises(ConflictError, match="somebody else"):
        keeper.check(first)
    keeper.remove(first)


def test_a_config_map_of_its_name_that_is_no_note_is_left_alone(api: FakeKubernetes) -> None:
    api.create(CONFIG_MAP, "default", {"metadata": {"name": "shop.nekzus"}, "data": {"mine": "x"}})
    with pytest.raises(ConflictError, match=r"ConfigMap default/shop\.nekzus that this collection has not made"):
        Keeper(api).find("default", "shop")


@pytest.mark.parametrize("spoilt", ["{", "[1, 2]", '{"a": 1}', "null"])
def test_a_note_that_somebody_has_spoilt_names_nothing(spoilt: str) -> None:
    labels = {"nekzus.io/service": "shop"}
    document = {"metadata": {"name": "shop.nekzus", "labels": labels}, "data": {"objects": spoilt, "main": "x"}}
    found = read_record(document)
    assert (found.name, found.main, found.objects) == ("shop", "x", ())


def managed(fields: dict[str, Any], manager: str = "nekzus", operation: str = "Apply") -> dict[str, Any]:
    """Return an entry of the record of who has set what."""
    return {"manager": manager, "operation": operation, "fieldsV1": fields}


def test_what_we_have_said_of_an_object_is_found_again() -> None:
    ours = {
        "f:metadata": {"f:labels": {"f:mine": {}}},
        "f:spec": {
            "f:replicas": {},
            "f:ports": {'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}, "f:protocol": {}}},
            "f:finalizers": {'v:"keep"': {}},
            "f:args": {},
        },
    }
    entries = [managed({"f:spec": {"f:paused": {}}}, "kubectl"), managed({"f:status": {}}, operation="Update")]
    document = {
        "metadata": {
            "name": "web",
            "namespace": "prod",
            "uid": "1",
            "labels": {"mine": "a", "theirs": "b"},
            "managedFields": [*entries, managed(ours)],
        },
        "spec": {
            "replicas": 2,
            "paused": True,
            "ports": [{"port": 80, "protocol": "TCP", "nodePort": 30000}, {"port": 81, "protocol": "TCP"}],
            "finalizers": ["keep", "other"],
            "args": ["a", "b"],
        },
        "status": {"replicas": 2},
    }
    assert said_by_us(document) == {
        "metadata": {"name": "web", "namespace": "prod", "labels": {"mine": "a"}},
        "spec": {
            "replicas": 2,
            "ports": [{"port": 80, "protocol": "TCP"}],
            "finalizers": ["keep"],
            "args": ["a", "b"],
        },
    }


def test_what_we_never_applied_is_had_again_by_saying_all_of_it() -> None:
    metadata = {"name": "web", "labels": {"a": "b"}, "uid": "1", "resourceVersion": "2", "generation": 3}
    document = {"kind": "Deployment", "metadata": metadata, "spec": {"replicas": 2}, "status": {"replicas": 2}}
    assert said_by_us(document) == {"metadata": {"name": "web", "labels": {"a": "b"}}, "spec": {"replicas": 2}}


def test_what_the_server_says_of_an_object_is_not_compared() -> None:
    servers = {"uid": "1", "resourceVersion": "2", "generation": 3, "creationTimestamp": "now", "managedFields": [1]}
    document = {"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": "a", **servers}, "data": {}, "status": {}}
    assert bare(document) == {"metadata": {"name": "a"}, "data": {}}


def conditions(**told: str) -> dict[str, Any]:
    """Return an object with conditions."""
    return {"status": {"conditions": [{"type": name, "status": status} for name, status in told.items()]}}


@pytest.mark.parametrize(
    ("resource", "document", "expected"),
    [
        (CONFIG_MAP, {}, True),
        (NAMESPACE, {"status": {"phase": "Active"}}, True),
        (NAMESPACE, {"status": {"phase": "Terminating"}}, False),
        (DEFINITION, conditions(Established="True"), True),
        (DEFINITION, conditions(NamesAccepted="True"), False),
        (GADGET, {}, True),
        (GADGET, conditions(Ready="True"), True),
        (GADGET, conditions(Ready="Unknown"), False),
        (GADGET, conditions(Ready="True", Available="False"), False),
        (GADGET, conditions(Degraded="False"), True),
        (GADGET, {"metadata": {"generation": 2}, "status": {"observedGeneration": 1}}, False),
        (GADGET, {"metadata": {"generation": 2}, "status": {"observedGeneration": 2}}, True),
    ],
)
def test_what_is_of_use_says_so(resource: Resource, document: dict[str, Any], *, expected: bool) -> None:
    assert is_of_use(resource, document) is expected


def test_why_something_is_of_no_use_is_told() -> None:
    told = [{"type": "Ready", "status": "False", "message": "no  issuer\nyet"}]
    assert trouble_of({"status": {"conditions": told}}) == "Ready is False, no issuer yet"
    assert trouble_of(conditions(Ready="False")) == ""


def service(name: str = "web", *, of: str = "web", published: str | None = None, **fields: Any) -> Piece:
    """Return a Service."""
    metadata: dict[str, Any] = {"name": name, "namespace": "prod", "labels": {"app.kubernetes.io/name": of}}
    if published is not None:
        metadata["annotations"] = {"nekzus.io/published": published}
    status = fields.pop("status", {})
    ports = [{"port": 80, "protocol": "TCP"}, {"port": 443}, {"port": 53, "protocol": "UDP"}]
    return Piece(SERVICE, {"metadata": metadata, "spec": {"ports": ports, **fields}, "status": status})


def endpoints(*pieces: Piece) -> tuple[Endpoint, ...]:
    """Return where a deployment of these objects is reached."""
    return record_of("shop", "prod", "web", pieces, main="web").endpoints


def test_a_service_is_reached_at_its_address() -> None:
    assert endpoints(service(clusterIP="10.0.0.9")) == (
        Endpoint("web", "10.0.0.9", 80, "tcp", "http://10.0.0.9:80"),
        Endpoint("web", "10.0.0.9", 443, "tcp", "https://10.0.0.9:443"),
        Endpoint("web", "10.0.0.9", 53, "udp", None),
    )


@pytest.mark.parametrize(
    ("fields", "host", "url"),
    [
        ({}, "web.prod.svc", "http://web.prod.svc:80"),
        ({"clusterIP": "None"}, "web.prod.svc", "http://web.prod.svc:80"),
        ({"clusterIP": "fd00::9"}, "fd00::9", "http://[fd00::9]:80"),
        ({"clusterIP": "10.0.0.9", "status": {"loadBalancer": {"ingress": [{"ip": "1.2.3.4"}]}}}, "1.2.3.4", None),
        ({"status": {"loadBalancer": {"ingress": [{"hostname": "lb.example.org"}]}}}, "lb.example.org", None),
    ],
)
def test_the_address_for_the_outside_comes_first_and_a_name_last(
    fields: dict[str, Any], host: str, url: str | None
) -> None:
    found = endpoints(service(**fields))[0]
    assert (found.host, found.url) == (host, url or f"http://{host}:80")


def test_of_a_project_the_published_ports_of_its_services_are_told() -> None:
    assert [one.port for one in endpoints(service(published="80/tcp 53/udp"))] == [80, 53]
    assert endpoints(service(published="")) == ()
    # Another name for the same pods.
    assert endpoints(service("front", of="web", published="80/tcp")) == ()


def test_an_ingress_is_reached_at_its_hosts() -> None:
    backend = {"service": {"name": "web"}}
    rules = [
        {"host": "a.example.org", "http": {"paths": [{"path": "/app", "backend": backend}]}},
        {"host": "b.example.org", "http": {"paths": [{"backend": backend}]}},
        {"http": {"paths": [{"path": "/any", "backend": backend}]}},
    ]
    spec = {"rules": rules, "tls": [{"hosts": ["a.example.org"]}]}
    assert endpoints(Piece(INGRESS, {"metadata": {"name": "in", "namespace": "prod"}, "spec": spec})) == (
        Endpoint("web", "a.example.org", 443, "tcp", "https://a.example.org/app"),
        Endpoint("web", "b.example.org", 80, "tcp", "http://b.example.org/"),
    )


def test_variables_are_told_without_secrets() -> None:
    env = [
        {"name": "COLOUR", "value": "blue"},
        {"name": "DB_PASSWORD", "value": "geheim"},
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        {"name": "URL", "value": "postgres://me:sesam@db/"},
    ]
    pods = {"spec": {"containers": [{"name": "a", "image": "nginx", "env": env}]}}
    web = Piece(DEPLOYMENT, {"metadata": {"name": "web", "namespace": "prod"}, "spec": {"template": pods}})
    found = record_of("shop", "prod", "web", (web, Piece(SECRET, {"metadata": {"name": "s"}})), main="web")
    assert (found.image, found.env["COLOUR"]) == ("nginx", "blue")
    assert not any(secret in repr(found) for secret in ("geheim", "sesam"))
