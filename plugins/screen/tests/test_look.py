"""Wallpaper and outlines: taken away on real desktops while somebody looks, and always given back."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from screens import Screen, stop, wait_until
from Xlib import X, Xatom

from deskside.api import Machine
from deskside_screen import guard, host, outline, wallpaper
from deskside_screen import plugin as declared
from deskside_screen.borrowed import CannotBorrow, Gsetting, Xfconf, run
from deskside_screen.guard import Guard

WIDTH, HEIGHT = 640, 400
PLAIN = np.array([0x2E, 0x3A, 0x44], np.uint8)
BACKGROUND = "org.gnome.desktop.background"
STYLE = "/backdrop/screen0/monitor{}/workspace0/image-style"
BOX_MOVE = "/general/box_move"
SCHEMA = """<schemalist><schema id="org.gnome.metacity" path="/org/gnome/metacity/">
<key name="reduced-resources" type="b"><default>false</default></key></schema></schemalist>"""
COMPILER = "/usr/lib/*/glib-2.0/glib-compile-schemas"
HOLDER = "import sys; from deskside_screen.guard import Guard; Guard.start(sys.argv[1]); sys.stdin.read()"


@pytest.fixture
def screen() -> Iterator[Screen]:
    with Screen(WIDTH, HEIGHT, has_window_manager=False) as one:
        yield one


@pytest.fixture
def here(screen: Screen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Make a screen and a home of its own this machine's."""
    home = {"XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config", "HOME": "home", "XDG_RUNTIME_DIR": "run"}
    for name, folder in home.items():
        (tmp_path / folder).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("DISPLAY", screen.name)
    monkeypatch.setenv("GSETTINGS_BACKEND", "keyfile")
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    return screen


@pytest.fixture
def hang(here: Screen) -> Callable[[int], Any]:
    """Return a function that hangs noise as a wallpaper, as programs for that do, and returns the noise."""

    def lay(seed: int) -> Any:
        connection = here.connect()
        root = connection.screen().root
        pixels = np.random.default_rng(seed).integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)
        pixmap = root.create_pixmap(WIDTH, HEIGHT, connection.screen().root_depth)
        pixmap.put_pil_image(pixmap.create_gc(), 0, 0, Image.fromarray(pixels))
        root.change_attributes(background_pixmap=pixmap)
        for name in wallpaper.PROPERTIES:
            root.change_property(connection.intern_atom(name), Xatom.PIXMAP, 32, [pixmap.id])
        root.clear_area()
        connection.sync()
        return pixels

    return lay


def shows(screen: Screen, pixels: Any) -> bool:
    return np.array_equal(screen.grab(), np.broadcast_to(pixels, (HEIGHT, WIDTH, 3)))


def is_plain(screen: Screen) -> bool:
    return shows(screen, PLAIN)


def named(screen: Screen) -> list[int]:
    """Return what the properties of the root window name."""
    connection = screen.connect()
    root = connection.screen().root
    found = [
        root.get_full_property(connection.intern_atom(one), X.AnyPropertyType) for one in wallpaper.PROPERTIES
    ]
    return [one.value[0] for one in found]


@pytest.mark.screen
@pytest.mark.feature("AGT-04")
def test_a_wallpaper_is_one_colour_while_it_is_held_and_then_itself_again(here: Screen, hang: Any) -> None:
    picture = hang(1)
    before = named(here)

    held = Guard.start("wallpaper")
    wait_until(lambda: is_plain(here), "one colour", 40)
    assert named(here) != before
    held.stop()

    assert shows(here, picture)
    assert named(here) == before
    assert not guard.note_path("wallpaper").exists()


@pytest.mark.screen
def test_it_comes_back_when_whoever_holds_it_is_killed(here: Screen, hang: Any) -> None:
    picture = hang(1)
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, "wallpaper"], stdin=subprocess.PIPE)
    try:
        wait_until(lambda: is_plain(here), "one colour", 40)
    finally:
        holder.kill()
        holder.communicate()

    wait_until(lambda: shows(here, picture), "the wallpaper", 40)


@pytest.mark.screen
def test_it_comes_back_at_the_next_start_when_even_the_guard_was_killed(here: Screen, hang: Any) -> None:
    picture = hang(1)
    held = Guard.start("wallpaper")
    wait_until(lambda: is_plain(here), "one colour", 40)
    held._process.kill()
    held.stop()
    assert is_plain(here)

    assert guard.reason_against("wallpaper") == ""

    assert shows(here, picture)
    assert not guard.note_path("wallpaper").exists()


@pytest.mark.screen
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_no_signal_leaves_it_away(here: Screen, hang: Any, sign: int) -> None:
    picture = hang(1)
    held = Guard.start("wallpaper")
    wait_until(lambda: is_plain(here), "one colour", 40)

    held._process.send_signal(sign)
    held.stop()

    assert shows(here, picture)


@pytest.mark.screen
def test_what_the_customer_chooses_meanwhile_stays(here: Screen, hang: Any) -> None:
    hang(1)
    held = Guard.start("wallpaper")
    wait_until(lambda: is_plain(here), "one colour", 40)
    other = hang(2)

    held.stop()

    assert shows(here, other)


@pytest.mark.screen
def test_of_two_supports_the_first_holds_it(here: Screen, hang: Any) -> None:
    picture = hang(1)
    first = Guard.start("wallpaper")
    wait_until(lambda: is_plain(here), "one colour", 40)
    second = Guard.start("wallpaper")

    assert guard.reason_against("wallpaper") == ""
    second.stop()
    assert is_plain(here)
    first.stop()

    assert shows(here, picture)


@pytest.mark.screen
def test_without_a_wallpaper_on_the_root_window_there_is_nothing_to_take(here: Screen, hang: Any) -> None:
    assert "no wallpaper" in guard.reason_against("wallpaper")
    hang(1)
    assert guard.reason_against("wallpaper") == ""
    connection = here.connect()
    atoms = {one: connection.intern_atom(f"_NET_{one}") for one in ("CLIENT_LIST", "WM_WINDOW_TYPE")}
    desktop = connection.intern_atom("_NET_WM_WINDOW_TYPE_DESKTOP")
    root = connection.screen().root
    window = root.create_window(0, 0, WIDTH, HEIGHT, 0, connection.screen().root_depth)
    window.change_property(atoms["WM_WINDOW_TYPE"], Xatom.ATOM, 32, [desktop])
    root.change_property(atoms["CLIENT_LIST"], Xatom.WINDOW, 32, [window.id])
    connection.sync()

    assert "no wallpaper" in guard.reason_against("wallpaper")


@pytest.mark.screen
def test_what_a_desktop_cannot_do_is_told_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, here: Screen
) -> None:
    with Screen(WIDTH, HEIGHT) as managed:
        monkeypatch.setenv("DISPLAY", managed.name)
        assert outline.manager() == "Openbox"

        found = host.deskside_probe(Machine("linux"))

    assert {(one.feature, one.reason) for one in found} == {
        (declared.REMOVE_WALLPAPER, "screen.unavailable.wallpaper"),
        (declared.OUTLINE_MOVES, "screen.unavailable.outline"),
    }


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '[["root window", 1, 2]]', '[["x", "y", "z"]]', '"a"', "[[[]]]"]
)
@pytest.mark.screen
def test_a_note_that_makes_no_sense_changes_nothing(here: Screen, hang: Any, text: str) -> None:
    picture = hang(1)
    guard.note_path("wallpaper").parent.mkdir()
    guard.note_path("wallpaper").write_text(text)

    assert guard.reason_against("wallpaper") == ""

    assert shows(here, picture)
    assert not guard.note_path("wallpaper").exists()


# Settings of desktops, through their own commands.


def gsettings(*words: str) -> str:
    return run(["gsettings", *words])


@pytest.mark.screen
@pytest.mark.feature("AGT-04")
@pytest.mark.parametrize("desktop", ["GNOME", "ubuntu:GNOME", "Budgie:GNOME"])
def test_gnome_is_told_by_its_settings(here: Screen, monkeypatch: pytest.MonkeyPatch, desktop: str) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    gsettings("set", BACKGROUND, "picture-options", "spanned")

    held = Guard.start("wallpaper")
    wait_until(lambda: gsettings("get", BACKGROUND, "picture-options") == "'none'", "no wallpaper", 40)
    note = json.loads(guard.note_path("wallpaper").read_text())
    held.stop()

    assert gsettings("get", BACKGROUND, "picture-options") == "'spanned'"
    assert note == [[BACKGROUND, "picture-options", "'spanned'"]]


@pytest.mark.screen
def test_what_is_locked_or_not_there_is_not_changed(here: Screen) -> None:
    said = {"writable": "false"}
    with pytest.raises(CannotBorrow):
        Gsetting("a.b", "c", "'d'", lambda words: said[words[1]]).note()
    with pytest.raises(CannotBorrow):
        Gsetting("org.example.nothing", "c", "'d'").note()
    with pytest.raises(CannotBorrow):
        run(["deskside-has-no-such-command"])


@pytest.fixture
def bus(here: Screen, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a session bus, on which Xfce keeps its settings."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", process.stdout.readline().strip())
        yield
        stop(process)  # type: ignore[arg-type]


def xfconf(channel: str, *words: str) -> str:
    return run(["xfconf-query", "-c", channel, *words])


@pytest.mark.screen
@pytest.mark.feature("AGT-04")
def test_xfce_is_told_for_each_monitor(here: Screen, bus: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    assert "image-style" in guard.reason_against("wallpaper")
    for monitor, style in ((0, "5"), (1, "3")):
        xfconf("xfce4-desktop", "-p", STYLE.format(monitor), "-n", "-t", "int", "-s", style)

    def styles() -> list[str]:
        return [xfconf("xfce4-desktop", "-p", STYLE.format(one)) for one in (0, 1)]

    held = Guard.start("wallpaper")
    wait_until(lambda: styles() == ["0", "0"], "no wallpaper", 40)
    xfconf("xfce4-desktop", "-p", STYLE.format(1), "-s", "2")
    held.stop()

    assert styles() == ["5", "2"]


def manage(screen: Screen, name: str) -> None:
    """Be a window manager of this name."""
    connection = screen.connect()
    root = connection.screen().root
    window = root.create_window(0, 0, 1, 1, 0, connection.screen().root_depth)
    window.change_property(
        connection.intern_atom("_NET_WM_NAME"), connection.intern_atom("UTF8_STRING"), 8, name.encode()
    )
    root.change_property(connection.intern_atom("_NET_SUPPORTING_WM_CHECK"), Xatom.WINDOW, 32, [window.id])
    connection.sync()


@pytest.mark.screen
@pytest.mark.feature("AGT-05")
@pytest.mark.parametrize("before", ["", "false"])
def test_xfwm4_is_told_to_move_outlines(here: Screen, bus: None, before: str) -> None:
    manage(here, "Xfwm4")
    if before:
        xfconf("xfwm4", "-p", BOX_MOVE, "-n", "-t", "bool", "-s", before)

    def now() -> str:
        return xfconf("xfwm4", "-lv").replace(BOX_MOVE, "").strip()

    assert guard.reason_against("outline") == ""
    held = Guard.start("outline")
    wait_until(lambda: now() == "true", "outlines", 40)
    held.stop()

    assert now() == before


@pytest.mark.screen
@pytest.mark.feature("AGT-05")
def test_metacity_is_told_to_spare_resources(
    here: Screen, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    manage(here, "Metacity")
    assert guard.reason_against("outline") != "", "its settings are not installed"
    schemas = tmp_path / "schemas"
    schemas.mkdir()
    (schemas / "metacity.gschema.xml").write_text(SCHEMA)
    compiler = next(Path("/").glob(COMPILER.lstrip("/")))
    subprocess.run([compiler, schemas], check=True)
    monkeypatch.setenv("GSETTINGS_SCHEMA_DIR", str(schemas))

    def now() -> str:
        return gsettings("get", "org.gnome.metacity", "reduced-resources")

    held = Guard.start("outline")
    wait_until(lambda: now() == "true", "outlines", 40)
    held.stop()

    assert now() == "false"


@pytest.mark.screen
def test_nothing_but_what_the_table_names_is_given_back(here: Screen) -> None:
    said: list[list[str]] = []

    def note(words: Any) -> str:
        said.append(list(words))
        return "x"

    Gsetting("a.b", "c", "x", note).give_back(
        [["a.b", "other", "1"], ["other", "c", "1"], ["a.b", "c", None]]
    )
    Xfconf("one", "/end", "int", "x", run=note).give_back(
        [["two", "/a/end", "1"], ["one", "/a/other", "1"], ["one", "-x/end", "1"], ["one", None, "1"]]
    )

    assert said == []


def test_it_runs_as_a_module_of_this_python(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deskside_screen.guard", "wallpaper"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        env={**os.environ, "DISPLAY": "no display", "XDG_STATE_HOME": str(tmp_path)},
    )  # fmt: skip

    assert done.returncode == 1
    assert "not changed: wallpaper" in done.stderr
