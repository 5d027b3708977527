"""What a token looks like, and the keys under which tokens are stored.

A token is `blog_pat_`, 37 random characters and a checksum of 6, all of them letters and digits: a
scanner finds it in a text, and a typing error is found without the database. The service keeps only
an HMAC of it under a key of the operator, so a copy of the database opens nothing.
"""

import base64
import hmac
import re
import secrets
from binascii import crc32
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

PREFIX = "blog_pat_"

KEY_BYTES = 32
"""The least length of a key, that of the digests (RFC 2104, section 3)."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM = 37  # characters; 62 ** 37 > 2 ** 220
_CHECKSUM = 6  # characters; 62 ** 6 > 2 ** 32
_TOKEN = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{_RANDOM + _CHECKSUM}}}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
_BASE64 = re.compile(r"[0-9A-Za-z_-]+={0,2}")


def new_token() -> str:
    """Return a new token, which nobody can guess."""
    return with_checksum(PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM)))


def is_well_formed(token: str) -> bool:
    """Return whether a text looks like a token and has the right checksum."""
    return _TOKEN.fullmatch(token) is not None and with_checksum(token[:-_CHECKSUM]) == token


def with_checksum(start: str) -> str:
    """Return the start of a token followed by its CRC-32, in base 62 with leading zeros."""
    number, digits = crc32(start.encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return start + digits


class InvalidKey(ValueError):
    """A key cannot be used. The message says why and does not have the key."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, whose secret no text of this object shows."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Identifies the key without revealing it: 8 hexadecimal digits."""
        return hmac.digest(self.secret, b"id", sha256)[:4].hex()

    def digest(self, token: str) -> bytes:
        """Return what is stored of a token (HMAC-SHA-256, RFC 2104)."""
        return hmac.digest(self.secret, token.encode(), sha256)


class Keys:
    """One key, or two while keys are exchanged: the first is for new tokens, both find tokens."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self.all = tuple(keys)
        self.first = self.all[0]

    @classmethod
    def parse(cls, text: str) -> "Keys":
        """Return the keys in a text such as `BLOG_TOKEN_KEY`, which are separated by a comma.

        Raises `InvalidKey`.
        """
        parts = [part.strip() for part in text.split(",")]
        if len(parts) > 2:
            raise InvalidKey("give one key, or two separated by a comma: the new one, the old one")
        return cls([Key(_decoded(part)) for part in parts])

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys."""
        return tuple(key.id for key in self.all)

    def digests(self, token: str) -> list[bytes]:
        """Return what may be stored of a token, by each key."""
        return [key.digest(token) for key in self.all]


def new_key() -> str:
    """Return a new key as text."""
    return secrets.token_hex(KEY_BYTES)


def _decoded(text: str) -> bytes:
    if _HEX.fullmatch(text):
        secret = bytes.fromhex(text)
    elif _BASE64.fullmatch(text):
        try:
            secret = base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
        except ValueError:
            raise InvalidKey("write a key in hexadecimal or base64url") from None
    else:
        raise InvalidKey("write a key in hexadecimal or base64url")
    if len(secret) < KEY_BYTES:
        raise InvalidKey(
            f"a key has {len(secret)} bytes and needs {KEY_BYTES}; `openssl rand -hex {KEY_BYTES}` "
            "makes one"
        )
    return secret
