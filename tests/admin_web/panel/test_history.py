"""The history: who sees which support, in which words, and fifty at a time."""

import re
from datetime import timedelta

import pytest
from admin_web.kit import NOW, Browser, TurnedClock
from flask import Flask
from sqlmodel import Session

from deskside.catalogue import Catalogue, Declared
from deskside.declare import Feature, PluginInfo
from deskside.texts import LANGUAGES, Texts
from deskside_admin.model import SessionState, SupportSession, User
from deskside_admin.service import audit, licences, sessions
from deskside_admin.service.audit import Event

CORE_EVENTS = (
    "session_began",
    "session_ended",
    "feature_granted",
    "feature_withdrawn",
    "consent_given",
    "consent_refused",
    "consent_timed_out",
    "plugin_stopped",
    "participant_joined",
    "participant_left",
    "code_burned",
)


@pytest.fixture
def catalogue() -> Catalogue:
    words = {
        "kites.title": "Kites",
        "kites.fly.title": "Fly a kite",
        "kites.event.kite_torn": "Torn at {metres} m",
    }
    info = PluginInfo(name="kites", version="1.0")
    return Catalogue.of(
        [Declared(info=info, features=(Feature(key="kites.fly"),), texts=Texts({"en": words}))]
    )


def begin(db: Session, user: User, number: int = 1, **change: str) -> SupportSession:
    row = sessions.begin(db, user, f"{user.id:02d}{number:020d}", "pc", NOW + timedelta(minutes=number))
    if change:
        wanted = sessions.Change(**{"state": SessionState.ACTIVE, **change})  # type: ignore[arg-type]
        sessions.change(db, row, wanted, NOW + timedelta(minutes=number))
    db.commit()
    return row


def happened(db: Session, row: SupportSession, *names: str, plugin: str = "core", **details: str) -> None:
    events = [
        Event(session=row.id, side="host", number=number, at=NOW, plugin=plugin, name=name, details=details)
        for number, name in enumerate(names, 1)
    ]
    audit.record(db, events)
    db.commit()


def test_an_agent_sees_his_own_supports_and_an_administrator_the_companys(
    panel: Flask, db: Session, admin: User, agent: User, stranger: User
) -> None:
    rows = {
        user.id: begin(db, user, customer_name=f"Customer {user.id}") for user in (admin, agent, stranger)
    }
    seen = {}
    for login_name in ("lee", "kim"):
        browser = Browser(panel.test_client())
        browser.sign_in(login_name, company=str(admin.company_id))
        page = browser.get("/history/").text
        seen[login_name] = {user for user in rows if f"Customer {user}<" in page}
        found = {user: browser.get(f"/history/{row.id}").status_code for user, row in rows.items()}
        assert {user for user, status in found.items() if status == 200} == seen[login_name]
        assert set(found.values()) == {200, 404}

    assert seen == {"lee": {agent.id}, "kim": {agent.id, admin.id}}


def test_the_history_is_read_fifty_at_a_time_and_none_is_left_out(
    db: Session, signed_in: Browser, admin: User
) -> None:
    for number in range(120):
        begin(db, admin, number)
    numbers: list[str] = []
    path: str | None = "/history/"
    while path:
        page = signed_in.get(path).text
        numbers += re.findall(r">(S-[0-9-]+)</a>", page)
        found = re.search(r'href="(/history/\?after=[0-9]+)"', page)
        path = found[1] if found else None

    assert numbers == [f"S-20261121-{number:04d}" for number in range(120, 0, -1)]


@pytest.mark.parametrize("words", ["0002", "minji", "김민지", "lee"])
def test_a_support_is_found_by_number_customer_or_agent(
    db: Session, signed_in: Browser, admin: User, agent: User, words: str
) -> None:
    begin(db, admin, 1, customer_name="Park")
    begin(db, agent, 2, customer_name="Minji 김민지")

    page = signed_in.get(f"/history/?q={words}").text

    assert "S-20261121-0002" in page
    assert "S-20261121-0001" not in page


def test_live_and_ended_are_told_apart(db: Session, signed_in: Browser, admin: User) -> None:
    begin(db, admin, 1, state=SessionState.SUSPENDED)
    begin(db, admin, 2, state=SessionState.ENDED, by="Customer")

    live, ended = (signed_in.get(f"/history/?shown={shown}").text for shown in ("live", "ended"))

    assert "0001" in live
    assert "0002" not in live
    assert "Line lost" in live
    assert "0002" in ended
    assert "Nobody came" in ended


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_of_the_core_has_words(
    db: Session, signed_in: Browser, admin: User, language: str
) -> None:
    row = begin(db, admin)
    happened(db, row, *CORE_EVENTS, feature="kites.fly", plugin="core", name_="x")

    page = signed_in.get(f"/history/{row.id}?lang={language}").text

    assert not [name for name in CORE_EVENTS if f"event.{name}" in page or name.replace("_", " ") in page]
    assert "Fly a kite" in page


def test_events_of_plugins_are_told_in_their_own_words_and_unknown_ones_by_name(
    db: Session, signed_in: Browser, admin: User
) -> None:
    row = begin(db, admin)
    happened(db, row, "kite_torn", "kite_lost", plugin="kites", metres="30")
    other = begin(db, admin, 2)
    happened(db, other, "boat_sunk", plugin="boats", where="<b>x")

    page, strange = (signed_in.get(f"/history/{one.id}").text for one in (row, other))

    assert "Torn at 30 m" in page
    assert "kite lost (metres: 30)" in page
    assert "boat sunk (where: &lt;b&gt;x)" in strange
    assert "Boats" in strange


def test_what_a_customer_chose_to_be_called_is_shown_as_text(
    db: Session, signed_in: Browser, admin: User
) -> None:
    row = begin(db, admin, customer_name="<b>x", customer_system="<b>x\n\0y", by="<b>x")

    for path in ("/history/", f"/history/{row.id}", "/history/?q=<b>x"):
        page = signed_in.get(path).text
        assert "<b>x" not in page
        assert "&lt;b&gt;x" in page


def test_an_administrator_asks_for_the_end_of_a_live_support_and_nobody_else_can(
    panel: Flask, db: Session, signed_in: Browser, admin: User, agent: User, stranger: User
) -> None:
    row, foreign = begin(db, agent), begin(db, stranger)
    lee = Browser(panel.test_client())
    lee.sign_in("lee", company=str(admin.company_id))

    refused = lee.post(f"/history/{row.id}/end", "/account/password").status_code
    missing = signed_in.post(f"/history/{foreign.id}/end", "/account/password").status_code
    asked = signed_in.post(f"/history/{row.id}/end", f"/history/{row.id}")

    assert (refused, missing, asked.status_code) == (403, 404, 303)
    wanted = sessions.end_wanted(db)
    db.commit()
    assert wanted == {row.id: "Kim"}
    assert "takes a moment" in signed_in.get(asked.location).text


def test_a_trial_is_named_while_it_runs_and_its_end_on_every_page(
    db: Session, signed_in: Browser, clock: TurnedClock
) -> None:
    licences.start_trial(db, NOW)
    db.commit()
    assert "Trial until 2026-12-21 09:00 UTC, for 2 agents" in signed_in.get("/").text

    clock.turn(timedelta(days=30))
    signed_in.sign_in("kim")

    for path in ("/", "/users/", "/history/"):
        assert "The trial ended on 2026-12-21 09:00 UTC" in signed_in.get(path).text
