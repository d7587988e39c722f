"""The five gates: all must agree, and the first "no" says who and why."""

from collections.abc import Mapping

import pytest
from attrs import evolve

from deskside.api import Consent, Feature, Grant, Refusal, Role
from deskside.grants import Answer, Ask, Facts, Gate, decide

DRAW = Feature(key="drawing.draw", consent=Consent.ONCE)
WATCH = Feature(key="screen.watch")
ALL = frozenset({"drawing.draw", "screen.watch"})
FINE = Facts(
    licensed=ALL,
    switched_on=ALL,
    answers={"drawing.draw": Answer.YES},
    options={"drawing.draw": {"width": 3}},
)
CANNOT = Refusal(Gate.CAPABILITY, "refused.absent.host")
VETO = Refusal(Gate.AUTHORITY, "refused.paused")


def test_when_all_agree_the_grant_carries_the_options_in_force() -> None:
    assert decide(DRAW, FINE) == Grant("drawing.draw", {"width": 3})


@pytest.mark.parametrize(
    ("change", "gate", "reason"),
    [
        ({"licensed": frozenset()}, Gate.LICENCE, "refused.licence.unnamed"),
        ({"switched_on": frozenset()}, Gate.GROUP, "refused.group"),
        ({"incapable": {"drawing.draw": CANNOT}}, Gate.CAPABILITY, "refused.absent.host"),
        ({"role": Role.OBSERVER}, Gate.AUTHORITY, "refused.role.observer"),
        ({"vetoes": {"drawing.draw": VETO}}, Gate.AUTHORITY, "refused.paused"),
        ({"answers": {"drawing.draw": Answer.NO}}, Gate.CONSENT, "refused.consent.no"),
        ({"answers": {"drawing.draw": Answer.TIMED_OUT}}, Gate.CONSENT, "refused.consent.timed_out"),
    ],
)
def test_each_gate_alone_refuses_with_its_name(change: Mapping[str, object], gate: Gate, reason: str) -> None:
    decision = decide(DRAW, evolve(FINE, **change))

    assert isinstance(decision, Refusal)
    assert (decision.gate, decision.reason) == (gate, reason)


def test_the_first_gate_that_refuses_is_the_one_that_is_named() -> None:
    nothing = Facts(licensed=frozenset(), switched_on=frozenset(), answers={"drawing.draw": Answer.NO})

    decision = decide(DRAW, nothing)

    assert isinstance(decision, Refusal)
    assert decision.gate is Gate.LICENCE


def test_without_an_answer_the_customer_is_asked() -> None:
    assert decide(DRAW, evolve(FINE, answers={})) == Ask("drawing.draw")


def test_a_feature_without_consent_never_asks() -> None:
    assert decide(WATCH, evolve(FINE, answers={})) == Grant("screen.watch")


def test_a_feature_that_asks_each_time_does_not_live_on_an_earlier_yes() -> None:
    each = evolve(DRAW, consent=Consent.EACH)

    assert decide(each, FINE) == Ask("drawing.draw")
    assert isinstance(decide(each, evolve(FINE, answer_now=Answer.YES)), Grant)
    assert isinstance(decide(each, evolve(FINE, answer_now=Answer.NO)), Refusal)
