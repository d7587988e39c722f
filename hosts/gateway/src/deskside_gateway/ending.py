"""What opens in a customer's browser once a support is over, and the page that says how it was."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

from attrs import asdict, frozen
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from deskside_admin.service import endings
from deskside_gateway.hub import Fields, Hub, Known
from deskside_gateway.pages.render import Pages
from deskside_gateway.refusals import Refused

PURPOSE = "page after a support"
LASTS_S = 7 * 24 * 3600
LONGEST_TICKET = 3000
PATH = "/ended"


@frozen(kw_only=True)
class Summary:
    """What the page says. It travels sealed in the page's address, so that nothing has to be kept."""

    agent: str
    """Empty where the company protects its agents' names."""
    company: str
    number: str
    began: float
    ended: float

    @property
    def lasted(self) -> str:
        """Return the duration as m:ss or h:mm:ss."""
        minutes, seconds = divmod(max(0, round(self.ended - self.began)), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"

    def moments(self) -> dict[str, datetime]:
        """Return beginning and end for people whose zone is not known yet."""
        return {
            "began": datetime.fromtimestamp(self.began, UTC),
            "ended": datetime.fromtimestamp(self.ended, UTC),
        }


def seal(hub: Hub, summary: Summary) -> str:
    """Return a ticket that only this server can make and read."""
    return hub.box.seal(json.dumps(asdict(summary)), PURPOSE)


def read(hub: Hub, ticket: str) -> Summary | None:
    """Return what a ticket says, or None if it is not ours or too old."""
    if len(ticket) > LONGEST_TICKET or not ticket.isascii():
        return None
    opened = hub.box.open(ticket, PURPOSE)
    if opened is None:
        return None
    found = Summary(**json.loads(opened))
    return found if found.ended + LASTS_S > hub.store.now().timestamp() else None


async def after(hub: Hub, session: str) -> Fields:
    """Return what is to be opened: nothing if there was no support, or nobody knows at present."""
    try:
        known = await hub.known(session)
        wanted = await hub.store.run(lambda db: endings.wanted(db, known.user))
    except Refused:
        return {}
    if known.row.began is None or known.row.ended is None:
        return {}
    found: dict[str, object] = {}
    if wanted.has_notice:
        ticket = seal(hub, _summary(known, hides_agent=wanted.hides_agent))
        found["notice"] = f"{hub.address}{PATH}/{ticket}"
    if wanted.popup is not None:
        found["popup"] = asdict(wanted.popup)
    return found


async def told(hub: Hub, session: str) -> Fields:
    """Return the part of a message that says what is to be opened, if something is."""
    found = await after(hub, session)
    return {"after": found} if found else {}


def page(hub: Hub, pages: Pages) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of the page after a support."""

    async def ended(request: Request) -> Response:
        summary = read(hub, request.path_params["ticket"])
        if summary is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        answer = pages.draw(request, "ended", summary=summary, moments=summary.moments())
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    return ended


def _summary(known: Known, *, hides_agent: bool) -> Summary:
    row = known.row
    return Summary(
        agent="" if hides_agent else known.user.shown_name,
        company=known.company.name,
        number=row.number,
        began=row.began.timestamp() if row.began else 0.0,
        ended=row.ended.timestamp() if row.ended else 0.0,
    )
