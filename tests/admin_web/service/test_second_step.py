"""Tests of the second step: codes by mail, code generators, recovery codes."""

from datetime import timedelta

import pyotp
import pytest
from admin_web.kit import NOW, PASSWORD, TurnedClock, make_user
from sqlmodel import Session, select

from deskside_admin.model import Company, SecondStep, SignInKind, SignInRecord, User, UserRole
from deskside_admin.service import code_generator, locks, second_step, signins
from deskside_admin.service.outcome import Refused
from deskside_admin.service.sealing import Box
from deskside_admin.service.second_step import Asked

BOX = Box.of(b"s" * 32)
PANEL = signins.Door(box=BOX, mail_is_on=True)
CONSOLE = signins.Door(box=BOX, kind=SignInKind.CONSOLE)


def begin(db: Session, user: User, clock: TurnedClock, door: signins.Door = PANEL) -> Asked | str | Refused:
    wanted = signins.Attempt(
        company_id=user.company_id, login_name=user.login_name, password=PASSWORD, address="::1"
    )
    return signins.sign_in(db, wanted, clock(), door)


def asked(db: Session, user: User, clock: TurnedClock, door: signins.Door = PANEL) -> Asked:
    found = begin(db, user, clock, door)
    assert isinstance(found, Asked), found
    return found


def reason(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.reason


def enrol(db: Session, user: User, clock: TurnedClock) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    secret = code_generator.new_secret()
    generator = pyotp.TOTP(secret)
    codes = code_generator.enrol(db, user, secret, generator.at(clock()), BOX, clock())
    assert not isinstance(codes, Refused)
    db.commit()
    return generator, codes


@pytest.fixture
def careful(db: Session, agent: User) -> User:
    """An agent with an address, in a company that asks for a second proof."""
    company = db.get_one(Company, agent.company_id)
    company.two_step, agent.mail = True, "lee@hanbit.example"
    db.add(company)
    db.add(agent)
    db.commit()
    return agent


@pytest.mark.feature("ACC-14")
def test_a_code_goes_to_the_stored_address_and_opens_the_panel_once(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    step = asked(db, careful, clock)

    token = signins.finish(db, step.token, f" {step.code[:3]} {step.code[3:]} ", clock(), PANEL)
    again = signins.finish(db, step.token, step.code, clock(), PANEL)

    assert (step.to, len(step.code), step.code.isdigit()) == ("lee@hanbit.example", 6, True)
    assert isinstance(token, str)
    assert signins.look_up(db, token, clock())
    assert reason(again) == "signin.second.expired"


def test_the_companys_rule_is_for_the_panel_only(db: Session, careful: User, clock: TurnedClock) -> None:
    assert isinstance(begin(db, careful, clock, CONSOLE), str)


def test_neither_code_nor_token_is_stored(db: Session, careful: User, clock: TurnedClock) -> None:
    step = asked(db, careful, clock)

    stored = db.exec(select(SecondStep)).one().model_dump_json()

    assert step.token not in stored
    assert step.code not in stored
    assert step.code not in repr(step)


def test_a_code_lives_ten_minutes(db: Session, careful: User, clock: TurnedClock) -> None:
    first, second = asked(db, careful, clock), asked(db, careful, clock)
    clock.turn(timedelta(minutes=9, seconds=59))
    in_time = signins.finish(db, first.token, first.code, clock(), PANEL)
    clock.turn(timedelta(seconds=1))

    assert isinstance(in_time, str)
    assert reason(signins.finish(db, second.token, second.code, clock(), PANEL)) == "signin.second.expired"


def test_a_clock_that_is_set_back_gives_a_code_no_longer_life(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    old = asked(db, careful, clock)
    clock.turn(timedelta(days=-1))

    asked(db, careful, clock)

    assert reason(signins.finish(db, old.token, old.code, clock(), PANEL)) == "signin.second.expired"


def test_after_five_wrong_codes_the_right_one_is_worth_nothing(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    step = asked(db, careful, clock)
    wrong = f"{(int(step.code) + 1) % 10**6:06d}"

    told = [signins.finish(db, step.token, wrong, clock(), PANEL) for _ in range(5)]

    assert [reason(one) for one in told] == ["signin.second.wrong"] * 4 + ["signin.second.used_up"]
    assert [one.problems[0].values["left"] for one in told if isinstance(one, Refused)] == [4, 3, 2, 1, 0]
    assert reason(signins.finish(db, step.token, step.code, clock(), PANEL)) == "signin.second.expired"


@pytest.mark.parametrize("given", ["", "12345", "1234567", "abcdef", "１２３４５６", "x" * 10_000])
def test_what_is_no_code_counts_as_a_wrong_one(
    db: Session, careful: User, clock: TurnedClock, given: str
) -> None:
    step = asked(db, careful, clock)

    assert reason(signins.finish(db, step.token, given, clock(), PANEL)) == "signin.second.wrong"


def test_a_code_of_one_browser_does_not_fit_the_step_of_another(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    first, second = asked(db, careful, clock), asked(db, careful, clock)

    if first.code != second.code:
        assert reason(signins.finish(db, first.token, second.code, clock(), PANEL)) == "signin.second.wrong"
    assert isinstance(signins.finish(db, first.token, first.code, clock(), PANEL), str)
    assert isinstance(signins.finish(db, second.token, second.code, clock(), PANEL), str)


def test_another_code_makes_the_one_before_worth_nothing(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    first = asked(db, careful, clock)

    second = second_step.again(db, first.token, clock())
    db.commit()

    assert isinstance(second, Asked)
    assert reason(signins.finish(db, first.token, first.code, clock(), PANEL)) == "signin.second.expired"
    assert isinstance(signins.finish(db, second.token, second.code, clock(), PANEL), str)


def test_nobodys_box_is_flooded(db: Session, careful: User, clock: TurnedClock) -> None:
    for _ in range(second_step.MOST_AT_ONCE):
        asked(db, careful, clock)

    assert reason(begin(db, careful, clock)) == "signin.second.wait"
    clock.turn(second_step.LASTS)
    assert isinstance(begin(db, careful, clock), Asked)


def test_wrong_codes_lock_an_account_as_wrong_passwords_do(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    company = db.get_one(Company, careful.company_id)
    company.lock_after_wrong = True
    db.commit()
    for _ in range(3):
        step = asked(db, careful, clock)
        wrong = f"{(int(step.code) + 1) % 10**6:06d}"
        outcomes = [signins.finish(db, step.token, wrong, clock(), PANEL) for _ in range(2)]
        if locks.is_locked(careful, company, clock()):
            break

    assert locks.is_locked(careful, company, clock())
    assert reason(begin(db, careful, clock)) == "signin.wrong_or_locked"
    assert reason(signins.finish(db, step.token, step.code, clock(), PANEL)) == "signin.locked"
    assert outcomes


def test_without_an_address_or_without_mail_nobody_gets_in_and_is_told_why(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    off = begin(db, careful, clock, signins.Door(box=BOX, mail_is_on=False))
    careful.mail = ""
    db.commit()

    assert reason(off) == "signin.second.no_mail"
    assert reason(begin(db, careful, clock)) == "signin.second.no_address"


def test_a_stopped_user_does_not_finish(db: Session, careful: User, clock: TurnedClock) -> None:
    step = asked(db, careful, clock)
    careful.active = False
    db.commit()

    assert reason(signins.finish(db, step.token, step.code, clock(), PANEL)) == "signin.second.expired"


def test_another_password_ends_a_step_that_was_begun_with_the_old_one(
    db: Session, careful: User, clock: TurnedClock
) -> None:
    step = asked(db, careful, clock)
    signins.revoke_all(db, careful.id, clock())
    db.commit()

    assert reason(signins.finish(db, step.token, step.code, clock(), PANEL)) == "signin.second.expired"


def test_a_code_generator_is_asked_at_the_panel_and_at_the_console(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    generator, _ = enrol(db, agent, clock)
    for door in (PANEL, CONSOLE):
        clock.turn(timedelta(seconds=30))
        step = asked(db, agent, clock, door)

        token = signins.finish(db, step.token, generator.at(clock()), clock(), door)

        assert not step.by_mail
        assert isinstance(token, str)
        assert signins.look_up(db, token, clock(), door.kind)


def test_a_step_of_the_console_does_not_open_the_panel(db: Session, agent: User, clock: TurnedClock) -> None:
    generator, _ = enrol(db, agent, clock)
    clock.turn(timedelta(seconds=30))
    step = asked(db, agent, clock, CONSOLE)

    assert reason(signins.finish(db, step.token, generator.at(clock()), clock(), PANEL)) == (
        "signin.second.expired"
    )


def test_a_code_of_the_generator_is_good_once(db: Session, agent: User, clock: TurnedClock) -> None:
    generator, _ = enrol(db, agent, clock)
    replayed = asked(db, agent, clock)
    assert reason(signins.finish(db, replayed.token, generator.at(NOW), clock(), PANEL)) == (
        "signin.second.wrong"
    )

    clock.turn(timedelta(seconds=60))
    code = generator.at(clock())
    first, second = asked(db, agent, clock), asked(db, agent, clock)

    assert isinstance(signins.finish(db, first.token, code, clock(), PANEL), str)
    assert reason(signins.finish(db, second.token, code, clock(), PANEL)) == "signin.second.wrong"
    older = generator.at(clock() - timedelta(seconds=30))
    assert reason(signins.finish(db, second.token, older, clock(), PANEL)) == "signin.second.wrong"


@pytest.mark.parametrize(
    ("late", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_telephone_may_be_half_a_minute_wrong(
    db: Session, agent: User, clock: TurnedClock, late: int, is_taken: bool
) -> None:
    generator, _ = enrol(db, agent, clock)
    clock.turn(timedelta(minutes=10))
    step = asked(db, agent, clock)

    outcome = signins.finish(db, step.token, generator.at(clock() + timedelta(seconds=late)), clock(), PANEL)

    assert isinstance(outcome, str) is is_taken


def test_a_server_whose_clock_was_set_back_still_takes_codes(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    generator, _ = enrol(db, agent, clock)
    clock.turn(timedelta(days=-2))
    step = asked(db, agent, clock)

    assert isinstance(signins.finish(db, step.token, generator.at(clock()), clock(), PANEL), str)


def test_a_recovery_code_stands_in_once_however_it_is_written(
    db: Session, agent: User, clock: TurnedClock
) -> None:
    _, codes = enrol(db, agent, clock)
    first, second = asked(db, agent, clock), asked(db, agent, clock)
    written = codes[0].upper().replace("-", " ")

    assert isinstance(signins.finish(db, first.token, written, clock(), PANEL), str)
    assert reason(signins.finish(db, second.token, codes[0], clock(), PANEL)) == "signin.second.wrong"
    assert code_generator.recovery_left(db, agent) == code_generator.RECOVERY_CODES - 1
    assert isinstance(signins.finish(db, second.token, codes[1], clock(), PANEL), str)


def test_the_secret_is_sealed_and_anothers_row_or_another_server_cannot_open_it(
    db: Session, agent: User, admin: User, clock: TurnedClock
) -> None:
    generator, _ = enrol(db, agent, clock)
    admin.totp_sealed = agent.totp_sealed
    db.commit()
    clock.turn(timedelta(minutes=1))
    code = generator.at(clock())

    assert generator.secret not in agent.totp_sealed
    assert not code_generator.take(db, admin, code, BOX, clock())
    assert not code_generator.take(db, agent, code, Box.of(b"t" * 32), clock())
    assert code_generator.take(db, agent, code, BOX, clock())


def test_a_wrong_first_code_enrols_nobody(db: Session, agent: User, clock: TurnedClock) -> None:
    outcome = code_generator.enrol(db, agent, code_generator.new_secret(), "000000", BOX, clock())

    assert reason(outcome) == "entry.code_wrong"
    assert not code_generator.is_enrolled(agent)


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B, in six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    found = {second: pyotp.TOTP(secret).at(second) for second in (59, 1111111109, 1234567890, 20000000000)}

    assert found == {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


def test_a_refused_code_stands_in_the_history(db: Session, careful: User, clock: TurnedClock) -> None:
    step = asked(db, careful, clock)
    signins.finish(db, step.token, "abc", clock(), PANEL)

    rows = db.exec(select(SignInRecord.what, SignInRecord.reason)).all()

    assert rows == [("refused", "signin.second.wrong")]


@pytest.mark.feature("ACC-14")
def test_it_cannot_be_required_while_an_administrator_could_not_get_in(
    db: Session, admin: User, clock: TurnedClock
) -> None:
    company = db.get_one(Company, admin.company_id)
    other = make_user(db, company.id, admin.group_id, "park", role=UserRole.ADMIN)
    no_address = second_step.may_be_required(db, company)
    admin.mail = other.mail = "kim@hanbit.example"
    db.commit()
    with_addresses = second_step.may_be_required(db, company)
    without_mail = second_step.may_be_required(db, company, mail_is_on=False)
    for one in (admin, other):
        enrol(db, one, clock)

    assert reason(no_address) == "company.two_step_no_address"
    assert isinstance(no_address, Refused)
    assert no_address.problems[0].values == {"names": "Kim, Park"}
    assert with_addresses is None
    assert reason(without_mail) == "company.two_step_no_mail"
    assert second_step.may_be_required(db, company, mail_is_on=False) is None
