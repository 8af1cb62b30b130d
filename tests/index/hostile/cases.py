"""The corpus: what a hostile address, name server or site can try, and the reason with which each is refused.

`{site}` is the hostile site over http, `{safe}` the same over https with a good certificate; `{port}` its port.
Names in `dns` resolve as given there; the rest is unknown to the resolver.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field

from index.fetch import ANY, FEED, PAGE, SITEMAP, Purpose
from index.fetch.refusal import Refusal
from tests.index.hostile.site import Play, Visit, answer, raw, redirect

MEGABYTE = bytes(2**20)
PLAIN = b"<!doctype html><p>Harmless.</p>"


@dataclass(frozen=True)
class Case:
    name: str
    reason: Refusal
    url: str = "{site}/play"
    play: Play | None = None
    dns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    accept: Purpose = FEED


def _addresses() -> list[Case]:
    written = [
        ("a file", Refusal.SCHEME, "file:///etc/passwd"),
        ("ftp", Refusal.SCHEME, "ftp://example.com/feed"),
        ("gopher", Refusal.SCHEME, "gopher://example.com:70/_GET%20/"),
        ("javascript", Refusal.SCHEME, "javascript:alert(1)"),
        ("data", Refusal.SCHEME, "data:text/html,<p>hello</p>"),
        ("dict", Refusal.SCHEME, "dict://example.com:11211/stat"),
        ("a jar around http", Refusal.SCHEME, "jar:http://example.com!/x"),
        ("no scheme", Refusal.MALFORMED, "//example.com/feed"),
        ("an empty address", Refusal.MALFORMED, ""),
        ("a line break in the host", Refusal.MALFORMED, "http://exam\nple.com/"),
        ("a header smuggled into the path", Refusal.MALFORMED, "http://example.com/\r\nX-Evil: 1"),
        ("a tab in the scheme", Refusal.MALFORMED, "ht\ttp://example.com/"),
        ("a NUL", Refusal.MALFORMED, "http://example.com/\0"),
        ("a backslash before the real host", Refusal.MALFORMED, "http://example.com\\@127.0.0.1/"),
        ("an open bracket", Refusal.MALFORMED, "http://[::1/"),
        ("a port that is none", Refusal.MALFORMED, "http://example.com:port/"),
        ("a port past the last", Refusal.MALFORMED, "http://example.com:65536/"),
        ("a slash look-alike in the host", Refusal.MALFORMED, "http://example.com\u2100.evil.test/"),
        ("an endless address", Refusal.TOO_LONG, "http://example.com/" + "a" * 2100),
        ("a password", Refusal.CREDENTIALS, "http://user:secret@example.com/"),
        ("a user name that looks like the host", Refusal.CREDENTIALS, "http://example.com@127.0.0.1/"),
        ("an empty user name", Refusal.CREDENTIALS, "http://@example.com/"),
        ("the SSH port", Refusal.PORT, "http://example.com:22/"),
        ("a Redis port", Refusal.PORT, "http://example.com:6379/"),
        ("port 0", Refusal.PORT, "http://example.com:0/"),
        ("no host", Refusal.HOST, "http:///feed"),
        ("a host of dots", Refusal.HOST, "http://.../"),
        ("a percent sign in the host", Refusal.HOST, "http://127%2e0%2e0%2e1/"),
        ("a label that is too long", Refusal.HOST, f"http://{'a' * 64}.com/"),
        ("a zone in an IPv6 address", Refusal.HOST, "http://[fe80::1%25eth0]/"),
        ("a decimal address", Refusal.NUMERIC_HOST, "http://2130706433/"),
        ("a hexadecimal address", Refusal.NUMERIC_HOST, "http://0x7f000001/"),
        ("hexadecimal parts", Refusal.NUMERIC_HOST, "http://0x7f.0x0.0x0.0x1/"),
        ("octal parts", Refusal.NUMERIC_HOST, "http://0177.0.0.01/"),
        ("a short address", Refusal.NUMERIC_HOST, "http://127.1/"),
        ("a number past 32 bits", Refusal.NUMERIC_HOST, "http://6425673729/"),
        ("localhost", Refusal.LOCAL_NAME, "http://localhost/"),
        ("localhost with a dot", Refusal.LOCAL_NAME, "http://LOCALHOST./"),
        ("a name under localhost", Refusal.LOCAL_NAME, "http://app.localhost/"),
        ("a bare name", Refusal.LOCAL_NAME, "http://intranet/"),
        ("mDNS", Refusal.LOCAL_NAME, "http://printer.local/"),
        ("Google's metadata by name", Refusal.LOCAL_NAME, "http://metadata.google.internal/"),
        ("a home router", Refusal.LOCAL_NAME, "http://router.home.arpa/"),
        ("Tor", Refusal.LOCAL_NAME, "http://facebookcorewwwi.onion/"),
        ("a name that does not exist", Refusal.UNRESOLVED, "http://nowhere.test/"),
    ]
    return [Case(name, reason, url) for name, reason, url in written]


IPS = [
    ("127.0.0.1", Refusal.LOOPBACK),
    ("127.255.255.254", Refusal.LOOPBACK),
    ("::1", Refusal.LOOPBACK),
    ("10.0.0.1", Refusal.PRIVATE),
    ("172.16.0.1", Refusal.PRIVATE),
    ("172.31.255.255", Refusal.PRIVATE),
    ("192.168.1.1", Refusal.PRIVATE),
    ("100.64.0.1", Refusal.PRIVATE),
    ("fc00::1", Refusal.PRIVATE),
    ("fd12:3456:789a::1", Refusal.PRIVATE),
    ("fec0::1", Refusal.PRIVATE),
    ("169.254.1.1", Refusal.LINK_LOCAL),
    ("fe80::1", Refusal.LINK_LOCAL),
    ("169.254.169.254", Refusal.METADATA),
    ("169.254.170.2", Refusal.METADATA),
    ("100.100.100.200", Refusal.METADATA),
    ("168.63.129.16", Refusal.METADATA),
    ("fd00:ec2::254", Refusal.METADATA),
    ("224.0.0.1", Refusal.MULTICAST),
    ("239.255.255.250", Refusal.MULTICAST),
    ("ff02::1", Refusal.MULTICAST),
    ("0.0.0.0", Refusal.UNSPECIFIED),
    ("0.1.2.3", Refusal.UNSPECIFIED),
    ("::", Refusal.UNSPECIFIED),
    ("255.255.255.255", Refusal.RESERVED),
    ("240.0.0.1", Refusal.RESERVED),
    ("192.0.2.1", Refusal.RESERVED),
    ("198.18.0.1", Refusal.RESERVED),
    ("192.0.0.8", Refusal.RESERVED),
    ("2001:db8::1", Refusal.RESERVED),
    ("100::1", Refusal.RESERVED),
    ("4000::1", Refusal.RESERVED),
    ("::ffff:127.0.0.1", Refusal.MAPPED),
    ("::ffff:8.8.8.8", Refusal.MAPPED),
    ("::127.0.0.1", Refusal.MAPPED),
    ("64:ff9b::127.0.0.1", Refusal.TRANSLATED),
    ("64:ff9b::a9fe:a9fe", Refusal.TRANSLATED),
    ("64:ff9b:1::a00:1", Refusal.TRANSLATED),
    ("2002:7f00:1::1", Refusal.TUNNELLED),
    ("2002:c0a8:101::1", Refusal.TUNNELLED),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", Refusal.TUNNELLED),
    ("2001:470:1::5efe:10.0.0.1", Refusal.TUNNELLED),
]


def _ips() -> list[Case]:
    cases = []
    for ip, reason in IPS:
        host = f"[{ip}]" if ":" in ip else ip
        cases.append(Case(f"{ip} as the host", reason, f"http://{host}/"))
        cases.append(Case(f"a name for {ip}", reason, "http://inside.test/", dns={"inside.test": (ip,)}))
    return cases


def _tricks() -> list[Case]:
    private = {"inside.test": ("10.0.0.5",)}
    return [
        Case("full-width digits", Refusal.LOOPBACK, "http://１２７.０.０.１/"),
        Case("ideographic full stops", Refusal.LOOPBACK, "http://127。0。0。1/"),
        Case("a dot after the address", Refusal.LOOPBACK, "http://127.0.0.1./"),
        Case(
            "a public address with a private one",
            Refusal.PRIVATE,
            "http://two.test/",
            dns={"two.test": ("8.8.8.8", "10.0.0.1")},
        ),
        Case(
            "a name server that answers with rubbish",
            Refusal.UNRESOLVED,
            "http://odd.test/",
            dns={"odd.test": ("10.0.0",)},
        ),
        Case("a name server that answers with nothing", Refusal.UNRESOLVED, "http://odd.test/", dns={"odd.test": ()}),
        Case("a redirect into a private network", Refusal.PRIVATE, play=redirect("http://10.0.0.1/")),
        Case("a redirect to this machine", Refusal.LOOPBACK, play=redirect("http://127.0.0.1/")),
        Case(
            "a redirect to metadata", Refusal.METADATA, play=redirect("http://169.254.169.254/latest/meta-data/", 307)
        ),
        Case("a redirect to a private name", Refusal.PRIVATE, play=redirect("http://inside.test/", 301), dns=private),
        Case(
            "a redirect without a scheme to a private name",
            Refusal.PRIVATE,
            play=redirect("//inside.test/", 308),
            dns=private,
        ),
        Case("a redirect to a decimal address", Refusal.NUMERIC_HOST, play=redirect("http://2130706433/")),
        Case("a redirect to a file", Refusal.SCHEME, play=redirect("file:///etc/passwd")),
        Case("a redirect to data", Refusal.SCHEME, play=redirect("data:text/html,hello")),
        Case("a redirect to another port of the site", Refusal.PORT, play=redirect("http://hostile.test:6379/")),
        Case("a redirect with a password", Refusal.CREDENTIALS, play=redirect("http://a:b@example.com/")),
        Case("a redirect with a tab in it", Refusal.REDIRECT_BROKEN, play=redirect("http://exam\tple.com/")),
        Case("a redirect to nowhere", Refusal.REDIRECT_BROKEN, play=redirect("")),
        Case("a redirect without a place", Refusal.REDIRECT_BROKEN, play=answer(status="302 Found", kind=None)),
        Case("a redirect to a broken address", Refusal.REDIRECT_BROKEN, play=redirect("http://[::1/")),
        Case("a redirect to itself", Refusal.REDIRECT_LOOP, play=redirect("/play")),
        Case("a redirect that never ends", Refusal.REDIRECTS, play=_further),
        Case("a redirect from https to http", Refusal.DOWNGRADE, "{safe}/play", redirect("http://example.com/")),
    ]


def _further(visit: Visit) -> None:
    redirect(f"/play?{len(visit.path)}={visit.path.partition('?')[2]}")(visit)


def _sizes() -> list[Case]:
    bomb = gzip.compress(MEGABYTE * 4)
    nested = gzip.compress(bomb)
    huge = answer(b"<p>", length=10**12)
    return [
        Case("a declared size past the limit", Refusal.TOO_LARGE, play=huge),
        Case("a page past the limit", Refusal.TOO_LARGE, play=answer(b"<p>" + b"a" * 700_000, length=700_003)),
        Case("a page without an end", Refusal.TOO_LARGE, play=_endless),
        Case("headers without an end", Refusal.PROTOCOL, play=_endless_headers),
        Case("interim answers without an end", Refusal.TOO_LARGE, play=_endless_interim),
        Case("a gzip bomb", Refusal.BOMB, play=answer(bomb, Content_Encoding="gzip")),
        Case("an x-gzip bomb", Refusal.BOMB, play=answer(bomb, Content_Encoding="X-GZip")),
        Case("a deflate bomb", Refusal.BOMB, play=answer(zlib.compress(MEGABYTE), Content_Encoding="deflate")),
        Case("a raw deflate bomb", Refusal.BOMB, play=answer(_raw_deflate(MEGABYTE), Content_Encoding="deflate")),
        Case(
            "a gzipped sitemap that is a bomb", Refusal.BOMB, play=answer(bomb, kind="application/gzip"), accept=SITEMAP
        ),
        Case("a bomb in a bomb", Refusal.ENCODING, play=answer(nested, Content_Encoding="gzip, gzip")),
        Case("a brotli bomb", Refusal.ENCODING, play=answer(b"\x8b\xff\xff", Content_Encoding="br")),
        Case("a zstd bomb", Refusal.ENCODING, play=answer(b"\x28\xb5\x2f\xfd", Content_Encoding="zstd")),
        Case("an encoding that nobody knows", Refusal.ENCODING, play=answer(PLAIN, Content_Encoding="aes128gcm")),
        Case("gzip that is none", Refusal.CORRUPT, play=answer(PLAIN, Content_Encoding="gzip")),
        Case("gzip cut off", Refusal.CORRUPT, play=answer(gzip.compress(PLAIN)[:-9], Content_Encoding="gzip")),
        Case("gzip with a wrong checksum", Refusal.CORRUPT, play=answer(_wrong_checksum(), Content_Encoding="gzip")),
        Case(
            "a second gzip after the first",
            Refusal.CORRUPT,
            play=answer(gzip.compress(PLAIN) * 2, Content_Encoding="gzip"),
        ),
    ]


def _endless(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    visit.trickle(b"a" * 65536, 0)


def _endless_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\n")
    visit.trickle(b"X-Filler: " + b"a" * 8000 + b"\r\n", 0)


def _endless_interim(visit: Visit) -> None:
    visit.trickle(b"HTTP/1.1 103 Early Hints\r\nX-Filler: " + b"a" * 8000 + b"\r\n\r\n", 0)


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _wrong_checksum() -> bytes:
    packed = bytearray(gzip.compress(PLAIN))
    packed[-5] ^= 0xFF
    return bytes(packed)


def _times() -> list[Case]:
    return [
        Case("silence after the request", Refusal.STALLED, play=Visit.stall),
        Case("silence in the headers", Refusal.STALLED, play=_stalled_headers),
        Case("silence in the body", Refusal.STALLED, play=_stalled_body),
        Case("headers one byte at a time", Refusal.TOO_SLOW, play=_dripped_headers),
        Case("a body one byte at a time", Refusal.TOO_SLOW, play=_dripped_body),
        Case("a slow redirect that never ends", Refusal.TOO_SLOW, play=_slow_redirect),
    ]


def _stalled_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\nContent-")
    visit.stall()


def _stalled_body(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<p>")
    visit.stall()


def _dripped_headers(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    visit.trickle(b"z", 0.05)


def _dripped_body(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    visit.trickle(b"z", 0.05)


def _slow_redirect(visit: Visit) -> None:
    visit.over.wait(0.25)
    _further(visit)


def _protocol() -> list[Case]:
    return [
        Case("not HTTP at all", Refusal.PROTOCOL, play=raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")),
        Case("HTTP/0.9", Refusal.BROKEN_OFF, play=raw(b"<html><p>Hello")),
        Case("no answer", Refusal.BROKEN_OFF, play=raw(b"")),
        Case("a body cut short", Refusal.BROKEN_OFF, play=answer(PLAIN, length=len(PLAIN) + 5)),
        Case(
            "two lengths",
            Refusal.PROTOCOL,
            play=raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
        ),
        Case("a negative length", Refusal.PROTOCOL, play=raw(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")),
        Case("a chunk of no size", Refusal.PROTOCOL, play=_bad_chunk),
        Case("a status that is no number", Refusal.PROTOCOL, play=raw(b"HTTP/1.1 OK 200\r\n\r\n")),
    ]


def _bad_chunk(visit: Visit) -> None:
    visit.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n")


def _contents() -> list[Case]:
    kinds = ["application/pdf", "image/png", "video/mp4", "application/zip", "application/javascript", "text/css"]
    cases = [Case(f"{kind}", Refusal.CONTENT_TYPE, play=answer(b"x", kind=kind), accept=ANY) for kind in kinds]
    lies = {
        "a PDF": b"%PDF-1.7 x",
        "a PNG": b"\x89PNG\r\n",
        "a zip": b"PK\x03\x04",
        "a program": b"\x7fELF\x02",
        "NULs": b"<p>\0",
    }
    cases += [Case(f"{name} called HTML", Refusal.BINARY, play=answer(body)) for name, body in lies.items()]
    return [
        *cases,
        Case("gzip called HTML", Refusal.BINARY, play=answer(gzip.compress(PLAIN))),
        Case(
            "a sitemap where a page is wanted",
            Refusal.CONTENT_TYPE,
            play=answer(PLAIN, kind="application/xml"),
            accept=PAGE,
        ),
        Case("no label and no likeness", Refusal.CONTENT_TYPE, play=answer(b"hello", kind=None)),
        Case("bytes of any kind", Refusal.CONTENT_TYPE, play=answer(b"hello", kind="application/octet-stream")),
    ]


def _statuses() -> list[Case]:
    said = {
        "204 No Content": Refusal.STATUS,
        "206 Partial Content": Refusal.STATUS,
        "300 Multiple Choices": Refusal.STATUS,
        "304 Not Modified": Refusal.STATUS,
        "400 Bad Request": Refusal.STATUS,
        "401 Unauthorized": Refusal.DENIED,
        "403 Forbidden": Refusal.DENIED,
        "404 Not Found": Refusal.NOT_FOUND,
        "407 Proxy Authentication Required": Refusal.DENIED,
        "410 Gone": Refusal.GONE,
        "418 Teapot": Refusal.STATUS,
        "429 Too Many Requests": Refusal.RATE_LIMITED,
        "451 Unavailable": Refusal.DENIED,
        "500 Oops": Refusal.SERVER_ERROR,
        "503 Busy": Refusal.SERVER_ERROR,
        "999 Denied": Refusal.SERVER_ERROR,
    }
    return [Case(f"status {status}", reason, play=answer(status=status)) for status, reason in said.items()]


CASES = [
    *_addresses(),
    *_ips(),
    *_tricks(),
    *_sizes(),
    *_times(),
    *_protocol(),
    *_contents(),
    *_statuses(),
]
