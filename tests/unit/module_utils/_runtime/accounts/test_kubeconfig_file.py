# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The file of a kubeconfig: private, written only when it changes, and never over anybody else's."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.accounts.kubeconfig_file import (
    MARK,
    KubeconfigFile,
    mark_of,
)
from ansible_collections.nekzus.runtime.plugins.module_utils._runtime.errors import ConflictError, InvalidConfigError

if TYPE_CHECKING:
    from pathlib import Path

USER = "system:serviceaccount:ops:bot"


def document(user: str = USER, token: str = "t") -> dict[str, Any]:  # noqa: S107 - a test's
    return {"users": [{"user": {"token": token}}], "extensions": [{"name": MARK, "extension": {"user": user}}]}


def test_what_is_written_is_private_and_read_again(tmp_path: Path) -> None:
    file = KubeconfigFile(str(tmp_path / "deep" / "er" / "config"))
    assert file.read(USER) is None
    assert file.put(document(), None, write=True)
    assert file.read(USER) == document()
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_the_same_again_is_not_written(tmp_path: Path) -> None:
    file = KubeconfigFile(str(tmp_path / "config"))
    file.put(document(), None, write=True)
    before = file.path.stat().st_ino
    assert not file.put(document(), file.read(USER), write=True)
    assert file.path.stat().st_ino == before
    assert file.put(document(token="other"), file.read(USER), write=True)  # noqa: S106 - a test's


def test_a_file_that_others_may_read_is_made_private_again(tmp_path: Path) -> None:
    file = KubeconfigFile(str(tmp_path / "config"))
    file.put(document(), None, write=True)
    file.path.chmod(0o644)
    assert file.put(document(), file.read(USER), write=True)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_what_is_only_predicted_writes_and_removes_nothing(tmp_path: Path) -> None:
    file = KubeconfigFile(str(tmp_path / "new" / "config"))
    assert file.put(document(), None, write=False)
    assert list(tmp_path.iterdir()) == []
    file.put(document(), None, write=True)
    assert file.remove(document(), write=False)
    assert file.path.exists()


def test_a_file_is_removed_once(tmp_path: Path) -> None:
    file = KubeconfigFile(str(tmp_path / "config"))
    file.put(document(), None, write=True)
    assert file.remove(file.read(USER), write=True)
    assert not file.remove(file.read(USER), write=True)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("\n", encoding="utf-8")
    assert KubeconfigFile(str(tmp_path / "config")).read(USER) is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("apiVersion: v1\nkind: Config\n", id="a kubeconfig of YAML"),
        pytest.param('{"users": []}', id="a kubeconfig of somebody else"),
        pytest.param(json.dumps(document("system:serviceaccount:ops:other")), id="that of another account"),
        pytest.param("[]", id="a list"),
        pytest.param("\udcff", id="bytes"),
    ],
)
def test_a_file_with_anything_else_is_not_touched(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config"
    path.write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(ConflictError, match="something else in it") as caught:
        KubeconfigFile(str(path)).read(USER)
    assert caught.value.hint


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InvalidConfigError, match="cannot be read: Is a directory"):
        KubeconfigFile(str(tmp_path)).read(USER)
    with pytest.raises(InvalidConfigError, match=r"kubeconfig_dest: .* cannot be written") as caught:
        KubeconfigFile(str(tmp_path / "file" / "config")).put(document(), None, write=True)
    assert caught.value.hint


def test_a_kubeconfig_without_a_mark_says_nothing_of_itself() -> None:
    assert mark_of({"extensions": [{"name": "minikube", "extension": {"user": USER}}]}) == {}
    assert mark_of(document()) == {"user": USER}
