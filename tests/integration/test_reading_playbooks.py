# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbooks that measure and that collect logs, run by their names as a survey would."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

import pytest

from .manifests import deployment, pod_spec
from .measuring import HUNGRY, MEASURED_SECONDS, need_metrics
from .yard import LIVES, poll

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .controller import Controller, Run
    from .docker_yard import DockerYard
    from .engine import DockerEngine, Engine
    from .space import Space
    from .yard import Yard

COLUMNS = ["CONTAINER", "CORES", "CPU %", "OF", "MEMORY MIB", "MEMORY %", "OF"]
UNKNOWN = ["-"] * 6
NUMBER = r"\d+\.\d"
# What is left empty in a survey.
EMPTY = dict.fromkeys(("fleet_names", "fleet_labels", "fleet_globs", "fleet_runtime", "fleet_sort", "logs_since"), "")
SAYS = f"echo '{{{{ 7*7 }}}}'; echo $0 has said it; {LIVES}"
STAMP = r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z "


def table(run: Run) -> Sequence[Sequence[str]]:
    """Return the cells of the table that a run has shown, having looked that each stands below its heading."""
    head, *rows = run.task("Show them").result["msg"]
    assert re.split(r"  +| (?=OF)", head) == COLUMNS
    ends = [match.end() for match in re.finditer(r"CORES|CPU %|MEMORY MIB|MEMORY %", head)]
    begins = [match.start() for match in re.finditer(r"\bOF\b", head)]
    for row in rows:
        assert all(row[end - 1] != " " and row[end] == " " for end in ends), (head, row)
        assert all(row[begin] != " " and row[begin - 1] == " " for begin in begins), (head, row)
    return [row.split() for row in rows]


def measured(controller: Controller, survey: Mapping[str, str], count: int) -> Sequence[Sequence[str]]:
    """Return the table as soon as so many containers have numbers, and those of the hungry one show it."""
    shown: list[Sequence[str]] = []

    def is_known() -> bool:
        run = controller.playbook("stats", survey)
        assert run.code == 0, run.output
        shown[:] = table(run)
        known = [row for row in shown if row[4] != "-"]
        return len(known) == count and float(known[0][4]) > 8

    poll(is_known, f"{count} containers have numbers", seconds=MEASURED_SECONDS)
    return shown


def test_the_hungriest_are_a_table(controller: Controller, engine: Engine, yard: Yard) -> None:
    need_metrics(engine)
    yard.run("hungry", script=HUNGRY)
    yard.run("a-1", "b-2")
    ways = engine.ways
    survey = {**EMPTY, **engine.survey, "fleet_globs": ways.path + yard.name("*"), "fleet_sort": "memory"}
    rows = measured(controller, survey, 3)
    assert re.sub(ways.extra, "", rows[0][0]).removeprefix(f"{yard.prefix}-") == "hungry"
    for row in rows:
        assert (row[3], row[6]) == (ways.cpu_of, ways.memory_of)
        assert re.fullmatch(rf"{NUMBER}\d {NUMBER} {NUMBER} {NUMBER}", " ".join((*row[1:3], *row[4:6]))), row
    memory = [float(row[4]) for row in rows]
    assert memory == sorted(memory, reverse=True)

    names = [ways.path + yard.name(name) for name in ("a-1", "hungry", "b-2")]
    top = measured(
        controller, {**engine.survey, "fleet_names": ",".join(names), "fleet_sort": "memory", "fleet_top": "1"}, 1
    )
    assert [row[0] for row in top] == [f"{ways.place}/{yard.name('hungry')}"]


def test_what_is_not_known_is_a_dash_and_what_is_not_there_fails_below_the_table(
    controller: Controller, engine: Engine, yard: Yard
) -> None:
    yard.create("old")
    names = [engine.ways.path + yard.name(name) for name in ("odl", "old")]
    run = controller.playbook("stats", {**engine.survey, "fleet_names": ",".join(names)})
    assert (run.code, run.recap["failed"]) == (2, 1)
    assert f"did you mean {yard.name('old')}" in run.output
    assert table(run) == [[f"{engine.ways.place}/{yard.name('old')}", *UNKNOWN]]


def test_a_table_is_sorted_by_what_it_shows(controller: Controller) -> None:
    run = controller.playbook("stats", {"fleet_sort": "pids"})
    assert run.code == 2
    assert "fleet_sort must be cpu or memory, not pids" in run.output
    assert len(run.tasks) == 1


def dated(folder: Path) -> Path:
    """Return the only folder in one, whose name must be a time, and that of the only host in it."""
    (found,) = folder.iterdir()
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d{6}Z", found.name)
    (host,) = found.iterdir()
    assert host.name == "localhost"
    assert {stat.S_IMODE(each.stat().st_mode) for each in (found, host)} == {0o700}
    return host


class Collector:
    """Collects logs into a folder, from a host that keeps its temporary files in another."""

    def __init__(self, controller: Controller, folder: Path) -> None:
        """Take Ansible, and an empty folder."""
        self._controller = controller
        self.folder = folder / "logs"
        self.host = folder / "host"
        self.host.mkdir()

    def collect(self, survey: Mapping[str, str], *, code: int = 0) -> Run:
        """Run the playbook, which must end with a code and leave nothing on the host."""
        told = {**EMPTY, **survey, "logs_dest": str(self.folder)}
        run = self._controller.playbook("collect_logs", told, TMPDIR=str(self.host))
        assert run.code == code, run.output
        assert run.task("Make room on the host").result["path"].startswith(str(self.host))
        assert list(self.host.glob("nekzus-*")) == []
        return run

    def logs(self) -> Mapping[str, str]:
        """Return the logs by the names of their files, without the times of their lines."""
        return {
            file.name: re.sub(f"^{STAMP}", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            for file in dated(self.folder).iterdir()
        }


@pytest.fixture
def collector(controller: Controller, tmp_path: Path) -> Collector:
    """Have an empty folder for logs."""
    return Collector(controller, tmp_path)


def said(name: str) -> str:
    """Return what a container of that name has said."""
    return f"{{{{ 7*7 }}}}\n{name} has said it\n"


def test_logs_come_to_the_controller_one_file_a_container(collector: Collector, engine: Engine, yard: Yard) -> None:
    for name in ("web", "db", "bystander"):
        yard.run(name, script=SAYS, arguments=[name])
    ways, names = engine.ways, ("web", "db")
    fleet = {**engine.survey, "fleet_names": ",".join(ways.path + yard.name(name) for name in names)}
    run = collector.collect(fleet)
    files = {name: f"{ways.place}/{yard.name(name)}".replace("/", "_") + ".log" for name in names}
    assert collector.logs() == {files[name]: said(name) for name in names}
    assert run.task("Say where they are").result["msg"] == f"2 logs are in {dated(collector.folder)}"


def test_a_log_that_cannot_be_read_fails_the_play_when_the_others_are_there(
    collector: Collector, engine: Engine, yard: Yard
) -> None:
    yard.run("web", script=SAYS, arguments=["web"])
    ways = engine.ways
    names = ",".join(ways.path + yard.name(name) for name in ("wep", "web"))
    run = collector.collect({**engine.survey, "fleet_names": names}, code=2)
    assert run.recap["failed"] == 1
    assert f"did you mean {yard.name('web')}" in run.output
    assert collector.logs() == {f"{ways.place}/{yard.name('web')}.log".replace("/", "_"): said("web")}
    assert run.task("Say where they are").result["msg"].startswith("1 logs are in ")


def test_a_log_that_nobody_keeps_fails_the_play_when_the_others_are_there(
    collector: Collector, docker_engine: DockerEngine, docker_yard: DockerYard
) -> None:
    docker_yard.run("web", script=SAYS, arguments=["web"])
    docker_yard.run("silent", log_config={"Type": "none", "Config": {}})
    labels = f"nekzus-test-of={docker_yard.prefix}"
    run = collector.collect({**docker_engine.survey, "fleet_runtime": "docker", "fleet_labels": labels}, code=2)
    assert "its logging driver none keeps nothing" in run.output
    assert collector.logs() == {f"docker_{docker_yard.name('web')}.log": said("web")}


def test_check_mode_collects_nothing(
    controller: Controller, one_engine: DockerEngine, one_yard: Yard, tmp_path: Path
) -> None:
    one_yard.run("web")
    survey = {**one_engine.survey, "fleet_names": one_yard.name("web"), "logs_dest": str(tmp_path / "logs")}
    flat = " ".join(f"{key}={value}" for key, value in survey.items())
    run = controller.command("ansible-playbook", "nekzus.runtime.collect_logs", "--check", "-e", flat)
    assert run.code == 0, run.output
    assert run.task("Say where they are").result["msg"].startswith("1 logs would be in ")
    assert list(tmp_path.iterdir()) == []


def test_both_runtimes_are_read_in_one_run(
    controller: Controller, collector: Collector, one_engine: DockerEngine, one_yard: Yard, space: Space
) -> None:
    app = one_yard.name("both")
    one_yard.run("both", script=f"echo 'on Docker {{{{ 7*7 }}}}'; {HUNGRY}", labels={"app": app})
    space.make(deployment(app, 1, pod_spec(f"echo on Kubernetes; {LIVES}")))
    space.await_ready(app)
    (pod,) = space.pod_names(app)
    both = {**one_engine.survey, "fleet_kubeconfig": str(space.kubeconfig), "fleet_labels": f"app={app}"}

    run = collector.collect(both)
    assert run.recap["failed"] == 0
    assert collector.logs() == {
        f"docker_{app}.log": "on Docker {{ 7*7 }}\n",
        f"kubernetes_{space.namespace}_{pod}.log": "on Kubernetes\n",
    }

    rows = table(controller.playbook("stats", {**both, "fleet_sort": "memory"}))
    assert [row[0] for row in rows] == [f"docker/{app}", f"kubernetes/{space.namespace}/{pod}"]
    assert float(rows[0][4]) > 8
