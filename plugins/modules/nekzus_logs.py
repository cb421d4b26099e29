# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: nekzus_logs
short_description: Read logs of containers on Docker and Kubernetes, or wait for a line
version_added: 0.3.0
description:
  - Returns the last lines of the logs of one container, several, or a selection, in the same form whichever runtime has
    them, as text and as entries with the time, the stream and the container of each line.
  - A workload such as V(prod/deployment/web) has the lines of all its pods, interleaved by time.
  - With O(wait_for) it follows the logs and returns as soon as the line appears.
  - Lines come back as they were written. They are never a template.
author:
  - The nekzus.runtime authors (@nekzus)
extends_documentation_fragment:
  - nekzus.runtime._runtime
  - nekzus.runtime._target
  - nekzus.runtime._attributes
options:
  all:
    description: Whether the logs of all containers of the runtime are meant. Has to be said aloud.
    type: bool
    default: false
  tail:
    description:
      - How many of the last lines to return of each container, or V(all).
      - With O(grep), of the lines that it finds.
    type: str
    default: "100"
  since:
    description:
      - Only lines written since then - how long ago (V(10m), V(1h30m)), a time such as V(2026-01-31T12:00:00Z), or
        seconds since 1970, of which there are more than V(1000000000). A time without a zone is UTC.
    type: str
  until:
    description: Only lines written until then, as O(since).
    type: str
  timestamps:
    description: Whether lines in RV(logs[].log), RV(logs[].log_lines) and O(dest) begin with their time.
    type: bool
    default: false
  container:
    description:
      - The container of a pod, an init or ephemeral container too. Without it the main one, which the annotation
        C(kubectl.kubernetes.io/default-container) names, else the first.
      - Mutually exclusive with O(all_containers).
    type: str
  all_containers:
    description: Whether to read all containers of a pod, init and ephemeral containers too.
    type: bool
    default: false
  previous:
    description:
      - Whether to read what was written before the last start. On Kubernetes that is the run before, on Docker, which
        keeps one log, all earlier ones.
    type: bool
    default: false
  grep:
    description:
      - Only lines in which this regular expression is found. The whole log is searched, unless O(since) says less; of
        a line that is longer than O(max_bytes) its beginning, and RV(logs[].truncated) is true then.
    type: str
  max_bytes:
    description:
      - How much text to return of each target, as a number of bytes or such as V(10M). The newest lines are kept, of a
        line that is longer its beginning, and RV(logs[].truncated) is true.
    type: bytes
    default: 1048576
  dest:
    description:
      - Write the log to this file where the module runs, instead of returning it. It is written atomically, with mode
        V(0600), and only when it changes.
      - It is a folder in which each log has a file named by its address (C(kubernetes_prod_web.log)) when it ends with
        a slash or is one already, and when the task does not speak of a single O(name). It is made if need be.
    type: path
  wait_for:
    description:
      - A regular expression to wait for. Lines count that have been written since O(since), or without it since the
        present start of the container. The last O(tail) lines up to it are returned.
      - Each target has to write such a line. Of a workload, one of its pods.
    type: str
  wait_timeout:
    description:
      - How many seconds to wait for the line, at most a week. Then the task fails with the code V(timeout) and the last
        lines.
    type: int
    default: 120
attributes:
  check_mode:
    support: full
    details: It reads, but writes no file.
  diff_mode:
    support: none
    details: A log is no configuration whose changes could be shown.
notes:
  - A container that has not started, or that has no run before for O(previous), has an empty log, and a warning.
seealso:
  - module: nekzus.runtime.nekzus_stats
  - module: nekzus.runtime.nekzus_container
"""

EXAMPLES = r"""
- name: Read the last lines of a container
  nekzus.runtime.nekzus_logs:
    name: web
  register: web

- name: Show them
  ansible.builtin.debug:
    var: web.log_lines

- name: Look for errors of the last hour in all pods of a Deployment
  nekzus.runtime.nekzus_logs:
    name: prod/deployment/web
    since: 1h
    grep: "ERROR|FATAL"
    tail: all
  register: errors

- name: Start a database, and go on when it takes connections
  nekzus.runtime.nekzus_container:
    name: db
    state: started

- name: Wait for the line that says so
  nekzus.runtime.nekzus_logs:
    name: db
    wait_for: ready to accept connections
    wait_timeout: 60

- name: Keep what a crashed container wrote
  nekzus.runtime.nekzus_logs:
    name: prod/web-0
    previous: true
    tail: all
    max_bytes: 50M
    dest: /var/tmp/web-0.log
"""

RETURN = r"""
log:
  description: The log as one text.
  returned: when the task speaks of one container, without O(dest)
  type: str
log_lines:
  description: The log as lines.
  returned: when the task speaks of one container, without O(dest)
  type: list
  elements: str
logs:
  description: The log of each target, in the order of the names; a selection's by name.
  returned: when containers could be looked for, whether or not some failed
  type: list
  elements: dict
  contains:
    address:
      description: The container as every module of the collection accepts it.
      type: str
      sample: docker/web
    id:
      description: The runtime's own identifier, 64 hexadecimal digits on Docker, the pod's name on Kubernetes.
      type: str
    short_id:
      description: The beginning of the identifier.
      type: str
    runtime:
      description: The runtime that has it.
      type: str
    namespace:
      description: The Kubernetes namespace, empty on Docker.
      type: str
    name:
      description: The name.
      type: str
    state:
      description: One of V(running), V(stopped), V(paused), V(restarting), V(pending), V(failed).
      type: str
    log:
      description: The log as one text.
      returned: without O(dest)
      type: str
    log_lines:
      description: The log as lines.
      returned: without O(dest)
      type: list
      elements: str
    entries:
      description: The lines, oldest first.
      returned: without O(dest)
      type: list
      elements: dict
      contains:
        time:
          description: When it was written, in UTC, to the nanosecond.
          type: str
          sample: "2026-01-31T12:00:00.000000000Z"
        stream:
          description: V(stdout) or V(stderr). None when the runtime does not tell, as Kubernetes, or for a terminal.
          type: str
        pod:
          description: The pod, none on Docker.
          type: str
        container:
          description: The container.
          type: str
        message:
          description: The line.
          type: str
    line_count:
      description: The number of lines.
      type: int
    truncated:
      description: Whether some did not go into O(max_bytes).
      type: bool
    invalid_bytes:
      description: How many bytes were no UTF-8, and have been replaced by U+FFFD. A file has them as they were.
      type: int
    matched:
      description: The entry of the line that O(wait_for) waited for.
      type: dict
    dest:
      description: The file.
      returned: with O(dest)
      type: str
failure:
  description: Why the log of the first target that failed could not be read, or the line did not come.
  returned: failure
  type: dict
  contains:
    code:
      description: A stable word to branch on.
      type: str
      sample: timeout
    message:
      description: What is wrong, in one sentence.
      type: str
    runtime:
      description: The runtime.
      type: str
    op:
      description: What was tried.
      type: str
      sample: read
    target:
      description: What it was tried on.
      type: str
    hint:
      description: What to do about it.
      type: str
    details:
      description: The last lines (C(logs)), of a line waited for in vain.
      type: dict
"""

from typing import TYPE_CHECKING, Any

from ..module_utils._module import create_module, finish, opened_runtimes
from ..module_utils._results.logs import log_report
from ..module_utils._runtime.logs.file import LogFiles
from ..module_utils._runtime.logs.reader import LogReader
from ..module_utils._runtime.request import parse_request

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTIONS = ("runtime", "target")
ARGUMENTS: dict[str, dict[str, Any]] = {
    "all": {"type": "bool", "default": False},
    "tail": {"type": "str", "default": "100"},
    "since": {"type": "str"},
    "until": {"type": "str"},
    "timestamps": {"type": "bool", "default": False},
    "container": {"type": "str"},
    "all_containers": {"type": "bool", "default": False},
    "previous": {"type": "bool", "default": False},
    "grep": {"type": "str"},
    "max_bytes": {"type": "bytes", "default": 1048576},
    "dest": {"type": "path"},
    "wait_for": {"type": "str"},
    "wait_timeout": {"type": "int", "default": 120},
}


def run(params: Mapping[str, Any], role: LogReader, *, check_mode: bool) -> dict[str, Any]:
    """Read what the task speaks of, and put it into files if it asks for that."""
    request, query = parse_request(params, everything=params["all"]), role.query(params)
    files = LogFiles(params["dest"] or "", one=params["name"] is not None)
    return log_report(role.read(request, query), timestamps=params["timestamps"], files=files, write=not check_mode)


def main() -> None:
    """Run the module."""
    module = create_module(SECTIONS, ARGUMENTS)
    with opened_runtimes(module) as runtimes:
        role = LogReader(runtimes, clock=runtimes.clock)
        finish(module, run(module.params, role, check_mode=module.check_mode))


if __name__ == "__main__":
    main()
