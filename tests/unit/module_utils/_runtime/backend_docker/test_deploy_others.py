# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a deployment on Docker finds there that is not of it: images, names, and what is external."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    ConflictError,
    ContainerNotFoundError,
    NotReadyError,
    UnsupportedError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    MountSpec,
    MountType,
    PullPolicy,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    NetworkSpec,
    VolumeSpec,
)

from .shop import DB, GREEN, IMAGE, JOB, WEB, Shop, told


@pytest.fixture
def shop() -> Shop:
    """Return an empty daemon."""
    return Shop()


def test_a_volume_that_another_container_has_stays_and_so_does_everything(shop: Shop) -> None:
    shop.deploy()
    shop.docker.add("guest", volumes={"/x": "shop_data"})
    with pytest.raises(ConflictError, match="shop_data by guest"):
        shop.bare("absent", remove_volumes=True)
    assert len(shop.states()) == 4


@pytest.mark.parametrize("kind", ["container", "network", "volume"])
def test_what_is_not_ours_is_in_the_way(shop: Shop, kind: str) -> None:
    if kind == "container":
        shop.docker.add("shop-web-1")
    elif kind == "network":
        shop.docker.create_network({"Name": "shop_default"})
    else:
        shop.docker.create_volume({"Name": "shop_data"})
    shop.docker.calls.clear()
    with pytest.raises(ConflictError, match=f"{kind} shop"):
        shop.plan()
    assert shop.docker.writes == []


def test_what_is_in_the_way_can_be_taken_over(shop: Shop) -> None:
    before = shop.docker.add("shop-web-1")
    shop.docker.create_network({"Name": "shop_default"})
    shop.docker.create_volume({"Name": "shop_data"})
    shop.deploy(take_over=True)
    assert shop.docker.named("shop-web-1").id != before.id
    assert len(shop.states()) == 3


def test_what_goes_when_it_is_stopped_is_not_taken_over(shop: Shop) -> None:
    shop.docker.add("shop-web-1", auto_remove=True)
    shop.docker.calls.clear()
    with pytest.raises(ConflictError, match=r"made with --rm, .*: shop-web-1") as refusal:
        shop.plan(take_over=True)
    assert refusal.value.hint
    assert shop.docker.writes == []


def test_what_did_not_run_is_made_anew_and_not_started_with_a_warning(shop: Shop) -> None:
    shop.deploy()
    shop.bare("stopped")
    plan = shop.plan(JOB, DB, GREEN)
    words = "shop-web-1 is made anew and not started, because it did not run: set state to started"
    assert plan.warnings == (words,)
    assert words not in shop.plan(JOB, DB, GREEN, state="started").warnings
    assert words not in shop.plan(JOB, DB, GREEN, auto_start=False).warnings


def test_what_is_external_has_to_be_there(shop: Shop) -> None:
    lan, kept = (NetworkSpec("default", external=True, name="lan"),), (VolumeSpec("data", external=True, name="kept"),)
    with pytest.raises(ContainerNotFoundError, match="lan"):
        shop.plan(networks=lan)
    with pytest.raises(ContainerNotFoundError, match="kept"):
        shop.plan(volumes=kept)
    shop.docker.create_network({"Name": "lan"})
    shop.docker.create_volume({"Name": "kept"})
    shop.deploy(networks=lan, volumes=kept)
    shop.bare("absent", remove_volumes=True)
    assert (shop.network_names(), set(shop.docker.volumes)) == ({"lan"}, {"kept"})


def test_an_image_that_is_missing_is_pulled(shop: Shop) -> None:
    shop.docker.registry["nginx"] = "sha256:one"
    shop.deploy(replace(WEB, image="nginx", depends_on=()))
    assert shop.docker.named("shop-web-1").labels["com.docker.compose.image"] == "sha256:one"


def test_an_image_that_cannot_be_pulled_leaves_everything_as_it_is(shop: Shop) -> None:
    shop.deploy()
    before = shop.ids()
    shop.docker.calls.clear()
    with pytest.raises(NotReadyError, match="the image nginx cannot be pulled"):
        shop.deploy(JOB, DB, replace(WEB, image="nginx"))
    assert [call.verb for call in shop.docker.writes] == ["pull image"]
    assert shop.ids() == before


def test_an_image_is_never_pulled_against_the_template(shop: Shop) -> None:
    with pytest.raises(NotReadyError, match="says never to pull it"):
        shop.plan(replace(WEB, image="nginx", pull_policy=PullPolicy.NEVER))


def test_an_image_that_is_always_pulled_is_looked_for_in_its_registry(shop: Shop) -> None:
    always = replace(WEB, image="nginx", depends_on=(), pull_policy=PullPolicy.ALWAYS)
    shop.docker.registry["nginx"] = "sha256:one"
    shop.deploy(always)
    assert told(shop.plan(always)) == []
    shop.docker.registry["nginx"] = "sha256:two"
    plan = shop.plan(always)
    assert told(plan) == ["Container shop-web-1 recreated"]
    shop.deployer.execute(plan)
    assert shop.docker.named("shop-web-1").labels["com.docker.compose.image"] == "sha256:two"
    shop.docker.registry.clear()
    plan = shop.plan(always)
    assert told(plan) == []
    assert any("nginx" in words for words in plan.warnings)


def test_a_tag_that_means_another_image_now_makes_the_container_anew(shop: Shop) -> None:
    shop.deploy()
    shop.docker.add_image(IMAGE, "sha256:two")
    assert told(shop.plan(replace(JOB), DB, WEB))[-1] == "Container shop-web-1 recreated"


def test_manifests_are_for_kubernetes(shop: Shop) -> None:
    with pytest.raises(UnsupportedError, match="manifests"):
        shop.plan(content=({"kind": "Pod"},))


def test_an_old_daemon_refuses_what_it_cannot_do_and_tells_what_it_does_not_heed(shop: Shop) -> None:
    volume = MountSpec(MountType.VOLUME, "/data", "data", subpath="a", key="services.web.volumes[0]")
    with pytest.raises(UnsupportedError, match=r"services.web.volumes\[0\].subpath"):
        shop.plan(replace(WEB, mounts=(volume,)))
    assert any(
        "services.web.annotations" in words for words in shop.plan(replace(WEB, annotations={"a": "1"})).warnings
    )
