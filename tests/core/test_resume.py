"""Resume: across any breaks nothing unacknowledged is lost and nothing comes twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskside.errors import BadMessage
from deskside.resume import Inbox, Outbox
from deskside.wire import Packet


@given(st.lists(st.sampled_from(["send", "deliver", "acknowledge", "break"]), max_size=80))
def test_across_any_breaks_everything_arrives_once_and_in_order(events: list[str]) -> None:
    outbox, inbox = Outbox(room_bytes=10_000), Inbox()
    line: list[Packet] = []
    sent, got = 0, []

    def deliver() -> None:
        nonlocal inbox
        packet = line.pop(0)
        inbox, new = inbox.with_packet(packet)
        if new:
            got.append(packet.body)

    for event in events:
        if event == "send":
            outbox, packet = outbox.with_sent(1, 0, str(sent).encode())
            line.append(packet)
            sent += 1
        elif event == "deliver" and line:
            deliver()
        elif event == "acknowledge":
            outbox = outbox.with_acknowledged(inbox.delivered)
        elif event == "break":
            line = list(outbox.kept)
    line = list(outbox.kept)
    while line:
        deliver()

    assert got == [str(number).encode() for number in range(sent)]


def test_the_outbox_is_bounded_but_always_takes_one() -> None:
    box = Outbox(room_bytes=10)

    assert box.has_room(1000)
    box, _ = box.with_sent(1, 0, b"x" * 8)
    assert box.has_room(2)
    assert not box.has_room(3)
    assert box.with_acknowledged(1).has_room(10)


def test_acknowledging_what_was_never_sent_is_refused() -> None:
    with pytest.raises(BadMessage, match="never sent"):
        Outbox(10).with_acknowledged(1)


def test_a_hole_in_the_numbers_is_refused() -> None:
    with pytest.raises(BadMessage, match="after 0"):
        Inbox().with_packet(Packet(1, 2, 0, b""))
