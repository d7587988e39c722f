"""Tests of the console's door, and of sign-ins that end by themselves."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, PASSWORD, TurnedClock, make_user
from sqlmodel import Session, select

from deskside.declare import Policy
from deskside_admin.model import (
    FeaturePolicy,
    FeatureTick,
    OptionValue,
    SessionState,
    SignIn,
    SignInKind,
    SignInRecord,
    SupportSession,
    User,
    UserOptionValue,
    UserRole,
)
from deskside_admin.rules import AUTO_LOGOUT, FORCE_PREVIOUS_SIGNOUT, IP_ALLOW, MAC_ALLOW
from deskside_admin.service import admission, lapsing, licences, signins
from deskside_admin.service.admission import Machine
from deskside_admin.service.outcome import Refused
from deskside_admin.service.sealing import Box

BOX = Box.of(b"s" * 32)
BROWSER = Machine(addresses=("198.51.100.1",))


@pytest.fixture(autouse=True)
def _trial(db: Session) -> None:
    licences.start_trial(db, NOW)
    db.commit()


def enter(db: Session, user: User, clock: TurnedClock, machine: Machine = BROWSER) -> str | Refused:
    wanted = signins.Attempt(
        company_id=user.company_id, login_name=user.login_name, password=PASSWORD, address="198.51.100.1"
    )
    found = signins.sign_in(db, wanted, clock(), admission.door(machine, BOX))
    assert isinstance(found, str | Refused)
    return found


def reason(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.reason


def of_group(db: Session, user: User, feature: str, policy: Policy, **values: object) -> None:
    db.merge(FeaturePolicy(group_id=user.group_id, feature=feature, policy=policy))
    for key, value in values.items():
        db.merge(OptionValue(group_id=user.group_id, feature=feature, option=key, value=value, locked=False))
    db.commit()


def of_user(db: Session, user: User, feature: str, **values: object) -> None:
    db.merge(FeatureTick(user_id=user.id, feature=feature, ticked=True))
    for key, value in values.items():
        db.merge(UserOptionValue(user_id=user.id, feature=feature, option=key, value=value))
    db.commit()


def support(db: Session, user: User, state: SessionState, clock: TurnedClock) -> SupportSession:
    row = SupportSession(
        id=f"{user.id}-{state}", company_id=user.company_id, user_id=user.id, number=f"S-{state}",
        kind="pc", state=state, opened=clock(),
    )  # fmt: skip
    db.add(row)
    db.commit()
    return row


def is_in(db: Session, token: str, clock: TurnedClock) -> bool:
    found = signins.look_up(db, token, clock(), SignInKind.CONSOLE)
    db.commit()
    return found is not None


@pytest.mark.feature("ACC-22")
def test_the_system_administrator_does_not_come_into_the_console_and_takes_no_seat(
    db: Session, admin: User, clock: TurnedClock
) -> None:
    system = make_user(db, admin.company_id, admin.group_id, "root", role=UserRole.SYSTEM)

    assert reason(enter(db, system, clock)) == "refused.role.system"
    assert licences.seats(db, admin.company_id, clock()).used == 0


@pytest.mark.feature("ACC-15")
@pytest.mark.feature("SEC-01")
@pytest.mark.feature("SEC-04")
@pytest.mark.parametrize(
    ("addresses", "comes_in"),
    [
        (("198.51.100.1",), True),
        (("203.0.113.9",), False),
        (("203.0.113.9", "10.1.2.3"), True),
        (("203.0.113.9", "10.2.2.3"), False),
        (("203.0.113.9", "192.168.7.8"), True),
        ((), False),
    ],
)
def test_a_group_with_an_address_list_lets_only_listed_addresses_in(
    db: Session, agent: User, clock: TurnedClock, addresses: tuple[str, ...], comes_in: bool
) -> None:
    of_group(db, agent, IP_ALLOW.key, Policy.ALL, addresses=["198.51.100.1", "10.1.2.3", "192.168.0.0/16"])

    outcome = enter(db, agent, clock, Machine(addresses=addresses, is_browser=False))

    assert isinstance(outcome, str) is comes_in
    if not comes_in:
        assert reason(outcome) == "signin.address"
        assert db.exec(select(SignInRecord.reason)).all() == ["signin.address"]


@pytest.mark.feature("SEC-02")
def test_where_users_decide_each_has_his_own_list(
    db: Session, agent: User, admin: User, clock: TurnedClock
) -> None:
    other = make_user(db, admin.company_id, admin.group_id, "park")
    of_group(db, agent, IP_ALLOW.key, Policy.USER, addresses=[])
    of_user(db, agent, IP_ALLOW.key, addresses=["192.0.2.1", "198.51.100.1"])
    of_user(db, other, IP_ALLOW.key, addresses=["192.0.2.1"])

    assert isinstance(enter(db, agent, clock), str)
    assert reason(enter(db, other, clock)) == "signin.address"


def test_without_a_list_one_signs_in_from_anywhere(db: Session, agent: User, clock: TurnedClock) -> None:
    assert isinstance(enter(db, agent, clock, Machine()), str)


@pytest.mark.feature("ACC-16")
def test_a_list_of_network_cards_asks_for_one_of_them_and_a_browser_is_told_why_it_cannot(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    of_group(db, agent, MAC_ALLOW.key, Policy.ALL, addresses=["0011223344aa"])
    listed = Machine(addresses=("::1",), macs=("0011223344AA",), is_browser=False)
    other = Machine(addresses=("::1",), macs=("0011223344ab",), is_browser=False)

    assert isinstance(enter(db, agent, clock, listed), str)
    assert reason(enter(db, agent, clock, other)) == "signin.mac"
    assert reason(enter(db, agent, clock)) == "signin.mac_browser"


def test_the_lists_are_for_the_console_not_for_the_panel(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    of_group(db, agent, IP_ALLOW.key, Policy.ALL, addresses=["192.0.2.1"])
    wanted = signins.Attempt(
        company_id=agent.company_id, login_name="lee", password=PASSWORD, address="203.0.113.9"
    )

    assert isinstance(signins.sign_in(db, wanted, clock(), signins.Door()), str)


def test_a_wrong_password_says_nothing_of_lists(db: Session, agent: User, clock: TurnedClock) -> None:
    of_group(db, agent, IP_ALLOW.key, Policy.ALL, addresses=["192.0.2.1"])
    wanted = signins.Attempt(company_id=agent.company_id, login_name="lee", password="x", address="::1")

    assert reason(signins.sign_in(db, wanted, clock(), admission.door(BROWSER, BOX))) == "signin.wrong"


@pytest.mark.feature("ACC-17")
def test_signing_in_elsewhere_ends_the_earlier_sign_in_and_passes_its_seat_on(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    first = enter(db, agent, clock)
    second = enter(db, agent, clock)

    assert isinstance(first, str)
    assert isinstance(second, str)
    assert signins.why_ended(db, first, clock()) == "signin.ended.elsewhere"
    assert is_in(db, second, clock)
    assert licences.seats(db, agent.company_id, clock()).used == 1


@pytest.mark.feature("ACC-17")
def test_without_the_option_the_second_is_refused_while_the_first_is_really_open(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    of_group(db, agent, FORCE_PREVIOUS_SIGNOUT.key, Policy.NONE)
    first = enter(db, agent, clock)
    assert isinstance(first, str)
    refused = enter(db, agent, clock)
    clock.turn(timedelta(minutes=2))
    is_in(db, first, clock)
    clock.turn(timedelta(minutes=2))
    still_refused = enter(db, agent, clock)
    clock.turn(admission.UNSEEN)

    admitted = enter(db, agent, clock)

    assert reason(refused) == reason(still_refused) == "signin.elsewhere"
    assert isinstance(admitted, str)
    assert not is_in(db, first, clock)


def test_without_a_free_seat_nobody_comes_in_and_an_earlier_sign_in_of_his_stays(
    db: Session, agent: User, admin: User, clock: TurnedClock
) -> None:
    others = [make_user(db, admin.company_id, admin.group_id, name) for name in ("park", "choi")]
    for one in others:
        assert isinstance(enter(db, one, clock), str)

    assert reason(enter(db, agent, clock)) == "refused.licence.seats"
    assert isinstance(enter(db, others[0], clock), str)


@pytest.mark.feature("ACC-07")
@pytest.mark.parametrize("minutes", ["1", "3", "5", "10"])
def test_without_a_support_for_the_set_time_a_console_is_signed_out(
    db: Session, agent: User, clock: TurnedClock, minutes: str
) -> None:
    of_group(db, agent, AUTO_LOGOUT.key, Policy.ALL, minutes=minutes)
    token = enter(db, agent, clock)
    assert isinstance(token, str)
    clock.turn(timedelta(minutes=int(minutes), seconds=-1))
    before = lapsing.look(db, clock())
    clock.turn(timedelta(seconds=1))

    after = lapsing.look(db, clock())

    assert before == []
    assert len(after) == 1
    assert signins.why_ended(db, token, clock()) == "signin.ended.idle"


def test_an_agent_sets_his_own_time_unless_the_group_forces_one(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    of_group(db, agent, AUTO_LOGOUT.key, Policy.USER, minutes="30")
    of_user(db, agent, AUTO_LOGOUT.key, minutes="5")
    own = lapsing.idle_limit(db, agent)

    of_group(db, agent, AUTO_LOGOUT.key, Policy.ALL, minutes="30")

    assert own == timedelta(minutes=5)
    assert lapsing.idle_limit(db, agent) == timedelta(minutes=30)


def stays(db: Session, token: str | Refused, clock: TurnedClock) -> bool:
    assert isinstance(token, str)
    lapsing.look(db, clock())
    db.commit()
    return is_in(db, token, clock)


@pytest.mark.parametrize("state", [SessionState.CONNECTING, SessionState.ACTIVE, SessionState.SUSPENDED])
def test_nobody_is_signed_out_during_a_support_and_the_time_begins_after_it(
    db: Session, agent: User, clock: TurnedClock, state: SessionState
) -> None:
    of_group(db, agent, AUTO_LOGOUT.key, Policy.ALL, minutes="5")
    token = enter(db, agent, clock)
    row = support(db, agent, state, clock)
    clock.turn(timedelta(hours=3))
    during = stays(db, token, clock)
    row.state, row.ended = SessionState.ENDED, clock()
    db.add(row)
    db.commit()
    clock.turn(timedelta(minutes=4))
    soon_after = stays(db, token, clock)
    clock.turn(timedelta(minutes=1))

    assert (during, soon_after, stays(db, token, clock)) == (True, True, False)


def test_waiting_for_a_customer_is_no_idleness_while_the_code_lives(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    of_group(db, agent, AUTO_LOGOUT.key, Policy.ALL, minutes="1")
    token = enter(db, agent, clock)
    support(db, agent, SessionState.WAITING, clock)
    clock.turn(timedelta(minutes=10, seconds=59))
    waiting = stays(db, token, clock)
    clock.turn(timedelta(seconds=1))

    assert (waiting, stays(db, token, clock)) == (True, False)


def test_a_console_whose_page_was_closed_gives_its_seat_back(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    token = enter(db, agent, clock)
    assert isinstance(token, str)
    clock.turn(lapsing.NOBODY_THERE)

    assert lapsing.look(db, clock())
    assert signins.why_ended(db, token, clock()) == "signin.ended.gone"
    assert licences.seats(db, agent.company_id, clock()).used == 0


def test_an_open_page_keeps_a_console_signed_in(db: Session, agent: User, clock: TurnedClock) -> None:
    token = enter(db, agent, clock)
    assert isinstance(token, str)
    for _ in range(6):
        clock.turn(timedelta(minutes=10))
        is_in(db, token, clock)

        assert lapsing.look(db, clock()) == []


def test_a_clock_that_is_set_back_signs_nobody_out(db: Session, agent: User, clock: TurnedClock) -> None:
    of_group(db, agent, AUTO_LOGOUT.key, Policy.ALL, minutes="1")
    token = enter(db, agent, clock)
    clock.turn(timedelta(days=-3))

    assert stays(db, token, clock)


def test_a_sign_in_that_lasted_its_time_is_noted_as_an_end(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    token = signins.open_for(db, agent, "::1", clock())
    db.commit()
    clock.turn(signins.LASTS)

    lapsing.look(db, clock())

    assert signins.why_ended(db, token, clock()) == "signin.ended.time"
    assert db.exec(select(SignInRecord.what, SignInRecord.reason)).all()[-1] == ("out", "signin.ended.time")


def test_tokens_of_one_kind_open_nothing_of_the_other(db: Session, agent: User, clock: TurnedClock) -> None:
    console = enter(db, agent, clock)
    panel = signins.open_for(db, agent, "::1", clock())
    assert isinstance(console, str)

    assert signins.look_up(db, console, clock()) is None
    assert signins.look_up(db, panel, clock(), SignInKind.CONSOLE) is None
    assert len(db.exec(select(SignIn)).all()) == 2
