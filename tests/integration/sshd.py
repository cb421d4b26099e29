# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A private ssh server, on a port of the loopback interface."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from .process import run
from .yard import poll

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

# Where it keeps who may do nothing: compiled in, and made by the system's own service when there is one.
_EMPTY = Path("/run/sshd")


class Sshd:
    """Lets one key in, as root, who finds an environment there. To be used in a with statement."""

    def __init__(self, folder: Path, *, environment: Mapping[str, str]) -> None:
        """Take an empty folder, and what commands find in their environment."""
        self._folder = folder
        self._made_empty = not _EMPTY.exists()
        self.key = self.new_key("user")
        self.host_key = self.new_key("host")
        self.port = free_port()
        shutil.copy(self.key.with_suffix(".pub"), folder / "authorized_keys")
        (folder / "config").write_text(
            f"ListenAddress 127.0.0.1:{self.port}\n"
            f"HostKey {self.host_key}\n"
            f"AuthorizedKeysFile {folder}/authorized_keys\n"
            "PermitRootLogin prohibit-password\n"
            "PasswordAuthentication no\n"
            "KbdInteractiveAuthentication no\n"
            "StrictModes no\n"
            "UsePAM no\n"
            "PidFile none\n"
            f"SetEnv {' '.join(f'{name}={value}' for name, value in environment.items())}\n"
        )

    @staticmethod
    def why_not() -> str:
        """Return why there can be none here, or nothing."""
        if os.geteuid() != 0:
            return "only root can start a private ssh server"
        for command in ("sshd", "ssh-keygen", "docker"):
            if not shutil.which(command, path=f"{os.environ['PATH']}:/usr/sbin:/sbin"):
                return f"there is no {command}, which the ssh server needs"
        return ""

    def __enter__(self) -> Self:
        """Serve."""
        _EMPTY.mkdir(mode=0o755, exist_ok=True)
        sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        assert sshd  # it wants to be called by its whole path
        self._log = (self._folder / "log").open("w")
        self._process = subprocess.Popen(  # noqa: S603 - the command is the test's own
            [sshd, "-D", "-e", "-f", str(self._folder / "config")], stdin=subprocess.DEVNULL, stderr=self._log
        )
        poll(self._answers, "the ssh server answers")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self._process.terminate()
        self._process.wait()
        self._log.close()
        if self._made_empty:
            _EMPTY.rmdir()

    def home(self, name: str, *, key: Path | None = None, known: bool = True) -> str:
        """Return the home of a user who reaches it as the host ``far``, knowing it and having its key or not."""
        ssh = self._folder / name / ".ssh"
        ssh.mkdir(parents=True)
        (ssh / "config").write_text(f"Host far\n  HostName 127.0.0.1\n  User root\n  IdentityFile {key or self.key}\n")
        public = self.host_key.with_suffix(".pub").read_text()
        (ssh / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {public}" if known else "")
        return str(ssh.parent)

    def new_key(self, name: str) -> Path:
        """Return the file of a new key; the public one is beside it."""
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(self._folder / name))
        return self._folder / name

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "log").read_text()
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])
