"""Gives everyone a colour of his own, which stays his when the viewer is restarted."""

from deskside.api import PluginSession, hookimpl
from deskside_drawing.messages import BOARD, Pen, WantPen
from deskside_drawing.pens import Pens


@hookimpl
async def deskside_run_session(session: PluginSession) -> None:
    """Answer the host, which asks once for every person."""
    if not session.allows(BOARD):
        return
    pens = Pens() if session.resumed is None else Pens.restore(session.resumed)
    async with session.open("pens") as channel:
        async for received in channel:
            match received.message:
                case WantPen(participant) if participant == 0 or participant in session.participants:
                    pens.keep_only(session.participants)
                    colour = pens.of(participant)
                    await session.checkpoint(pens.state())
                    await channel.send(Pen(participant, colour))
