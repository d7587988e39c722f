"""Tests of the groups' pages, with a plugin that exists in this test only."""

import pytest
from admin_web.kit import Browser
from sqlmodel import Session

from deskside.catalogue import Catalogue
from deskside.declare import Policy
from deskside_admin.model import User
from deskside_admin.service import features
from deskside_admin.service.policy import GroupValue

FORM = {
    "policy:kites.fly": "all",
    "policy:kites.land": "none",
    "value:kites.fly.height": "60",
    "locked:kites.fly.height": "on",
    "value:kites.fly.colour": "blue",
    "value:kites.fly.motto": "Up!",
}


@pytest.fixture
def page(admin: User) -> str:
    return f"/groups/{admin.group_id}/features"


def test_a_made_up_plugin_shows_up_with_working_switches(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, admin: User
) -> None:
    shown = signed_in.get(page).text
    assert "Fly a kite" in shown
    assert "Up in the air." in shown

    answer = signed_in.post(page, page, **FORM)

    assert answer.status_code == 303
    rules = features.of_group(db, catalogue, admin.group_id)
    assert (rules["kites.fly"].policy, rules["kites.land"].policy) == (Policy.ALL, Policy.NONE)
    assert rules["kites.fly"].values == {
        "height": GroupValue(60, locked=True),
        "colour": GroupValue("blue"),
        "motto": GroupValue("Up!"),
    }


def test_each_option_is_drawn_by_its_kind_and_limits(signed_in: Browser, page: str) -> None:
    shown = signed_in.get(page).text

    assert 'type="number" value="30" min="1" max="120"' in shown
    assert '<option value="red" selected>Bright red</option>' in shown
    assert 'type="text" value="" maxlength="20"' in shown


def test_saving_says_how_many_features_and_users_it_concerns(signed_in: Browser, page: str) -> None:
    signed_in.post(page, page, **FORM)

    assert "Saved. Features changed: 2. Users concerned: 1." in signed_in.get(page).text


@pytest.mark.parametrize("entry", ["0", "121", "abc", "", "3.5", "٣٠", "9" * 40, "<b>x"])
def test_a_number_outside_its_limits_is_said_beside_it_and_nothing_is_kept(
    signed_in: Browser, page: str, entry: str
) -> None:
    answer = signed_in.post(page, page, **{**FORM, "value:kites.fly.height": entry})

    assert answer.status_code == 422
    assert 'id="value-kites.fly.height-error"' in answer.text
    assert "<details open>" in answer.text
    assert "<b>x" not in answer.text
    assert 'name="policy:kites.land" value="all" checked' in signed_in.get(page).text


def test_a_search_shows_and_saves_only_what_it_found(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, admin: User
) -> None:
    signed_in.post(page, page, **FORM)
    found = signed_in.get(f"{page}?q=LAND").text
    assert "Fly a kite" not in found

    signed_in.post(f"{page}?q=land", page, **{"policy:kites.land": "user"})

    rules = features.of_group(db, catalogue, admin.group_id)
    assert (rules["kites.fly"].policy, rules["kites.land"].policy) == (Policy.ALL, Policy.USER)


def test_an_unknown_policy_or_feature_changes_nothing(
    signed_in: Browser, page: str, db: Session, catalogue: Catalogue, admin: User
) -> None:
    before = features.of_group(db, catalogue, admin.group_id)
    db.commit()

    signed_in.post(page, page, **{"policy:kites.land": "some", "policy:no.such": "all"})

    assert features.of_group(db, catalogue, admin.group_id) == before


def test_a_new_group_leads_to_its_features(signed_in: Browser) -> None:
    answer = signed_in.post("/groups/new", "/groups/new", name="Night shift")

    assert answer.status_code == 303
    assert "Night shift" in signed_in.get(answer.location).text


def test_a_taken_group_name_is_said_beside_it(signed_in: Browser) -> None:
    answer = signed_in.post("/groups/new", "/groups/new", name="Service")

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


def test_a_group_is_renamed(signed_in: Browser, admin: User) -> None:
    path = f"/groups/{admin.group_id}/name"

    signed_in.post(path, path, name="Support")

    assert "Support" in signed_in.get("/groups/").text


def test_a_search_without_result_says_what_to_do(signed_in: Browser, page: str) -> None:
    assert "Show all groups" in signed_in.get("/groups/?q=nothing").text
    assert "Show all features" in signed_in.get(f"{page}?q=nothing").text
