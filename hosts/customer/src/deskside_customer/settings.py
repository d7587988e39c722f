"""What can be set for the customer program."""

from deskside.settings import Setting

DECLARED = (
    Setting(name="gateway", default="", help="address of the server, such as https://help.example.com"),
    Setting(name="trust", default="", help="file with the vendor key that licences are checked with"),
    Setting(name="language", default="", help="en, ko, zh-Hans or ja; empty means the system's"),
    Setting(name="name", default="", help="the name the agent sees; empty means the machine's"),
    Setting(name="plugins", default="", help="distributions whose plugins may be loaded, divided by commas"),
    Setting(name="log_level", default="warning", help="debug, info, warning or error"),
)
