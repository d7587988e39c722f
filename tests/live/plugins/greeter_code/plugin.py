"""What it is."""

from deskside.api import (
    ChannelSpec,
    Choice,
    Consent,
    Ends,
    Feature,
    Kind,
    Number,
    PluginInfo,
    Role,
    Scope,
    Side,
    Text,
    WebModule,
    WebPage,
    hookimpl,
)
from greeter_code.imported import note
from greeter_code.messages import Ask, Told, Wave, WavedBack

note(__name__)

OPTIONS = (
    Number("most_waves", default=7, minimum=1, maximum=9),
    Choice("style", ("plain", "loud"), default="plain"),
    Text("motto", default="Good day", max_length=20),
)


@hookimpl
def deskside_plugin():
    return PluginInfo(name="greeter", version="3.1", provides=("greeter.card/1",))


@hookimpl
def deskside_features():
    wave = Feature(key="greeter.wave", consent=Consent.ONCE, indicator=True, options=OPTIONS)
    nod = Feature(key="greeter.nod", scope=Scope.GROUP, kinds=(Kind.CHAT,))
    return (wave, Feature(key="greeter.bow"), nod)


@hookimpl
def deskside_channels():
    waves = ChannelSpec(
        name="waves", feature="greeter.wave", messages=(Wave, WavedBack), ends=Ends.HOST_PAGE, owner=Side.HOST
    )
    talk = ChannelSpec(
        name="talk", feature="greeter.bow", messages=(Ask, Told), ends=Ends.VIEWER_PAGE, owner=Side.VIEWER,
        senders=(Role.AGENT, Role.CUSTOMER),
    )  # fmt: skip
    return (waves, talk)


@hookimpl
def deskside_web_modules():
    return (
        WebModule(role=Role.AGENT, path="agent.js"),
        WebModule(role=Role.CUSTOMER, path="customer.js"),
        WebModule(page=WebPage.CONSOLE, path="console.js"),
    )
