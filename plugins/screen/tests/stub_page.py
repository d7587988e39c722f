"""The stub page: serves it, gives it pictures, and reads what its canvas shows."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page
from screens import wait_until

import deskside_screen
import deskside_viewer
from deskside_screen.encode import EXACT, Look, encode
from deskside_screen.tiles import Box, Picture

HERE = Path(__file__).parent
WEB = Path(deskside_screen.__file__).parent / "web"
FOLDERS = {"web": WEB, "viewer": Path(deskside_viewer.__file__).parent / "web"}
WIDTH, HEIGHT = 640, 400
EVERYTHING = Box(0, 0, WIDTH, HEIGHT)
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:"
TILE = Box(0, 0, 64, 64)


class Files(SimpleHTTPRequestHandler):
    """Serves the pages here, the plugin's web folder and the viewer's, under the policy of session pages."""

    def translate_path(self, path: str) -> str:
        name = path.split("?", maxsplit=1)[0].lstrip("/")
        first, _, rest = name.partition("/")
        return str(FOLDERS[first] / rest if first in FOLDERS else HERE / name)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[str]:
    """Serve the stub page; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def begin(page: Page) -> None:
    frame = {"sequence": 1, "width": WIDTH, "height": HEIGHT, "monitor": 0}
    page.evaluate("(frame) => stub.give('frames', 'frame', frame)", frame)


def pieces(picture: Picture, box: Box = EVERYTHING, look: Look = EXACT) -> list[dict[str, Any]]:
    return [
        {
            "x": one.x, "y": one.y, "width": one.width, "height": one.height, "packing": one.packing.value,
            "data": base64.b64encode(one.data).decode(),
        }
        for one in encode(picture, box, look)
    ]  # fmt: skip


def paint(page: Page, *batches: list[dict[str, Any]]) -> None:
    """Give all batches at once and wait until the last is painted."""
    page.evaluate("(batches) => Promise.all(batches.map((one) => stub.tiles(one)))", list(batches))


def canvas(page: Page) -> Any:
    return np.frombuffer(base64.b64decode(page.evaluate("stub.pixels()")), np.uint8).reshape(HEIGHT, WIDTH, 3)


def wanted(picture: Picture) -> Any:
    return np.ascontiguousarray(picture).view(np.uint8).reshape(HEIGHT, WIDTH, 4)[:, :, 2::-1]


def settled(page: Page, picture: Picture) -> bool:
    """Tell whether the canvas shows a picture as soon as the browser has presented it."""
    return bool(wait_until(lambda: np.array_equal(canvas(page), wanted(picture)), "the picture", 40))


def piece(packing: str, data: bytes, box: Box = TILE) -> dict[str, Any]:
    place = {"x": box.left, "y": box.top, "width": box.width, "height": box.height}
    return {**place, "packing": packing, "data": base64.b64encode(data).decode()}


def shorts(*numbers: int) -> bytes:
    return b"".join(one.to_bytes(2, "little") for one in numbers)
