"""From an address as it was written to a target whose every part is known: the only thing that is ever connected to.

The address is taken apart once, here. What is checked, resolved, connected to and sent is made of these parts, so that
no second parser can see another host in it.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from index.errors import SettingsError
from index.fetch.refusal import Refusal, Refused

PORTS = frozenset({80, 443, 8080, 8443})
MAX_URL = 2048
DEFAULT_PORTS = {"http": 80, "https": 443}
LOCAL_SUFFIXES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "onion", "arpa")
"""RFC 6761, 6762, 7686, 8375 and the names that private networks use in practice."""

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
# Everything that may stand in a path or query as it is (RFC 3986), and the % of escapes already made.
_SAFE = "/?%:@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Target:
    """Scheme, host (ASCII, lower case, no brackets), port and the path with its query, ready to be sent."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The Host header: brackets round IPv6, no port where it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.path

    @property
    def ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The host as an IP address, where it is one."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Hosts that may be on a private network, or on a port of their own: (host, port), port None for every one."""

    hosts: frozenset[tuple[str, int | None]] = frozenset()

    @classmethod
    def parse(cls, setting: str) -> Allowed:
        """Reads `PULLQUOTE_ALLOW_HOSTS`: "host" or "host:port", commas between. Raises SettingsError."""
        return cls(frozenset(_allowed_host(part.strip()) for part in setting.split(",") if part.strip()))

    def covers(self, target: Target) -> bool:
        return bool(self.hosts & {(target.host, None), (target.host, target.port)})


def _allowed_host(part: str) -> tuple[str, int | None]:
    try:
        parts = urlsplit(f"http://{part}")
        host, port = ascii_host(parts.hostname or "", part), parts.port
    except (ValueError, Refused):
        host, port = "", None
    if not host or "/" in part or "@" in part:
        raise SettingsError(f'PULLQUOTE_ALLOW_HOSTS holds "{part}"; write host or host:port, commas between.')
    return host, port


def parse(url: str, allowed: Allowed) -> Target:
    """Takes an address apart; raises Refused for anything that is not plainly a page on the public web."""
    url = url.strip(" \t\r\n")
    if len(url) > MAX_URL:
        raise Refused(Refusal.TOO_LONG, url)
    # Spaces are written into addresses by hand; other blanks and controls are how parsers are fooled.
    if _CONTROL.search(url.replace(" ", "")):
        raise Refused(Refusal.MALFORMED, url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused(Refusal.MALFORMED, url, detail=str(error)) from None
    if parts.scheme not in DEFAULT_PORTS:
        raise Refused(Refusal.SCHEME if parts.scheme else Refusal.MALFORMED, url)
    if "@" in parts.netloc:
        raise Refused(Refusal.CREDENTIALS, url)
    host = ascii_host(parts.hostname or "", url)
    port = DEFAULT_PORTS[parts.scheme] if port is None else port
    target = Target(parts.scheme, host, port, _path(parts))
    if not allowed.covers(target):
        _check_public(target)
    return target


def redirected(target: Target, location: str, allowed: Allowed) -> Target:
    """Where a redirect leads. From https to http is refused: who stands between could then change what is quoted."""
    if not location.strip() or _CONTROL.search(location.strip().replace(" ", "")):
        raise Refused(Refusal.REDIRECT_BROKEN, target.url)
    try:
        url = urljoin(target.url, location.strip())
    except ValueError:
        raise Refused(Refusal.REDIRECT_BROKEN, target.url) from None
    there = parse(url, allowed)
    if target.scheme == "https" and there.scheme == "http":
        raise Refused(Refusal.DOWNGRADE, there.url)
    return there


def ascii_host(host: str, url: str) -> str:
    """The host as it is resolved: lower case, punycode, no final dot; raises Refused where it is no host at all."""
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise Refused(Refusal.HOST, url, detail=str(error)) from None
    host = host.lower().removesuffix(".")
    try:
        return ipaddress.ip_address(host).compressed if "%" not in host else _no_host(url)
    except ValueError:
        pass
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise Refused(Refusal.NUMERIC_HOST, url)
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        _no_host(url)
    return host


def _no_host(url: str) -> str:
    raise Refused(Refusal.HOST, url)


def _check_public(target: Target) -> None:
    if target.port not in PORTS:
        raise Refused(Refusal.PORT, target.url)
    if target.ip is None and ("." not in target.host or is_local(target.host, LOCAL_SUFFIXES)):
        raise Refused(Refusal.LOCAL_NAME, target.url)


def is_local(host: str, suffixes: Iterable[str]) -> bool:
    """Whether the host is one of the names, or under one."""
    return any(host == suffix or host.endswith(f".{suffix}") for suffix in suffixes)


def _path(parts: SplitResult) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe=_SAFE)
