"""Tests of passwords."""

import re

import argon2

from deskside_admin.service import passwords


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


def test_seven_characters_are_too_few_and_eight_are_enough() -> None:
    assert passwords.bad_password("1234567") is not None
    assert passwords.bad_password("12345678") is None


def test_a_generated_password_can_be_read_out_and_is_never_the_same() -> None:
    made = {passwords.generated() for _ in range(50)}

    assert len(made) == 50
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{5}-){2}[a-hjkmnp-z2-9]{5}", one) for one in made)
