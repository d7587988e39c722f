"""The stand-in viewer as a fixture."""

from collections.abc import Callable, Iterator

import pytest
from hosts.viewer.web.stand_in import StandIn


@pytest.fixture
def stand_in() -> Iterator[Callable[..., StandIn]]:
    """Return a function that starts a stand-in viewer."""
    running: list[StandIn] = []

    def start(**options: object) -> StandIn:
        running.append(StandIn(**options).__enter__())  # type: ignore[arg-type]
        return running[-1]

    yield start
    for one in running:
        one.__exit__()
