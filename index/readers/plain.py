"""Plain text: bytes to normalised text, and the header lines that may stand above it."""

from __future__ import annotations

import codecs
import re
import unicodedata

from index.article import Draft
from index.errors import ReadError
from index.readers.dates import parse_date
from index.surrogates import without_surrogates

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What texts are found in beside Unicode. With all that charset-normalizer knows, a short German text is Japanese.
_ENCODINGS = (
    *("cp1252", "cp1251", "koi8_r", "koi8_u", "cp1250", "cp949", "gb18030", "big5", "cp932", "euc_jp"),
    *("cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
)
_SAMPLE = 256 * 1024
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_BLANK = re.compile(r"\n[^\S\n]*(?:\n|\Z)")
_FIELD = re.compile(r"([^\W\d_][^\W_]*(?:[ -][^\W_]+){0,2})[ \t]*[:：][ \t]*(.*?)[ \t]*")
DOCUMENTED = {name: name for name in ("title", "source", "url", "published", "lang", "author")} | {"language": "lang"}
FIELDS = DOCUMENTED | {
    name: field
    for field, names in {
        "title": "titel titre título titulo заголовок название назва 제목",
        "source": "quelle fuente источник джерело 출처",
        "url": "link lien enlace ссылка посилання 링크",
        "published": "date datum fecha дата 날짜",
        "lang": "sprache langue idioma язык мова 언어",
        "author": "autor auteur автор 저자",
    }.items()
    for name in names.split()
}
"""What a header's fields are called, and which they are. Those of the article itself, its title, source or address, or
those that are documented make a header; a date alone may be an event's."""
_LONGEST_UNKNOWN = 80


def normalise(data: bytes | str) -> str:
    """The text that a snapshot keeps: decoded, in NFC, with "\\n" line ends. Idempotent; nothing changes it later.

    Carriage returns, form feeds, vertical tabs and Unicode's line and paragraph separators become "\\n". Byte order
    marks and control characters other than "\\n" and "\\t" go; a lone surrogate becomes U+FFFD. Raises ReadError for
    bytes that are no text.
    """
    text = data if isinstance(data, str) else decode(data)
    if text.isascii() and text.isprintable():
        return text
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", without_surrogates(text))


def decode(data: bytes, declared: str | None = None) -> str:
    """Text by its byte order mark, else as UTF-8, else as `declared`, else as charset-normalizer guesses.

    Raises ReadError for bytes that are no text: a NUL byte without a UTF-16 or UTF-32 mark, or nothing that decodes.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\x00" in data:
        raise ReadError("It is a binary file, not text: give it as text, Markdown, HTML or JSONL.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, declared) if _known(declared) else _guessed(data)


def _decoded(data: bytes, encoding: str | None) -> str:
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"It is not whole as {encoding} at byte {error.start:,}: save it as UTF-8 and add it again."
        ) from None


def _known(encoding: str | None) -> bool:
    if not encoding:
        return False
    try:
        return codecs.lookup(encoding)._is_text_encoding
    except LookupError:
        return False


def _guessed(data: bytes) -> str:
    """Of equally good guesses, the encoding that comes first in `_ENCODINGS`."""
    from charset_normalizer import from_bytes

    guesses = from_bytes(data[:_SAMPLE], cp_isolation=list(_ENCODINGS))
    if not guesses:
        raise ReadError("Its encoding can't be told, or it is no text: save it as UTF-8 and add it again.")
    best = min(guesses, key=lambda guess: (guess.chaos, -guess.coherence, _ENCODINGS.index(guess.encoding)))
    return _decoded(data, best.encoding)


def read_plain(data: bytes, name: str, address: str) -> Draft:
    """An article from a text file. `name` is its title where no header gives one; raises ReadError."""
    text = normalise(data)
    header, body = split_header(text)
    return draft_of(body, header, name, address)


def split_header(text: str) -> tuple[dict[str, str], str]:
    """The header's fields by lower-case name, and the text below it.

    A header is one or more lines of known fields at the very top, each once, with a blank line or nothing below; fields
    that are not known may stand among them as long as they are fewer, and are passed over, as in front matter. Anything
    else ("Note: …", a field in the middle of a line, no blank line) is text.
    """
    top = _BLANK.split(text, maxsplit=1)[0]
    header: dict[str, str] = {}
    names: list[str] = []
    for line in top.split("\n"):
        found = _FIELD.fullmatch(line)
        if not found:
            return {}, text
        name = found[1].lower()
        field = FIELDS.get(name)
        if field in header or (field is None and len(found[2]) > _LONGEST_UNKNOWN):
            return {}, text
        names.append(name)
        if field:
            header[field] = found[2]
    certain = header.keys() & {"title", "source", "url"} or not DOCUMENTED.keys().isdisjoint(names)
    if not certain or len(names) >= 2 * len(header):
        return {}, text
    return header, text[len(top) :].lstrip("\n")


def draft_of(text: str, header: dict[str, str], name: str, address: str) -> Draft:
    """A draft of a text and its header's fields; a date that can't be read is left out. Raises ReadError when empty."""
    if not text.strip():
        raise ReadError("It has no text.")
    return Draft(
        title=header.get("title") or name,
        text=text,
        source=header.get("source") or None,
        url=header.get("url") or None,
        published=parse_date(header.get("published", "")),
        lang=language_code(header.get("lang")),
        author=header.get("author") or None,
        address=address,
    )


def language_code(text: str | None) -> str | None:
    """The ISO 639 code of a language tag ("en-US" is "en"); None for what is no tag."""
    code = re.split("[-_]", (text or "").strip().lower())[0]
    return code if re.fullmatch("[a-z]{2,3}", code) else None
