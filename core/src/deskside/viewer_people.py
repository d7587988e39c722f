"""Who is and was in a session, by numbers that are never given twice; what is remembered is bounded."""

import secrets
from typing import TYPE_CHECKING

from deskside.declare import Role
from deskside.link import MOST_PEOPLE, Enter, Person, Roster
from deskside.port import Participant
from deskside.viewer_memory import Known

if TYPE_CHECKING:
    from deskside.viewer_page import PageLink
    from deskside.viewer_session import ViewerSession


class People:
    """The pages of one session: those that are here, and the latest of those that may come back."""

    def __init__(self, session: "ViewerSession") -> None:
        self._session = session

    def back(self, asked: Enter, role: Role, user: str) -> Known | None:
        """Return the page that comes back, if it can show that it is the same."""
        known = self._session.memory.pages.get(asked.participant)
        if known is None or not secrets.compare_digest(known.secret.encode(), asked.secret.encode()):
            return None
        return known if (known.role, known.user) == (role, user) else None

    def new(self, name: str, role: Role, user: str) -> Known:
        """Return a page under a number that no other has had."""
        memory = self._session.memory
        memory.last_page = max(memory.last_page, max(memory.pages, default=0)) + 1
        return Known(memory.last_page, name, role, secrets.token_urlsafe(24), user=user)

    def came(self, page: "PageLink") -> None:
        """Note that a page is here; who left first is forgotten if there are too many."""
        session, known = self._session, page.known
        is_new = known.id not in session.people
        session.memory.pages[known.id] = known
        session.pages[known.id] = page
        session.people[known.id] = Participant(known.id, known.name, page.role)
        if is_new:
            session.report("", "participant_joined", {"name": known.name, "role": str(page.role)})
        gone = (one for one in list(session.memory.pages) if one not in session.pages)
        while len(session.people) > MOST_PEOPLE:
            self._forget(next(gone))
        session.people_changed()

    def left(self, number: int) -> None:
        """Note that a page has gone; it may come back."""
        session = self._session
        del session.pages[number]
        for bulk in (False, True):
            session.unready(number, bulk=bulk)
        for fan in session.fans.values():
            fan.left(number)
        session.memory.pages[number] = session.memory.pages.pop(number)
        self._absent(session.memory.pages[number])
        session.people_changed()
        self.tell()

    def remember(self) -> None:
        """Take up who was here before this process."""
        for known in self._session.memory.pages.values():
            self._absent(known)

    def tell(self) -> None:
        """Tell everyone who is there."""
        session = self._session
        people = [Person(one.id, one.name, one.role, one.present) for one in session.people.values()]
        session.tell_all(Roster(tuple(sorted(people, key=lambda one: one.id))))
        session.ports_out.changed()

    def _absent(self, known: Known) -> None:
        role = Role(known.role)
        self._session.people[known.id] = Participant(known.id, known.name, role, present=False)

    def _forget(self, number: int) -> None:
        session = self._session
        del session.people[number], session.memory.pages[number]
        session.must_renew.discard(number)
        session.forget_streams(number)
