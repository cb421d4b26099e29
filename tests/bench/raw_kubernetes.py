# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in pages of 500, which is the least that reading them can take: python raw_kubernetes.py KUBECONFIG PATH...

It does nothing with what it reads but count it, and does not speak TLS. The garbage collector is off.
"""

from __future__ import annotations

import gc
import http.client
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

PAGE, OK = 500, 200


def count(connection: http.client.HTTPConnection, path: str) -> int:
    """Return how many objects a list has."""
    found, following = 0, ""
    while True:
        connection.request("GET", f"{path}?limit={PAGE}" + (f"&continue={following}" if following else ""))
        answer = connection.getresponse()
        document = json.loads(answer.read())
        if answer.status != OK:
            sys.exit(f"{path}: {document['message']}")
        found += len(document["items"])
        following = document["metadata"].get("continue", "")
        if not following:
            return found


def main() -> None:
    """Print how many objects there are."""
    gc.disable()
    kubeconfig, *paths = sys.argv[1:]
    server = json.loads(Path(kubeconfig).read_text(encoding="utf-8"))["clusters"][0]["cluster"]["server"]
    connection = http.client.HTTPConnection(urlsplit(server).netloc)
    sys.stdout.write(f"{sum(count(connection, path) for path in paths)}\n")


if __name__ == "__main__":
    main()
