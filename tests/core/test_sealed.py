"""Sealed frames: only the very next frame of this transport opens."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskside.errors import BadFrame, PairingFailed
from deskside.sealed import (
    MAX_FRAME,
    NONCE_BYTES,
    REKEY_FRAMES,
    End,
    SealedTransport,
    open_transport,
)

SECRET = bytes(range(32))


def transports(
    secret: bytes = SECRET, other: bytes = SECRET, roads: tuple[bytes, bytes] = (b"main", b"main")
) -> tuple[SealedTransport, SealedTransport]:
    nonces = secrets.token_bytes(NONCE_BYTES), secrets.token_bytes(NONCE_BYTES)
    host = open_transport(secret, End.HOST, roads[0], nonces[0], nonces[1])
    viewer = open_transport(other, End.VIEWER, roads[1], nonces[1], nonces[0])
    return host, viewer


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_packets_arrive_equal_and_in_order_both_ways(packets: list[bytes]) -> None:
    host, viewer = transports()

    assert [viewer.receiving.open(host.sending.seal(one)) for one in packets] == packets
    assert [host.receiving.open(viewer.sending.seal(one)) for one in packets] == packets


def test_a_frame_does_not_show_its_packet() -> None:
    host, _ = transports()

    assert b"canary" not in host.sending.seal(b"canary" * 10)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_does_not_open(position: int, change: int) -> None:
    host, viewer = transports()
    frame = bytearray(host.sending.seal(b"press the button"))
    frame[position % len(frame)] ^= change

    with pytest.raises(BadFrame):
        viewer.receiving.open(bytes(frame))


@pytest.mark.parametrize("order", [[1], [0, 0], [0, 2], [0, 1, 0]])
def test_dropped_repeated_and_moved_frames_do_not_open(order: list[int]) -> None:
    host, viewer = transports()
    frames = [host.sending.seal(bytes([number])) for number in range(3)]

    *first, last = order
    for number in first:
        viewer.receiving.open(frames[number])
    with pytest.raises(BadFrame):
        viewer.receiving.open(frames[last])


def test_a_frame_sent_back_to_its_sender_does_not_open() -> None:
    host, _ = transports()

    with pytest.raises(BadFrame):
        host.receiving.open(host.sending.seal(b"echo"))


def test_a_frame_of_another_transport_or_road_does_not_open() -> None:
    host, _ = transports()
    _, other_viewer = transports()
    bulk_host, viewer = transports(roads=(b"bulk", b"main"))

    with pytest.raises(BadFrame):
        other_viewer.receiving.open(host.sending.seal(b"x"))
    with pytest.raises(BadFrame):
        viewer.receiving.open(bulk_host.sending.seal(b"x"))


@pytest.mark.parametrize("size", [0, 15, MAX_FRAME + 1])
def test_a_frame_of_impossible_length_is_refused(size: int) -> None:
    _, viewer = transports()

    with pytest.raises(BadFrame, match="bytes"):
        viewer.receiving.open(b"\0" * size)


def test_proofs_pass_with_the_same_secret_and_fail_with_another() -> None:
    host, viewer = transports()
    host.check_proof(viewer.proof)
    viewer.check_proof(host.proof)

    stranger, viewer = transports(secret=b"\1" * 32)
    with pytest.raises(PairingFailed):
        viewer.check_proof(stranger.proof)


def test_our_own_proof_or_nonce_sent_back_is_refused() -> None:
    host, _ = transports()
    nonce = secrets.token_bytes(NONCE_BYTES)

    with pytest.raises(PairingFailed):
        host.check_proof(host.proof)
    with pytest.raises(BadFrame, match="own nonce"):
        open_transport(SECRET, End.HOST, b"main", nonce, nonce)


def test_frames_go_on_across_a_change_of_keys() -> None:
    host, viewer = transports()

    for number in range(REKEY_FRAMES + 3):
        packet = number.to_bytes(4, "big")
        assert viewer.receiving.open(host.sending.seal(packet)) == packet
