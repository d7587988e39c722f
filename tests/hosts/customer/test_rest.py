"""A window that shows what it has to show does nothing more: no page measures itself for ever."""

from collections.abc import Callable
from typing import Any

import pytest
from hosts.customer.theatre import ASK, SESSION, TITLE, Stage
from screens import Screen

pytestmark = pytest.mark.screen
SOME = 20
"""In a second a clock that runs asks a few times; a page that never comes to rest asks thousands of times."""
PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "code": ("code", {}),
    "progress": ("progress", {"step": "connecting"}),
    "session": ("show", SESSION),
    "question": ("ask", ASK),
    "ended": ("show", {**SESSION, "state": "ended", "reason": "Lee Jun ended the support."}),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_window_that_is_drawn_rests(start_stage: Callable[..., Stage], screen: Screen, page: str) -> None:
    stage = start_stage(screen)
    do, values = PAGES[page]
    stage.play(do, **values)
    screen.window(TITLE)

    stage.play("layouts")

    assert stage.expect("laid_out") < SOME
