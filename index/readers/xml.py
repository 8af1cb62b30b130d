"""XML from strangers: parsed without document types, entities or anything outside the document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.errors import ReadError
from index.readers.plain import decode, normalise

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DECLARATION = re.compile(r"\s*<\?xml\b.*?\?>", re.DOTALL)


def parse_xml(data: bytes, charset: str | None = None) -> Element:
    """The root of a document. Raises ReadError for one that is not well-formed or brings a document type."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    text = normalise(decode(data, charset))
    try:
        root: Element = fromstring(_DECLARATION.sub("", text, count=1), forbid_dtd=True)
    except DefusedXmlException:
        raise ReadError("The document brings a document type or entities, which are not read.") from None
    except ParseError as error:
        raise ReadError(f"It is no well-formed XML ({error}).") from None
    return root


def local_name(element: Element) -> str:
    """The name of an element without its namespace, in lower case."""
    return str(element.tag).rpartition("}")[2].lower()
