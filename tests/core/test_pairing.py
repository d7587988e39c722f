"""Pairing: nine digits, one guess, the same secret on both ends and on no third."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from deskside.errors import PairingFailed
from deskside.pairing import Code, Paired, Pairing
from deskside.sealed import End

locators = st.integers(0, 9999).map("{:04d}".format)
codes = locators.map(Code.make)


def exchange(host_secret: str, viewer_secret: str, contexts: tuple[bytes, bytes]) -> tuple[Paired, Paired]:
    host = Pairing(End.HOST, host_secret, contexts[0])
    viewer = Pairing(End.VIEWER, viewer_secret, contexts[1])
    return host.finish(viewer.message), viewer.finish(host.message)


def test_the_same_digits_give_both_ends_the_same_secret() -> None:
    host, viewer = exchange("4827", "4827", (b"s1", b"s1"))

    assert host.confirm(viewer.proof) == viewer.confirm(host.proof)


@pytest.mark.parametrize(
    ("secrets", "contexts"),
    [(("4827", "4828"), (b"s1", b"s1")), (("4827", "4827"), (b"s1", b"s2"))],
)
def test_another_code_or_session_is_noticed_by_both(
    secrets: tuple[str, str], contexts: tuple[bytes, bytes]
) -> None:
    host, viewer = exchange(*secrets, contexts)

    with pytest.raises(PairingFailed):
        host.confirm(viewer.proof)
    with pytest.raises(PairingFailed):
        viewer.confirm(host.proof)


@pytest.mark.feature("CON-17")
@pytest.mark.parametrize("of_host", ["4827", "48271235"], ids=["left out by a server", "mistyped"])
def test_without_the_session_password_that_the_agent_told_nobody_gets_the_key(of_host: str) -> None:
    host, viewer = exchange(of_host, "48271234", (b"s1", b"s1"))

    with pytest.raises(PairingFailed):
        viewer.confirm(host.proof)
    with pytest.raises(PairingFailed):
        host.confirm(viewer.proof)


def test_a_proof_sent_back_to_its_maker_is_refused() -> None:
    host, _ = exchange("4827", "4827", (b"s", b"s"))

    with pytest.raises(PairingFailed):
        host.confirm(host.proof)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=0, max_size=40) | st.binary(min_size=33, max_size=33))
@example(b"B" + bytes(31) + b"\x01")
def test_an_arbitrary_pairing_message_is_refused_or_proves_nothing(message: bytes) -> None:
    host = Pairing(End.HOST, "4827", b"s")

    try:
        paired = host.finish(message)
    except PairingFailed:
        return
    with pytest.raises(PairingFailed):
        paired.confirm(b"\0" * 32)


def test_our_own_message_sent_back_is_refused() -> None:
    host = Pairing(End.HOST, "4827", b"s")

    with pytest.raises(PairingFailed):
        host.finish(host.message)


@given(codes)
def test_a_code_is_read_as_shown_typed_or_pasted(code: Code) -> None:
    shown = code.shown()

    assert len(shown) == 11
    for typed in (shown, shown.replace(" ", ""), shown.replace(" ", "-"), f" {shown}\t"):
        assert Code.read(typed) == code


@given(codes, st.integers(0, 8), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(code: Code, position: int, change: int) -> None:
    digits = list(code.digits())
    digits[position] = str((int(digits[position]) + change) % 10)

    assert Code.read("".join(digits)) is None


@given(codes, st.integers(0, 7))
def test_every_swap_of_neighbours_is_noticed(code: Code, position: int) -> None:
    digits = list(code.digits())
    first, second = digits[position], digits[position + 1]
    digits[position], digits[position + 1] = second, first

    assert first == second or Code.read("".join(digits)) is None


@given(st.text(max_size=20))
def test_any_typed_text_is_a_code_or_nothing(typed: str) -> None:
    code = Code.read(typed)

    assert code is None or len(code.digits()) == 9
