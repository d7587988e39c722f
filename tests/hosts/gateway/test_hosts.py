"""What a customer program's line makes of what it is sent; over sockets: test_sockets."""

import json
import logging
from typing import Any

import pytest
from attrs import define, field

from deskside_gateway.broker import new_session_id
from deskside_gateway.given import Given
from deskside_gateway.hosts import HostConnection
from deskside_gateway.hub import Hub

pytestmark = pytest.mark.anyio


@define
class Socket:
    """A line that keeps what is sent on it."""

    sent: list[Any] = field(factory=list)

    async def send_text(self, text: str) -> None:
        self.sent.append(json.loads(text))


async def test_the_log_counts_bad_events_and_says_nothing_of_what_is_in_them(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    session, socket = new_session_id(), Socket()
    good = {"session": session, "side": "host", "number": 1, "at": 1.0, "plugin": "", "name": "done"}
    bad = {**good, "number": 7, "name": "<canary>", "values": {"<canary>": "<canary>"}}
    host = HostConnection(hub, socket, session)  # type: ignore[arg-type]

    with caplog.at_level(logging.INFO):
        await host._take(Given({"events": [good, bad, "<canary>"]}))

    assert socket.sent == [{"stored": 7}]
    assert f"2 of 3 events of session {session} cannot be stored" in caplog.text
    assert "canary" not in caplog.text
