"""The log file of an agent's own viewer: bounded, for its owner only, and gone where it is not wanted."""

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskside_viewer.hub import Agent
from deskside_viewer.log_file import LogFile

log = logging.getLogger("deskside_viewer.test")


def agent(*, keeps_log: bool) -> Agent:
    return Agent(
        "t", "1", "Lee", "Lee", "lee", "Hanbit", 1, password_due=False, password_level="", keeps_log=keeps_log
    )


@pytest.fixture
def file(tmp_path: Path) -> Iterator[LogFile]:
    root = logging.getLogger()
    before, handlers = root.level, list(root.handlers)
    file = LogFile(tmp_path / "log", largest=2000)
    yield file
    file.follow(agent(keeps_log=False))
    root.setLevel(before)
    assert root.handlers == handlers


@pytest.mark.feature("AGT-24")
def test_it_is_written_while_it_is_wanted_and_removed_when_it_is_not(file: LogFile) -> None:
    log.info("before anybody has signed in")
    assert not file.path.exists()

    file.follow(agent(keeps_log=True))
    log.info("support 1 is active")
    log.debug("a detail")
    said = file.path.read_text()
    assert "INFO deskside_viewer.test: support 1 is active" in said
    assert "a detail" not in said
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600

    file.follow(agent(keeps_log=False))
    log.info("support 2 is active")
    assert list(file.folder.iterdir()) == []


@pytest.mark.feature("AGT-24")
def test_it_never_takes_more_room_than_a_few_full_files(file: LogFile) -> None:
    file.follow(agent(keeps_log=True))
    for number in range(500):
        log.info("line %d of many", number)

    kept = sorted(file.folder.iterdir())
    assert [path.name for path in kept] == ["viewer.log", "viewer.log.1", "viewer.log.2", "viewer.log.3"]
    assert all(path.stat().st_size <= 2000 for path in kept)
    assert {stat.S_IMODE(path.stat().st_mode) for path in kept} == {0o600}
    assert "line 499 of many" in file.path.read_text()


def test_a_program_that_starts_goes_on_where_it_had_been_written(file: LogFile) -> None:
    file.go_on()
    log.info("nothing yet")
    assert not file.path.exists()
    file.folder.mkdir()
    file.path.write_text("from before\n")

    file.go_on()
    log.warning("the server cannot be reached")

    assert file.path.read_text().startswith("from before\n")
    assert "cannot be reached" in file.path.read_text()


def test_where_it_cannot_be_written_the_program_goes_on(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("no folder")
    file = LogFile(tmp_path / "log")

    file.follow(agent(keeps_log=True))
    log.info("support 1 is active")

    assert (tmp_path / "log").read_text() == "no folder"
