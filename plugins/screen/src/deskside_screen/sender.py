"""Encodes what a class is to be sent and hands it over in messages of bounded size."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from attrs import define, field, frozen

from deskside_screen.capture import Layout
from deskside_screen.encode import encode
from deskside_screen.flow import Shown
from deskside_screen.jobs import Job
from deskside_screen.messages import MOST_PIECES, Frame, Packing, Piece, Tiles
from deskside_screen.plain import plain
from deskside_screen.stream import MOST_PIXELS as INLINE_PIXELS
from deskside_screen.stream import Stream, loose
from deskside_screen.tiles import Picture

AHEAD = 3
"""Pieces being encoded while one is handed over."""
BATCH_BYTES = 64 * 1024
LEAST_BATCH_BYTES = 2 * 1024
BATCH_S = 0.015
"""How long a message takes at most on a line whose rate is known, so that several are on their way."""


class Need(Protocol):
    """What a quality class can take."""

    @property
    def room_bytes(self) -> int:
        """Return how much may be on its way now."""

    @property
    def refresh(self) -> bool:
        """Tell whether somebody waits for a new beginning."""

    @property
    def rate_bytes_s(self) -> float:
        """Return what the line has carried lately, 0 if that is not known."""


class Outlet(Protocol):
    """The session's side, called from the camera's thread."""

    @property
    def needs(self) -> Mapping[int, Need]:
        """Return the classes that may be sent to now; none while paused."""

    def offer(self, message: Frame | Tiles, quality: int, taken_at: float) -> bool:
        """Send if there is room, nobody has paused, and the picture is not too old."""

    def show_layout(self, layout: Layout, number: int) -> None:
        """Tell what there is to look at, and what is shown."""


Encoded = tuple[Job, Piece]


@frozen
class Shot:
    """The newest picture."""

    picture: Picture
    monitor: int
    taken_at: float
    size: tuple[int, int] = (0, 0)
    """Of the desktop, in its own pixels."""
    scale: int = 1
    is_plain: bool = False
    """Whether nothing is to be compressed."""


@define(eq=False)
class Sender:
    """Never waits for room: what is refused goes back to where it came from."""

    outlet: Outlet
    pool: ThreadPoolExecutor
    clock: Callable[[], float]
    _sequence: int = 0
    _streams: dict[int, Stream] = field(factory=dict)
    """Of each class."""

    def begin(self, shown: Shown, shot: Shot, quality: int) -> bool:
        """Void what a class shows; tell if that has left."""
        frame = Frame(self._sequence, *shot.size, shot.monitor, shot.scale)
        if not self.outlet.offer(frame, quality, shot.taken_at):
            return False
        shown.begin()
        self._streams[quality] = Stream()
        return True

    def send(self, shown: Shown, shot: Shot, quality: int, jobs: Iterator[Job]) -> None:
        """Encode jobs and hand them over until all have left or there is no more room."""
        self._sequence += 1
        most = batch_for(self.outlet.needs.get(quality))
        waiting: deque[tuple[Job, Future[list[Piece]] | list[Piece]]] = deque()
        batch: list[Encoded] = []
        begun: Job | None = None
        stream = self._streams.setdefault(quality, Stream())
        mark = stream.mark()
        for job, piece in self._encoded(shot, jobs, waiting):
            if _is_full(batch, piece, most):
                if not self._offer(batch, shot, quality, is_last=False):
                    stream.back_to(mark)
                    refused = [one for one, _ in batch] + [job] + [one for one, _ in waiting]
                    shown.returned(refused, begun)
                    return
                begun, batch, mark = batch[-1][0], [], stream.mark()
            batch.append((job, stream.packed(piece) if piece.packing is Packing.STREAM else piece))
        if batch and not self._offer(batch, shot, quality, is_last=True):
            stream.back_to(mark)
            shown.returned([one for one, _ in batch], begun)

    def _offer(self, batch: list[Encoded], shot: Shot, quality: int, *, is_last: bool) -> bool:
        host_ms = (self.clock() - shot.taken_at) * 1000
        message = Tiles(self._sequence, tuple(piece for _, piece in batch), is_last, max(0.0, host_ms))
        return self.outlet.offer(message, quality, shot.taken_at)

    def _encoded(
        self,
        shot: Shot,
        jobs: Iterator[Job],
        waiting: deque[tuple[Job, Future[list[Piece]] | list[Piece]]],
    ) -> Iterator[Encoded]:
        """Yield pieces in order while the next ones are being encoded."""
        pack, picture = plain if shot.is_plain else encode, shot.picture
        for job in jobs:
            if job.piece is not None:
                waiting.append((job, [job.piece]))
            elif job.film is not None:
                waiting.append((job, self.pool.submit(job.film, shot.picture)))
            elif job.box.width * job.box.height <= INLINE_PIXELS:
                waiting.append((job, _small(shot, job)))
            else:
                waiting.append((job, self.pool.submit(pack, picture, job.box, job.look)))
            if len(waiting) > AHEAD:
                yield from _next(waiting)
        while waiting:
            yield from _next(waiting)


def _small(shot: Shot, job: Job) -> list[Piece]:
    if shot.is_plain:
        return plain(shot.picture, job.box)
    if job.look.is_exact:
        return [loose(shot.picture, job.box)]
    return encode(shot.picture, job.box, job.look)


def batch_for(need: Need | None) -> int:
    """Return how large a message may be."""
    if need is None:
        return BATCH_BYTES
    share = need.rate_bytes_s * BATCH_S if need.rate_bytes_s else need.room_bytes / 2
    return int(min(BATCH_BYTES, max(LEAST_BATCH_BYTES, share)))


def _next(waiting: deque[tuple[Job, Future[list[Piece]] | list[Piece]]]) -> Iterator[Encoded]:
    job, pieces = waiting.popleft()
    for piece in pieces.result() if isinstance(pieces, Future) else pieces:
        yield job, piece


def _is_full(batch: list[Encoded], more: Piece, most_bytes: int) -> bool:
    size = sum(len(piece.data) for _, piece in batch)
    return bool(batch) and (size + len(more.data) > most_bytes or len(batch) >= MOST_PIECES)
