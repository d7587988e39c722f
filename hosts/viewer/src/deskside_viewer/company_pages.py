"""Sign-in forms: the usual one, companies' own, and login names to pick from."""

from collections.abc import Sequence

from attrs import define
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from deskside_viewer.asking import Asking, body
from deskside_viewer.gateway import Fields, GatewayRefused
from deskside_viewer.hub import Hub
from deskside_viewer.render import Pages

LONGEST_PART = 100
COOKIE = "deskside_page"
"""Which company's page a browser came through: who signs out finds that one again."""
KEPT_S = 365 * 24 * 3600


@define(eq=False)
class CompanyPages:
    """Routes of companies' pages."""

    hub: Hub
    asking: Asking
    pages: Pages

    def routes(self) -> Sequence[BaseRoute]:
        """Return the routes."""
        return [
            Route("/agents/{part:str}", self.page),
            Route("/console/login-names", self.asking.by_script(self.names), methods=["POST"]),
        ]

    async def page(self, request: Request) -> Response:
        """Serve a company's sign-in form; whoever is signed in goes on to the console."""
        try:
            if not self.hub.gateway.address or await self.asking.agents.known(request) is not None:
                return RedirectResponse("/console", 303)
            found = await self._find(request.path_params["part"])
        except GatewayRefused as no:
            return self.pages.draw(request, "away", 503, reason=no.reason)
        if found is None:
            return self.pages.draw(request, "nowhere", 404)
        answer = self._form(request, found)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, found["part"], KEPT_S, httponly=True, samesite="lax", secure=secure)
        return answer

    async def form(self, request: Request) -> Response:
        """Return the form for whoever is not signed in: of the company whose page he came through, if any."""
        part = request.cookies.get(COOKIE, "")
        wants_usual = "usual" in request.query_params
        found = await self._find(part) if part and not wants_usual else None
        answer = self._form(request, found)
        if part and found is None:
            answer.delete_cookie(COOKIE)
        return answer

    async def names(self, request: Request) -> Response:
        """List login names to pick from."""
        given = await body(request)
        address = request.client.host if request.client else ""
        company = str(given.get("company", "")).strip()[:9]
        found = await self.hub.gateway.call("login_names", company=company, address=address)
        return JSONResponse(dict(found))

    async def _find(self, part: str) -> Fields | None:
        """Return what a company shows on its page, if there is one under this address part.

        :raises GatewayRefused: if nobody can tell now
        """
        try:
            answer = await self.hub.gateway.call("company_page", part=part[:LONGEST_PART])
        except GatewayRefused as no:
            if no.is_passing:
                raise
            return None
        found: Fields | None = answer["page"]
        return found

    def _form(self, request: Request, company: Fields | None) -> Response:
        why = self.asking.agents.why(request)
        return self.pages.draw(request, "sign_in", why=why, company=company)
