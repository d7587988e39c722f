"""Draw public pages from templates, in the reader's language."""

from functools import partial
from http import HTTPStatus

from attrs import frozen
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from deskside.texts import FALLBACK, LANGUAGES, Texts, choose

NAMES = {"en": "English", "ko": "한국어", "zh-Hans": "简体中文", "ja": "日本語"}


@frozen
class House:
    """Whose server this is."""

    company: str = ""
    """Empty where several companies share it."""
    is_set_up: bool = True


class Pages:
    """The templates with the words to fill them."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self._templates = Environment(
            loader=PackageLoader("deskside_gateway.pages"), autoescape=True, undefined=StrictUndefined
        )

    def draw(
        self, request: Request, name: str, status: HTTPStatus = HTTPStatus.OK, **values: object
    ) -> Response:
        """Return a page; `?lang=` chooses the language, else the browser does."""
        language = language_of(request)
        html = self._templates.get_template(f"{name}.html").render(
            say=partial(self.texts.say, language), language=language, languages=NAMES, **values
        )
        headers = {"Vary": "Accept-Language", "Cache-Control": "no-cache", "Content-Language": language}
        return HTMLResponse(html, status_code=status, headers=headers)


def language_of(request: Request) -> str:
    """Return the language to answer in."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return choose(request.headers.get("accept-language", FALLBACK))
