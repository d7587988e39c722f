"""Packets: exact, bounded, refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskside.errors import BadMessage
from deskside.messages import pack
from deskside.wire import MAX_BODY, MOST_CHANNELS, Packet

packets = st.builds(
    Packet, st.integers(0, MOST_CHANNELS), st.integers(0, 2**53 - 1), st.integers(0, 2**31 - 1), st.binary()
)


@given(packets)
def test_every_packet_arrives_equal(packet: Packet) -> None:
    assert Packet.decode(packet.encode()) == packet


@given(st.binary(max_size=64))
def test_arbitrary_bytes_are_a_packet_or_refused(data: bytes) -> None:
    try:
        packet = Packet.decode(data)
    except BadMessage:
        return
    assert Packet.decode(packet.encode()) == packet


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ([MOST_CHANNELS + 1, 0, 0, b""], "channel"),
        ([True, 0, 0, b""], "channel"),
        ([1, -1, 0, b""], "number"),
        ([1, 2**53, 0, b""], "number"),
        ([1, 0, 2**31, b""], "participant"),
        ([1, 0, 0, "text"], "list of"),
        ([1, 0, 0], "list of"),
        ("x", "list of"),
    ],
)
def test_an_impossible_packet_is_refused_by_name(raw: object, named: str) -> None:
    with pytest.raises(BadMessage, match=named):
        Packet.decode(pack(raw))


def test_a_packet_beyond_the_limit_is_refused() -> None:
    with pytest.raises(BadMessage, match="allowed"):
        Packet.decode(Packet(1, 1, 0, b"x" * (MAX_BODY + 100)).encode())
