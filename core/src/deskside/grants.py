"""The five gates: licence, group, capability, authority, consent. Pure.

A feature runs only if all agree. Each "no" says who refused and why, as a text key with values; it
travels unchanged to the greyed button, the panel and the log.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum

from attrs import field, frozen

from deskside.declare import Consent, Feature, Role


class Gate(StrEnum):
    """Who can refuse, in the order they are asked."""

    LICENCE = "licence"
    GROUP = "group"
    CAPABILITY = "capability"
    AUTHORITY = "authority"
    CONSENT = "consent"


@frozen
class Refusal:
    """A "no": the gate that said it and the text key of its reason."""

    gate: Gate
    reason: str
    values: Mapping[str, str] = field(factory=dict)


@frozen
class Grant:
    """A "yes", with the option values in force."""

    feature: str
    options: Mapping[str, object] = field(factory=dict)


@frozen
class Ask:
    """Neither yet: the customer has to be asked."""

    feature: str


Decision = Grant | Refusal | Ask


class Answer(StrEnum):
    """What the customer said."""

    YES = "yes"
    NO = "no"
    TIMED_OUT = "timed_out"


@frozen(kw_only=True)
class Facts:
    """What the gates judge by, for one participant at one moment."""

    licensed: frozenset[str]
    """Features that the entitlement names."""
    not_sold: Refusal = Refusal(Gate.LICENCE, "refused.licence.unnamed")
    """What the licence in force says to the others."""
    switched_on: frozenset[str]
    """Features that the group, and where it leaves the choice the user, has on."""
    incapable: Mapping[str, Refusal] = field(factory=dict)
    """Features that one side cannot do, with its reason."""
    role: Role = Role.AGENT
    vetoes: Mapping[str, Refusal] = field(factory=dict)
    """What plugins' authority hooks refused."""
    answers: Mapping[str, Answer] = field(factory=dict)
    """What the customer said in this session: stands for features that ask once."""
    answer_now: Answer | None = None
    """What the customer said to this very use: all that counts for features that ask each time."""
    options: Mapping[str, Mapping[str, object]] = field(factory=dict)


def licensed(feature: Feature, facts: Facts) -> Refusal | None:
    """Ask the licence."""
    return None if feature.key in facts.licensed else facts.not_sold


def switched_on(feature: Feature, facts: Facts) -> Refusal | None:
    """Ask the group, and the user where it leaves the choice."""
    return None if feature.key in facts.switched_on else Refusal(Gate.GROUP, "refused.group")


def capable(feature: Feature, facts: Facts) -> Refusal | None:
    """Ask what both sides can do."""
    return facts.incapable.get(feature.key)


def authorised(feature: Feature, facts: Facts) -> Refusal | None:
    """Ask whether this participant may."""
    if facts.role is not Role.AGENT:
        return Refusal(Gate.AUTHORITY, f"refused.role.{facts.role}")
    return facts.vetoes.get(feature.key)


def consented(feature: Feature, facts: Facts) -> Refusal | None:
    """Ask what the customer has said."""
    answer = answer_of(feature, facts)
    if feature.consent is Consent.NEVER or answer is None or answer is Answer.YES:
        return None
    return Refusal(Gate.CONSENT, f"refused.consent.{answer}")


def answer_of(feature: Feature, facts: Facts) -> Answer | None:
    """Return the customer's answer that counts, if there is one."""
    return facts.answer_now if feature.consent is Consent.EACH else facts.answers.get(feature.key)


GATES: tuple[Callable[[Feature, Facts], Refusal | None], ...] = (
    licensed,
    switched_on,
    capable,
    authorised,
    consented,
)


def decide(feature: Feature, facts: Facts) -> Decision:
    """Ask each gate in turn; the first refusal stands."""
    for gate in GATES:
        if refusal := gate(feature, facts):
            return refusal
    if feature.consent is not Consent.NEVER and answer_of(feature, facts) is None:
        return Ask(feature.key)
    return Grant(feature.key, facts.options.get(feature.key, {}))
