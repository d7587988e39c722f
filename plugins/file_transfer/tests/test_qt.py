"""The customer's file dialog on a virtual screen."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from screens import Screen, wait_until

pytestmark = [pytest.mark.screen, pytest.mark.timeout(90)]

PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from deskside_file_transfer.qt import QtWindows

class Scope:
    def emit(self, value):
        print("picked", value.dialog, *value.paths, flush=True)
        if sys.argv[1] == "twice" and value.dialog == 7:
            windows.choose(8, "Lee Jun")
        else:
            app.quit()
    def text(self, key, **values):
        return "Choose files"

app = QApplication([])
app.setQuitOnLastWindowClosed(False)
windows = QtWindows(Scope())
print("documents", windows.documents(), flush=True)
if sys.argv[1] == "open":
    windows.open_folder(sys.argv[2])
    sys.exit()
windows.choose(7, "Lee Jun")
if sys.argv[1] == "dismiss":
    QTimer.singleShot(1000, lambda: windows.dismiss(7))
app.exec()
print("left", len(windows.dialogs), flush=True)
"""


@pytest.fixture
def screen() -> Iterator[Screen]:
    with Screen() as one:
        yield one


def run(screen: Screen, home: Path, *how: str, cwd: Path | None = None) -> list[str]:
    path = f"{home}/bin:{os.environ['PATH']}"
    environment = screen.environment(HOME=str(home), XDG_CONFIG_HOME=str(home / ".config"), PATH=path)
    process = screen.spawn(sys.executable, "-c", PROGRAM, *how, env=environment, cwd=str(cwd or home))
    assert process.stdout is not None
    lines = [process.stdout.readline().strip()]
    if how == ("choose",):
        pick(screen, str(home / "report.txt"))
    if how[0] == "twice":
        for typed in how[1:]:
            pick(screen, typed)
            lines.append(process.stdout.readline().strip())
    lines += [line.strip() for line in process.stdout]
    assert process.wait(20) == 0
    return lines


def pick(screen: Screen, typed: str) -> None:
    window = screen.window("Choose files")
    screen.do("windowfocus", "--sync", window)
    screen.do("type", "--delay", 20, typed)
    screen.do("key", "Return")


@pytest.mark.feature("NTC-08")
def test_the_dialog_begins_at_home_and_then_where_files_were_taken_from_last(
    screen: Screen, tmp_path: Path
) -> None:
    home, papers, program = tmp_path / "home", tmp_path / "home/Papers", tmp_path / "program"
    for folder in (home, papers, program):
        folder.mkdir()
    for path in (home / "report.txt", program / "report.txt", papers / "letter.txt", papers / "second.txt"):
        path.write_text("x")

    lines = run(screen, home, "twice", "Papers/letter.txt", "second.txt", cwd=program)

    assert lines[1:] == [f"picked 7 {papers}/letter.txt", f"picked 8 {papers}/second.txt", "left 0"]


@pytest.mark.feature("NTC-08")
def test_the_customer_picks_a_file_and_his_documents_folder_is_known(screen: Screen, tmp_path: Path) -> None:
    (tmp_path / ".config").mkdir()
    (tmp_path / "Papiere").mkdir()
    (tmp_path / ".config/user-dirs.dirs").write_text('XDG_DOCUMENTS_DIR="$HOME/Papiere"\n')
    (tmp_path / "report.txt").write_text("x")

    lines = run(screen, tmp_path, "choose")

    assert lines == [f"documents {tmp_path}/Papiere", f"picked 7 {tmp_path}/report.txt", "left 0"]


def test_a_dialog_nobody_needs_any_more_closes_without_files(screen: Screen, tmp_path: Path) -> None:
    lines = run(screen, tmp_path, "dismiss")

    assert lines[1:] == ["picked 7", "left 0"]


@pytest.mark.feature("NTC-09")
def test_the_folder_is_shown_by_the_systems_own_program(screen: Screen, tmp_path: Path) -> None:
    folder = tmp_path / "Received Files 받은 파일"
    opener = tmp_path / "bin/xdg-open"
    for path in (folder, opener.parent):
        path.mkdir()
    opened = tmp_path / "opened"
    opener.write_text(f'#!/bin/sh\nprintf "%s" "$1" > "{opened}.new" && mv "{opened}.new" "{opened}"\n')
    opener.chmod(0o755)

    run(screen, tmp_path, "open", str(folder))
    wait_until(opened.exists, "the file manager was started")

    assert Path(unquote(urlsplit(opened.read_text()).path)) == folder
