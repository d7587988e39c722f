"""The viewer's judgement: who may use what in this session, and what the customer said."""

from typing import TYPE_CHECKING

import anyio
from attrs import define, field

from deskside.declare import ChannelSpec, Consent, Ends, Feature, Role
from deskside.grants import Answer, Decision, Facts, Gate, Grant, Refusal, decide
from deskside.grants import Ask as MustAsk
from deskside.link import Answered, Ask, FeatureNow, Features, FeatureState, Outcome, Value
from deskside.notice import QUESTION_S, SessionState

if TYPE_CHECKING:
    from deskside.viewer_session import ViewerSession

ANSWER_S = QUESTION_S + 15
"""The host's own limit ends a question first, unless the line is lost."""
MOST_WAITING = 16


@define(eq=False)
class _Pending:
    done: anyio.Event = field(factory=anyio.Event)
    answered: Answered | None = None


@define(eq=False)
class Grants:
    """Judges by the five gates for host and pages."""

    session: "ViewerSession"
    failed: dict[str, str] = field(factory=dict)
    """Plugins that were stopped, on either side, and why."""
    paused: set[str] = field(factory=set)
    _pending: dict[int, _Pending] = field(factory=dict)
    _count: int = 0

    def judge(self) -> None:
        """Decide every feature anew, start and stop plugins, and tell everyone."""
        session = self.session
        session.now_on({key: self._now(feature) for key, feature in session.catalogue.features.items()})
        session.let_run()
        session.link.say(Features(tuple(session.features.values())))
        for page in session.pages.values():
            page.say(self.for_page(page.role))
        session.ports_out.changed()

    def for_page(self, role: Role) -> Features:
        """Return the features as a page of this role may use them."""
        if role is Role.AGENT:
            return Features(tuple(self.session.features.values()))
        return Features(tuple(self._for_role(one, role) for one in self.session.features.values()))

    async def get(self, features: tuple[str, ...], detail: str, who: int, id: int = 1) -> Outcome:  # noqa: A002
        """Get features granted, asking the customer if need be."""
        unknown = [key for key in features if key not in self.session.catalogue.features]
        if unknown:
            return _refused(id, Refusal(Gate.CAPABILITY, "refused.absent.viewer"))
        decisions = {key: self._decide(self.session.catalogue.features[key]) for key in features}
        for decision in decisions.values():
            if isinstance(decision, Refusal):
                return _refused(id, decision)
        to_ask = tuple(key for key, decision in decisions.items() if isinstance(decision, MustAsk))
        if to_ask:
            refusal = await self._ask(to_ask, detail, who)
            self.judge()
            granted = tuple(key for key in features if self.session.allows(key))
            if refusal is not None and not granted:
                return _refused(id, refusal)
            return Outcome(id, granted, "", "", ())
        return Outcome(id, features, "", "", ())

    def answered(self, answered: Answered) -> None:
        """Take the customer's answer."""
        pending = self._pending.get(answered.id)
        if pending is not None:
            pending.answered = answered
            pending.done.set()

    def take_back(self, features: tuple[str, ...], by: str) -> None:
        """Withdraw grants."""
        memory = self.session.memory
        for key in features:
            had = memory.answers.pop(key, None)
            feature = self.session.catalogue.features.get(key)
            if had is not None and by:
                self.session.report("", "feature_withdrawn", {"feature": key, "by": by})
            if not by and feature is not None and had is None and key not in memory.stopped:
                memory.stopped.append(key)
        self.judge()

    def set_paused(self, feature: str, *, is_paused: bool) -> None:
        """Take the host's word that a feature is paused, or no longer."""
        (self.paused.add if is_paused else self.paused.discard)(feature)
        self.judge()
        if self.session.state is SessionState.ACTIVE:
            self.session.become(SessionState.ACTIVE)

    async def _ask(self, features: tuple[str, ...], detail: str, who: int) -> Refusal | None:
        if len(self._pending) >= MOST_WAITING or not self.session.link.roads:
            return Refusal(Gate.CONSENT, "refused.not_now")
        self._count += 1
        pending = self._pending[self._count] = _Pending()
        number = self._count
        self.session.link.say(Ask(number, who, features, detail[:200]))
        try:
            with anyio.move_on_after(ANSWER_S):
                await pending.done.wait()
        finally:
            del self._pending[number]
        said = pending.answered
        if said is None or said.answer is not Answer.YES:
            answer = Answer.TIMED_OUT if said is None else said.answer
            return Refusal(Gate.CONSENT, f"refused.consent.{answer}")
        memory = self.session.memory
        for key in features:
            if key in said.allowed:
                memory.answers[key] = Answer.YES
                if key in memory.stopped:
                    memory.stopped.remove(key)
                self.session.report("", "feature_granted", {"feature": key})
        await self.session.save()
        return None if set(features) <= set(said.allowed) else Refusal(Gate.CONSENT, "refused.consent.no")

    def _now(self, feature: Feature) -> FeatureNow:
        if feature.owner in self.failed:
            return FeatureNow(feature.key, FeatureState.STOPPED, reason=self.failed[feature.owner])
        decision = self._decide(feature)
        is_paused = feature.key in self.paused
        if isinstance(decision, Refusal):
            return refused_now(feature.key, decision)
        if isinstance(decision, Grant):
            return FeatureNow(feature.key, FeatureState.ON, is_paused=is_paused)
        state = FeatureState.READY if feature.consent is Consent.EACH else FeatureState.ASK
        return FeatureNow(feature.key, state, is_paused=is_paused)

    def _decide(self, feature: Feature) -> Decision:
        session = self.session
        if feature.key in session.memory.stopped:
            return MustAsk(feature.key)
        said = session.entitlement.features.get(feature.key)
        if isinstance(said, Refusal):
            return said
        known = frozenset(session.entitlement.features)
        facts = Facts(
            licensed=known,
            switched_on=known,
            incapable=self._incapable(feature),
            answers={key: Answer(one) for key, one in session.memory.answers.items()},
            options=session.option_values,
        )
        return decide(feature, facts)

    def _incapable(self, feature: Feature) -> dict[str, Refusal]:
        """Say what cannot work now; without a host, everything but what pages and viewer do alone."""
        session = self.session
        found: Refusal | None
        if any(spec.ends is Ends.VIEWER_PAGE for spec in self._roads(feature.key)):
            found = session.unmet.get(feature.key)
        elif session.agreement is None or session.memory.kind == "chat":
            found = Refusal(Gate.CAPABILITY, "refused.absent.customer")
        elif not session.memory.began:
            found = Refusal(Gate.CAPABILITY, "refused.not_yet")
        else:
            found = session.agreement.incapable.get(feature.key)
        return {} if found is None else {feature.key: found}

    def _roads(self, key: str) -> list[ChannelSpec]:
        """Return a feature's channels; one that has none goes with the channels of what it requires."""
        catalogue = self.session.catalogue
        own = [spec for spec in catalogue.channels.values() if spec.feature == key]
        needed = catalogue.features[key].requires
        return own or [spec for spec in catalogue.channels.values() if spec.feature in needed]

    def _for_role(self, now: FeatureNow, role: Role) -> FeatureNow:
        if any(role in spec.senders for spec in self._roads(now.key)):
            return now
        if now.state in (FeatureState.REFUSED, FeatureState.STOPPED):
            return now
        return refused_now(now.key, Refusal(Gate.AUTHORITY, f"refused.role.{role}"))


def refused_now(key: str, refusal: Refusal) -> FeatureNow:
    """Return the state of a feature that was refused."""
    values = tuple(Value(name[:64], str(value)[:200]) for name, value in refusal.values.items())
    return FeatureNow(key, FeatureState.REFUSED, str(refusal.gate), refusal.reason, values[:20])


def _refused(id: int, refusal: Refusal) -> Outcome:  # noqa: A002
    values = tuple(Value(name, str(value)[:200]) for name, value in refusal.values.items())
    return Outcome(id, (), str(refusal.gate), refusal.reason, values)
