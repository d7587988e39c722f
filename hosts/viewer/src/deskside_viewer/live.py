"""One session of this viewer with what its waiting window and the console show."""

import time
from typing import TYPE_CHECKING

import anyio
from attrs import define, field

from deskside.declare import Role
from deskside.notice import LOADING, ON_PAGE, SessionState
from deskside.pairing import PASSWORD_DIGITS, SECRET_DIGITS, Code, random_digits
from deskside_viewer.gateway import Fields

if TYPE_CHECKING:
    from deskside.viewer_session import ViewerSession

AUTOMATIC = "auto"


def secret_of(wait: Fields) -> str:
    """Return what only the right customer knows: secret digits, then the session password if one is asked."""
    password = str(wait.get("password", ""))
    chosen = random_digits(PASSWORD_DIGITS) if password == AUTOMATIC else password
    return Code.make(str(wait["locator"])).secret + chosen


@define(eq=False)
class Live:
    """A session that has not been put away."""

    session: "ViewerSession"
    opened: float = field(factory=time.time)
    locator: str = ""
    link: str = ""
    ends_at: float = 0.0
    licence_ends: float | None = None
    demo: bool = False
    after: Fields = field(factory=dict)
    """What opens in the customer's browser now that it is over."""
    is_told: anyio.Event = field(factory=anyio.Event)
    """The gateway knows that it is over."""

    @property
    def code(self) -> str:
        """Return the digits to tell the customer, or nothing when there is none to tell."""
        is_waiting = self.session.state is SessionState.WAITING
        if not (is_waiting and self.locator and time.time() < self.ends_at):
            return ""
        return Code(self.locator, self.session.roads.code[:SECRET_DIGITS]).shown()

    @property
    def password(self) -> str:
        """Return the session password that belongs to the code, if one is asked for."""
        return self.session.roads.code[SECRET_DIGITS:] if self.code else ""

    def visited(self, browser: str, system: str) -> None:
        """Note that the customer has opened the page, and with what."""
        if self.session.state is SessionState.WAITING:
            self.session.memory.system = ", ".join(one[:40] for one in (browser, system) if one)
            self.session.become(SessionState.WAITING, ON_PAGE)

    def over(self, told: Fields) -> None:
        """Take what the gateway says of the end."""
        self.after = told.get("after") or {}
        self.is_told.set()

    def loading(self) -> None:
        """Note that the customer's program has started."""
        if self.session.state is SessionState.WAITING:
            self.session.become(SessionState.WAITING, LOADING)

    def as_json(self) -> dict[str, object]:
        """Return what a console shows."""
        session, memory, code = self.session, self.session.memory, self.code
        expired = session.state is SessionState.WAITING and self.locator and not code
        reason = "waiting.code_expired" if expired else session.reason
        return {
            "id": session.id,
            "number": memory.number,
            "kind": memory.kind,
            "state": str(session.state),
            "reason": reason,
            "by": session.by,
            "people": [one.name for one in session.people.values() if one.present and one.role is Role.AGENT],
            "customer": {"name": memory.customer, "system": memory.system},
            "opened": self.opened,
            "began": memory.began or None,
            "ended": session.ended or None,
            "code": code,
            "password": self.password,
            "link": f"{self.link}#{code.replace(' ', '')[4:]}" if code else "",
            "ends_at": self.ends_at,
            "licence_ends": self.licence_ends,
            "demo": self.demo,
            "label": session.entitlement.label,
        }
