"""Tests of the demo company's passwords."""

from deskside_admin.model import PasswordLevel
from deskside_admin.service import passwords
from deskside_gateway import demo


def test_a_demo_password_always_satisfies_the_level_of_a_new_company_and_stays_the_same() -> None:
    for number in range(2000):
        secret = number.to_bytes(32, "big")
        password = demo._password(secret, "admin")

        assert passwords.problems(password, PasswordLevel.MEDIUM) == []
        assert password == demo._password(secret, "admin")
