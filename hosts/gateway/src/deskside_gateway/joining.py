"""What a customer's page or program asks before it is in a session: who waits, and let me in."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from anyio import fail_after
from attrs import frozen
from prometheus_client import CollectorRegistry, Counter
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from deskside.declare import Side
from deskside.pairing import PASSWORD_DIGITS, SECRET_DIGITS, is_digits
from deskside.texts import LANGUAGES, Texts
from deskside_gateway.broker import Wait
from deskside_gateway.browsers import is_browser, named
from deskside_gateway.door import PATIENCE_S
from deskside_gateway.given import Given
from deskside_gateway.hub import Hub
from deskside_gateway.pages.render import language_of
from deskside_gateway.refusals import Refused

LARGEST_BODY = 4096
LONGEST_ADDRESS = 500
CUSTOMER_PROGRAM = "deskside-customer"
"""What the customer program calls itself."""
Answer = Callable[[Request], Awaitable[Response]]
Ask = Callable[[Request, Given], Awaitable[dict[str, object]]]


def routes(hub: Hub, texts: Texts, registry: CollectorRegistry) -> list[BaseRoute]:
    """Return the calls of customers."""
    answers = Answers(texts, Counter("deskside_join", "Customers' calls", ["answer"], registry=registry))
    return [
        Route("/v1/locate", answers.to(_locate(hub)), methods=["POST"]),
        Route("/v1/join", answers.to(_join(hub)), methods=["POST"]),
    ]


@frozen
class Answers:
    """Turns a call into an answer: JSON, and a no in the reader's language."""

    _texts: Texts
    _counter: Counter

    def to(self, ask: Ask) -> Answer:
        """Return the endpoint of one call."""

        async def answer(request: Request) -> Response:
            try:
                result = await ask(request, Given.parse(await _body(request)))
            except Refused as no:
                self._counter.labels(answer=self._known(no)).inc()
                return self._no(request, no)
            self._counter.labels(answer="ok").inc()
            return JSONResponse(result, headers={"Cache-Control": "no-store"})

        return answer

    def _known(self, no: Refused) -> str:
        return no.reason if no.reason in self._texts.by_language["en"] else "refused.other"

    def _no(self, request: Request, no: Refused) -> Response:
        language = language_of(request)
        content = {**no.as_json(), "text": self._texts.say(language, self._known(no), **no.values)}
        headers = {"Cache-Control": "no-store", "Content-Language": language}
        if "seconds" in no.values and no.status is HTTPStatus.TOO_MANY_REQUESTS:
            headers["Retry-After"] = str(no.values["seconds"])
        return JSONResponse(content, no.status, headers)


def _locate(hub: Hub) -> Ask:
    async def locate(request: Request, given: Given) -> dict[str, object]:
        wait = hub.broker.locate(given.text("locator", 4), _address(request))
        agent = request.headers.get("user-agent", "")
        if is_browser(agent):
            hub.soon(_tell_of_visit, hub, wait, *named(agent))
        elif agent == CUSTOMER_PROGRAM:
            hub.soon(_tell_of_program, hub, wait)
        return {
            "session": wait.offer.session,
            "number": wait.offer.number,
            "kind": wait.offer.kind,
            "agent": wait.offer.agent,
            "company": wait.offer.company,
            "password": wait.offer.asks_password,
            "ticket": hub.ticket(wait.offer.session, Side.HOST),
            "ends_in_s": hub.broker.ends_in_s(wait),
        }

    return locate


async def _tell_of_visit(hub: Hub, wait: Wait, browser: str, system: str) -> None:
    await hub.push(wait.offer.session, "visited", {"browser": browser, "system": system})


async def _tell_of_program(hub: Hub, wait: Wait) -> None:
    await hub.push(wait.offer.session, "loading", {})


def _join(hub: Hub) -> Ask:
    async def join(request: Request, given: Given) -> dict[str, object]:
        secret = _digits(given, "secret", SECRET_DIGITS)
        password = _digits(given, "password", PASSWORD_DIGITS) if "password" in given.fields else ""
        about = {"name": given.text("name", 80, ""), "language": given.choice("language", LANGUAGES)}
        wait = hub.broker.locate(given.text("locator", 4), _address(request))
        if wait.offer.asks_password and not password:
            raise Refused("refused.code.password")
        known = secret + (password if wait.offer.asks_password else "")
        try:
            answer = Given(await hub.push(wait.offer.session, "join", {"secret": known, **about}))
        except Refused as no:
            raise _in_words_of(no, wait) from None
        page = answer.text("page", LONGEST_ADDRESS)
        if not page.startswith("/") or page.startswith(("//", "/\\")):
            raise Refused("refused.viewer.silent")
        return {"page": page}

    return join


def _in_words_of(no: Refused, wait: Wait) -> Refused:
    # Nobody but the right customer learns which of the two was wrong.
    is_either = no.reason == "refused.code.wrong" and wait.offer.asks_password
    return Refused("refused.code.wrong_either") if is_either else no


def _digits(given: Given, name: str, count: int) -> str:
    found = given.text(name, count)
    if not is_digits(found, count):
        raise Refused("refused.request", field=name)
    return found


async def _body(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Refused("refused.request", field="Content-Type")
    found = b""
    try:
        with fail_after(PATIENCE_S):
            async for part in request.stream():
                found += part
                if len(found) > LARGEST_BODY:
                    raise Refused("refused.request.large")
    except (TimeoutError, ClientDisconnect):
        raise Refused("refused.request.slow") from None
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
