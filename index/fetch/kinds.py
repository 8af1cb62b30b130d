"""Whether what came is of a kind that was asked for: by its label before it is read, by its first bytes after."""

from __future__ import annotations

from collections.abc import Mapping

from index.fetch.headers import content_type
from index.fetch.limits import GZIPPED, UNLABELLED, Purpose
from index.fetch.refusal import Refusal, Refused
from index.fetch.unpack import GZIP_MAGIC, unpacked

MAGIC = (
    *(b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"MZ\x90", b"\x7fELF", b"Rar!", b"7z\xbc", b"BZh"),
    *(GZIP_MAGIC, b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"OggS", b"ID3", b"RIFF", b"\xca\xfe\xba\xbe"),
)
"""How the files begin that are most often sent under the label of a page."""

_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_LOOKED_AT = 4096


def check_declared(headers: Mapping[str, str], accept: Purpose, limit: int, url: str) -> None:
    """Refuses by the headers alone: a type that is not taken, a declared size past the limit."""
    kind, _ = content_type(headers)
    if accept.types is not None and kind not in accept.types | UNLABELLED:
        raise Refused(Refusal.CONTENT_TYPE, url, detail=f"{kind[:60]}; wanted a {accept.name}")
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:18]) > limit:
        raise Refused(Refusal.TOO_LARGE, url, detail=f"{declared[:18]} bytes; at most {limit} are read")


def recognised(body: bytes, headers: Mapping[str, str], accept: Purpose, limit: int, url: str) -> bytes:
    """The body, a gzipped sitemap unpacked; raises Refused for one that is no text, or has no label and no likeness."""
    if accept.types is not None and accept.types >= GZIPPED and body.startswith(GZIP_MAGIC):
        body = unpacked([body], "gzip", limit, url)
    start = body[:_LOOKED_AT]
    if start.startswith(MAGIC) or (b"\0" in start and not start.startswith(_WIDE)):
        raise Refused(Refusal.BINARY, url)
    kind, _ = content_type(headers)
    if accept.types is not None and kind in UNLABELLED and not _looks_readable(start):
        raise Refused(Refusal.CONTENT_TYPE, url, detail="it does not say what it is")
    return body


def _looks_readable(start: bytes) -> bool:
    """HTML, XML or JSON, by the first character."""
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<", b"{", *_WIDE))
