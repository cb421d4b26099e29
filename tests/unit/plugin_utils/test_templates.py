# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates on the controller: which are found, what is read of them, and what is not."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import VaultLib, VaultSecret
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import (
    InvalidTargetError,
    InvalidTemplateError,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._yaml_read import LARGEST
from ansible_collections.nekzus.runtime.plugins.plugin_utils import _templates as templates

if TYPE_CHECKING:
    from collections.abc import Mapping

WEB = "services: {web: {image: nginx}}\n"


def lay_out(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder, and return it."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def read(path: Path) -> templates.Source:
    return templates.read_source(path, Path.read_bytes)


def decoded(source: templates.Source) -> dict[str, str]:
    """Return the files beside a template as texts."""
    return {name: base64.b64decode(text.removeprefix("base64:")).decode() for name, text in source.files.items()}


# The catalogue.


def test_a_catalogue_has_the_folders_with_a_template(tmp_path: Path) -> None:
    files = {
        "web/compose.yaml": WEB,
        "db/docker-compose.yml": WEB,
        "kube/a.yaml": "x",
        "empty/readme.md": "",
        "x.yaml": WEB,
    }
    lay_out(tmp_path, files)
    assert templates.catalogue(tmp_path) == {name: tmp_path / name for name in ("db", "kube", "web")}
    assert templates.find_service("web", tmp_path) == tmp_path / "web"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("vaultwarten", "did you mean vaultwarden?"), ("zzz", "there are grafana, vaultwarden"), ("../web", "there are")],
)
def test_a_service_that_is_not_there_is_told_with_those_that_are(tmp_path: Path, name: str, hint: str) -> None:
    lay_out(tmp_path, {"grafana/compose.yaml": WEB, "vaultwarden/compose.yaml": WEB})
    with pytest.raises(InvalidTargetError, match="the catalogue has no service") as caught:
        templates.find_service(name, tmp_path)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_a_catalogue_that_cannot_be_read_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InvalidTemplateError, match=f"the catalogue .*{place} cannot be read") as caught:
        templates.catalogue(tmp_path / place)
    assert "catalog_dir" in (caught.value.hint or "")


def test_the_catalogue_of_the_collection_is_there() -> None:
    assert "vaultwarden" in templates.catalogue(templates.CATALOG)


# The templates of a project.


@pytest.mark.parametrize("text", ["shop", "shop/compose.yaml", "./shop"])
def test_a_template_is_found_in_the_first_folder_that_has_it(tmp_path: Path, text: str) -> None:
    first, second = tmp_path / "role", tmp_path / "play"
    lay_out(second, {"shop/compose.yaml": WEB})
    assert templates.find_source(text, [first, second]) == (second / text).resolve()
    lay_out(first, {"shop/compose.yaml": WEB})
    assert templates.find_source(text, [first, second]) == (first / text).resolve()


def test_an_absolute_path_is_taken_inside_of_the_project(tmp_path: Path) -> None:
    lay_out(tmp_path, {"play/shop.yaml": WEB})
    path = tmp_path / "play" / "shop.yaml"
    assert templates.find_source(str(path), [tmp_path / "play"]) == path


@pytest.mark.parametrize(
    "text",
    [
        "../secret.yaml",
        "shop/../../secret.yaml",
        "shop/../shop.yaml",
        "{tmp}/secret.yaml",
        "link.yaml",
        "linked/secret.yaml",
    ],
)
def test_nothing_outside_of_the_project_is_taken(tmp_path: Path, text: str) -> None:
    play = lay_out(tmp_path / "play", {"shop.yaml": WEB, "shop/x": ""})
    lay_out(tmp_path, {"secret.yaml": "password: x"})
    (play / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (play / "linked").symlink_to(tmp_path)
    with pytest.raises(InvalidTargetError, match="outside of the project") as caught:
        templates.find_source(text.replace("{tmp}", str(tmp_path)), [play])
    assert "catalog_dir" in (caught.value.hint or "")


def test_a_project_may_itself_be_reached_by_a_link(tmp_path: Path) -> None:
    lay_out(tmp_path / "real", {"shop.yaml": WEB})
    (tmp_path / "play").symlink_to(tmp_path / "real")
    assert templates.find_source("shop.yaml", [tmp_path / "play"]) == (tmp_path / "real" / "shop.yaml").resolve()


@pytest.mark.parametrize("text", ["nothing.yaml", "x" * 5000, "a\0b", "loop"])
def test_what_is_not_there_is_told_with_where_it_was_looked_for(tmp_path: Path, text: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(InvalidTargetError, match="there is no template") as caught:
        templates.find_source(text, [tmp_path])
    assert str(tmp_path) in (caught.value.hint or "")


# What is read.


def test_of_a_file_its_text_is_read_and_the_files_that_it_speaks_of(tmp_path: Path) -> None:
    text = WEB + "# conf/web.conf, key.pem\n"
    files = {"shop.yaml": text, "conf/web.conf": "a", "conf/deep/x": "b", "key.pem": "c", "notes.md": "d"}
    source = read(lay_out(tmp_path, files) / "shop.yaml")
    assert source.text == text
    assert decoded(source) == {"conf/web.conf": "a", "conf/deep/x": "b", "key.pem": "c"}


def test_of_a_folder_all_is_read(tmp_path: Path) -> None:
    source = read(lay_out(tmp_path, {"compose.yaml": WEB, "web.conf": "a", "deep/er/x": "b"}))
    assert (source.text, decoded(source)) == (WEB, {"web.conf": "a", "deep/er/x": "b"})


@pytest.mark.parametrize("name", [*templates.COMPOSE, *templates.MANIFESTS])
def test_the_template_of_a_folder_is_the_one_of_a_known_name(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, {name: WEB, "another.yaml": "x"})
    assert read(tmp_path).text == WEB


def test_a_folder_without_a_known_name_has_manifests_by_name(tmp_path: Path) -> None:
    source = read(lay_out(tmp_path, {"2-web.yaml": "b: 1", "1-db.yml": "a: 1", "readme.md": "x"}))
    assert source.text == "a: 1\n---\nb: 1"
    assert decoded(source) == {"readme.md": "x"}


def test_a_folder_without_a_template_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidTemplateError, match=r"has none of compose\.yaml") as caught:
        read(lay_out(tmp_path, {"readme.md": "x"}))
    assert caught.value.hint


def test_what_is_no_text_goes_with_a_template_as_it_is(tmp_path: Path) -> None:
    lay_out(tmp_path, {"compose.yaml": WEB})
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\xff\0")
    assert base64.b64decode(read(tmp_path).files["logo.png"].removeprefix("base64:")) == b"\x89PNG\xff\0"


def test_a_text_is_never_a_template_of_ansible(tmp_path: Path) -> None:
    text = WEB + "# {{ lookup('pipe', 'id') }}\n"
    assert read(lay_out(tmp_path, {"compose.yaml": text})).text == text


def test_a_template_has_to_be_utf8(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_bytes("# wéb".encode("latin-1"))
    with pytest.raises(InvalidTemplateError, match=r"shop\.yaml is not UTF-8"):
        read(tmp_path / "shop.yaml")


def test_a_template_that_is_too_big_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.touch()
    os.truncate(file, 10 * LARGEST)

    def never(path: Path) -> bytes:
        raise AssertionError(path)

    with pytest.raises(InvalidTemplateError, match=f"has {10 * LARGEST} bytes, a template may have {LARGEST}"):
        templates.read_source(file, never)


def test_files_beside_a_template_may_not_be_too_big_together(tmp_path: Path) -> None:
    lay_out(tmp_path, {"compose.yaml": WEB})
    for number in range(5):
        (tmp_path / f"data{number}").write_bytes(b"x" * (LARGEST - 1))
    with pytest.raises(InvalidTemplateError, match="the files beside the template have more than"):
        read(tmp_path)


def test_files_beside_a_template_may_not_be_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MOST_FILES", 3)
    lay_out(tmp_path, {"compose.yaml": WEB, "a": "", "b": ""})
    assert len(read(tmp_path).files) == 2
    (tmp_path / "c").touch()
    with pytest.raises(InvalidTemplateError, match="more than 3 files"):
        read(tmp_path)


@pytest.mark.parametrize("name", ["compose.yaml", "web.conf"])
def test_nothing_that_leads_out_of_the_folder_is_read(tmp_path: Path, name: str) -> None:
    folder = lay_out(tmp_path / "shop", {"compose.yaml": WEB})
    (tmp_path / "outside").write_text("password: x")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidTemplateError, match=f"{name} leads out of the folder of the template"):
        read(folder)


def test_folders_that_are_links_are_not_followed(tmp_path: Path) -> None:
    folder = lay_out(tmp_path / "shop", {"compose.yaml": WEB})
    lay_out(tmp_path / "outside", {"secret": "x"})
    (folder / "linked").symlink_to(tmp_path / "outside")
    assert read(folder).files == {}


@pytest.mark.parametrize("name", ["compose.yaml", "pipe"])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    lay_out(tmp_path, {} if name == "compose.yaml" else {"compose.yaml": WEB})
    os.mkfifo(tmp_path / name)
    with pytest.raises(InvalidTemplateError, match=r"is no file|has none of"):
        read(tmp_path)


def test_a_file_that_goes_while_it_is_read_is_told(tmp_path: Path) -> None:
    file = lay_out(tmp_path, {"shop.yaml": WEB}) / "shop.yaml"

    def late(path: Path) -> bytes:
        path.unlink()
        return path.read_bytes()

    with pytest.raises(InvalidTemplateError, match=r"shop\.yaml cannot be read: No such file"):
        templates.read_source(file, late)


# Vaults.


@pytest.fixture
def vault() -> VaultLib:
    return VaultLib([("default", VaultSecret(b"open sesame"))])


def test_what_a_vault_has_is_decrypted_and_no_copy_of_it_is_left(tmp_path: Path, vault: VaultLib) -> None:
    (tmp_path / "compose.yaml").write_bytes(vault.encrypt(WEB.encode()))
    (tmp_path / "key").write_bytes(vault.encrypt(b"geheim"))
    loader = DataLoader()
    loader.set_vault_secrets(vault.secrets)
    source = templates.read_source(tmp_path, templates.decrypting(loader))
    assert (source.text, decoded(source)) == (WEB, {"key": "geheim"})
    assert loader._tempfiles == set()


def test_a_vault_without_its_password_is_told(tmp_path: Path, vault: VaultLib) -> None:
    (tmp_path / "compose.yaml").write_bytes(vault.encrypt(WEB.encode()))
    with pytest.raises(InvalidTemplateError, match=r"compose\.yaml cannot be read: .*vault") as caught:
        templates.read_source(tmp_path, templates.decrypting(DataLoader()))
    assert "\n" not in caught.value.message


def test_the_options_that_a_task_gives_are_those_with_a_value() -> None:
    assert templates.said({"service": "", "src": None, "definition": {}}, ("service", "src", "definition")) == [
        "definition"
    ]
