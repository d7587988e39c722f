"""Plugins that misbehave when poked, written as a third party would write them."""

from live.shelf import Shelf

MESSAGES = """
    from deskside.api import Length, Message, field, frozen

    @frozen
    class Poke(Message):
        pass

    @frozen
    class Told(Message):
        text: str = field(validator=Length(80))
"""
DECLARES = """
    from deskside.api import ChannelSpec, Ends, Feature, PluginInfo, Side, hookimpl
    from {name}_code.messages import Poke, Told

    @hookimpl
    def deskside_plugin():
        return PluginInfo(name="{name}", version="1.0")

    @hookimpl
    def deskside_features():
        return (Feature(key="{name}.use"),)

    @hookimpl
    def deskside_channels():
        spec = ChannelSpec(
            name="poke", feature="{name}.use", messages=(Poke, Told), ends=Ends.{ends}, owner=Side.{owner}
        )
        return (spec,)
"""
LIVES = """
    import time
    import anyio
    import deskside.session
    from deskside.api import hookimpl
    from {name}_code.messages import Told

    deskside.session.HUNG_S = 2  # the limit, lowered for the test

    @hookimpl
    async def deskside_run_session(session):
        async with session.open("poke") as channel:
            async for received in channel:
                await channel.send(Told("I was poked"))
                await anyio.sleep(0.3)
                {deed}
"""
DEEDS = {
    "raises": 'raise ValueError("on purpose")',
    "hangs": "await anyio.sleep(10**6)",
    "blocks": "time.sleep(5)",
    "stays": "\n                while True:\n                    pass",
}
FAILS_IN_A_HOOK = """
    from deskside.api import hookimpl

    @hookimpl
    def deskside_probe(machine):
        raise RuntimeError("on purpose, in a hook")
"""


def add(shelf: Shelf, deed: str, side: str) -> str:
    """Put a plugin on the shelf that does this on that side; its name is `<deed>_<side>`."""
    name = f"{deed}_{side}"
    ends, owner = ("HOST_PAGE", "HOST") if side == "host" else ("VIEWER_PAGE", "VIEWER")
    parts = {
        "messages": MESSAGES,
        "plugin": DECLARES.format(name=name, ends=ends, owner=owner),
        side: LIVES.format(name=name, deed=DEEDS[deed]),
    }
    return shelf.add(name, parts)


def add_failing_hook(shelf: Shelf) -> str:
    """Put a plugin on the shelf that raises in a hook of the customer's program."""
    given = {"name": "fails", "ends": "HOST_PAGE", "owner": "HOST"}
    return shelf.add(
        "fails",
        {"messages": MESSAGES, "plugin": DECLARES.format(**given), "host": FAILS_IN_A_HOOK},
    )
