"""The reader's language: asked for with `?lang=`, kept in a cookie, else the browser's."""

from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request

from deskside.texts import LANGUAGES, choose

COOKIE = "deskside_lang"
A_YEAR_S = 365 * 24 * 3600
OWN_NAMES = {"en": "English", "ko": "한국어", "zh-Hans": "简体中文", "ja": "日本語"}


def install(app: Flask) -> None:
    """Choose at every request, and keep a choice that was asked for."""
    app.before_request(_choose)
    app.after_request(_keep)


def cookie_path() -> str:
    """Return the folder that the panel is mounted under."""
    return request.script_root or "/"


def links() -> list[tuple[str, str, str]]:
    """Return code, own name and address of every language, for the page at hand."""
    kept = {key: value for key, value in request.args.items() if key != "lang"}
    return [(code, OWN_NAMES[code], "?" + urlencode({**kept, "lang": code})) for code in LANGUAGES]


def _choose() -> None:
    for wanted in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wanted in LANGUAGES:
            g.language = wanted
            return
    g.language = choose(request.headers.get("Accept-Language", ""))


def _keep(response: Response) -> Response:
    if request.args.get("lang") in LANGUAGES:
        response.set_cookie(
            COOKIE,
            g.language,
            max_age=A_YEAR_S,
            path=cookie_path(),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response
