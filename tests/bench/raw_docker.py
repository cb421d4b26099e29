# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain requests to a daemon, which is the least that a piece of work can take: python raw_docker.py METHOD PATH...

The daemon is at DOCKER_HOST, a Unix socket. The requests are made side by side, and their answers read to the end; it
prints how many there were. It is the floor of the tables, so it checks nothing but the status.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

MISTAKE = 400


def ask(method: str, path: str) -> object:
    """Return the answer to one request."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(os.environ["DOCKER_HOST"].removeprefix("unix://"))
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status >= MISTAKE:
        sys.exit(f"{method} {path}: {answer.status} {body.decode()}")
    return json.loads(body) if answer.headers.get_content_type() == "application/json" and body else body


def main() -> None:
    """Make all requests at once."""
    method, *paths = sys.argv[1:]
    with ThreadPoolExecutor(max_workers=len(paths)) as pool:
        answers = list(pool.map(lambda path: ask(method, path), paths))
    found = len(answers[0]) if isinstance(answers[0], list) and len(answers) == 1 else len(answers)
    sys.stdout.write(f"{found}\n")


if __name__ == "__main__":
    main()
