"""Tests of the users' pages."""

import io
import re
from datetime import timedelta

import pytest
from admin_web.kit import NOW, Browser, TurnedClock, make_user
from flask import Flask
from PIL import Image
from sqlmodel import Session

from deskside_admin.model import Company, Group, User
from deskside_admin.service import groups, passwords, photos, roster, signins
from deskside_admin.service.scope import Scope


def entries(user: User, **more: str) -> dict[str, str]:
    known = {"given_name": "Park", "role": "agent", "group_id": str(user.group_id), "version": "1"}
    return {**known, **more}


def listed(page: str) -> list[str]:
    return re.findall(r'<td data-label="Login name">([^<]+)<', page)


@pytest.fixture
def leader(db: Session, admin: User, panel: Flask) -> Browser:
    """A browser in which the leader of the administrator's group, `cho`, has signed in."""
    make_user(db, admin.company_id, admin.group_id, "cho", role="leader")
    browser = Browser(panel.test_client())
    assert browser.sign_in("cho").status_code == 303
    return browser


def test_a_new_users_password_is_shown_once_and_works(signed_in: Browser, admin: User, db: Session) -> None:
    page = signed_in.post("/users/new", "/users/new", **entries(admin, login_name="park"))

    shown = re.search(r'<output id="password">([^<]+)<', page.text)
    assert shown is not None
    park = roster.search(db, Scope(company_id=admin.company_id), "park")[0]
    assert passwords.verify(park.password_hash, shown[1])
    db.commit()
    assert shown[1] not in signed_in.get(f"/users/{park.id}").text


def test_a_taken_login_name_is_said_beside_it_and_nothing_is_lost(signed_in: Browser, admin: User) -> None:
    page = signed_in.post("/users/new", "/users/new", **entries(admin, login_name="kim"))

    assert page.status_code == 422
    assert 'id="login_name-error"' in page.text
    assert 'value="Park"' in page.text


@pytest.mark.feature("USR-05", "USR-06", "USR-07", "USR-08")
def test_everything_about_a_person_is_kept_and_confirmed(signed_in: Browser, agent: User) -> None:
    path = f"/users/{agent.id}"
    wanted = {
        "family_name": "이",
        "given_name": "준",
        "reading": "Lee Jun",
        "chat_name": "Jun",
        "telephone": "02-123-4567",
        "mobile": "010-1234-5678",
        "mail": "jun@mail.example",
        "nickname": "JJ",
        "position": "Senior",
        "icon": "12",
    }

    answer = signed_in.post(path, path, **entries(agent, **wanted, wants_mail="yes"))

    assert answer.status_code == 303
    page = signed_in.get(path).text
    assert 'role="status">Saved.' in page
    assert "<title>이준" in page
    assert [value for value in wanted.values() if f'value="{value}"' not in page] == []
    assert 'name="wants_mail" value="yes" checked' in page


@pytest.mark.parametrize("icon", ["x", "-1", "1.5", "99999", "٣"])
def test_an_icon_number_that_is_none_is_said_beside_it(signed_in: Browser, agent: User, icon: str) -> None:
    path = f"/users/{agent.id}"

    page = signed_in.post(path, path, **entries(agent, icon=icon))

    assert page.status_code == 422
    assert 'id="icon-error"' in page.text


def test_of_two_who_save_a_user_the_second_is_told_and_keeps_what_he_typed(
    signed_in: Browser, agent: User
) -> None:
    path = f"/users/{agent.id}"
    signed_in.post(path, path, **entries(agent, given_name="First"))

    answer = signed_in.post(path, path, **entries(agent, given_name="Second"))

    assert answer.status_code == 422
    assert "Somebody else has saved this page meanwhile" in answer.text
    assert 'value="Second"' in answer.text
    assert 'value="First"' in signed_in.get(path).text


@pytest.mark.feature("USR-02")
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


@pytest.mark.feature("USR-01", "USR-12")
def test_a_user_is_stopped_listed_apart_and_let_in_again(signed_in: Browser, agent: User) -> None:
    path = f"/users/{agent.id}"

    signed_in.post(f"{path}/active", path, active="no")
    apart = [listed(signed_in.get(page).text) for page in ("/users/", "/users/stopped")]
    signed_in.post(f"{path}/active", "/users/stopped", active="yes")

    assert apart == [["kim"], ["lee"]]
    assert listed(signed_in.get("/users/").text) == ["kim", "lee"]


@pytest.mark.feature("USR-13")
def test_a_stopped_user_is_deleted_after_a_warning_and_his_login_name(
    signed_in: Browser, agent: User, db: Session
) -> None:
    path = f"/users/{agent.id}"
    early = signed_in.post(f"{path}/delete", path, login_name="lee")
    signed_in.post(f"{path}/active", path, active="no")
    warning = signed_in.get(f"{path}/delete").text
    mistyped = signed_in.post(f"{path}/delete", f"{path}/delete", login_name="")

    answer = signed_in.post(f"{path}/delete", f"{path}/delete", login_name="lee")

    assert (early.status_code, mistyped.status_code, answer.status_code) == (422, 422, 303)
    assert "This cannot be undone." in warning
    assert 'id="login_name-error"' in mistyped.text
    assert "Lee is deleted." in signed_in.get("/users/stopped").text
    assert signed_in.get(path).status_code == 404


def test_a_forgotten_password_is_replaced(signed_in: Browser, agent: User, db: Session) -> None:
    page = signed_in.post(f"/users/{agent.id}/password", f"/users/{agent.id}")

    shown = re.search(r'<output id="password">([^<]+)<', page.text)
    assert shown is not None
    db.refresh(agent)
    assert passwords.verify(agent.password_hash, shown[1])


@pytest.mark.feature("USR-03")
@pytest.mark.parametrize(
    ("password", "repeated", "entry"),
    [("A-plain-word-7", "A-plain-word-8", "repeated"), ("short", "short", "password")],
)
def test_a_password_in_two_fields_must_be_equal_and_of_the_companys_level(
    signed_in: Browser, agent: User, db: Session, password: str, repeated: str, entry: str
) -> None:
    page = f"/users/{agent.id}"

    refused = signed_in.post(f"{page}/own-password", page, password=password, repeated=repeated)
    good = signed_in.post(f"{page}/own-password", page, password="A-plain-word-7", repeated="A-plain-word-7")

    assert (refused.status_code, good.status_code) == (422, 303)
    assert f'id="{entry}-error"' in refused.text
    db.refresh(agent)
    assert passwords.verify(agent.password_hash, "A-plain-word-7")


def test_a_locked_user_is_marked_and_unlocked(
    signed_in: Browser, agent: User, db: Session, clock: TurnedClock
) -> None:
    db.get_one(Company, agent.company_id).lock_after_wrong = True
    agent.wrong_passwords, agent.locked_at = 5, NOW
    db.commit()
    assert "Locked" in signed_in.get("/users/").text
    assert "Locked after too many wrong passwords" in signed_in.get(f"/users/{agent.id}").text

    signed_in.post(f"/users/{agent.id}/unlock", f"/users/{agent.id}")

    assert "Locked" not in signed_in.get("/users/").text
    db.refresh(agent)
    assert (agent.wrong_passwords, agent.locked_at) == (0, None)


def test_a_sign_in_of_a_user_is_ended(signed_in: Browser, agent: User, db: Session) -> None:
    token = signins.open_for(db, agent, "192.0.2.9", NOW)
    db.commit()
    page = signed_in.get(f"/users/{agent.id}").text
    path = re.search(r'action="([^"]+/end)"', page)
    assert path is not None

    signed_in.post(path[1], f"/users/{agent.id}")

    assert signins.look_up(db, token, NOW) is None


@pytest.mark.feature("USR-09")
def test_a_photo_is_sent_shown_and_taken_away(signed_in: Browser, agent: User) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 20), (200, 30, 30)).save(buffer, "PNG")
    path = f"/users/{agent.id}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', signed_in.get(path).text)
    assert token is not None
    sent = {"csrf_token": token[1], "photo": (io.BytesIO(buffer.getvalue()), "<b>x.svg")}

    answer = signed_in.client.post(f"{path}/photo", data=sent, base_url=signed_in.mount)
    shown = signed_in.get(f"{path}/photo")
    is_in_page = f'src="{path}/photo"' in signed_in.get(path).text
    signed_in.post(f"{path}/photo/remove", path)

    assert answer.status_code == 303
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(shown.data)).size == (30, 20)
    assert is_in_page
    assert signed_in.get(f"{path}/photo").status_code == 404


@pytest.mark.feature("USR-09")
def test_a_file_that_is_no_photo_is_refused_beside_the_entry(
    signed_in: Browser, agent: User, db: Session
) -> None:
    path = f"/users/{agent.id}"
    token = re.search(r'name="csrf_token" value="([^"]+)"', signed_in.get(path).text)
    assert token is not None
    for content in (b"<svg/>", b"x" * (500 * 1024 + 1), b""):
        sent = {"csrf_token": token[1], "photo": (io.BytesIO(content), "photo.png")}

        answer = signed_in.client.post(f"{path}/photo", data=sent, base_url=signed_in.mount)

        # The test's own client leaves a large form open.
        answer.request.environ["wsgi.input"].close()
        assert answer.status_code == 422
        assert 'id="photo-error"' in answer.text
    assert photos.find(db, agent) is None


@pytest.mark.feature("USR-01")
def test_the_list_follows_the_order_of_groups_and_goes_on_after_fifty(
    signed_in: Browser, admin: User, db: Session
) -> None:
    other = groups.create(db, admin.company_id, "A later group")
    assert isinstance(other, Group)
    for number in range(52):
        make_user(db, admin.company_id, (admin.group_id, other.id)[number % 2], f"agent{number:02}")

    first = signed_in.get("/users/").text
    following = re.search(r'href="(/users/\?after=[^"]+)"', first)

    assert following is not None
    rest = signed_in.get(following[1]).text
    assert len(listed(first)) == 50
    even, odd = ([f"agent{number:02}" for number in range(start, 52, 2)] for start in (0, 1))
    assert listed(first) + listed(rest) == [*even, "kim", *odd]
    assert re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', first) == ["Service", "A later group"]


def test_a_search_without_result_says_what_to_do(signed_in: Browser) -> None:
    page = signed_in.get("/users/?q=nobody").text

    assert "Nobody is called “nobody”." in page
    assert "Show all users" in page


def test_the_list_is_narrowed_to_a_group(signed_in: Browser, admin: User, db: Session) -> None:
    other = groups.create(db, admin.company_id, "Other")
    assert isinstance(other, Group)
    make_user(db, admin.company_id, other.id, "park")

    assert listed(signed_in.get(f"/users/?group={other.id}").text) == ["park"]


@pytest.mark.feature("ROL-02", "ROL-09")
def test_a_leader_sees_his_group_and_changes_its_agents_only(
    leader: Browser, admin: User, agent: User, db: Session, clock: TurnedClock
) -> None:
    other = groups.create(db, admin.company_id, "Other")
    assert isinstance(other, Group)
    park = make_user(db, admin.company_id, other.id, "park")

    page = leader.get("/users/").text
    narrowed = leader.get(f"/users/?group={other.id}").text

    assert listed(page) == listed(narrowed) == ["cho", "kim", "lee"]
    assert re.findall(r'<a href="/users/(\d+)">', page) == [str(agent.id)]
    statuses = [leader.get(f"/users/{user.id}").status_code for user in (agent, admin, park)]
    assert statuses == [200, 403, 404]


@pytest.mark.feature("ROL-02")
def test_a_leader_is_offered_his_group_and_no_role_above_an_agents(leader: Browser, db: Session) -> None:
    page = leader.get("/users/new").text

    assert re.findall(
        r'<option value="(\w+)"', page.partition('name="role"')[2].partition("</select>")[0]
    ) == ["agent"]
    assert page.count("<option") == 2


def test_an_operators_password_is_replaced_by_an_operator_only(
    panel: Flask, admin: User, db: Session, clock: TurnedClock
) -> None:
    """Whoever replaces a password can sign in with it, and would run the whole server."""
    make_user(db, admin.company_id, admin.group_id, "second", role="admin")
    browser = Browser(panel.test_client())
    browser.sign_in("second")
    clock.turn(timedelta(seconds=1))

    answers = [
        browser.post(f"/users/{admin.id}/{what}", "/account/password", active="no").status_code
        for what in ("password", "own-password", "active", "delete")
    ]

    assert admin.operator
    assert answers == [403] * 4
