"""Strokes over another program's windows, on a real screen without and with translucency."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import numpy as np
import pytest
from screens import Screen, wait_until

pytestmark = pytest.mark.screen
HERE = Path(__file__).parent
RED, BLUE, GREEN = "#ff0000", "#0000ff", "#00aa00"
ALL = (0, 0, 1280, 800)


class Lines:
    """What a program writes, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.kept: list[Any] = []
        self._said: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line)

    def next(self, limit_s: float) -> str:
        return self._said.get(timeout=limit_s).strip()


class Program(Lines):
    """The program with the overlay."""

    def __init__(self, screen: Screen, **environment: str) -> None:
        command = HERE / "overlay_program.py"
        super().__init__(screen.python(command, stdin=subprocess.PIPE, env=screen.environment(**environment)))
        self.event("ready")

    def do(self, *order: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        self.event("did")

    def event(self, name: str, limit_s: float = 20) -> Any:
        """Return the next event of this name; others stay for later."""
        end = time.monotonic() + limit_s
        while True:
            for found in self.kept:
                if found[0] == name:
                    self.kept.remove(found)
                    return found[-1]
            try:
                self.kept.append(json.loads(self.next(max(0.01, end - time.monotonic()))))
            except Empty:
                raise AssertionError(f"no event {name}; there were {self.kept}") from None


@pytest.fixture
def program(screen: Screen) -> Iterator[Program]:
    one = Program(screen)
    yield one
    one.process.kill()


@pytest.fixture
def below(screen: Screen) -> Lines:
    """Return a white window over the whole screen."""
    lines = Lines(screen.python(HERE / "below.py", "below", *ALL))
    screen.window("^below$")
    wait_until(lambda: screen.grab()[400, 640].min() > 250, "the window below is white")
    return lines


def composite(screen: Screen) -> None:
    """Claim to be a compositor; without one, translucent windows are black where nothing is drawn."""
    connection = screen.connect()
    owner = connection.screen().root.create_window(0, 0, 1, 1, 0, connection.screen().root_depth)
    owner.set_selection_owner(connection.intern_atom("_NET_WM_CM_S0"), 0)
    connection.sync()


def count(screen: Screen, colour: str, place: tuple[int, int, int, int] = ALL) -> int:
    """Return how many pixels of exactly this colour there are."""
    left, top, width, height = place
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.uint8)
    part = screen.grab()[top : top + height, left : left + width]
    return int(np.sum(np.all(part == wanted, axis=2)))


def is_there(screen: Screen, colour: str, x: int, y: int) -> bool:
    return count(screen, colour, (x - 1, y - 1, 3, 3)) > 0


@pytest.mark.feature("DRW-01", "DRW-02", "DRW-03", "DRW-04")
def test_every_shape_is_seen_where_it_was_drawn_in_its_colour_and_width(
    program: Program, screen: Screen, below: Lines, artifacts: Path
) -> None:
    program.do("put", 1, "line", RED, 4, [(100, 100), (300, 100)])
    program.do("put", 2, "rectangle", BLUE, 8, [(400, 300), (500, 200)])
    program.do("put", 3, "circle", GREEN, 6, [(700, 200), (800, 300)])
    program.do("put", 4, "arrow", "#ff00ff", 5, [(100, 400), (300, 500)])
    program.do("put", 5, "curve", "#00ffff", 5, [(500, 500), (520, 560), (560, 520), (600, 600)])

    wait_until(lambda: is_there(screen, "#00ffff", 600, 600), "the strokes are seen")
    assert 4 * 195 < count(screen, RED) < 4 * 215
    for x, y in ((400, 250), (500, 250), (450, 200), (450, 300)):
        assert is_there(screen, BLUE, x, y)
    for x, y in ((700, 250), (800, 250), (750, 200), (750, 300)):
        assert is_there(screen, GREEN, x, y)
    assert count(screen, "#ffffff", (410, 210, 80, 80)) == 6400
    assert count(screen, "#ff00ff", (260, 470, 50, 50)) > count(screen, "#ff00ff", (80, 380, 50, 50)) + 40
    screen.save(artifacts / "drawing_shapes.png")


def test_a_stroke_that_goes_on_is_seen_before_it_ends_and_goes_when_removed(
    program: Program, screen: Screen, below: Lines
) -> None:
    program.do("put", 1, "curve", RED, 4, [(100, 100), (200, 100)])
    wait_until(lambda: is_there(screen, RED, 150, 100), "the beginning")
    program.do("extend", 1, 2, [(200, 300), (400, 300)])
    wait_until(lambda: is_there(screen, RED, 390, 300), "the rest")
    program.do("extend", 1, 2, [(600, 100)])
    wait_until(lambda: not is_there(screen, RED, 390, 300), "the rest was drawn otherwise")
    program.do("remove", 1, 77)

    wait_until(lambda: count(screen, "#ffffff") == 1280 * 800, "the screen is as before")


def test_clicks_on_and_beside_a_stroke_reach_the_window_below(
    program: Program, screen: Screen, below: Lines
) -> None:
    program.do("put", 1, "rectangle", RED, 20, [(200, 200), (600, 500)])
    wait_until(lambda: is_there(screen, RED, 200, 300), "the stroke is seen")
    for place in ((200, 300), (400, 350)):
        screen.do("mousemove", *place, "click", 1)
        assert below.next(5) == f"clicked {place[0]} {place[1]}"


def test_with_a_compositor_lines_are_smooth_and_clicks_still_go_through(
    program: Program, screen: Screen, below: Lines
) -> None:
    program.do("put", 1, "line", RED, 8, [(100, 100), (500, 300)])
    wait_until(lambda: is_there(screen, RED, 300, 200), "the stroke is seen")
    assert smooth_pixels(screen) == 0
    composite(screen)

    wait_until(lambda: smooth_pixels(screen) > 100, "the edges are smooth")
    for place in ((300, 200), (800, 600)):
        screen.do("mousemove", *place, "click", 1)
        assert below.next(5) == f"clicked {place[0]} {place[1]}"


def smooth_pixels(screen: Screen) -> int:
    """Return how many pixels along the line are neither line nor ground."""
    red = screen.grab()[90:320, 90:520, 0].astype(int)
    return int(np.sum((red > 30) & (red < 225)))


@pytest.mark.feature("DRW-06", "DRW-09", "NTC-06")
@pytest.mark.parametrize("is_composited", [False, True])
def test_the_customer_draws_with_his_mouse_and_then_has_it_back(
    program: Program, screen: Screen, below: Lines, is_composited: bool, artifacts: Path
) -> None:
    if is_composited:
        composite(screen)
    program.do("take_pen", RED)
    tools = screen.window("^Drawing tools$")
    time.sleep(0.3)
    screen.save(artifacts / f"drawing_tools_{'smooth' if is_composited else 'cut'}.png")
    screen.drag((300, 300), (500, 400))

    begun = program.event("StrokeBegun")
    assert (begun["x"], begun["y"], begun["colour"], begun["shape"]) == (300, 300, RED, "curve")
    points = [tuple(point) for part in until_end(program) for point in part["points"]]
    assert points[-1] == (500, 400)
    assert points == sorted(set(points))
    left, top, width, height = screen.place_of(tools)
    screen.do("mousemove", left + width - 30, top + height // 2, "click", 1)

    program.event("PenDropped")
    screen.do("mousemove", 640, 600, "click", 1)
    assert below.next(5) == "clicked 640 600"


def until_end(program: Program) -> list[Any]:
    program.event("StrokeEnded")
    found = [event[1] for event in program.kept if event[0] == "StrokeGoesOn"]
    program.kept = [event for event in program.kept if event[0] != "StrokeGoesOn"]
    return found


def test_the_customers_tools_choose_the_shape_and_take_keys(
    program: Program, screen: Screen, below: Lines
) -> None:
    program.do("take_pen", RED)
    tools = screen.window("^Drawing tools$")
    left, top, _, height = screen.place_of(tools)
    time.sleep(0.3)
    screen.do("mousemove", left + 60, top + height // 2, "click", 1)
    screen.drag((300, 300), (500, 400), steps=4)
    assert program.event("StrokeBegun")["shape"] == "arrow"
    screen.do("windowfocus", tools, "key", "ctrl+z", "key", "ctrl+y")
    program.event("Undo")
    program.event("Redo")
    screen.do("key", "Escape")

    program.event("PenDropped")


def test_a_press_on_the_notice_window_gives_the_mouse_back(
    program: Program, screen: Screen, below: Lines
) -> None:
    program.do("notice")
    program.do("take_pen", RED)
    screen.window("^Drawing tools$")
    time.sleep(0.3)
    screen.do("mousemove", 1100, 650, "click", 1)

    program.event("PenDropped")


@pytest.mark.feature("DRW-08")
def test_going_to_another_program_is_noticed_and_to_our_own_windows_is_not(
    program: Program, screen: Screen, below: Lines
) -> None:
    Lines(screen.python(HERE / "below.py", "other", 0, 0, 300, 300))
    other = screen.window("^other$")
    time.sleep(0.5)
    program.do("put", 1, "line", RED, 4, [(100, 600), (300, 600)])
    program.do("notice")
    screen.do("windowactivate", "--sync", screen.window("^notice$"))
    with pytest.raises(AssertionError):
        program.event("SceneChanged", 1)
    screen.do("windowactivate", "--sync", other)
    screen.do("windowactivate", "--sync", screen.window("^below$"))

    program.event("SceneChanged")


def test_strokes_vanish_when_the_session_falls_silent_and_come_back_with_it(
    program: Program, screen: Screen, below: Lines
) -> None:
    program.do("put", 1, "line", RED, 4, [(100, 600), (300, 600)])
    wait_until(lambda: is_there(screen, RED, 200, 600), "the stroke is seen")
    program.do("die")
    wait_until(lambda: not is_there(screen, RED, 200, 600), "the stroke has vanished")
    program.do("beat")

    wait_until(lambda: is_there(screen, RED, 200, 600), "the stroke is back")


@pytest.mark.parametrize("is_composited", [False, True])
def test_at_twice_the_scale_on_two_monitors_places_are_still_the_customers_pixels(
    screen: Screen, below: Lines, is_composited: bool
) -> None:
    for name, left in (("A", 0), ("B", 640)):
        where = f"640/300x800/400+{left}+0"
        subprocess.run(
            ["xrandr", "--setmonitor", name, where, "screen" if name == "A" else "none"],
            env=screen.environment(), check=True, capture_output=True,
        )  # fmt: skip
    if is_composited:
        composite(screen)
    program = Program(screen, QT_SCALE_FACTOR="2")
    program.do("put", 1, "line", RED, 8, [(100, 600), (1200, 600)])
    program.do("put", 2, "rectangle", BLUE, 8, [(700, 100), (900, 200)])

    for x in (110, 400, 630, 650, 1000, 1190):
        wait_until(lambda x=x: is_there(screen, RED, x, 600), f"the line at {x}")  # type: ignore[misc]
    for place in ((700, 150), (900, 150), (800, 100), (800, 200)):
        assert is_there(screen, BLUE, *place)
    assert not is_there(screen, RED, 1230, 600)
    program.do("take_pen", GREEN)
    screen.window("^Drawing tools$")
    time.sleep(0.4)
    screen.drag((1000, 400), (1100, 500))
    begun = program.event("StrokeBegun")
    assert abs(begun["x"] - 1000) <= 1
    assert abs(begun["y"] - 400) <= 1
    end = until_end(program)[-1]["points"][-1]
    assert abs(end[0] - 1100) <= 1
    assert abs(end[1] - 500) <= 1
