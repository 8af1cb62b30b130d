"""Decompression that stops in time: never more than one small block past the limit is made, however small the bomb."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from index.fetch.refusal import Refusal, Refused

ACCEPT_ENCODING = "gzip, deflate"
"""What is asked for. Brotli and Zstandard are not: two decoders fewer that a hostile page could reach."""

_BLOCK = 64 * 1024
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
GZIP_MAGIC = b"\x1f\x8b"


def unpacked(pieces: Iterable[bytes], encoding: str, limit: int, url: str) -> bytes:
    """The body, at most `limit` bytes; raises Refused for a larger one (TOO_LARGE, or BOMB where it was compressed),
    for an encoding that was not asked for, for two of them, and for damage."""
    encoding = encoding.strip().lower()
    plain = encoding in ("", "identity")
    if not plain and encoding not in ("gzip", "x-gzip", "deflate"):
        raise Refused(Refusal.ENCODING, url, detail=encoding[:40])
    body = bytearray()
    for piece in pieces if plain else _inflated(pieces, encoding, url):
        body += piece
        if len(body) > limit:
            raise Refused(Refusal.TOO_LARGE if plain else Refusal.BOMB, url, detail=f"more than {limit} bytes")
    return bytes(body)


def _inflated(pieces: Iterable[bytes], encoding: str, url: str) -> Iterator[bytes]:
    inflate = None
    for piece in filter(None, pieces):
        if inflate is None:
            inflate = zlib.decompressobj(_window(piece, encoding))
        if inflate.eof:
            # More after the end: padding is harmless, a second member would be text that is silently lost.
            if piece.strip(b"\0"):
                raise Refused(Refusal.CORRUPT, url)
            continue
        try:
            yield from _blocks(inflate, piece)
        except zlib.error as error:
            raise Refused(Refusal.CORRUPT, url) from error
        if inflate.unused_data.strip(b"\0"):
            raise Refused(Refusal.CORRUPT, url)
    if inflate is not None and not inflate.eof:
        raise Refused(Refusal.CORRUPT, url)


def _blocks(inflate: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    while piece and not inflate.eof:
        yield inflate.decompress(piece, _BLOCK)
        piece = inflate.unconsumed_tail


def _window(first: bytes, encoding: str) -> int:
    """gzip's, or for "deflate" the one that the sender meant: zlib's by the standard, raw by old servers."""
    if encoding != "deflate":
        return _GZIP
    is_zlib = first[0] & 0x0F == 8 and (len(first) < 2 or int.from_bytes(first[:2]) % 31 == 0)
    return _ZLIB if is_zlib else _RAW
