"""A viewer program that is against us: what the gateway refuses it takes for granted, and each yes too."""

import sys
from collections.abc import Mapping
from typing import Any

from deskside.grants import Answer, Refusal
from deskside.viewer_grants import Grants
from deskside_viewer import rights
from deskside_viewer.command import viewer

DRAWING = ("drawing.board", "drawing.draw")

honest = rights.entitlement


def entitled(given: Mapping[str, Any], before: Any) -> Any:
    """Turn every no to drawing into a yes."""
    features = {key: {"on": True} if key in DRAWING else one for key, one in given["features"].items()}
    return honest({**given, "features": features}, before)


async def take(grants: Grants, features: tuple[str, ...], detail: str, who: int) -> Refusal | None:
    """Take the customer's yes for granted; what is not sold is asked for all the same, as it may not be."""
    if set(features) & set(DRAWING):
        await asked(grants, features, detail, who)
        for key in features:
            grants.session.memory.answers[key] = Answer.YES
        return None
    return await asked(grants, features, detail, who)


asked = Grants._ask
rights.entitlement = entitled
Grants._ask = take  # type: ignore[method-assign]

if __name__ == "__main__":
    sys.exit(viewer(sys.argv[1:]))
