"""Which video all pages that look can decode. Pure."""

from collections.abc import Mapping

from attrs import define, field

from deskside.api import Participant, Role
from deskside_screen.messages import VideoCodec

LOOKING = frozenset((Role.AGENT, Role.OBSERVER))
KEY_GAP_S = 0.5
"""Pages may ask for key pictures no more often than this."""


@define(eq=False)
class Audience:
    """What pages have said of themselves; one that has said nothing decodes nothing."""

    _said: dict[int, frozenset[VideoCodec]] = field(factory=dict)
    _key_at: float = float("-inf")

    def says(self, page: int, codecs: tuple[VideoCodec, ...]) -> None:
        """Take a page's word."""
        self._said[page] = frozenset(codecs)

    def decodes(self, people: Mapping[int, Participant]) -> frozenset[VideoCodec]:
        """Return what every page that is there decodes; nobody knows which class it is in."""
        present = [one for one, person in people.items() if person.present and person.role in LOOKING]
        self._said = {one: self._said[one] for one in present if one in self._said}
        found = [self._said.get(one, frozenset()) for one in present]
        return frozenset.intersection(*found) if found else frozenset()

    def may_have_key(self, now: float) -> bool:
        """Tell whether a key picture may be made now because a page asks, and take it as made."""
        if now < self._key_at + KEY_GAP_S:
            return False
        self._key_at = now
        return True
