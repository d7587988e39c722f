"""The host's side of permits: ask the viewer before each transfer, settle after it."""

import secrets

import anyio
from attrs import define, field

from deskside.api import Channel, Participant
from deskside_file_transfer.messages import NoneOpen, Permit, Reason, Settle, WantPermit

ASK_AGAIN_S = 20
"""A viewer that was killed just after it was asked has forgotten the question."""


@define(eq=False)
class Permits:
    """One direction's permits."""

    _channel: Channel
    _answers: dict[int, Reason | None] = field(factory=dict)
    _waiting: dict[int, anyio.Event] = field(factory=dict)

    async def begin(self) -> None:
        """Tell the viewer, before anything is asked, that older permits are void."""
        await self._channel.send(NoneOpen())

    async def run(self) -> None:
        """Take answers until the channel ends."""
        async for received in self._channel:
            match received.message:
                case Permit(permit=permit, refusal=refusal) if permit in self._waiting:
                    self._answers[permit] = refusal
                    self._waiting[permit].set()

    async def ask(self, sender: Participant, name: str, size: int) -> tuple[int, Reason | None]:
        """Return the number of a permit, and the reason if it was refused."""
        permit = secrets.randbelow(2**52) + 1
        answered = self._waiting[permit] = anyio.Event()
        try:
            while not answered.is_set():
                await self._channel.send(WantPermit(permit, sender.id, name, size))
                with anyio.move_on_after(ASK_AGAIN_S):
                    await answered.wait()
            return permit, self._answers.pop(permit)
        finally:
            del self._waiting[permit]
            self._answers.pop(permit, None)

    async def settle(self, permit: int, moved: int) -> None:
        """Tell the viewer that a transfer is over."""
        await self._channel.send(Settle(permit, moved))
