"""Every exception the core raises on purpose, each with the moment it is raised."""


class DesksideError(Exception):
    """Base of all: its text is one sentence a person can act on."""


class DeclarationError(DesksideError):
    """Raised at load when a plugin declares something impossible."""


class LoadError(DesksideError):
    """Raised at load when a plugin may not or cannot be used."""


class BadMessage(DesksideError):
    """Raised when bytes from the other side are not the message they claim to be."""


class BadFrame(DesksideError):
    """Raised when a sealed frame is changed, replayed, out of order or too long."""


class PairingFailed(DesksideError):
    """Raised when the two ends do not hold the same secret."""


class TransportEnded(DesksideError):
    """Raised by a road once it has ended, whoever ended it."""


class BadSignature(DesksideError):
    """Raised when a signed document does not fit the key it must be signed with."""


class BadDocument(BadSignature):
    """Raised when a document is signed as it must be, but says what this version does not understand."""


class NotGranted(DesksideError):
    """Raised when a plugin opens a channel whose feature has not been granted."""


class ChannelClosed(DesksideError):
    """Raised by send() once either side has closed the channel."""


class TooLarge(DesksideError):
    """Raised by send() when a message exceeds its channel's limit."""


class TextError(DesksideError):
    """Raised when a text file is missing, unreadable or holds something other than texts."""
