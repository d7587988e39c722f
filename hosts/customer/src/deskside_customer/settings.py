"""What can be set for the customer program."""

from deskside.settings import Setting
from deskside_line.proxies import SETTINGS as OF_PROXIES

DECLARED = (
    Setting(name="gateway", default="", help="address of the server, such as https://help.example.com"),
    *OF_PROXIES,
    Setting(name="trust", default="", help="file with the vendor key that licences are checked with"),
    Setting(name="language", default="", help="en, ko, zh-Hans or ja; empty means the system's"),
    Setting(name="name", default="", help="the name the agent sees; empty means the machine's"),
    Setting(name="plugins", default="", help="distributions whose plugins may be loaded, divided by commas"),
    Setting(name="open_pages", default=True, help="whether pages may open in the browser after a support"),
    Setting(name="log_level", default="warning", help="debug, info, warning or error"),
)
