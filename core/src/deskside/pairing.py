"""From nine digits to a shared secret, with one guess per code. Pure, but for the random bytes.

A code is 3-3-3 digits: 4 locator, 4 secret, 1 check digit. The broker learns the locator only; host
and viewer run a password-authenticated exchange (SPAKE2) with the secret digits, so that whoever
sits between gets a single guess, and a wrong one burns the code. Where a session password is asked
for, its digits follow the secret ones in that exchange: without them no key is shared.
"""

import hmac
import secrets

from attrs import define, field, frozen
from spake2 import SPAKE2_A, SPAKE2_B
from spake2.ed25519_basic import NotOnCurve
from spake2.spake2 import SPAKEError

from deskside.errors import PairingFailed
from deskside.sealed import End, derive

LOCATOR_DIGITS = 4
SECRET_DIGITS = 4
PASSWORD_DIGITS = 4
CODE_DIGITS = LOCATOR_DIGITS + SECRET_DIGITS + 1
MESSAGE_BYTES = 33

# Damm's quasigroup: the check digit finds every single wrong digit and every swap of neighbours.
_DAMM = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip


def random_digits(count: int) -> str:
    """Return so many digits by chance."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def is_digits(text: str, count: int) -> bool:
    """Tell whether a text is so many plain digits."""
    return len(text) == count and text.isascii() and text.isdigit()


def _damm(digits: str) -> int:
    state = 0
    for digit in digits:
        state = int(_DAMM[state][int(digit)])
    return state


@frozen
class Code:
    """A connection code in its parts."""

    locator: str
    secret: str

    @classmethod
    def make(cls, locator: str) -> "Code":
        """Return a code with a fresh secret for a locator the broker gave."""
        return cls(locator, random_digits(SECRET_DIGITS))

    @classmethod
    def read(cls, typed: str) -> "Code | None":
        """Return the code a person typed or pasted, or None if a digit is wrong or missing."""
        digits = "".join(one for one in typed if one not in " -\u00a0\u2007\u2011\t")
        if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()) or _damm(digits):
            return None
        return cls(digits[:LOCATOR_DIGITS], digits[LOCATOR_DIGITS:-1])

    def digits(self) -> str:
        """Return all nine digits."""
        body = self.locator + self.secret
        return f"{body}{_damm(body)}"

    def shown(self) -> str:
        """Return the digits in three groups of three."""
        digits = self.digits()
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


@define
class Pairing:
    """One end of one exchange: send `message`, give the far end's to `finish`, compare proofs.

    An exchange is used once; a second try needs a new code.
    """

    end: End
    _secret: str
    _context: bytes
    """What both ends must agree on besides the secret: the session's id."""
    message: bytes = field(init=False)
    _exchange: SPAKE2_A | SPAKE2_B = field(init=False)

    def __attrs_post_init__(self) -> None:
        kind = SPAKE2_A if self.end is End.HOST else SPAKE2_B
        password = self._context + b"\0" + self._secret.encode()
        self._exchange = kind(password, idA=b"deskside host", idB=b"deskside viewer")
        self.message = self._exchange.start()

    def finish(self, far_message: bytes) -> "Paired":
        """Return the shared key, which is right only if both secrets were.

        :raises PairingFailed: if the message is not one of this exchange
        """
        if len(far_message) != MESSAGE_BYTES:
            raise PairingFailed(f"a pairing message has {MESSAGE_BYTES} bytes, got {len(far_message)}")
        try:
            key: bytes = self._exchange.finish(far_message)
        except (SPAKEError, NotOnCurve, ValueError, AssertionError):
            raise PairingFailed("the far end's pairing message is not of this exchange") from None
        return Paired(self.end, key, self._context)


@frozen
class Paired:
    """A key that both ends share if both knew the code; `proof` shows it without telling."""

    end: End
    _key: bytes = field(repr=False)
    _context: bytes

    @property
    def proof(self) -> bytes:
        """Return what to send to the far end."""
        return derive(self._key, b"pairing proof of " + self.end.value, self._context)

    def confirm(self, far_proof: bytes) -> bytes:
        """Check the far end's proof and return the session secret.

        :raises PairingFailed: if the far end used another code
        """
        expected = derive(self._key, b"pairing proof of " + self.end.other.value, self._context)
        if not hmac.compare_digest(far_proof, expected):
            raise PairingFailed("the other side used another code")
        return derive(self._key, b"session secret", self._context)
