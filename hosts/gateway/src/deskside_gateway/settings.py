"""What an operator can set for the gateway and for `deskside up`."""

from deskside.settings import Setting

DECLARED = (
    Setting(name="listen", default="127.0.0.1", help="address to listen on; 0.0.0.0 for all networks"),
    Setting(name="port", default=8400, help="TCP port; 0 picks a free one", minimum=0, maximum=65535),
    Setting(name="data", default="var", help="folder for the database, keys and files"),
    Setting(
        name="database",
        default="",
        help="database address, like postgresql+psycopg://user@host/name; empty: SQLite in the data folder",
    ),
    Setting(name="address", default="", help="public address, such as https://help.example.com"),
    Setting(name="tls_certificate", default="", help="file with the TLS certificate chain (PEM)"),
    Setting(name="tls_key", default="", help="file with the TLS private key (PEM)"),
    Setting(
        name="trusted_proxies", default="", help="addresses of proxies whose X-Forwarded-For is believed"
    ),
    Setting(name="plugins", default="", help="distributions whose plugins may be loaded, divided by commas"),
    Setting(name="licence", default="", help="file with the vendor's licence; empty means the trial"),
    Setting(name="vendor_keys", default="", help="keys of vendors whose licences count, divided by commas"),
    Setting(name="demo", default=False, help="make a ready company with an agent and a demo customer"),
    Setting(name="log_level", default="warning", help="debug, info, warning or error"),
    Setting(
        name="smtp_address", default="", help="mail server, such as mail.example.com:587; empty: no mail"
    ),
    Setting(name="smtp_from", default="", help="sender of this server's mails"),
    Setting(name="feedback_mail", default="", help="mail address that agents' feedback goes to; empty: none"),
    Setting(name="smtp_user", default="", help="user name at the mail server, if it asks for one"),
    Setting(name="smtp_password_file", default="", help="file with the password at the mail server"),
    Setting(name="smtp_tls", default="starttls", help="line to the mail server: starttls, tls or off"),
)
