"""Which IP addresses may be connected to: the public internet, and nothing that is only reachable from inside.

The blocks are those of the IANA special-purpose registries (RFC 6890 and its successors), written out because what
Python's `ipaddress` calls global differs between its versions; `is_global` is asked too, and both must agree.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence

from index.fetch.refusal import Refusal, Refused
from index.fetch.target import Allowed, Target

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""(host, port) -> IP addresses in order of preference; raises OSError when the name has none."""

METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            *("169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16", "192.0.0.192"),
            *("fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"),
        ),
    )
)
"""Where the clouds (Amazon, Google, Azure, Alibaba, Oracle) hand out a machine's secrets."""

_BLOCKS = tuple(
    (ipaddress.ip_network(block), reason)
    for block, reason in {
        "0.0.0.0/8": Refusal.UNSPECIFIED,
        "10.0.0.0/8": Refusal.PRIVATE,
        "100.64.0.0/10": Refusal.PRIVATE,
        "127.0.0.0/8": Refusal.LOOPBACK,
        "169.254.0.0/16": Refusal.LINK_LOCAL,
        "172.16.0.0/12": Refusal.PRIVATE,
        "192.0.0.0/24": Refusal.RESERVED,
        "192.0.2.0/24": Refusal.RESERVED,
        "192.88.99.0/24": Refusal.RESERVED,
        "192.168.0.0/16": Refusal.PRIVATE,
        "198.18.0.0/15": Refusal.RESERVED,
        "198.51.100.0/24": Refusal.RESERVED,
        "203.0.113.0/24": Refusal.RESERVED,
        "224.0.0.0/4": Refusal.MULTICAST,
        "240.0.0.0/4": Refusal.RESERVED,
        "::/128": Refusal.UNSPECIFIED,
        "::1/128": Refusal.LOOPBACK,
        "::/96": Refusal.MAPPED,
        "::ffff:0:0/96": Refusal.MAPPED,
        "::ffff:0:0:0/96": Refusal.MAPPED,
        "64:ff9b:1::/48": Refusal.TRANSLATED,
        "2002::/16": Refusal.TUNNELLED,
        "2001::/32": Refusal.TUNNELLED,
        "2001::/23": Refusal.RESERVED,
        "2001:db8::/32": Refusal.RESERVED,
        "3fff::/20": Refusal.RESERVED,
        "fc00::/7": Refusal.PRIVATE,
        "fe80::/10": Refusal.LINK_LOCAL,
        "fec0::/10": Refusal.PRIVATE,
        "ff00::/8": Refusal.MULTICAST,
    }.items()
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})

ALLOWABLE = frozenset({Refusal.LOOPBACK, Refusal.PRIVATE, Refusal.LINK_LOCAL})
"""What PULLQUOTE_ALLOW_HOSTS may open. Metadata services, multicast and disguised addresses stay shut."""


def objection(ip: IP) -> Refusal | None:
    """Why this address is not connected to; None where it is public (NAT64: where what it translates is)."""
    if ip in METADATA:
        return Refusal.METADATA
    for block, reason in _BLOCKS:
        if ip.version == block.version and ip in block:
            return reason
    if isinstance(ip, ipaddress.IPv6Address):
        return _objection_6(ip)
    return None if ip.is_global else Refusal.RESERVED


def _objection_6(ip: ipaddress.IPv6Address) -> Refusal | None:
    if ip in _NAT64:
        embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return Refusal.TRANSLATED if objection(embedded) else None
    if (int(ip) >> 32) & 0xFFFFFFFF in _ISATAP:
        return Refusal.TUNNELLED
    return None if ip in _UNICAST and ip.is_global else Refusal.RESERVED


def vetted(target: Target, resolve: Resolver, allowed: Allowed) -> tuple[str, ...]:
    """The IP addresses of a target, each one fit to be connected to; raises Refused where any of them is not.

    A name that has public and private addresses is refused as a whole: which one is meant would be up to chance.
    """
    ips = (target.ip,) if target.ip else _resolved(target, resolve)
    for ip in ips:
        reason = objection(ip)
        if reason and not (reason in ALLOWABLE and allowed.covers(target)):
            raise Refused(reason, target.url, detail=str(ip) if target.ip is None else None)
    return tuple(map(str, ips))


def _resolved(target: Target, resolve: Resolver) -> tuple[IP, ...]:
    try:
        ips = tuple(dict.fromkeys(map(ipaddress.ip_address, resolve(target.host, target.port))))
    except (OSError, ValueError) as error:
        raise Refused(Refusal.UNRESOLVED, target.url) from error
    if not ips:
        raise Refused(Refusal.UNRESOLVED, target.url)
    return ips


def system_resolver(seconds: float) -> Resolver:
    """The machine's own resolver, which has no time limit of its own, given one."""

    def resolve(host: str, port: int) -> Sequence[str]:
        found: list[str] = []

        def ask() -> None:
            # A name that can't be resolved leaves `found` empty, which is what the caller needs to know.
            try:
                answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError):
                return
            found.extend(str(answer[4][0]) for answer in answers)

        thread = threading.Thread(target=ask, name=f"resolve {host}", daemon=True)
        thread.start()
        thread.join(seconds)
        return tuple(found)

    return resolve
