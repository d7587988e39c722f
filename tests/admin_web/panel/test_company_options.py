"""What is the company's alone: one page, drawn from declarations, for all of its groups at once."""

import re
from typing import Any

import pytest
from admin_web.kit import NOW, Browser, make_user
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from deskside.catalogue import Catalogue, Declared
from deskside.declare import Feature, PluginInfo, Policy, Scope, Tab
from deskside.grants import Gate, Grant, Refusal
from deskside.options import Number
from deskside.texts import Texts
from deskside_admin import rules
from deskside_admin.model import Company, CompanyPolicy, Group, PolicySerial, User
from deskside_admin.service import company_options, features, groups, licences
from deskside_admin.service.outcome import Refused
from deskside_admin.service.policy import GroupRule, GroupValue

PAGE = "/company/options/"
BELL = "kites.bell"
WORDS = {
    "kites.title": "Kites",
    "kites.fly.title": "Fly a kite",
    "kites.bell.title": "Ring a bell",
    "kites.bell.times.title": "Times",
}
KITES = (
    Feature(key="kites.fly"),
    Feature(
        key=BELL,
        scope=Scope.COMPANY,
        tab=Tab.CHAT,
        requires=("kites.fly",),
        options=(Number("times", default=2, minimum=1, maximum=5),),
    ),
    Feature(key="kites.curfew", scope=Scope.COMPANY, policy=Policy.NONE, is_rule=True),
)


@pytest.fixture
def catalogue() -> Catalogue:
    made_up = Declared(
        info=PluginInfo(name="kites", version="1.0"), features=KITES, texts=Texts({"en": WORDS})
    )
    return Catalogue.of([made_up, *rules.declared()])


@pytest.fixture(autouse=True)
def _on_trial(db: Session) -> None:
    licences.start_trial(db, NOW)
    db.commit()


def save(browser: Browser, entries: dict[str, Any], *, shown: str = "", page: str = PAGE) -> TestResponse:
    told = shown or browser.get(page).text
    hidden = dict(re.findall(r'<input type="hidden" name="(version|csrf_token)" value="([^"]+)"', told))
    return browser.client.post(page, data={**hidden, **entries}, base_url=browser.mount)


def decided(db: Session, catalogue: Catalogue, user: User) -> Grant | Refusal:
    found = features.effective(db, catalogue, user)[BELL]
    db.commit()
    return found


def test_the_company_switches_it_for_all_of_its_groups_and_for_no_other_company(
    signed_in: Browser, db: Session, catalogue: Catalogue, agent: User, stranger: User
) -> None:
    night = groups.create(db, agent.company_id, "Night")
    assert isinstance(night, Group)
    park = make_user(db, agent.company_id, night.id, "park")
    assert decided(db, catalogue, agent) == Grant(BELL, {"times": 2})

    answer = save(signed_in, {f"policy:{BELL}": "none", f"value:{BELL}.times": "4"})

    assert answer.status_code == 303
    off = Refusal(Gate.GROUP, "policy.off_for_company")
    assert [decided(db, catalogue, one) for one in (agent, park)] == [off, off]
    assert decided(db, catalogue, stranger) == Grant(BELL, {"times": 2})
    rows = [(row.company_id, row.feature, row.policy) for row in db.exec(select(CompanyPolicy))]
    assert rows == [(agent.company_id, BELL, "none")]
    assert db.get_one(PolicySerial, agent.company_id).serial > 0, "running supports are told"
    db.commit()

    save(signed_in, {f"policy:{BELL}": "all", f"value:{BELL}.times": "4"})
    assert decided(db, catalogue, park) == Grant(BELL, {"times": 4})


def test_the_page_shows_what_the_company_decides_and_group_and_user_do_not(
    signed_in: Browser, admin: User
) -> None:
    shown = signed_in.get(PAGE).text

    assert f'name="policy:{BELL}"' in shown
    assert 'type="number" value="2" min="1" max="5"' in shown
    assert "Kites" in shown
    assert 'value="user"' not in shown
    assert 'name="policy:kites.fly"' not in shown
    for page in (f"/groups/{admin.group_id}/features?tab=chat", "/account/features?tab=chat"):
        assert BELL not in signed_in.get(page).text


def test_why_it_is_off_leads_to_the_companys_page(signed_in: Browser, agent: User) -> None:
    save(signed_in, {f"policy:{BELL}": "none"})

    shown = signed_in.get(f"/features/why?user={agent.id}").text

    assert "Off for your company" in shown
    assert f'href="{PAGE}#{BELL}"' in shown


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({f"policy:{BELL}": "user"}, "Choose"),
        ({f"policy:{BELL}": "all", f"value:{BELL}.times": "9"}, "allowed"),
        ({"policy:kites.fly": "none"}, "kites.fly"),
        ({"policy:kites.tail": "none"}, "kites.tail"),
    ],
)
def test_what_is_not_the_companys_to_say_is_refused_and_nothing_kept(
    signed_in: Browser, db: Session, entries: dict[str, str], said: str
) -> None:
    answer = save(signed_in, entries)

    assert answer.status_code == 422
    assert said in answer.text
    assert db.exec(select(CompanyPolicy)).all() == []


def test_a_group_cannot_say_what_is_the_companys(
    signed_in: Browser, db: Session, catalogue: Catalogue, admin: User
) -> None:
    page = f"/groups/{admin.group_id}/features"
    answer = save(signed_in, {f"policy:{BELL}": "none"}, page=page)

    assert answer.status_code == 422
    assert "The company decides this" in answer.text
    assert isinstance(decided(db, catalogue, admin), Grant)


def test_of_two_who_save_the_page_the_second_is_told(signed_in: Browser, db: Session) -> None:
    shown = signed_in.get(PAGE).text
    assert save(signed_in, {f"policy:{BELL}": "none"}, shown=shown).status_code == 303

    late = save(signed_in, {f"policy:{BELL}": "all"}, shown=shown)

    assert late.status_code == 422
    assert "somebody else" in late.text.lower()
    assert [row.policy for row in db.exec(select(CompanyPolicy))] == ["none"]


def test_only_managers_open_the_page(browser: Browser, agent: User) -> None:
    browser.sign_in("lee")

    assert browser.get(PAGE).status_code == 403
    assert (
        save(browser, {f"policy:{BELL}": "none"}, shown=browser.get("/account/features").text).status_code
        == 403
    )


def test_a_rule_of_the_companys_is_followed_by_everybody(
    db: Session, catalogue: Catalogue, agent: User
) -> None:
    company, curfew = db.get_one(Company, agent.company_id), catalogue.features["kites.curfew"]
    assert features.followed(db, curfew, agent) is None

    kept = company_options.keep(db, catalogue, company, {curfew.key: GroupRule(Policy.ALL)}, company.version)

    assert kept == 1
    assert features.followed(db, curfew, agent) == {}


def test_a_value_that_a_newer_declaration_does_not_accept_falls_back(
    db: Session, catalogue: Catalogue, agent: User
) -> None:
    company = db.get_one(Company, agent.company_id)
    rule = GroupRule(Policy.ALL, {"times": GroupValue(99)})
    assert isinstance(company_options.keep(db, catalogue, company, {BELL: rule}, company.version), Refused)
    said = company_options.of(db, catalogue, company.id)
    assert said[BELL] == GroupRule(Policy.ALL, {})
