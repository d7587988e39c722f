"""How the picture is made: what the agent chooses, and what follows from it. Pure."""

from collections.abc import Mapping

from attrs import evolve, fields, frozen

from deskside_screen.colours import Sight
from deskside_screen.messages import ChoosePicture, Colours, Detection, Network, PictureNow

REDUCED_QUALITY = 60
"""Of photos in fewer colours, of which nobody chooses the quality."""
SLOW_BYTES_S = 500_000
LOWER_QUALITY: Mapping[int, int] = {1: 0, 2: 15, 3: 30}
LOWER_WHEN_SLOW = 15
WORST_QUALITY = 25
CHOICES = [one.name for one in fields(ChoosePicture)]


@frozen
class Settings:
    """Read by the camera's thread before each picture, replaced by the loop."""

    quality: int = 80
    least_gap_s: float = 1 / 30
    network: Network = Network.NORMAL
    detection: Detection = Detection.FAST
    colours: Colours = Colours.TRUE
    scale: int = 1

    @property
    def sight(self) -> Sight:
        """Return how the desktop is looked at."""
        return Sight(self.colours, self.scale)

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing is to be compressed."""
        return self.network is Network.FAST

    @property
    def photo_quality(self) -> int:
        """Return the quality of photos while they move."""
        return self.quality if self.colours is Colours.TRUE else REDUCED_QUALITY

    def chosen(self, wish: ChoosePicture) -> "Settings":
        """Return them with what somebody has chosen."""
        wanted = {name: getattr(wish, name) for name in CHOICES}
        return evolve(self, **{name: value for name, value in wanted.items() if value is not None})

    def told(self) -> PictureNow:
        """Return them as pages are told."""
        return PictureNow(self.network, self.detection, self.colours, self.scale, self.quality)


def quality_for(wanted: int, quality_class: int, rate_bytes_s: float) -> int:
    """Return the JPEG quality for a class on a line of this rate; 0 is not measured yet."""
    slow = LOWER_WHEN_SLOW if 0 < rate_bytes_s < SLOW_BYTES_S else 0
    return max(WORST_QUALITY, wanted - LOWER_QUALITY[quality_class] - slow)
