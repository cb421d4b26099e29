# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is deployed as a record: where services are reached, and what their containers are told without secrets."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.deployed_record import record_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    DEPLOYMENT,
    INGRESS,
    SECRET,
    SERVICE,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.piece import Piece
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.deployment import Endpoint


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
