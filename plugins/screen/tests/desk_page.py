"""The page `desk.html`: the plugin's module on the session page's own stage, in a real browser."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from attrs import asdict
from PIL import Image
from playwright.sync_api import Page

from . import stub_page


@contextmanager
def serving() -> Iterator[str]:
    """Serve the page; give its address."""
    with stub_page.serving() as address:
        yield f"{address}/desk.html"


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
