"""Declarations: what is impossible is refused when it is made."""

from collections.abc import Callable

import pytest

from deskside.api import (
    ChannelSpec,
    Choice,
    DeclarationError,
    Ends,
    Feature,
    Message,
    Number,
    PluginInfo,
    Side,
    Text,
    frozen,
)
from deskside.catalogue import Catalogue, Declared


@frozen
class Nothing(Message):
    pass


def channel(**changes: object) -> ChannelSpec:
    usual = {
        "name": "line",
        "feature": "chat.use",
        "messages": (Nothing,),
        "ends": Ends.HOST_PAGE,
        "owner": Side.HOST,
    }
    return ChannelSpec(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "make",
    [
        lambda: Feature(key="nodot"),
        lambda: Feature(key="Chat.use"),
        lambda: Feature(key="chat.use", source="row 7"),
        lambda: Feature(key="chat.use", needs=("screen.masks",)),
        lambda: Feature(key="chat.use", options=(Text("a", max_length=1), Text("a", max_length=1))),
        lambda: Number("width", default=11, minimum=1, maximum=10),
        lambda: Choice("palette", ("basic",), default="full"),
        lambda: Text("title", default="long", max_length=3),
        lambda: PluginInfo(name="two words", version="1.0"),
        lambda: PluginInfo(name="chat", version="one"),
        lambda: channel(messages=()),
        lambda: channel(owner=Side.GATEWAY),
        lambda: channel(window_bytes=10),
    ],
)
def test_an_impossible_declaration_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(DeclarationError):
        make()


@pytest.mark.parametrize(
    ("option", "good", "bad"),
    [
        (Number("width", default=2, minimum=1, maximum=3), (1, 3), (0, 4, "2", True, 2.0, None)),
        (Choice("pen", ("thin", "thick"), default="thin"), ("thick",), ("", "Thin", 1, None)),
        (Text("title", max_length=3), ("", "abc"), ("abcd", "a\nb", 7, None)),
    ],
)
def test_an_option_accepts_only_its_own_values(
    option: Number | Choice | Text, good: tuple[object, ...], bad: tuple[object, ...]
) -> None:
    assert all(option.accepts(value) for value in good)
    assert not any(option.accepts(value) for value in bad)


def declared(name: str, *channels: ChannelSpec) -> Declared:
    info = PluginInfo(name=name, version="1.0")
    return Declared(info=info, features=(Feature(key=f"{name}.use"),), channels=channels)


def test_the_catalogue_finds_features_and_channels_by_key() -> None:
    catalogue = Catalogue.of([declared("chat", channel())])

    assert catalogue.features["chat.use"].owner == "chat"
    assert catalogue.channels_of("chat.use") == ("chat.line",)
    assert catalogue.features_of("chat") == (catalogue.features["chat.use"],)


@pytest.mark.parametrize(
    "owners",
    [
        [declared("chat"), declared("chat")],
        [declared("chat", channel(), channel())],
        [declared("voice", channel())],
    ],
)
def test_the_catalogue_refuses_clashes_and_foreign_keys(owners: list[Declared]) -> None:
    with pytest.raises(DeclarationError):
        Catalogue.of(owners)
