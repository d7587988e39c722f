"""What running supports refuse, as their viewers tell it: judged here, since a viewer may be anybody's."""

import re
from collections.abc import Collection, Mapping

from attrs import frozen

from deskside.grants import Gate, Refusal
from deskside_gateway.given import Given
from deskside_gateway.hub import Hub

MOST = 500
MOST_VALUES = 20
LONGEST_VALUE = 200
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
GATES = (Gate.CAPABILITY, Gate.AUTHORITY, Gate.CONSENT)


@frozen
class LiveRefusals:
    """What the panel reads of it."""

    _hub: Hub

    def of(self, session: str) -> Mapping[str, Refusal]:
        """Return what a support refuses right now, by feature; nothing of one that nobody holds."""
        return self._hub.refused.get(session, {})


def read(given: Given, known: Collection[str]) -> dict[str, Refusal]:
    """Return the refusals in a viewer's call, of features that are known here.

    :raises Refused: if they are none
    """
    found = (Given(one) for one in given.items("refused", MOST) if isinstance(one, dict))
    named = {one.text("feature", 81): one for one in found}
    return {key: _refusal(one) for key, one in named.items() if key in known}


def _refusal(one: Given) -> Refusal:
    reason = one.text("reason", 100)
    values = list(one.inner("values").fields.items())[:MOST_VALUES]
    return Refusal(
        Gate(one.choice("gate", GATES)),
        reason if KEY.fullmatch(reason) else "refused.not_now",
        {str(key)[:64]: str(value)[:LONGEST_VALUE] for key, value in values},
    )
