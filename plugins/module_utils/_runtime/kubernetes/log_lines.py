# Copyright (c) 2026, the nekzus.runtime authors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The lines of a container's log as a node sends them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..errors import ContainerNotFoundError
from ..logs.lines import plain_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..logs.log import LogLine

# What a kubelet writes into its answer, without a moment, when the container has just been removed:
# https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/kuberuntime_container.go
_NO_LOG = re.compile(rb"unable to retrieve container logs for \w+://", re.IGNORECASE)


def log_lines(chunks: Iterable[bytes], *, limit: int, terminal: bool = False) -> Iterator[LogLine]:
    """Yield the lines of a log; see ``plain_lines``. Raises ContainerNotFoundError when its node has it no more."""
    for line in plain_lines(chunks, limit=limit, terminal=terminal):
        if not line.time and _NO_LOG.match(line.message):
            message, hint = "its node does not have the log of this run any more", "read the log of the run that is now"
            raise ContainerNotFoundError(message, hint=hint)
        yield line
