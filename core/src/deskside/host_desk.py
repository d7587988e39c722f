"""The customer's say on the host: what was entitled, asked, answered, stopped and paused."""

from collections.abc import Awaitable, Callable, Mapping

import anyio
from attrs import define, field, frozen

from deskside.catalogue import Catalogue
from deskside.declare import Consent, Feature
from deskside.grants import Answer, Ask, Decision, Facts, Gate, Refusal, decide
from deskside.licence import not_sold
from deskside.link import FeatureNow, FeatureState
from deskside.notice import Answered, Line, Question

MOST_QUESTIONS = 5


@frozen
class Asked:
    """What a question was about, for the record."""

    features: tuple[str, ...]
    who: str
    answered: Answered


@define(eq=False)
class Desk:
    """Judges for this machine; the viewer's word is never enough."""

    catalogue: Catalogue
    consent: Callable[[Question], Awaitable[Answered]]
    noted: Callable[[Asked], None]
    licensed: frozenset[str] = frozenset()
    not_sold: Refusal = field(factory=lambda: not_sold(None))
    incapable: Mapping[str, Refusal] = field(factory=dict)
    answers: dict[str, Answer] = field(factory=dict)
    paused: set[str] = field(factory=set)
    stopped: set[str] = field(factory=set)
    """Features without a question that the customer has stopped."""
    _one_at_a_time: anyio.Lock = field(factory=anyio.Lock)
    _waiting: int = 0
    _count: int = 0

    def judge(self, feature: Feature) -> Decision:
        """Ask the gates this machine can ask by itself."""
        facts = Facts(
            licensed=self.licensed,
            not_sold=self.not_sold,
            switched_on=self.licensed,
            incapable=self.incapable,
            answers=self.answers,
            vetoes={key: Refusal(Gate.AUTHORITY, "refused.stopped") for key in self.stopped},
        )
        return decide(feature, facts)

    def agreed(self, told: FeatureNow) -> FeatureNow | None:
        """Return what runs here of what the viewer says; None if this machine does not agree."""
        feature = self.catalogue.features.get(told.key)
        if feature is None:
            return None
        decision = self.judge(feature)
        if (
            told.state is FeatureState.ON
            and feature.consent is not Consent.EACH
            and isinstance(decision, Ask)
        ):
            return None
        if told.state in (FeatureState.ON, FeatureState.READY) and isinstance(decision, Refusal):
            return None
        is_paused = told.key in self.paused
        return FeatureNow(told.key, told.state, told.gate, told.reason, told.values, is_paused)

    def is_unanswered(self, key: str) -> bool:
        """Tell whether a feature lacks the customer's yes, such as one that an earlier process was given."""
        feature = self.catalogue.features.get(key)
        if feature is None or feature.consent is Consent.EACH:
            return False
        return key in self.stopped or isinstance(self.judge(feature), Ask)

    async def ask(
        self, features: tuple[str, ...], titles: tuple[str, ...], who: str, company: str, detail: str
    ) -> Answered:
        """Put a question to the customer; too many at once are a no."""
        if self._waiting >= MOST_QUESTIONS:
            return Answered(Answer.NO)
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                self._count += 1
                question = Question(
                    id=self._count,
                    who=who,
                    company=company,
                    features=features,
                    titles=titles,
                    detail=detail,
                    is_once=all(self.catalogue.features[key].consent is Consent.EACH for key in features),
                )
                answered = await self.consent(question)
        finally:
            self._waiting -= 1
        self._keep(features, answered)
        self.noted(Asked(features, who, answered))
        return answered

    def take_back(self, keys: tuple[str, ...]) -> None:
        """Note that the customer stops features."""
        for key in keys:
            feature = self.catalogue.features.get(key)
            if feature is None:
                continue
            if self.answers.pop(key, None) is None and feature.consent is Consent.NEVER:
                self.stopped.add(key)

    def forget(self, keys: tuple[str, ...]) -> None:
        """Forget answers: the agent has switched these off."""
        for key in keys:
            self.answers.pop(key, None)

    def falls_with(self, key: str) -> tuple[str, ...]:
        """Return consented features that need a service of a paused feature's plugin."""
        owner = self.catalogue.features[key].owner
        provides = set(self.catalogue.owners[owner].info.provides)
        return tuple(
            other.key
            for other in self.catalogue.features.values()
            if other.consent is Consent.ONCE and provides & set(other.needs) and other.key in self.answers
        )

    def lines(self, features: Mapping[str, FeatureNow], title: Callable[[str], str]) -> tuple[Line, ...]:
        """Return the lines of the notice window: what sees, hears or changes this machine."""
        return tuple(
            Line(key, title(key), can_stop=True, is_paused=key in self.paused, can_pause=feature.can_pause)
            for key, feature in self.catalogue.features.items()
            if feature.indicator and key in features and features[key].state is FeatureState.ON
        )

    def _keep(self, features: tuple[str, ...], answered: Answered) -> None:
        for key in features:
            is_yes = answered.answer is Answer.YES and key in answered.allowed
            if is_yes:
                self.stopped.discard(key)
            if self.catalogue.features[key].consent is Consent.ONCE:
                self.answers.pop(key, None)
                if is_yes:
                    self.answers[key] = Answer.YES
