"""The address of a quote's page: made from its id and a secret, so that nobody finds it by counting."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from index.article import SentenceId

PATH = "/q/"
_BYTES = 16
"""Of the code in an address: 128 bits can't be guessed."""
_LONGEST = 19
"""Digits of the largest id."""


def public(address: str | None) -> str | None:
    """Where a snapshot was fetched, as others may see it: an address on the web whole, of a file its name alone."""
    if address is None or address.startswith(("http://", "https://")):
        return address
    return address.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where pages are reached (`base`, without a slash at its end), and the secret that their addresses are made with.
    The secret is stored with the chats: a new bot token leaves old links as they are."""

    base: str
    key: bytes = field(repr=False)

    def link(self, sentence: SentenceId) -> str:
        """The whole address of a sentence's page."""
        return f"{self.base}{PATH}{self.name(sentence)}"

    def name(self, sentence: SentenceId) -> str:
        """The last part of the address."""
        return f"{sentence}-{self._code(sentence)}"

    def opened(self, name: str) -> SentenceId | None:
        """The sentence that such a part names; None for one that was not made here."""
        digits, _, code = name.partition("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST and code.isascii()):
            return None
        sentence = SentenceId(int(digits))
        return sentence if hmac.compare_digest(name.encode(), self.name(sentence).encode()) else None

    def _code(self, sentence: SentenceId) -> str:
        digest = hmac.new(self.key, f"page {sentence}".encode(), hashlib.sha256).digest()[:_BYTES]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
