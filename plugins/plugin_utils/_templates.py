# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates on the controller: found, read with what is beside them, and never evaluated."""

from __future__ import annotations

import base64
import difflib
import os
import posixpath
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ansible.errors import AnsibleError

from ..module_utils._runtime.errors import InvalidTargetError, InvalidTemplateError
from ..module_utils._runtime.toolbox.compose_environment import DOT_ENV
from ..module_utils._template_source import BASE64
from ..module_utils._yaml_read import LARGEST, check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Read = Callable[[Path], bytes]

# The catalogue that comes with this collection.
CATALOG = Path(__file__).resolve().parents[2] / "roles" / "toolbox" / "files" / "catalog"
COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml")
MANIFESTS = ("manifests.yaml", "manifests.yml")
_YAML = (".yaml", ".yml")
# All files beside a template together: what is bigger belongs into an image or a volume.
LARGEST_FOLDER = 4 * LARGEST
MOST_FILES = 1000


@dataclass(frozen=True)
class Source:
    """The text of a template, and the files beside it by their path, as a module's options have them."""

    text: str = field(repr=False)
    files: Mapping[str, str] = field(default_factory=dict, repr=False)


def catalogue(folder: Path) -> dict[str, Path]:
    """Return the templates of a catalogue by id, each a folder. Raises InvalidTemplateError without the catalogue."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        message = f"the catalogue {folder} cannot be read: {error.strerror}"
        raise InvalidTemplateError(
            message, hint="set catalog_dir to a folder with one folder for each service"
        ) from error
    return {entry.name: entry for entry in entries if entry.is_dir() and _main_file(entry)}


def find_service(name: str, folder: Path) -> Path:
    """Return the folder of a service of a catalogue. Raises InvalidTargetError with the nearest names without one."""
    known = catalogue(folder)
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are {', '.join(known)}"
    raise InvalidTargetError(f"the catalogue has no service {name!r}", hint=hint)


def find_source(text: str, bases: Iterable[Path]) -> Path:
    """Return the path of a template of a project: relative to one of its folders, or absolute inside of one.

    Raises InvalidTargetError for what is not there, and what is outside: a survey must not read all of a controller.
    """
    folders = [base.resolve() for base in bases]
    path = Path(text)
    places = [path] if path.is_absolute() else [base / path for base in folders]
    found = next((place.resolve() for place in places if _exists(place)), None)
    tried = ", ".join(str(place) for place in places)
    if found is None:
        raise InvalidTargetError(f"there is no template {text}", hint=f"put it at one of {tried}")
    if ".." in path.parts or not any(found.is_relative_to(base) for base in folders):
        hint = "put it into the project, or set catalog_dir to its folder and service to its name"
        raise InvalidTargetError(f"the template {text} is outside of the project", hint=hint)
    return found


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # no path has a name that is so long, or a zero in it
        return False


def decrypting(loader: Any) -> Read:
    """Return what reads files through a DataLoader of Ansible, which decrypts those that a vault has."""

    def read(path: Path) -> bytes:
        try:
            real = loader.get_real_file(str(path))
        except AnsibleError as error:
            words = " ".join(str(error).split())
            raise InvalidTemplateError(f"{path} cannot be read: {words}", hint="see who may read it") from error
        try:
            return Path(real).read_bytes()
        finally:
            loader.cleanup_tmp_file(real)

    return read


def read_source(path: Path, read: Read) -> Source:
    """Return a template, a file or a folder with one, and what is beside it.

    ``read`` returns the bytes of a file, decrypted. Raises InvalidTemplateError for what cannot be read, is too big, or
    leads out of its folder.
    """
    if path.is_dir():
        main = _main_file(path)
        if main is None:
            message = f"{path} has none of {', '.join((*COMPOSE, *MANIFESTS))}"
            raise InvalidTemplateError(message, hint="name the file, or give it one of these names")
        for file in main:
            _check_inside(path, file)
        beside = (file for file in _files(path) if file not in main)
        text = "\n---\n".join(_text(file, read) for file in main)
        return Source(text, _contents(path, beside, read))
    text = _text(path, read)
    return Source(text, _contents(path.parent, _mentioned(path, text), read))


def _main_file(folder: Path) -> list[Path] | None:
    """Return the template of a folder: a Compose file, else manifests, which may be in several files."""
    for name in (*COMPOSE, *MANIFESTS):
        if (folder / name).is_file():
            return [folder / name]
    return sorted(file for file in folder.iterdir() if file.suffix in _YAML and file.is_file()) or None


def _files(folder: Path) -> Iterator[Path]:
    count = 0
    for root, _folders, names in os.walk(folder):
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                message = f"{folder} has more than {MOST_FILES} files"
                raise InvalidTemplateError(message, hint="give the template a folder of its own")
            yield Path(root) / name


def _mentioned(path: Path, text: str) -> Iterator[Path]:
    """Yield the files around a template that its text speaks of, by their path or that of a folder above them.

    Of the file .env it need not speak: it has the values of its variables.
    """
    try:
        entries = sorted(path.parent.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry != path and (entry.name in text or entry.name == DOT_ENV):
            yield from _files(entry) if entry.is_dir() else [entry]


def _contents(folder: Path, files: Iterable[Path], read: Read) -> dict[str, str]:
    found: dict[str, str] = {}
    total = 0
    for file in files:
        _check_inside(folder, file)
        content = _bytes(file, read, what="what is beside a template", largest=LARGEST_FOLDER)
        total += len(content)
        if total > LARGEST_FOLDER:
            message = f"the files beside the template have more than {LARGEST_FOLDER} bytes"
            raise InvalidTemplateError(message, hint="put data into volumes or images")
        found[posixpath.join(*file.relative_to(folder).parts)] = BASE64 + base64.b64encode(content).decode()
    return found


def _check_inside(folder: Path, file: Path) -> None:
    if not file.resolve().is_relative_to(folder.resolve()):
        message = f"{file} leads out of the folder of the template"
        raise InvalidTemplateError(message, hint="put the file itself there, not a link")


def _text(path: Path, read: Read) -> str:
    try:
        return _bytes(path, read).decode()
    except UnicodeDecodeError as error:
        raise InvalidTemplateError(f"{path} is not UTF-8", hint="save it as UTF-8") from error


def _bytes(path: Path, read: Read, *, what: str = "a template", largest: int = LARGEST) -> bytes:
    """Return the bytes of a file whose kind and size have been looked at first: a pipe would be waited for."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise InvalidTemplateError(f"{path} is no file", hint="a template is made of files and folders")
        check_size(found.st_size, name=str(path), what=what, largest=largest)
        return read(path)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise InvalidTemplateError(message, hint="see who may read it") from error


def said(arguments: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return those of some options that a task gives."""
    return [name for name in names if arguments.get(name) not in (None, "")]
