"""The page `desk.html`: the plugin's module on the session page's own stage, in a real browser."""

import base64
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from attrs import asdict
from PIL import Image
from playwright.sync_api import Page

import deskside_screen
import deskside_viewer

HERE = Path(__file__).parent
FOLDERS = {
    "web": Path(deskside_screen.__file__).parent / "web",
    "viewer": Path(deskside_viewer.__file__).parent / "web",
}
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:"


class Files(SimpleHTTPRequestHandler):
    """Serves the page and both web folders, under the policy of session pages."""

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
    """Serve the page; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/desk.html"
    server.shutdown()
    server.server_close()
    thread.join()


def give(page: Page, channel: str, message: Any) -> None:
    """Hand a message of the customer's machine to the page."""
    name = "".join(f"_{one.lower()}" if one.isupper() else one for one in type(message).__name__)[1:]
    fields = asdict(message)
    png = base64.b64encode(fields.pop("png", b"")).decode()
    page.evaluate(
        "([channel, name, fields, png]) =>"
        " desk.give(channel, name, png ? { ...fields, png: desk.bytes(png) } : fields)",
        [channel, name, fields, png],
    )


def shot(page: Page) -> Any:
    """Return what the browser shows of the picture, cursor and all."""
    png = page.locator(".plane").screenshot()
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
