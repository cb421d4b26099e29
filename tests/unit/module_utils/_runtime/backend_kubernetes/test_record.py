# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The note of a deployment, what was said of an object, and whether one is of use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    NekzusError,
    RuntimeUnavailableError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.kinds import (
    CONFIG_MAP,
    DEFINITION,
    DEPLOYMENT,
    NAMESPACE,
    Resource,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.readiness import is_of_use, trouble_of
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.record import (
    Keeper,
    Noted,
    Record,
    read_record,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.kubernetes.said import bare, said_by_us
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


def lost(*, uncertain: bool) -> NekzusError:
    """Return the error of a request of which nobody knows whether it was heard, or of the same once more."""
    if not uncertain:
        return RuntimeUnavailableError("the connection broke")
    error = ConflictError("it has been modified")
    error.uncertain = True
    return error


def write_unheard(api: FakeKubernetes, record: Record, error: NekzusError) -> Record:
    """Write a note whose answer is lost."""

    class Deaf(FakeKubernetes):
        """The same cluster, of whose answers to writes none arrives."""

        def create(self, *args: Any, **values: Any) -> dict[str, Any]:
            api.create(*args, **values)
            raise error

        def patch(self, *args: Any, **values: Any) -> dict[str, Any]:
            api.patch(*args, **values)
            raise error

    deaf = Deaf()
    deaf.cluster = api.cluster
    return Keeper(deaf).write(record)


@pytest.mark.parametrize("uncertain", [True, False])
def test_a_note_whose_answer_is_lost_is_our_own(api: FakeKubernetes, *, uncertain: bool) -> None:
    first = write_unheard(api, RECORD, lost(uncertain=uncertain))
    second = write_unheard(api, replace(first, template="other"), lost(uncertain=uncertain))
    assert (first.template, second.template) == ("web", "other")
    assert Keeper(api).find("default", "shop") == second


def test_a_note_that_was_not_written_is_not_our_own(api: FakeKubernetes) -> None:
    api.fail("POST", lost(uncertain=False), kind="configmaps")
    with pytest.raises(RuntimeUnavailableError):
        Keeper(api).write(RECORD)
    assert Keeper(api).find("default", "shop") is None


def test_a_note_that_is_gone_has_been_changed(api: FakeKubernetes) -> None:
    keeper = Keeper(api)
    first = keeper.write(RECORD)
    keeper.remove(first)
    assert keeper.find("default", "shop") is None
    with pytest.raises(ConflictError, match="somebody else"):
        keeper.check(first)
    keeper.remove(first)


def test_a_note_that_is_still_there_is_not_forgotten(api: FakeKubernetes) -> None:
    keeper = Keeper(api)
    written = keeper.write(RECORD)
    api.fail("DELETE", ConflictError("the object is busy"))
    with pytest.raises(ConflictError, match="busy"):
        keeper.remove(written)
    assert keeper.find("default", "shop") == written
    keeper.remove(written)
    keeper.remove(written)
    assert keeper.find("default", "shop") is None


def test_a_note_that_somebody_else_has_made_anew_is_left_alone(api: FakeKubernetes) -> None:
    keeper = Keeper(api)
    written = keeper.write(RECORD)
    keeper.remove(written)
    theirs = keeper.write(RECORD)
    keeper.remove(written)
    assert keeper.find("default", "shop") == theirs


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
