"""The WebSockets of programs against a running server: relay, host, control."""

import base64
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hosts.gateway.kit import WAIT_S, No, Settled, Viewer
from screens import wait_until
from sqlmodel import Session
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from deskside.audit import LEFT_OUT
from deskside.licence import read_entitlement, read_licence
from deskside_admin.database import engine_for
from deskside_admin.model import SupportSession
from deskside_admin.service import audit, sessions
from deskside_gateway.rpc import LARGEST_FRAME


def tickets(settled: Settled, viewer: Viewer, address: str) -> tuple[str, str, str]:
    """Open a wait; return session, the viewer's ticket and the host's."""
    wait = viewer.wait()
    found = settled.post("/v1/locate", address, locator=wait["locator"]).json()
    return wait["session"], wait["ticket"], found["ticket"]


def close_code(socket: ClientConnection) -> int:
    try:
        while True:
            socket.recv(WAIT_S)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0


def test_the_relay_joins_both_ends_and_copies_messages_as_they_are(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, mine, theirs = tickets(settled, viewer, "10.5.0.1")
        with settled.relay(theirs) as host, settled.relay(mine) as end:
            host.send(b"pairing")
            end.send(bytes(1_200_000))

            assert end.recv(WAIT_S) == b"pairing"
            assert host.recv(WAIT_S) == bytes(1_200_000)


def test_bulk_has_a_road_of_its_own(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, mine, theirs = tickets(settled, viewer, "10.5.0.2")
        with (
            settled.relay(theirs) as host,
            settled.relay(mine) as end,
            settled.relay(theirs, "bulk") as bulk_host,
            settled.relay(mine, "bulk") as bulk_end,
        ):
            bulk_host.send(bytes(1_000_000))
            host.send(b"key press")

            assert end.recv(WAIT_S) == b"key press"
            assert len(bulk_end.recv(WAIT_S)) == 1_000_000


def test_only_the_viewer_comes_to_the_road_of_a_page(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, mine, theirs = tickets(settled, viewer, "10.5.0.9")

        with settled.relay(mine, "page") as end, pytest.raises(InvalidStatus) as refused:
            settled.relay(theirs, "page")

        assert refused.value.response.status_code == 403
        assert end.state.name == "CLOSED"


def test_when_one_end_goes_the_other_is_told_and_both_dial_again(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, mine, theirs = tickets(settled, viewer, "10.5.0.3")
        with settled.relay(mine) as end:
            with settled.relay(theirs) as host:
                host.send(b"last words")
            assert end.recv(WAIT_S) == b"last words"
            assert close_code(end) == 4002

        with settled.relay(theirs) as host, settled.relay(mine) as end:
            host.send(b"again")
            assert end.recv(WAIT_S) == b"again"


def test_a_second_connection_of_one_side_replaces_the_first(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, mine, _ = tickets(settled, viewer, "10.5.0.4")

        with settled.relay(mine) as first, settled.relay(mine):
            assert close_code(first) == 4001


def test_a_text_frame_or_too_large_a_message_closes_the_relay(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, mine, theirs = tickets(settled, viewer, "10.5.0.5")
        for wrong, code in (("text", 1003), (bytes(1_300_000), 1009)):
            with settled.relay(mine) as end, settled.relay(theirs):
                end.send(wrong)
                assert close_code(end) == code


def test_a_receiver_that_stops_reading_stops_its_sender_and_costs_the_server_nothing(
    settled: Settled,
) -> None:
    memory = Path(f"/proc/{settled.server.process.pid}/statm")
    with settled.viewer("lee") as viewer:
        _, mine, theirs = tickets(settled, viewer, "10.5.0.6")
        with settled.relay(theirs) as host, settled.relay(mine) as end:
            before = pages(memory)
            host.socket.settimeout(2)
            sent = pour(host)
            grown = (pages(memory) - before) * 4096

            received = end.recv(WAIT_S)

    assert sent < 100
    assert grown < 16_000_000
    assert received == bytes(500_000)


def pages(memory: Path) -> int:
    """Return how many pages of memory a process has in use."""
    return int(memory.read_text().split()[1])


def pour(socket: ClientConnection) -> int:
    """Send until the line takes no more for two seconds; return how many messages went out."""
    for sent in range(400):
        try:
            socket.send(bytes([sent % 256]) * 500_000)
        except (TimeoutError, ConnectionClosed):
            return sent
    return 400


@pytest.mark.parametrize("road", ["main", "side"])
@pytest.mark.parametrize("ticket", ["", "x", "A" * 22 + ".viewer.9999999999." + "A" * 43])
def test_without_a_ticket_there_is_no_relay_and_no_host_line(
    settled: Settled, ticket: str, road: str
) -> None:
    for path in ("relay", "host"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"{settled.sockets}/v1/{path}?ticket={ticket}&road={road}")


def test_no_browser_is_let_in_however_good_its_ticket(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, mine, theirs = tickets(settled, viewer, "10.5.0.7")
        for path in (f"relay?ticket={mine}", f"host?ticket={theirs}", "control"):
            with pytest.raises(InvalidStatus, match="403"):
                connect(f"{settled.sockets}/v1/{path}", origin=Origin(settled.address))


def test_a_ticket_and_a_live_session_survive_a_restart(start_settled: Callable[..., Settled]) -> None:
    first = start_settled()
    with first.viewer("lee") as viewer:
        session, mine, theirs = tickets(first, viewer, "127.0.0.1")
        token = viewer.token
        viewer.call("changed", session=session, state="active")
    first.server.stop()

    second = start_settled()
    with second.viewer() as viewer:
        viewer.token = token
        listed = viewer.call("recent", token=token, most=5)["sessions"]
        with second.relay(theirs) as host, second.relay(mine) as end:
            host.send(b"resumed")
            assert end.recv(WAIT_S) == b"resumed"
        assert viewer.call("ticket", session=session)["ticket"]
        assert viewer.wait()["number"].endswith("-0002")

    assert [(one["id"], one["state"]) for one in listed] == [(session, "active")]


def host_line(settled: Settled, ticket: str) -> ClientConnection:
    return connect(f"{settled.sockets}/v1/host?ticket={ticket}", compression=None)


def received(socket: ClientConnection) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(socket.recv(WAIT_S))
    return found


def event(session: str, number: int, name: str = "consent_given") -> dict[str, object]:
    return {
        "session": session,
        "side": "host",
        "number": number,
        "at": time.time(),
        "plugin": "core",
        "name": name,
    }


def test_a_host_gets_its_rights_at_once_and_its_events_are_stored_once(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        session, _, theirs = tickets(settled, viewer, "10.5.0.8")
        with host_line(settled, theirs) as host:
            rights = received(host)
            for _ in range(2):
                host.send(json.dumps({"events": [event(session, 1), event(session, 2)]}))
                assert received(host) == {"stored": 2}
        with host_line(settled, rights["ticket"]) as host:
            again = received(host)

    key = entitled_by(rights["licence"])
    serials = [read_entitlement(one["entitlement"], key).serial for one in (rights, again)]
    assert serials == [1, 2]
    engine = database(settled)
    with Session(engine) as db:
        stored = audit.of_session(db, session)
    engine.dispose()
    assert [one.number for one in stored] == [1, 2]


def entitled_by(licence: str) -> str:
    """Return the gateway key that a trial names; a host knows the vendor's key from elsewhere."""
    body = licence.split(".", maxsplit=1)[0]
    key = str(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["gateway_key"])
    return read_licence(licence, key).gateway_key


def database(settled: Settled) -> Any:
    return engine_for(f"sqlite:///{settled.server.data / 'deskside.db'}")


def test_a_host_can_only_speak_for_itself(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        session, mine, theirs = tickets(settled, viewer, "10.5.0.9")
        other = viewer.wait()["session"]
        wrong = [event(other, 1), {**event(session, 1), "side": "viewer"}, {"x": 1}]
        for one in wrong:
            with host_line(settled, theirs) as host:
                received(host)
                host.send(json.dumps({"events": [one]}))
                assert close_code(host) == 1008
        with pytest.raises(InvalidStatus, match="403"):
            host_line(settled, mine)


def test_one_bad_event_costs_neither_the_good_ones_beside_it_nor_the_line(
    start_settled: Callable[..., Settled],
) -> None:
    settled = start_settled()
    with settled.viewer("lee") as viewer:
        session, _, theirs = tickets(settled, viewer, "127.0.0.1")
        with host_line(settled, theirs) as host:
            received(host)
            bad = [{**event(session, 4), "values": {"what": []}}, {**event(session, 3), "side": "gateway"}]
            host.send(json.dumps({"events": [event(session, 1), *bad, event(session, 2), "nonsense"]}))
            assert received(host) == {"stored": 4}
            host.send(json.dumps({"events": [event(session, 5)]}))
            assert received(host) == {"stored": 5}
    engine = database(settled)

    def stored() -> list[Any]:
        with Session(engine) as db:
            return audit.of_session(db, session)

    wait_until(lambda: any(one.name == LEFT_OUT for one in stored()), "what was left out is told", WAIT_S)
    told = {(one.side, one.number): one for one in stored()}
    engine.dispose()
    assert [number for side, number in told if side == "host"] == [1, 2, 5]
    assert told["gateway", 1].details == {"event": "", "plugin": "", "count": 3}


def test_an_end_wanted_in_the_panel_reaches_viewer_and_host(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        session, _, theirs = tickets(settled, viewer, "10.5.0.10")
        with host_line(settled, theirs) as host:
            received(host)
            engine = database(settled)
            with Session(engine) as db:
                sessions.want_end(db, db.get_one(SupportSession, session), "Kim")
                db.commit()
            engine.dispose()

            assert received(host) == {"end": {"by": "Kim"}}
            assert viewer.serve_one() == ("end", {"session": session, "by": "Kim"})


def test_a_newer_host_line_replaces_the_older(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        _, _, theirs = tickets(settled, viewer, "10.5.0.11")
        with host_line(settled, theirs) as older:
            received(older)

            with host_line(settled, theirs) as newer:
                assert "entitlement" in received(newer)
                assert close_code(older) == 4001


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("[]", 1008),
        ('{"id": "x"}', 1008),
        ("{" + " " * LARGEST_FRAME + "}", 1009),
        (b"\x00", 1008),
        ('{"id": 1.5, "call": "hello"}', 1008),
    ],
)
def test_a_frame_that_nobody_can_read_closes_the_control_connection(
    settled: Settled, frame: str | bytes, code: int
) -> None:
    with connect(f"{settled.sockets}/v1/control", compression=None) as socket:
        socket.send(frame)

        assert close_code(socket) == code


def test_an_answer_to_a_question_nobody_asked_is_passed_over(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        viewer._socket.send('{"id": -77, "result": {}}')

        assert viewer.call("agent", token=viewer.token)["name"] == "Lee"


def test_a_local_viewer_signs_in_with_the_agents_password_and_acts_for_nobody_else(
    settled: Settled,
) -> None:
    with settled.viewer("park") as hosted, settled.viewer("lee", hosted=False) as local:
        theirs = hosted.wait()["session"]
        own = local.wait()["session"]

        assert local.call("ticket", session=own)["ticket"]
        with pytest.raises(No, match=r"session\.unknown"):
            local.call("ticket", session=theirs)
    with settled.viewer(hosted=False) as stranger, pytest.raises(No, match=r"session\.unknown"):
        stranger.call("ticket", session=own)


def test_a_password_can_be_wrong(settled: Settled) -> None:
    with settled.viewer() as viewer, pytest.raises(No, match=r"signin\.wrong"):
        viewer.call("sign_in", company="1", login_name="nobody", password="x", address="::1")
