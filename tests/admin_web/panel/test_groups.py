"""Tests of the groups' pages."""

import re

import pytest
from admin_web.kit import Browser

from deskside_admin.model import User


@pytest.fixture
def page(admin: User) -> str:
    return f"/groups/{admin.group_id}/features"


def test_a_new_group_leads_to_its_features(signed_in: Browser) -> None:
    answer = signed_in.post("/groups/new", "/groups/new", name="Night shift")

    assert answer.status_code == 303
    assert "Night shift" in signed_in.get(answer.location).text


def test_a_taken_group_name_is_said_beside_it(signed_in: Browser) -> None:
    answer = signed_in.post("/groups/new", "/groups/new", name="Service")

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


def edit(user: User) -> str:
    return f"/groups/{user.group_id}"


@pytest.mark.feature("GRP-01")
def test_a_groups_name_and_external_id_are_changed(signed_in: Browser, admin: User) -> None:
    path = edit(admin)

    answer = signed_in.post(path, path, name="Support", external_id="CRM-7", version="1")

    assert answer.status_code == 303
    assert "Support" in signed_in.get("/groups/").text
    assert 'value="CRM-7"' in signed_in.get(path).text


def test_of_two_who_save_a_group_the_second_is_told_and_keeps_what_he_typed(
    signed_in: Browser, admin: User
) -> None:
    path = edit(admin)
    signed_in.post(path, path, name="First", version="1")

    answer = signed_in.post(path, path, name="Second", version="1")

    assert answer.status_code == 422
    assert "Somebody else has saved this page meanwhile" in answer.text
    assert 'value="Second"' in answer.text
    assert 'value="First"' in signed_in.get(path).text


def order(page: str) -> list[str]:
    return re.findall(r'<td class="main"><a[^>]*>([^<]+)</a>', page)


@pytest.mark.feature("GRP-05")
def test_the_arrows_of_a_group_move_it_and_the_list_says_so(signed_in: Browser, admin: User) -> None:
    signed_in.post("/groups/new", "/groups/new", name="Night shift")

    answer = signed_in.post(f"{edit(admin)}/move", "/groups/", way="down")

    assert answer.location == f"/groups/#down-{admin.group_id}"
    page = signed_in.get("/groups/").text
    assert order(page) == ["Night shift", "Service"]
    assert "“Service” is moved." in page


@pytest.mark.parametrize("ids", ["", "x", "1", "1,1", "1,2,3", "1,999", "1,2,", "9" * 30])
def test_an_order_that_is_not_the_groups_of_the_company_changes_nothing(
    signed_in: Browser, admin: User, ids: str
) -> None:
    signed_in.post("/groups/new", "/groups/new", name="Night shift")

    signed_in.post("/groups/order", "/groups/", ids=ids)

    page = signed_in.get("/groups/").text
    assert order(page) == ["Service", "Night shift"]
    assert "Somebody else has saved this page meanwhile" in page


def test_an_empty_group_is_deleted_and_one_with_users_says_why_not(signed_in: Browser, admin: User) -> None:
    new = signed_in.post("/groups/new", "/groups/new", name="Night shift").location.removesuffix("/features")

    full = signed_in.post(f"{edit(admin)}/delete", edit(admin))
    empty = signed_in.post(f"{new}/delete", new)

    assert (full.status_code, empty.status_code) == (422, 303)
    assert "Users are still in this group" in full.text
    assert order(signed_in.get("/groups/").text) == ["Service"]


@pytest.mark.feature("GRP-03")
def test_a_groups_page_leads_to_its_options(signed_in: Browser, admin: User) -> None:
    assert f'href="{edit(admin)}/features"' in signed_in.get(edit(admin)).text


def test_a_search_without_result_says_what_to_do(signed_in: Browser, page: str) -> None:
    assert "Show all groups" in signed_in.get("/groups/?q=nothing").text
    assert "Show all features" in signed_in.get(f"{page}?q=nothing").text
