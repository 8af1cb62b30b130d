"""Why the door stayed shut: one reason code for each way in which an address can't become a page."""

from __future__ import annotations

import re
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from index.errors import FetchError


class Refusal(StrEnum):
    """The reason codes; the value of each is what scripts and logs see."""

    # The address itself.
    SCHEME = "scheme"
    MALFORMED = "malformed"
    TOO_LONG = "too-long"
    CREDENTIALS = "credentials"
    PORT = "port"
    HOST = "host"
    NUMERIC_HOST = "numeric-host"
    LOCAL_NAME = "local-name"
    # Where it leads.
    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    METADATA = "metadata"
    MULTICAST = "multicast"
    RESERVED = "reserved"
    UNSPECIFIED = "unspecified"
    MAPPED = "mapped"
    TRANSLATED = "translated"
    TUNNELLED = "tunnelled"
    UNRESOLVED = "unresolved"
    # The connection.
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TLS = "tls"
    CONNECT_TIMEOUT = "connect-timeout"
    STALLED = "stalled"
    TOO_SLOW = "too-slow"
    BROKEN_OFF = "broken-off"
    PROTOCOL = "protocol"
    # Redirects.
    REDIRECTS = "redirects"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_BROKEN = "redirect-broken"
    DOWNGRADE = "downgrade"
    # What came.
    TOO_LARGE = "too-large"
    BOMB = "bomb"
    ENCODING = "encoding"
    CORRUPT = "corrupt"
    CONTENT_TYPE = "content-type"
    BINARY = "binary"
    # What the site said.
    NOT_FOUND = "not-found"
    GONE = "gone"
    DENIED = "denied"
    RATE_LIMITED = "rate-limited"
    SERVER_ERROR = "server-error"
    STATUS = "status"
    ROBOTS = "robots"
    # This program.
    CLOSING = "closing"


_ALLOW_IT = "to allow it, name its host in PULLQUOTE_ALLOW_HOSTS"
MESSAGES = {
    Refusal.SCHEME: "only http and https addresses are fetched",
    Refusal.MALFORMED: "it is not a web address; check how it is written",
    Refusal.TOO_LONG: "the address is longer than 2048 characters",
    Refusal.CREDENTIALS: "it holds a user name or password; give the address without them",
    Refusal.PORT: f"its port is not one of 80, 443, 8080 and 8443; {_ALLOW_IT}",
    Refusal.HOST: "its host is not a valid name; check how it is written",
    Refusal.NUMERIC_HOST: "its host is a number in disguise; write the plain name or IP address",
    Refusal.LOCAL_NAME: f"its host is a name of a local network; {_ALLOW_IT}",
    Refusal.LOOPBACK: f"it leads to this machine; {_ALLOW_IT}",
    Refusal.PRIVATE: f"it leads into a private network; {_ALLOW_IT}",
    Refusal.LINK_LOCAL: f"it leads to a link-local address; {_ALLOW_IT}",
    Refusal.METADATA: "it leads to a cloud's metadata service, which is never fetched",
    Refusal.MULTICAST: "it leads to a multicast address, which is never fetched",
    Refusal.RESERVED: "it leads to a reserved address, which is never fetched",
    Refusal.UNSPECIFIED: "it leads to the unspecified address, which is never fetched",
    Refusal.MAPPED: "it leads to an IPv4 address dressed as IPv6, which is never fetched",
    Refusal.TRANSLATED: "it leads through NAT64 to an address that is not public",
    Refusal.TUNNELLED: "it leads into a tunnel (6to4, Teredo or ISATAP), which is never fetched",
    Refusal.UNRESOLVED: "its host has no address; check the name, or the network",
    Refusal.UNREACHABLE: "its host does not answer; try again later",
    Refusal.CERTIFICATE: "its certificate is not valid, so the site can't be trusted",
    Refusal.TLS: "no secure connection could be made; try again later",
    Refusal.CONNECT_TIMEOUT: "its host did not answer in time; try again later",
    Refusal.STALLED: "the site stopped sending; try again later",
    Refusal.TOO_SLOW: "the site took too long in all; try again later",
    Refusal.BROKEN_OFF: "the connection broke off; try again later",
    Refusal.PROTOCOL: "the site does not speak proper HTTP",
    Refusal.REDIRECTS: "it redirects more than five times",
    Refusal.REDIRECT_LOOP: "it redirects in a circle",
    Refusal.REDIRECT_BROKEN: "it redirects without saying where",
    Refusal.DOWNGRADE: "it redirects from https to http; give the http address itself if that is meant",
    Refusal.TOO_LARGE: "the page is too large",
    Refusal.BOMB: "the page is too large once it is decompressed",
    Refusal.ENCODING: "the page is compressed in a way that was not asked for",
    Refusal.CORRUPT: "the page's compression is damaged; try again later",
    Refusal.CONTENT_TYPE: "it is not a kind of page that can be read",
    Refusal.BINARY: "it is called text and is not",
    Refusal.NOT_FOUND: "the site has no such page; check the address",
    Refusal.GONE: "the site says that the page is gone for good",
    Refusal.DENIED: "the site does not let this page be read",
    Refusal.RATE_LIMITED: "the site asks for fewer requests; try again later",
    Refusal.SERVER_ERROR: "the site has an error of its own; try again later",
    Refusal.STATUS: "the site gave an answer that can't be used",
    Refusal.ROBOTS: "the site's robots.txt asks programs to stay away from this page",
    Refusal.CLOSING: "the program is ending; try again when it runs",
}

TRANSIENT = frozenset(
    {
        *(Refusal.UNRESOLVED, Refusal.UNREACHABLE, Refusal.TLS, Refusal.CONNECT_TIMEOUT, Refusal.STALLED),
        *(Refusal.TOO_SLOW, Refusal.BROKEN_OFF, Refusal.CORRUPT, Refusal.RATE_LIMITED, Refusal.SERVER_ERROR),
        Refusal.CLOSING,
    }
)
"""Reasons that may pass by themselves."""

_SHOWN = 200


class Refused(FetchError):
    """The door's one error: `reason` says why, the text says it to a person, `retry_after` when to come again."""

    def __init__(
        self,
        reason: Refusal,
        url: str,
        *,
        detail: str | None = None,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        said = f" ({detail})" if detail else ""
        super().__init__(f"{shown(url)} can't be fetched: {MESSAGES[reason]}{said}.")
        self.reason = reason
        self.url = url
        self.status = status
        self.retry_after = retry_after

    @property
    def transient(self) -> bool:
        """Whether trying again later makes sense."""
        return self.reason in TRANSIENT


def shown(url: str) -> str:
    """An address fit for a message: no user name or password, no control characters, not endless."""
    printable = re.sub(r"[^\x21-\x7e\u00a1-\uffff]", " ", url)
    try:
        parts = urlsplit(printable)
        if "@" in parts.netloc:
            printable = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError:
        printable = printable.rpartition("@")[2]
    return printable if len(printable) <= _SHOWN else printable[:_SHOWN] + "…"
