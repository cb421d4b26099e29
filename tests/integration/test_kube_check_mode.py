# Copyright (c) 2026, the nekzus.runtime authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check mode foretells of what a cluster refuses; of missing rights see test_kube_access.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .controller import MODULE
from .manifests import deployment
from .webhook import unserved_webhook
from .yard import poll

if TYPE_CHECKING:
    from .controller import Controller, Task
    from .space import Space

# The last one whose webhooks may have side effects in a dry run.
LAST_WITH_SIDE_EFFECTS = (1, 21)


def stop(controller: Controller, space: Space, name: str, *, check: bool) -> Task:
    """Stop a Deployment, or predict it."""
    arguments = {**space.options, "name": f"{space.namespace}/deployment/{name}", "state": "stopped"}
    return controller.play([{"name": "stop", "check_mode": check, MODULE: arguments}]).task("stop")


def test_what_an_admission_rule_refuses_is_foretold(controller: Controller, space: Space) -> None:
    space.make(deployment("judged"))
    space.await_ready("judged")
    with unserved_webhook(space) as webhook:
        poll(lambda: stop(controller, space, "judged", check=True).status == "failed", "the webhook is heeded")
        checked, done = stop(controller, space, "judged", check=True), stop(controller, space, "judged", check=False)
    assert f'failed calling webhook "{webhook}"' in done.failure["message"]
    assert checked.result["results"] == done.result["results"]
    assert (checked.status, checked.failure) == ("failed", done.failure)


def test_a_webhook_that_cannot_be_tried_is_a_warning(controller: Controller, space: Space) -> None:
    if space.cluster.version > LAST_WITH_SIDE_EFFECTS:
        pytest.skip("this server has no webhooks with side effects")
    space.make(deployment("tried"))
    space.await_ready("tried")
    with unserved_webhook(space, version="v1beta1", side_effects="Unknown", policy="Ignore") as webhook:

        def warnings() -> list[str]:
            checked = stop(controller, space, "tried", check=True)
            assert (checked.status, checked.result["changed"]) == ("ok", True)
            return list(checked.result["results"][0]["warnings"])

        poll(lambda: bool(warnings()), "the webhook is heeded")
        (warning,) = warnings()
        done = stop(controller, space, "tried", check=False)
    assert webhook in warning
    assert "does not support dry run" in warning
    assert (done.status, done.result["results"][0]["warnings"]) == ("ok", [])
