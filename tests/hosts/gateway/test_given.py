"""What was sent is read by name and kind, or refused: never a traceback."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskside_gateway.given import Given
from deskside_gateway.refusals import Refused

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.binary() | st.text())
def test_anything_is_an_object_or_refused(content: bytes | str) -> None:
    with suppress(Refused):
        assert isinstance(Given.parse(content).fields, dict)


@given(JSON)
def test_every_kind_of_value_is_read_or_refused(value: Any) -> None:
    found = Given({"it": value})
    for read in (
        lambda: found.text("it", 10),
        lambda: found.choice("it", {"a"}),
        lambda: found.number("it", 0, 5),
        lambda: found.items("it", 3),
        lambda: found.inner("it"),
    ):
        with suppress(Refused):
            read()


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(Refused):
        Given.parse('{"a":' + "[" * 200_000)


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "x" * 81])
def test_texts_that_cannot_be_stored_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        Given({"it": text}).text("it")
