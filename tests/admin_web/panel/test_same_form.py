"""Two administrators save the same form at the same moment, through the panel's HTTP, on both databases."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from admin_web.kit import PASSWORD, make_user
from attrs import define, field
from flask import Flask, request
from security.panel_server import served
from sqlalchemy import Engine
from sqlmodel import Session, select

from deskside_admin.model import (
    Company,
    FeaturePolicy,
    FeatureTick,
    Group,
    OptionValue,
    User,
    UserOptionValue,
)

pytestmark = pytest.mark.timeout(120)

TOLD = "Somebody else has saved this page meanwhile"
MEET_S = 30
TWICE = pytest.mark.parametrize("time", range(2))
Kept = Callable[[Session], Mapping[str, object]]


@define
class Meeting:
    """Where both requests wait for each other, once it is known who asks and before anything is judged."""

    path: str = ""
    _both: threading.Barrier = field(factory=lambda: threading.Barrier(2))

    def come(self) -> None:
        if request.method == "POST" and request.path == self.path:
            self._both.wait(MEET_S)


@define
class Office:
    """A panel on a port, and two administrators of one company at browsers of their own."""

    address: str
    meeting: Meeting
    browsers: list[httpx.Client]

    def save_together(self, path: str, *forms: Mapping[str, str]) -> list[httpx.Response]:
        """Let everybody open the same page, and send his form when all have it before them."""
        shown = [one.get(path).text for one in self.browsers]
        hidden = [dict(re.findall(r'name="(csrf_token|version)" value="([^"]+)"', page)) for page in shown]
        assert len({one["version"] for one in hidden}) == 1
        self.meeting.path = path
        with ThreadPoolExecutor(len(forms)) as pool:
            return list(
                pool.map(
                    lambda browser, form, more: browser.post(path, data={**form, **more}),
                    self.browsers,
                    forms,
                    hidden,
                )
            )


@pytest.fixture
def office(panel: Flask, admin: User, db: Session) -> Iterator[Office]:
    make_user(db, admin.company_id, admin.group_id, "park", role="admin")
    meeting = Meeting()
    panel.before_request(meeting.come)
    with served(panel) as address:
        browsers = [_signed_in(address, name) for name in ("kim", "park")]
        yield Office(address, meeting, browsers)
        for one in browsers:
            one.close()


def _signed_in(address: str, login_name: str, company: int = 0) -> httpx.Client:
    browser = httpx.Client(base_url=address, timeout=MEET_S)
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
    assert token is not None
    given = {"csrf_token": token[1], "login_name": login_name, "password": PASSWORD, "company": str(company)}
    assert browser.post("/sign-in", data=given).status_code == 303
    return browser


def judge(
    engine: Engine, answers: list[httpx.Response], forms: tuple[dict[str, str], ...], kept: Kept
) -> None:
    """See that one was kept as a whole, and that the other was told and nothing of his was kept."""
    statuses = [one.status_code for one in answers]
    assert sorted(statuses) == [303, 422]
    winner, loser = statuses.index(303), statuses.index(422)
    assert TOLD in answers[loser].text
    with Session(engine) as db:
        found = kept(db)
    assert found == {name: forms[winner][name] for name in found}
    assert all(forms[loser][name] != value for name, value in found.items())


@TWICE
def test_the_companys_page(office: Office, engine: Engine, admin: User, time: int) -> None:
    common = {"password_days": "0"}
    forms = (
        {**common, "name": "First", "site": "https://1.example", "telephone": "1",
         "password_level": "weak", "keep_months": "6", "page_part": "first"},
        {**common, "name": "Second", "site": "https://2.example", "telephone": "2",
         "password_level": "strong", "keep_months": "12", "page_part": "second"},
    )  # fmt: skip

    answers = office.save_together("/company/", *forms)

    def kept(db: Session) -> dict[str, object]:
        row = db.get_one(Company, admin.company_id)
        assert row.version == 2
        names = ("name", "site", "telephone", "password_level", "keep_months", "page_part")
        return {name: str(getattr(row, name)) for name in names}

    judge(engine, answers, forms, kept)


@TWICE
def test_two_companies_that_want_the_same_address_part(
    office: Office, engine: Engine, admin: User, stranger: User, time: int
) -> None:
    office.browsers.pop().close()
    office.browsers.append(_signed_in(office.address, "kim", stranger.company_id))
    common = {"password_level": "medium", "password_days": "0", "keep_months": "12", "own_page": "yes"}
    forms = tuple({**common, "name": name, "page_part": "help"} for name in ("First", "Second"))

    answers = office.save_together("/company/", *forms)

    statuses = [one.status_code for one in answers]
    assert sorted(statuses) == [303, 422]
    assert "Another company on this server uses this address part." in answers[statuses.index(422)].text
    with Session(engine) as db:
        rows = [db.get_one(Company, one.company_id) for one in (admin, stranger)]
        winner, loser = rows[statuses.index(303)], rows[statuses.index(422)]
        assert (winner.page_part, winner.version) == ("help", 2)
        assert (loser.page_part, loser.own_page, loser.version) == (None, False, 1)
        assert loser.name in {"Hanbit", "Elsewhere"}


@TWICE
def test_a_groups_page(office: Office, engine: Engine, admin: User, time: int) -> None:
    forms = ({"name": "Day", "external_id": "D-1"}, {"name": "Night", "external_id": "N-1"})

    answers = office.save_together(f"/groups/{admin.group_id}", *forms)

    def kept(db: Session) -> dict[str, object]:
        row = db.get_one(Group, admin.group_id)
        assert row.version == 2
        return {"name": row.name, "external_id": row.external_id}

    judge(engine, answers, forms, kept)


@TWICE
def test_what_a_group_says_about_features(office: Office, engine: Engine, admin: User, time: int) -> None:
    forms = tuple(
        {
            "policy:kites.fly": fly,
            "policy:kites.land": land,
            "value:kites.fly.height": height,
            "value:kites.fly.colour": "blue",
            "value:kites.fly.motto": motto,
        }
        for fly, land, height, motto in (("all", "none", "40", "up"), ("none", "user", "50", "down"))
    )

    answers = office.save_together(f"/groups/{admin.group_id}/features", *forms)

    def kept(db: Session) -> dict[str, object]:
        assert db.get_one(Group, admin.group_id).version == 2
        policies = {f"policy:{one.feature}": one.policy for one in db.exec(select(FeaturePolicy))}
        values = {f"value:{one.feature}.{one.option}": str(one.value) for one in db.exec(select(OptionValue))}
        assert values.pop("value:kites.fly.colour") == "blue"
        return {**policies, **values}

    judge(engine, answers, forms, kept)


@TWICE
def test_a_users_page(office: Office, engine: Engine, agent: User, time: int) -> None:
    common = {"role": "agent", "group_id": str(agent.group_id)}
    forms = (
        {**common, "given_name": "Ann", "family_name": "One", "telephone": "1",
         "mail": "a@x.example", "icon": "1"},
        {**common, "given_name": "Bea", "family_name": "Two", "telephone": "2",
         "mail": "b@x.example", "icon": "2"},
    )  # fmt: skip

    answers = office.save_together(f"/users/{agent.id}", *forms)

    def kept(db: Session) -> dict[str, object]:
        row = db.get_one(User, agent.id)
        assert row.version == 2
        names = ("given_name", "family_name", "telephone", "mail", "icon")
        return {name: str(getattr(row, name)) for name in names}

    judge(engine, answers, forms, kept)


@TWICE
def test_what_is_left_to_a_user(office: Office, engine: Engine, agent: User, time: int) -> None:
    both: dict[str, Any] = {"asked:kites.fly": "yes"}
    forms: tuple[dict[str, str], ...] = (
        {**both, "tick:kites.fly": "yes", "value:kites.fly.height": "41", "value:kites.fly.motto": "up"},
        {**both, "value:kites.fly.height": "51", "value:kites.fly.motto": "down"},
    )

    answers = office.save_together(f"/users/{agent.id}/features", *forms)

    def kept(db: Session) -> dict[str, object]:
        assert db.get_one(User, agent.id).version == 2
        ticked = db.exec(select(FeatureTick.ticked)).one()
        assert ticked is (answers[0].status_code == 303)
        rows = db.exec(select(UserOptionValue))
        return {f"value:{one.feature}.{one.option}": str(one.value) for one in rows}

    judge(engine, answers, forms, kept)
