"""Draw the viewer's pages from templates, in the reader's language."""

from collections.abc import Callable
from functools import partial

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from deskside.texts import FALLBACK, Texts, choose

WEB = "/viewer"
"""Where the viewer's own web folder is served."""


class Pages:
    """The templates with the words to fill them."""

    def __init__(self, texts: Texts, connection: Callable[[HTTPConnection], object] = lambda _: None) -> None:
        self.texts = texts
        self._connection = connection
        self._templates = Environment(
            loader=PackageLoader("deskside_viewer", "pages"), autoescape=True, undefined=StrictUndefined
        )

    def draw(self, request: Request, name: str, status: int = 200, **values: object) -> Response:
        """Return a page in the browser's language."""
        language = choose(request.headers.get("accept-language", FALLBACK))
        html = self._templates.get_template(f"{name}.html").render(
            say=partial(self.texts.say, language),
            language=language,
            web=WEB,
            texts=self.texts.all(language),
            connection=self._connection(request),
            **values,
        )
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-store", "Content-Language": language}
        return HTMLResponse(html, status_code=status, headers=headers)
