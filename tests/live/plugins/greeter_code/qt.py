"""A card on the customer's desktop."""

from PySide6.QtWidgets import QLabel

from deskside.api import hookimpl
from greeter_code.imported import note

note(__name__)


class Card(QLabel):
    def greet(self, text: str) -> None:
        self.setWindowTitle("A card")
        self.setText(text)
        self.setGeometry(60, 60, 240, 90)
        self.show()


@hookimpl
def deskside_provide(service, scope):
    return Card() if service == "greeter.card/1" else None
