"""Licences and entitlements: only what the vendor sold and this company's gateway gave."""

import base64
import json

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deskside.chain import CLOCK_TOLERANCE_S, Entitled, check_chain
from deskside.errors import BadSignature
from deskside.grants import Refusal
from deskside.licence import Entitlement, Licence, new_key, public, read_licence, sign

VENDOR, GATEWAY, STRANGER = new_key(), new_key(), new_key()
NOW = 1_800_000_000
LICENCE = Licence(
    id="L1",
    company="Hanbit",
    features=("screen.watch", "drawing.draw"),
    seats=2,
    starts=NOW - 1000,
    ends=NOW + 1000,
    gateway_key=public(GATEWAY),
)
ENTITLEMENT = Entitlement(
    session="s1",
    licence="L1",
    features=("screen.watch", "voice.talk"),
    serial=1,
    starts=NOW - 10,
    ends=NOW + 1000,
)
VENDORS = (public(VENDOR),)


def reason_of(outcome: Entitled | Refusal) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.reason


def test_the_chain_gives_what_both_allow() -> None:
    outcome = check_chain(sign(LICENCE, VENDOR), sign(ENTITLEMENT, GATEWAY), VENDORS, "s1", NOW)

    assert isinstance(outcome, Entitled)
    assert outcome.features == {"screen.watch"}


def test_a_licence_of_a_foreign_vendor_is_refused() -> None:
    outcome = check_chain(sign(LICENCE, STRANGER), sign(ENTITLEMENT, GATEWAY), VENDORS, "s1", NOW)

    assert reason_of(outcome) == "refused.licence.vendor"


def test_an_entitlement_of_another_gateway_is_refused() -> None:
    outcome = check_chain(sign(LICENCE, VENDOR), sign(ENTITLEMENT, STRANGER), VENDORS, "s1", NOW)

    assert reason_of(outcome) == "refused.licence.gateway"


def test_a_licence_cannot_pass_as_an_entitlement() -> None:
    outcome = check_chain(sign(LICENCE, VENDOR), sign(LICENCE, GATEWAY), VENDORS, "s1", NOW)

    assert reason_of(outcome) == "refused.licence.gateway"


@pytest.mark.parametrize("change", [{"session": "s2"}, {"licence": "L2"}])
def test_an_entitlement_for_something_else_is_refused(change: dict[str, str]) -> None:
    token = sign(evolve(ENTITLEMENT, **change), GATEWAY)

    assert (
        reason_of(check_chain(sign(LICENCE, VENDOR), token, VENDORS, "s1", NOW)) == "refused.licence.session"
    )


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (NOW - 10 - CLOCK_TOLERANCE_S - 1, "refused.licence.early"),
        (NOW + 1000 + CLOCK_TOLERANCE_S + 1, "refused.licence.expired"),
    ],
)
def test_outside_its_times_the_chain_is_refused(now: int, reason: str) -> None:
    outcome = check_chain(sign(LICENCE, VENDOR), sign(ENTITLEMENT, GATEWAY), VENDORS, "s1", now)

    assert reason_of(outcome) == reason


def test_a_clock_ten_minutes_off_is_accepted() -> None:
    tokens = sign(LICENCE, VENDOR), sign(ENTITLEMENT, GATEWAY)

    for now in (NOW - CLOCK_TOLERANCE_S, NOW + 1000 + CLOCK_TOLERANCE_S):
        assert isinstance(check_chain(*tokens, VENDORS, "s1", now), Entitled)


def test_more_features_than_were_signed_are_refused() -> None:
    body, signature = sign(LICENCE, VENDOR).split(".")
    content = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    content["features"].append("voice.talk")
    forged = base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    with pytest.raises(BadSignature):
        read_licence(f"{forged}.{signature}", public(VENDOR))


@given(
    st.text(max_size=60)
    | st.binary(max_size=60).map(lambda data: base64.urlsafe_b64encode(data).decode() + ".AA")
)
def test_an_arbitrary_text_is_no_licence(token: str) -> None:
    with pytest.raises(BadSignature):
        read_licence(token, public(VENDOR))


@given(st.text(max_size=70))
def test_a_nonsense_key_verifies_nothing(key: str) -> None:
    with pytest.raises(BadSignature):
        read_licence(sign(LICENCE, VENDOR), key)
