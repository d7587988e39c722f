"""The forms of features, with plugins that exist in these tests only."""

import re
from typing import Any

import pytest
from admin_web.kit import NOW, Browser, make_user
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from deskside.catalogue import Catalogue, Declared
from deskside.declare import Consent, Feature, Kind, PluginInfo, Policy, Scope, Tab
from deskside.grants import Gate, Grant, Refusal
from deskside.options import Choice, List, Number, Pattern, Text
from deskside.texts import Texts
from deskside_admin import rules
from deskside_admin.model import Group, OptionValue, User
from deskside_admin.service import features, groups, licences, prospects
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice

OWN = "/account/features"
WORDS = {
    "kites.title": "Kites",
    "kites.fly.title": "Fly a kite",
    "kites.fly.help": "Up in the air.",
    "kites.fly.height.title": "Height",
    "kites.fly.height.unit": "m",
    "kites.fly.colour.title": "Colour",
    "kites.fly.colour.red": "Bright red",
    "kites.fly.motto.title": "Motto",
    "kites.land.title": "Land a kite",
    "kites.loop.title": "Fly a loop",
    "kites.line.title": "Colour of the line",
    "kites.season.title": "Open the season",
    "kites.nickname.title": "Nickname on the kite",
    "kites.secret.title": "Watch the landing",
    "kites.fly.friends.title": "Friends' addresses",
}
KITES = (
    Feature(
        key="kites.fly",
        policy=Policy.USER,
        kinds=(Kind.PC, Kind.ANDROID),
        consent=Consent.ONCE,
        options=(
            Number("height", default=30, minimum=1, maximum=120),
            Choice("colour", ("red", "blue"), default="red"),
            Text("motto", max_length=20),
            List("friends", pattern=Pattern.NETWORK, most=3),
        ),
    ),
    Feature(key="kites.land"),
    Feature(key="kites.loop", requires=("kites.fly",)),
    Feature(key="kites.line", tab=Tab.CHAT, scope=Scope.GROUP, policy=Policy.NONE),
    Feature(key="kites.season", tab=Tab.START_END, scope=Scope.GROUP),
    Feature(key="kites.nickname", tab=Tab.AGENT, scope=Scope.USER),
    Feature(key="kites.secret", policy=Policy.NONE),
)
FORM = {
    "policy:kites.fly": "all",
    "policy:kites.land": "none",
    "value:kites.fly.height": "60",
    "locked:kites.fly.height": "on",
    "value:kites.fly.colour": "blue",
    "value:kites.fly.motto": "Up!",
}
IP = "security.ip_allow"
FLOOD = [f"10.0.{number // 256}.{number % 256}" for number in range(10_000)]


@pytest.fixture
def catalogue() -> Catalogue:
    info = PluginInfo(name="kites", version="1.0")
    made_up = Declared(info=info, features=KITES, texts=Texts({"en": WORDS}))
    return Catalogue.of([made_up, *rules.declared()])


@pytest.fixture(autouse=True)
def _on_trial(db: Session) -> None:
    licences.start_trial(db, NOW)
    db.commit()


@pytest.fixture
def page(admin: User) -> str:
    return f"/groups/{admin.group_id}/features"


@pytest.fixture
def group(db: Session, admin: User) -> Group:
    found = db.get_one(Group, admin.group_id)
    db.commit()
    return found


@pytest.fixture
def at_home(browser: Browser, agent: User) -> Browser:
    browser.sign_in("lee")
    return browser


def save(browser: Browser, page: str, entries: dict[str, Any], *, shown: str = "") -> TestResponse:
    """Send a form as it stands on the page at present, or as it stood there once."""
    told = shown or browser.get(page).text
    hidden = dict(re.findall(r'<input type="hidden" name="(version|csrf_token)" value="([^"]+)"', told))
    return browser.client.post(page, data={**hidden, **entries}, base_url=browser.mount)


def say(db: Session, catalogue: Catalogue, group: Group, **said: GroupRule) -> None:
    """Let a group say something about kites."""
    wanted = {f"kites.{name}": rule for name, rule in said.items()}
    assert isinstance(features.set_for_group(db, catalogue, group, wanted, group.version), int)
    db.commit()


def drawn(text: str, key: str) -> str:
    """Return what a page shows of one feature."""
    found = re.search(
        rf'<div class="feature[^"]*" id="{re.escape(key)}">.*?(?=<div class="feature|</section>)', text, re.S
    )
    assert found, key
    return found[0]


# What a group's form shows.


def test_a_made_up_plugin_shows_up_with_working_switches(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, admin: User
) -> None:
    shown = signed_in.get(page).text
    assert "Fly a kite" in shown
    assert "Up in the air." in shown

    answer = save(signed_in, page, FORM)

    assert answer.status_code == 303
    said = features.of_group(db, catalogue, admin.group_id)
    assert (said["kites.fly"].policy, said["kites.land"].policy) == (Policy.ALL, Policy.NONE)
    assert said["kites.fly"].values == {
        "height": GroupValue(60, locked=True),
        "colour": GroupValue("blue"),
        "motto": GroupValue("Up!"),
    }


def test_each_option_is_drawn_by_its_kind_and_limits(signed_in: Browser, page: str) -> None:
    shown = signed_in.get(page).text

    assert 'type="number" value="30" min="1" max="120"' in shown
    assert '<option value="red" selected>Bright red</option>' in shown
    assert 'type="text" value="" maxlength="20"' in shown
    assert '<input type="hidden" name="listed:kites.fly.friends" value="yes">' in shown


@pytest.mark.feature("GRP-03")
def test_each_feature_stands_in_the_tab_that_it_declares(signed_in: Browser, page: str) -> None:
    shown = {tab: signed_in.get(f"{page}?tab={tab}").text for tab in Tab}

    assert all(f'tab={tab}"' in shown[Tab.VIEWER] for tab in Tab)
    assert "Fly a kite" in shown[Tab.VIEWER]
    assert "Colour of the line" in shown[Tab.CHAT]
    assert "A second sign-in ends the first" in shown[Tab.AGENT]
    assert "Sign in only from listed addresses" in shown[Tab.SECURITY]
    assert "Open the season" in shown[Tab.START_END]
    assert all("Fly a kite" not in shown[tab] for tab in Tab if tab is not Tab.VIEWER)


@pytest.mark.feature("OPT-01")
@pytest.mark.parametrize("policy", list(Policy))
def test_a_group_has_three_states_and_each_has_its_effect(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, agent: User, policy: Policy
) -> None:
    db.commit()
    assert drawn(signed_in.get(page).text, "kites.fly").count('type="radio"') == 3

    save(signed_in, page, {"policy:kites.fly": policy})

    features.set_for_user(db, catalogue, agent, {"kites.fly": UserChoice(ticked=False)}, agent.version)
    decided = features.effective(db, catalogue, agent)["kites.fly"]
    expected = {
        Policy.ALL: None,
        Policy.NONE: "policy.off_for_group",
        Policy.USER: "policy.off_by_user",
    }[policy]
    assert (None if isinstance(decided, Grant) else decided.reason) == expected


@pytest.mark.feature("OPT-03")
def test_an_option_without_user_state_has_two_states_and_refuses_the_third(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, admin: User
) -> None:
    shown = drawn(signed_in.get(f"{page}?tab=chat").text, "kites.line")
    assert 'value="all"' in shown
    assert 'value="user"' not in shown

    answer = save(signed_in, f"{page}?tab=chat", {"policy:kites.line": "user"})

    assert answer.status_code == 422
    assert "Only the group decides this" in drawn(answer.text, "kites.line")
    assert features.of_group(db, catalogue, admin.group_id)["kites.line"].policy is Policy.NONE


@pytest.mark.feature("OPT-05")
def test_how_supports_begin_and_end_is_a_tab_of_groups_only(
    signed_in: Browser, page: str, admin: User
) -> None:
    assert 'tab=start_end"' in signed_in.get(page).text
    for of_user in (OWN, f"/users/{admin.id}/features"):
        assert 'tab=start_end"' not in signed_in.get(of_user).text
        assert "Open the season" not in signed_in.get(f"{of_user}?tab=start_end").text


def test_the_kinds_of_support_and_what_is_needed_are_shown(signed_in: Browser, page: str) -> None:
    shown = signed_in.get(page).text

    assert "<li>Computer</li><li>Android device</li>" in drawn(shown, "kites.fly")
    assert "Needs: Fly a kite" in drawn(shown, "kites.loop")


def test_what_the_licence_does_not_contain_is_greyed_with_the_reason_and_whom_to_ask(
    signed_in: Browser,
    page: str,
    db: Session,
    catalogue: Catalogue,
    agent: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = {"kites.fly": Refusal(Gate.LICENCE, "refused.licence")}
    monkeypatch.setattr(licences, "missing", lambda *_: missing)

    shown = drawn(signed_in.get(page).text, "kites.fly")

    assert shown.count("disabled") >= 3
    assert "Your company&#39;s licence does not contain this. Ask your provider." in shown
    of_user = drawn(signed_in.get(f"/users/{agent.id}/features").text, "kites.fly")
    assert 'type="checkbox" name="tick:kites.fly"' in of_user
    assert "disabled" in of_user
    assert "disabled" not in drawn(signed_in.get(page).text, "kites.land")


# What it takes and what it refuses.


def test_saving_says_how_many_features_and_users_it_concerns(signed_in: Browser, page: str) -> None:
    save(signed_in, page, FORM)

    assert "Saved. Features changed: 2. Users concerned: 1." in signed_in.get(page).text


@pytest.mark.parametrize("entry", ["0", "121", "abc", "", "3.5", "٣٠", "9" * 40, "<b>x"])
def test_a_number_outside_its_limits_is_said_beside_it_and_nothing_is_kept(
    signed_in: Browser, page: str, entry: str
) -> None:
    answer = save(signed_in, page, {**FORM, "value:kites.fly.height": entry})

    assert answer.status_code == 422
    assert 'id="value-kites.fly.height-error"' in answer.text
    assert "<details open>" in answer.text
    assert "<b>x" not in answer.text
    assert 'name="policy:kites.land" value="all" checked' in signed_in.get(page).text


def test_a_search_shows_and_saves_only_what_it_found_in_any_tab(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, admin: User
) -> None:
    save(signed_in, page, FORM)
    found = signed_in.get(f"{page}?q=SEASON").text
    assert "Fly a kite" not in found

    save(signed_in, f"{page}?q=season", {"policy:kites.season": "none"})

    said = features.of_group(db, catalogue, admin.group_id)
    assert (said["kites.fly"].policy, said["kites.season"].policy) == (Policy.ALL, Policy.NONE)


@pytest.mark.parametrize(
    ("entry", "value", "told"),
    [
        ("policy:no.such", "all", "“no.such”"),
        ("value:kites.fly.no_such", "1", "“kites.fly.no_such”"),
        ("policy:kites.land", "some", "Choose one of the list."),
    ],
)
def test_what_nobody_declares_is_named_and_nothing_is_kept(
    signed_in: Browser,
    page: str,
    db: Session,
    catalogue: Catalogue,
    admin: User,
    entry: str,
    value: str,
    told: str,
) -> None:
    before = features.of_group(db, catalogue, admin.group_id)
    db.commit()

    answer = save(signed_in, page, {**FORM, entry: value})

    assert answer.status_code == 422
    assert told in answer.text
    assert features.of_group(db, catalogue, admin.group_id) == before


def test_of_two_who_save_the_same_page_the_second_is_told_and_loses_nothing_he_typed(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, admin: User
) -> None:
    seen_by_both = signed_in.get(page).text
    save(signed_in, page, {"policy:kites.land": "none"}, shown=seen_by_both)

    second = save(signed_in, page, FORM, shown=seen_by_both)

    assert second.status_code == 422
    assert "Somebody else has saved this page meanwhile." in second.text
    assert 'value="60"' in second.text
    said = features.of_group(db, catalogue, admin.group_id)
    assert (said["kites.land"].policy, said["kites.fly"].values) == (Policy.NONE, {})


# Lists.


def listed(text: str, option: str) -> list[str]:
    return re.findall(rf'<input name="value:{re.escape(option)}" value="([^"]*)"', text)


@pytest.mark.feature("SEC-03")
def test_entries_are_added_and_removed_one_by_one_and_kept_together(
    signed_in: Browser, page: str, db: Session, admin: User
) -> None:
    page, option = f"{page}?tab=security", f"{IP}.addresses"
    name, mark = f"value:{option}", {f"listed:{option}": "yes", f"policy:{IP}": "all"}

    added = save(signed_in, page, {**mark, "add": option})
    assert listed(added.text, option) == [""]
    added = save(signed_in, page, {**mark, name: ["192.0.2.7"], "add": option})
    assert listed(added.text, option) == ["192.0.2.7", ""]
    removed = save(signed_in, page, {**mark, name: ["192.0.2.7", "10.0.0.1", "::1"], "remove": f"{option} 1"})
    assert listed(removed.text, option) == ["192.0.2.7", "::1"]
    assert db.exec(select(OptionValue)).all() == []
    db.commit()

    answer = save(signed_in, page, {**mark, name: [" 192.0.2.7 ", "", "2001:DB8::0:1", "192.0.2.7"]})

    assert answer.status_code == 303
    row = db.exec(select(OptionValue).where(OptionValue.option == "addresses")).one()
    assert row.value == ["192.0.2.7", "2001:db8::1"]
    db.commit()
    assert listed(signed_in.get(page).text, option) == ["192.0.2.7", "2001:db8::1"]


@pytest.mark.parametrize(
    ("option", "entries", "told"),
    [
        (f"{IP}.addresses", ["10.0.0.1", "10.0.0.999"], "“10.0.0.999” is no IP address such as"),
        (f"{IP}.addresses", ["fe80::1%eth0"], "“fe80::1%eth0” is no IP address such as"),
        (f"{IP}.addresses", ["<b>x"], "“&lt;b&gt;x” is no IP address such as"),
        ("security.mac_allow.addresses", ["00:11:22:33:44:55"], "“00:11:22:33:44:55” is no MAC address."),
        (f"{IP}.addresses", FLOOD, "10000 entries are too many."),
        (f"{IP}.addresses", ["9" * 5000], "is no IP address such as"),
    ],
    ids=["address", "zone", "markup", "mac", "flood", "long"],
)  # fmt: skip
def test_a_broken_or_flooded_list_is_named_and_nothing_is_kept(
    signed_in: Browser, page: str, db: Session, option: str, entries: list[str], told: str
) -> None:
    feature = option.rpartition(".")[0]
    entered = {f"policy:{feature}": "all", f"listed:{option}": "yes", f"value:{option}": entries}

    answer = save(signed_in, f"{page}?tab=security", entered)

    assert answer.status_code == 422
    assert told in answer.text
    assert len(answer.text) < 200_000
    assert db.exec(select(OptionValue)).all() == []


# A user's own form.


def test_a_user_switches_off_what_the_group_leaves_to_him(
    at_home: Browser, db: Session, catalogue: Catalogue, agent: User
) -> None:
    save(at_home, OWN, {"asked:kites.fly": "yes"})
    off = features.effective(db, catalogue, agent)["kites.fly"]
    db.commit()

    save(at_home, OWN, {"asked:kites.fly": "yes", "tick:kites.fly": "on"})

    assert isinstance(off, Refusal)
    assert isinstance(features.effective(db, catalogue, agent)["kites.fly"], Grant)


@pytest.mark.feature("OPT-02")
@pytest.mark.parametrize(
    ("policy", "word"), [(Policy.NONE, "Off for your group"), (Policy.ALL, "On for your group")]
)
def test_where_the_group_forces_the_users_control_is_greyed_and_his_own_choice_kept(
    at_home: Browser, db: Session, catalogue: Catalogue, agent: User, group: Group, policy: Policy, word: str
) -> None:
    save(at_home, OWN, {"asked:kites.fly": "yes", "value:kites.fly.height": "77"})
    say(db, catalogue, group, fly=GroupRule(policy))

    shown = drawn(at_home.get(OWN).text, "kites.fly")
    save(at_home, OWN, {"asked:kites.fly": "yes", "tick:kites.fly": "on"})

    assert re.search(r'name="tick:kites\.fly"[^>]*disabled', shown)
    assert word in shown
    assert isinstance(features.effective(db, catalogue, agent)["kites.fly"], Grant) == (policy is Policy.ALL)
    db.commit()
    say(db, catalogue, group, fly=GroupRule(Policy.USER))
    kept = features.of_user(db, catalogue, agent.id)["kites.fly"]
    assert (kept.ticked, kept.values) == (False, {"height": 77})
    assert isinstance(features.effective(db, catalogue, agent)["kites.fly"], Refusal)


def test_a_locked_value_is_greyed_with_the_reason_and_not_taken_from_a_hand_made_form(
    at_home: Browser, db: Session, catalogue: Catalogue, agent: User, group: Group
) -> None:
    say(db, catalogue, group, fly=GroupRule(Policy.ALL, {"height": GroupValue(50, locked=True)}))
    shown = at_home.get(OWN).text

    save(at_home, OWN, {"value:kites.fly.height": "70", "value:kites.fly.motto": "Mine"})

    assert 'value="50" min="1" max="120" required disabled' in shown
    assert "An administrator can change it." in shown
    grant = features.effective(db, catalogue, agent)["kites.fly"]
    assert isinstance(grant, Grant)
    assert grant.options == {"height": 50, "colour": "red", "motto": "Mine", "friends": []}


def test_a_value_outside_its_limits_is_said_beside_it(at_home: Browser) -> None:
    answer = save(at_home, OWN, {"value:kites.fly.height": "0"})

    assert answer.status_code == 422
    assert 'id="value-kites.fly.height-error"' in answer.text


def test_what_each_user_decides_alone_is_on_his_page_and_not_on_the_groups(
    signed_in: Browser, page: str
) -> None:
    assert "Nickname on the kite" in signed_in.get(f"{OWN}?tab=agent").text
    assert "Nickname on the kite" not in signed_in.get(f"{page}?tab=agent").text
    assert save(signed_in, page, {"policy:kites.nickname": "none"}).status_code == 422


@pytest.mark.feature("USR-14")
def test_an_administrator_sets_a_users_options_in_the_same_tabs_but_not_what_is_the_groups_alone(
    signed_in: Browser, db: Session, catalogue: Catalogue, agent: User, group: Group
) -> None:
    features.set_for_group(db, catalogue, group, {IP: GroupRule(Policy.USER)}, group.version)
    db.commit()
    page = f"/users/{agent.id}/features"
    shown = signed_in.get(page).text
    assert [tab for tab in Tab if f'tab={tab}"' in shown] == [Tab.VIEWER, Tab.AGENT, Tab.SECURITY]

    entered = {
        f"asked:{IP}": "yes",
        f"tick:{IP}": "on",
        f"listed:{IP}.addresses": "yes",
        f"value:{IP}.addresses": ["10.1.2.3"],
    }
    answer = save(signed_in, f"{page}?tab=security", entered)

    assert answer.status_code == 303
    db.refresh(agent)
    assert features.followed(db, rules.IP_ALLOW, agent) == {"addresses": ["10.1.2.3"]}


# Why, and what would be.


def test_for_each_refusal_the_page_says_who_refused_and_leads_to_where_it_can_be_changed(
    signed_in: Browser,
    db: Session,
    catalogue: Catalogue,
    agent: User,
    group: Group,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    say(db, catalogue, group, land=GroupRule(Policy.NONE), fly=GroupRule(Policy.USER))
    features.set_for_user(db, catalogue, agent, {"kites.fly": UserChoice(ticked=False)}, agent.version)
    db.commit()
    missing = {"kites.secret": Refusal(Gate.LICENCE, "refused.licence")}
    monkeypatch.setattr(licences, "missing", lambda *_: missing)

    shown = signed_in.get(f"/features/why?user={agent.id}").text

    assert "Off for your group" in drawn(shown, "kites.land")
    assert f'href="/groups/{group.id}/features?tab=viewer#kites.land"' in drawn(shown, "kites.land")
    assert "Switched off by" in drawn(shown, "kites.fly")
    assert f'href="/users/{agent.id}/features?tab=viewer#kites.fly"' in drawn(shown, "kites.fly")
    assert "Off because “Fly a kite” is off" in drawn(shown, "kites.loop")
    assert 'href="#kites.fly"' in drawn(shown, "kites.loop")
    assert "provider" in drawn(shown, "kites.secret")
    assert 'class="state on"' in drawn(shown, "kites.season")


def test_an_agent_reads_the_same_about_himself_and_whom_to_ask(
    at_home: Browser, db: Session, catalogue: Catalogue, agent: User, group: Group, admin: User
) -> None:
    say(db, catalogue, group, land=GroupRule(Policy.NONE))

    shown = at_home.get("/account/features/why").text

    assert "An administrator of your company can change it." in drawn(shown, "kites.land")
    assert "/groups/" not in shown
    assert at_home.get(f"/features/why?user={admin.id}").status_code == 403
    db.refresh(agent)


def test_nobody_reads_why_about_people_of_another_company(signed_in: Browser, stranger: User) -> None:
    assert signed_in.get(f"/features/why?user={stranger.id}").status_code == 404
    assert signed_in.get(f"/users/{stranger.id}/features").status_code == 404


def test_a_preview_shows_what_a_user_would_see_and_keeps_nothing(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, agent: User, group: Group
) -> None:
    before = features.of_group(db, catalogue, group.id)
    db.commit()

    shown = save(signed_in, page, {**FORM, "as_user": str(agent.id), "preview": "yes"})

    assert shown.status_code == 200
    assert "What Lee would see" in shown.text
    changed = shown.text.partition("Features that stay as they are")[0]
    assert "Land a kite" in changed
    assert "Off: Off for your group" in changed
    assert "Height: 30 m" in changed
    assert "Height: 60 m" in changed
    assert "Fly a loop" not in changed
    assert features.of_group(db, catalogue, group.id) == before
    db.commit()
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown.text))
    assert save(signed_in, page, {**carried, "again": "yes"}).text.count('value="60"') == 1
    answer = save(signed_in, page, carried, shown=shown.text)
    assert answer.status_code == 303
    assert features.of_group(db, catalogue, group.id)["kites.fly"].values["height"] == GroupValue(
        60, locked=True
    )


def test_a_preview_of_what_is_not_allowed_says_so_in_the_form(signed_in: Browser, page: str) -> None:
    answer = save(signed_in, page, {**FORM, "value:kites.fly.height": "0", "preview": "yes"})

    assert answer.status_code == 422
    assert 'id="value-kites.fly.height-error"' in answer.text


def test_a_preview_for_somebody_of_another_group_is_not_to_be_had(
    signed_in: Browser, page: str, db: Session, admin: User
) -> None:
    other = groups.create(db, admin.company_id, "Others")
    assert isinstance(other, Group)
    outsider = make_user(db, admin.company_id, other.id, "out")

    answer = save(signed_in, page, {**FORM, "as_user": str(outsider.id), "preview": "yes"})

    assert answer.status_code == 404


def test_a_stopped_user_has_nothing_and_the_reason_says_so(
    db: Session, catalogue: Catalogue, agent: User
) -> None:
    agent.active = False
    db.commit()

    found = prospects.for_user(db, catalogue, agent, NOW)

    assert {one.reason for one in found.values() if isinstance(one, Refusal)} == {"policy.user_stopped"}


def test_a_leader_sets_the_features_of_his_own_group_and_its_agents_only(
    browser: Browser, page: str, db: Session, catalogue: Catalogue, admin: User, agent: User
) -> None:
    other = groups.create(db, admin.company_id, "Others")
    assert isinstance(other, Group)
    leader = make_user(db, admin.company_id, admin.group_id, "lead", role="leader")
    outsider = make_user(db, admin.company_id, other.id, "out")
    browser.sign_in("lead")

    assert save(browser, page, {"policy:kites.land": "none"}).status_code == 303
    assert features.of_group(db, catalogue, leader.group_id)["kites.land"].policy is Policy.NONE
    db.commit()
    assert browser.get(f"/users/{agent.id}/features").status_code == 200
    assert "Off for your group" in drawn(browser.get(f"/features/why?user={agent.id}").text, "kites.land")
    for foreign in (
        f"/groups/{other.id}/features",
        f"/users/{outsider.id}/features",
        f"/features/why?user={outsider.id}",
    ):
        assert browser.get(foreign).status_code == 404
    assert browser.get(f"/users/{admin.id}/features").status_code == 403


def test_an_agent_opens_no_form_but_his_own(at_home: Browser, page: str, admin: User, agent: User) -> None:
    assert at_home.get(OWN).status_code == 200
    for foreign in (page, f"/users/{agent.id}/features", f"/users/{admin.id}/features", "/features/why"):
        assert at_home.get(foreign).status_code == 403
