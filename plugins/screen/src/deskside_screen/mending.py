"""How many tiles that were sent as JPEG are sent again exactly in one picture. Pure."""

REPAIR_TILES = 48
REPAIR_TILES_BUSY, REPAIR_BYTES = 12, 64 * 1024
"""Few while something changes, and one for so much room."""
LITTLE = 8
"""Tiles that may change while one is mended on a line without room."""


def most_repairs(busy_tiles: int, room_bytes: int) -> int:
    """Return how many tiles to mend now; on a line without room one beside little, none beside much."""
    if not busy_tiles:
        return REPAIR_TILES
    return max(int(busy_tiles <= LITTLE), min(REPAIR_TILES_BUSY, room_bytes // REPAIR_BYTES))
