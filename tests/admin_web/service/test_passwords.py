"""Tests of passwords: the levels with their exact rules, hashes, generated ones."""

import re
from datetime import timedelta

import argon2
import pytest
from admin_web.kit import NOW, PASSWORD

from deskside_admin.model import Company, PasswordLevel, User
from deskside_admin.service import passwords

WEAK, MEDIUM, STRONG = PasswordLevel.WEAK, PasswordLevel.MEDIUM, PasswordLevel.STRONG


def lacks(password: str, level: str) -> set[str]:
    return {one.reason.removeprefix("entry.password.") for one in passwords.problems(password, level)}


def test_the_shipped_settings_are_those_argon2_recommends() -> None:
    shipped = argon2.PasswordHasher()

    parameters = argon2.extract_parameters(shipped.hash("x"))

    assert parameters.type is argon2.Type.ID
    assert parameters.memory_cost >= 64 * 1024


def test_a_password_fits_only_its_own_hash() -> None:
    stored = passwords.hashed("correct horse")

    assert passwords.verify(stored, "correct horse")
    assert not passwords.verify(stored, "wrong horse")


def test_without_a_hash_no_password_fits() -> None:
    assert not passwords.verify(None, "anything")


def test_a_damaged_hash_fits_nothing() -> None:
    assert not passwords.verify("damaged", "anything")


def test_one_word_typed_in_two_unicode_forms_is_one_password() -> None:
    composed, apart = "비밀번호-7a", "비밀번호-7a"

    assert passwords.verify(passwords.hashed(composed), apart)


@pytest.mark.feature("ACC-11")
@pytest.mark.parametrize(
    ("level", "password", "missing"),
    [
        (WEAK, "abcde", {"length"}),
        (WEAK, "abcdef", set()),
        (WEAK, "111111", set()),
        (WEAK, "123456", set()),
        (WEAK, "!!!!!!", {"letter_or_digit"}),
        (WEAK, "a" * 24, set()),
        (WEAK, "a" * 25, {"length"}),
        (MEDIUM, "abcdef7", {"length"}),
        (MEDIUM, "abcdefg7", set()),
        (MEDIUM, "abcdefgh", {"digit"}),
        (MEDIUM, "19283746", {"letter"}),
        (MEDIUM, "abcde111", {"run"}),
        (MEDIUM, "abcde123", {"run"}),
        (MEDIUM, "abcde321", {"run"}),
        (MEDIUM, "abcde890", set()),
        (MEDIUM, "abcde121", set()),
        (MEDIUM, "1a1b1c22", set()),
        (MEDIUM, "aaabcd12", set()),
        (MEDIUM, "a1" * 12, set()),
        (MEDIUM, "a1" * 12 + "b", {"length"}),
        (STRONG, "Abcde-12", set()),
        (STRONG, "abcde-12", {"upper"}),
        (STRONG, "ABCDE-12", {"lower"}),
        (STRONG, "Abcdef-g", {"digit"}),
        (STRONG, "Abcdef12", {"special"}),
        (STRONG, "Abcd-123", {"run"}),
        (STRONG, "abc", {"length", "upper", "digit", "special"}),
        (STRONG, "Abcd 12\t-", {"unprintable"}),
    ],
)
def test_each_level_takes_what_it_should_and_names_everything_that_is_missing(
    level: str, password: str, missing: set[str]
) -> None:
    assert lacks(password, level) == missing


@pytest.mark.parametrize("level", PasswordLevel)
def test_the_password_that_tests_share_is_good_for_every_level(level: str) -> None:
    assert lacks(PASSWORD, level) == set()


def test_a_generated_password_is_good_for_every_level_can_be_read_out_and_is_never_the_same() -> None:
    made = {passwords.generated() for _ in range(200)}

    assert len(made) == 200
    for one in made:
        assert re.fullmatch(r"([A-HJ-NP-Z][a-hjkmnp-z2-9]{4}-?){3}", one)
        assert not any(lacks(one, level) for level in PasswordLevel)


@pytest.mark.parametrize(("days", "lasts"), [(30, 30), (60, 60), (90, 90), (0, None)])
def test_a_password_lasts_as_long_as_the_company_says(days: int, lasts: int | None) -> None:
    company = Company(name="Hanbit", created=NOW, password_days=days)
    user = User(password_due=False, created=NOW, password_changed=NOW)

    for day in (29, 30, 59, 60, 89, 90, 4000):
        due = passwords.is_due(user, company, NOW + timedelta(days=day))
        assert due is (lasts is not None and day >= lasts)
