"""Tests of deleting a user for good: afterwards nothing of him is in any table."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, make_user
from sqlalchemy import Table
from sqlmodel import Session, select

from deskside_admin.model import (
    AuditEvent,
    FeatureTick,
    Feedback,
    RecoveryCode,
    Row,
    SecondStep,
    SessionState,
    SignInRecord,
    SupportSession,
    User,
    UserOptionValue,
    UserPhoto,
)
from deskside_admin.service import audit, removal, sessions, signins
from deskside_admin.service.outcome import Refused


def serve(db: Session, user: User, number: int) -> SupportSession:
    """Let a user help somebody from beginning to end, with one event."""
    row = sessions.begin(db, user, f"{user.id:02d}{number:020d}", "pc", NOW)
    sessions.change(db, row, sessions.Change(state=SessionState.ENDED, customer_name="Minji"), NOW)
    event = audit.Event(
        session=row.id, side="host", number=1, at=NOW, plugin="core", name="session_ended", details={}
    )
    audit.record(db, [event])
    return row


def note(db: Session, user: User, user_id: int | None, login_name: str) -> None:
    db.add(
        SignInRecord(
            company_id=user.company_id, user_id=user_id, login_name=login_name, kind="panel", what="refused",
            address="::1", at=NOW,
        )
    )  # fmt: skip


def leave_traces(db: Session, user: User) -> None:
    """Put a row about a user into every table that can hold one."""
    serve(db, user, 1)
    signins.open_for(db, user, "::1", NOW)
    note(db, user, user.id, user.login_name)
    note(db, user, None, user.login_name)
    later = NOW + timedelta(minutes=5)
    step = {"token_sha256": f"t{user.id}", "code_sha256": "", "kind": "panel", "address": "::1"}
    db.add(SecondStep(user_id=user.id, expires=later, **step))
    db.add(RecoveryCode(user_id=user.id, code_sha256="x"))
    db.add(FeatureTick(user_id=user.id, feature="kites.fly", ticked=False))
    db.add(UserOptionValue(user_id=user.id, feature="kites.fly", option="height", value=3))
    db.add(Feedback(company_id=user.company_id, user_id=user.id, at=NOW, text="Nice"))
    db.add(UserPhoto(user_id=user.id, kind="image/png", picture=b"x"))
    db.flush()


def tables_about_users() -> set[str]:
    found = set()
    for table in Row.metadata.sorted_tables:
        targets = {key.target_fullname for key in table.foreign_keys}
        if targets & {"user_account.id", "support_session.id"}:
            found.add(table.name)
    return found


def rows(db: Session, table: Table) -> int:
    return len(db.execute(table.select()).all())


def counts(db: Session) -> dict[str, int]:
    return {table.name: rows(db, table) for table in Row.metadata.sorted_tables}


@pytest.mark.feature("USR-13")
def test_every_row_about_a_deleted_user_is_gone_and_no_row_of_anybody_else(
    db: Session, admin: User, agent: User, stranger: User
) -> None:
    colleague = make_user(db, admin.company_id, admin.group_id, "park")
    leave_traces(db, colleague)
    # The same login name in another company is somebody else.
    namesake = make_user(db, stranger.company_id, stranger.group_id, "lee")
    note(db, namesake, None, "lee")
    db.commit()
    before = counts(db)
    leave_traces(db, agent)
    agent.active = False
    db.commit()
    with_traces = counts(db)
    assert tables_about_users() <= {name for name, count in with_traces.items() if count > before[name]}

    outcome = removal.delete_for_good(db, agent, " LEE ")
    db.commit()

    assert outcome is None
    del before["policy_serial"], with_traces["policy_serial"]
    after = counts(db)
    assert {name: after[name] for name in before} == {**before, "user_account": before["user_account"] - 1}


def test_no_word_about_a_deleted_user_is_left_anywhere(db: Session, admin: User, agent: User) -> None:
    agent.login_name = agent.name = agent.mail = agent.telephone = "canary-7"
    leave_traces(db, agent)
    agent.active = False
    db.commit()

    removal.delete_for_good(db, agent, "canary-7")
    db.commit()

    for table in Row.metadata.sorted_tables:
        assert "canary-7" not in repr(db.execute(table.select()).all()), table.name


def test_what_goes_is_counted_before(db: Session, admin: User, agent: User) -> None:
    leave_traces(db, agent)
    serve(db, agent, 2)
    serve(db, admin, 1)

    found = removal.belongings(db, agent)

    assert found == removal.Belongings(supports=2, events=2, sign_ins=3)


@pytest.mark.feature("USR-13")
def test_an_active_user_a_wrong_name_or_a_running_support_stops_the_deletion(
    db: Session, admin: User, agent: User
) -> None:
    row = serve(db, agent, 1)

    active = removal.delete_for_good(db, agent, "lee")
    agent.active = False
    mistyped = removal.delete_for_good(db, agent, "le")
    row.state = SessionState.SUSPENDED
    db.flush()
    helping = removal.delete_for_good(db, agent, "lee")

    reasons = [one.reason for one in (active, mistyped, helping) if isinstance(one, Refused)]
    assert reasons == ["users.stop_first", "users.type_login_name", "users.still_helping"]
    assert db.get(User, agent.id) is agent
    assert len(db.exec(select(AuditEvent)).all()) == 1
