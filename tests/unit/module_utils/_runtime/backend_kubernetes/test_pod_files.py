# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is mounted into the pod of a service: claims, folders of the node, memory and files."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import InvalidTemplateError
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.parts import (
    FileMount,
    MountSpec,
    MountType,
    Resources,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.toolbox.spec import (
    FileSpec,
    ServiceSpec,
    VolumeSpec,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.backend_kubernetes.projects import (
    container_of,
    found,
    names,
    pod_of,
    rendered,
    warnings_of,
)
from ansible_collections.nekzus.runtime.tests.unit.module_utils._runtime.services import web

DATA = MountSpec(MountType.VOLUME, "/data", "data")


def mounted(*mounts: MountSpec, **parts: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the volumes of a pod and the mounts of its container."""
    service = web(mounts=mounts)
    return pod_of(service, **parts)["volumes"], container_of(service, **parts)["volumeMounts"]


def test_a_named_volume_is_a_claim() -> None:
    volumes, mounts = mounted(DATA)
    assert volumes == [{"name": "data", "persistentVolumeClaim": {"claimName": "shop-data"}}]
    assert mounts == [{"name": "data", "mountPath": "/data"}]
    claim = found(rendered(web(mounts=(DATA,))), "PersistentVolumeClaim", "shop-data")
    assert claim["spec"] == {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1073741824"}}}


def test_a_claim_is_made_once_and_as_large_as_the_template_says() -> None:
    other = ServiceSpec("other", "x", mounts=(DATA,))
    rendering = rendered(other, web(mounts=(DATA,)), volumes=(VolumeSpec("data", size=5000),))
    assert names(rendering, "PersistentVolumeClaim") == ["shop-data"]
    claim = found(rendering, "PersistentVolumeClaim", "shop-data")
    assert claim["spec"]["resources"]["requests"]["storage"] == "5000"


def test_a_volume_that_nobody_mounts_is_not_claimed() -> None:
    assert names(rendered(web()), "PersistentVolumeClaim") == []


def test_a_volume_that_is_mounted_twice_is_one_volume() -> None:
    volumes, mounts = mounted(DATA, MountSpec(MountType.VOLUME, "/more", "data", read_only=True, subpath="below"))
    assert len(volumes) == 1
    assert mounts[1] == {"name": "data", "mountPath": "/more", "readOnly": True, "subPath": "below"}


def test_an_external_volume_is_a_claim_that_is_there() -> None:
    volumes, _mounts = mounted(DATA, volumes=(VolumeSpec("data", name="kept", external=True),))
    assert volumes == [{"name": "data", "persistentVolumeClaim": {"claimName": "kept"}}]
    rendering = rendered(web(mounts=(DATA,)), volumes=(VolumeSpec("data", name="kept", external=True),))
    assert names(rendering, "PersistentVolumeClaim") == []


def test_a_volume_with_a_name_of_its_own_is_called_so_below_the_project() -> None:
    volumes, _mounts = mounted(DATA, volumes=(VolumeSpec("data", name="given"),))
    assert volumes[0]["persistentVolumeClaim"] == {"claimName": "shop-given"}


@pytest.mark.parametrize(
    ("options", "source"),
    [
        (
            {"type": "nfs", "o": "addr=10.1.1.1,rw", "device": ":/export"},
            {"nfs": {"server": "10.1.1.1", "path": "/export"}},
        ),
        ({"type": "none", "o": "bind", "device": "/srv/data"}, {"hostPath": {"path": "/srv/data"}}),
    ],
)
def test_volumes_that_are_elsewhere_are_mounted_from_there(options: dict[str, str], source: dict[str, Any]) -> None:
    volumes, _mounts = mounted(DATA, volumes=(VolumeSpec("data", driver_opts=options),))
    assert volumes == [{"name": "data", **source}]


def test_other_drivers_are_the_clusters_own_and_told() -> None:
    for volume in (VolumeSpec("data", driver="rexray"), VolumeSpec("data", driver_opts={"type": "btrfs"})):
        told = warnings_of(web(mounts=(DATA,)), volumes=(volume,))
        assert told == ("volumes.data.driver: the cluster's own storage class is taken",)


def test_several_pods_that_share_a_claim_are_told() -> None:
    (told,) = warnings_of(web(mounts=(DATA,), replicas=3))
    assert told == "volumes.data: the 3 pods of web share it, which takes a single node"


def test_services_that_share_a_claim_are_told() -> None:
    told = "volumes.data: other and web share it, which takes a single node"
    services = (ServiceSpec("other", "x", mounts=(DATA,)), web(mounts=(DATA, DATA)))
    assert rendered(*services).warnings == (told,)
    assert rendered(services[1]).warnings == ()


def test_a_folder_of_the_node_is_mounted_from_there() -> None:
    bind = MountSpec(MountType.BIND, "/etc/app", "/srv/app", read_only=True, propagation="rslave")
    volumes, mounts = mounted(bind)
    assert volumes == [{"name": "host-srv-app", "hostPath": {"path": "/srv/app"}}]
    assert mounts == [
        {"name": "host-srv-app", "mountPath": "/etc/app", "readOnly": True, "mountPropagation": "HostToContainer"}
    ]
    assert mounted(MountSpec(MountType.BIND, "/host", "/", propagation="rshared")) == (
        [{"name": "host", "hostPath": {"path": "/"}}],
        [{"name": "host", "mountPath": "/host", "mountPropagation": "Bidirectional"}],
    )


def test_folders_whose_names_look_alike_are_kept_apart() -> None:
    binds = [MountSpec(MountType.BIND, f"/m{number}", path) for number, path in enumerate(("/a/b", "/a-b", "/a/b"))]
    volumes, mounts = mounted(*binds)
    paths = {one["name"]: one["hostPath"]["path"] for one in volumes}
    assert [paths[one["name"]] for one in mounts] == ["/a/b", "/a-b", "/a/b"]
    assert len(volumes) == 2


def test_long_folders_that_begin_alike_are_kept_apart() -> None:
    folder = "/" + "long/" * 20
    volumes, _mounts = mounted(
        MountSpec(MountType.BIND, "/one", f"{folder}one"), MountSpec(MountType.BIND, "/two", f"{folder}two")
    )
    found_names = [one["name"] for one in volumes]
    assert len(set(found_names)) == 2
    assert all(len(name) <= 63 for name in found_names)


def test_a_folder_beside_the_template_becomes_a_claim_and_is_told() -> None:
    bind = MountSpec(MountType.BIND, "/data", "./data", key="services.web.volumes[0]")
    service = web(mounts=(bind,))
    assert pod_of(service)["volumes"] == [{"name": "shop-data", "persistentVolumeClaim": {"claimName": "shop-data"}}]
    (told,) = warnings_of(service)
    assert told == "services.web.volumes[0]: ./data is not beside the template, the claim shop-data takes its place"


def test_a_folder_and_a_volume_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidTemplateError, match="are both called shop-data"):
        rendered(web(mounts=(DATA, MountSpec(MountType.BIND, "/more", "./data"))))


def test_memory_is_memory_of_its_size() -> None:
    volumes, mounts = mounted(MountSpec(MountType.TMPFS, "/scratch", size=4096))
    assert volumes == [{"name": "tmpfs-0", "emptyDir": {"medium": "Memory", "sizeLimit": "4096"}}]
    assert mounts == [{"name": "tmpfs-0", "mountPath": "/scratch"}]


def test_two_of_memory_are_two() -> None:
    volumes, _mounts = mounted(MountSpec(MountType.TMPFS, "/one"), MountSpec(MountType.TMPFS, "/two"))
    assert [one["name"] for one in volumes] == ["tmpfs-0", "tmpfs-1"]


def test_the_mode_of_memory_is_told() -> None:
    mount = MountSpec(MountType.TMPFS, "/scratch", mode=0o700, key="services.web.tmpfs")
    assert warnings_of(web(mounts=(mount,))) == ("services.web.tmpfs: the mode of a tmpfs is not heeded",)


def test_the_size_of_shared_memory_is_kept() -> None:
    service = web(resources=Resources(shm_size=1 << 20))
    assert pod_of(service)["volumes"] == [{"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": "1048576"}}]
    assert container_of(service)["volumeMounts"] == [{"name": "shm", "mountPath": "/dev/shm"}]  # noqa: S108


def test_an_anonymous_volume_is_empty_in_every_pod_and_told() -> None:
    mount = MountSpec(MountType.VOLUME, "/cache", key="services.web.volumes[0]")
    service = web(mounts=(mount,))
    assert pod_of(service)["volumes"] == [{"name": "anonymous-0", "emptyDir": {}}]
    assert "empty in every new pod" in warnings_of(service)[0]


def test_configs_and_secrets_are_files() -> None:
    token = FileMount("token", "/run/secrets/token", secret=True)
    service = web(files=(FileMount("conf", "/etc/app/conf", mode=0o440), token))
    rendering = rendered(service)
    assert found(rendering, "ConfigMap", "shop-web-files")["data"] == {"conf": "a"}
    assert found(rendering, "Secret", "shop-web-secret")["data"] == {"token": "Z2VoZWlt"}
    volumes, mounts = pod_of(service)["volumes"], container_of(service)["volumeMounts"]
    assert volumes == [
        {
            "name": "file-0-conf",
            "configMap": {"name": "shop-web-files", "items": [{"key": "conf", "path": "conf", "mode": 0o440}]},
        },
        {
            "name": "file-1-token",
            "secret": {"secretName": "shop-web-secret", "items": [{"key": "token", "path": "token"}]},
        },
    ]
    assert mounts == [
        {"name": "file-0-conf", "mountPath": "/etc/app/conf", "subPath": "conf", "readOnly": True},
        {"name": "file-1-token", "mountPath": "/run/secrets/token", "subPath": "token", "readOnly": True},
    ]


def test_a_file_that_is_no_text_is_kept_as_it_is() -> None:
    service = web(files=(FileMount("conf", "/etc/conf"),))
    rendering = rendered(service, files=(FileSpec("conf", b"\xff\x00"),))
    manifest = found(rendering, "ConfigMap", "shop-web-files")
    assert (manifest["binaryData"], "data" in manifest) == ({"conf": "/wA="}, False)


def test_a_config_that_holds_a_secret_is_in_the_secret_beside_one_of_its_name() -> None:
    service = web(files=(FileMount("app", "/etc/app"), FileMount("app", "/run/secrets/app", secret=True)))
    files = (FileSpec("app", b"token: geheim", holds_secret=True), FileSpec("app", b"geheim", secret=True))
    rendering = rendered(service, files=files)
    assert [one["kind"] for one in rendering.documents if one["kind"] == "ConfigMap"] == []
    data = found(rendering, "Secret", "shop-web-secret")["data"]
    assert data == {"app.config": "dG9rZW46IGdlaGVpbQ==", "app": "Z2VoZWlt"}


def test_external_files_are_those_that_are_there() -> None:
    files = (
        FileSpec("conf", name="settings", external=True),
        FileSpec("token", name="vault", secret=True, external=True),
    )
    service = web(files=(FileMount("conf", "/etc/conf"), FileMount("token", "/run/token", secret=True)))
    rendering = rendered(service, files=files)
    assert names(rendering, "ConfigMap") + names(rendering, "Secret") == []
    volumes = pod_of(service, files=files)["volumes"]
    assert (volumes[0]["configMap"]["name"], volumes[1]["secret"]["secretName"]) == ("settings", "vault")


def test_the_owner_of_a_file_is_told() -> None:
    for secret, key in ((False, "configs"), (True, "secrets")):
        file = FileMount("token" if secret else "conf", "/etc/conf", uid=1, secret=secret)
        assert warnings_of(web(files=(file,))) == (f"services.web.{key}: uid and gid are not heeded",)
