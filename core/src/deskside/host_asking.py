"""What the customer is asked at the host: whether he wants help at all, and each right that needs his yes."""

from abc import abstractmethod

import anyio.abc

from deskside.declare import Consent, Role
from deskside.grants import Answer, Gate, Grant, Refusal
from deskside.host_desk import Asked, Desk
from deskside.host_inbox import HostInbox
from deskside.host_ports import HostPorts
from deskside.link import Admitted, Answered, Ask
from deskside.notice import Answered as Said
from deskside.notice import NoticeState
from deskside.port import Participant
from deskside.program_link import ProgramLink
from deskside.session import SessionEnd


class HostAsking(SessionEnd):
    """Everything of the host's end that waits for the customer's word."""

    ports_out: HostPorts
    link: ProgramLink
    desk: Desk
    inbox: HostInbox
    notice: NoticeState
    is_admitted: bool
    _is_admitting: bool = False
    _tasks: anyio.abc.TaskGroup | None = None

    @abstractmethod
    def end(self, reason: str = "ended.customer") -> None:
        """End the support."""

    async def ask_for(
        self, plugin: str, features: tuple[str, ...], detail: str, who: Participant | None
    ) -> Grant | Refusal:
        """Ask the customer, if the features need it."""
        del plugin
        for key in features:
            if not self.allows(key):
                return self.desk.incapable.get(key) or Refusal(Gate.CAPABILITY, "refused.not_now")
        if all(self.catalogue.features[key].consent is not Consent.EACH for key in features):
            return Grant(features[0])
        said = await self._put(features, detail, who or self.person(self._agent_id()))
        if said.answer is Answer.YES and set(features) <= said.allowed:
            return Grant(features[0])
        return Refusal(
            Gate.CONSENT, f"refused.consent.{said.answer if said.answer is not Answer.YES else 'no'}"
        )

    def admit(self) -> None:
        """Tell the viewer that the customer agrees to be helped, having asked him once.

        He is asked when it is known what his yes begins.
        """
        if self.is_admitted:
            self.link.say(Admitted())
        elif self.inbox.is_entitled and not self._is_admitting and self._tasks is not None:
            self._is_admitting = True
            self._tasks.start_soon(self._admit)

    async def _admit(self) -> None:
        if self.over.is_set():
            # It was refused at once: the question must not take the place of the reason.
            return
        self.is_admitted = await self.ports_out.admit(self._begins())
        name = "consent_given" if self.is_admitted else "consent_refused"
        self.report("", name, {"feature": "session.connect", "answered_by": "customer"})
        if not self.is_admitted:
            self.end("ended.refused")
            return
        self.admit()
        self.inbox.judge()

    def _begins(self) -> tuple[str, ...]:
        """Return in words what sees, hears or changes this machine without a question of its own."""
        return tuple(
            self.say("", f"{key}.question", {})
            for key, feature in self.catalogue.features.items()
            if feature.indicator and feature.consent is Consent.NEVER
            and isinstance(self.desk.judge(feature), Grant)
        )  # fmt: skip

    def put_question(self, ask: Ask) -> None:
        """Ask the customer for the viewer, and answer it."""
        if self._tasks is None or not all(key in self.catalogue.features for key in ask.features):
            return
        if unsold := [key for key in ask.features if key not in self.desk.licensed]:
            # No viewer of ours asks for that: the customer is not bothered with it.
            for key in unsold:
                self.report("", "feature_refused", {"feature": key, "reason": self.desk.not_sold.reason})
            self.link.say(Answered(ask.id, Answer.NO, ()))
            return
        self._tasks.start_soon(self._answer, ask)

    async def _answer(self, ask: Ask) -> None:
        said = await self._put(ask.features, ask.detail, self.person(ask.who))
        self.inbox.judge()
        self.link.say(Answered(ask.id, said.answer, tuple(sorted(said.allowed))))

    async def _put(self, features: tuple[str, ...], detail: str, who: Participant) -> Said:
        titles = tuple(self.say("", f"{key}.question", {}) for key in features)
        return await self.desk.ask(features, titles, who.name, self.notice.company, detail)

    def _asked(self, asked: Asked) -> None:
        for key in asked.features:
            said = asked.answered.answer
            allowed = said is Answer.YES and key in asked.answered.allowed
            name = (
                "consent_given"
                if allowed
                else f"consent_{'timed_out' if said is Answer.TIMED_OUT else 'refused'}"
            )
            self.report("", name, {"feature": key, "asked_by": asked.who, "answered_by": "customer"})

    def _agent_id(self) -> int:
        return next((one.id for one in self.people.values() if one.role is Role.AGENT), 0)
