"""Files on the customer's machine."""

import errno
import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskside_file_transfer.files import STALE_S, Broken, Part, Source, remove_stale_parts
from deskside_file_transfer.wording import shortened, size_text


def arrive(folder: Path, name: str, content: bytes) -> Path:
    part = Part.begin(folder, name, len(content))
    part.write(0, content)
    return part.finish(hashlib.sha256(content).digest())


def test_until_it_is_proven_a_file_has_only_a_temporary_name(tmp_path: Path) -> None:
    part = Part.begin(tmp_path, "a.txt", 3)
    part.write(0, b"abc")
    before = [one.name for one in tmp_path.iterdir()]
    part.finish(hashlib.sha256(b"abc").digest())

    assert len(before) == 1
    assert before[0].endswith(".part")
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == 0o600


def test_names_that_are_taken_get_a_number(tmp_path: Path) -> None:
    names = [arrive(tmp_path, "a.tar.gz", bytes([n])).name for n in range(3)]

    assert names == ["a.tar.gz", "a.tar (2).gz", "a.tar (3).gz"]


def test_where_there_are_no_hard_links_nothing_is_written_over_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "a (2).txt").symlink_to(tmp_path / "elsewhere")

    path = arrive(tmp_path, "a.txt", b"new")

    assert path.name == "a (3).txt"
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert not (tmp_path / "elsewhere").exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a (2).txt", "a (3).txt", "a.txt"]


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=2000), st.lists(st.integers(1, 500), min_size=1, max_size=20), st.integers(0, 2000))
def test_a_source_gives_the_same_bytes_and_hash_from_wherever_it_goes_on(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, steps: list[int], start: int
) -> None:
    path = tmp_path_factory.mktemp("source") / "a"
    path.write_bytes(content)
    start = min(start, len(content))
    source = Source.open(path)

    source.rewind(start)
    got = b""
    while start + len(got) < len(content):
        got += source.read(min(steps[len(got) % len(steps)], len(content) - start - len(got)))
    source.close()

    assert got == content[start:]
    assert source.digest() == hashlib.sha256(content).digest()


def test_a_device_is_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(Broken):
            Source.open(path)


def test_parts_of_a_program_that_was_killed_go_after_a_day(tmp_path: Path) -> None:
    old, new, other = (tmp_path / name for name in (".deskside-a.part", ".deskside-b.part", "own.part"))
    for path in (old, new, other):
        path.write_bytes(b"x")
    for path in (old, other):
        os.utime(path, (path.stat().st_mtime - STALE_S - 60,) * 2)

    remove_stale_parts(tmp_path)

    assert sorted(one.name for one in tmp_path.iterdir()) == [".deskside-b.part", "own.part"]


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_600, "1.0 MB"),
        (2_100_000, "2.1 MB"),
        (150_000_000, "150 MB"),
    ],
)
def test_sizes_are_written_as_people_do(size: int, text: str) -> None:
    assert size_text(size) == text


def test_a_long_name_keeps_its_ending() -> None:
    name = "a" * 100 + ".pdf.exe"

    assert shortened(name).endswith(".pdf.exe")
    assert len(shortened(name)) == 60
