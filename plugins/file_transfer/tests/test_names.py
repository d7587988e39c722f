"""Names from outside."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskside_file_transfer.names import LONGEST_BYTES, BadName, numbered, safe_join, safe_name

FOLDER = Path("/home/minji/Documents/Received Files")


@pytest.mark.parametrize(
    "name",
    [
        "report.pdf",
        "보고서 (최종).hwp",
        "日本語.txt",
        "a",
        ".env",
        "x.tar.gz",
        "👩‍👩‍👧.png",
        "console.txt",
        "nulls",
    ],
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert safe_name(name) == name
    assert safe_join(FOLDER, name) == FOLDER / name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "path"),
        (".", "path"),
        ("..", "path"),
        ("../../etc/passwd", "path"),
        ("/etc/passwd", "path"),
        ("a\\b", "path"),
        ("C:\\x", "path"),
        ("a:stream", "path"),
        ("a*", "path"),
        ("a\0b", "hidden"),
        ("a\x7fb", "hidden"),
        ("a\u2028b", "hidden"),
        ("photo\u202egpj.exe", "hidden"),
        ("a\ud800", "hidden"),
        ("a.", "edge"),
        ("a ", "edge"),
        ("...", "edge"),
        (" a", "edge"),
        ("CON", "reserved"),
        ("con.txt", "reserved"),
        ("nul .tar.gz", "reserved"),
        ("COM1", "reserved"),
        ("lpt³.pdf", "reserved"),
        ("a" * (LONGEST_BYTES + 1), "long"),
        ("가" * 81, "long"),
    ],
)
def test_a_name_that_means_more_than_a_file_is_refused(name: str, reason: str) -> None:
    with pytest.raises(BadName) as caught:
        safe_join(FOLDER, name)

    assert caught.value.reason == f"file_transfer.reason.name_{reason}"


@settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_is_accepted_lies_directly_in_the_folder_under_that_very_name(name: str) -> None:
    try:
        path = safe_join(FOLDER, name)
    except BadName:
        return

    assert path.parent == FOLDER
    assert path.name == name
    assert len(name.encode()) <= LONGEST_BYTES
    assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in name)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["..", ".", "/", "\\", "a", "con", " ", "\0", ":", "\u202e", ".txt"]), max_size=8
    )
)
def test_no_mixture_of_tricks_leaves_the_folder(parts: list[str]) -> None:
    try:
        path = safe_join(FOLDER, "".join(parts))
    except BadName:
        return

    assert path.resolve().parent == FOLDER.resolve()


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200), st.integers(2, 999))
def test_a_numbered_copy_of_a_safe_name_is_as_good_a_file_name(name: str, number: int) -> None:
    try:
        safe_name(name)
    except BadName:
        return

    copy = numbered(name, number)

    assert copy != name
    assert Path(copy).name == copy
    assert len(copy.encode()) <= 255
    assert Path(copy).suffix in ("", Path(name).suffix)
