"""What an operator or agent can set for `deskside viewer`."""

from deskside.settings import Setting
from deskside_line.proxies import SETTINGS as OF_PROXIES

DECLARED = (
    Setting(name="gateway", default="", help="address of the server, such as https://help.example.com"),
    Setting(
        name="plain",
        default=False,
        help="go without TLS to a server that is not this machine: passwords can be read on the way",
    ),
    *OF_PROXIES,
    Setting(name="listen", default="127.0.0.1", help="address to listen on; leave it on an agent's own PC"),
    Setting(name="port", default=8410, help="TCP port; 0 picks a free one", minimum=0, maximum=65535),
    Setting(name="data", default="var/viewer", help="folder for sessions that are taken up again"),
    Setting(name="address", default="", help="public address of this viewer's pages, if it is hosted"),
    Setting(name="node_secret_file", default="", help="file with the server's node secret: a hosted viewer"),
    Setting(name="plugins", default="", help="distributions whose plugins may be loaded, divided by commas"),
    Setting(name="log_level", default="warning", help="debug, info, warning or error"),
)
