"""Agreement: both sides compute the same from two hellos; what one lacks is greyed with its reason."""

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deskside.agree import Agreement, Hello, Unavailable, agree, hello_of
from deskside.api import ChannelSpec, Ends, Feature, Length, Message, PluginInfo, Refusal, Side, field, frozen
from deskside.catalogue import Catalogue, Declared
from deskside.errors import BadMessage
from deskside.messages import Codec


@frozen
class Ping(Message):
    text: str = field(validator=Length(10))


def plugin(name: str) -> Declared:
    spec = ChannelSpec(
        name="line", feature=f"{name}.use", messages=(Ping,), ends=Ends.HOST_PAGE, owner=Side.HOST
    )
    info = PluginInfo(name=name, version="1.0")
    return Declared(info=info, features=(Feature(key=f"{name}.use"),), channels=(spec,))


def hello(*names: str, unavailable: tuple[Unavailable, ...] = ()) -> Hello:
    return hello_of(Catalogue.of(plugin(name) for name in names), "test 1.0", unavailable)


def agreed(local: Hello, remote: Hello, side: Side = Side.HOST) -> Agreement:
    outcome = agree(local, remote, side)
    assert isinstance(outcome, Agreement)
    return outcome


def test_both_sides_number_the_common_channels_alike() -> None:
    host, viewer = hello("chat", "screen", "voice"), hello("audit", "chat", "screen")

    ours, theirs = agreed(host, viewer, Side.HOST), agreed(viewer, host, Side.VIEWER)

    assert ours.channels == theirs.channels == {"chat.line": 1, "screen.line": 2}


def test_a_feature_that_one_side_lacks_is_refused_with_the_side() -> None:
    host, viewer = hello("screen"), hello("chat")

    ours, theirs = agreed(host, viewer, Side.HOST), agreed(viewer, host, Side.VIEWER)

    assert ours.incapable == theirs.incapable
    assert ours.incapable["screen.use"].reason == "refused.absent.viewer"
    assert ours.incapable["chat.use"].reason == "refused.absent.host"


def test_what_a_machine_cannot_do_is_refused_with_its_reason() -> None:
    host = hello("screen", unavailable=(Unavailable("screen.use", "screen.no_display"),))

    assert agreed(hello("screen"), host, Side.VIEWER).incapable["screen.use"].reason == "screen.no_display"


def test_programs_without_a_common_wire_version_say_which_is_too_old() -> None:
    new = evolve(hello("screen"), wire_versions=(7,))

    newer, older = agree(hello("screen"), new, Side.HOST), agree(new, hello("screen"), Side.VIEWER)

    assert isinstance(newer, Refusal)
    assert isinstance(older, Refusal)
    assert (newer.reason, older.reason) == ("refused.version.newer", "refused.version.older")


def test_a_hello_crosses_the_wire_unchanged() -> None:
    codec = Codec.of((Hello,))
    sent = hello("chat", "screen", unavailable=(Unavailable("chat.use", "x"),))

    assert codec.decode(codec.encode(sent)) == sent


@given(st.binary(max_size=300))
def test_an_arbitrary_hello_is_refused_or_agreed_on_without_a_fault(data: bytes) -> None:
    codec = Codec.of((Hello,))
    try:
        remote = codec.decode(b"\x95\x00" + data)
    except BadMessage:
        return
    assert isinstance(remote, Hello)
    agree(hello("chat"), remote, Side.HOST)
