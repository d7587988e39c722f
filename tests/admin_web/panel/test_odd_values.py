"""Values that one of the databases cannot take are answered, on both, with a page and never with a fault."""

import pytest
from admin_web.kit import Browser
from sqlmodel import Session

from deskside_admin.model import User

ODD = ["%00", "a%00b", "%ED%A0%80", "%F0%9F%98%80", "%25_%5C", "x" * 3000]


@pytest.mark.parametrize("words", ODD)
@pytest.mark.parametrize(
    "path", ["/users/?q=", "/users/?after=", "/groups/?q=", "/history/?q=", "/history/?after="]
)
def test_anything_may_be_looked_for(signed_in: Browser, path: str, words: str) -> None:
    assert signed_in.get(path + words).status_code in (200, 404)


@pytest.mark.parametrize("number", ["0", "2147483648", "9223372036854775808", "9" * 40])
@pytest.mark.parametrize("path", ["/users/{}", "/groups/{}", "/groups/{}/features"])
def test_a_number_that_no_row_can_have_is_not_found(signed_in: Browser, path: str, number: str) -> None:
    assert signed_in.get(path.format(number)).status_code == 404


@pytest.mark.parametrize("name", ["kim\0", "\0", "\N{GRINNING FACE}" * 64, "x" * 5000])
def test_anything_may_be_tried_as_a_login_name(browser: Browser, db: Session, admin: User, name: str) -> None:
    answer = browser.post("/sign-in", login_name=name, password="wrong password", company="1")

    assert answer.status_code in (200, 403, 404, 422), answer.status_code


@pytest.mark.parametrize("number", ["99999999999", "9" * 40, "\0", "-1", "１"])
def test_anything_may_be_tried_as_a_company_number(
    browser: Browser, db: Session, stranger: User, number: str
) -> None:
    answer = browser.post("/sign-in", login_name="kim", password="wrong password", company=number)

    assert answer.status_code in (200, 403, 404, 422), answer.status_code
