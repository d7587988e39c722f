"""Tests of the users' pages."""

import re

from admin_web.kit import NOW, Browser, make_user
from sqlmodel import Session

from deskside_admin.model import User
from deskside_admin.service import accounts, passwords, signins


def entries(user: User, **more: str) -> dict[str, str]:
    return {"name": "Park", "chat_name": "", "role": "agent", "group_id": str(user.group_id), **more}


def test_a_new_users_password_is_shown_once_and_works(signed_in: Browser, admin: User, db: Session) -> None:
    page = signed_in.post("/users/new", "/users/new", **entries(admin, login_name="park"))

    shown = re.search(r'<output id="password">([^<]+)<', page.text)
    assert shown is not None
    park = accounts.search(db, admin.company_id, "park")[0]
    assert passwords.verify(park.password_hash, shown[1])
    db.commit()
    assert shown[1] not in signed_in.get(f"/users/{park.id}").text


def test_a_taken_login_name_is_said_beside_it_and_nothing_is_lost(signed_in: Browser, admin: User) -> None:
    page = signed_in.post("/users/new", "/users/new", **entries(admin, login_name="kim"))

    assert page.status_code == 422
    assert 'id="login_name-error"' in page.text
    assert 'value="Park"' in page.text


def test_a_change_is_kept_and_confirmed(signed_in: Browser, agent: User) -> None:
    path = f"/users/{agent.id}"

    answer = signed_in.post(path, path, **entries(agent, name="Lee Jun", chat_name="Jun"))

    assert answer.status_code == 303
    page = signed_in.get(path).text
    assert 'role="status">Saved.' in page
    assert 'value="Lee Jun"' in page
    assert 'value="Jun"' in page


def test_the_login_name_cannot_be_changed(signed_in: Browser, agent: User) -> None:
    path = f"/users/{agent.id}"

    signed_in.post(path, path, **entries(agent, login_name="other"))

    assert "· lee<" in signed_in.get(path).text


def test_the_last_administrator_is_told_why_he_stays(signed_in: Browser, admin: User) -> None:
    path = f"/users/{admin.id}"

    page = signed_in.post(path, path, **entries(admin))

    assert page.status_code == 422
    assert 'id="role-error"' in page.text


def test_the_last_administrator_cannot_be_stopped(signed_in: Browser, admin: User) -> None:
    page = signed_in.post(f"/users/{admin.id}/active", f"/users/{admin.id}", active="no")

    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_a_user_is_stopped_and_let_in_again(signed_in: Browser, agent: User) -> None:
    path = f"/users/{agent.id}"

    signed_in.post(f"{path}/active", path, active="no")
    stopped = signed_in.get(path).text
    signed_in.post(f"{path}/active", path, active="yes")

    assert "cannot sign in" in stopped
    assert "cannot sign in" not in signed_in.get(path).text


def test_a_forgotten_password_is_replaced(signed_in: Browser, agent: User, db: Session) -> None:
    page = signed_in.post(f"/users/{agent.id}/password", f"/users/{agent.id}")

    shown = re.search(r'<output id="password">([^<]+)<', page.text)
    assert shown is not None
    db.refresh(agent)
    assert passwords.verify(agent.password_hash, shown[1])


def test_a_sign_in_of_a_user_is_ended(signed_in: Browser, agent: User, db: Session) -> None:
    token = signins.open_for(db, agent, "192.0.2.9", NOW)
    db.commit()
    page = signed_in.get(f"/users/{agent.id}").text
    path = re.search(r'action="([^"]+/end)"', page)
    assert path is not None

    signed_in.post(path[1], f"/users/{agent.id}")

    assert signins.look_up(db, token, NOW) is None


def test_the_list_goes_on_after_fifty(signed_in: Browser, admin: User, db: Session) -> None:
    for number in range(52):
        make_user(db, admin.company_id, admin.group_id, f"agent{number:02}")

    first = signed_in.get("/users/").text
    following = re.search(r'href="(/users/\?after=[^"]+)"', first)

    assert first.count('<td class="main">') == 50
    assert following is not None
    assert signed_in.get(following[1]).text.count('<td class="main">') == 3


def test_a_search_without_result_says_what_to_do(signed_in: Browser) -> None:
    page = signed_in.get("/users/?q=nobody").text

    assert "Nobody is called “nobody”." in page
    assert "Show all users" in page


def test_the_list_is_narrowed_to_a_group(signed_in: Browser, admin: User, stranger: User) -> None:
    assert "kim" in signed_in.get(f"/users/?group={admin.group_id}").text
    assert '<td class="main">' not in signed_in.get(f"/users/?group={stranger.group_id}").text
