"""The video of one class: which part of the picture it shows, when it pays, and who encodes it."""

from collections.abc import Callable, Collection
from functools import partial

import numpy as np
from attrs import define, field

from deskside_screen.messages import Piece, VideoCodec
from deskside_screen.moving import Moving, Seek
from deskside_screen.tiles import Block, Box, Marks, Picture, photo_tiles
from deskside_screen.video import Film, film_for

FILM_FIRST = VideoCodec.H264, VideoCodec.VP9, VideoCodec.H264_FULL
TEXT_FIRST = VideoCodec.H264_FULL, VideoCodec.H264, VideoCodec.VP9


@define(eq=False)
class Reel:
    """Without a film nothing is looked for."""

    moving: Moving
    film: Film | None = None
    _failed: set[VideoCodec] = field(factory=set)
    """Codecs that this machine turned out not to encode."""

    def choose(self, decodable: Collection[VideoCodec]) -> None:
        """Use what pages can decode from now on, if there is any."""
        if self.film is not None and self.film.is_broken:
            self._failed.add(self.film.codec)
        order = TEXT_FIRST if self.moving.has_text else FILM_FIRST
        self.film = film_for(
            [one for one in order if one in decodable and one not in self._failed], self.film
        )
        if self.film is None:
            self.moving.clear()

    def begin(self) -> None:
        """Begin anew: the pages know nothing."""
        self.moving.clear()
        self.renew()

    def renew(self) -> None:
        """Begin the video anew: a page lacks a picture of it."""
        if self.film is not None:
            self.film.lose()

    def now(self, picture: Picture, changed: Marks, now: float) -> Box | None:
        """Return the box to be sent as video now, given the tiles that have changed since the last."""
        if self.film is None or self.moving.box is None:
            return None
        block, mine = Block.around(self.moving.box), np.zeros_like(changed)
        block.of(mine)[:] = block.of(changed)
        return self.moving.box if self.moving.goes_on(photo_tiles(picture, mine), now) else None

    def encoder(self, box: Box, quality: int, room_bytes: int) -> Callable[[Picture], list[Piece]] | None:
        """Return what encodes the next picture of the video."""
        if self.film is None:
            return None
        number = self.film.promise()
        return partial(self.film.encode, box=box, quality=quality, room_bytes=room_bytes, number=number)

    def note(self, picture: Picture, marks: Marks, photo: Marks, now: float, seek: Seek) -> None:
        """Note the tiles that changed and that nothing explains, and those of them that look like photos."""
        if self.film is not None:
            self.moving.note(picture, photo, marks, now, seek)
