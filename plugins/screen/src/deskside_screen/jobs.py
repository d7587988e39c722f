"""What is to be encoded for a class, and how it is taken back. Pure."""

from collections.abc import Callable

from attrs import frozen

from deskside_screen.encode import Look
from deskside_screen.memory import Places
from deskside_screen.messages import Piece
from deskside_screen.tiles import Block, Box, Marks, Picture


@frozen
class Job:
    """A block to encode, and which of its pixels; or a piece that is ready."""

    block: Block
    box: Box
    look: Look
    before: Picture | None = None
    """What the box held, for the case that this does not leave."""
    was_lossy: Marks | None = None
    piece: Piece | None = None
    places: Places | None = None
    """Tiles to keep or to recall."""
    film: Callable[[Picture], list[Piece]] | None = None
    """Encodes it as the next picture of a video."""
