"""How a customer's browser shows that he was admitted: a cookie that holds for one session's page."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

NAME = "deskside_help"


def let_in(request: Request, ticket: str) -> Response:
    """Return the way to his page, without the ticket in its address."""
    answer = RedirectResponse(request.url.path, 303)
    answer.set_cookie(
        NAME, ticket, path=request.url.path, httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return answer


def shown_by(request: Request) -> str:
    """Return the ticket that a browser shows, empty if it shows none."""
    return request.cookies.get(NAME, "")
