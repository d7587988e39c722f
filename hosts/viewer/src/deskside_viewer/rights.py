"""What the gateway says a session may use, and what it hears of what the running session refuses."""

from collections.abc import Mapping, Sequence

from deskside.grants import Gate, Grant, Refusal
from deskside.link import FeatureNow, FeatureState
from deskside.notice import SessionState
from deskside.viewer_ports import Entitlement
from deskside.viewer_session import ViewerSession
from deskside_viewer.gateway import Fields

GATES = frozenset({Gate.CAPABILITY, Gate.AUTHORITY, Gate.CONSENT})
"""Those that are asked in the session; what licence and group say the gateway knows itself."""


def entitlement(given: Fields, before: Entitlement | None) -> Entitlement:
    """Return what the gateway told; what it left out stays as it was."""
    features: Mapping[str, Grant | Refusal] = {
        key: Grant(key, one.get("options", {}))
        if one.get("on")
        else Refusal(Gate(one["gate"]), one["reason"], one.get("values", {}))
        for key, one in given["features"].items()
    }
    return Entitlement(
        licence=given.get("licence") or (before.licence if before else ""),
        entitlement=given["entitlement"],
        label=given.get("label", before.label if before else ""),
        features=features,
    )


def refused(session: ViewerSession) -> Sequence[Fields]:
    """Return what machine, customer or a broken plugin refuse in a support that runs."""
    if session.state is not SessionState.ACTIVE:
        return []
    return [
        {
            "feature": one.key,
            "gate": one.gate or str(Gate.CAPABILITY),
            "reason": one.reason,
            "values": {value.name: value.value for value in one.values},
        }
        for one in session.features.values()
        if _is_of_session(one)
    ]


def _is_of_session(now: FeatureNow) -> bool:
    return now.state is FeatureState.STOPPED or (now.state is FeatureState.REFUSED and now.gate in GATES)
